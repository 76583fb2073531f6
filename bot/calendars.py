"""Days as a file that calendars open: iCalendar, RFC 5545."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

MAKER: Final = "-//Learning cities bot//EN"
HOST: Final = "learning-cities-bot"
"""Behind the @ of what identifies an event, so that no other maker's has the same."""
ALARM: Final = dt.timedelta(hours=-15)
"""From the midnight in which the day begins: nine in the morning of the day before."""


@dataclass(frozen=True, slots=True)
class Event:
    """Whole days, by whatever clock the reader has."""

    key: str
    """The same for the same event, so that a calendar that has it already brings it up to date."""
    first: dt.date
    last: dt.date
    summary: str
    description: str = ""
    place: str = ""
    url: str = ""


def as_calendar(event: Event, now: dt.datetime) -> bytes:
    """A calendar with one event and an alarm, in UTF-8. `now` is when it is made, aware."""
    from icalendar import Alarm, Calendar  # noqa: PLC0415 - who asks for no calendar starts without it
    from icalendar import Event as Entry  # noqa: PLC0415 - as above

    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", event.summary)
    alarm.add("trigger", ALARM)
    entry = Entry()
    entry.add("uid", f"{event.key}@{HOST}")
    entry.add("dtstamp", now.astimezone(dt.UTC))
    entry.add("dtstart", event.first)
    # The day after the last one: the end of a span is not in it.
    entry.add("dtend", event.last + dt.timedelta(days=1))
    entry.add("summary", event.summary)
    for name, value in (("description", event.description), ("location", event.place), ("url", event.url)):
        if value:
            entry.add(name, value)
    # It stands in the day without taking the time.
    entry.add("transp", "TRANSPARENT")
    entry.add_component(alarm)
    calendar = Calendar()
    calendar.add("prodid", MAKER)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(entry)
    return bytes(calendar.to_ical())
