"""What one look at a source brought, on its way into the tables: what is new of it, and what becomes of that.

A thing is known again by the source's own name for it, by its address and by its headline, so that a source that changes one of these
tells nothing new. What two sources tell is one item with two links.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import insert, or_, select, text, update

from data import entries, news
from data.entries import TOLD_BY
from data.intake import Doubt
from data.sources.identity import address_of, digest_of, key_of
from data.states import EntryState
from data.tables import entries as table
from data.tables import news as news_table
from data.tables import texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import Row
    from sqlalchemy.ext.asyncio import AsyncConnection

    from data.intake import Judged
    from data.sources.model import Told

FRESH_DAYS: Final = 7
"""Days after which something is history when it is first seen."""
STORY_DAYS: Final = 10
"""Days in which the same headline is the same story."""
MOST_AT_ONCE: Final = 10
"""Items of one look that go out by themselves."""
LOCK: Final = 4211_2015
"""Key of the PostgreSQL advisory lock under which looks are taken one after the other: two that tell the same story must see each other."""
PAGE: Final = re.compile(r"[/?]")
"""What the address of a page has, and that of a front page has not."""


@dataclass(frozen=True, slots=True)
class Mark:
    """By what a thing is known again."""

    key: str
    address: str
    """Empty where it says nothing: several things have it, or it is the front page."""
    digest: str


@dataclass(slots=True)
class Taken:
    """What one look added."""

    items: list[str] = field(default_factory=list)
    """News that went out."""
    waiting: list[int] = field(default_factory=list)
    """Entries that an admin is to decide on."""
    counts: Counter[EntryState] = field(default_factory=Counter)


def marks_of(told: Sequence[Told], source_url: str) -> list[Mark]:
    """By what each thing of one look is known again: what several have in common, an id or an address, is nobody's own."""
    addresses = [address_of(one.url) if one.url else "" for one in told]
    ids, places, home = Counter(one.own_id for one in told), Counter(addresses), address_of(source_url)
    marks = []
    for one, address in zip(told, addresses, strict=True):
        named = one if ids[one.own_id] == 1 else replace(one, own_id="")
        own = "" if places[address] > 1 or address == home or not PAGE.search(address) else address
        marks.append(Mark(key_of(named) if named.own_id or own else digest_of(one), own, digest_of(one)))
    return marks


async def addresses_known(connection: AsyncConnection, source: str) -> frozenset[str]:
    """Addresses of what a source told before."""
    return frozenset((await connection.scalars(select(table.c.address).where(table.c.source == source))).all())


