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
from data import chats, outbox, unanswered
from data.db import is_storage_error

if TYPE_CHECKING:
    from bot.delivery.ports import Ports
    from bot.settings import Limits
    from data.db import Database

LOG: Final = logging.getLogger(__name__)

PORTION: Final = 2_000
"""Rows deleted in one transaction."""
PAUSE: Final = 0.2
"""Seconds between two of them."""


def new_worker(db: Database, ports: Ports, limits: Limits, budget: Budget | None = None) -> Worker:
    """A worker by these limits. Its name tells processes apart, and a process from the one before it."""
    name = f"{socket.gethostname()[:40]}-{os.getpid()}-{secrets.token_hex(4)}"
    return Worker(db, ports, budget or Budget(Rates.of(limits)), name, habits=Habits(slots=limits.requests_at_once))


async def deliver(worker: Worker, db: Database, ports: Ports, limits: Limits) -> None:
    """Send what is due and delete what is old, until cancelled."""
    tidying = asyncio.create_task(_tidy(db, ports, limits))
    try:
        await worker.run()
    finally:
        tidying.cancel()
        await asyncio.wait({tidying})
        with suppress(Exception):
            # What cannot be written now, the next sender finds by its lease.
            await worker.stop(limits.drain)


async def _tidy(db: Database, ports: Ports, limits: Limits) -> None:
    while True:
        try:
            await tidy(db, ports.clock.now(), limits)
        except Exception as error:  # noqa: BLE001 - the next hour may be better
            event(LOG, "tidying_failed", logging.WARNING, error=None if is_storage_error(error) else error, reason=reason(error))
        await asyncio.sleep(limits.tidying)


async def tidy(db: Database, now: dt.datetime, limits: Limits) -> None:
    """Delete lists that are over and old, all of chats that could not be reached for long, and old words of questions without an answer."""
    old = now - dt.timedelta(days=limits.deliveries_kept_days)
    lost = now - dt.timedelta(days=limits.unreachable_kept_days)
    deleted = PORTION
    while deleted == PORTION:
        async with db.write() as connection:
            deleted = await outbox.prune(connection, old, PORTION)
        await asyncio.sleep(PAUSE if deleted else 0)
    async with db.read() as connection:
        gone = await chats.out_of_reach_since(connection, lost, PORTION)
    for chat in gone:
        async with db.write() as connection:
            await chats.forget(connection, chat)
    if gone:
        event(LOG, "chats_forgotten", chats=len(gone))
    async with db.write() as connection:
        await unanswered.prune(connection, now - dt.timedelta(days=limits.unanswered_kept_days), limits.unanswered_kept)
