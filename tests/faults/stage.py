"""What every scenario has: a Telegram, a database with followers, bots that it may kill, and an audit in the end."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections import Counter
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

from sqlalchemy import insert, select

from bot.emulator import TOKEN
from bot.services import SystemClock
from data import news, publications
from data.db import Database
from data.follows import Kind, Receiver
from data.states import PENDING, PublicationState
from data.tables import chats, deliveries, follows
from data.tables import leases as lease_table
from tests.faults.audit import ANSWER_TIMED_OUT, LEASE_RAN_OUT, SENT, Books, End, Row, audit
from tests.faults.bots import Bot
from tests.faults.telegram import Telegram

if TYPE_CHECKING:
    import random
    from collections.abc import Collection, Mapping, Sequence

TITLES: Final = ("Learning festival", "Health week")
FIRST: Final = 1_000_001
ADMIN: Final = 7
CITY: Final = "nikopol"
LANGUAGES: Final = ("uk", "en", None)
TOLD: Final = 30
"""Lines of a bot's log that are printed when something is wrong."""
LOOK: Final = 0.2
"""Seconds between two looks at what others do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What became of a scenario; `wrong` says what should not be. Chats are counted once for each item, topics as chats."""

    chats: int = 0
    accepted: int = 0
    states: Mapping[str, int] = field(default_factory=dict)
    duplicates: int = 0
    kills: int = 0
    seconds: float = 0.0
    notes: Sequence[str] = ()
    wrong: Sequence[str] = ()


