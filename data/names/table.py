"""The maps that make names quick to find; built once, never changed."""

from __future__ import annotations

import heapq
from array import array
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator
from typing import Final, NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from data.names.folding import normalise_all
from data.names.keys import phonetic_keys
from data.names.model import Entry, Kind, Ref
from data.types import NameKind

Kinds = Collection[Kind]
Numbers = tuple[int, ...]
"""Positions in `NameTable.entries`."""


class Near(NamedTuple):
    """A key within reach of another; `first_differs` is the dearer slip: few people miss the first letter."""

    distance: int
    first_differs: bool
    key: str


_BEHIND: Final = "\U0010ffff"
_KIND_ORDER: Final = {kind: order for order, kind in enumerate(Kind)}
_NAME_ORDER: Final = {kind: order for order, kind in enumerate(NameKind)}
_KEY_ALPHABET: Final = "abdefgiklmnoprstuvzч"
_NUMBER_BITS: Final = 20
_RANK_BITS: Final = 30
_TOP_RANK: Final = (1 << _RANK_BITS) - 1
_NUMBER: Final = (1 << _NUMBER_BITS) - 1
_LATER: Final = 1 << (5 + _RANK_BITS + _NUMBER_BITS)
"""Set for a word that is not the first of its name."""
_SPARE: Final = 8
"""Names looked at for each different thing wanted: one thing has many names."""


