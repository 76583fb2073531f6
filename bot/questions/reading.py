"""Reading what was typed: the names in it, the years, the words of the lexicon, and what remains unaccounted for."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from bot.callbacks import ListNews, ListPractices
from data.follows import NETWORK, Target
from data.follows import Kind as FollowKind
from data.lexicon import Meaning
from data.names import How, Kind, Ref, tokens
from data.types import ANY_AWARD, CityId, CountryCode, Filter, PlaceId, Region, Status, ThemeId

if TYPE_CHECKING:
    from bot.i18n import Reader
    from data.catalogue import Catalogue
    from data.types import City, Place, Point

YEAR: Final = re.compile(r"(?:19|20)\d\d")
LONGEST: Final = 400
"""Characters of a question that are read; nobody asks longer ones, and names in longer texts mean something else."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was understood of a text. `leftover` are the words that nothing accounts for."""

    refs: tuple[tuple[Ref, ...], ...]
    """The names in order; several refs where a name is ambiguous."""
    years: tuple[int, ...]
    meanings: frozenset[Meaning]
    leftover: tuple[str, ...]

    def the(self, kind: Kind) -> str | None:
        """The id of the only thing of a kind that is named; None if there is none or more than one."""
        ids = {ref.id for refs in self.refs for ref in refs if ref.kind is kind}
        return ids.pop() if len(ids) == 1 else None


def read(text: str, catalogue: Catalogue) -> Reading:
    """Names, years, meanings and the rest of a text."""
    text = text[:LONGEST]
    links = [link for link in catalogue.names.link(text) if not _is_ordinary(text[link.start : link.end], link.how, catalogue)]
    taken = [(link.start, link.end) for link in links]
    years, meanings, leftover = list[int](), set[Meaning](), list[str]()
    for token in tokens(text):
        if any(start <= token.start < end for start, end in taken):
            continue
        found = catalogue.lexicon.meanings(token.norm)
        if YEAR.fullmatch(token.norm):
            years.append(int(token.norm))
        elif found:
            meanings |= found
        else:
            leftover.append(token.norm)
    return Reading(tuple(link.refs for link in links), tuple(years), frozenset(meanings), tuple(leftover))


def _is_ordinary(word: str, how: How, catalogue: Catalogue) -> bool:
    """Whether a word that only sounds like a name is one of the lexicon: дякую is no case form of Дакка."""
    return how >= How.KEY and all(catalogue.lexicon.meanings(token.norm) for token in tokens(word))


def filter_of(reading: Reading) -> Filter:
    """The narrowest list that a reading asks for."""
    country, region, theme = reading.the(Kind.COUNTRY), reading.the(Kind.REGION), reading.the(Kind.THEME)
    year = reading.years[0] if reading.years else None
    award = (year or ANY_AWARD) if Meaning.AWARD in reading.meanings else None
    return Filter(
        country=CountryCode(country) if country else None,
        region=Region(region) if region else None,
        year=None if award is not None else year,
        theme=ThemeId(theme) if theme else None,
        award=award,
        # Whoever won is named, whatever became of the membership since.
        status=None if award is not None else Status.MEMBER,
    )


def read_filter(text: str, catalogue: Catalogue) -> Filter | None:
    """What the words behind /cities narrow the list to; None if any of them narrows nothing."""
    for kind, make in ((Kind.COUNTRY, _country_filter), (Kind.REGION, _region_filter), (Kind.THEME, _theme_filter)):
        hits = catalogue.names.lookup(text, {kind})
        if len(hits) == 1:
            return make(hits[0].ref.id)
    reading = _with_theme(read(text, catalogue), catalogue)
    wanted = filter_of(reading)
    return None if reading.leftover or len(set(reading.years)) > 1 or wanted == Filter() else wanted


def _with_theme(reading: Reading, catalogue: Catalogue) -> Reading:
    """Words that a sentence would not link, but that behind a command can only mean a theme: `Ukraine digital`."""
    theme = catalogue.find_theme(" ".join(reading.leftover)) if reading.leftover else None
    if theme is None or reading.the(Kind.THEME):
        return reading
    return replace(reading, refs=(*reading.refs, (Ref(Kind.THEME, theme.id),)), leftover=())


def _country_filter(found: str) -> Filter:
    return Filter(country=CountryCode(found))


def _region_filter(found: str) -> Filter:
    return Filter(region=Region(found))


def _theme_filter(found: str) -> Filter:
    return Filter(theme=ThemeId(found))


def read_practices(text: str, catalogue: Catalogue) -> ListPractices | None:
    """The city, country or theme that the whole text names; None if it is words to search for."""
    if theme := catalogue.find_theme(text):
        return ListPractices(0, None, theme.id)
    reading = _with_theme(read(text, catalogue), catalogue)
    if reading.leftover:
        return None
    city, country, theme_id = reading.the(Kind.CITY), reading.the(Kind.COUNTRY), reading.the(Kind.THEME)
    if not (city or country or theme_id):
        return None
    number = catalogue.cities[CityId(city)].number if city else 0
    return ListPractices(number, CountryCode(country) if country else None, ThemeId(theme_id) if theme_id else None)


def read_news(text: str, catalogue: Catalogue) -> ListNews:
    """News about the city or the country that a text names; all news if it names neither."""
    reading = read(text, catalogue)
    city, country = reading.the(Kind.CITY), reading.the(Kind.COUNTRY)
    number = catalogue.cities[CityId(city)].number if city else 0
    return ListNews(number, CountryCode(country) if country and not city else None)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants to follow: one target, several to choose from, or none. `place` is a known place that is no member."""

    targets: tuple[Target, ...] = ()
    sure: bool = True
    place: Place | None = None


FOLLOWED: Final = {
    Kind.CITY: FollowKind.CITY,
    Kind.COUNTRY: FollowKind.COUNTRY,
    Kind.REGION: FollowKind.REGION,
    Kind.THEME: FollowKind.THEME,
}


def read_wanted(text: str, catalogue: Catalogue) -> Wanted:
    """The city, country, region or theme that a text names, or the whole network."""
    hits = catalogue.names.lookup(text)
    named = tuple(dict.fromkeys(Target(FOLLOWED[hit.ref.kind], hit.ref.id) for hit in hits if hit.ref.kind in FOLLOWED))
    sure = bool(hits) and hits[0].how <= How.KEY
    if named and sure:
        return Wanted(named)
    reading = _with_theme(read(text, catalogue), catalogue)
    if not reading.leftover and not reading.years:
        inside = tuple(dict.fromkeys(Target(FOLLOWED[ref.kind], ref.id) for refs in reading.refs for ref in refs if ref.kind in FOLLOWED))
        if inside:
            return Wanted(inside, sure=inside != named)
        if Meaning.NETWORK in reading.meanings or (Meaning.LIST in reading.meanings and not reading.refs):
            return Wanted((NETWORK,))
    places = [catalogue.places[PlaceId(hit.ref.id)] for hit in hits if hit.ref.kind is Kind.PLACE]
    return Wanted(named, sure=False, place=places[0] if places and not named else None)


def read_origin(text: str, catalogue: Catalogue, reader: Reader) -> tuple[str, Point] | None:
    """The place that a text names, member or not, with its name and point; None for a name nobody has."""
    for hit in catalogue.names.lookup(text, {Kind.CITY, Kind.PLACE}):
        if hit.ref.kind is Kind.PLACE:
            place = catalogue.places[PlaceId(hit.ref.id)]
            return reader.place(place), place.point
        city: City = catalogue.cities[CityId(hit.ref.id)]
        if city.point:
            return reader.name(city), city.point
    return None