class Stage:
    """One scenario on one database. Everything that it starts ends with it."""

    def __init__(self, address: str, chance: random.Random, *, at_once: int = 16, per_second: int = 100) -> None:
        self.address = address
        self.chance = chance
        self.at_once = at_once
        self.per_second = per_second
        self.telegram = Telegram(chance)
        self.telegram.core.private(self.telegram.core.user("Admin", "en", id=ADMIN))
        self.ends: dict[Receiver, End] = {}
        self.bots: list[Bot] = []
        self.kills = 0
        self.notes: list[str] = []
        self.wrong: list[str] = []
        self.items: dict[str, str] = {}
        """Titles."""
        self.folder = Path()
        self._stack = AsyncExitStack()
        self._started = time.monotonic()

    async def __aenter__(self) -> Self:
        self.folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory()))
        self.db = await self._stack.enter_async_context(Database(self.address))
        await self._stack.enter_async_context(self.telegram)
        return self

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind:
            self.tell()
        for bot in self.bots:
            await bot.vanish()
        await self._stack.aclose()

    # Before.

    async def followers(self, count: int) -> list[int]:
        """So many people follow the network or a city; their chats, which have nothing in store yet."""
        numbers = list(range(FIRST, FIRST + count))
        self.chance.shuffle(numbers)
        for number in numbers:
            self.telegram.core.private(self.telegram.core.user(f"Reader {number}", id=number))
        await self.follow(*map(Receiver, numbers))
        return numbers

    async def follow(self, *receivers: Receiver, end: End = SENT) -> None:
        """These follow, too, and what is published must end so for them."""
        now = SystemClock().now()
        known = sorted({receiver.chat for receiver in receivers})
        people = [{"chat_id": chat, "language": self.chance.choice(LANGUAGES), "created_at": now, "seen_at": now} for chat in known]
        wishes = [
            {"chat_id": chat, "thread_id": thread, "kind": kind, "target": target, "created_at": now}
            for chat, thread in receivers
            for kind, target in self.chance.choice((((Kind.NETWORK, ""),), ((Kind.CITY, CITY),), ((Kind.NETWORK, ""), (Kind.CITY, CITY))))
        ]
        async with self.db.write() as connection:
            await connection.execute(insert(chats), people)
            await connection.execute(insert(follows), wishes)
        self.ends |= dict.fromkeys(receivers, end)

    async def publish(self, title: str = TITLES[0]) -> None:
        """An item that concerns everybody."""
        now = SystemClock().now()
        draft = news.Draft(title, "It opens in May.", "https://example.org/festival", "en", f"{now:%Y-%m-%d}", cities=(CITY,))
        self.items[await news.add(self.db, draft, now, published=True)] = title

    # Meanwhile.

    @property
    def settings(self) -> dict[str, str]:
        """The environment of a bot."""
        return {
            "BOT_TOKEN": TOKEN,
            "BOT_API_URL": self.telegram.url,
            "DATABASE_URL": self.address,
            "PORT": "0",
            "ADMIN_IDS": str(ADMIN),
            "BULK_AT_ONCE": str(self.at_once),
            "BULK_PER_SECOND": str(self.per_second),
        }

    async def bot(self, *program: str, **more: str) -> Bot:
        """A bot more."""
        started = await Bot.start(self.settings | more, program) if program else await Bot.start(self.settings | more)
        self.bots.append(started)
        return started

    async def kill(self, bot: Bot) -> None:
        """End a bot with SIGKILL."""
        self.kills += 1
        await bot.kill()

    async def takes(self, least: int, most: int) -> None:
        """Wait until Telegram took some more messages, and then a moment."""
        await self.telegram.takes(TITLES[0], self.chance.randint(least, most))
        await asyncio.sleep(self.chance.uniform(0, 0.05))

    async def leader(self) -> Bot:
        """Wait for the bot that sends."""
        while True:
            async with self.db.read() as connection:
                holder = await connection.scalar(select(lease_table.c.holder)) or ""
            for bot in self.bots:
                if f"-{bot.pid}-" in holder and bot.process.returncode is None:
                    return bot
            await asyncio.sleep(LOOK)

    async def over(self, waiting: int = 0) -> None:
        """Wait until each delivery has its outcome, but for so many that wait for longer than anybody watches."""
        while not await self._is_over(waiting):  # noqa: ASYNC110 - the database has no event
            await asyncio.sleep(LOOK)

    async def _is_over(self, waiting: int) -> bool:
        for item in self.items:
            async with self.db.read() as connection:
                progress = await publications.progress(connection, item)
            if progress is None or not progress.fanned_out or progress.pending > waiting:
                return False
            if progress.state is not (PublicationState.SENDING if waiting else PublicationState.DONE):
                return False
            if any(progress.counts.get(state) for state in PENDING if state != "later"):
                return False
        return True

    # Afterwards.

    async def close(self, *, in_flight: int | None = None, doubts: Collection[str] = (LEASE_RAN_OUT,)) -> Result:
        """Stop what runs, and audit. `in_flight`: how many rows may be in doubt, if not those of the kills; `doubts`: for which reasons."""
        for bot in self.bots:
            if bot.process.returncode is None and (code := await bot.stop()):
                self.wrong.append(f"the bot ended with {code}")
            self.wrong += bot.defects
        most = self.kills * self.at_once if in_flight is None else in_flight
        if still := self.telegram.stood_still:
            self.notes.append(f"the machine stood still for {', '.join(f'{seconds:.1f}' for seconds in still)} s")
            most += len(still) * self.at_once
            doubts = {*doubts, ANSWER_TIMED_OUT}
        books = [replace(await self._books(item, title), in_flight=most, doubts=doubts) for item, title in self.items.items()]
        self.wrong += [f"{title}: {line}" for title, one in zip(self.items.values(), books, strict=True) for line in audit(one)]
        if self.wrong:
            self.tell()
        return Result(
            chats=sum(len(one.rows) for one in books),
            accepted=sum(len(one.taken) for one in books),
            states=sum((one.states for one in books), Counter[str]()),
            duplicates=sum(one.duplicates for one in books),
            kills=self.kills,
            seconds=time.monotonic() - self._started,
            notes=self.notes,
            wrong=self.wrong,
        )

    def tell(self) -> None:
        """Print what the bots had to say."""
        for bot in self.bots:
            print(f"  bot {bot.pid} logged:", *list(bot.lines)[-TOLD:], sep="\n    ", flush=True)

    async def _books(self, item: str, title: str) -> Books:
        async with self.db.read() as connection:
            found = await connection.execute(select(deliveries).where(deliveries.c.item == item))
            rows = [Row(Receiver(row.chat_id, row.thread_id), row.state, row.reason, row.message_id) for row in found]
        return Books(rows, self.telegram.taken(title), self.ends)
