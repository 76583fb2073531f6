"""Things beside one another: cities, countries, regions, years; and who comes first, last, or has most."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.callbacks import ListCities, ListCountries, OpenCity
from bot.markup import Bullets, Button, Html, Screen, Text, bold, escape, fill, joined, line, rows
from bot.screens.lists import list_title
from bot.screens.parts import (
    OFFICIAL_MAP,
    cited,
    city_in_country,
    city_label,
    city_link,
    flag,
    membership,
    number_source,
    record,
    region_name,
    short_year,
    source_line,
)
from data.types import Basis, Filter, Status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.i18n import Reader
    from data.catalogue import Catalogue
    from data.types import City, Country, Intake, Place, Region, Source

SHOWN: Final = 10
TWO: Final = 2
FEW: Final = 12
"""Cities of a country that are named beside its number."""


def city_comparison(cities: Sequence[City], places: Sequence[Place], catalogue: Catalogue, reader: Reader) -> Screen:
    """Cities beside one another: since when, awards, practices; first of all who joined earlier."""
    _ = reader.translate
    absent = _("{place}: not in my list of members")
    return Screen(
        blocks=(
            line(_earlier(cities, reader)),
            Bullets(
                (
                    *(_compared(city, catalogue, reader) for city in cities),
                    *(fill(f"{flag(place.country)} {absent}.", place=bold(reader.place(place))) for place in places),
                )
            ),
            source_line([source for city in cities for source in city.sources[:1]], reader),
        ),
        buttons=rows(*(Button(city_label(city, reader), OpenCity(city.number)) for city in cities)),
    )


def _earlier(cities: Sequence[City], reader: Reader) -> Text:
    """Who joined first, where that is certain of all."""
    _ = reader.translate
    certain = [city for city in cities if city.joined and city.joined_basis is Basis.ANNOUNCED]
    if len(certain) < len(cities) or len(cities) < 2:  # noqa: PLR2004 - one thing is not compared
        return ""
    first, *others = sorted(certain, key=lambda city: city.joined or 0)
    if others[0].joined == first.joined:
        same = [city for city in certain if city.joined == first.joined]
        names = joined(bold(reader.name(city)) for city in same)
        # Translators: {cities} are names in the nominative, at least two.
        return fill(_("Joined in the same year, {year}: {cities}."), cities=names, year=str(first.joined))
    # Translators: {city} is the city that joined the network before the others named; in the nominative.
    return fill(_("Joined earlier: {city}, in {year}."), city=bold(reader.name(first)), year=str(first.joined))


def _compared(city: City, catalogue: Catalogue, reader: Reader) -> Html:
    _ = reader.translate
    country = reader.name(catalogue.countries[city.country])
    practices = len(catalogue.practices_of.get(city.id, ()))
    told = [membership(city, reader)]
    if city.awards:
        years = reader.listing(str(award.year) for award in city.awards)
        told.append(_("Learning City Award: {years}.").format(years=years))
    else:
        told.append(_("No Learning City Award."))
    if practices:
        told.append(reader.plural("Practice: {n}", "Practices: {n}", practices) + ".")
    return Html(f"{city_link(city, reader)}, {escape(country)}. {escape(' '.join(told))}")


def verdicts(cities: Sequence[City], places: Sequence[Place], catalogue: Catalogue, reader: Reader) -> Screen:
    """Whether each of several places is a member."""
    _ = reader.translate
    rows_ = [Html(f"{flag(city.country)} {_verdict(city, reader)}") for city in cities]
    for place in places:
        said = (
            _("{city}: no, not a member.")
            if catalogue.is_complete(place.country)
            else _("{city}: no, not in my list; the list is incomplete.")
        )
        rows_.append(Html(f"{flag(place.country)} {fill(said, city=bold(reader.place(place)))}"))
    opening: Text = ""
    members = [city for city in cities if city.status is Status.MEMBER]
    if not places and len(members) == len(cities):
        opening = _("Yes, both are members.") if len(members) == TWO else _("Yes, all of them are members.")
    elif not cities:
        opening = _("No, none of them is in my list.")
    return Screen(
        blocks=(line(opening), Bullets(tuple(rows_)), source_line([source for city in cities for source in city.sources[:1]], reader)),
        buttons=rows(
            *(Button(city_label(city, reader), OpenCity(city.number)) for city in cities),
            Button(_("Official list"), url=OFFICIAL_MAP) if places else None,
        ),
    )


def _verdict(city: City, reader: Reader) -> Html:
    _ = reader.translate
    name = bold(reader.name(city))
    if city.status is Status.MEMBER:
        year = short_year(city, reader)
        return fill(_("{city}: yes, a member ({year})."), city=name, year=year) if year else fill(_("{city}: yes, a member."), city=name)
    return fill("{city}: {said}", city=name, said=membership(city, reader))


def country_comparison(countries: Sequence[Country], catalogue: Catalogue, reader: Reader) -> Screen:
    """How many members each country has; the number that a source states first."""
    _ = reader.translate
    counted = sorted(((country, *_count(country, catalogue)) for country in countries), key=lambda row: -row[1])
    (most, number, _stated), (_second, following, _other) = counted[0], counted[1]
    if number > following:
        # Translators: {country} stands in the nominative.
        opening = fill(_("More member cities: {country}."), country=bold(reader.name(most)))
    else:
        opening = escape(reader.plural("The same number: {n}.", "The same number: {n}.", number))
    return Screen(
        blocks=(
            line(opening),
            Bullets(
                tuple(
                    _with_names(country, _counted(country, number, stated, reader), catalogue, reader)
                    for country, number, stated in counted
                )
            ),
            number_source([source for _country, _number, stated in counted for source in stated[:1]], reader),
        ),
        buttons=rows(*(Button(f"{flag(c.code)} {reader.name(c)}", ListCities(Filter(country=c.code))) for c, _n, _s in counted)),
    )


def _with_names(country: Country, told: Html, catalogue: Catalogue, reader: Reader) -> Html:
    """A country's number with the names of its cities, if they are few."""
    cities = catalogue.select(Filter(country=country.code))
    if not cities or len(cities) > FEW:
        return told
    return Html(f"{told}: {joined(record(reader.name(city), 'c', city.id, reader) for city in cities)}")


