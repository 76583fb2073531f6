"""Reads the tables that name what the data set itself does not: places that are not members, case forms, ordinary words.

Nothing is read at import; each function reads one file when its owner asks, and raises ValueError naming file and line for a row that
does not fit its heading.
"""

from __future__ import annotations

import csv
import sys
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from data.names import Entry, Kind, Ref, Role, Word
from data.types import SOURCE_LANG, CountryCode, Lang, NameKind, Place, PlaceId, Point

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

UKRAINIAN: Final = Lang("uk")
UNDETERMINED: Final = Lang("und")
PLACE_COLUMNS: Final = ("id", "country", "lat", "lon", "zone", "population", "en", "uk", "former", "aliases")
FORM_COLUMNS: Final = ("kind", "id", "forms")
WORD_COLUMNS: Final = ("lang", "word", "role")


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Places that are not members, and how they are called."""

    places: tuple[Place, ...]
    entries: tuple[Entry, ...]


def read_places(path: Path) -> Gazetteer:
    """Read `places.tsv`. Former names are Ukrainian; aliases are in any language: Russian, Polish and other spellings."""
    places: list[Place] = []
    entries: list[Entry] = []
    for place_id, country, lat, lon, zone, population, en, uk, former, aliases in _cells(path, PLACE_COLUMNS):
        ref = Ref(Kind.PLACE, place_id)
        rank = int(population)
        names = {SOURCE_LANG: en}
        entries.append(Entry(en, ref, SOURCE_LANG, NameKind.MAIN, rank=rank))
        if uk:
            names[UKRAINIAN] = uk
            entries.append(Entry(uk, ref, UKRAINIAN, NameKind.MAIN, rank=rank))
        for kind, lang, names_so in ((NameKind.FORMER, UKRAINIAN, former), (NameKind.ALIAS, UNDETERMINED, aliases)):
            if names_so:
                entries += [Entry(name, ref, lang, kind, rank=rank) for name in names_so.split("|")]
        point = Point(float(lat), float(lon))
        places.append(Place(PlaceId(place_id), CountryCode(sys.intern(country)), point, sys.intern(zone), rank, MappingProxyType(names)))
    return Gazetteer(tuple(places), tuple(entries))


def read_forms(path: Path) -> tuple[Entry, ...]:
    """Read `name_forms.uk.tsv`: case forms by which names are found and never shown."""
    named = ((Ref(Kind(kind), thing), forms) for kind, thing, forms in _cells(path, FORM_COLUMNS))
    return tuple(Entry(form, ref, UKRAINIAN, NameKind.MAIN, inflected=True) for ref, forms in named for form in forms.split("|"))


def read_words(*paths: Path) -> tuple[Word, ...]:
    """Read `stopwords.csv` and `name_words.csv`: ordinary words that look like names, and words that stand beside names."""
    return tuple(Word(Lang(lang), word, Role(role)) for path in paths for lang, word, role in _cells(path, WORD_COLUMNS))


def _cells(path: Path, columns: Sequence[str]) -> Iterator[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        lines = csv.reader(file, delimiter="\t" if path.suffix == ".tsv" else ",", quoting=csv.QUOTE_MINIMAL)
        for cells in lines:
            if len(cells) != len(columns) or (lines.line_num == 1 and tuple(cells) != tuple(columns)):
                raise ValueError(f"{path.name}:{lines.line_num}: expected the columns {', '.join(columns)}")
            if lines.line_num > 1:
                yield cells
