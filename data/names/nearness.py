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
_OFFICIAL: Final = frozenset({NameKind.MAIN, NameKind.LOCAL})


def reach(key: str) -> int:
    """The edits allowed for a key of this length: none below five letters, where every word is one edit from a name."""
    return next((edits for letters, edits in _REACH if len(key) >= letters), 0)


def hits_of(table: NameTable, numbers: Iterable[int], how: How, distance: int = 0) -> tuple[Hit, ...]:
    """One hit a thing, best name of each, in the order of `NameTable.order`.

    A place known by the name only formerly or by the way gives way to whatever bears it officially.
    """
    best: dict[Ref, int] = {}
    for number in sorted(numbers, key=table.order):
        best.setdefault(table.entries[number].ref, number)
    if len(best) > 1 and any(table.entries[number].kind in _OFFICIAL for number in best.values()):
        best = {ref: number for ref, number in best.items() if ref.kind is not Kind.PLACE or table.entries[number].kind in _OFFICIAL}
    return tuple(Hit(ref, how, distance, table.entries[number].text) for ref, number in best.items())


def nearest(table: NameTable, norm: str, key: str, kinds: Kinds | None) -> tuple[Hit, ...]:
    """The things whose names are the fewest slips away; of equals in sound, those closest in letters."""
    edits = reach(key)
    if not edits:
        return ()
    near = [near for near in table.near(key, edits) if not near.first_differs or len(key) >= _FIRST_LETTER_FROM]
    for cost in sorted({_cost(near) for near in near}):
        close = [other for other in near if _cost(other) == cost]
        numbers = table.of_kinds(tuple(number for other in close for number in table.by_key[other.key]), kinds)
        if numbers:
            return hits_of(table, closest_in_letters(table, norm, numbers), How.TYPO, min(other.distance for other in close))
    return ()


def similar(table: NameTable, key: str, edits: int, kinds: Kinds | None) -> list[Hit]:
    """Hits within `edits` of the key whatever the first letter, closest first."""
    near = sorted(table.roughly(key, edits), key=lambda near: (_cost(near), near.key))
    return [hit for other in near for hit in hits_of(table, table.of_kinds(table.by_key[other.key], kinds), How.TYPO, other.distance)]


def closest_in_letters(table: NameTable, norm: str, numbers: Numbers) -> list[int]:
    """Those of the names that are the fewest edits from the text as it is spelt."""
    distances = [OSA.distance(norm, table.norms[number]) for number in numbers]
    least = min(distances)
    return [number for number, distance in zip(numbers, distances, strict=True) if distance == least]


def _cost(near: Near) -> int:
    return near.distance + near.first_differs
