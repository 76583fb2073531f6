"""Conferences: one of them, those that pass, the next one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.callbacks import OpenAbout, OpenCity
from bot.markup import Button, Screen, bold, fill, line, rows
from bot.screens.parts import city_label, source_line

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
            Button(_("Conferences"), OpenAbout("conferences")),
            Button(_("Documents"), OpenAbout("documents")),
        ),
    )


def _told(conference: Conference, reader: Reader) -> tuple[Paragraph, ...]:
    _ = reader.translate
    title = (
        # Translators: {number} is an ordinal written as a figure: the 6th conference.
        fill(_("International Conference on Learning Cities No. {number}"), number=str(conference.number))
        if conference.number
        else fill(_("Members’ meeting"))
    )
    when = reader.days(conference.start, conference.end)
    place, theme = reader.text(conference.place), reader.text(conference.theme)
    return (
        line(bold(title), " · ".join(filter(None, (when, place)))),
        line(fill(_("Theme: {theme}."), theme=theme) if theme else ""),
        line(reader.text(conference.summary)),
        source_line(conference.sources, reader),
    )


def not_a_host(city: City | None, name: str, reader: Reader) -> Screen:
    """A place or a year without a conference."""
    _ = reader.translate
    return Screen(
        (line(fill(_("{place}: the network has held no conference there, as far as the sources tell."), place=bold(name))),),
        rows(Button(city_label(city, reader), OpenCity(city.number)) if city else None, Button(_("Conferences"), OpenAbout("conferences"))),
    )
