"""A worker over an emulated Telegram, step by step; it can be killed between any two things that it does."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from math import ceil
from typing import TYPE_CHECKING

from telegram import Bot

from bot.delivery.budget import Budget, Rates
from bot.delivery.ports import Alert, Message, Ports
from bot.delivery.telegram import TelegramSender
from bot.delivery.worker import Habits, Worker
from bot.markup import Html, bold
from bot.metrics import Metrics
from data import publications
from data.db import Database
from tests.fakes.clock import FakeClock
from tests.fakes.telegram import EmulatedRequest, new_telegram

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.delivery.ports import Sender
    from bot.emulator import BotApi, Call
    from data.follows import Receiver
    from data.outbox import Delivery

YIELDS = 12
"""Turns that tasks get before the time passes on."""


class Killed(BaseException):
    """SIGKILL: nothing of the process runs any more."""


@dataclass
class Fuse:
    """Kills at the moment when it has been touched so many times; None never."""

    left: int | None = None

    def burn(self) -> None:
        """One more thing is done, or not done any more."""
        if self.left is None:
            return
        if self.left <= 0:
            raise Killed
        self.left -= 1


class MortalDatabase(Database):
    """Its owner may die before a transaction, before its commit and after it."""

    def __init__(self, address: str, fuse: Fuse) -> None:
        super().__init__(address)
        self.fuse = fuse

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        self.fuse.burn()
        async with super().write() as connection:
            yield connection
            self.fuse.burn()
        self.fuse.burn()


@dataclass
class MortalSender:
    """Its owner may die before Telegram has the message, and after."""

    sender: Sender
    fuse: Fuse
    under_way: int = 0
    most_under_way: int = 0

    async def send(self, receiver: Receiver, message: Message, *, silent: bool = False) -> int:
        """As Sender says."""
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        try:
            await asyncio.sleep(0)
            self.fuse.burn()
            number = await self.sender.send(receiver, message, silent=silent)
            await asyncio.sleep(0)
            self.fuse.burn()
        finally:
            self.under_way -= 1
        return number


def words(delivery: Delivery) -> Sequence[Message]:
    """One message, by which item and receiver are known."""
    return [Message(Html(f"{bold(delivery.item)} {delivery.receiver.chat} {delivery.receiver.thread}"))]


@dataclass
class Post:
    """The post office of a test."""

    db: Database
    clock: FakeClock = field(default_factory=FakeClock)
    rates: Rates = field(default_factory=lambda: Rates(bulk=1000))
    habits: Habits = field(default_factory=Habits)
    render: Callable[[Delivery], Sequence[Message]] = words
    alerts: list[Alert] = field(default_factory=list)
    metrics: Metrics = field(default_factory=Metrics)

    def __post_init__(self) -> None:
        self.telegram: BotApi = new_telegram(self.clock)
        self.bot = Bot(self.telegram.token, request=EmulatedRequest(self.telegram), get_updates_request=EmulatedRequest(self.telegram))

    def worker(self, name: str = "one", fuse: Fuse | None = None, db: Database | None = None) -> Worker:
        """A sender, as a process would have it."""
        fuse = fuse or Fuse()
        ports = Ports(MortalSender(TelegramSender(self.bot), fuse), self.render, self.tell, self.clock, self.metrics)
        return Worker(db or self.db, ports, Budget(self.rates), name, habits=self.habits, jitter=random.Random(1))

    async def tell(self, alert: Alert) -> None:
        """Note an alert."""
        self.alerts.append(alert)

    async def meets(self, *users: int) -> None:
        """People who pressed Start."""
        for number in users:
            self.telegram.private(self.telegram.user(id=number))

    async def works(self, *workers: Worker, most: int = 3000, until: Callable[[], bool] | None = None) -> None:
        """Let the workers work until there is nothing left to do, or `until`."""
        for _ in range(most):
            rests = [await worker.step() for worker in workers]
            for _ in range(YIELDS):
                await asyncio.sleep(0)
            if until and until():
                return
            if not any(worker.busy for worker in workers) and await self.is_done() and not until:
                return
            # The clock counts in microseconds: a rest of less would never pass.
            self.clock.advance(ceil(min(rests) * 1e6) / 1e6)
        raise AssertionError(f"still at work: {await self.outstanding()}")

    async def is_done(self) -> bool:
        """Whether each publication is over."""
        return not await self.outstanding()

    async def outstanding(self) -> list[str]:
        """Publications that are not."""
        async with self.db.read() as connection:
            items = await publications.unfinished(connection)
            found = [await publications.progress(connection, item) for item in items]
        return [one.item for one in found if one and one.state != "paused"]

    def sent(self) -> list[Call]:
        """What Telegram took."""
        return [call for call in self.telegram.log if call.method == "sendMessage"]

    def copies(self) -> Counter[tuple[str, int]]:
        """How often each item arrived in each chat."""
        return Counter((call.text.split()[0].removeprefix("<b>").removesuffix("</b>"), call.chat_id or 0) for call in self.sent())


async def bury(worker: Worker) -> None:
    """What is left of a killed process: nothing runs on."""
    tasks = [*worker._under_way, *worker._telling]
    for task in tasks:
        task.cancel()
    for task in tasks:
        with suppress(Killed, asyncio.CancelledError):
            await task
