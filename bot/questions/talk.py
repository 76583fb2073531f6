"""Questions that are not about cities: courtesy, the bot itself, joining, the FAQ."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.callbacks import ChooseLanguage, FindNearest
from bot.markup import Button, Screen, line, rows
from bot.screens.network import about, help_, join, start
from bot.screens.personal import privacy
from bot.screens.questions import faq_answer, how_to_follow, how_to_report, small_talk

if TYPE_CHECKING:
    from bot.questions.asked import Asked


def courtesy(asked: Asked) -> Screen:
    """Hello, thanks, goodbye."""
    if asked.argument == "greeting":
        return start(asked.catalogue, asked.reader, greeted=True)
    return small_talk(asked.argument, asked.reader)


def part(asked: Asked) -> Screen:
    """A part of /about."""
    return about(asked.argument, asked.catalogue, asked.reader)


def how_it_works(asked: Asked) -> Screen:
    """What can be asked."""
    return help_(asked.reader)


def follow(asked: Asked) -> Screen:
    """How to get news."""
    return how_to_follow(asked.reader)


def what_is_stored(asked: Asked) -> Screen:
    """Privacy."""
    return privacy(asked.reader)


def mistake(asked: Asked) -> Screen:
    """Reporting a mistake."""
    return how_to_report(asked.reader)


def language(asked: Asked) -> Screen:
    """Choosing the language."""
    _ = asked.reader.translate
    return Screen((line(_("Choose the language of this chat: /language")),), rows(Button(_("Language"), ChooseLanguage())))


def joining(asked: Asked) -> Screen:
    """A part of /join."""
    return join(asked.argument, asked.catalogue, asked.reader)


def entry(asked: Asked) -> Screen | None:
    """An entry of the FAQ."""
    found = next((entry for entry in asked.catalogue.faq if entry.id == asked.argument), None)
    return faq_answer(found, asked.reader) if found else None


def nearest_to_me(asked: Asked) -> Screen:
    """Where a location is to be sent."""
    _ = asked.reader.translate
    return Screen((line(_("Send your location, or name a place: /nearby Rivne")),), rows(Button(_("Nearest members"), FindNearest())))
