"""By which clocks a chat lives: what it follows tells, a name tells, a point on the map tells."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from bot import zones
from bot.i18n import Reader
from bot.screens.timing import zone_name
from data.catalogue import Catalogue
from data.follows import NETWORK, Kind, Target
from data.types import Point

NOW = dt.datetime(2026, 11, 23, 12, 0, tzinfo=dt.UTC)
NIKOPOL = Target(Kind.CITY, "nikopol")
CORK = Target(Kind.CITY, "cork")


def country(code: str) -> Target:
    """A country that is followed."""
    return Target(Kind.COUNTRY, code)


@pytest.mark.parametrize(
    ("targets", "zone", "by"),
    [
        ([NIKOPOL], "Europe/Kyiv", NIKOPOL),
        ([NETWORK, country("UA"), CORK, NIKOPOL], "Europe/Dublin", CORK),
        ([country("CA"), country("UA")], "Europe/Kyiv", country("UA")),
        ([country("DE")], "Europe/Berlin", country("DE")),
    ],
)
def test_the_first_city_tells_else_the_first_country_of_one_time(
    catalogue: Catalogue, targets: list[Target], zone: str, by: Target
) -> None:
    assert zones.zone_of_follows(targets, catalogue, NOW) == zones.Taken(zone, by)


@pytest.mark.parametrize("targets", [[], [NETWORK], [country("CA")], [Target(Kind.REGION, "africa")], [Target(Kind.CITY, "atlantis")]])
def test_what_lies_in_several_zones_or_nowhere_tells_nothing(catalogue: Catalogue, targets: list[Target]) -> None:
    assert zones.zone_of_follows(targets, catalogue, NOW) is None


@pytest.mark.parametrize("lang", ["uk", "en", "fr"])
@pytest.mark.parametrize("targets", [[], [country("US")], [Target(Kind.REGION, "africa")], [NETWORK]])
def test_zones_that_are_offered_are_few_and_their_clocks_differ(catalogue: Catalogue, lang: str, targets: list[Target]) -> None:
    offered = zones.likely_zones(targets, lang, catalogue, NOW)
    clocks = {tuple((NOW + later).astimezone(ZoneInfo(zone)).utcoffset() for later in zones.SEASONS) for zone in offered}

    assert len(offered) == len(clocks) == zones.OFFERED


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Київ", ("Europe/Kyiv",)),
        ("Dnipro", ("Europe/Kyiv",)),
        ("Deutschland", ("Europe/Berlin",)),
        ("Springfield", ("America/Chicago", "America/New_York")),
        ("Zzzqqqxxx", ()),
        ("", ()),
    ],
)
def test_a_place_is_named_in_any_language(catalogue: Catalogue, text: str, found: tuple[str, ...]) -> None:
    assert zones.zones_named(text, catalogue, NOW) == found


@pytest.mark.parametrize(
    ("point", "zone"),
    [(Point(50.45, 30.52), "Europe/Kyiv"), (Point(40.7, -74.0), "America/New_York"), (Point(-33.9, 151.2), "Australia/Sydney")],
)
def test_a_point_lives_by_the_clocks_of_the_nearest_place(catalogue: Catalogue, point: Point, zone: str) -> None:
    assert zones.zone_at(point, catalogue) == zone


@pytest.mark.parametrize(
    ("zone", "english", "ukrainian"),
    [
        ("Europe/Kyiv", "Kyiv", "Київ"),
        ("America/New_York", "New York", "Нью-Йорк"),
        ("America/Argentina/Buenos_Aires", "Buenos Aires", "Буенос-Айрес"),
        ("Asia/Kolkata", "Kolkata", "Колката"),
        (None, "Greenwich (UTC)", "Гринвіч (UTC)"),
    ],
)
def test_a_zone_is_called_after_its_town(
    catalogue: Catalogue, en: Reader, uk: Reader, zone: str | None, english: str, ukrainian: str
) -> None:
    assert (zone_name(zone, catalogue, en), zone_name(zone, catalogue, uk)) == (english, ukrainian)


def test_every_zone_of_the_data_set_has_a_name_and_clocks(catalogue: Catalogue, reader: Reader) -> None:
    for zone in {city.zone for city in catalogue.cities.values()} | {place.zone for place in catalogue.places.values()}:
        assert zones.is_zone(zone)
        assert zone_name(zone, catalogue, reader).strip()


@pytest.mark.parametrize("name", ["Europe/Atlantis", "", "..", "Europe", "../etc/passwd"])
def test_what_is_no_zone_is_told_apart(name: str) -> None:
    assert not zones.is_zone(name)
