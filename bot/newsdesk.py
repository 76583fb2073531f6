"""Where admins decide: which sources of news are watched, and what becomes of things that are not certain."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from bot.logs import event, reason
from bot.questions.writing import write_typed
from bot.rounds import Rounds
from data import chats, entries, marks
from data.db import is_storage_error
from data.intake import Probe
from data.sources import feed, store
from data.sources.identity import address_of
from data.sources.model import SourceKind, Watch, Watched
from data.sources.wish import LONGEST_ID, Wish, WrongSource, faults_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from bot.services import Clock, Shelf
    from data.arrivals import Taken
    from data.db import Database
    from data.entries import Entry
    from data.sources.fetch import Reach
    from data.sources.model import Source, Trust

LOG: Final = logging.getLogger(__name__)

SENT: Final = "sent"
"""The source of what admins send as a file; no row is kept of it."""
TOLD: Final = "queue-told-"
"""Begins the mark that says up to which entry an admin was told; the admin's id follows."""


class NewsDesk:
    """What /sources does, over the database and the network."""

    def __init__(self, db: Database, clock: Clock, shelf: Shelf, rounds: Rounds) -> None:
        self._db, self._clock, self._shelf, self.rounds = db, clock, shelf, rounds

    async def sources(self) -> list[Watched]:
        """All sources, those that are on first."""
        async with self._db.read() as connection:
            waiting = await entries.waiting(connection)
            return [Watched(source, waiting.get(source.id, 0)) for source in await store.listing(connection)]

    async def watch(self) -> Watch | None:
        """How many sources are on, and those of them that broke; None while the database does not answer."""
        try:
            async with self._db.read() as connection:
                sources = [source for source in await store.listing(connection) if source.is_on]
        except Exception as error:
            if not is_storage_error(error):
                raise
            event(LOG, "sources_unknown", logging.WARNING, reason=reason(error))
            return None
        return Watch(len(sources), tuple(source for source in sources if source.failures >= store.BROKEN))

    async def source(self, key: str) -> Watched | None:
        """One source."""
        return next((one for one in await self.sources() if one.source.id == key), None)

    async def switch(self, key: str, *, on: bool) -> None:
        """Watch a source, or no more."""
        async with self._db.write() as connection:
            await store.switch(connection, key, self._clock.now(), on=on)

    async def trust(self, key: str, trust: Trust) -> None:
        """Let what is certain go out by itself, or not."""
        async with self._db.write() as connection:
            await store.trust(connection, key, trust)

    async def remove(self, key: str) -> bool:
        """Forget a source; what it told stays. False if there is none."""
        async with self._db.write() as connection:
            return await store.remove(connection, key)

    async def add(self, url: str, selectors: Mapping[str, str], keywords: Sequence[str], lang: str) -> str | tuple[str, ...]:
        """Keep a source that an admin saw to give what it should; it is off. Its id, or why it cannot be kept. Raises NotRead.

        A source of that address that is there already stays what it is.
        """
        found, now = await self._fitting(url, selectors, keywords, lang), self._clock.now()
        async with self._db.write() as connection:
            there = await store.listing(connection)
            same = next((source.id for source in there if address_of(source.url) == address_of(found.url)), None)
            if same is None or selectors:
                try:
                    same = (await store.add(connection, replace(found, id=_free(found.name, there)), now)).id
                except WrongSource as wrong:
                    return wrong.faults
            await store.verify(connection, same, now)
        return same

    async def probe(self, source: Source) -> Probe:
        """What a source would give now; nothing is kept."""
        look, judged = await self.rounds.probe(source)
        return Probe(source, look, judged)

    async def find(self, url: str, selectors: Mapping[str, str], keywords: Sequence[str], lang: str) -> Probe | tuple[str, ...]:
        """What an address gives, and as what, or why it cannot be a source; nothing is kept. Raises NotRead."""
        found = await self._fitting(url, selectors, keywords, lang)
        return tuple(faults_of(found)) or await self.probe(store.wished(found))

    async def _fitting(self, url: str, selectors: Mapping[str, str], keywords: Sequence[str], lang: str) -> Wish:
        """The source that fits an address; selectors are taken by their word. Raises NotRead."""
        wish = Wish(SourceKind.PAGE, url, lang, selectors=selectors, keywords=tuple(keywords))
        return wish if selectors else await self.rounds.find(wish)

    async def take_file(self, content: bytes, lang: str) -> Taken:
        """Let admins decide on what a feed tells that one of them sent as a file. Raises NotRead."""
        now = self._clock.now()
        told = await asyncio.to_thread(feed.read, content, "", "", lang, now)
        sent = store.wished(Wish(SourceKind.FILE, "", lang, SENT))
        return await self.rounds.take_sent(sent, told)

    async def next_entry(self, after: int = 0) -> tuple[Entry | None, int]:
        """The next thing to decide on, and how many there are."""
        async with self._db.read() as connection:
            return await entries.next_waiting(connection, after), sum((await entries.waiting(connection)).values())

    async def entry(self, number: int) -> Entry | None:
        """One of them, decided on or not."""
        async with self._db.read() as connection:
            return await entries.by_number(connection, number)

    async def speak(self, admin: int, language: str) -> None:
        """What an admin is told by itself is in this language, unless that chat chose one."""
        async with self._db.write() as connection:
            await chats.meet(connection, admin, self._clock.now())
            await chats.take_language(connection, admin, language)

    async def untold(self, admin: int) -> tuple[Entry | None, int, int]:
        """The first thing to decide on that an admin was not told of, how many wait in all, and up to which number he is told then."""
        async with self._db.read() as connection:
            told = int(await marks.read(connection, f"{TOLD}{admin}") or 0)
            last = await entries.last_waiting(connection)
            entry = await entries.next_waiting(connection, told) if last > told else None
            return entry, sum((await entries.waiting(connection)).values()), last

    async def told(self, admin: int, last: int) -> None:
        """Note that an admin was told of all up to that one."""
        async with self._db.write() as connection:
            await marks.set_mark(connection, f"{TOLD}{admin}", str(last), self._clock.now())

    async def ailing(self) -> list[Source]:
        """Sources with a problem that admins were not told of."""
        async with self._db.read() as connection:
            return await store.ailing(connection)

    async def told_of(self, sources: Sequence[Source]) -> None:
        """Note that admins were told of the problems of these."""
        async with self._db.write() as connection:
            await store.tell(connection, [source.id for source in sources], self._clock.now())

    async def publish(self, number: int, by: int) -> str | None:
        """Let it go out; its item, or None if somebody decided before. Raises data.news.WrongNews."""
        async with self._db.write() as connection:
            return await entries.publish(connection, number, by, self._clock.now())

    async def drop(self, number: int, by: int) -> bool:
        """Let it never go out; False if somebody decided before."""
        async with self._db.write() as connection:
            return await entries.drop(connection, number, by, self._clock.now())

    async def untag(self, number: int, column: str, value: str) -> None:
        """Take a tag off, if it is still there."""
        async with self._db.write() as connection:
            await entries.untag(connection, number, column, value)

    async def rewrite(self, number: int, admin: int, language: str, held: Collection[str]) -> tuple[int, str] | None:
        """Begin a draft in its place; the draft's number and text. None if somebody decided before.

        `language` is the admin's: in one that is not `held` nobody could write.
        """
        entry, now = await self.entry(number), self._clock.now()
        if entry is None:
            return None
        lang = entry.lang if entry.lang in held else language
        text = write_typed(replace(entry.draft(now.date()), lang=lang), self._shelf.catalogue)
        async with self._db.write() as connection:
            draft = await entries.rewrite(connection, number, admin, text, language, now)
        return (draft, text) if draft else None


def _free(name: str, there: Sequence[Source]) -> str:
    """The id that an address makes, with a number behind it if another source has it."""
    taken = {source.id for source in there}
    numbered = (f"{name[: LONGEST_ID - 4]}-{number}" for number in range(2, len(taken) + 3))
    return next(one for one in (name, *numbered) if one not in taken)


def open_desk(db: Database, clock: Clock, shelf: Shelf, reach: Reach, minutes: int = 0) -> NewsDesk:
    """A desk whose looks go as far as `reach`; `minutes` pass between two of them at a source, at least."""
    return NewsDesk(db, clock, shelf, Rounds(db, clock, shelf, reach, minutes))
