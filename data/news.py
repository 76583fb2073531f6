"""News that admins write: kept beside those of the data set, and untouched when a new data set is loaded."""

from __future__ import annotations

import difflib
import unicodedata
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import delete, func, insert, or_, select, update

from data import amendments, publications, reminders
from data.follows import NETWORK, Kind, Target
from data.loading import bump
from data.sheets import is_address
from data.tables import ADMIN, SEED, cities, countries, country_names, news, texts, themes
from data.tables import publications as publication_table
from data.topics import MARKS, topics_of
from data.types import CityId, CountryCode, FuzzyDate, Precision

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from sqlalchemy import Column
    from sqlalchemy.ext.asyncio import AsyncConnection

    from data.catalogue import Catalogue
    from data.db import Database
    from data.types import NewsItem

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
    translations: tuple[tuple[str, str, str], ...] = ()
    """Language, title and text in other languages."""
    deadline: str = ""
    """YYYY-MM-DD, if it is of something with a last day: followers are reminded of it."""

    @property
    def texts(self) -> tuple[tuple[str, str, str], ...]:
        """Language, title and text of each."""
        return ((self.lang, self.title, self.text), *self.translations)


@dataclass(frozen=True, slots=True)
class Listed:
    """A piece of news for the list that admins read."""

    id: str
    date: str
    origin: str
    published: bool
    titles: dict[str, str] = field(default_factory=dict)


async def add(db: Database, draft: Draft, now: dt.datetime, *, published: bool) -> str:
    """Keep a piece of news; its id. Readers see it, and its followers get it, when it is published. Raises WrongNews."""
    async with db.write() as connection:
        return await write(connection, draft, now, published=published)


async def write(
    connection: AsyncConnection, draft: Draft, now: dt.datetime, *, published: bool, by: int | None = None, brief: bool = False
) -> str:
    """The same, as part of a transaction; `by` is the admin who publishes it. A `brief` one may be a title and nothing more."""
    if faults := [*_faults_of_form(draft, brief=brief), *await _faults_of_links(connection, draft)]:
        raise WrongNews(faults)
    key = f"a{await _written(connection) + 1}"
    row = {
        "id": key,
        "date": draft.date,
        "cities": list(draft.cities),
        "countries": list(draft.countries),
        "topics": list(draft.topics),
        "deadline": draft.deadline or None,
        "sources": [draft.url],
        "published_at": now if published else None,
        "origin": ADMIN,
    }
    await connection.execute(insert(news).values(row))
    await _tell(connection, key, draft)
    if published:
        await _announce(connection, key, now, by)
    return key


async def _tell(connection: AsyncConnection, key: str, draft: Draft) -> None:
    for lang, title, text in draft.texts:
        for name, told in (("title", title), ("summary", text)):
            if not told:
                continue
            await connection.execute(
                insert(texts).values({"subject": "news", "key": key, "lang": lang, "field": name, "text": told, "origin": ADMIN})
            )


async def _announce(connection: AsyncConnection, key: str, now: dt.datetime, by: int | None = None) -> None:
    """Show an item to readers and order its delivery: the one way in which news goes out, whoever wrote it and wherever."""
    row = (await connection.execute(select(news).where(news.c.id == key))).one()
    revision = await bump(connection, None, now)
    followed = [Target(Kind.TOPIC, topic) for topic in topics_of(row.topics, has_deadline=bool(row.deadline))]
    followed += await _targets(connection, row.cities, row.countries, row.topics)
    await publications.publish(connection, key, followed, now, by, revision)


async def _targets(connection: AsyncConnection, named: list[str], codes: list[str], topics: list[str]) -> list[Target]:
    """Whose followers an item is for, by what the database holds; `targets_of` says the same of an item in the catalogue."""
    homes = (await connection.execute(select(cities.c.country, cities.c.region).where(cities.c.id.in_(named)).order_by(cities.c.id))).all()
    lands = (await connection.execute(select(countries.c.country, countries.c.region).where(countries.c.country.in_(codes)))).all()
    found = [Target(Kind.CITY, city) for city in named]
    found += [Target(Kind.COUNTRY, code) for code in (*codes, *(home.country for home in homes))]
    found += [Target(Kind.REGION, region) for region in (*(land.region for land in lands), *(home.region for home in homes)) if region]
    held = await _ids(connection, themes.c.id)
    found += [Target(Kind.THEME, topic) for topic in topics if topic in held]
    return [*dict.fromkeys(found), NETWORK]


