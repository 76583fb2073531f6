"""By which clocks a chat lives, as far as what it follows or a name tells, and which to offer where that tells nothing. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from data.catalogue import Found, IsCountry, NotMember, Several, distance
from data.follows import Kind, Target
from data.names import Kind as Named
from data.types import SOURCE_LANG, City, CityId, CountryCode, PlaceId, Region

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from data.catalogue import Catalogue
    from data.types import Place, Point

OFFERED: Final = 4
SEASONS: Final = tuple(dt.timedelta(days=days) for days in (0, 91, 182, 273))
"""Clocks that agree on these days of a year agree on all that matter here."""
HOMES: Final = {"uk": ("Europe/Kyiv", "Europe/Warsaw", "Europe/Berlin", "Europe/London")}
"""Where most readers of a language live: the zones that are offered first."""
ANYWHERE: Final = ("Europe/London", "Africa/Nairobi", "Asia/Manila", "America/New_York")


@dataclass(frozen=True, slots=True)
class Taken:
    """A zone, and the city or country that is followed and lies in it."""

    zone: str
    by: Target


def zone_of_follows(targets: Sequence[Target], catalogue: Catalogue, now: dt.datetime) -> Taken | None:
    """That of the first city that is followed, else of the first country that has one; None if neither is followed."""
    for target in targets:
        city = catalogue.cities.get(CityId(target.key)) if target.kind is Kind.CITY else None
        if city and city.zone:
            return Taken(city.zone, target)
    for target in targets:
        zones = zones_of_country(CountryCode(target.key), catalogue, now) if target.kind is Kind.COUNTRY else ()
        if len(zones) == 1:
            return Taken(zones[0], target)
    return None


def zones_of_country(code: CountryCode, catalogue: Catalogue, now: dt.datetime) -> tuple[str, ...]:
    """The zones of a country, that of most towns first; of those whose clocks show the same only one."""
    counts: dict[str, int] = {}
    for town in _towns(catalogue):
        if town.country == code and town.zone:
            counts[town.zone] = counts.get(town.zone, 0) + 1
    return different(sorted(counts, key=lambda zone: (-counts[zone], zone)), now)


def is_zone(name: str) -> bool:
    """Whether there are clocks of that name."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def different(zones: Iterable[str], now: dt.datetime) -> tuple[str, ...]:
    """Zones whose clocks differ at some time of the year; the first of each that agree."""
    found: dict[tuple[dt.timedelta | None, ...], str] = {}
    for zone in zones:
        found.setdefault(_clocks(zone, now), zone)
    return tuple(found.values())


def _clocks(zone: str, now: dt.datetime) -> tuple[dt.timedelta | None, ...]:
    return tuple((now + later).astimezone(ZoneInfo(zone)).utcoffset() for later in SEASONS)


def likely_zones(targets: Sequence[Target], lang: str, catalogue: Catalogue, now: dt.datetime) -> tuple[str, ...]:
    """A few to choose from: those of what is followed, then of where the language is spoken, then one of each continent."""
    followed = [zone for target in targets for zone in _zones_of(target, catalogue, now)]
    return different((*followed, *HOMES.get(lang, ()), *ANYWHERE), now)[:OFFERED]


def _zones_of(target: Target, catalogue: Catalogue, now: dt.datetime) -> tuple[str, ...]:
    match target.kind:
        case Kind.COUNTRY:
            return zones_of_country(CountryCode(target.key), catalogue, now)
        case Kind.REGION if target.key in set(Region):
            zones = [city.zone for city in catalogue.cities.values() if city.region == target.key and city.zone]
            return different(sorted(set(zones), key=lambda zone: (-zones.count(zone), zone)), now)
    return ()


def zones_named(text: str, catalogue: Catalogue, now: dt.datetime) -> tuple[str, ...]:
    """Those of whatever city, place or country a text may name; none if nobody knows the name."""
    match catalogue.find_city(text):
        case Found(city):
            zones = [city.zone]
        case Several(cities, places):
            zones = [*(city.zone for city in cities), *(place.zone for place in places)]
        case NotMember(place):
            zones = [place.zone]
        case IsCountry(country):
            zones = [*zones_of_country(country.code, catalogue, now)]
        case _:
            zones = []
    return different(filter(None, zones), now)


def zone_at(point: Point, catalogue: Catalogue) -> str:
    """That of the nearest place that is known."""
    far = ((distance(point, town.point), town.zone) for town in _towns(catalogue) if town.point and town.zone)
    return min(far)[1]


def _towns(catalogue: Catalogue) -> Iterator[City | Place]:
    yield from catalogue.cities.values()
    yield from catalogue.places.values()


def exemplar(zone: str, catalogue: Catalogue) -> City | Place | None:
    """The town that a zone is called after, if it is known: Kyiv of Europe/Kyiv."""
    name = zone.rpartition("/")[2].replace("_", " ")
    for hit in catalogue.names.lookup(name, {Named.CITY, Named.PLACE}):
        town: City | Place = catalogue.cities[CityId(hit.ref.id)] if hit.ref.kind is Named.CITY else catalogue.places[PlaceId(hit.ref.id)]
        called = town.naming.main if isinstance(town, City) else town.names
        if town.zone == zone and called[SOURCE_LANG] == name:
            return town
    return None
