"""What sources were seen to tell, each thing once, and what becomes of it: an admin decides on what is not certain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, select, update

from data import drafts, loading, news
from data.intake import Doubt
from data.sheets import is_address
from data.sources.identity import address_of
from data.states import EntryState
from data.tables import ADMIN, entries
from data.tables import drafts as drafts_table
from data.tables import news as news_table

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from sqlalchemy import Row, Select
    from sqlalchemy.ext.asyncio import AsyncConnection

DRAFTED: Final = "draft-"
"""Begins the item of an entry that an admin is writing anew; the number of the draft follows."""
TOLD_BY: Final = "entry-"
"""Begins the item of another telling of a story that waits; the number of that entry follows."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A thing that a source told, as an admin sees it."""

    number: int
    source: str
    state: EntryState
    title: str
    summary: str
    url: str
    date: str
    """YYYY-MM-DD; empty if the source does not say."""
    lang: str
    cities: tuple[str, ...]
    countries: tuple[str, ...]
    topics: tuple[str, ...]
    doubt: Doubt | None
    item: str
    """The news that it became, or that it is another telling of; empty so far."""

    def draft(self, today: dt.date) -> news.Draft:
        """As news; what has no date is of the day on which it goes out."""
        date = self.date or f"{today:%Y-%m-%d}"
        return news.Draft(self.title, self.summary, self.url, self.lang, date, self.cities, self.countries, self.topics)


async def publish(connection: AsyncConnection, number: int, by: int, now: dt.datetime) -> str | None:
    """Let an entry go out that waits; its item. None if somebody decided before. Raises data.news.WrongNews."""
    if not await _decide(connection, number, EntryState.PUBLISHED, by, now):
        return None
    return await go_out(connection, number, now, by)


async def drop(connection: AsyncConnection, number: int, by: int, now: dt.datetime) -> bool:
    """Let an entry never go out; False if somebody decided before."""
    return await _decide(connection, number, EntryState.DROPPED, by, now)


async def untag(connection: AsyncConnection, number: int, column: str, value: str) -> bool:
    """Take one of the `cities`, `countries` or `topics` off an entry that waits; False if it has no such, or somebody decided."""
    waiting = select(entries).where(entries.c.id == number, entries.c.state == EntryState.WAITING).with_for_update()
    row = (await connection.execute(waiting)).first()
    if row is None or value not in getattr(row, column):
        return False
    left = [one for one in getattr(row, column) if one != value]
    await connection.execute(update(entries).where(entries.c.id == number).values({column: left}))
    return True


async def rewrite(connection: AsyncConnection, number: int, admin: int, text: str, language: str, now: dt.datetime) -> int | None:
    """Begin a draft of an admin in place of an entry that waits; its number. None if somebody decided before.

    The entry stays where it is until the draft is published. A draft that was begun for it before is cancelled: the last one counts.
    """
    waiting = select(entries).where(entries.c.id == number, entries.c.state == EntryState.WAITING).with_for_update()
    row = (await connection.execute(waiting)).first()
    if row is None:
        return None
    await _cancel_draft(connection, row.item, now)
    draft = await drafts.keep(connection, admin, text, row.url, language, now)
    await connection.execute(update(entries).where(entries.c.id == number).values(item=f"{DRAFTED}{draft}"))
    return draft


async def wrote(connection: AsyncConnection, draft: int, item: str, now: dt.datetime) -> None:
    """Note that a draft went out: the entry that it was written for became that item, too."""
    mine = (entries.c.item == f"{DRAFTED}{draft}") & (entries.c.state == EntryState.WAITING)
    number = await connection.scalar(select(entries.c.id).where(mine))
    if number is not None:
        by = select(drafts_table.c.admin).where(drafts_table.c.id == draft).scalar_subquery()
        values = {"state": EntryState.PUBLISHED, "decided_by": by, "state_at": now, "item": item}
        await connection.execute(update(entries).where(entries.c.id == number).values(values))
        await _gather_twins(connection, number, item, now)