class NameTable:
    """Names by spelling, by key, by beginning. Numbers, not entries, go in and out; `entries` resolves them."""

    __slots__ = ("_beginnings", "_buckets", "_orders", "by_code", "by_key", "entries", "exact", "inflected", "longest", "norms")

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries: tuple[Entry, ...] = tuple(entries)
        held: dict[str, str] = {}
        # One text for all names that are written alike, of which a third are: 3 MB.
        self.norms: list[str] = [held.setdefault(norm, norm) for norm in normalise_all([entry.text for entry in self.entries])]
        self.exact: dict[str, Numbers] = {}
        self.inflected: dict[str, Numbers] = {}
        self.longest: dict[str, int] = {}
        """First word of a name -> words in the longest name that begins so."""
        self._index_spellings()
        self.by_code: dict[str, Numbers] = {
            entry.ref.id.casefold(): (number,) for number, entry in enumerate(self.entries) if entry.ref.kind is Kind.COUNTRY
        }
        self.by_key: dict[str, Numbers] = {}
        self._buckets: dict[tuple[str, int], list[str]] = {}
        self._index_keys()
        self._beginnings: list[str] = []
        self._orders: array[int] = array("Q")
        self._index_beginnings()

    def of_kinds(self, numbers: Numbers, kinds: Kinds | None) -> Numbers:
        """Those of the names that stand for a thing of these kinds; `None` is any kind."""
        if kinds is None or not numbers:
            return numbers
        return tuple(number for number in numbers if self.entries[number].ref.kind in kinds)

    def order(self, number: int) -> int:
        """Sorts names: members before places, main names before aliases, then kind and rank."""
        return _order(number, self.entries[number])

    def beginning_with(self, prefix: str, kinds: Kinds | None, count: int) -> list[int]:
        """Numbers of names in which a word begins so, best first: up to `count` different things.

        Order: the very name before longer ones, members before places, the first word before later ones, main names before aliases, then
        kind and rank.
        """
        start = bisect_left(self._beginnings, prefix)
        longer = bisect_left(self._beginnings, prefix + "\0", start)
        stop = bisect_left(self._beginnings, prefix + _BEHIND, longer)
        orders = self._orders[longer:stop]
        few = heapq.nsmallest(count * _SPARE, orders) if kinds is None else sorted(orders)
        return self._distinct([*sorted(self._orders[start:longer]), *few], kinds, count)

    def _distinct(self, orders: list[int], kinds: Kinds | None, count: int) -> list[int]:
        found: dict[Ref, int] = {}
        for order in orders:
            number = order & _NUMBER
            ref = self.entries[number].ref
            if (kinds is None or ref.kind in kinds) and ref not in found:
                found[ref] = number
                if len(found) == count:
                    break
        return list(found.values())

    def near(self, key: str, limit: int) -> list[Near]:
        """Keys within `limit` edits (OSA) that share the first letter, and those one edit of the first letter away."""
        return [Near(int(distance), False, other) for other, distance in self._extract(key[:1], key, limit, limit)] + [
            Near(1, True, other) for other in _first_letter_slips(key) if other in self.by_key and other[0] != key[0]
        ]

    def roughly(self, key: str, limit: int) -> list[Near]:
        """Keys within `limit` edits whatever their first letter: thorough and slower than `near`."""
        return [
            Near(int(distance), other[0] != key[0], other)
            for first in (*_KEY_ALPHABET, *(key[:1] if key[:1] not in _KEY_ALPHABET else ""))
            for other, distance in self._extract(first, key, limit, limit)
        ]

    def _extract(self, first: str, key: str, limit: int, reach: int) -> Iterator[tuple[str, float]]:
        for length in range(max(1, len(key) - reach), len(key) + reach + 1):
            bucket = self._buckets.get((first, length))
            if bucket:
                for other, distance, _ in process.extract(key, bucket, scorer=OSA.distance, score_cutoff=limit, limit=None):
                    yield other, distance

    def _index_spellings(self) -> None:
        for number, (entry, norm) in enumerate(zip(self.entries, self.norms, strict=True)):
            names = self.inflected if entry.inflected else self.exact
            held = names.get(norm)
            if held is None:
                names[norm] = (number,)
            elif all(self.entries[other].ref != entry.ref for other in held):
                names[norm] = (*held, number)
        for name in (self.exact, self.inflected):
            name.pop("", None)
            for norm in name:
                first, _, others = norm.partition(" ")
                words = others.count(" ") + 2 if others else 1
                if self.longest.get(first, 0) < words:
                    self.longest[first] = words

    def _index_keys(self) -> None:
        spellings = self.exact | self.inflected
        for key, spelling in zip(phonetic_keys(list(spellings)), spellings, strict=True):
            if key:
                self.by_key[key] = self.by_key.get(key, ()) + self.exact.get(spelling, ()) + self.inflected.get(spelling, ())
        for key in self.by_key:
            self._buckets.setdefault((key[0], len(key)), []).append(key)

    def _index_beginnings(self) -> None:
        beginnings: list[tuple[str, int]] = []
        for number, (entry, norm) in enumerate(zip(self.entries, self.norms, strict=True)):
            if norm and not entry.inflected:
                order = _order(number, entry)
                beginnings.append((norm, order))
                by_the_way = entry.ref.kind is Kind.PLACE and entry.kind is not NameKind.MAIN
                space = -1 if by_the_way else norm.find(" ")
                while space > 0:
                    beginnings.append((norm[space + 1 :], order | _LATER))
                    space = norm.find(" ", space + 1)
        beginnings.sort()
        self._beginnings = [beginning for beginning, _ in beginnings]
        self._orders = array("Q", [order for _, order in beginnings])


def _order(number: int, entry: Entry) -> int:
    """The order of completion and the number in one integer, so that sorting needs no key: place, later word, part, kind, rank."""
    standing = (entry.ref.kind is Kind.PLACE) << 6 | _NAME_ORDER[entry.kind] << 3 | _KIND_ORDER[entry.ref.kind]
    return (standing << _RANK_BITS | (_TOP_RANK - min(entry.rank, _TOP_RANK))) << _NUMBER_BITS | number


def _first_letter_slips(key: str) -> Iterator[str]:
    """What the key may have been before one slip at its first letter: missed, swapped, doubled or wrong."""
    yield key[1:]
    yield key[1:2] + key[:1] + key[2:]
    for letter in _KEY_ALPHABET:
        yield letter + key
        yield letter + key[1:]
