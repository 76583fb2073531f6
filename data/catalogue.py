"""The catalogue: everything the bot knows, as one immutable snapshot in memory.

Commands, buttons, inline queries, questions and downloads all ask here, through the same `select`, so that a count and a list
cannot disagree. A new revision of the data set is a new catalogue; nobody ever sees half of one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, TypeVar

from data.names import Hit, How, Kind, NameIndex
from data.questions.faq import FaqSearch
from data.questions.passages import PassageSearch
from data.questions.reading import read
from data.search import PracticeSearch
from data.types import (
    ANY_AWARD,
    AwardRound,
    City,
    CityId,
    Conference,
    Contact,
    Country,
    CountryCode,
    Document,
    FaqEntry,
    Feature,
    Filter,
    FuzzyDate,
    Intake,
    Kilometres,
    Listing,
    Network,
    NewsId,
    NewsItem,
    Place,
    PlaceId,
    Point,
    Practice,
    PracticeId,
    Rule,
    Theme,
    ThemeId,
    Total,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from data.questions.faq import Features
    from data.questions.frames import Frames
    from data.questions.lexicon import Lexicon
    from data.questions.reading import Reading


K = TypeVar("K")
V = TypeVar("V")

EARTH_RADIUS_KM: Final = 6371.0088
"""IUGG mean radius: distances are within 0.6 % of the ellipsoid."""

SUGGESTIONS: Final = 3
SURE_LETTERS: Final = 6
"""A shorter word with a slip is no name of a town that is not in the list."""
AROUND: Final = 12
"""Members around a place that are looked at: a large city may have that many in its districts."""
CANDIDATES: Final = 8
"""At most this many are shown when a name fits several."""


@dataclass(frozen=True, slots=True)
class Found:
    """The name means this city; `corrected` if it was only nearly typed so."""

    city: City
    corrected: bool = False


@dataclass(frozen=True, slots=True)
class Several:
    """The name fits more than one city (or a city and a place that is none)."""

    cities: tuple[City, ...]
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class NotMember:
    """A known place that is not in the list, and the nearest members to it."""

    place: Place
    nearest: tuple[tuple[City, Kilometres], ...]


@dataclass(frozen=True, slots=True)
class IsCountry:
    """The name is that of a country, not of a city."""

    country: Country


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nobody we know is called so; `suggestions` are the nearest spellings."""

    suggestions: tuple[City, ...]


Lookup = Found | Several | NotMember | IsCountry | Unknown


