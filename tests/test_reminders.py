"""Reminders: a week and a day before, once each, and never of what is over. On SQLite and PostgreSQL where they are stored."""

import datetime as dt
from dataclasses import replace

from hypothesis import example, given
from hypothesis import strategies as st

from data import loading, publications, reminders
from data.catalogue import Catalogue
from data.db import Database
from data.follows import NETWORK, Kind, Target
from data.reminders import Reminder, due, is_reminder, is_true, record_of
from data.reminding import remind, targets
from data.topics import Topic
from data.types import CityId, Conference, CountryCode, FuzzyDate, NewsId, NewsItem
from tests.fakes.databases import engine
from tests.fakes.delivery import NOW, db, empty, fan_out, follow, states

__all__ = ["db", "empty", "engine"]  # fixtures

DEADLINES = Target(Kind.TOPIC, Topic.DEADLINES)
DAY = dt.date(2026, 12, 15)
HOUR = dt.timedelta(hours=1)


def call(deadline: dt.date | None = DAY, told: str = "2026-11-01", name: str = "a1") -> NewsItem:
    return NewsItem(
        NewsId(name), FuzzyDate.parse(told), (CityId("nikopol"),), (CountryCode("UA"),), ("call",), deadline, {}, {}, sources=()
    )


def meeting(start: str, end: str | None = None) -> Conference:
    last = FuzzyDate.parse(end) if end else None
    return Conference("iclc9", 9, FuzzyDate.parse(start), last, CountryCode("IE"), CityId("cork"), {}, {}, {}, ())


def holding(catalogue: Catalogue, *items: NewsItem, conferences: tuple[Conference, ...] = (), revision: int = 1) -> Catalogue:
    return replace(catalogue, news=items, conferences=conferences, revision=revision)


def at(day: dt.date, hour: int = 7, minute: int = 0) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour, minute), tzinfo=dt.UTC)


def before(days: int, hour: int = 7, minute: int = 0) -> dt.datetime:
    return at(DAY - dt.timedelta(days=days), hour, minute)


async def begin(db: Database) -> int:
    """A revision of the data set; its number."""
    async with db.write() as connection:
        return await loading.bump(connection, "seed", NOW)


def test_a_deadline_is_told_of_from_seven_in_the_morning_a_week_and_a_day_before(catalogue: Catalogue) -> None:
    held = holding(catalogue, call())
    week, tomorrow = Reminder(DAY, "a1", 7), Reminder(DAY, "a1", 1)

    assert due(held, before(7, 6, 59)) == ()
    assert due(held, before(7)) == (week,)
    assert due(held, before(1, 6, 59)) == (week,), "late is better than never"
    assert due(held, before(1)) == (tomorrow,), "and not both"
    assert due(held, before(0, 23, 59)) == (tomorrow,)
    assert due(held, before(-1, 0)) == ()


def test_of_a_conference_people_hear_only_if_its_day_is_known(catalogue: Catalogue) -> None:
    known = holding(catalogue, conferences=(meeting("2026-12-15", "2026-12-18"),))

    assert due(known, before(7)) == (Reminder(DAY, "iclc9", 7),)
    for unknown in ("2026-12", "2026"):
        vague = holding(catalogue, conferences=(meeting(unknown),))
        assert not any(due(vague, at(dt.date(2026, 11, 20)) + dt.timedelta(days=number)) for number in range(60))


def test_who_heard_of_a_call_only_now_is_not_reminded_of_it(catalogue: Catalogue) -> None:
    within_the_week = holding(catalogue, call(told="2026-12-08"))

    assert due(within_the_week, before(7)) == ()
    assert due(within_the_week, before(1)) == (Reminder(DAY, "a1", 1),)
    assert due(holding(catalogue, call(told="2026-12-14")), before(1)) == ()


def test_of_the_calls_that_ship_nobody_is_reminded_after_their_day(catalogue: Catalogue) -> None:
    assert due(catalogue, at(dt.date(2026, 11, 23))) == ()
    assert [one.record for one in due(catalogue, at(dt.date(2026, 5, 8)))] == ["n092"], "which was open until 15 May"


days = st.dates(dt.date(2026, 1, 1), dt.date(2027, 12, 31))
moments = st.builds(at, days, st.integers(0, 23), st.integers(0, 59))


@given(st.lists(days, max_size=4), st.lists(days, max_size=3), moments)
@example([DAY], [DAY], before(1))
def test_a_reminder_is_always_ahead_true_and_the_only_one_of_its_day(
    catalogue: Catalogue, deadlines: list[dt.date], starts: list[dt.date], now: dt.datetime
) -> None:
    items = [call(day, "2025-12-01", f"a{number}") for number, day in enumerate(deadlines)]
    meetings = [replace(meeting(str(day)), id=f"iclc{number}") for number, day in enumerate(starts)]
    held = holding(catalogue, *items, conferences=tuple(meetings))
    found = due(held, now)

    assert all(now.date() <= one.day <= now.date() + dt.timedelta(days=7) for one in found)
    assert len({(one.record, one.day) for one in found}) == len(found)
    assert all(is_true(one, held, now) and now < one.ends for one in found)
    assert list(found) == sorted(found)
    waited_for = {item.id for item in items if item.deadline and 2 <= (item.deadline - now.date()).days <= 6}
    assert waited_for <= {one.record for one in found}


