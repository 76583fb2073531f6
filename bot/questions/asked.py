"""A question that fits a row of the table of frames, with its names as things of the catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from data.names import Kind
from data.questions.frames import PLACE
from data.types import ANY_AWARD, CityId, CountryCode, Filter, PlaceId, Region, Status, ThemeId

if TYPE_CHECKING:
    from bot.i18n import Reader
    from data.catalogue import Catalogue
    from data.names import Ref
    from data.questions.frames import Named
    from data.questions.reading import Reading
    from data.types import City, Country, Place, Theme


OUTSHINES: Final = 1.8
"""A place so many times larger than its namesakes is meant before them."""
KNOWN: Final = 500_000
"""Residents from which on a place that is no member may be meant before a member of the same name."""


def _meant(places: tuple[Place, ...]) -> tuple[Place, ...]:
    """Of places with one name the largest, if it is far larger or the others are in the same country."""
    ranked = sorted(places, key=lambda place: -place.population)
    rivals = [place for place in ranked[1:] if place.country != ranked[0].country and place.population * OUTSHINES > ranked[0].population]
    return tuple(ranked[:1]) + tuple(rivals)


@dataclass(frozen=True)
class Asked:
    """What is asked, by whom, of what; `argument` is that of the row."""

    reading: Reading
    named: Named
    argument: str
    catalogue: Catalogue
    reader: Reader

    @cached_property
    def spots(self) -> tuple[tuple[City | Place, ...], ...]:
        """The cities and places named, each with all it may be; a country named beside it rules others out."""
        return tuple(self._spot(refs) for refs in self.named.of(PLACE))

    def _spot(self, refs: tuple[Ref, ...]) -> tuple[City | Place, ...]:
        cities = tuple(self.catalogue.cities[CityId(ref.id)] for ref in refs if ref.kind is Kind.CITY)
        places = tuple(self.catalogue.places[PlaceId(ref.id)] for ref in refs if ref.kind is Kind.PLACE)
        countries = {country.code for country in self.countries}
        near = {city.country for city in cities}
        places = tuple(place for place in places if place.country not in near)
        every: tuple[City | Place, ...] = (*cities, *places)
        there = tuple(spot for spot in every if spot.country in countries)
        if there:
            return there
        rivals = tuple(place for place in places if place.population >= KNOWN) if cities else _meant(places)
        return (*cities, *rivals)

    @cached_property
    def countries(self) -> tuple[Country, ...]:
        """The countries named."""
        return tuple(self.catalogue.countries[CountryCode(refs[0].id)] for refs in self.named.of("country"))

    @cached_property
    def regions(self) -> tuple[Region, ...]:
        """The regions named."""
        return tuple(Region(refs[0].id) for refs in self.named.of("region"))

    @cached_property
    def themes(self) -> tuple[Theme, ...]:
        """The themes named."""
        return tuple(self.catalogue.themes[ThemeId(refs[0].id)] for refs in self.named.of("theme"))

    @property
    def year(self) -> int | None:
        """The year named, if it stands alone."""
        return self.reading.years[0] if len(self.reading.years) == 1 and not self.reading.span else None

    def has(self, *concepts: str) -> bool:
        """Whether some word may stand for one of these."""
        return any(concept in self.reading.concepts for concept in concepts)

    def filter(self, *, award: bool = False, as_of: bool = False) -> Filter:
        """The list that the names and years narrow down to; `as_of` takes a year for the last one of joining."""
        span, year = self.reading.span, self.year
        since, until = (span.since, span.until) if span else (None, None)
        if as_of and year:
            until = year
        exact = None if as_of else year
        return Filter(
            country=self.countries[0].code if self.countries else None,
            region=self.regions[0] if self.regions and not self.countries else None,
            year=None if award else exact,
            theme=self.themes[0].id if self.themes else None,
            award=(exact or ANY_AWARD) if award else None,
            status=None if award else Status.MEMBER,
            since=since,
            until=until,
        )
