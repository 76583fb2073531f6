"""A news item as it comes by itself: what it is, and which of the chat's follows it came for."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.callbacks import Tune
from bot.markup import Button, Screen, bold, fill, italic, joined, line, link, rows
from bot.screens.parts import calendar_button, target_name

if TYPE_CHECKING:
    from bot.i18n import Reader
    from data.catalogue import Catalogue
    from data.follows import Target
    from data.types import NewsItem

SHOWN = 3
"""Subjects in the first line."""


class Standing(enum.IntEnum):
    """What became of the follow that an item came for; the numbers stand on buttons."""

    ENDED = 0
    PAUSED = 1
    FOLLOWED = 2
    DAILY = 3
    """It comes in the daily digest from now on."""
    AT_ONCE = 4
    """It is followed at once again."""


def delivered(
    item: NewsItem, target: Target | None, catalogue: Catalogue, reader: Reader, standing: Standing = Standing.FOLLOWED
) -> Screen:
    """The item in the reader's language, or else in its own and marked so. `target` is None if the follow ended meanwhile."""
    _ = reader.translate
    source = item.sources[0] if item.sources else None
    said = [reader.date(item.date)] if item.date else []
    said += [link(host(source.url), source.url)] if source else []
    return Screen(
        blocks=(
            line(f"🔔 {_about(item, catalogue, reader)}", bold(reader.text(item.title))),
            line(reader.text(item.summary)),
            line(fill(_("Deadline: {date}"), date=reader.full_day(item.deadline)) if item.deadline else ""),
            line("" if reader.has(item.title) else italic(_("There is no text in your language yet."))),
            line(joined(said, " · "), told_standing(target, standing, catalogue, reader) if target else ""),
        ),
        buttons=rows(
            Button(_("Read"), url=source.url) if source else None,
            calendar_button(item.id, item.deadline, reader) if item.deadline else None,
            *_choices(item, target, standing, reader),
        ),
    )


def withdrawn(reader: Reader) -> Screen:
    """What stays of a message that Telegram lets nobody delete any more."""
    _ = reader.translate
    return Screen((line(_("This item was withdrawn.")),))


def _about(item: NewsItem, catalogue: Catalogue, reader: Reader) -> str:
    """Львів · Україна: the first subjects of an item, or the network."""
    _ = reader.translate
    cities = [reader.name(catalogue.cities[city]) for city in item.cities if city in catalogue.cities]
    countries = [reader.name(catalogue.countries[code]) for code in item.countries if code in catalogue.countries]
    return " · ".join((cities + countries)[:SHOWN]) or _("News of the network")


def told_standing(target: Target, standing: Standing, catalogue: Catalogue, reader: Reader) -> str:
    """What became of a follow, in a line."""
    _ = reader.translate
    told = {
        Standing.FOLLOWED: _("You follow: {name}"),
        Standing.AT_ONCE: _("You follow: {name}"),
        Standing.DAILY: _("In the daily digest from now on: {name}"),
        Standing.PAUSED: _("Paused, other follows go on: {name}"),
        Standing.ENDED: _("No longer followed: {name}"),
    }
    return told[standing].format(name=target_name(target, catalogue, reader))


def _choices(item: NewsItem, target: Target | None, standing: Standing, reader: Reader) -> tuple[Button, ...]:
    if target is None:
        return ()
    _ = reader.translate
    again = Button(_("🔔 Follow again"), Tune(Standing.FOLLOWED, target, item.id))
    match standing:
        case Standing.ENDED:
            return (again,)
        case Standing.PAUSED:
            return (again, Button(_("In a daily digest"), Tune(Standing.DAILY, target, item.id)))
        case Standing.DAILY:
            return (Button(_("At once again"), Tune(Standing.AT_ONCE, target, item.id)),)
    return (
        Button(_("Less like this"), Tune(Standing.PAUSED, target, item.id)),
        Button(_("Do not follow"), Tune(Standing.ENDED, target, item.id)),
    )


def host(url: str) -> str:
    """Where a page is, as it is shown: unesco.org."""
    return (urlsplit(url).hostname or url).removeprefix("www.")


def alert_for_chat(title: str, what: str, reader: Reader) -> Screen:
    """For an admin of a chat, in private: why news does not arrive there as wished."""
    _ = reader.translate
    if what == "topic_closed":
        said = _("The topic of {chat} that gets news is closed or gone. The item went to General, and that follow is paused.")
    else:
        said = _("I may not write in {chat}, so its news is paused. Give me the right to post there, and it goes on.")
    return Screen((line(fill(said, chat=bold(title))),))


def alert_for_admins(what: str, item: str, reader: Reader) -> Screen:
    """For those who run the bot."""
    _ = reader.translate
    told = {
        "defect": _("Telegram refused the form of item {item}; it went out as plain text."),
        "outage": _("So many chats refused news that all deliveries are paused. See whether Telegram or the bot is at fault, then resume."),
        "halted": _("Nothing can be sent at the moment; nothing is lost."),
    }
    return Screen((line(fill(told.get(what, what), item=item)),))
