"""The domain's nouns, as immutable values.

Unknown is `None` or an empty tuple, never a guess. Dates are as exact as their source: see `FuzzyDate`.
"""

from __future__ import annotations

import datetime as dt
import enum
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NewType

if TYPE_CHECKING:
    from collections.abc import Mapping

CityId = NewType("CityId", str)
CountryCode = NewType("CountryCode", str)
"""ISO 3166-1 alpha-2, upper case."""
ThemeId = NewType("ThemeId", str)
PracticeId = NewType("PracticeId", str)
NewsId = NewType("NewsId", str)
PlaceId = NewType("PlaceId", str)
"""A place of the gazetteer that is not a member."""
Lang = NewType("Lang", str)
"""A language the bot speaks, as the folder under `locales/` is named: `en`, `uk`."""
Kilometres = NewType("Kilometres", float)

SOURCE_LANG: Final = Lang("en")


class Region(enum.StrEnum):
    """UNESCO's five regions, as the network uses them."""

    AFRICA = "africa"
    ARAB_STATES = "arab-states"
    ASIA_PACIFIC = "asia-pacific"
    EUROPE_NORTH_AMERICA = "europe-north-america"
    LATIN_AMERICA_CARIBBEAN = "latin-america-caribbean"


class Status(enum.StrEnum):
    """What sources say of a city's membership today."""

    MEMBER = "member"
    UNCONFIRMED = "unconfirmed"
    """Admitted once; no source confirms present membership. Counts leave it out and say so."""
    FORMER = "former"


class Basis(enum.StrEnum):
    """What a join year rests on; it decides how the year is worded."""

    ANNOUNCED = "announced"
    BY = "by"
    INFERRED = "inferred"