def _count(country: Country, catalogue: Catalogue) -> tuple[int, Sequence[Source]]:
    """The number of members, and who states it; nobody where we only count those we can name."""
    named = len(catalogue.select(Filter(country=country.code)))
    total = catalogue.country_total(country.code)
    if total and total.cities and total.cities >= named:
        return total.cities, total.sources
    return named, ()


def _counted(country: Country, number: int, stated: Sequence[Source], reader: Reader) -> Html:
    _ = reader.translate
    cities = reader.plural("{n} member city", "{n} member cities", number)
    told = f"{flag(country.code)} {bold(reader.name(country))}: {escape(cities)}"
    if stated:
        return Html(f"{told} ({cited(stated[0], reader)})")
    known_to_me = reader.plural("known to me", "known to me", number)
    return Html(f"{told} ({escape(known_to_me)})")


def top_countries(ranked: Sequence[Country], region: Region | None, catalogue: Catalogue, reader: Reader) -> Screen:
    """The countries with most members, or with fewest: ranked by whoever asks."""
    _ = reader.translate
    counted = [(country, *_count(country, catalogue)) for country in ranked[:SHOWN]]
    first, number, _stated = counted[0]
    # Translators: {country} stands in the nominative; {cities} is a number of member cities.
    opening = fill(
        _("{country}: {cities}."), country=bold(reader.name(first)), cities=reader.plural("{n} member city", "{n} member cities", number)
    )
    return Screen(
        blocks=(
            line(bold(region_name(region, reader)) if region else "", opening),
            Bullets(tuple(_counted(*row, reader) for row in counted)),
            line(_("Where no source states a number, I count the members that I can name.")),
            number_source([source for _country, _number, stated in counted[:1] for source in stated[:1]], reader),
        ),
        buttons=rows(
            Button(f"{flag(first.code)} {reader.name(first)}", ListCities(Filter(country=first.code))),
            Button(_("Countries"), ListCountries(region)),
        ),
    )


