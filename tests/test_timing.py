"""When digests come and quiet hours end, whatever clocks do where the reader lives."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.timing import Quiet, local_date, next_send, quiet_until, zone_of

ZONES: Final = (
    "UTC",
    "Europe/Kyiv",
    "America/New_York",
    "Australia/Lord_Howe",  # half an hour
    "Pacific/Chatham",  # 12:45 ahead of UTC
    "Africa/Casablanca",  # clocks go back for Ramadan
    "America/Sao_Paulo",  # until 2019 the day began at one o'clock once a year
    "Asia/Kolkata",
    "America/Havana",
    "Pacific/Apia",  # had no 30 December 2011
    "Pacific/Kiritimati",  # had no 31 December 1994
    "Asia/Gaza",
)
DAY: Final = dt.timedelta(days=1)
MOMENTS = st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2036, 12, 31), timezones=st.just(dt.UTC))  # noqa: DTZ001 - Hypothesis adds it
NEAR_CHANGES = st.one_of(
    MOMENTS,
    *(
        st.integers(-48 * 60, 48 * 60).map(lambda minutes: dt.timedelta(minutes=minutes)).map(change.__add__)
        for change in (
            dt.datetime(2026, 3, 29, 1, tzinfo=dt.UTC),
            dt.datetime(2026, 10, 25, 1, tzinfo=dt.UTC),
            dt.datetime(2026, 11, 1, 6, tzinfo=dt.UTC),
            dt.datetime(2026, 4, 4, 15, tzinfo=dt.UTC),
            dt.datetime(2018, 11, 4, 3, tzinfo=dt.UTC),
            dt.datetime(2011, 12, 30, 10, tzinfo=dt.UTC),
        )
    ),
)
MINUTES = st.integers(0, 24 * 60 - 1)


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("after", "zone", "at", "day", "comes"),
    [
        ("2026-11-23 06:59", "Europe/Kyiv", 540, None, "2026-11-23 07:00"),
        ("2026-11-23 07:00", "Europe/Kyiv", 540, None, "2026-11-24 07:00"),
        ("2026-11-23 07:00", "Europe/Kyiv", 540, 0, "2026-11-30 07:00"),
        ("2026-11-23 06:00", "Europe/Kyiv", 540, 0, "2026-11-23 07:00"),
        ("2026-03-28 12:00", "Europe/Kyiv", 540, None, "2026-03-29 06:00"),  # an hour earlier from now on
        ("2026-03-28 12:00", "Europe/Kyiv", 210, None, "2026-03-29 01:00"),  # there is no 03:30: at four
        ("2026-10-24 12:00", "Europe/Kyiv", 210, None, "2026-10-25 00:30"),  # the first 03:30 of two
        ("2026-10-25 00:30", "Europe/Kyiv", 210, None, "2026-10-26 01:30"),  # and not the second
        ("2018-11-03 12:00", "America/Sao_Paulo", 0, None, "2018-11-04 03:00"),  # that day begins at one o'clock
        ("2026-10-03 00:00", "Australia/Lord_Howe", 135, None, "2026-10-03 15:30"),  # 02:15 is skipped: at half past two
        ("2011-12-29 20:00", "Pacific/Apia", 540, None, "2011-12-30 19:00"),  # 31 December follows the 29th
        ("2011-12-29 20:00", "Pacific/Apia", 540, 4, "2012-01-05 19:00"),  # that Friday never was
        ("2026-11-23 08:00", "Mars/Olympus", 540, None, "2026-11-23 09:00"),
        ("2026-11-23 08:00", None, 540, None, "2026-11-23 09:00"),
        ("2026-11-23 08:00", "../../etc/passwd", 540, None, "2026-11-23 09:00"),
    ],
)
def test_a_digest_comes_when_the_readers_clocks_say_so(after: str, zone: str | None, at: int, day: int | None, comes: str) -> None:
    assert next_send(utc(after), zone, at, day) == utc(comes)


@given(after=NEAR_CHANGES, zone=st.sampled_from(ZONES), at=MINUTES, day=st.none() | st.integers(0, 6))
def test_the_next_digest_is_later_and_not_far(after: dt.datetime, zone: str, at: int, day: int | None) -> None:
    moment = next_send(after, zone, at, day)
    assert after < moment <= after + (2 * DAY if day is None else 15 * DAY) + dt.timedelta(hours=2)
    assert day is None or local_date(moment, zone).weekday() == day
    assert next_send(moment - dt.timedelta(microseconds=1), zone, at, day) == moment, "asked again it is the same"
    here = moment.astimezone(ZoneInfo(zone))
    minute = here.hour * 60 + here.minute
    before = (moment - dt.timedelta(seconds=1)).astimezone(ZoneInfo(zone))
    skipped = (before.date(), before.hour * 60 + before.minute) < (here.date(), at) and here.second == 0
    assert minute == at or (minute > at and skipped), "at its time, or when clocks first show a later one"


@given(after=NEAR_CHANGES, zone=st.sampled_from(ZONES), at=MINUTES)
def test_each_date_that_there_is_has_exactly_one_digest(after: dt.datetime, zone: str, at: int) -> None:
    moments = [next_send(after, zone, at)]
    while moments[-1] < after + 6 * DAY:
        moments.append(next_send(moments[-1], zone, at))
    dates = [local_date(moment, zone) for moment in moments]
    assert all(earlier < later for earlier, later in pairwise(dates))
    hours = ((moments[-1] - moments[0]) // dt.timedelta(hours=1)) + 1
    there_are = {local_date(moments[0] + dt.timedelta(hours=hour), zone) for hour in range(hours)}
    # A time that clocks skipped together with the rest of its date has no digest.
    left_out = there_are - set(dates)
    assert all(_ends_early(date, zone, at) for date in left_out)


def _ends_early(date: dt.date, zone: str, at: int) -> bool:
    start = dt.datetime.combine(date, dt.time(), dt.UTC) - 2 * DAY
    shown = [(start + dt.timedelta(minutes=minute)).astimezone(zone_of(zone)) for minute in range(4 * 24 * 60)]
    return max(one.hour * 60 + one.minute for one in shown if one.date() == date) < at


@pytest.mark.parametrize(
    ("now", "quiet", "until"),
    [
        ("2026-11-23 19:59", Quiet(22 * 60, 7 * 60), None),
        ("2026-11-23 20:00", Quiet(22 * 60, 7 * 60), "2026-11-24 05:00"),
        ("2026-11-24 04:59", Quiet(22 * 60, 7 * 60), "2026-11-24 05:00"),
        ("2026-11-24 05:00", Quiet(22 * 60, 7 * 60), None),
        ("2026-11-24 11:00", Quiet(12 * 60, 15 * 60), "2026-11-24 13:00"),
        ("2026-11-24 10:00", Quiet(540, 540), None),
        ("2026-11-24 10:00", None, None),
        ("2026-03-28 22:00", Quiet(22 * 60, 7 * 60), "2026-03-29 04:00"),  # a night of eight hours
        ("2026-03-29 00:30", Quiet(22 * 60, 210), "2026-03-29 01:00"),  # its end was skipped
        ("2026-10-25 00:10", Quiet(22 * 60, 210), "2026-10-25 00:30"),  # its end comes twice:
        ("2026-10-25 01:10", Quiet(22 * 60, 210), "2026-10-25 01:30"),  # nobody waits for another day
    ],
)
def test_quiet_hours_end_by_the_readers_clocks(now: str, quiet: Quiet | None, until: str | None) -> None:
    assert quiet_until(utc(now), "Europe/Kyiv", quiet) == (until and utc(until))


@given(now=NEAR_CHANGES, zone=st.sampled_from(ZONES), begin=MINUTES, end=MINUTES)
def test_quiet_hours_end_within_a_day_and_not_before_they_began(now: dt.datetime, zone: str, begin: int, end: int) -> None:
    until = quiet_until(now, zone, Quiet(begin, end))
    here = now.astimezone(ZoneInfo(zone))
    minute = here.hour * 60 + here.minute
    within = begin <= minute < end if begin < end else begin != end and (minute >= begin or minute < end)
    assert (until is not None) is within
    assert until is None or now < until <= now + 2 * DAY + dt.timedelta(hours=2)
