"""What a reader chooses, and what is kept of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bot.callbacks import Cancel, Forget, OpenStart, SetLanguage
from bot.markup import Bullets, Button, Document, Screen, bold, escape, fill, line, rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.i18n import Languages, Reader
    from data.types import Lang


def choose_language(held: Sequence[Lang], languages: Languages, reader: Reader) -> Screen:
    """The languages held; nothing but endonyms, so that everyone finds their own."""
    _ = reader.translate
    return Screen(
        blocks=(line(_("Choose the language of this chat:")),),
        buttons=rows(
            *(Button(languages.endonym(lang), SetLanguage(lang)) for lang in held), Button(_("Same as my Telegram"), SetLanguage(""))
        ),
    )


def language_chosen(reader: Reader) -> Screen:
    """Said in the new language."""
    _ = reader.translate
    return Screen(
        blocks=(line(_("I will write in English here. You can change this: /language")),),
        buttons=rows(Button(_("To the start"), OpenStart())),
    )


def privacy(reader: Reader) -> Screen:
    """What is kept, why and for how long."""
    _ = reader.translate
    return Screen(
        blocks=(
            line(bold(_("What I store about you"))),
            Bullets(
                (
                    _("If a language was chosen: that language and the chat’s technical number (not a phone number)."),
                    _(
                        "If news is followed: what the chat follows, since when, in which language, how often, with or without a sound, "
                        "by which words, which news was sent here, and whether I may write here."
                    ),
                    _("If you choose when news comes: the time zone, the quiet hours, and the time and day of digests."),
                    _("Nothing else. If I cannot write here for 90 days, all of it is deleted."),
                    _("No names, no messages, no locations. A location you send is used for one answer and not stored."),
                    _(
                        "If I have no answer to a question, the words in it that I do not know are kept for 30 days, without who asked "
                        "and without the text."
                    ),
                    _("A report of a mistake goes to the administrators as a message and is not stored by the bot."),
                )
            ),
            line(_("/mydata shows all that is stored. /forget deletes it after you confirm.")),
        ),
        buttons=rows(Button(_("Delete my data"), Forget())),
    )


def my_data(known: dict[str, Any], reader: Reader) -> Screen:
    """All that is stored, as a file; or that nothing is."""
    _ = reader.translate
    if not known:
        return Screen((line(_("Nothing is stored about this chat.")),))
    content = json.dumps(known, ensure_ascii=False, indent=2).encode()
    return Screen((line(_("This is all that is stored about this chat.")),), document=Document("my-data.json", content))


def confirm_forget(reader: Reader) -> Screen:
    """The first of two steps."""
    _ = reader.translate
    return Screen(
        blocks=(line(_("Delete everything that is stored about this chat? This cannot be undone.")),),
        buttons=rows(Button(_("Delete"), Forget(1)), Button(_("Keep"), Cancel())),
    )


def forgotten(had: bool, reader: Reader) -> Screen:
    """Done."""
    _ = reader.translate
    return Screen((line(_("Deleted. Nothing about this chat is stored any more.") if had else _("Nothing was stored about this chat.")),))


def kept(reader: Reader) -> Screen:
    """Left as it was."""
    _ = reader.translate
    return Screen((line(_("Nothing was changed.")),))


def ask_location(reader: Reader) -> Screen:
    """`/nearby` in a private chat: one button sends the location."""
    _ = reader.translate
    return Screen(
        blocks=(line(_("Send your location, and I will name the nearest members. It is not stored. Or name a place: /nearby Dnipro")),),
        ask_location=_("📍 Send my location"),
    )


def ask_location_in_group(reader: Reader) -> Screen:
    """`/nearby` in a group, where no button can ask for a location."""
    _ = reader.translate
    return Screen((line(_("Name a place: /nearby Dnipro. Or send me your location in a private chat.")),))


def ask_mistake(marker: str, name: str, reader: Reader) -> Screen:
    """Asks for a report; the marker in the text says of which record when the reply comes."""
    _ = reader.translate
    return Screen(
        blocks=(
            line(
                fill(
                    _(
                        "A mistake in: {name}. What exactly is wrong? "
                        "Reply to this message in your own words, with a source if you have one."
                    ),
                    name=bold(name),
                ),
                escape(marker),
            ),
        ),
        ask_reply=_("What is wrong, and how do you know?"),
    )


def mistake_received(reader: Reader) -> Screen:
    """The administrators have it."""
    _ = reader.translate
    return Screen((line(_("Thank you. Your report was passed on to the administrators.")),))


def mistake_not_delivered(reader: Reader) -> Screen:
    """Nobody could be reached; the text is not lost, it stands above."""
    _ = reader.translate
    return Screen(
        (line(_("The administrators cannot be reached right now. Your text is in the message above; please send it again later.")),)
    )


def nobody_reads_reports(reader: Reader) -> Screen:
    """Whoever runs the bot named no administrators: better said before someone writes."""
    _ = reader.translate
    return Screen((line(_("This bot has no administrators to read reports.")),))


def too_many_reports(reader: Reader) -> Screen:
    """Enough for now."""
    _ = reader.translate
    return Screen((line(_("You have sent many reports within an hour. Please send the next one later.")),))


def mistake_for_admins(kind: str, record: str, name: str, text: str, who: str, reader: Reader) -> Screen:
    """A report as the administrators see it."""
    _ = reader.translate
    return Screen(
        blocks=(
            line(bold(_("A mistake was reported"))),
            line(fill(_("Record: {kind} {record}, {name}"), kind=kind, record=record, name=name), fill(_("From: {who}"), who=who)),
            line(text),
        )
    )


def only_admins_choose(reader: Reader) -> str:
    """An alert for those who may not."""
    _ = reader.translate
    return _("Only administrators choose the language of this chat.")
