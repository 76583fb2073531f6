"""Stands for Telegram's delivery to a webhook, and for the load balancer before its replicas.

Those of a chat come in order and one at a time, each until it gets a 200; Retry-After is obeyed, and without it each failure but the first
doubles the pause. https://github.com/tdlib/telegram-bot-api/blob/master/telegram-bot-api/WebhookActor.cpp
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Self

from aiohttp import ClientConnectorError, ClientError, ClientSession, ClientTimeout, TCPConnector

from bot.inbox import LATER

if TYPE_CHECKING:
    import random
    from collections.abc import Mapping, Sequence

    from tests.faults.bots import Bot

SECRET: Final = "a-word-that-nobody-guesses"
HOOK: Final = {"WEBHOOK_URL": "https://bot.example.org/hook", "WEBHOOK_SECRET": SECRET}
"""Two processes cannot poll with one token, but both can be called."""
AT_ONCE: Final = 64
PATIENCE: Final = 60.0
"""Seconds until an answer is given up."""
FIRST_PAUSE: Final = 0.5
LONGEST_PAUSE: Final = 4.0
"""Seconds between two calls for the same update; Telegram's grow from 1 to 60."""
LOOK: Final = 0.1
PORT: Final = re.compile(r"listening host=127\.0\.0\.1 port=(\d+)")

Json = dict[str, Any]


@dataclass
class Errand:
    """One update and how it was brought."""

    update: Json
    calls: int = 0
    cut: int = 0
    """Calls that ended without an answer: whoever had it in hand was killed."""
    back: int = 0
    """Calls that were answered, but not with 200."""
    held: set[int] = field(default_factory=set)
    """Processes that had it in hand and needed more time."""
    by: int = 0
    """The process that took it."""


@dataclass
class Balancer:
    """The replicas that calls are shared out to."""

    chance: random.Random
    doors: dict[int, int] = field(default_factory=dict)
    """Port by process."""

    async def opens(self, bot: Bot) -> None:
        """Wait until a replica is up, then call it, too."""
        while not bot.has_logged("started mode=webhook"):
            assert bot.process.returncode is None, f"{bot.pid} ended with {bot.process.returncode}"
            await asyncio.sleep(LOOK)
        (port,) = (int(found[1]) for line in bot.lines if (found := PORT.search(line)))
        self.doors[bot.pid] = port

    def closes(self, bot: Bot) -> None:
        """It is gone."""
        self.doors.pop(bot.pid, None)

    def choose(self) -> list[int]:
        """The processes to try, in turn."""
        return self.chance.sample(list(self.doors), len(self.doors))


class Courier:
    """Brings updates while the block runs."""

    def __init__(self, balancer: Balancer) -> None:
        self._balancer = balancer
        self._free = asyncio.Semaphore(AT_ONCE)
        self._chats = set[asyncio.Task[None]]()
        self.taken = 0

    async def __aenter__(self) -> Self:
        headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
        self._session = ClientSession(
            headers=headers, connector=TCPConnector(limit=0), timeout=ClientTimeout(sock_connect=5, sock_read=PATIENCE)
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._chats:
            task.cancel()
        if self._chats:
            await asyncio.wait(self._chats)
        await self._session.close()

    def brings(self, queues: Mapping[int, Sequence[Errand]]) -> None:
        """Begin to bring these, by chat."""
        for errands in queues.values():
            self._chats.add(asyncio.create_task(self._run(errands)))

    @property
    def is_done(self) -> bool:
        """Whether each got its 200."""
        return all(task.done() for task in self._chats)

    async def takes(self, more: int) -> None:
        """Wait until so many more got it, or all."""
        target = self.taken + more
        while self.taken < target and not self.is_done:  # noqa: ASYNC110 - it waits for either
            await asyncio.sleep(LOOK)

    async def done(self) -> None:
        """Wait for that."""
        await asyncio.gather(*self._chats)

    async def _run(self, errands: Sequence[Errand]) -> None:
        for errand in errands:
            pause = FIRST_PAUSE
            while True:
                async with self._free:
                    wait = await self._call(errand)
                if wait is None:
                    break
                first = errand.cut + errand.back <= 1
                await asyncio.sleep(wait or (0 if first else pause))
                pause = pause if first else min(LONGEST_PAUSE, 2 * pause)
            self.taken += 1

    async def _call(self, errand: Errand) -> float | None:
        """Bring it to one of the replicas; None if it was taken, else what Retry-After says."""
        errand.calls += 1
        for process in self._balancer.choose():
            try:
                async with self._session.post(f"http://127.0.0.1:{self._balancer.doors[process]}/hook", json=errand.update) as answer:
                    if answer.ok:
                        errand.by = process
                        return None
                    errand.back += 1
                    if answer.headers.get("Retry-After") == str(LATER):
                        errand.held.add(process)
                    return float(answer.headers.get("Retry-After", 0))
            except (ClientConnectorError, KeyError):
                continue  # the balancer tries the next one
            except (ClientError, TimeoutError, OSError):
                errand.cut += 1
                return 0.0
        await asyncio.sleep(LOOK)
        errand.back += 1
        return 0.0
