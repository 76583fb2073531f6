"""What a running bot starts: the worker with the budget that replies share, what is old deleted now and then, and its end.

Runtime owns the task: `deliver` ends when it is cancelled, after requests under way had their time.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import os
import secrets
import socket
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from bot.delivery.budget import Budget, Rates
from bot.delivery.worker import Habits, Worker
from bot.logs import event, reason
from data import changes, chats, ledger, outbox, unanswered
from data.db import is_storage_error
from data.outbox import Backlog

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.delivery.ports import Ports
    from bot.settings import Limits
    from data.db import Database

LOG: Final = logging.getLogger(__name__)

PORTION: Final = 2_000
"""Rows deleted in one transaction."""
PAUSE: Final = 0.2
"""Seconds between two of them."""
WATCHING: Final = 15.0
"""Seconds between two looks at what waits: counting a million rows takes a tenth of a second."""


def new_worker(db: Database, ports: Ports, limits: Limits, budget: Budget | None = None) -> Worker:
    """A worker by these limits. Its name tells processes apart, and a process from the one before it."""
    name = f"{socket.gethostname()[:40]}-{os.getpid()}-{secrets.token_hex(4)}"
    return Worker(db, ports, budget or Budget(Rates.of(limits)), name, habits=Habits(slots=limits.requests_at_once))


async def deliver(worker: Worker, db: Database, ports: Ports, limits: Limits, left: Callable[[], float]) -> None:
    """Send what is due and delete what is old, until cancelled; `left` then tells for how many seconds requests under way may go on."""
    beside = {asyncio.create_task(_tidy(db, ports, limits)), asyncio.create_task(_watch(worker, db, ports))}
    try:
        await worker.run()
    finally:
        for task in beside:
            task.cancel()
        await asyncio.wait(beside)
        with suppress(Exception):
            # What cannot be written now, the next sender finds by its lease.
            await worker.stop(left())


async def _watch(worker: Worker, db: Database, ports: Ports) -> None:
    """Tell, as the one that sends, how much waits; and forget of which chats everybody has heard that they changed."""
    while True:
        try:
            await watch(worker, db, ports)
        except Exception as error:  # noqa: BLE001 - the next look may be better
            event(LOG, "watching_failed", logging.WARNING, error=None if is_storage_error(error) else error, reason=reason(error))
        await asyncio.sleep(WATCHING)


async def watch(worker: Worker, db: Database, ports: Ports) -> None:
    """One look. Raises what the database raises."""
    now, waiting = ports.clock.now(), Backlog(0, 0.0)
    if worker.leading:
        async with db.read() as connection:
            waiting = await outbox.backlog(connection, now)
        async with db.write() as connection:
            await changes.prune(connection, now)
    ports.metrics.queue.set(waiting.due)
    ports.metrics.lag.set(waiting.seconds)


async def _tidy(db: Database, ports: Ports, limits: Limits) -> None:
    while True:
        try:
            await tidy(db, ports.clock.now(), limits)
        except Exception as error:  # noqa: BLE001 - the next hour may be better
            event(LOG, "tidying_failed", logging.WARNING, error=None if is_storage_error(error) else error, reason=reason(error))
        await asyncio.sleep(limits.tidying)


async def tidy(db: Database, now: dt.datetime, limits: Limits) -> None:
    """Delete what is over and old: lists, writes noted, all of chats out of reach for long, words of questions without an answer."""
    old = now - dt.timedelta(days=limits.deliveries_kept_days)
    lost = now - dt.timedelta(days=limits.unreachable_kept_days)
    await _in_portions(db, lambda connection: outbox.prune(connection, old, PORTION))
    await _in_portions(db, lambda connection: ledger.prune(connection, now, PORTION))
    async with db.read() as connection:
        gone = await chats.out_of_reach_since(connection, lost, PORTION)
    for chat in gone:
        async with db.write() as connection:
            await chats.forget(connection, chat)
    if gone:
        event(LOG, "chats_forgotten", chats=len(gone))
    async with db.write() as connection:
        await unanswered.prune(connection, now - dt.timedelta(days=limits.unanswered_kept_days), limits.unanswered_kept)


async def _in_portions(db: Database, delete: Callable[[AsyncConnection], Awaitable[int]]) -> None:
    """Delete until nothing is left, a transaction each, so that others get their turn."""
    deleted = PORTION
    while deleted == PORTION:
        async with db.write() as connection:
            deleted = await delete(connection)
        await asyncio.sleep(PAUSE if deleted else 0)
