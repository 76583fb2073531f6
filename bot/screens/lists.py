"""Lists of cities and countries. The official number is told first, the named list after it, and how complete that is."""

from __future__ import annotations

import csv
import io
import math
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from bot.callbacks import Download, ListAwards, ListCities, ListCountries, ListPractices, ListThemes, OpenJoin
from bot.markup import Bullets, Button, Document, Html, Paragraph, Screen, Text, bold, escape, fill, joined, line, rows
from bot.screens.parts import (
    OFFICIAL_MAP,
    city_link,
    flag,
    follow_button,
    home_button,
    number_source,
    page_of,
    pager,
    quoted,
    record,
    region_name,
    with_original,
    with_year,
)
from data.follows import Kind, Target
from data.types import ANY_AWARD, SOURCE_LANG, Basis, City, Country, Filter, Listing, Region, Status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.i18n import Reader
    from data.catalogue import Catalogue
    from data.types import Source, Total

CSV_COLUMNS: Final = (
    "number",
    "id",
    "name",
    "name_local",
    "country",
    "region",
    "status",
    "joined",
    "joined_basis",
    "awards",
    "as_of",
    "source",
)


def city_list(wanted: Filter, page: int, size: int, catalogue: Catalogue, reader: Reader) -> Screen:
    """A page of the cities that pass a filter."""
    _ = reader.translate
    cities = sorted(catalogue.select(wanted), key=lambda city: _standing(city, wanted, catalogue, reader))
    page, pages, shown = page_of(cities, page, size)
    return Screen(
        blocks=(
            line(bold(list_title(wanted, catalogue, reader))),
            line(*_numbers(wanted, len(cities), catalogue, reader)),
            Bullets(tuple(_row(city, wanted, catalogue, reader) for city in shown)),
            line(_("Page {page} of {pages}").format(page=page + 1, pages=pages) if pages > 1 else ""),
            _unconfirmed(wanted, catalogue, reader) if page == pages - 1 else line(),
            number_source(_sources(wanted, cities, catalogue), reader),
        )
        if cities
        else _nothing(wanted, catalogue, reader),
        buttons=(
            pager(page, pages, Button(_("‹ Back"), ListCities(wanted, page - 1)), Button(_("Next ›"), ListCities(wanted, page + 1))),
            *rows(
                _follow(wanted, reader),
                Button(_("Download table (CSV)"), Download(wanted)) if cities else None,
                Button(_("Countries"), ListCountries(None)),
                Button(_("Practices"), ListPractices(0, wanted.country, None)) if wanted.country else None,
                None if cities else Button(_("How to join"), OpenJoin("how")),
            ),
        ),
    )


def _follow(wanted: Filter, reader: Reader) -> Button | None:
    """Follows what a list is of, where that is a country or a region and nothing narrower."""
    if wanted.country and wanted == Filter(country=wanted.country):
        return follow_button(Target(Kind.COUNTRY, wanted.country), reader)
    if wanted.region and wanted == Filter(region=wanted.region):
        return follow_button(Target(Kind.REGION, wanted.region), reader)
    return None


def _standing(city: City, wanted: Filter, catalogue: Catalogue, reader: Reader) -> tuple[str, float, str]:
    """Countries by name, cities by join year; where all have one year, by name."""
    country = "" if wanted.country else reader.order(reader.name(catalogue.countries[city.country]))
    year = 0 if wanted.year or wanted.award is not None else city.joined or math.inf
    return (country, year, reader.order(reader.name(city)))


def _row(city: City, wanted: Filter, catalogue: Catalogue, reader: Reader) -> Html:
    """A city in its list: without what the list says already."""
    named = with_original(city_link(city, reader), city, reader)
    if not wanted.country:
        named = Html(f"{named}, {escape(reader.name(catalogue.countries[city.country]))}")
    if wanted.award == ANY_AWARD:
        return Html(f"{named} · {escape(reader.listing(str(award.year) for award in city.awards))}")
    if wanted.award is not None or (wanted.year and city.joined_basis is Basis.ANNOUNCED):
        return named
    return with_year(named, city, reader)


def _sources(wanted: Filter, cities: Sequence[City], catalogue: Catalogue) -> Sequence[Source]:
    """The source of the number that the list begins with; none for a number that we count ourselves."""
    if wanted.country and wanted == Filter(country=wanted.country):
        return _country_sources(catalogue.countries[wanted.country], len(cities), catalogue)
    if wanted == Filter(year=wanted.year) and wanted.year and (intake := catalogue.intake(wanted.year)):
        return intake.sources
    if wanted.award is not None:
        return next((award.sources for city in cities for award in city.awards if wanted.award in {ANY_AWARD, award.year}), ())
    return catalogue.network_total.sources if wanted == Filter() else ()