@dataclass(frozen=True)
class Catalogue:
    """One revision of the data set. Tuples are in the order in which they are shown."""

    revision: int
    cities: Mapping[CityId, City]
    countries: Mapping[CountryCode, Country]
    themes: Mapping[ThemeId, Theme]
    practices: Mapping[PracticeId, Practice]
    places: Mapping[PlaceId, Place]
    totals: tuple[Total, ...]
    """Oldest first."""
    intakes: tuple[Intake, ...]
    award_rounds: tuple[AwardRound, ...]
    conferences: tuple[Conference, ...]
    documents: tuple[Document, ...]
    features: tuple[Feature, ...]
    rules: tuple[Rule, ...]
    contacts: tuple[Contact, ...]
    networks: tuple[Network, ...]
    faq: tuple[FaqEntry, ...]
    news: tuple[NewsItem, ...]
    """Newest first; undated items last."""
    names: NameIndex
    lexicon: Lexicon
    frames: Frames
    """Kinds of questions."""
    faq_features: Sequence[tuple[str, Features]]
    """What the wordings of the FAQ's questions speak of."""

    @cached_property
    def search(self) -> PracticeSearch:
        """Practices by their words. A start does without it: building it takes longer than reading the database."""
        return PracticeSearch(self.practices.values(), self.themes)

    @cached_property
    def by_number(self) -> Mapping[int, City]:
        """Cities by the permanent number that buttons carry."""
        return {city.number: city for city in self.cities.values()}

    @cached_property
    def members(self) -> tuple[City, ...]:
        """Every city in the list, in the order of `select`."""
        return self.select(Filter())

    @cached_property
    def practices_of(self) -> Mapping[CityId, tuple[Practice, ...]]:
        """Practices of each city that has any."""
        return _grouped((practice.city, practice) for practice in self.practices.values())

    @cached_property
    def news_of(self) -> Mapping[CityId, tuple[NewsItem, ...]]:
        """News items that name a city, newest first."""
        return _grouped((city, item) for item in self.news for city in item.cities)

    @cached_property
    def news_by_id(self) -> Mapping[NewsId, NewsItem]:
        """News items by id."""
        return {item.id: item for item in self.news}

    @cached_property
    def faq_search(self) -> FaqSearch:
        """Finds the question of the FAQ that someone asks."""
        return FaqSearch(self.faq, self.faq_features, self.lexicon)

    @cached_property
    def passages(self) -> PassageSearch:
        """Finds the text that a question is about."""
        return PassageSearch(self)

    def read(self, text: str, this_year: int = 0) -> Reading:
        """What a text says; `this_year` is what `last year` counts from."""
        return read(text, self.names, self.lexicon, this_year)

    @cached_property
    def member_countries(self) -> tuple[Country, ...]:
        """Countries with at least one city in the list, by code."""
        codes = {city.country for city in self.members}
        return tuple(self.countries[code] for code in sorted(codes))

    @cached_property
    def as_of(self) -> FuzzyDate:
        """The date of the newest fact about the network as a whole."""
        return self.network_total.date

    @cached_property
    def network_total(self) -> Total:
        """The newest official number of members."""
        return max((total for total in self.totals if total.scope == "network"), key=lambda total: total.date)

    def country_total(self, code: CountryCode) -> Total | None:
        """The newest number of members that an official or national source states for a country."""
        stated = [total for total in self.totals if total.scope == "country" and total.key == code]
        return max(stated, key=lambda total: total.date, default=None)

    def intake(self, year: int) -> Intake | None:
        """The official numbers of one intake."""
        return next((intake for intake in self.intakes if intake.year == year), None)

    def select(self, wanted: Filter) -> tuple[City, ...]:
        """The cities that pass every field of the filter, by country, then join year, then number.

        `year` is the join year; `theme` asks for a practice with that theme. A city admitted once and not confirmed since passes only if
        `status` asks for it or is None.
        """
        passing = (city for city in self.cities.values() if self._passes(city, wanted))
        return tuple(sorted(passing, key=lambda city: (city.country, city.joined or math.inf, city.number)))

    def _passes(self, city: City, wanted: Filter) -> bool:
        return (
            (wanted.status is None or city.status is wanted.status)
            and (wanted.country is None or city.country == wanted.country)
            and (wanted.region is None or city.region is wanted.region)
            and (wanted.year is None or city.joined == wanted.year)
            and any(_within(year, wanted) for year in _years(city, wanted))
            and (wanted.theme is None or any(wanted.theme in practice.themes for practice in self.practices_of.get(city.id, ())))
        )

    def select_practices(
        self, city: CityId | None = None, country: CountryCode | None = None, theme: ThemeId | None = None
    ) -> tuple[Practice, ...]:
        """Practices of a city, of a country, with a theme: those mainly about the theme first, then the newest."""
        passing = (
            practice
            for practice in self.practices.values()
            if (city is None or practice.city == city)
            and (country is None or self.cities[practice.city].country == country)
            and (theme is None or theme in practice.themes)
        )

        def standing(practice: Practice) -> tuple[int, int, PracticeId]:
            return (practice.themes.index(theme) if theme else 0, -(practice.year or 0), practice.id)

        return tuple(sorted(passing, key=standing))

    def search_practices(self, words: str) -> tuple[Practice, ...]:
        """Practices that speak of these words, most fitting first."""
        return tuple(self.practices[found] for found in self.search.find(words))

    def select_news(self, city: CityId | None = None, country: CountryCode | None = None) -> tuple[NewsItem, ...]:
        """News about a city or a country, newest first."""
        return tuple(item for item in self.news if (city is None or city in item.cities) and (country is None or country in item.countries))

    def is_complete(self, code: CountryCode) -> bool:
        """Whether every member of a country is named, so that a place without a row is certainly not one."""
        country = self.countries.get(code)
        return country is not None and country.listing is Listing.COMPLETE

    def find_city(self, text: str) -> Lookup:
        """What city a person means by a name in any language, script, case or spelling held."""
        hits = [hit for hit in self.names.lookup(text, {Kind.CITY, Kind.PLACE, Kind.COUNTRY}) if not _far_fetched(hit, text)]
        cities = tuple(self.cities[CityId(hit.ref.id)] for hit in hits if hit.ref.kind is Kind.CITY)
        places = tuple(self.places[PlaceId(hit.ref.id)] for hit in hits if hit.ref.kind is Kind.PLACE)
        countries = tuple(self.countries[CountryCode(hit.ref.id)] for hit in hits if hit.ref.kind is Kind.COUNTRY)
        if len(cities) == 1 and not places:
            return Found(cities[0], corrected=hits[0].how in {How.TYPO, How.LAYOUT})
        if cities:
            return Several(cities[:CANDIDATES], places[: CANDIDATES - len(cities)])
        if countries:
            return IsCountry(countries[0])
        if len(places) == 1:
            return self.not_member(places[0])
        if places:
            return Several((), places[:CANDIDATES])
        return Unknown(self.suggest_cities(text))

    def not_member(self, place: Place) -> NotMember:
        """The answer about a known place that is not in the list."""
        return NotMember(place, self.nearest(place.point, AROUND))

    def suggest_cities(self, text: str) -> tuple[City, ...]:
        """Up to three cities with the nearest spelling; none when nothing is near."""
        return tuple(self.cities[CityId(hit.ref.id)] for hit in self.names.suggest(text, {Kind.CITY}, SUGGESTIONS))

    def find_country(self, text: str) -> Country | None:
        """The country a name means, if it means exactly one."""
        hits = self.names.lookup(text, {Kind.COUNTRY})
        return self.countries[CountryCode(hits[0].ref.id)] if len(hits) == 1 else None

    def find_theme(self, text: str) -> Theme | None:
        """The theme a label means, if it means exactly one."""
        hits = self.names.lookup(text, {Kind.THEME})
        return self.themes[ThemeId(hits[0].ref.id)] if len(hits) == 1 else None

    def nearest(self, origin: Point, count: int = 5) -> tuple[tuple[City, Kilometres], ...]:
        """Member cities closest to `origin` along the great circle, nearest first.

        Distances are on a sphere of radius 6371.0088 km. Cities without coordinates are left out. `count` below 1 raises ValueError.
        """
        if count < 1:
            raise ValueError("count must be at least 1")
        measured = ((distance(origin, city.point), city) for city in self.members if city.point)
        nearest = sorted(measured, key=lambda pair: (pair[0], pair[1].number))[:count]
        return tuple((city, far) for far, city in nearest)

    def similar(self, city: City, count: int = 4) -> tuple[City, ...]:
        """Members most like a city: shared practice themes count most, then an award, the region, the country."""
        themes = self._themes_of(city)

        def likeness(other: City) -> tuple[int, int]:
            shared = len(themes & self._themes_of(other))
            score = (
                4 * shared
                + 2 * (bool(city.awards) and bool(other.awards))
                + (city.region is other.region)
                + (city.country == other.country)
            )
            return (-score, other.number)

        return tuple(sorted((other for other in self.members if other.id != city.id), key=likeness)[:count])

    def _themes_of(self, city: City) -> frozenset[ThemeId]:
        return frozenset(theme for practice in self.practices_of.get(city.id, ()) for theme in practice.themes)


