"""When people are reminded of a conference or a deadline: a week and a day before, while there is time left. Pure.

A reminder is an item like any other: published once, to whoever follows what it is about. Its key, `r:a12:2026-12-15:7`, names the record,
the day that it reminds of and how many days before it comes. So a deadline that is put off is reminded of anew.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from data.types import Precision

if TYPE_CHECKING:
    from collections.abc import Iterator

    from data.catalogue import Catalogue

AHEAD: Final = (7, 1)
"""Days before, the longest first."""
HOUR: Final = dt.time(7, tzinfo=dt.UTC)
"""From when on a reminder goes out on its day; quiet hours of chats come on top."""
PREFIX: Final = "r:"
KEY: Final = re.compile(PREFIX + r"([A-Za-z0-9_-]+):(\d{4}-\d\d-\d\d):(\d{1,2})", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class Reminder:
    """One of them. Orders by the day that it reminds of."""

    day: dt.date
    record: str
    """Id of the conference or news item."""
    ahead: int
    """Days before."""

    @property
    def key(self) -> str:
        """The item under which it is published."""
        return f"{PREFIX}{self.record}:{self.day}:{self.ahead}"

    @classmethod
    def parse(cls, item: str) -> Reminder | None:
        """The reminder that is published under an item; None for every other item."""
        found = KEY.fullmatch(item)
        if found is None:
            return None
        record, day, ahead = found.groups()
        try:
            return cls(dt.date.fromisoformat(day), record, int(ahead))
        except ValueError:
            return None

    @property
    def begins(self) -> dt.datetime:
        """From when on it goes out."""
        return dt.datetime.combine(self.day - dt.timedelta(days=self.ahead), HOUR)

    @property
    def ends(self) -> dt.datetime:
        """From when on it would tell nothing: the next one goes out, or the day is over."""
        later = next((days for days in AHEAD if days < self.ahead), None)
        if later is not None:
            return Reminder(self.day, self.record, later).begins
        return dt.datetime.combine(self.day + dt.timedelta(days=1), dt.time(tzinfo=dt.UTC))


def due(catalogue: Catalogue, now: dt.datetime) -> tuple[Reminder, ...]:
    """What followers should have been reminded of by now and still can be, the nearest day first.

    A conference of which only the month is known has no day before. Of a call that was only told of when the reminder was to go out, or
    later, nobody is reminded: the news said it.
    """
    return tuple(sorted(one for one in _all(catalogue) if one.begins <= now < one.ends))


def is_true(reminder: Reminder, catalogue: Catalogue, now: dt.datetime) -> bool:
    """Whether a reminder may still go out: its record is there, the day has not changed, and there is time left."""
    return now < reminder.ends and (reminder.record, reminder.day) in {(record, day) for record, day, _told in _days(catalogue)}


def is_reminder(item: str) -> bool:
    """Whether an item reminds of something that lies ahead: then it goes out at once, whatever the pace of a follow."""
    return Reminder.parse(item) is not None


def prefix_of(record: str) -> str:
    """What the keys of all reminders of a record begin with."""
    return f"{PREFIX}{record}:"


def record_of(item: str) -> str:
    """The id of what an item is about: of a reminder that which it reminds of, else the item's own."""
    reminder = Reminder.parse(item)
    return reminder.record if reminder else item


def _all(catalogue: Catalogue) -> Iterator[Reminder]:
    for record, day, told in _days(catalogue):
        for ahead in AHEAD:
            if told < day - dt.timedelta(days=ahead):
                yield Reminder(day, record, ahead)


def _days(catalogue: Catalogue) -> Iterator[tuple[str, dt.date, dt.date]]:
    """Records with the day that matters, and the day on which it was told of."""
    for conference in catalogue.conferences:
        if conference.start.precision is Precision.DAY:
            yield conference.id, conference.start.first_day, dt.date.min
    for item in catalogue.news:
        if item.deadline:
            yield item.id, item.deadline, item.date.first_day if item.date else dt.date.min
