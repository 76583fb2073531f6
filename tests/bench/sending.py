"""Sending at the rates that Telegram takes: the real worker, client and words, a Bot API server in another process, and a database."""

from __future__ import annotations

import asyncio
import math
import time
from collections import Counter
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import psutil
from telegram.ext import ExtBot

from bot.delivery.budget import FREE, Budget, Rates
from bot.delivery.cards import DeliveredItems
from bot.delivery.limiter import Limiter
from bot.delivery.ports import Alert, Ports
from bot.delivery.service import new_worker
from bot.delivery.telegram import TelegramSender
from bot.emulator.core import TOKEN
from bot.i18n import Languages
from bot.metrics import Metrics
from bot.services import Shelf, SystemClock
from bot.settings import read_settings
from bot.transport import AiohttpRequest
from data import publications
from data.assembly import assemble, read_tables
from data.follows import NETWORK
from data.sheets import SEED, read
from data.states import DeliveryState
from tests.bench.databases import database
from tests.bench.sampling import Sampler
from tests.bench.telegram import telegram

if TYPE_CHECKING:
    from bot.delivery.budget import Lane
    from data.catalogue import Catalogue
    from data.db import Database

RATES: Final = (20.0, 30.0, 1_000.0)
WARM_UP: Final = 3.0


@dataclass(frozen=True, slots=True)
class Sending:
    """Messages a second, what one cost in milliseconds of the processor, and megabytes (10^6 bytes)."""

    rate: float
    reached: float
    sent: int
    cpu_ms: float
    server_ms: float
    """What one cost the server, which shares the processors."""
    before: float
    after: float
    owners: Counter[str] = field(default_factory=Counter)
    """Microseconds a message, by whose code it is."""
    functions: Counter[str] = field(default_factory=Counter)
    """Of our own code, by function."""


async def sending(engine: str, rate: float, seconds: float) -> Sending:
    """Send at a rate for some seconds, after a while in which everything gets warm."""
    clock = SystemClock()
    followers = math.ceil(rate * (seconds + WARM_UP + 2) / 0.99)
    catalogue = _catalogue()
    item = catalogue.news[0].id
    async with database(engine, followers) as db, AsyncExitStack() as stack:
        address, server = stack.enter_context(telegram(followers))
        limits = read_settings({"BULK_PER_SECOND": f"{rate:.0f}"}).limits
        budget = Budget(Rates.of(limits))
        limiter = Limiter(budget, clock, limits.reply_pause)
        bot: ExtBot[Lane] = ExtBot(
            TOKEN, f"{address}/bot", request=AiohttpRequest(), get_updates_request=AiohttpRequest(), rate_limiter=limiter
        )
        await stack.enter_async_context(bot)
        async with db.write() as connection:
            await publications.publish(connection, item, [NETWORK], clock.now())
        render = DeliveredItems(Shelf(catalogue), Languages(), bot.username, SystemClock())
        ports = Ports(TelegramSender(bot, paid=rate > FREE), render, _tell, clock, Metrics())
        worker = new_worker(db, ports, limits, budget)
        running = asyncio.create_task(worker.run())
        await asyncio.sleep(WARM_UP)
        sent, before, its = await _sent(db, item), _resident(), _busy(server)
        cpu, start = _busy(), time.perf_counter()
        with Sampler() as sampler:
            await asyncio.sleep(seconds)
        cpu, its, passed = _busy() - cpu, _busy(server) - its, time.perf_counter() - start
        sent = await _sent(db, item) - sent
        each = 1 / max(sent, 1)
        found = Sending(
            rate,
            sent / passed,
            sent,
            cpu * each * 1000,
            its * each * 1000,
            before,
            _resident(),
            Counter({owner: round(sampler.seconds(looks) * each * 1e6) for owner, looks in sampler.owners.items()}),
            Counter({name: round(sampler.seconds(looks) * each * 1e6) for name, looks in sampler.functions.items()}),
        )
        found.owners["threads of SQLite"] = round(sampler.others * each * 1e6)
        running.cancel()
        await asyncio.wait({running})
        await worker.stop()
        return found


async def _sent(db: Database, item: str) -> int:
    """As the database has it: what is acknowledged and written."""
    async with db.read() as connection:
        progress = await publications.progress(connection, item)
    return progress.counts.get(DeliveryState.SENT, 0) if progress else 0


def _busy(process: int | None = None) -> float:
    """Seconds of processor time of a process, by default this one."""
    times = psutil.Process(process).cpu_times()
    return times.user + times.system


def _resident() -> float:
    return psutil.Process().memory_info().rss / 1e6


def _catalogue() -> Catalogue:
    records, _ = read()
    return assemble(records, 1, read_tables(SEED))


async def _tell(_alert: Alert, /) -> None:
    """Nobody listens."""
