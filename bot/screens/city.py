"""One city: its card, its sources, cities like it; and the answers when a name is not that of one member."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.callbacks import FindNearest, ListCities, ListNews, ListPractices, OpenCity, OpenJoin, OpenSimilar, Report, SendMap
from bot.markup import Bullets, Button, Html, Screen, Text, Title, Venue, bold, escape, fill, joined, line, rows
from bot.screens.parts import (
    OFFICIAL_MAP,
    cited,
    city_label,
    city_link,
    city_row,
    flag,
    follow_button,
    home_button,
    kilometres,
    membership,
    place_label,
    quoted,
    record,
    source_line,
)
from data.follows import Kind, Target
from data.types import SOURCE_LANG, City, Filter, Status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.i18n import Reader
    from data.catalogue import Catalogue, NotMember
    from data.types import Award, Kilometres, Place

IN_OR_NEAR: Final = 20
"""Kilometres from the middle of a large city to its outer districts, about."""


def city_card(city: City, catalogue: Catalogue, reader: Reader, *, corrected: bool = False) -> Screen:
    """The card of one city; the same card serves commands, buttons and inline results."""
    _ = reader.translate
    return Screen(
        blocks=(
            # Translators: {city} is the name that the reader probably meant, in the nominative.
            line(fill(_("The closest name I know is {city}."), city=bold(reader.name(city))) if corrected else ""),
            Title(city_label(city, reader), original=_original(city, reader), under=(_whereabouts(city, catalogue, reader),)),
            line(
                membership(city, reader, answering=True),
                *(_award_line(award, reader) for award in _told_awards(city, reader)),
            ),
            line(reader.text(city.note)),
            line(_holdings(city, catalogue, reader)),
            source_line(
                city.sources,
                reader,
                city.as_of if city.status is Status.MEMBER else None,
                record(_("all sources"), "o", city.id, reader) if reader.bot else "",
            ),
        ),
        buttons=rows(
            Button(_("Practices"), ListPractices(city.number, None, None)) if city.id in catalogue.practices_of else None,
            Button(_("News"), ListNews(city.number, None)) if city.id in catalogue.news_of else None,
            follow_button(Target(Kind.CITY, city.id), reader),
            Button(_("🗺 On the map"), SendMap(city.number)) if city.point else None,
            Button(_("Similar cities"), OpenSimilar(city.number)),
            Button(_("Share"), inline_query=reader.name(city)),
        ),
    )


def _original(city: City, reader: Reader) -> str:
    """The English name, by which the city can be looked up elsewhere; for readers of English the local one."""
    english = city.naming.main[SOURCE_LANG]
    others = city.naming.local if reader.lang == SOURCE_LANG else (english, *city.naming.local)
    return next((name for name in others if name != reader.name(city)), "")


def _whereabouts(city: City, catalogue: Catalogue, reader: Reader) -> str:
    return reader.name(catalogue.countries[city.country])


def _told_awards(city: City, reader: Reader) -> tuple[Award, ...]:
    """The awards worth a line; where the membership itself rests on them, those with a reason to tell."""
    return tuple(award for award in city.awards if city.status is Status.MEMBER or reader.text(award.reason))


def _award_line(award: Award, reader: Reader) -> Html:
    _ = reader.translate
    reason = reader.text(award.reason)
    if reason:
        return fill(_("UNESCO Learning City Award {year}. {reason}"), year=str(award.year), reason=reason)
    return fill(_("UNESCO Learning City Award {year}."), year=str(award.year))


def _holdings(city: City, catalogue: Catalogue, reader: Reader) -> str:
    practices, news = len(catalogue.practices_of.get(city.id, ())), len(catalogue.news_of.get(city.id, ()))
    parts = []
    if practices:
        parts.append(reader.plural("Practice: {n}", "Practices: {n}", practices))
    if news:
        # Translators: the number of news items about a city.
        parts.append(reader.plural("News item: {n}", "News items: {n}", news))
    return " · ".join(parts)


def city_sources(city: City, reader: Reader) -> Screen:
    """Every source of a city's facts, best first."""
    _ = reader.translate
    return Screen(
        blocks=(
            Title(city_label(city, reader), under=(_("Sources of these facts, the best first:"),)),
            Bullets(tuple(cited(source, reader) for source in city.sources)),
            line(fill(_("Data as of {date}"), date=reader.date(city.as_of)) if city.as_of else ""),
        ),
        buttons=rows(
            Button(_("Report a mistake"), Report("city", str(city.number))),
            Button(city_label(city, reader), OpenCity(city.number)),
        ),
    )


def city_venue(city: City, catalogue: Catalogue, reader: Reader) -> Screen:
    """The city as a point on the map."""
    if city.point is None:
        return no_point(city, reader)
    name = reader.name(city)
    return Screen(blocks=(), venue=Venue(city.point.lat, city.point.lon, name, reader.name(catalogue.countries[city.country])))


def no_point(city: City, reader: Reader) -> Screen:
    """A city whose coordinates no source gives."""
    _ = reader.translate
    return Screen((line(fill(_("{city}: the sources give no coordinates."), city=reader.name(city))),))