def _country_sources(country: Country, named: int, catalogue: Catalogue) -> Sequence[Source]:
    """Who states how many members a country has; nobody, where we only count those we can name."""
    total = catalogue.country_total(country.code)
    if country.listing is Listing.COMPLETE:
        return country.sources
    return total.sources if total and (total.cities or 0) >= named else ()


def list_title(wanted: Filter, catalogue: Catalogue, reader: Reader) -> str:
    """What a list is of: Ukraine · 2022 · award 2019."""
    _ = reader.translate
    parts = []
    if wanted.country:
        parts.append(f"{flag(wanted.country)} {reader.name(catalogue.countries[wanted.country])}")
    if wanted.region:
        parts.append(region_name(wanted.region, reader))
    if wanted.year is not None:
        parts.append(_("Joined in {year}").format(year=wanted.year))
    if wanted.theme:
        parts.append(reader.text(catalogue.themes[wanted.theme].label))
    if wanted.award is not None:
        parts.append(
            _("With the Learning City Award") if wanted.award == ANY_AWARD else _("Learning City Award {year}").format(year=wanted.award)
        )
    if years := span_title(wanted, reader):
        parts.append(years)
    if wanted.status is Status.UNCONFIRMED:
        parts.append(_("Admitted, not confirmed since"))
    if wanted.status is Status.FORMER:
        parts.append(_("Former members"))
    return " · ".join(parts) or _("Member cities of the network")


def span_title(wanted: Filter, reader: Reader) -> str:
    """The years between which a list lies; empty for a list of all years."""
    _ = reader.translate
    since, until = wanted.since, wanted.until
    joined = wanted.award is None
    if since and until:
        # Translators: heads a list of cities that joined the network, or got the award, in these years, both included.
        return (_("Joined {since}–{until}") if joined else _("{since}–{until}")).format(since=since, until=until)
    if since:
        return (_("Joined in {year} or later") if joined else _("{year} or later")).format(year=since)
    if until:
        return (_("Joined by the end of {year}") if joined else _("up to {year}")).format(year=until)
    return ""


def _numbers(wanted: Filter, named: int, catalogue: Catalogue, reader: Reader) -> tuple[Text, ...]:
    """How many there are: the official number first, then how many of them are named here."""
    if wanted == Filter(country=wanted.country) and wanted.country:
        return _country_numbers(catalogue.countries[wanted.country], named, catalogue, reader)
    if wanted == Filter(year=wanted.year) and wanted.year:
        return _intake_numbers(wanted.year, named, catalogue, reader)
    if wanted == Filter():
        return (network_numbers(catalogue, reader), _named(named, catalogue.network_total, reader))
    return (_narrowed(wanted, named, reader), _awards(wanted, named, catalogue, reader), _incomplete(wanted, catalogue, reader))


def _narrowed(wanted: Filter, named: int, reader: Reader) -> Text:
    if wanted.theme:
        return reader.plural("{n} city with a practice on this theme.", "{n} cities with a practice on this theme.", named)
    if wanted.award is not None:
        return reader.plural("{n} city", "{n} cities", named)
    return reader.plural("{n} city in my list.", "{n} cities in my list.", named)


def _awards(wanted: Filter, named: int, catalogue: Catalogue, reader: Reader) -> Text:
    """How many awards a list of awardees stands for, where a city has more than one."""
    if wanted.award is None:
        return ""
    within = (award.year for city in catalogue.select(wanted) for award in city.awards)
    awards = sum(wanted.award in {ANY_AWARD, year} for year in within)
    return "" if awards == named else reader.plural("{n} award so far.", "{n} awards so far.", awards)


def network_numbers(catalogue: Catalogue, reader: Reader) -> Text:
    """The official number of members and countries, with its date."""
    total = catalogue.network_total
    return reader.plural(
        "{cities} in {n} country (as of {date}).", "{cities} in {n} countries (as of {date}).", total.countries or 0
    ).format(cities=reader.plural("{n} city", "{n} cities", total.cities or 0), date=reader.date(total.date))