async def publish(db: Database, key: str, now: dt.datetime) -> bool:
    """Show an item to readers from now on, and order its delivery; False if no admin wrote it or it was withdrawn."""
    async with db.write() as connection:
        if not await _change(connection, key, published_at=func.coalesce(news.c.published_at, now)):
            return False
        await _announce(connection, key, now)
    return True


async def withdraw(db: Database, key: str, now: dt.datetime) -> bool:
    """Take back an item that an admin wrote; False if there is none. What was sent is deleted from chats by whoever sends."""
    async with db.write() as connection:
        if not await _change(connection, key, removed_at=now):
            return False
        revision = await bump(connection, None, now)
        for item in (key, *await _reminders_of(connection, key)):
            await publications.withdraw(connection, item, now)
            await amendments.order(connection, item, revision, now)
    return True


async def present(connection: AsyncConnection, key: str) -> Draft | None:
    """The words of an item that an admin wrote, as they are now; None if there is none or it is withdrawn."""
    row = (await connection.execute(select(news).where(news.c.id == key, news.c.origin == ADMIN, news.c.removed_at.is_(None)))).first()
    if row is None:
        return None
    told: dict[str, dict[str, str]] = {}
    query = select(texts).where(texts.c.subject == "news", texts.c.key == key, texts.c.removed_at.is_(None)).order_by(texts.c.lang)
    for one in await connection.execute(query):
        told.setdefault(one.lang, {})[one.field] = one.text
    (lang, title, text), *others = [(lang, words.get("title", ""), words.get("summary", "")) for lang, words in told.items()]
    url = next(iter(row.sources), "")
    about = (tuple(row.cities), tuple(row.countries), tuple(row.topics))
    return Draft(title, text, url, lang, row.date or "", *about, tuple(others), row.deadline or "")


async def correct(connection: AsyncConnection, key: str, draft: Draft, now: dt.datetime) -> None:
    """Other words and subjects for an item that an admin wrote, whose date stays; what was sent is edited by whoever sends.

    Who gets it was decided when it was published, and stays so; of another deadline they are reminded anew. Raises WrongNews, also of an
    item that is withdrawn.
    """
    held = (await connection.execute(select(news.c.date, news.c.topics).where(news.c.id == key))).first()
    draft = replace(draft, date=held.date or draft.date) if held else draft
    if faults := [*_faults_of_form(draft), *await _faults_of_links(connection, draft, but_for=key)]:
        raise WrongNews(faults)
    typed = {*draft.topics, *MARKS.values(), *await _ids(connection, themes.c.id)}
    untyped = [topic for topic in held.topics if topic not in typed] if held else []
    changed = {
        "cities": list(draft.cities),
        "countries": list(draft.countries),
        "topics": [*draft.topics, *untyped],
        "deadline": draft.deadline or None,
        "sources": [draft.url],
    }
    if not await _change(connection, key, **changed):
        raise WrongNews([f"item: {key} is withdrawn, or no admin wrote it"])
    await connection.execute(delete(texts).where(texts.c.subject == "news", texts.c.key == key))
    await _tell(connection, key, draft)
    revision = await bump(connection, None, now)
    for item in (key, *await _reminders_of(connection, key)):
        await amendments.order(connection, item, revision, now)


async def _reminders_of(connection: AsyncConnection, key: str) -> list[str]:
    """The reminders of an item that were published: what becomes of it becomes of them."""
    theirs = publication_table.c.item.startswith(reminders.prefix_of(key), autoescape=True)
    return list((await connection.scalars(select(publication_table.c.item).where(theirs))).all())


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


