"""Days as files: what calendars read in them."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from bot.calendars import Event, as_calendar

NOW = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
DAY = dt.date(2026, 12, 15)
LONG = "Міста можуть подати заявку до Національної комісії; умови, строки й бланк: \\ на сторінці.\nДругий рядок, " + "дуже довгий " * 20


def read(content: bytes) -> Any:
    """A calendar; the types of its values are its own."""
    found: Any = Calendar.from_ical(content)
    assert found.errors == []
    return found


def test_a_calendar_finds_the_whole_day_and_rings_the_morning_before() -> None:
    calendar = read(as_calendar(Event("a1", DAY, DAY, "Крайній строк: конкурс", url="https://example.org/a?b=1,2"), NOW))
    (event,) = calendar.events

    assert (calendar["version"], calendar["method"]) == ("2.0", "PUBLISH")
    assert event["uid"] == "a1@learning-cities-bot"
    assert event["dtstamp"].dt == NOW
    assert event["dtstart"].dt == DAY
    assert event["dtstart"].params["VALUE"] == "DATE"
    assert event["dtend"].dt == DAY + dt.timedelta(days=1), "which is not in it"
    assert event["url"] == "https://example.org/a?b=1,2"
    (alarm,) = event.walk("VALARM")
    assert (alarm["action"], alarm["description"], alarm["trigger"].dt) == ("DISPLAY", event["summary"], dt.timedelta(hours=-15))


def test_lines_are_folded_between_letters_and_signs_are_escaped() -> None:
    content = as_calendar(Event("a1", DAY, DAY, "Дедлайн; так, так", LONG, "Корк, Ірландія"), NOW)

    assert content.endswith(b"\r\n")
    assert all(len(row) <= 75 for row in content.split(b"\r\n")), "octets: https://www.rfc-editor.org/rfc/rfc5545#section-3.1"
    assert all(row.decode() for row in content.split(b"\r\n")[:-1]), "no letter is cut in two"
    assert "SUMMARY:Дедлайн\\; так\\, так".encode() in content.replace(b"\r\n ", b"")
    (event,) = read(content).events
    assert (event["summary"], event["description"], event["location"]) == ("Дедлайн; так, так", LONG, "Корк, Ірландія")


# icalendar writes a backslash as it should be, and reads what follows it as if it had stood alone.
@given(
    st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"], exclude_characters="\\"), min_size=1, max_size=200),
    st.dates(dt.date(2000, 1, 1)),
)
def test_whatever_the_words_a_calendar_reads_them_as_they_were(words: str, day: dt.date) -> None:
    if day == dt.date.max:
        return
    (event,) = read(as_calendar(Event("iclc7", day, day, words, words), NOW)).events

    assert event["summary"] == words
    assert event["dtstart"].dt == day


@pytest.mark.parametrize("last", [DAY, DAY + dt.timedelta(days=3)])
def test_an_event_of_several_days_ends_with_its_last_day(last: dt.date) -> None:
    (event,) = read(as_calendar(Event("iclc7", DAY, last, "Conference"), NOW)).events

    assert event["dtend"].dt - event["dtstart"].dt == last - DAY + dt.timedelta(days=1)
