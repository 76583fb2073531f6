"""Conferences: one of them, those that pass, the next one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.callbacks import OpenAbout, OpenCity
from bot.markup import Button, Screen, bold, fill, line, rows
from bot.screens.parts import calendar_button, city_label, source_line
from data.types import Precision

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.i18n import Reader
    from bot.markup import Paragraph
    from data.catalogue import Catalogue
    from data.types import City, Conference


def conference_cards(conferences: Sequence[Conference], catalogue: Catalogue, reader: Reader) -> Screen:
    """What is known of some conferences: when, where, on what, with what outcome."""
    _ = reader.translate
    hosts = [catalogue.cities[conference.city] for conference in conferences if conference.city and conference.city in catalogue.cities]
    return Screen(
        blocks=tuple(block for conference in conferences for block in _told(conference, reader)),
        buttons=rows(
            *(Button(city_label(city, reader), OpenCity(city.number)) for city in {city.id: city for city in hosts}.values()),
            *(calendar_button(one.id, (one.end or one.start).first_day, reader) for one in conferences if _is_dated(one)),
            Button(_("Conferences"), OpenAbout("conferences")),
            Button(_("Documents"), OpenAbout("documents")),
        ),
    )


def _told(conference: Conference, reader: Reader) -> tuple[Paragraph, ...]:
    _ = reader.translate
    when = reader.days(conference.start, conference.end)
    place, theme = reader.text(conference.place), reader.text(conference.theme)
    return (
        line(bold(conference_title(conference, reader)), " · ".join(filter(None, (when, place)))),
        line(fill(_("Theme: {theme}."), theme=theme) if theme else ""),
        line(reader.text(conference.summary)),
        source_line(conference.sources, reader),
    )


def conference_title(conference: Conference, reader: Reader) -> str:
    """What a conference is called."""
    _ = reader.translate
    if not conference.number:
        return _("Members’ meeting")
    # Translators: {number} is an ordinal written as a figure: the 6th conference.
    return _("International Conference on Learning Cities No. {number}").format(number=conference.number)


def _is_dated(conference: Conference) -> bool:
    return conference.start.precision is Precision.DAY


def not_a_host(city: City | None, name: str, reader: Reader) -> Screen:
    """A place or a year without a conference."""
    _ = reader.translate
    return Screen(
        (line(fill(_("{place}: the network has held no conference there, as far as the sources tell."), place=bold(name))),),
        rows(Button(city_label(city, reader), OpenCity(city.number)) if city else None, Button(_("Conferences"), OpenAbout("conferences"))),
    )