def targets_of(item: NewsItem, catalogue: Catalogue) -> tuple[Target, ...]:
    """Whose followers an item is for: its cities, their countries and those it names, their regions, its themes and kinds, the network."""
    named = [Target(Kind.CITY, city) for city in item.cities] + [Target(Kind.COUNTRY, code) for code in item.countries]
    named += [Target(Kind.THEME, topic) for topic in item.topics if topic in catalogue.themes]
    named += [Target(Kind.TOPIC, topic) for topic in topics_of(item.topics, has_deadline=item.deadline is not None)]
    return (*targets_about(named, catalogue), NETWORK)


def targets_about(subjects: Iterable[Target], catalogue: Catalogue) -> tuple[Target, ...]:
    """Subjects with what they are part of: the country of a city, the region of a country."""
    named = tuple(subjects)
    homes = [catalogue.cities[CityId(key)].country for kind, key in named if kind is Kind.CITY and key in catalogue.cities]
    codes = dict.fromkeys([*(CountryCode(key) for kind, key in named if kind is Kind.COUNTRY), *homes])
    lands = [catalogue.countries[code] for code in codes if code in catalogue.countries]
    found = [*named, *(Target(Kind.COUNTRY, land.code) for land in lands)]
    found += [Target(Kind.REGION, land.region) for land in lands if land.region]
    return tuple(dict.fromkeys(found))


def latest_about(target: Target, catalogue: Catalogue) -> NewsItem | None:
    """The newest item that followers of a target would have got."""
    return next((item for item in catalogue.news if target in targets_of(item, catalogue)), None)


async def _change(connection: AsyncConnection, key: str, **values: Any) -> bool:
    written = update(news).where(news.c.id == key, news.c.origin == ADMIN, news.c.removed_at.is_(None))
    return (await connection.execute(written.values(**values))).rowcount > 0


async def _written(connection: AsyncConnection) -> int:
    """How many items admins ever wrote: withdrawn ones keep their id."""
    return await connection.scalar(select(func.count()).select_from(news).where(news.c.origin == ADMIN)) or 0


def _faults_of_form(draft: Draft, *, brief: bool = False) -> Iterable[str]:
    lengths = [pair for _, title, text in draft.texts for pair in (("title", title, LONGEST_TITLE), ("text", text, LONGEST_TEXT))]
    for name, value, longest in lengths:
        if brief and name == "text" and not value:
            continue
        if not value.strip() or any(unicodedata.category(letter) == "Cc" for letter in value):
            yield f"{name}: must be one line of text"
        elif len(value) > longest:
            yield f"{name}: {len(value)} characters, at most {longest}"
    if not is_address(draft.url):
        yield "url: must be the http or https address of a page that says so"
    try:
        date = FuzzyDate.parse(draft.date)
    except ValueError:
        yield "date: must be of the form YYYY, YYYY-MM or YYYY-MM-DD"
    else:
        yield from _faults_of_deadline(draft.deadline, date) if draft.deadline else ()


def _faults_of_deadline(text: str, date: FuzzyDate) -> Iterable[str]:
    try:
        deadline = FuzzyDate.parse(text)
    except ValueError:
        deadline = None
    if deadline is None or deadline.precision is not Precision.DAY:
        yield "deadline: must be of the form YYYY-MM-DD"
    elif deadline < date:
        yield f"deadline: must not be before the date of the item, {date}"


async def _faults_of_links(connection: AsyncConnection, draft: Draft, but_for: str = "") -> list[str]:
    used = (await connection.scalars(select(news.c.topics))).all()
    topics = {topic for held in used for topic in held} | await _ids(connection, themes.c.id) | {*MARKS.values()}
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
    same = same.where(news.c.id != but_for)
    if (twin := await connection.scalar(same)) is not None:
        faults.append(f"title: {twin} has it already")
    return faults


async def _ids(connection: AsyncConnection, column: Column[Any]) -> set[str]:
    in_force = or_(column.table.c.removed_at.is_(None), column.table.c.origin == ADMIN)
    return set((await connection.scalars(select(column).where(in_force).distinct())).all())


def _perhaps(value: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(value, known, n=1)
    return f"; perhaps {near[0]}" if near else ""