def similar_cities(city: City, catalogue: Catalogue, reader: Reader) -> Screen:
    """Members most like a city, for finding partners."""
    _ = reader.translate
    others = catalogue.similar(city)
    return Screen(
        blocks=(
            Title(fill(_("Cities like {city}"), city=reader.name(city))),
            line(_("By shared themes of practices first, then awards, region and country.")),
            Bullets(tuple(city_row(other, reader) for other in others)),
        ),
        buttons=rows(*(Button(city_label(other, reader), OpenCity(other.number)) for other in (*others, city))),
    )


def choose_city(text: str, cities: Sequence[City], places: Sequence[Place], catalogue: Catalogue, reader: Reader) -> Screen:
    """A name that fits several: all candidates, each a button."""
    _ = reader.translate
    blocks = [line(fill(_("Several cities are called “{name}”. Which one do you mean?"), name=quoted(text)))] if cities else []
    if not cities:
        blocks.append(line(fill(_("Several places are called “{name}”; none is in my list of members."), name=quoted(text))))
    listed = [city_row(city, reader) for city in cities]
    absent = _("{place}: not in my list")
    listed += [Html(f"{flag(place.country)} {fill(absent, place=place_label(place, catalogue, reader))}") for place in places]
    return Screen(
        blocks=(*blocks, Bullets(tuple(listed))),
        buttons=rows(*(Button(city_label(city, reader), OpenCity(city.number)) for city in cities)),
    )


def not_a_member(answer: NotMember, catalogue: Catalogue, reader: Reader) -> Screen:
    """A known place without a row: denied flatly only where the country's list is complete."""
    _ = reader.translate
    place = answer.place
    country = catalogue.countries[place.country]
    complete = catalogue.is_complete(place.country)
    if complete and country.as_of:
        verdict: Text = fill(
            # Translators: the name stands in the nominative. {country_of} is the genitive: the list of {country_of}.
            _("No, {place} is not among the members of the network (my list of {country_of} is complete, as of {date})."),
            place=bold(reader.place(place)),
            country_of=reader.name_of(country) or reader.name(country),
            date=reader.date(country.as_of),
        )
    else:
        verdict = fill(
            _("No, {place} is not in my list. But the list is incomplete ({known} of {total} members), so check the official list."),
            place=bold(reader.place(place)),
            known=reader.number(len(catalogue.members)),
            total=reader.number(catalogue.network_total.cities or 0),
        )
    return Screen(
        blocks=(line(verdict, _nearest_line(answer.nearest, reader)), source_line(country.sources if complete else (), reader)),
        buttons=rows(
            Button(_("How to join"), OpenJoin("how")),
            Button(_("Nearest members"), FindNearest()),
            Button(_("Cities: {country}").format(country=reader.name(country)), ListCities(Filter(country=country.code)))
            if catalogue.select(Filter(country=country.code))
            else None,
            None if complete else Button(_("Official list"), url=OFFICIAL_MAP),
        ),
    )


def _nearest_line(nearest: Sequence[tuple[City, Kilometres]], reader: Reader) -> Html:
    """The nearest member; or, of a large city, the members in it and around it: districts join by themselves."""
    _ = reader.translate
    near = [city for city, far in nearest if far <= IN_OR_NEAR]
    if near:
        return fill(_("Members in it or near it: {cities}."), cities=joined(city_link(city, reader) for city in near))
    if not nearest:
        return escape("")
    city, far = nearest[0]
    return fill(_("Nearest member I know of: {city}, {distance}."), city=city_link(city, reader), distance=kilometres(far, reader))


def unknown_city(text: str, suggestions: Sequence[City], reader: Reader) -> Screen:
    """A name nobody we know has, with the nearest spellings."""
    _ = reader.translate
    said = fill(_("I do not know a city called “{name}”."), name=quoted(text))
    if suggestions:
        asked = fill(_("Did you mean {city}?"), city=bold(reader.name(suggestions[0])))
        return Screen(
            blocks=(line(said, asked if len(suggestions) == 1 else _("Did you mean one of these?")),),
            buttons=rows(*(Button(city_label(city, reader), OpenCity(city.number)) for city in suggestions)),
        )
    return Screen(
        blocks=(line(said, _("Check the spelling, or choose from the list of countries: /countries")),),
        buttons=rows(home_button(reader)),
    )


def ask_for_city(reader: Reader) -> Screen:
    """`/city` without a name."""
    _ = reader.translate
    return Screen(
        blocks=(line(_("Which city? Write its name in any language, for example: /city Nikopol")),),
        buttons=rows(
            home_button(reader),
            Button(_("Nearest members"), FindNearest()),
        ),
    )


def nearest_cities(origin: str, nearest: Sequence[tuple[City, Kilometres]], skipped: int, reader: Reader) -> Screen:
    """Members nearest to a place or to the reader."""
    _ = reader.translate
    # Translators: {place} stands in the nominative.
    heading = (
        fill(_("Members nearest to {place}, in a straight line:"), place=origin)
        if origin
        else escape(_("Members nearest to you, in a straight line:"))
    )
    left_out = reader.plural(
        "{n} member without known coordinates is left out.", "{n} members without known coordinates are left out.", skipped
    )
    return Screen(
        blocks=(
            line(bold(heading)),
            Bullets(tuple(Html(f"{city_link(city, reader)} · {escape(kilometres(far, reader))}") for city, far in nearest)),
            line(left_out if skipped else ""),
        ),
        buttons=rows(*(Button(city_label(city, reader), OpenCity(city.number)) for city, _far in nearest)),
    )