async def by_number(connection: AsyncConnection, number: int) -> Entry | None:
    """The entry that a button names."""
    return next(iter(await _read(connection, select(entries).where(entries.c.id == number))), None)


async def next_waiting(connection: AsyncConnection, after: int = 0) -> Entry | None:
    """The next entry that an admin is to decide on; behind the last one comes the first again."""
    waiting = select(entries).where(entries.c.state == EntryState.WAITING).order_by(entries.c.id).limit(1)
    found = await _read(connection, waiting.where(entries.c.id > after)) or await _read(connection, waiting)
    return next(iter(found), None)


async def waiting(connection: AsyncConnection) -> Mapping[str, int]:
    """How many entries of each source wait for an admin."""
    counted = select(entries.c.source, func.count().label("times")).where(entries.c.state == EntryState.WAITING)
    return {row.source: row.times for row in await connection.execute(counted.group_by(entries.c.source))}


async def last_waiting(connection: AsyncConnection) -> int:
    """The number of the newest entry that waits; 0 if none does."""
    return await connection.scalar(select(func.max(entries.c.id)).where(entries.c.state == EntryState.WAITING)) or 0


async def _decide(connection: AsyncConnection, number: int, state: EntryState, by: int, now: dt.datetime) -> bool:
    drafted = await connection.scalar(select(entries.c.item).where(entries.c.id == number))
    still = update(entries).where(entries.c.id == number, entries.c.state == EntryState.WAITING)
    if not (await connection.execute(still.values(state=state, decided_by=by, state_at=now, item=None))).rowcount:
        return False
    await _cancel_draft(connection, drafted, now)
    return True


async def _cancel_draft(connection: AsyncConnection, item: str | None, now: dt.datetime) -> None:
    if item and item.startswith(DRAFTED):
        await drafts.cancel(connection, int(item.removeprefix(DRAFTED)), now)


async def go_out(connection: AsyncConnection, number: int, now: dt.datetime, by: int | None = None) -> str:
    """Make news of an entry and order its delivery; its item. Raises data.news.WrongNews."""
    (entry,) = await _read(connection, select(entries).where(entries.c.id == number))
    item = await news.write(connection, entry.draft(now.date()), now, published=True, by=by, brief=True)
    await connection.execute(update(entries).where(entries.c.id == number).values(item=item))
    await _gather_twins(connection, number, item, now)
    return item


async def _gather_twins(connection: AsyncConnection, number: int, item: str, now: dt.datetime) -> None:
    """Cite the other tellings of an entry that became news."""
    twins = entries.c.item == f"{TOLD_BY}{number}"
    for url in (await connection.scalars(select(entries.c.url).where(twins).order_by(entries.c.id))).all():
        await cite(connection, item, url, now)
    await connection.execute(update(entries).where(twins).values(item=item))


async def cite(connection: AsyncConnection, item: str, url: str, now: dt.datetime) -> None:
    """Name another page that tells an item; what was sent stays as it is. What the data set holds cites what its authors chose."""
    mine = (news_table.c.id == item) & (news_table.c.origin == ADMIN) & news_table.c.removed_at.is_(None)
    sources = await connection.scalar(select(news_table.c.sources).where(mine))
    if sources is None or not is_address(url) or address_of(url) in map(address_of, sources):
        return
    await connection.execute(update(news_table).where(mine).values(sources=[*sources, url]))
    await loading.bump(connection, None, now)


async def _read(connection: AsyncConnection, query: Select[Any]) -> list[Entry]:
    return [_entry(row) for row in await connection.execute(query)]


def _entry(row: Row[Any]) -> Entry:
    return Entry(
        number=row.id,
        source=row.source,
        state=EntryState(row.state),
        title=row.title,
        summary=row.summary,
        url=row.url,
        date=row.date or "",
        lang=row.lang,
        cities=tuple(row.cities),
        countries=tuple(row.countries),
        topics=tuple(row.topics),
        doubt=Doubt(row.reason) if row.reason else None,
        item=row.item or "",
    )
