"""`main.py news poll`: one look at the sources of news."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import TYPE_CHECKING

from bot.exits import Exit
from bot.fetching import reach_of
from bot.rounds import Rounds
from bot.services import Shelf, SystemClock
from bot.settings import read_settings
from data import upkeep
from data.db import Database

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Mapping

    from bot.rounds import Visit


def poll(options: Namespace, environment: Mapping[str, str]) -> int:
    """Look at what is due, or at everything that is on, and print a line a source."""
    visits = asyncio.run(_look(environment, every=options.all))
    for visit in visits:
        print(_told(visit))
    if not visits:
        print("no source is due" if not options.all else "no source is on; main.py news sources on ID switches one on")
    return Exit.FAILED if any(visit.look.failed for visit in visits) else Exit.DONE


async def _look(environment: Mapping[str, str], *, every: bool) -> list[Visit]:
    settings, clock = read_settings(environment), SystemClock()
    async with Database(settings.database.value) as db:
        await upkeep.bring_up_to_date(db, dt.datetime.now(dt.UTC))
        shelf = Shelf(await upkeep.read_catalogue(db))
        return await Rounds(db, clock, shelf, reach_of(settings), settings.news_poll_minutes).round(every=every)


def _told(visit: Visit) -> str:
    taken = visit.taken
    parts = [f"{len(visit.look.told)} told", *(f"{times} {state}" for state, times in taken.counts.items())]
    return f"{visit.source.id:<24} {visit.look.problem or ', '.join(parts)}"
