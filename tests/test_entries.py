"""What sources tell is kept once, becomes one item, and is decided on once: on SQLite and PostgreSQL."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import func, select

from data import arrivals, drafts, entries, news
from data.arrivals import MOST_AT_ONCE, Arrival, Taken
from data.db import Database
from data.intake import FOREIGN, Doubt, Judged
from data.sources.model import Told
from data.states import EntryState
from data.tables import entries as table
from data.tables import news as news_table
from data.tables import publications
from data.types import CityId
from tests.fakes.clock import START
from tests.fakes.databases import Engine, engine, shipped

__all__ = ["engine", "shipped"]  # fixtures

HOME = "https://example.org/news"
CERTAIN = Judged((CityId("nikopol"),))
UNCERTAIN = replace(CERTAIN, doubt=Doubt.ASKED)
TODAY = START.date()
STORY = Told("n-1", "https://example.org/news/1", "Nikopol opens a centre for adults", "It is for all.", TODAY, "en")


@pytest_asyncio.fixture
async def db(engine: Engine, shipped: str) -> AsyncIterator[Database]:
    """The data set that ships, on each engine in turn."""
    address = await asyncio.to_thread(engine.copy, shipped)
    async with Database(address) as database:
        yield database


async def look(db: Database, *told: Told, source: str = "one", judged: Judged = CERTAIN, now: dt.datetime = START, **how: bool) -> Taken:
    """What one look brings."""
    brought = [Arrival(one, mark, judged) for one, mark in zip(told, arrivals.marks_of(told, HOME), strict=True)]
    async with db.write() as connection:
        return await arrivals.take(connection, source, brought, now, **how)


async def rows(db: Database) -> Sequence[Any]:
    async with db.read() as connection:
        return (await connection.execute(select(table).order_by(table.c.id))).all()


async def ordered(db: Database) -> int:
    """How many deliveries were ordered."""
    async with db.read() as connection:
        return await connection.scalar(select(func.count()).select_from(publications)) or 0


async def sources_of(db: Database, item: str) -> list[str]:
    async with db.read() as connection:
        return list(await connection.scalar(select(news_table.c.sources).where(news_table.c.id == item)) or ())


async def test_what_is_certain_becomes_news_and_is_delivered(db: Database) -> None:
    taken = await look(db, STORY)

    (item,) = taken.items
    async with db.read() as connection:
        draft = await news.present(connection, item)
    assert draft == news.Draft(STORY.title, STORY.summary, STORY.url, "en", "2026-03-02", ("nikopol",))
    assert await ordered(db) == 1


@pytest.mark.parametrize(
    "again",
    [
        STORY,
        replace(STORY, own_id="n-2"),
        replace(STORY, own_id=""),
        replace(STORY, own_id="n-2", url="http://www.example.org/news/1/?utm_source=x"),
        replace(STORY, title="Nikopol opens two centres for adults", summary="Other words."),
        replace(STORY, own_id="n-3", url="https://example.org/news/new-address"),
    ],
    ids=["nothing", "id", "no id", "address as written", "words", "id and address"],
)
async def test_a_source_that_changes_something_tells_nothing_new(db: Database, again: Told) -> None:
    await look(db, STORY)
    taken = await look(db, again, now=START + dt.timedelta(days=1))

    assert not taken.counts
    assert await ordered(db) == 1


async def test_ids_that_change_at_every_look_are_no_news(db: Database) -> None:
    for number in range(5):
        await look(db, replace(STORY, own_id=f"x{number}"), now=START + dt.timedelta(days=number))

    assert await ordered(db) == 1


async def test_what_two_sources_tell_is_one_item_with_two_links(db: Database) -> None:
    first = await look(db, STORY)
    other = replace(STORY, own_id="zz", url="https://other.example/story", summary="Told in other words.")
    second = await look(db, other, source="two", now=START + dt.timedelta(hours=3))

    assert second.counts == {EntryState.TWIN: 1}
    assert await sources_of(db, first.items[0]) == [STORY.url, other.url]
    assert await ordered(db) == 1


async def test_the_second_link_of_what_waits_is_there_when_it_goes_out(db: Database) -> None:
    (number,) = (await look(db, STORY, judged=UNCERTAIN)).waiting
    other = replace(STORY, own_id="zz", url="https://other.example/story")
    assert (await look(db, other, source="two")).counts == {EntryState.TWIN: 1}
    async with db.write() as connection:
        item = await entries.publish(connection, number, 104, START)

    assert await sources_of(db, item or "") == [STORY.url, other.url]
    assert await ordered(db) == 1


async def test_two_looks_at_the_same_time_make_one_item_of_one_story(db: Database) -> None:
    others = [replace(STORY, own_id=f"o{number}", url=f"https://s{number}.example/story") for number in range(4)]
    await asyncio.gather(*(look(db, one, source=f"s{number}") for number, one in enumerate(others)))

    assert await ordered(db) == 1


async def test_the_same_headline_comes_back_in_another_year(db: Database) -> None:
    later = replace(STORY, own_id="n-9", url="https://example.org/news/9", date=TODAY + dt.timedelta(days=365))
    await look(db, STORY)
    taken = await look(db, later, now=START + dt.timedelta(days=365))

    assert taken.counts == {EntryState.WAITING: 1}
    assert [row.reason for row in await rows(db)] == [None, Doubt.FORM], "no two items have one title: an admin gives it another"


async def test_what_an_admin_or_the_data_set_told_already_is_no_news(db: Database) -> None:
    async with db.write() as connection:
        item = await news.write(connection, news.Draft("By hand", "Text.", STORY.url, "en", "2026-03-01"), START, published=True)
    url = (await sources_of(db, "n002"))[0]
    taken = await look(db, STORY, replace(STORY, own_id="seed", url=url, title="The second conference of all opens"))

    assert taken.counts == {EntryState.TWIN: 2}
    assert {row.item for row in await rows(db)} == {item, "n002"}


async def test_things_that_share_an_address_are_told_apart(db: Database) -> None:
    told = [replace(STORY, own_id=f"n-{number}", url=HOME, title=f"Story number {number} of the city") for number in range(3)]

    assert len((await look(db, *told)).items) == 3


async def test_things_that_share_an_id_are_told_apart(db: Database) -> None:
    told = [replace(STORY, own_id="post", url=f"{HOME}/{number}", title=f"Story number {number} of the city") for number in range(3)]

    assert len((await look(db, *told)).items) == 3
    assert not (await look(db, *told)).counts


async def test_one_look_that_tells_a_thing_twice_tells_it_once(db: Database) -> None:
    taken = await look(db, STORY, replace(STORY, own_id="n-2"), STORY)

    assert len(taken.items) == 1


async def test_at_the_first_look_only_what_is_of_these_days_is_news(db: Database) -> None:
    old = replace(STORY, own_id="o", url=f"{HOME}/o", title="An old story of the city", date=TODAY - dt.timedelta(days=8))
    undated = replace(STORY, own_id="u", url=f"{HOME}/u", title="An undated story of the city", date=None)
    taken = await look(db, STORY, old, undated, first=True)
    assert taken.counts == {EntryState.PUBLISHED: 1, EntryState.OLD: 2}

    later = await look(db, replace(undated, own_id="v", url=f"{HOME}/v", title="Another undated story of the city"), old, undated)
    assert later.counts == {EntryState.PUBLISHED: 1}


async def test_what_was_history_without_a_date_is_news_once_another_source_dates_it(db: Database) -> None:
    await look(db, replace(STORY, date=None), first=True)
    undated = await look(db, replace(STORY, own_id="x", url="https://two.example/1", date=None), source="two")
    dated = await look(db, replace(STORY, own_id="y", url="https://three.example/1"), source="three")

    assert undated.counts == {EntryState.OLD: 1}
    assert dated.counts == {EntryState.PUBLISHED: 1}


async def test_a_source_that_suddenly_tells_five_hundred_things_floods_nobody(db: Database) -> None:
    told = [replace(STORY, own_id=f"n{n}", url=f"{HOME}/{n}", title=f"Story number {n} of the city") for n in range(500)]
    taken = await look(db, *told)

    assert len(taken.items) == MOST_AT_ONCE
    assert len(taken.waiting) == 500 - MOST_AT_ONCE
    assert {row.reason for row in await rows(db) if row.state == EntryState.WAITING} == {Doubt.MANY}
    newest = [row.title for row in await rows(db) if row.state == EntryState.PUBLISHED]
    assert newest[-1] == told[0].title


async def test_what_is_none_of_the_network_s_news_is_kept_and_shown_to_nobody(db: Database) -> None:
    assert (await look(db, STORY, judged=FOREIGN)).counts == {EntryState.FOREIGN: 1}
    assert await ordered(db) == 0


async def test_a_title_alone_is_enough(db: Database) -> None:
    (item,) = (await look(db, replace(STORY, summary=""))).items
    async with db.read() as connection:
        draft = await news.present(connection, item)

    assert draft is not None
    assert (draft.title, draft.text) == (STORY.title, "")


async def test_what_cannot_go_out_as_it_is_waits(db: Database) -> None:
    taken = await look(db, replace(STORY, url=""), replace(STORY, own_id="2", url="https://192.0.2.1/x", title="Another story of the city"))

    assert len(taken.waiting) == 2
    assert {row.reason for row in await rows(db)} == {Doubt.FORM}
    async with db.write() as connection:
        with pytest.raises(news.WrongNews):
            await entries.publish(connection, taken.waiting[0], 104, START)


async def test_what_waits_is_decided_on_once(db: Database) -> None:
    (number,) = (await look(db, STORY, judged=UNCERTAIN)).waiting

    async def publish() -> str | None:
        async with db.write() as connection:
            return await entries.publish(connection, number, 104, START)

    done = await asyncio.gather(*(publish() for _ in range(4)))
    async with db.write() as connection:
        assert not await entries.drop(connection, number, 105, START)

    assert len([item for item in done if item]) == 1
    assert await ordered(db) == 1


async def test_of_two_drafts_for_one_thing_the_last_counts(db: Database) -> None:
    (number,) = (await look(db, STORY, judged=UNCERTAIN)).waiting
    async with db.write() as connection:
        first = await entries.rewrite(connection, number, 104, "words", "uk", START)
        second = await entries.rewrite(connection, number, 105, "words", "uk", START)
        assert first
        assert second
        assert (written := await drafts.by_number(connection, first))
        assert written.cancelled
        item = await drafts.publish(connection, second, news.Draft("Title", "Text.", STORY.url, "en", "2026-03-02"), START)
        await entries.wrote(connection, second, item or "", START)
        entry = await entries.by_number(connection, number)

    assert entry
    assert (entry.state, entry.item) == (EntryState.PUBLISHED, item)


async def test_a_process_killed_before_the_end_of_a_look_has_changed_nothing(db: Database) -> None:
    brought = [Arrival(STORY, arrivals.marks_of([STORY], HOME)[0], CERTAIN)]

    async def dies() -> None:
        async with db.write() as connection:
            await arrivals.take(connection, "one", brought, START)
            raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await dies()
    assert await rows(db) == []
    assert await ordered(db) == 0

    assert len((await look(db, STORY)).items) == 1
    assert not (await look(db, STORY)).counts


async def test_what_an_admin_sent_waits_whatever_its_age(db: Database) -> None:
    old = replace(STORY, date=TODAY - dt.timedelta(days=4000))

    assert len((await look(db, old, judged=CERTAIN, sent=True)).waiting) == 1


async def test_a_tag_is_taken_off_only_while_a_thing_waits(db: Database) -> None:
    (number,) = (await look(db, STORY, judged=UNCERTAIN)).waiting
    async with db.write() as connection:
        assert await entries.untag(connection, number, "cities", "nikopol")
        assert not await entries.untag(connection, number, "cities", "nikopol")
        await entries.drop(connection, number, 104, START)
        assert not await entries.untag(connection, number, "cities", "lviv")
