"""What is said when something does not work: what happened, and what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.callbacks import OpenHelp, OpenStart
from bot.markup import Button, Screen, code, fill, line, rows
from bot.screens.parts import quoted

if TYPE_CHECKING:
    from bot.callbacks import Action
    from bot.i18n import Reader


def unknown_command(command: str, reader: Reader) -> Screen:
    """A command that the bot does not have."""
    _ = reader.translate
    return Screen(
        blocks=(line(fill(_("I do not know the command {command}. All commands: /help"), command=quoted(command))),),
        buttons=rows(Button(_("Help"), OpenHelp())),
    )


def not_understood(reader: Reader) -> Screen:
    """A sticker, a voice message, a picture."""
    _ = reader.translate
    return Screen(
        blocks=(line(_("I read text. Write the name of a city, or choose: /help")),),
        buttons=rows(Button(_("To the start"), OpenStart()), Button(_("Help"), OpenHelp())),
    )


def empty_text(reader: Reader) -> Screen:
    """Text without a single letter or digit."""
    _ = reader.translate
    return Screen(
        blocks=(line(_("I see no word in this message. Write the name of a city or a country, for example: Nikopol")),),
        buttons=rows(Button(_("Help"), OpenHelp())),
    )


def failure(request_id: str, reader: Reader) -> Screen:
    """A defect of ours; the code stands in the log too."""
    _ = reader.translate
    return Screen(
        (
            line(
                _("Something went wrong on my side; it has been noted. Please try again."),
                fill(_("Code: {code} (we see it too)"), code=code(request_id)),
            ),
        )
    )


def storage_failure(request_id: str, reader: Reader, again: Action | None = None) -> Screen:
    """The database cannot be reached; reading still works, choices cannot be saved.

    `again` is what tries once more, where that needs no more than the message that this one answers.
    """
    _ = reader.translate
    return Screen(
        blocks=(
            line(
                _("It could not be saved: the database is unavailable right now. Please try again in a minute."),
                _("Nothing is lost: what you wrote stands in the message above, which this one answers.") if again else "",
                fill(_("Code: {code} (we see it too)"), code=code(request_id)),
            ),
        ),
        buttons=rows(Button(_("Try again"), again)) if again else (),
    )


def flood(reader: Reader) -> Screen:
    """Too many messages at once from one chat; said once."""
    _ = reader.translate
    return Screen((line(_("Too many messages at once: I skipped some. Please send them one by one.")),))


def gone(reader: Reader) -> Screen:
    """A record that an old button or link names and the data set has no more."""
    _ = reader.translate
    return Screen(
        blocks=(line(_("This record is no longer in the data set.")),),
        buttons=rows(Button(_("To the start"), OpenStart())),
    )