def _years(city: City, wanted: Filter) -> Iterable[int | None]:
    """The years that a filter looks at: of the awards it asks for, else of joining."""
    if wanted.award is None:
        return (city.joined,)
    return (award.year for award in city.awards if wanted.award in {ANY_AWARD, award.year})


def _within(year: int | None, wanted: Filter) -> bool:
    if wanted.since is None and wanted.until is None:
        return True
    return year is not None and (wanted.since or year) <= year <= (wanted.until or year)


def _far_fetched(hit: Hit, text: str) -> bool:
    """A town that only sounds a little alike: whoever types Atlantis does not mean Atlanta, and дякую is not Dhaka."""
    return hit.ref.kind is Kind.PLACE and hit.how is How.TYPO and (hit.distance > 1 or len(text.strip()) < SURE_LETTERS)


def distance(one: Point, other: Point) -> Kilometres:
    """Great-circle distance by the haversine formula, in kilometres."""
    lat1, lon1, lat2, lon2 = map(math.radians, (one.lat, one.lon, other.lat, other.lon))
    chord = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return Kilometres(2 * EARTH_RADIUS_KM * math.asin(math.sqrt(min(1.0, chord))))


def _grouped(pairs: Iterable[tuple[K, V]]) -> Mapping[K, tuple[V, ...]]:
    groups: dict[K, list[V]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return {key: tuple(values) for key, values in groups.items()}
