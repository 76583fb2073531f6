"""The sources of news as the database holds them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import delete, insert, or_, select, update

from data.db import upsert
from data.sources.identity import clean, same_host
from data.sources.model import Source, SourceKind, Trouble, Trust
from data.sources.polite import next_look
from data.sources.wish import Wish, WrongSource, faults_of
from data.tables import news_sources

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from sqlalchemy import Row, Select
    from sqlalchemy.ext.asyncio import AsyncConnection

    from data.sources.model import Look

BROKEN: Final = 3
"""Looks in a row that fail before admins hear of it: a site may be down for an hour."""


async def add(connection: AsyncConnection, wish: Wish, now: dt.datetime) -> Source:
    """Keep a new source, off and unverified. Raises WrongSource."""
    faults = faults_of(wish)
    if await by_id(connection, wish.name):
        faults.append(f"id: {wish.name} is taken; choose another, or remove that source first")
    if faults:
        raise WrongSource(faults)
    await connection.execute(insert(news_sources).values(_values(wish, now)))
    source = await by_id(connection, wish.name)
    assert source is not None  # noqa: S101 - written in this transaction
    return source


def wished(wish: Wish) -> Source:
    """A source as it would be at first, to be looked at before anybody keeps it."""
    return Source(
        id=wish.name,
        kind=wish.kind,
        url=_address(wish),
        lang=wish.lang,
        selectors=wish.selectors,
        keywords=wish.keywords,
        trust=wish.trust,
        minutes=wish.minutes,
        is_on=False,
        verified_at=None,
        etag=None,
        modified=None,
        next_at=None,
        fetched_at=None,
        succeeded_at=None,
        failures=0,
        problem="",
        told_at=None,
    )


async def ship(connection: AsyncConnection, wishes: Sequence[Wish], now: dt.datetime) -> None:
    """Keep those of the shipped sources that are not there yet, off; what is there stays as its admins left it."""
    for wish in wishes:
        await connection.execute(upsert(connection, news_sources).values(_values(wish, now)).on_conflict_do_nothing())


async def listing(connection: AsyncConnection) -> list[Source]:
    """All sources, those that are on first, then by id."""
    return await _read(connection, select(news_sources).order_by(news_sources.c.is_on.desc(), news_sources.c.id))


async def by_id(connection: AsyncConnection, key: str) -> Source | None:
    """The source of that id."""
    return next(iter(await _read(connection, select(news_sources).where(news_sources.c.id == key))), None)


async def due(connection: AsyncConnection, now: dt.datetime) -> list[Source]:
    """Sources that are on and to be looked at now, the longest waiting first."""
    waiting = select(news_sources).where(news_sources.c.is_on, or_(news_sources.c.next_at.is_(None), news_sources.c.next_at <= now))
    return await _read(connection, waiting.order_by(news_sources.c.next_at.asc().nulls_first(), news_sources.c.id))


async def ailing(connection: AsyncConnection) -> list[Source]:
    """Sources with a problem that admins have not been told of: three looks in a row failed, it ended, or it moved."""
    bad = news_sources.c.problem.is_not(None) & news_sources.c.told_at.is_(None)
    final = or_(news_sources.c.failures >= BROKEN, *(news_sources.c.problem.startswith(what) for what in (Trouble.GONE, Trouble.MOVED)))
    return await _read(connection, select(news_sources).where(bad, final).order_by(news_sources.c.id))


async def tell(connection: AsyncConnection, keys: Sequence[str], now: dt.datetime) -> None:
    """Note that admins were told of the problems of these sources."""
    await connection.execute(update(news_sources).where(news_sources.c.id.in_(keys)).values(told_at=now))


async def switch(connection: AsyncConnection, key: str, now: dt.datetime, *, on: bool) -> Source | None:
    """Look at a source from now on, or no more; the source as it is then, None if there is none. What went wrong before is forgotten."""
    fresh = {"next_at": now, "failures": 0, "problem": None, "told_at": None} if on else {}
    return await _change(connection, key, is_on=on, **fresh)


async def verify(connection: AsyncConnection, key: str, now: dt.datetime) -> Source | None:
    """Note that a person saw that it gives what it should; the source as it is then, None if there is none."""
    return await _change(connection, key, verified_at=now)


async def trust(connection: AsyncConnection, key: str, trust: Trust) -> Source | None:
    """Let what is certain go out by itself, or let an admin see everything; the source as it is then, None if there is none."""
    return await _change(connection, key, trust=trust)


async def move(connection: AsyncConnection, key: str, url: str, now: dt.datetime) -> Source | None:
    """Look elsewhere from now on; the source as it is then, None if there is none. Raises WrongSource."""
    source = await by_id(connection, key)
    if source is None:
        return None
    wish = Wish(source.kind, url, source.lang, key, source.selectors, source.keywords, source.trust, source.minutes)
    if faults := faults_of(wish):
        raise WrongSource(faults)
    fresh = {"etag": None, "modified": None, "verified_at": None, "next_at": now, "failures": 0, "problem": None, "told_at": None}
    return await _change(connection, key, url=_address(wish), **fresh)


async def remove(connection: AsyncConnection, key: str) -> bool:
    """Forget a source; what it told stays. False if there is none."""
    return (await connection.execute(delete(news_sources).where(news_sources.c.id == key))).rowcount > 0


async def note(connection: AsyncConnection, source: Source, look: Look, now: dt.datetime, chance: float) -> None:
    """Keep how a look went, and when the next is due. `chance` from 0 to 1 spreads them.

    A source that says that it has ended is switched off. One that moved for good within its host is followed; for another host its
    problem says where, until an admin decides. What an admin removed or moved during the look is left alone, and so is what another
    process noted meanwhile: whoever stood still for a while knows less than it.
    """
    failures = source.failures + 1 if look.failed else 0
    problem, url = look.problem, source.url
    if look.moved_to and same_host(look.moved_to, source.url):
        url = look.moved_to
    elif look.moved_to and not problem:
        problem = f"{Trouble.MOVED}: {look.moved_to}"
    values: dict[str, Any] = {
        "url": url,
        "fetched_at": now,
        "failures": failures,
        "next_at": next_look(now, source.minutes, failures, look.rest_seconds, chance),
        "problem": problem or None,
    }
    if not look.failed:
        values |= {"succeeded_at": now, "etag": look.etag, "modified": look.modified}
    if _trouble(problem) != _trouble(source.problem):
        values["told_at"] = None
    if look.gone:
        values["is_on"] = False
    same = (news_sources.c.id == source.id) & (news_sources.c.url == source.url)
    same &= news_sources.c.fetched_at.is_not_distinct_from(source.fetched_at)
    await connection.execute(update(news_sources).where(same).values(**values))


def _trouble(problem: str) -> str:
    """Which trouble a problem is: a status of 502 after one of 500 is nothing new."""
    return problem.partition(":")[0]


def _address(wish: Wish) -> str:
    return wish.url if wish.kind is SourceKind.FILE else clean(wish.url)


def _values(wish: Wish, now: dt.datetime) -> dict[str, Any]:
    return {
        "id": wish.name,
        "kind": wish.kind,
        "url": _address(wish),
        "lang": wish.lang,
        "selectors": dict(wish.selectors),
        "keywords": list(wish.keywords),
        "trust": wish.trust,
        "minutes": wish.minutes,
        "is_on": False,
        "failures": 0,
        "created_at": now,
    }


async def _change(connection: AsyncConnection, key: str, **values: Any) -> Source | None:
    await connection.execute(update(news_sources).where(news_sources.c.id == key).values(**values))
    return await by_id(connection, key)


async def _read(connection: AsyncConnection, query: Select[Any]) -> list[Source]:
    return [_source(row) for row in await connection.execute(query)]


def _source(row: Row[Any]) -> Source:
    return Source(
        id=row.id,
        kind=SourceKind(row.kind),
        url=row.url,
        lang=row.lang,
        selectors=row.selectors,
        keywords=tuple(row.keywords),
        trust=Trust(row.trust),
        minutes=row.minutes,
        is_on=row.is_on,
        verified_at=row.verified_at,
        etag=row.etag,
        modified=row.modified,
        next_at=row.next_at,
        fetched_at=row.fetched_at,
        succeeded_at=row.succeeded_at,
        failures=row.failures,
        problem=row.problem or "",
        told_at=row.told_at,
    )
