"""Putting an item on the lists of a million chats, while the bot answers people and others write; on SQLite and PostgreSQL.

The bot's own worker does it, in the process and on the event loop that answer /city. Two writers have something to write fifty times a
second all the while: one in the bot, one with a database connection of its own, as another process has.
"""

from __future__ import annotations

import asyncio
import gc
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import psutil
from telegram import Update

from bot.delivery.budget import Budget
from bot.delivery.ports import Alert, Message, Ports
from bot.delivery.worker import Worker
from bot.markup import Html
from bot.metrics import Metrics
from bot.services import SystemClock
from data import marks, publications
from data.db import Database
from data.follows import NETWORK
from tests.bench.databases import database
from tests.bench.handlers import CHAT, application, says

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterator, Sequence
    from typing import Any

    from bot.app import App
    from data.follows import Receiver
    from data.outbox import Delivery

ITEM: Final = "a1"
IDLE: Final = 8.0
"""Seconds in which /city is timed while nothing is delivered."""
EVERY: Final = 0.01
"""Seconds between two people who ask."""
CLOCK: Final = SystemClock()


@dataclass(frozen=True, slots=True)
class FanOut:
    """Seconds, milliseconds for the answers, and megabytes (10^6 bytes)."""

    seconds: float
    longest_wait: float
    """Of the writer in the bot."""
    longest_wait_outside: float
    p99_idle: float
    p99: float
    before: float
    after: float
    peak: float
    counting: float
    """Seconds to count the list by state."""


class Null:
    """Takes a little time, as Telegram does, and every message."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.sent = 0

    async def send(self, _receiver: Receiver, _message: Message, /, *, silent: bool = False) -> int:
        """As Sender says."""
        await asyncio.sleep(self.seconds)
        self.sent += 1
        return self.sent


async def fan_out(engine: str, followers: int) -> FanOut:
    """One item for all."""
    async with (
        database(engine, followers) as db,
        Database(db.url.render_as_string(hide_password=False)) as other,
        AsyncExitStack() as stack,
    ):
        app = await application(db, stack)
        worker = Worker(db, Ports(Null(0.05), _words, _tell, CLOCK, Metrics()), Budget(), "bench")
        stack.push_async_callback(worker.stop)
        inside, outside, answers, memory = Writer(db, "inside"), Writer(other, "outside"), list[float](), list[float]()
        _beside(stack, worker.run())
        _beside(stack, inside.write())
        _beside(stack, outside.write())
        _beside(stack, _ask_now_and_then(app, answers))
        _beside(stack, _weigh(memory))
        await asyncio.sleep(IDLE)
        gc.collect()
        idle = p99(answers)
        answers.clear()
        memory.clear()
        inside.longest = outside.longest = 0.0
        before = _resident()
        start = time.perf_counter()
        async with db.write() as connection:
            await publications.publish(connection, ITEM, [NETWORK], CLOCK.now())
        while await _is_waiting(db):  # noqa: ASYNC110 - the worker tells nobody
            await asyncio.sleep(0.02)
        seconds, after = time.perf_counter() - start, _resident()
        return FanOut(seconds, inside.waited, outside.waited, idle, p99(answers), before, after, max(memory), await _count(db, followers))


def p99(times: Sequence[float]) -> float:
    """Of a hundred, the slowest but one."""
    return sorted(times)[int(len(times) * 0.99)]


async def _is_waiting(db: Database) -> bool:
    async with db.read() as connection:
        return await publications.is_waiting(connection)


async def _count(db: Database, followers: int) -> float:
    start = time.perf_counter()
    async with db.read() as connection:
        progress = await publications.progress(connection, ITEM)
    if progress is None or progress.total != followers:
        raise RuntimeError("somebody was left out")
    return time.perf_counter() - start


def _beside(stack: AsyncExitStack, work: Coroutine[Any, Any, None]) -> None:
    task = asyncio.create_task(work)

    async def end() -> None:
        if task.done():
            task.result()
        task.cancel()
        await asyncio.wait({task})

    stack.push_async_callback(end)


@dataclass
class Writer:
    """Writes fifty times a second, if it gets its turn."""

    db: Database
    name: str
    longest: float = 0.0
    since: float | None = None
    """Since when it waits now."""

    async def write(self) -> None:
        """For ever."""
        while True:
            self.since = time.perf_counter()
            async with self.db.write() as connection:
                await marks.set_mark(connection, "bench", self.name, CLOCK.now())
            self.longest, self.since = self.waited, None
            await asyncio.sleep(0.02)

    @property
    def waited(self) -> float:
        """The longest wait so far, the present one included."""
        return max(self.longest, time.perf_counter() - self.since if self.since else 0.0)


async def _ask_now_and_then(app: App, times: list[float]) -> None:
    """Somebody new asks each time, so that each answer needs the database: milliseconds until it is given."""
    for update in _questions(app):
        start = time.perf_counter()
        await app.process_update(update)
        times.append((time.perf_counter() - start) * 1000)
        await asyncio.sleep(EVERY)


def _questions(app: App) -> Iterator[Update]:
    ask, number = says("/city Nikopol"), 10**9
    while True:
        number += 1
        asked = ask(number)
        asked["message"] |= {"chat": CHAT | {"id": number}, "from": asked["message"]["from"] | {"id": number}}
        yield Update.de_json(asked, app.bot)


async def _weigh(memory: list[float]) -> None:
    while True:
        memory.append(_resident())
        await asyncio.sleep(0.02)


def _resident() -> float:
    return psutil.Process().memory_info().rss / 1e6


def _words(delivery: Delivery, /) -> Sequence[Message]:
    return [Message(Html(delivery.item))]


async def _tell(_alert: Alert, /) -> None:
    """Nobody listens."""