@given(days, st.lists(st.integers(1, 200), min_size=1, max_size=40))
def test_whenever_somebody_looks_nobody_is_reminded_later_than_can_be(catalogue: Catalogue, day: dt.date, pauses: list[int]) -> None:
    """Looks hours apart, as those of a bot that is down now and then."""
    held, now, told = holding(catalogue, call(day, "2025-01-01")), at(day - dt.timedelta(days=12)), list[Reminder]()
    for pause in pauses:
        now += pause * HOUR
        told += [one for one in due(held, now) if one not in told]

    assert [one.ahead for one in told] in ([], [7], [1], [7, 1])
    assert all(one.begins >= at(day - dt.timedelta(days=one.ahead)) for one in told)


@given(st.from_regex(r"[a-z0-9-]{1,20}", fullmatch=True), days, st.sampled_from(reminders.AHEAD))
def test_the_key_of_a_reminder_says_all_of_it(record: str, day: dt.date, ahead: int) -> None:
    reminder = Reminder(day, record, ahead)

    assert Reminder.parse(reminder.key) == reminder
    assert record_of(reminder.key) == record
    assert reminder.key.startswith(reminders.prefix_of(record))
    assert is_reminder(reminder.key)
    assert len(reminder.key) <= 64


@given(st.text(max_size=40) | st.from_regex(r"r:[a-z0-9]{0,3}:[0-9-]{0,11}:[0-9]{0,3}", fullmatch=True))
@example("a1")
@example("d:2026-12-15")
@example("r:a1:2026-02-30:7")
def test_no_other_key_is_taken_for_a_reminder(item: str) -> None:
    reminder = Reminder.parse(item)

    assert reminder is None or Reminder.parse(reminder.key) == reminder
    if reminder is None:
        assert record_of(item) == item
        assert not is_reminder(item)


def test_a_reminder_is_for_those_who_follow_what_it_is_about(catalogue: Catalogue) -> None:
    held = holding(catalogue, call(), conferences=(meeting("2026-12-15"),))
    ukraine = {Target(Kind.CITY, "nikopol"), Target(Kind.COUNTRY, "UA"), Target(Kind.REGION, "europe-north-america")}

    assert set(targets(Reminder(DAY, "a1", 7), held)) == {*ukraine, DEADLINES, NETWORK}
    assert {Target(Kind.CITY, "cork"), Target(Kind.COUNTRY, "IE"), DEADLINES, NETWORK} <= set(targets(Reminder(DAY, "iclc9", 1), held))


async def test_over_the_days_each_reminder_is_published_once_whatever_stops_in_between(catalogue: Catalogue, db: Database) -> None:
    held = holding(catalogue, call(), conferences=(meeting("2026-12-20"),), revision=await begin(db))
    await follow(db, 101)
    published: list[str] = []
    now = at(dt.date(2026, 12, 1), 0)
    while now.date() <= dt.date(2026, 12, 22):
        published += await remind(db, held, now)
        published += await remind(db, holding(held, *held.news, conferences=held.conferences, revision=held.revision), now)
        now += 5 * HOUR

    assert published == ["r:a1:2026-12-15:7", "r:iclc9:2026-12-20:7", "r:a1:2026-12-15:1", "r:iclc9:2026-12-20:1"]


async def test_a_bot_that_was_down_reminds_late_and_only_of_what_is_next(catalogue: Catalogue, db: Database) -> None:
    held = holding(catalogue, call(), revision=await begin(db))

    assert await remind(db, held, before(4, 3)) == ("r:a1:2026-12-15:7",)
    assert await remind(db, held, before(0, 12)) == ("r:a1:2026-12-15:1",)
    other = holding(catalogue, call(name="a2"), revision=held.revision)
    assert await remind(db, other, before(0, 12)) == ("r:a2:2026-12-15:1",), "the week before is over"


async def test_while_the_data_set_is_another_by_now_nobody_is_reminded(catalogue: Catalogue, db: Database) -> None:
    held = holding(catalogue, call(), revision=await begin(db))
    newer = await begin(db)

    assert await remind(db, held, before(7)) == ()
    assert await remind(db, replace(held, revision=newer), before(7)) == ("r:a1:2026-12-15:7",)


async def test_a_reminder_that_is_not_true_any_more_goes_to_nobody_else(catalogue: Catalogue, db: Database) -> None:
    held = holding(catalogue, call(), revision=await begin(db))
    await follow(db, 101, 102)
    await remind(db, held, before(7))
    await fan_out(db)
    key = Reminder(DAY, "a1", 7).key
    assert set((await states(db, key)).values()) == {"queued"}

    async def state() -> str:
        async with db.read() as connection:
            progress = await publications.progress(connection, key)
        assert progress
        return progress.state

    await remind(db, held, before(7) - dt.timedelta(days=2))
    assert await state() == "sending", "a clock that was set back is no reason"
    put_off = holding(catalogue, call(DAY + dt.timedelta(days=30)), revision=held.revision)
    assert await remind(db, put_off, before(5)) == ()
    assert await state() == "cancelled"
    assert await remind(db, put_off, before(-23)) == ("r:a1:2027-01-14:7",), "of the new day they are reminded anew"


async def test_reminders_are_not_among_the_items_that_admins_look_after(catalogue: Catalogue, db: Database) -> None:
    held = holding(catalogue, call(), revision=await begin(db))
    await remind(db, held, before(7))

    async with db.write() as connection:
        await publications.publish(connection, "a1", [NETWORK], NOW)
        assert [one.item for one in await publications.recent(connection, 7, 5)] == ["a1"]
