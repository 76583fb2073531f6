"""The UNESCO Learning City Award: its rounds, and the cities of one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.callbacks import ListAwards, OpenJoin
from bot.markup import Bullets, Button, Html, Screen, bold, escape, fill, line, rows, shorten
from bot.screens.parts import city_link, quoted, source_line, with_original

REASON: Final = 75
"""Characters of a reason in a list; the card of the city has the whole of it."""

if TYPE_CHECKING:
    from bot.i18n import Reader
    from data.catalogue import Catalogue
    from data.types import AwardRound, City


def award_rounds(catalogue: Catalogue, reader: Reader) -> Screen:
    """`/awards`: what the award is, and its rounds."""
    _ = reader.translate
    newest_first = sorted(catalogue.award_rounds, key=lambda round_: -round_.year)
    total = sum(round_.cities for round_ in newest_first)
    return Screen(
        blocks=(
            line(bold(_("UNESCO Learning City Award"))),
            line(
                reader.plural("{n} award so far.", "{n} awards so far.", total),
                _("It recognises progress and good practice. By its rules it is not a UNESCO prize and not a quality label."),
            ),
            Bullets(tuple(_round_row(round_, catalogue, reader) for round_ in newest_first)),
            source_line(newest_first[0].sources, reader),
        ),
        buttons=rows(
            *(Button(str(round_.year), ListAwards(round_.year)) for round_ in newest_first),
            Button(_("Rules of the award"), OpenJoin("award")),
            width=3,
        ),
    )


def _round_row(round_: AwardRound, catalogue: Catalogue, reader: Reader) -> Html:
    place = next((reader.text(conference.place) for conference in catalogue.conferences if conference.id == round_.conference), "")
    _ = reader.translate
    cities = reader.plural("{n} city", "{n} cities", round_.cities)
    if not place:
        return fill(_("{year}: {cities}"), year=str(round_.year), cities=cities)
    return fill(_("{year}: {cities}; presented in {place}"), year=str(round_.year), cities=cities, place=place)


def awardees(round_: AwardRound, catalogue: Catalogue, reader: Reader) -> Screen:
    """The cities of one round, with the reasons that are known."""
    _ = reader.translate
    cities = [city for city in catalogue.cities.values() if any(award.year == round_.year for award in city.awards)]
    return Screen(
        blocks=(
            line(
                bold(fill(_("Learning City Award {year}"), year=str(round_.year))), reader.plural("{n} city", "{n} cities", round_.cities)
            ),
            Bullets(
                tuple(_awardee(city, round_.year, reader) for city in sorted(cities, key=lambda city: reader.order(reader.name(city))))
            ),
            source_line(round_.sources, reader),
        ),
        buttons=rows(
            *(Button(str(other.year), ListAwards(other.year)) for other in reversed(catalogue.award_rounds) if other.year != round_.year),
            width=4,
        ),
    )


def _awardee(city: City, year: int, reader: Reader) -> Html:
    award = next(award for award in city.awards if award.year == year)
    reason = shorten(reader.text(award.reason), REASON)
    named = with_original(city_link(city, reader), city, reader)
    return Html(f"{named}. {escape(reason)}" if reason else named)


def no_such_round(text: str, catalogue: Catalogue, reader: Reader) -> Screen:
    """A year in which no award was given, or words that are no year."""
    _ = reader.translate
    said = _("There was no award in {year}.") if text.isdigit() else _("I know no award of “{year}”.")
    years = reader.listing(str(round_.year) for round_ in catalogue.award_rounds)
    return Screen(
        blocks=(line(fill(said, year=quoted(text)), _("The award was given in {years}.").format(years=years)),),
        buttons=rows(*(Button(str(round_.year), ListAwards(round_.year)) for round_ in reversed(catalogue.award_rounds)), width=3),
    )
