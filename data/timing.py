"""When a chat wants to hear of news, by its own clocks. Pure."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

DIGEST_AT: Final = 9 * 60
"""Minutes after midnight when digests are told, unless a chat chose another time."""
DIGEST_DAY: Final = 0
"""Monday, the day of weekly digests unless a chat chose another."""

_MINUTES: Final = 24 * 60
_DAY: Final = dt.timedelta(days=1)


class Quiet(NamedTuple):
    """Hours in which nothing is told by itself: minutes after midnight, `end` not included. They may span midnight."""

    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class Timing:
    """A chat's wishes; None where it left them to us."""

    quiet: Quiet | None = None
    digest_at: int | None = None
    """Minutes after midnight."""
    digest_day: int | None = None
    """0 is Monday."""


UNTIMED: Final = Timing()


@lru_cache(maxsize=1024)
def zone_of(name: str | None) -> dt.tzinfo:
    """The clocks of that IANA name; UTC for one that is empty or unknown here."""
    try:
        return ZoneInfo(name) if name else dt.UTC
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return dt.UTC


def local_date(moment: dt.datetime, zone: str | None) -> dt.date:
    """The date that calendars of a zone show at an aware moment."""
    return moment.astimezone(zone_of(zone)).date()


def next_send(after: dt.datetime, zone: str | None, at: int, day: int | None = None) -> dt.datetime:
    """The first moment strictly after `after` when clocks show `at` minutes after midnight, on any day or on a weekday; in UTC.

    Clocks that are put forward over that time: the first moment afterwards that they show, if that is on the same date; clocks that
    are put back: the first of the two moments. A date that a zone skipped has none, and each other date has exactly one.
    """
    clocks = zone_of(zone)
    # A date earlier: what is asked for may be the day before where clocks were put back over midnight.
    date = after.astimezone(clocks).date() - _DAY
    while True:
        if day is None or date.weekday() == day:
            moment = _moment(date, at, clocks)
            if moment is not None and moment > after:
                return moment
        date += _DAY


def _moment(date: dt.date, at: int, clocks: dt.tzinfo, fold: int = 0) -> dt.datetime | None:
    """When clocks show that time of that date, or a later one of it if they skip that time; None if they skip the rest of the date."""
    wanted = dt.datetime.combine(date, dt.time(at // 60, at % 60, fold=fold), clocks)
    moment = wanted.astimezone(dt.UTC)
    if moment.astimezone(clocks).replace(tzinfo=None) == wanted.replace(tzinfo=None):
        return moment
    # In a gap: by the clocks of before it the moment lies behind the gap, by those of after it ahead of it. Between them is the jump.
    first, last = sorted((moment, wanted.replace(fold=1 - fold).astimezone(dt.UTC)))
    while last - first > dt.timedelta(microseconds=1):
        middle = first + (last - first) / 2
        if middle.astimezone(clocks).replace(tzinfo=None) < wanted.replace(tzinfo=None):
            first = middle
        else:
            last = middle
    landed = last.replace(microsecond=0) + (dt.timedelta(seconds=1) if last.microsecond else dt.timedelta())
    return landed if landed.astimezone(clocks).date() == date else None


def quiet_until(now: dt.datetime, zone: str | None, quiet: Quiet | None) -> dt.datetime | None:
    """When the quiet hours end in which `now` lies, in UTC; None if it lies in none. Hours that begin when they end are none."""
    if quiet is None or quiet.begin == quiet.end:
        return None
    here = now.astimezone(zone_of(zone))
    minute = here.hour * 60 + here.minute
    since = (minute - quiet.begin) % _MINUTES
    return _quiet_end(now, here.date(), quiet.end, zone_of(zone)) if since < (quiet.end - quiet.begin) % _MINUTES else None


def _quiet_end(now: dt.datetime, today: dt.date, end: int, clocks: dt.tzinfo) -> dt.datetime:
    """Unlike a digest it comes twice where clocks are put back over it: what is quiet must not stay so for a day."""
    days = itertools.count()
    while True:
        date = today + next(days) * _DAY
        for moment in (_moment(date, end, clocks, fold) for fold in (0, 1)):
            if moment is not None and moment > now:
                return moment