@dataclass(frozen=True, slots=True)
class Held:
    """What is known of things like those of one look: rows of the same source or others, by what they share."""

    keys: Mapping[str, Row[Any]]
    addresses: Mapping[str, Row[Any]]
    digests: Mapping[str, Row[Any]]
    """Of the last days."""
    news_by_title: Mapping[str, str]
    """News of the last days, of the data set or an admin's."""
    news_by_address: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Arrival:
    """A thing told, by what it is known again, and what to make of it."""

    told: Told
    mark: Mark
    judged: Judged


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of a new thing: its state, why an admin is asked, and the item, or `entry-5`, that it is another telling of."""

    state: EntryState
    doubt: Doubt | None = None
    item: str = ""


async def take(
    connection: AsyncConnection, source: str, arrivals: Sequence[Arrival], now: dt.datetime, *, first: bool = False, sent: bool = False
) -> Taken:
    """Keep what is new of one look, publish what is certain, and let admins decide on the rest.

    At the `first` look what has no date is history. What an admin `sent` is never history and never goes out by itself.
    """
    if connection.dialect.name == "postgresql":
        await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
    return await _Taking(connection, source, now, first=first, sent=sent).take(arrivals)


class _Taking:
    """One look on its way into the tables."""

    def __init__(self, connection: AsyncConnection, source: str, now: dt.datetime, *, first: bool, sent: bool) -> None:
        self._connection, self._source, self._now = connection, source, now
        self._first, self._sent = first, sent
        self._left = MOST_AT_ONCE
        self._taken = Taken()

    async def take(self, arrivals: Sequence[Arrival]) -> Taken:
        """As the function says."""
        held = await self._held(arrivals)
        fresh = _each_once(arrival for arrival in arrivals if not self._is_known(arrival.mark, held))
        # Sources tell the newest first: it gets the highest number.
        fates = [(arrival, self._fate(arrival, held)) for arrival in fresh][::-1]
        if not fates:
            return self._taken
        written = insert(table).returning(table.c.id, sort_by_parameter_order=True)
        numbers = await self._connection.scalars(written, [self._row(arrival, fate) for arrival, fate in fates])
        for number, (arrival, fate) in zip(numbers.all(), fates, strict=True):
            state = await self._meet(number, arrival.told, fate)
            self._taken.counts[state] += 1
            if state is EntryState.WAITING:
                self._taken.waiting.append(number)
        return self._taken

    async def _held(self, arrivals: Sequence[Arrival]) -> Held:
        marks = [arrival.mark for arrival in arrivals]
        own = (table.c.source == self._source) & table.c.key.in_([mark.key for mark in marks])
        alike = or_(
            own, table.c.address.in_([mark.address for mark in marks if mark.address]), table.c.digest.in_([mark.digest for mark in marks])
        )
        # Of several the first: what came later is a twin of it.
        rows = (await self._connection.execute(select(table).where(alike).order_by(table.c.id.desc()))).all()
        recent = self._now - dt.timedelta(days=STORY_DAYS)
        return Held(
            {row.key: row for row in rows if row.source == self._source},
            {row.address: row for row in rows if row.address},
            {row.digest: row for row in rows if row.found_at >= recent},
            await self._titles(recent),
            await self._addresses(),
        )

    async def _titles(self, recent: dt.datetime) -> Mapping[str, str]:
        of_late = or_(news_table.c.published_at >= recent, news_table.c.date >= f"{recent:%Y-%m-%d}")
        told = select(texts.c.text, texts.c.key).join(news_table, news_table.c.id == texts.c.key)
        told = told.where(texts.c.subject == "news", texts.c.field == "title", news_table.c.removed_at.is_(None), of_late)
        return {row.text: row.key for row in await self._connection.execute(told)}

    async def _addresses(self) -> Mapping[str, str]:
        rows = await self._connection.execute(select(news_table.c.id, news_table.c.sources).where(news_table.c.removed_at.is_(None)))
        return {address_of(url): row.id for row in rows for url in row.sources}

    def _is_known(self, mark: Mark, held: Held) -> bool:
        like = (held.addresses.get(mark.address), held.digests.get(mark.digest))
        return mark.key in held.keys or any(row is not None and row.source == self._source for row in like)

    def _fate(self, arrival: Arrival, held: Held) -> Fate:
        judged = arrival.judged
        if twin := self._twin(arrival, held):
            return twin
        if self._sent:
            return Fate(EntryState.WAITING, judged.doubt or Doubt.ASKED)
        if judged.foreign:
            return Fate(EntryState.FOREIGN)
        if self._is_history(arrival.told.date):
            return Fate(EntryState.OLD)
        if judged.doubt:
            return Fate(EntryState.WAITING, judged.doubt)
        self._left -= 1
        return Fate(EntryState.PUBLISHED) if self._left >= 0 else Fate(EntryState.WAITING, Doubt.MANY)

    def _twin(self, arrival: Arrival, held: Held) -> Fate | None:
        """What becomes of another telling of a known story; None if it is none."""
        like = held.addresses.get(arrival.mark.address) or held.digests.get(arrival.mark.digest)
        if like is not None:
            match EntryState(like.state):
                case EntryState.PUBLISHED | EntryState.TWIN:
                    return Fate(EntryState.TWIN, item=like.item or "")
                case EntryState.WAITING:
                    return Fate(EntryState.TWIN, item=f"{TOLD_BY}{like.id}")
                case EntryState.DROPPED:
                    return Fate(EntryState.DROPPED)
                case EntryState.OLD if arrival.told.date is None:
                    return Fate(EntryState.OLD)
        written = held.news_by_title.get(arrival.told.title) or held.news_by_address.get(arrival.mark.address)
        return Fate(EntryState.TWIN, item=written) if written else None

    def _is_history(self, date: dt.date | None) -> bool:
        if date is None:
            return self._first
        return date < (self._now - dt.timedelta(days=FRESH_DAYS)).date()

    def _row(self, arrival: Arrival, fate: Fate) -> dict[str, object]:
        told, mark, judged = arrival.told, arrival.mark, arrival.judged
        return {
            "source": self._source,
            "key": mark.key,
            "address": mark.address,
            "digest": mark.digest,
            "state": fate.state,
            "item": fate.item or None,
            "title": told.title,
            "summary": told.summary,
            "url": told.url,
            "date": f"{told.date:%Y-%m-%d}" if told.date else None,
            "lang": told.lang,
            "cities": list(judged.cities),
            "countries": list(judged.countries),
            "topics": list(judged.topics),
            "reason": fate.doubt,
            "found_at": self._now,
            "state_at": self._now,
        }

    async def _meet(self, number: int, told: Told, fate: Fate) -> EntryState:
        """Let an entry that was written meet its fate; the state that it is in then."""
        if fate.state is EntryState.PUBLISHED:
            return await self._publish(number)
        if fate.state is EntryState.TWIN and not fate.item.startswith(TOLD_BY):
            await entries.cite(self._connection, fate.item, told.url, self._now)
        return fate.state

    async def _publish(self, number: int) -> EntryState:
        """Let an entry go out; if it cannot as it is, an admin decides."""
        try:
            item = await entries.go_out(self._connection, number, self._now)
        except news.WrongNews:
            kept = update(table).where(table.c.id == number)
            await self._connection.execute(kept.values(state=EntryState.WAITING, reason=Doubt.FORM))
            return EntryState.WAITING
        self._taken.items.append(item)
        return EntryState.PUBLISHED


def _each_once(arrivals: Iterable[Arrival]) -> list[Arrival]:
    """The first of those that are known by the same."""
    keys, addresses, digests = set[str](), {""}, set[str]()
    first = list[Arrival]()
    for arrival in arrivals:
        mark = arrival.mark
        if mark.key not in keys and (not mark.address or mark.address not in addresses) and mark.digest not in digests:
            first.append(arrival)
        keys.add(mark.key)
        addresses.add(mark.address)
        digests.add(mark.digest)
    return first
