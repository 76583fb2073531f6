"""What is said when somebody asks for more of an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.callbacks import OpenHelp
from bot.markup import Button, Screen, line, rows
from bot.screens.parts import home_button

if TYPE_CHECKING:
    from bot.i18n import Reader


def nothing_more(reader: Reader) -> Screen:
    """The answer before was whole."""
    _ = reader.translate
    return _ask_on(_("That was all I have on this. Ask me about something else."), reader)


def more_of_what(reader: Reader) -> Screen:
    """Nothing was asked just now."""
    _ = reader.translate
    return _ask_on(_("I do not remember what to go on with. Please ask your question once more."), reader)


def _ask_on(said: str, reader: Reader) -> Screen:
    _ = reader.translate
    return Screen((line(said),), rows(home_button(reader), Button(_("Help"), OpenHelp())))