def _country_numbers(country: Country, named: int, catalogue: Catalogue, reader: Reader) -> tuple[Text, ...]:
    _ = reader.translate
    total = catalogue.country_total(country.code)
    if country.listing is Listing.COMPLETE and country.as_of:
        count = reader.plural("{n} member city", "{n} member cities", named)
        return (_("{count}; the list is complete (data as of {date}).").format(count=count, date=reader.date(country.as_of)),)
    if total and total.cities and total.cities >= named:
        return (_stated(total, reader), _named(named, total, reader))
    return (
        reader.plural(
            "At least {n} member city; there may be more. The year is that of joining.",
            "At least {n} member cities; there may be more. The year is that of joining.",
            named,
        ),
    )


def _stated(total: Total, reader: Reader) -> Text:
    _ = reader.translate
    return _("{cities} ({publisher}, {date}).").format(
        cities=reader.plural("{n} member city", "{n} member cities", total.cities or 0),
        publisher=reader.publisher(total.sources[0]),
        date=reader.date(total.date),
    )


def _named(named: int, total: Total, reader: Reader) -> Text:
    _ = reader.translate
    if total.cities and named >= total.cities:
        return ""
    return reader.plural(
        "I know {n} of them by name; the year is that of joining.", "I know {n} of them by name; the year is that of joining.", named
    )


def _intake_numbers(year: int, named: int, catalogue: Catalogue, reader: Reader) -> tuple[Text, ...]:
    _ = reader.translate
    intake = catalogue.intake(year)
    if intake is None:
        return (
            reader.plural("{n} city in my list.", "{n} cities in my list.", named),
            _("UNESCO published no list of this year; the list is incomplete."),
        )
    joined_in = reader.plural("{n} city joined.", "{n} cities joined.", intake.cities)
    if intake.countries:
        joined_in = reader.plural("{cities} from {n} country joined.", "{cities} from {n} countries joined.", intake.countries).format(
            cities=reader.plural("{n} city", "{n} cities", intake.cities)
        )
    if intake.network_cities and intake.network_countries:
        joined_in += " " + reader.plural(
            "The network then had {cities} in {n} country.", "The network then had {cities} in {n} countries.", intake.network_countries
        ).format(cities=reader.plural("{n} city", "{n} cities", intake.network_cities))
    newcomers = next((total for total in catalogue.totals if total.scope == "newcomers" and total.date == intake.date), None)
    if newcomers and newcomers.countries:
        joined_in += " " + reader.plural("{n} country is new.", "{n} countries are new.", newcomers.countries)
    return (joined_in, "" if named >= intake.cities else reader.plural("I know {n} of them by name.", "I know {n} of them by name.", named))


def _incomplete(wanted: Filter, catalogue: Catalogue, reader: Reader) -> str:
    """A warning, unless every member that could pass is named: all of a complete country, all of an award round."""
    _ = reader.translate
    if wanted.award is not None or wanted.status is not Status.MEMBER or (wanted.country and catalogue.is_complete(wanted.country)):
        return ""
    return _("My list of the network is incomplete: {known} of {total}.").format(
        known=reader.number(len(catalogue.members)), total=reader.number(catalogue.network_total.cities or 0)
    )


def _unconfirmed(wanted: Filter, catalogue: Catalogue, reader: Reader) -> Paragraph:
    """Those that once were in, named apart and left out of the count."""
    if wanted.status is not Status.MEMBER or wanted in {Filter(), Filter(theme=wanted.theme), Filter(region=wanted.region)}:
        return line()
    _ = reader.translate
    unconfirmed = catalogue.select(replace(wanted, status=Status.UNCONFIRMED))
    former = catalogue.select(replace(wanted, status=Status.FORMER))
    lines: list[Text] = []
    if unconfirmed:
        lines.append(fill(_("Admitted once, not confirmed since (not counted): {cities}."), cities=_names(unconfirmed, reader)))
    if former:
        lines.append(fill(_("Former members: {cities}."), cities=_names(former, reader)))
    return line(*lines)


def _names(cities: Sequence[City], reader: Reader) -> Html:
    return joined(city_link(city, reader) for city in cities)


def _nothing(wanted: Filter, catalogue: Catalogue, reader: Reader) -> tuple[Paragraph, ...]:
    _ = reader.translate
    complete = wanted.country is not None and catalogue.is_complete(wanted.country)
    return (
        line(bold(list_title(wanted, catalogue, reader))),
        line(_("My list has no such cities."), "" if complete else _incomplete(wanted, catalogue, reader)),
        _unconfirmed(wanted, catalogue, reader),
    )


