"""What a running bot does about reminders: it looks which are due, again and again, in the process that sends."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Final

from bot.logs import event, reason
from data import reminding
from data.db import is_storage_error

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.services import Services
    from data.db import Database

LOG: Final = logging.getLogger(__name__)

EVERY: Final = 5.0
"""Seconds between two looks: who moves the clock of a playground does not wait for long."""


async def keep_reminding(db: Database, services: Services, leads: Callable[[], bool]) -> None:
    """For ever: order the reminders that are due, in the process that leads. A restart repeats and loses none."""
    while True:
        try:
            if leads():
                for item in await reminding.remind(db, services.catalogue, services.clock.now()):
                    event(LOG, "reminder_published", item=item)
        except Exception as error:  # noqa: BLE001 - the next look may be better, and nobody would start it again
            event(LOG, "reminding_stumbled", logging.ERROR, error=None if is_storage_error(error) else error, reason=reason(error))
        await asyncio.sleep(EVERY)