class Listing(enum.StrEnum):
    """How far the shipped list of a country or an intake goes."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    UNKNOWN = ""


class Quality(enum.StrEnum):
    """Who speaks in a source, best first."""

    UNESCO = "unesco"
    COMMISSION = "commission"
    GOVERNMENT = "government"
    CITY = "city"
    PARTNER = "partner"
    PRESS = "press"
    AGGREGATOR = "aggregator"
    MIRROR = "mirror"


class NameKind(enum.StrEnum):
    """The part a name plays."""

    MAIN = "main"
    LOCAL = "local"
    ALIAS = "alias"
    FORMER = "former"


class Precision(enum.IntEnum):
    """How exact a date is."""

    YEAR = 1
    MONTH = 2
    DAY = 3


@dataclass(frozen=True, slots=True, order=True)
class FuzzyDate:
    """A date as exact as its source. Orders by its first possible day."""

    first_day: dt.date
    precision: Precision

    @classmethod
    def parse(cls, text: str) -> FuzzyDate:
        """Read `YYYY`, `YYYY-MM` or `YYYY-MM-DD`; anything else raises ValueError."""
        parts = text.split("-")
        if not 1 <= len(parts) <= 3 or [len(part) for part in parts] != [4, 2, 2][: len(parts)]:  # noqa: PLR2004
            message = f"not a date of the form YYYY, YYYY-MM or YYYY-MM-DD: {text!r}"
            raise ValueError(message)
        numbers = [int(part) for part in parts]
        return cls(dt.date(*([*numbers, 1, 1])[:3]), Precision(len(parts)))

    @property
    def year(self) -> int:
        """The year, which every date has."""
        return self.first_day.year

    def __str__(self) -> str:
        return self.first_day.isoformat()[: (4, 7, 10)[self.precision - 1]]


@dataclass(frozen=True, slots=True)
class Point:
    """WGS 84 degrees."""

    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Source:
    """A public page that states a fact."""

    url: str
    publisher: Mapping[Lang, str]
    quality: Quality
    date: FuzzyDate | None


@dataclass(frozen=True, slots=True)
class Forms:
    """Case forms of a name, checked by hand. A language without cases has none."""

    genitive: str
    locative: str
    """With its preposition: «у Нікополі»."""


@dataclass(frozen=True, slots=True)
class Naming:
    """How one thing is called in the languages held."""

    main: Mapping[Lang, str]
    local: tuple[str, ...] = ()
    forms: Mapping[Lang, Forms] = field(default_factory=dict)

    def in_lang(self, lang: Lang) -> str:
        """The name to show; English stands in for a language without one."""
        return self.main.get(lang) or self.main[SOURCE_LANG]


@dataclass(frozen=True, slots=True)
class Award:
    """One UNESCO Learning City Award."""

    city: CityId
    year: int
    reason: Mapping[Lang, str]
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class AwardRound:
    """One round of the award; `listing` says whether all awardees are named."""

    year: int
    date: FuzzyDate
    conference: str
    cities: int
    listing: Listing
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class City:
    """A city, district, county or consortium that is or was in the network.

    `number` is permanent and small, for buttons; `id` is its slug. Neither changes after release.
    """

    number: int
    id: CityId
    naming: Naming
    country: CountryCode
    region: Region
    admin1: str
    status: Status
    joined: int | None
    joined_basis: Basis | None
    left_by: int | None
    abolished: FuzzyDate | None
    as_of: FuzzyDate | None
    point: Point | None
    zone: str
    note: Mapping[Lang, str]
    awards: tuple[Award, ...]
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Country:
    """A country and how far its list of members goes."""

    code: CountryCode
    naming: Naming
    region: Region | None
    listing: Listing
    as_of: FuzzyDate | None
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Total:
    """A number that an official or national source states, at a date.

    `scope` is `network`, `country` (then `key` is its code), `capitals`, `residents` or `newcomers`.
    """

    scope: str
    key: str
    date: FuzzyDate
    cities: int | None
    countries: int | None
    approximate: bool
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Intake:
    """The cities admitted together in one round."""

    year: int
    date: FuzzyDate
    cities: int
    countries: int | None
    network_cities: int | None
    network_countries: int | None
    listing: Listing
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Theme:
    """A subject by which practices are found."""

    id: ThemeId
    position: int
    label: Mapping[Lang, str]
    definition: Mapping[Lang, str]


@dataclass(frozen=True, slots=True)
class Practice:
    """Something a city does, as a source tells it."""

    id: PracticeId
    city: CityId
    themes: tuple[ThemeId, ...]
    sdgs: tuple[int, ...]
    year: int | None
    title: Mapping[Lang, str]
    summary: Mapping[Lang, str]
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Conference:
    """An International Conference on Learning Cities, or a members' meeting (`number` is None)."""

    id: str
    number: int | None
    start: FuzzyDate
    end: FuzzyDate | None
    country: CountryCode | None
    city: CityId | None
    place: Mapping[Lang, str]
    theme: Mapping[Lang, str]
    summary: Mapping[Lang, str]
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A guiding document or publication."""

    id: str
    date: FuzzyDate | None
    conference: str
    url: str
    title: Mapping[Lang, str]
    summary: Mapping[Lang, str]
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Feature:
    """One of the twelve areas of the Key Features of Learning Cities; `part` is pediment, column or step."""

    id: str
    part: str
    position: int
    title: Mapping[Lang, str]
    summary: Mapping[Lang, str]
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of membership or of the award, or a benefit of membership."""

    id: str
    topic: str
    position: int
    as_of: FuzzyDate
    title: Mapping[Lang, str]
    text: Mapping[Lang, str]
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Contact:
    """Where to write or look; `kind` is email, postal or web."""

    id: str
    kind: str
    value: str
    country: CountryCode | None
    as_of: FuzzyDate
    label: Mapping[Lang, str]
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Network:
    """Another network that people confuse with this one."""

    id: str
    name: Mapping[Lang, str]
    summary: Mapping[Lang, str]
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class FaqEntry:
    """A question people ask, with our answer."""

    id: str
    topic: str
    as_of: FuzzyDate
    question: Mapping[Lang, str]
    answer: Mapping[Lang, str]
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class NewsItem:
    """One item of network news, in the languages it has texts in."""

    id: NewsId
    date: FuzzyDate | None
    cities: tuple[CityId, ...]
    countries: tuple[CountryCode, ...]
    topics: tuple[str, ...]
    deadline: dt.date | None
    title: Mapping[Lang, str]
    summary: Mapping[Lang, str]
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A town of the gazetteer that is not in the list."""

    id: PlaceId
    country: CountryCode
    point: Point
    zone: str
    population: int
    """A rough size from GeoNames, for ranking only; never shown."""
    names: Mapping[Lang, str]


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list of cities is narrowed to; `None` leaves a field open. Every list in the bot is one of these."""

    country: CountryCode | None = None
    region: Region | None = None
    year: int | None = None
    """Join year."""
    theme: ThemeId | None = None
    award: int | None = None
    """Award year; `ANY_AWARD` for a city with any award."""
    status: Status | None = Status.MEMBER
    since: int | None = None
    """First year of joining that passes; of an award, where one is asked for."""
    until: int | None = None
    """Last year of joining, or of an award, that passes."""


ANY_AWARD: Final = 0
