"""What is kept about each source of news, on SQLite and on PostgreSQL alike."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from data import schema, upkeep
from data.db import Database
from data.sheets import SEED
from data.sources import shipped, store
from data.sources.model import Look, Source, SourceKind, Trouble, Trust
from data.sources.wish import Wish, WrongSource, faults_of
from tests.fakes.databases import engine

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.fakes.databases import Engine

__all__ = ["engine"]  # a fixture

NOW = dt.datetime(2026, 11, 24, 12, 0, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
WISH = Wish(SourceKind.PAGE, "https://Example.org/news#top", "uk", "press", {"item": "article"}, ("навча*",), Trust.PUBLISH, 30)
BROKEN = Look(problem=f"{Trouble.STATUS}: 500", failed=True)


@pytest.fixture(scope="session")
def bare(engine: Engine) -> str:
    """The address of a database with tables and nothing in them; only to be copied."""
    import asyncio  # noqa: PLC0415 - of this fixture alone

    address = engine.new()

    async def make() -> None:
        async with Database(address) as made:
            await schema.upgrade(made)

    asyncio.run(make())
    return address


@pytest_asyncio.fixture
async def db(engine: Engine, bare: str) -> AsyncIterator[Database]:
    """A database with tables and nothing in them."""
    import asyncio  # noqa: PLC0415 - of this fixture alone

    async with Database(await asyncio.to_thread(engine.copy, bare)) as opened:
        yield opened


async def keep(db: Database, wish: Wish = WISH, *, on: bool = True) -> Source:
    """A source, switched on."""
    async with db.write() as connection:
        await store.add(connection, wish, NOW)
        source = await store.switch(connection, wish.name, NOW, on=on)
    assert source
    return source


async def note(db: Database, look: Look, now: dt.datetime = NOW) -> Source:
    """Note how a look at the source went; the source as it is then."""
    async with db.write() as connection:
        source = await store.by_id(connection, "press")
        assert source
        await store.note(connection, source, look, now, 0)
        after = await store.by_id(connection, "press")
    assert after
    return after


async def ailing(db: Database) -> list[str]:
    """Ids of the sources that admins are to hear of."""
    async with db.read() as connection:
        return [source.id for source in await store.ailing(connection)]


async def due(db: Database, now: dt.datetime) -> list[str]:
    """Ids of the sources that are to be looked at."""
    async with db.read() as connection:
        return [source.id for source in await store.due(connection, now)]


async def test_a_new_source_is_kept_as_wished_and_off(db: Database) -> None:
    async with db.write() as connection:
        source = await store.add(connection, WISH, NOW)
    assert source == store.wished(WISH)
    assert (source.url, source.selectors, source.keywords, source.trust, source.minutes) == (
        "https://example.org/news",
        {"item": "article"},
        ("навча*",),
        Trust.PUBLISH,
        30,
    )
    assert await due(db, NOW) == []


async def test_an_id_is_given_once(db: Database) -> None:
    await keep(db)
    with pytest.raises(WrongSource, match="id: press is taken") as refused:
        await keep(db, Wish(SourceKind.PAGE, "example", "uk", "press"))
    assert len(refused.value.faults) == 3


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        (Wish(SourceKind.FEED, "https://example.org/", "en", "Press"), "id"),
        (Wish(SourceKind.FEED, "https://example.org/", "en", "p" * 41), "id"),
        (Wish(SourceKind.FEED, "https://me:pw@example.org/", "en"), "url"),
        (Wish(SourceKind.FILE, "news.xml", "en"), "url"),
        (Wish(SourceKind.FEED, "https://example.org/", "english"), "lang"),
        (Wish(SourceKind.FEED, "https://example.org/", "en", minutes=1), "minutes"),
        (Wish(SourceKind.FEED, "https://example.org/", "en", keywords=("...",)), "keyword"),
        (Wish(SourceKind.FEED, "https://example.org/", "en", selectors={"item": "p"}), "select"),
        (Wish(SourceKind.PAGE, "https://example.org/", "en"), "select"),
        (Wish(SourceKind.PAGE, "https://example.org/", "en", selectors={"item": "p", "day": "b"}), "select"),
        (Wish(SourceKind.PAGE, "https://example.org/", "en", selectors={"item": "p[["}), "select"),
    ],
)
def test_what_is_wrong_with_a_wish_is_named_with_what_would_be_right(wish: Wish, field: str) -> None:
    (fault,) = faults_of(wish)
    assert fault.startswith(f"{field}: ")
    assert len(fault) > 20


def test_a_source_is_called_after_its_host_or_file() -> None:
    assert Wish(SourceKind.FEED, "https://www.uil.unesco.org/en/news", "en").name == "uil-unesco-org"
    assert Wish(SourceKind.FILE, "/var/spool/City News.xml", "en").name == "city-news"


async def test_a_source_is_looked_at_when_it_is_due_and_not_before(db: Database) -> None:
    await keep(db)
    assert await due(db, NOW) == ["press"]
    after = await note(db, Look(etag='"1"', modified="today"))
    assert (after.etag, after.modified, after.succeeded_at, after.problem) == ('"1"', "today", NOW, "")
    assert await due(db, NOW + dt.timedelta(minutes=29)) == []
    assert await due(db, NOW + dt.timedelta(minutes=30)) == ["press"]


async def test_a_source_that_wants_a_rest_is_left_alone(db: Database) -> None:
    await keep(db)
    assert (await note(db, Look(rest_seconds=7_200))).next_at == NOW + 2 * HOUR


async def test_a_source_that_fails_is_asked_less_and_keeps_what_it_said_before(db: Database) -> None:
    await keep(db)
    await note(db, Look(etag='"1"'))
    after = await note(db, BROKEN, NOW + HOUR)
    assert (after.failures, after.next_at, after.etag, after.succeeded_at) == (1, NOW + 2 * HOUR, '"1"', NOW)
    assert after.problem == "refused with status: 500"
    assert (await note(db, Look(), NOW + 2 * HOUR)).failures == 0


async def test_admins_hear_of_a_broken_source_once(db: Database) -> None:
    await keep(db)
    heard = []
    for hour, look in enumerate([BROKEN, BROKEN, BROKEN, BROKEN, Look(problem=f"{Trouble.STATUS}: 502", failed=True)]):
        await note(db, look, NOW + hour * HOUR)
        heard += await ailing(db)
        async with db.write() as connection:
            await store.tell(connection, await ailing(db), NOW)
    assert heard == ["press"]

    await note(db, Look())
    assert await ailing(db) == []
    for _ in range(store.BROKEN):
        await note(db, BROKEN)
    assert await ailing(db) == ["press"], "it broke again"


async def test_a_source_that_ended_is_switched_off_and_admins_hear_of_it(db: Database) -> None:
    await keep(db)
    after = await note(db, Look(problem=f"{Trouble.GONE}: 410", failed=True, gone=True))
    assert (after.is_on, after.problem) == (False, "gone for good: 410")
    assert await ailing(db) == ["press"]
    assert await due(db, NOW + 100 * HOUR) == []


async def test_a_source_that_moved_within_its_host_is_followed(db: Database) -> None:
    await keep(db)
    after = await note(db, Look(moved_to="https://www.example.org/en/news"))
    assert (after.url, after.problem) == ("https://www.example.org/en/news", "")


async def test_a_source_that_moved_elsewhere_waits_for_an_admin(db: Database) -> None:
    await keep(db)
    after = await note(db, Look(moved_to="https://example.com/"))
    assert (after.url, after.failures, after.problem) == ("https://example.org/news", 0, "moved for good to: https://example.com/")
    assert await ailing(db) == ["press"]
    async with db.write() as connection:
        moved = await store.move(connection, "press", "https://example.com/", NOW)
    assert moved
    assert (moved.url, moved.problem, moved.verified_at, moved.etag) == ("https://example.com/", "", None, None)


async def test_what_an_admin_changed_during_a_look_stands(db: Database) -> None:
    source = await keep(db)
    async with db.write() as connection:
        await store.move(connection, "press", "https://example.com/", NOW)
        await store.note(connection, source, Look(etag='"old"', moved_to="https://example.org/new"), NOW, 0)
        moved = await store.by_id(connection, "press")
        assert moved
        assert (moved.url, moved.etag) == ("https://example.com/", None)
        assert await store.remove(connection, "press")
        await store.note(connection, source, Look(), NOW, 0)
        assert await store.listing(connection) == []


async def test_a_process_that_stood_still_in_its_look_does_not_unsay_what_another_saw_meanwhile(db: Database) -> None:
    before = await keep(db)
    seen = await note(db, Look(etag='"new"'), NOW + HOUR)
    async with db.write() as connection:
        await store.note(connection, before, BROKEN, NOW + 2 * HOUR, 0)
        await store.note(connection, before, Look(etag='"old"'), NOW + 2 * HOUR, 0)
        assert await store.by_id(connection, "press") == seen


async def test_switching_on_begins_anew(db: Database) -> None:
    await keep(db)
    for _ in range(4):
        await note(db, BROKEN)
    async with db.write() as connection:
        await store.switch(connection, "press", NOW, on=False)
        source = await store.switch(connection, "press", NOW + HOUR, on=True)
    assert source
    assert (source.failures, source.problem, source.next_at) == (0, "", NOW + HOUR)


async def test_shipped_sources_come_once_and_never_undo_what_admins_decided(db: Database) -> None:
    wishes, defects = shipped.read(SEED)
    assert defects == []
    assert len(wishes) >= 10
    async with db.write() as connection:
        await store.ship(connection, wishes, NOW)
        await store.switch(connection, "uil", NOW, on=True)
        await store.move(connection, "unesco", "https://example.org/moved", NOW)
        await store.ship(connection, wishes, NOW + HOUR)
        held = {source.id: source for source in await store.listing(connection)}
    assert held.keys() == {wish.id for wish in wishes}
    assert [source.id for source in held.values() if source.is_on] == ["uil"]
    assert held["unesco"].url == "https://example.org/moved"
    assert all(source.verified_at is None for source in held.values())


async def test_the_shipped_sources_come_with_the_data_set(db: Database) -> None:
    await upkeep.bring_up_to_date(db, NOW)
    async with db.read() as connection:
        assert await store.by_id(connection, "uil")
