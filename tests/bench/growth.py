"""What finding a name costs as the catalogue grows: made-up cities, called by halves of the names of the real ones."""

from __future__ import annotations

import gc
import math
import random
import statistics
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from data import upkeep
from data.names import Kind, NameIndex, Ref
from tests.bench.questions import Times

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from data.names import Entry

TIMES: Final = (1, 10, 100)
ASKED: Final = 1_000
LONG: Final = 6
"""Letters from which on a slip is forgiven in any name."""
PREFIX: Final = 4
TYPO_P99_MS: Final = 2.0
LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Grown:
    """So many times the real cities: cities and names in all, and milliseconds by what is typed."""

    times: int
    cities: int
    names: int
    exact: Times
    prefix: Times
    typo: Times
    completed: float
    """Names that a beginning found, in the mean; ten at most are asked for."""


def tell() -> None:
    """Measure and print."""
    print(f"\nFinding names as the catalogue grows, {ASKED:,} texts of each kind: p50 and p99 in ms")
    print(f"    {'':<34}{'the very name':<20}{f'its first {PREFIX} letters':<22}one slip")
    grown = list(growth())
    for one in grown:
        figures = (f"{kind.p50:.3f}  {kind.p99:.3f}" for kind in (one.exact, one.prefix, one.typo))
        exact, prefix, typo = figures
        print(f"    {f'{one.times}x: {one.cities:,} cities, {one.names:,} names':<34}{exact:<20}{prefix:<22}{typo}")
    first, last = grown[0], grown[-1]
    print(f"    by the logarithm of the names p50 may grow {math.log(last.names) / math.log(first.names):.2f} times;", end=" ")
    print(f"it grew {last.exact.p50 / first.exact.p50:.2f} and {last.prefix.p50 / first.prefix.p50:.2f} times")
    print(f"    a beginning found {first.completed:.1f} names at {first.times}x and {last.completed:.1f} at {last.times}x")
    print(f"    a slip takes {first.typo.p99:.2f} ms at the 99th percentile today; aim {TYPO_P99_MS:.0f} ms")


def growth() -> Iterator[Grown]:
    """Figures at each size."""
    catalogue = upkeep.catalogue_of(upkeep.read_seed())
    held = catalogue.names._table.entries
    chance = random.Random(5)
    cities = [entry for entry in held if entry.ref.kind is Kind.CITY and not entry.inflected]
    for times in TIMES:
        made = [_made_up(entry, copy, chance.choice(cities)) for copy in range(1, times) for entry in cities]
        names = NameIndex.build([*held, *made])
        gc.collect()
        gc.freeze()
        texts = [entry.text for entry in chance.sample([*cities, *made], ASKED)]
        slips = [_slip(text, chance) for text in texts if len(text) >= LONG]
        yield Grown(
            times,
            len({entry.ref for entry in (*cities, *made)}),
            len(held) + len(made),
            _times(names.lookup, texts),
            _times(names.complete, [text[:PREFIX] for text in texts]),
            _times(names.lookup, slips),
            statistics.fmean(len(names.complete(text[:PREFIX])) for text in texts),
        )


def _made_up(entry: Entry, copy: int, other: Entry) -> Entry:
    """A city that is called by the first half of one name and the second of another."""
    text = entry.text[: (len(entry.text) + 1) // 2] + other.text[len(other.text) // 2 :].lower()
    return entry._replace(text=text, ref=Ref(Kind.CITY, f"{entry.ref.id}-{copy}"))


def _slip(text: str, chance: random.Random) -> str:
    """One letter wrong, missing, doubled, or swapped with the next; not the first."""
    place = chance.randrange(1, len(text) - 1)
    before, letter, after = text[:place], text[place], text[place + 1 :]
    return before + chance.choice((chance.choice(LETTERS), "", letter * 2, after[:1] + letter)) + after


def _times(find: Callable[[str], object], texts: list[str]) -> Times:
    taken = []
    for text in texts:
        began = time.perf_counter()
        find(text)
        taken.append((time.perf_counter() - began) * 1000)
    taken.sort()
    return Times(taken[len(taken) // 2], taken[len(taken) * 99 // 100])


if __name__ == "__main__":
    tell()
