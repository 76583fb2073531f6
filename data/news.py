"""News that admins write: kept beside those of the data set, and untouched when a new data set is loaded."""

from __future__ import annotations

import difflib
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, insert, or_, select, update

from data.loading import bump
from data.sheets import is_address
from data.tables import ADMIN, SEED, cities, country_names, news, texts, themes
from data.types import FuzzyDate

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from sqlalchemy import Column
    from sqlalchemy.ext.asyncio import AsyncConnection

    from data.db import Database

LONGEST_TITLE: Final = 120
LONGEST_TEXT: Final = 600
"""Characters; as long as those of the data set, so that a card fits a message."""


class WrongNews(ValueError):
    """An item that cannot be told; `faults` say what would be right, each beginning with the field it is about."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(self.faults))


@dataclass(frozen=True, slots=True)
class Draft:
    """A piece of news as an admin writes it, in one language."""

    title: str
    text: str
    url: str
    lang: str
    date: str
    """YYYY, YYYY-MM or YYYY-MM-DD."""
    cities: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Listed:
    """A piece of news for the list that admins read."""

    id: str
    date: str
    origin: str
    published: bool
    titles: dict[str, str] = field(default_factory=dict)


async def add(db: Database, draft: Draft, now: dt.datetime, *, published: bool) -> str:
    """Keep a piece of news; its id. Readers see it when it is published. Raises WrongNews."""
    async with db.write() as connection:
        if faults := [*_faults_of_form(draft), *await _faults_of_links(connection, draft)]:
            raise WrongNews(faults)
        key = f"a{await _written(connection) + 1}"
        row = {
            "id": key,
            "date": draft.date,
            "cities": list(draft.cities),
            "countries": list(draft.countries),
            "topics": list(draft.topics),
            "sources": [draft.url],
            "published_at": now if published else None,
            "origin": ADMIN,
        }
        await connection.execute(insert(news).values(row))
        for name, text in (("title", draft.title), ("summary", draft.text)):
            told = {"subject": "news", "key": key, "lang": draft.lang, "field": name, "text": text, "origin": ADMIN}
            await connection.execute(insert(texts).values(told))
        if published:
            await bump(connection, None, now)
    return key


async def publish(db: Database, key: str, now: dt.datetime) -> bool:
    """Show an item to readers from now on; False if no admin wrote it or it was withdrawn."""
    return await _change(db, key, now, published_at=func.coalesce(news.c.published_at, now))


async def withdraw(db: Database, key: str, now: dt.datetime) -> bool:
    """Take back an item that an admin wrote; False if there is none."""
    return await _change(db, key, now, removed_at=now)


async def listing(db: Database) -> list[Listed]:
    """All news, newest first: those of the data set and those that admins wrote, published or not."""
    async with db.read() as connection:
        titles: dict[str, dict[str, str]] = {}
        told = select(texts).where(texts.c.subject == "news", texts.c.field == "title", texts.c.removed_at.is_(None))
        for row in await connection.execute(told):
            titles.setdefault(row.key, {})[row.lang] = row.text
        rows = (await connection.execute(select(news).where(news.c.removed_at.is_(None)).order_by(news.c.date.desc(), news.c.id))).all()
    return [
        Listed(row.id, row.date or "", row.origin, row.origin == SEED or row.published_at is not None, titles.get(row.id, {}))
        for row in rows
    ]


async def _change(db: Database, key: str, now: dt.datetime, **values: Any) -> bool:
    async with db.write() as connection:
        written = update(news).where(news.c.id == key, news.c.origin == ADMIN, news.c.removed_at.is_(None))
        if not (await connection.execute(written.values(**values))).rowcount:
            return False
        await bump(connection, None, now)
    return True


async def _written(connection: AsyncConnection) -> int:
    """How many items admins ever wrote: withdrawn ones keep their id."""
    return await connection.scalar(select(func.count()).select_from(news).where(news.c.origin == ADMIN)) or 0


def _faults_of_form(draft: Draft) -> Iterable[str]:
    for name, value, longest in (("title", draft.title, LONGEST_TITLE), ("text", draft.text, LONGEST_TEXT)):
        if not value.strip() or any(unicodedata.category(letter) == "Cc" for letter in value):
            yield f"{name}: must be one line of text"
        elif len(value) > longest:
            yield f"{name}: {len(value)} characters, at most {longest}"
    if not is_address(draft.url):
        yield "url: must be the http or https address of a page that says so"
    try:
        FuzzyDate.parse(draft.date)
    except ValueError:
        yield "date: must be of the form YYYY, YYYY-MM or YYYY-MM-DD"


async def _faults_of_links(connection: AsyncConnection, draft: Draft) -> list[str]:
    used = (await connection.scalars(select(news.c.topics))).all()
    topics = {topic for held in used for topic in held} | await _ids(connection, themes.c.id)
    asked = (
        ("city", draft.cities, await _ids(connection, cities.c.id)),
        ("country", draft.countries, await _ids(connection, country_names.c.country)),
        ("theme", draft.topics, topics),
    )
    faults = [
        f"{name}: {value} is not known{_perhaps(value, known)}" for name, values, known in asked for value in values if value not in known
    ]
    same = select(texts.c.key).join(news, news.c.id == texts.c.key)
    same = same.where(texts.c.subject == "news", texts.c.text == draft.title, texts.c.field == "title", news.c.removed_at.is_(None))
    if (twin := await connection.scalar(same)) is not None:
        faults.append(f"title: {twin} has it already")
    return faults


async def _ids(connection: AsyncConnection, column: Column[Any]) -> set[str]:
    in_force = or_(column.table.c.removed_at.is_(None), column.table.c.origin == ADMIN)
    return set((await connection.scalars(select(column).where(in_force).distinct())).all())


def _perhaps(value: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(value, known, n=1)
    return f"; perhaps {near[0]}" if near else ""
