"""What a name is, what it names, and what a search says about it."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import NamedTuple

from data.types import Lang, NameKind


class Kind(enum.StrEnum):
    """What a name can stand for, in the order in which ties are listed."""

    CITY = "city"
    """A city of the list, whatever its status."""
    COUNTRY = "country"
    REGION = "region"
    THEME = "theme"
    PLACE = "place"
    """A place of the gazetteer: it exists and is not in the list."""


class Ref(NamedTuple):
    """The thing a name stands for; `id` is unique within its kind. A country's id is its code."""

    kind: Kind
    id: str


class Entry(NamedTuple):
    """One name of one thing. A named tuple, because tens of thousands are made at every start."""

    text: str
    ref: Ref
    lang: Lang
    kind: NameKind = NameKind.MAIN
    inflected: bool = False
    """A case form: found, but never shown and never completed."""
    rank: int = 0
    """Higher comes first among equals: population, number of awards, whatever the owner ranks by."""


class How(enum.IntEnum):
    """How a text met a name, surest first."""

    EXACT = 1
    INFLECTED = 2
    KEY = 3
    """The same sounds in another spelling or script."""
    LAYOUT = 4
    """Typed on the wrong keyboard layout."""
    PREFIX = 5
    TYPO = 6


@dataclass(frozen=True, slots=True)
class Hit:
    """A thing found. `distance` counts the edits between phonetic keys; 0 unless `how` is TYPO."""

    ref: Ref
    how: How
    distance: int
    name: str


@dataclass(frozen=True, slots=True)
class Link:
    """A name inside a sentence: `sentence[start:end]`; several `refs` when the name is ambiguous."""

    start: int
    end: int
    refs: tuple[Ref, ...]
    how: How


class Role(enum.StrEnum):
    """What an ordinary word does to the names beside it or spelt like it."""

    COMMON = "common"
    """Never bent to a name: it is no misspelling."""
    CAPITAL = "capital"
    """A name only with a capital letter: `Cork`, not `cork`."""
    INSIDE = "inside"
    """A name only with a capital that does not merely begin a sentence."""
    LOCATIVE = "locative"
    """As INSIDE, or after a preposition of place."""
    PREPOSITION = "preposition"
    """Stands before a place."""
    DESIGNATOR = "designator"
    """Stands beside a name without being part of it: `city of`."""


class Word(NamedTuple):
    """A row of the table of ordinary words."""

    lang: Lang
    word: str
    role: Role