def choose_list(catalogue: Catalogue, reader: Reader) -> Screen:
    """`/cities` without a filter: the numbers, and ways to narrow them."""
    _ = reader.translate
    return Screen(
        blocks=(
            line(bold(_("Member cities of the network"))),
            line(
                network_numbers(catalogue, reader),
                reader.plural("I know {n} of them by name.", "I know {n} of them by name.", len(catalogue.members)),
            ),
            line(_("Narrow the list: /cities Korea, /cities 2025, /cities Africa, /cities digital, /cities award")),
            number_source(catalogue.network_total.sources, reader),
        ),
        buttons=rows(
            home_button(reader),
            Button(_("Countries"), ListCountries(None)),
            Button(_("With an award"), ListAwards(0)),
            Button(_("By theme"), ListThemes(None)),
            Button(_("All cities"), ListCities(Filter())),
            Button(_("Official map"), url=OFFICIAL_MAP),
        ),
    )


def unknown_filter(words: str, reader: Reader) -> Screen:
    """Words behind `/cities` that name nothing to narrow by."""
    _ = reader.translate
    return Screen(
        blocks=(
            line(
                fill(_("I cannot narrow the list by “{words}”."), words=quoted(words)),
                _("Name a country, a region, a year, a theme or an award: /cities Ukraine, /cities 2025, /cities award 2019"),
            ),
        ),
        buttons=rows(Button(_("Countries"), ListCountries(None)), Button(_("By theme"), ListThemes(None))),
    )


def country_list(region: Region | None, page: int, size: int, catalogue: Catalogue, reader: Reader) -> Screen:
    """Countries of the network with the number of their members, those with most first."""
    _ = reader.translate
    countries = [country for country in catalogue.member_countries if region is None or country.region is region]
    named = ((country, len(catalogue.select(Filter(country=country.code)))) for country in countries)
    counted = sorted(named, key=lambda row: (-row[1], reader.order(reader.name(row[0]))))
    page, pages, shown = page_of(counted, page, size)
    total = catalogue.network_total
    heading = region_name(region, reader) if region else _("Countries of the network")
    official = _("{countries} (as of {date}).").format(
        countries=reader.plural("{n} country", "{n} countries", total.countries or 0), date=reader.date(total.date)
    )
    return Screen(
        blocks=(
            line(bold(heading)),
            line(
                "" if region else official,
                reader.plural("I know members in {n} country by name:", "I know members in {n} countries by name:", len(counted)),
            ),
            Bullets(tuple(_country_row(country, count, catalogue, reader) for country, count in shown)),
            line(_("Page {page} of {pages}").format(page=page + 1, pages=pages) if pages > 1 else ""),
            number_source(total.sources, reader),
        ),
        buttons=(
            pager(page, pages, Button(_("‹ Back"), ListCountries(region, page - 1)), Button(_("Next ›"), ListCountries(region, page + 1))),
            *rows(*(Button(region_name(one, reader), ListCountries(one)) for one in Region if one is not region)),
        ),
    )


def _country_row(country: Country, named: int, catalogue: Catalogue, reader: Reader) -> Html:
    """A country and how many of its members are named, of how many a source states."""
    _ = reader.translate
    stated = catalogue.country_total(country.code)
    known = reader.number(named)
    if stated and stated.cities and stated.cities > named:
        # Translators: so many of a country's members are known by name, of so many in all.
        known = _("{known} of {total}").format(known=known, total=reader.number(stated.cities))
    return Html(f"{flag(country.code)} {country_link(country, reader)} · {escape(known)}")


def country_link(country: Country, reader: Reader) -> Html:
    """A country's name, opening its cities."""
    return record(reader.name(country), "l", country.code, reader)


def as_csv(cities: Sequence[City], name: str, catalogue: Catalogue, reader: Reader) -> Screen:
    """The cities as a file that a spreadsheet opens."""
    _ = reader.translate
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(CSV_COLUMNS)
    writer.writerows(_csv_row(city, catalogue, reader) for city in cities)
    # A byte-order mark, or spreadsheets read the Cyrillic as something else.
    return Screen(blocks=(), document=Document(f"{name}.csv", buffer.getvalue().encode("utf-8-sig")))


def _csv_row(city: City, catalogue: Catalogue, reader: Reader) -> tuple[object, ...]:
    return (
        city.number,
        city.id,
        reader.name(city),
        next(iter(city.naming.local), city.naming.main[SOURCE_LANG]),
        reader.name(catalogue.countries[city.country]),
        region_name(city.region, reader),
        city.status.value,
        city.joined or "",
        city.joined_basis or "",
        " ".join(str(award.year) for award in city.awards),
        city.as_of or "",
        city.sources[0].url,
    )
