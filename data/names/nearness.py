"""From numbers and near keys to hits: which ties stay, and in what order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rapidfuzz.distance import OSA

from data.names.model import Hit, How, Kind, Ref
from data.types import NameKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from data.names.table import Kinds, NameTable, Near, Numbers

_REACH: Final = ((8, 2), (5, 1))
"""Letters of a key, and the edits allowed from there on."""
_FIRST_LETTER_FROM: Final = 6
"""Letters of a key from which a slip may be at the first of them."""
_OUTWEIGHED: Final = 8
"""Times smaller a place must be than its namesake not to be asked about."""


def reach(key: str) -> int:
    """The edits allowed for a key of this length: none below five letters, where every word is one edit from a name."""
    return next((edits for letters, edits in _REACH if len(key) >= letters), 0)


def hits_of(table: NameTable, numbers: Iterable[int], how: How, distance: int = 0) -> tuple[Hit, ...]:
    """One hit a thing, best name of each, in the order of `NameTable.order`.

    A place that is called so only by the way gives way to what is or was properly called so, and a small place to a far larger one.
    """
    best: dict[Ref, int] = {}
    for number in sorted(numbers, key=table.order):
        best.setdefault(table.entries[number].ref, number)
    if len(best) > 1:
        best = _worth_asking_about(table, best)
    return tuple(Hit(ref, how, distance, table.entries[number].text) for ref, number in best.items())


def _worth_asking_about(table: NameTable, best: dict[Ref, int]) -> dict[Ref, int]:
    named = {ref: table.entries[number] for ref, number in best.items()}
    if any(entry.kind is not NameKind.ALIAS for entry in named.values()):
        named = {ref: entry for ref, entry in named.items() if ref.kind is not Kind.PLACE or entry.kind is not NameKind.ALIAS}
    largest = max((entry.rank for ref, entry in named.items() if ref.kind is Kind.PLACE), default=0)
    return {ref: best[ref] for ref, entry in named.items() if ref.kind is not Kind.PLACE or entry.rank * _OUTWEIGHED >= largest}


def nearest(table: NameTable, norm: str, key: str, kinds: Kinds | None) -> tuple[Hit, ...]:
    """The things whose names are the fewest slips away in sound, and of those the closest in letters.

    The letters must be near too: by one edit more for members, since what is near in sound may be far in meaning.
    """
    edits = reach(key)
    if not edits:
        return ()
    near = [near for near in table.near(key, edits) if not near.first_differs or len(key) >= _FIRST_LETTER_FROM]
    for cost in sorted({_cost(near) for near in near}):
        close = [other for other in near if _cost(other) == cost]
        numbers = table.of_kinds(tuple(number for other in close for number in table.by_key[other.key]), kinds)
        hits = hits_of(table, closest_in_letters(table, norm, numbers, edits), How.TYPO, min(other.distance for other in close))
        if hits:
            return hits
    return ()


def similar(table: NameTable, key: str, edits: int, kinds: Kinds | None) -> list[Hit]:
    """Hits within `edits` of the key whatever the first letter, closest first."""
    near = sorted(table.roughly(key, edits), key=lambda near: (_cost(near), near.key))
    return [hit for other in near for hit in hits_of(table, table.of_kinds(table.by_key[other.key], kinds), How.TYPO, other.distance)]


def closest_in_letters(table: NameTable, norm: str, numbers: Numbers, edits: int) -> list[int]:
    """Those of the names that are the fewest edits from the text as it is spelt, if few enough."""
    found: dict[int, list[int]] = {}
    for number in numbers:
        distance = OSA.distance(norm, table.norms[number])
        if distance <= edits + (table.entries[number].ref.kind is not Kind.PLACE):
            found.setdefault(distance, []).append(number)
    return found[min(found)] if found else []


def _cost(near: Near) -> int:
    return near.distance + near.first_differs
