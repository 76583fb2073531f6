"""What lies ahead: a reminder as it comes by itself, and the day of it as a file for the calendar."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.calendars import Event, as_calendar
from bot.callbacks import Tune
from bot.markup import Button, Document, Screen, bold, fill, italic, line, link, rows
from bot.screens.delivery import Standing, delivered, host, told_standing
from bot.screens.events import conference_title
from bot.screens.parts import calendar_button
from data.reminders import Reminder
from data.topics import MARKS, Topic
from data.types import NewsId, Precision

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from bot.i18n import Reader
    from bot.markup import Text
    from data.catalogue import Catalogue
    from data.follows import Target
    from data.types import Lang, Source

TOMORROW: Final = 1


@dataclass(frozen=True, slots=True)
class Occasion:
    """A conference, or something with a last day, in the words of one reader."""

    first: dt.date
    last: dt.date
    title: str
    summary: Mapping[Lang, str]
    place: str
    sources: tuple[Source, ...]
    is_conference: bool
    is_call: bool


def occasion(record: str, catalogue: Catalogue, reader: Reader) -> Occasion | None:
    """What a conference or a news item has to be kept in mind; None if there is no such record, or no day of it is known."""
    item = catalogue.news_by_id.get(NewsId(record))
    if item:
        title, is_call = reader.text(item.title), MARKS[Topic.DEADLINES] in item.topics
        day = item.deadline
        return Occasion(day, day, title, item.summary, "", item.sources, False, is_call) if day else None
    for one in catalogue.conferences:
        if one.id == record and one.start.precision is Precision.DAY:
            last = one.end if one.end and one.end.precision is Precision.DAY else one.start
            title, place = conference_title(one, reader), reader.text(one.place)
            return Occasion(one.start.first_day, last.first_day, title, one.summary, place, one.sources, True, False)
    return None


def delivered_item(
    item: str, target: Target | None, catalogue: Catalogue, reader: Reader, standing: Standing = Standing.FOLLOWED
) -> Screen | None:
    """Whatever comes by itself, news or a reminder, by its key; None if it is not there any more."""
    if reminder := Reminder.parse(item):
        return reminder_card(reminder, target, catalogue, reader, standing)
    found = catalogue.news_by_id.get(NewsId(item))
    return delivered(found, target, catalogue, reader, standing) if found else None


def reminder_card(
    reminder: Reminder, target: Target | None, catalogue: Catalogue, reader: Reader, standing: Standing = Standing.FOLLOWED
) -> Screen | None:
    """What lies ahead, when, and how long it is until then; None if there is nothing to be reminded of any more.

    `target` is what the chat follows; None if the follow ended meanwhile.
    """
    _ = reader.translate
    told = occasion(reminder.record, catalogue, reader)
    if told is None:
        return None
    day = reader.full_day(told.first)
    source = told.sources[0] if told.sources else None
    return Screen(
        blocks=(
            line(f"⏰ {_left(told, reader)}", bold(told.title)),
            line(fill(_("Begins: {date}"), date=day) if told.is_conference else fill(_("Deadline: {date}"), date=day), told.place),
            line(reader.text(told.summary)),
            line("" if reader.has(told.summary) or not told.summary else italic(_("There is no text in your language yet."))),
            line(_page(told, reader), told_standing(target, standing, catalogue, reader) if target else ""),
        ),
        buttons=rows(
            calendar_button(reminder.record, told.last, reader),
            Button(_("Read"), url=source.url) if source else None,
            _choice(reminder, target, standing, reader) if target else None,
        ),
    )


def calendar_file(record: str, now: dt.datetime, catalogue: Catalogue, reader: Reader) -> Screen | None:
    """The day as a file for the calendar; None if it is unknown or over."""
    _ = reader.translate
    told = occasion(record, catalogue, reader)
    if told is None or told.last < now.date():
        return None
    event = Event(
        key=record,
        first=told.first,
        last=told.last,
        # Translators: an entry in a calendar; {title} is the title of a news item.
        summary=told.title if told.is_conference else _("Deadline: {title}").format(title=told.title),
        description=reader.text(told.summary),
        place=told.place,
        url=told.sources[0].url if told.sources else "",
    )
    return Screen(blocks=(), document=Document(f"learning-cities-{record}-{told.first}.ics", as_calendar(event, now)))


def passed(reader: Reader) -> str:
    """For a day that cannot be kept in mind any more; shown over the chat."""
    _ = reader.translate
    return _("This day has passed, or is not known any more.")


def _left(told: Occasion, reader: Reader) -> str:
    """How long it is until then, by the date; where that is unknown or over, that this was a reminder."""
    _ = reader.translate
    days = (told.first - reader.today).days if reader.today else -1
    if days < 0:
        return _("Reminder")
    if days <= TOMORROW:
        if told.is_conference:
            return _("The conference begins tomorrow") if days else _("The conference begins today")
        return _("The deadline is tomorrow") if days else _("The deadline is today")
    if told.is_conference:
        return reader.plural("The conference begins in {n} day", "The conference begins in {n} days", days)
    return reader.plural("{n} day is left until the deadline", "{n} days are left until the deadline", days)


def _page(told: Occasion, reader: Reader) -> Text:
    _ = reader.translate
    if not told.sources:
        return ""
    page = link(host(told.sources[0].url), told.sources[0].url)
    return fill(_("How to apply: {page}"), page=page) if told.is_call else fill(_("More about it: {page}"), page=page)


def _choice(reminder: Reminder, target: Target, standing: Standing, reader: Reader) -> Button:
    _ = reader.translate
    if standing is Standing.FOLLOWED:
        return Button(_("Do not follow"), Tune(Standing.ENDED, target, reminder.key))
    return Button(_("🔔 Follow again"), Tune(Standing.FOLLOWED, target, reminder.key))
