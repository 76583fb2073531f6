"""Updates that take long, which one replica has in hand while Telegram brings them to another.

Nobody asks the database about each update that comes. Instead whoever takes long over one notes so before it sends the call back, and
nobody begins with an update before reading those few notes, if the last time is longer ago than the patience that Telegram was asked for.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import math
from typing import TYPE_CHECKING, Final

from bot.logs import event, reason
from data import ledger
from data.db import is_storage_error

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.services import Clock
    from data.db import Database

LOG: Final = logging.getLogger(__name__)

FRESH: Final = 3.0
"""Seconds for which what was read counts: less than `bot.inbox.LATER`."""
PATIENCE: Final = 2.0
"""Seconds that reading may take: people must not wait for a database that answering them does not need."""
LONGEST: Final = dt.timedelta(seconds=60)
"""Whoever has had one in hand for so long was killed over it."""


class Holdings:
    """What is in hand, and what was handled, here and elsewhere. While the database is gone nobody knows of one another."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db, self._clock = db, clock
        self._known: dict[int, bool] = {}
        self._looked_at = -math.inf
        self._looking = asyncio.Lock()

    async def was_handled(self, number: int) -> bool | None:
        """Whether an update that took long was handled; None of one that nobody has in hand."""
        async with self._looking:
            now = self._clock.monotonic()
            if now - self._looked_at > FRESH:
                await self._look()
                self._looked_at = now
        return self._known.get(number)

    async def _look(self) -> None:
        try:
            async with asyncio.timeout(PATIENCE), self._db.read() as connection:
                self._known = await ledger.in_hand(connection, self._clock.now() - LONGEST)
        except Exception as error:
            if not is_storage_error(error):
                raise
            event(LOG, "holdings_not_read", logging.WARNING, reason=reason(error))

    async def note(self, number: int, *, handled: bool = False) -> None:
        """This one takes long here, or was handled at last."""
        await self._write(lambda connection: ledger.note_in_hand(connection, number, self._clock.now(), handled=handled))

    async def let_go(self, number: int) -> None:
        """This one was cut short: anybody may handle it."""
        await self._write(lambda connection: ledger.let_go(connection, number))

    async def _write(self, act: Callable[[AsyncConnection], Awaitable[None]]) -> None:
        try:
            async with self._db.write() as connection:
                await act(connection)
        except Exception as error:
            if not is_storage_error(error):
                raise
            event(LOG, "holding_not_noted", logging.WARNING, reason=reason(error))
