"""What sources told and admins are to decide on, one thing after another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.callbacks import JudgeEntry, ManageItem, ManageSource
from bot.markup import Button, Screen, bold, fill, line, link, rows
from bot.screens.sources import named_tags
from data.intake import Doubt
from data.states import EntryState
from data.types import FuzzyDate

if TYPE_CHECKING:
    from bot.i18n import Reader
    from data.catalogue import Catalogue
    from data.entries import Entry

LETTERS: Final = {"cities": "c", "countries": "l", "topics": "t"}
"""How a button names the column of a tag."""


def queue_card(entry: Entry, waiting: int, catalogue: Catalogue, reader: Reader) -> Screen:
    """One thing that a source told: what it says, what it is about, why an admin is asked."""
    _ = reader.translate
    about = ", ".join(name for _, _, name in _tags(entry, catalogue, reader))
    return Screen(
        blocks=(
            line(bold(entry.title), reader.date(FuzzyDate.parse(entry.date)) if entry.date else _("without a date")),
            line(entry.summary),
            line(
                fill(_("About: {subjects}"), subjects=about) if about else _("About: the network as a whole"),
                fill(_("Source: {source}"), source=link(entry.url, entry.url)) if entry.url else _("It names no page to link to."),
                fill(_("Found in: {source}"), source=entry.source),
            ),
            line(_why(entry.doubt, reader)),
            line(reader.plural("{n} waits for you.", "{n} wait for you.", waiting) if waiting > 1 else ""),
        ),
        buttons=rows(
            Button(_("Publish"), JudgeEntry(entry.number, "publish")),
            Button(_("Drop"), JudgeEntry(entry.number, "drop")),
            Button(_("Edit"), JudgeEntry(entry.number, "edit")),
            Button(_("Tags"), JudgeEntry(entry.number, "tags")) if about else None,
            Button(_("Next ›"), JudgeEntry(entry.number, "next")) if waiting > 1 else None,
        ),
    )


def tags_card(entry: Entry, catalogue: Catalogue, reader: Reader) -> Screen:
    """What a thing is about: a tap takes a tag off."""
    _ = reader.translate
    tags = _tags(entry, catalogue, reader)
    return Screen(
        blocks=(
            line(bold(entry.title)),
            line(_("A tap takes a tag off. Edit adds others.") if tags else _("About: the network as a whole")),
        ),
        buttons=(
            *rows(*(Button(f"{name} ✕", JudgeEntry(entry.number, "untag", f"{LETTERS[column]}{key}")) for column, key, name in tags)),
            *rows(Button(_("Back"), JudgeEntry(entry.number))),
        ),
    )


def decided(entry: Entry, waiting: int, reader: Reader) -> Screen:
    """What became of a thing, whoever decided."""
    _ = reader.translate
    said = {
        EntryState.PUBLISHED: _("Published: whoever follows its subjects gets it."),
        EntryState.DROPPED: _("Dropped: nobody gets it."),
    }.get(entry.state, _("It is no longer to be decided."))
    return Screen(
        blocks=(line(bold(entry.title), said), line(reader.plural("{n} waits for you.", "{n} wait for you.", waiting) if waiting else "")),
        buttons=rows(
            Button(_("How it is delivered"), ManageItem(entry.item, "show")) if entry.state is EntryState.PUBLISHED else None,
            Button(_("Next ›"), JudgeEntry(entry.number, "next")) if waiting else None,
            Button(_("All sources"), ManageSource()),
        ),
    )


def queue_empty(reader: Reader) -> Screen:
    """Everything was decided."""
    _ = reader.translate
    return Screen((line(_("Nothing waits for you.")),), buttons=rows(Button(_("All sources"), ManageSource())))


def file_taken(waiting: int, reader: Reader) -> Screen:
    """What became of a feed that an admin sent as a file."""
    _ = reader.translate
    said = reader.plural("{n} new thing of this file waits for you.", "{n} new things of this file wait for you.", waiting)
    return Screen(
        blocks=(line(said if waiting else _("This file tells nothing new.")),),
        buttons=rows(Button(_("Decide"), JudgeEntry(0, "next")) if waiting else None),
    )


def file_refused(problem: str, most_megabytes: int, reader: Reader) -> Screen:
    """A file that is no feed, or too large."""
    _ = reader.translate
    return Screen((line(_("I read feeds in files: RSS or Atom, at most {n} MB.").format(n=reader.number(most_megabytes)), problem),))


def _tags(entry: Entry, catalogue: Catalogue, reader: Reader) -> list[tuple[str, str, str]]:
    return named_tags(entry.cities, entry.countries, entry.topics, catalogue, reader)


def _why(doubt: Doubt | None, reader: Reader) -> str:
    _ = reader.translate
    return {
        None: "",
        Doubt.ASKED: _("You asked to see everything of this source first."),
        Doubt.NO_UNESCO: _("I ask because it speaks of learning cities, but does not name UNESCO’s network."),
        Doubt.OTHER_NETWORK: _("I ask because it also speaks of something else, such as Creative Cities or machine learning."),
        Doubt.SEVERAL_PLACES: _("I ask because a name in it fits several places."),
        Doubt.OTHER_COUNTRY: _("I ask because it names a country and a city of another one."),
        Doubt.NO_DATE: _("I ask because its date cannot be found: it may be old."),
        Doubt.MANY: _("I ask because this source told many things at once."),
        Doubt.FORM: _("I ask because it cannot go out as it is: it needs a title of its own and a link. Use Edit."),
    }[doubt]