def region_comparison(counted: Sequence[tuple[Region, int]], catalogue: Catalogue, reader: Reader) -> Screen:
    """How many members of each region are named."""
    _ = reader.translate
    rows_ = [
        (region_name(region, reader), reader.plural("{n} city in my list", "{n} cities in my list", count)) for region, count in counted
    ]
    return Screen(
        blocks=(
            line(
                reader.plural("{n} UNESCO region; members that I can name:", "{n} UNESCO regions; members that I can name:", len(counted))
            ),
            Bullets(tuple(escape(f"{region}: {cities}") for region, cities in rows_)),
            number_source(catalogue.network_total.sources, reader),
        ),
        buttons=rows(*(Button(region_name(region, reader), ListCities(Filter(region=region))) for region, _count_ in counted)),
    )


def intake_comparison(intakes: Sequence[Intake], missing: Sequence[int], reader: Reader, opening: Text = "") -> Screen:
    """The numbers of several intakes, the largest named first where that is asked."""
    _ = reader.translate
    rows_ = []
    for intake in intakes:
        cities = reader.plural("{n} city joined", "{n} cities joined", intake.cities)
        total = reader.plural("{n} member after it", "{n} members after it", intake.network_cities) if intake.network_cities else ""
        rows_.append(fill("{year}: {told}", year=bold(str(intake.year)), told="; ".join(filter(None, (cities, total)))))
    rows_ += [fill(_("{year}: no intake was announced."), year=bold(str(year))) for year in missing]
    return Screen(
        blocks=(line(opening), Bullets(tuple(rows_)), source_line([source for intake in intakes for source in intake.sources[:1]], reader)),
        buttons=rows(*(Button(str(intake.year), ListCities(Filter(year=intake.year))) for intake in intakes), width=3),
    )


def members_by_time(cities: Sequence[City], wanted: Filter, opening: str, catalogue: Catalogue, reader: Reader) -> Screen:
    """The first or the last to join of a list: `opening` says which."""
    _ = reader.translate
    shown = [with_country(city, wanted, catalogue, reader) for city in cities[:SHOWN]]
    more = reader.plural("and {n} more", "and {n} more", len(cities) - SHOWN) if len(cities) > SHOWN else ""
    return Screen(
        blocks=(
            line(bold(list_title(wanted, catalogue, reader)) if wanted != Filter() else "", opening),
            Bullets(tuple(shown)),
            line(more),
            source_line([source for city in cities[:1] for source in city.sources[:1]], reader),
        ),
        buttons=rows(
            *(Button(city_label(city, reader), OpenCity(city.number)) for city in cities[:4]),
            Button(_("All cities"), ListCities(wanted)),
        ),
    )


def farthest_cities(cities: Sequence[City], wanted: Filter, catalogue: Catalogue, reader: Reader) -> Screen:
    """The members farthest to one side, the farthest first."""
    _ = reader.translate
    return Screen(
        blocks=(
            line(bold(list_title(wanted, catalogue, reader)) if wanted != Filter() else ""),
            line(fill(_("Of the members that I can name: {city}. The next are:"), city=bold(reader.name(cities[0])))),
            Bullets(tuple(with_country(city, wanted, catalogue, reader) for city in cities[1:])),
            source_line(cities[0].sources, reader),
        ),
        buttons=rows(*(Button(city_label(city, reader), OpenCity(city.number)) for city in cities[:4])),
    )


def with_country(city: City, wanted: Filter, catalogue: Catalogue, reader: Reader) -> Html:
    """A city with its year; with its country where the list is not of one."""
    named = city_link(city, reader) if wanted.country else city_in_country(city, catalogue, reader)
    year = short_year(city, reader)
    return Html(f"{named} · {escape(year)}") if year else named
