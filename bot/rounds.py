"""Looking at the sources of news: each once, whatever the number of its followers, and none held up by another.

What one look brought goes into the database in one transaction, with what became of it and with how the source fares: a process that is
killed before has changed nothing, and one that is killed after leaves nothing to do again.
"""

from __future__ import annotations

import asyncio
import logging
import random
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

from bot.logs import event, reason
from data import arrivals
from data.arrivals import Arrival, Taken
from data.intake import judge
from data.newswords import NewsWords
from data.sheets import SEED
from data.sources import store
from data.sources.discovery import discover
from data.sources.fetch import Fetcher
from data.sources.look import look
from data.sources.model import Look

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.services import Clock, Shelf
    from data.db import Database
    from data.intake import Judged
    from data.sources.fetch import Reach
    from data.sources.model import Source, Told
    from data.sources.wish import Wish

LOG: Final = logging.getLogger(__name__)

AT_ONCE: Final = 4
"""Sources looked at at the same time."""


@dataclass(frozen=True, slots=True)
class Visit:
    """How a look at a source went."""

    source: Source
    look: Look
    taken: Taken = field(default_factory=Taken)


class Rounds:
    """Looks at sources, one or all that are due."""

    def __init__(self, db: Database, clock: Clock, shelf: Shelf, reach: Reach, minutes: int = 0) -> None:
        """`minutes` pass between two looks at a source, at least, however short its own time is."""
        self._db, self._clock, self._shelf, self._reach, self._minutes = db, clock, shelf, reach, minutes
        self._random = random.Random()  # noqa: S311 - it spreads load and guards nothing

    @cached_property
    def _words(self) -> NewsWords:
        return NewsWords.read(SEED)

    async def round(self, *, every: bool = False) -> list[Visit]:
        """Look at the sources that are due, or at `every` one that is on. What is wrong with one is in its visit; nothing is raised."""
        async with self._db.read() as connection:
            found = await store.listing(connection) if every else await store.due(connection, self._clock.now())
        sources = [source for source in found if source.is_on]
        if not sources:
            return []
        gate = asyncio.Semaphore(AT_ONCE)
        async with Fetcher(self._reach) as fetcher, asyncio.TaskGroup() as group:
            visits = [group.create_task(self._visit(source, fetcher, gate)) for source in sources]
        return [visit.result() for visit in visits]

    async def probe(self, source: Source) -> tuple[Look, list[Judged]]:
        """What a source would give now, and what it would be about; nothing is kept."""
        async with Fetcher(self._reach) as fetcher:
            seen = await look(replace(source, etag=None, modified=None), fetcher, frozenset(), self._clock.now())
        return seen, await self.judge(source, seen.told)

    async def find(self, wish: Wish) -> Wish:
        """The wish with what fits its address: a feed there or named there, else the selectors of a list. Raises NotRead."""
        async with Fetcher(self._reach) as fetcher:
            return await discover(wish, fetcher, self._clock.now())

    async def judge(self, source: Source, told: Sequence[Told]) -> list[Judged]:
        """What is to be made of what a source tells. In a thread: two hundred items take a while."""
        catalogue = self._shelf.catalogue
        return await asyncio.to_thread(lambda: [judge(one, source, catalogue, self._words) for one in told])

    async def _visit(self, source: Source, fetcher: Fetcher, gate: asyncio.Semaphore) -> Visit:
        seen = Look()
        try:
            async with gate:
                async with self._db.read() as connection:
                    known = await arrivals.addresses_known(connection, source.id)
                seen = await look(source, fetcher, known, self._clock.now())
            taken = await self._take(source, seen)
        except Exception as error:  # noqa: BLE001 - one source, or a database that is busy, stops no other
            event(LOG, "source_not_taken", logging.ERROR, source=source.id, error=error)
            return Visit(source, replace(seen, problem=reason(error), failed=True))
        if seen.problem:
            event(LOG, "source_ails", logging.WARNING, source=source.id, problem=seen.problem, failures=source.failures + seen.failed)
        event(LOG, "source_seen", source=source.id, told=len(seen.told), published=len(taken.items), waiting=len(taken.waiting))
        return Visit(source, seen, taken)

    async def _take(self, source: Source, seen: Look) -> Taken:
        now = self._clock.now()
        judged = await self.judge(source, seen.told)
        marks = arrivals.marks_of(seen.told, source.url)
        brought = [Arrival(*parts) for parts in zip(seen.told, marks, judged, strict=True)]
        paced = replace(source, minutes=max(source.minutes, self._minutes))
        async with self._db.write() as connection:
            taken = await arrivals.take(connection, source.id, brought, now, first=source.succeeded_at is None)
            await store.note(connection, paced, seen, now, self._random.random())
        return taken

    async def take_sent(self, source: Source, told: Sequence[Told]) -> Taken:
        """Let admins decide on all that one of them sent."""
        judged = await self.judge(source, told)
        brought = [Arrival(*parts) for parts in zip(told, arrivals.marks_of(told, source.url), judged, strict=True)]
        async with self._db.write() as connection:
            return await arrivals.take(connection, source.id, brought, self._clock.now(), sent=True)
