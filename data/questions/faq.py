"""Finding the question of the FAQ that someone asks.

Every entry has its question and other wordings of it in each language. A question is what its words stand for (names, years, concepts) and,
counting half, the beginnings of the words themselves; each counts by how few entries speak of it. An entry is as like as its wordings are
taken together, and a little as the likest of them. It is taken only if no other comes near and nothing of weight is foreign to it: a
wrong answer is worse than none.
"""

from __future__ import annotations

import functools
import heapq
import math
import re
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from data.names import Kind
from data.questions.lexicon import Weight

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from data.questions.lexicon import Lexicon
    from data.questions.reading import Piece, Reading
    from data.types import FaqEntry

ALIKE: Final = 0.34
"""Likeness from which on an entry is the one that is asked for."""
ALIKE_PARTICULAR: Final = 0.5
"""The same for a question that names a place or a year."""
MARGIN: Final = 0.025
"""By so much the best must beat the second."""
SURE: Final = 0.62
"""Likeness from which on a smaller margin is enough."""
NEAR: Final = 0.25
"""Likeness from which on an entry is offered as a guess."""
FOREIGN: Final = 0.5
"""Share of the weight of what was asked that no wording of the entry speaks of, at most."""
SLIGHTLY: Final = 0.2
"""The same, where nothing else is tried."""
BESIDE_OURS: Final = frozenset({"othernetwork", "dispute"})
TOLD_APART: Final = frozenset({"difference", "network", "also", "both"})
"""What a question about another network speaks of, if it asks what sets ours apart from it."""
ENUMERATED: Final = frozenset({"list", "count", "when", "who", "only"})
"""What it asks of the other network itself."""
CONSIDERED: Final = 10
"""Entries whose wordings are looked at one by one."""
MOSTLY: Final = 0.7
"""Share of the wordings of an entry that name a thing, from which on the entry is about that thing."""
BARE: Final = frozenset({"why", "how", "when", "where", "no", "yes"})
"""Concepts that make no question alone."""
OFFERED: Final = 3
TOGETHER: Final = 0.7
"""Share of all wordings together in the likeness of an entry; the rest is that of the likest."""
NEVER: Final = frozenset({"foreign", "instruct", "abuse", "forecast", "statistic"})
"""Concepts that no entry is about, whatever its wordings hold."""
PLAIN_OF_ALL: Final = 0.48
"""The same for a question that names nothing: what is asked of the whole network is mostly asked in the FAQ."""
PLAIN: Final = 0.78
"""Likeness from which on an entry is meant, whatever else a question may be."""
IDLE: Final = frozenset({"filler", "list", "whether", "also", "it", "and", "now", "year", "since", "after", "before", "until", "between"})
"""Concepts that tell no question from another."""
STEM: Final = 5
WORD: Final = "="
"""Marks the beginning of a word, beside what the word stands for."""
WORDING: Final = 0.5
"""What that counts beside a concept."""
UNKNOWN: Final = "~"
"""Marks the beginning of a word that nobody knows."""
MARKS: Final = (WORD, UNKNOWN)
UNHEARD: Final = 3.0
"""Weight of a word that no wording has: it tells less than a concept that none has."""
FAMILIAR: Final = 0.3
"""Weight of what every entry speaks of."""
NUMBERED: Final = frozenset({"sdg", "goal", "conference", "framework", "feature"})
"""Concepts of things that have numbers; beside others a number is a quantity, and tells nothing."""
SHARE: Final = re.compile(r"(.+?)(?::(0\.\d+))?")

Features = dict[str, float]
"""What a question speaks of, with shares: a word that may stand for two things counts half for each."""


@dataclass(frozen=True, slots=True)
class Guess:
    """An entry and how like it a question is, from 0 to 1."""

    entry: FaqEntry
    alike: float


class FaqSearch:
    """The questions of the FAQ in all languages. Immutable."""

    def __init__(self, entries: Iterable[FaqEntry], questions: Iterable[tuple[str, Features]], lexicon: Lexicon) -> None:
        """`questions` are the wordings: an entry's id, and what the question speaks of. Those of entries not held are left out."""
        self._light = lexicon.of_weight(Weight.NONE)
        self._others = lexicon.of_weight(Weight.OTHER)
        self._entries = {entry.id: entry for entry in entries}
        held = [(entry, features) for entry, features in questions if entry in self._entries and features]
        spoken: dict[str, set[str]] = defaultdict(set)
        for entry, features in held:
            spoken[entry].update(features)
        self._spoken: Mapping[str, frozenset[str]] = {entry: frozenset(features) for entry, features in spoken.items()}
        wordings = Counter(entry for entry, _ in held)
        named = Counter((entry, feature) for entry, features in held for feature in features if ":" in feature)
        self._own_names: dict[str, set[str]] = defaultdict(set)
        for (entry, feature), count in named.items():
            if count >= MOSTLY * wordings[entry]:
                self._own_names[entry].add(feature)
        seen = Counter(feature for features in self._spoken.values() for feature in features)
        self._rarity = {feature: math.log((1 + len(self._entries)) / (1 + count)) + FAMILIAR for feature, count in seen.items()}
        self._unheard = math.log(1 + len(self._entries)) + FAMILIAR
        self._wordings: dict[str, list[Features]] = defaultdict(list)
        self._together: dict[str, list[tuple[str, float]]] = defaultdict(list)
        sums: dict[str, Features] = defaultdict(lambda: defaultdict(float))
        for entry, features in held:
            unit = self._unit(features)
            self._wordings[entry].append(unit)
            for feature, weight in unit.items():
                sums[entry][feature] += weight
        for entry, total in sums.items():
            length = math.sqrt(sum(total.values())) or 1.0
            for feature, weight in total.items():
                self._together[feature].append((entry, math.sqrt(weight) / length))
        self._last: tuple[Reading | None, list[Guess]] = (None, [])

    def find(self, reading: Reading, *, loosely: bool = True) -> FaqEntry | None:
        """The entry whose question this is; None if there is none or more than one.

        Unless `loosely`, a question about something particular must be more like it: rows of the table may fit it as well.
        """
        if not any(piece.refs or piece.concepts - BARE - self._light for piece in reading.pieces):
            return None  # "why?" is no question of its own
        alike = ALIKE if loosely or not _is_particular(reading) else ALIKE_PARTICULAR
        guesses = [guess for guess in self.guesses(reading) if guess.alike >= alike - MARGIN and not self._is_foreign(reading, guess.entry)]
        if not guesses or guesses[0].alike < alike:
            return None
        ahead = guesses[0].alike - guesses[1].alike if len(guesses) > 1 else 1.0
        sure = ahead >= MARGIN or (guesses[0].alike >= SURE and ahead > 0)
        return guesses[0].entry if sure else None

    def find_plain(self, reading: Reading) -> FaqEntry | None:
        """The entry whose very question this is, or nearly so."""
        guesses = self.guesses(reading)
        plain = PLAIN if _is_particular(reading) else PLAIN_OF_ALL
        bare = not any(piece.refs or piece.concepts - BARE - self._light for piece in reading.pieces)
        if bare or not guesses or guesses[0].alike < plain or self._is_foreign(reading, guesses[0].entry, SLIGHTLY):
            return None
        return guesses[0].entry if len(guesses) == 1 or guesses[0].alike - guesses[1].alike >= MARGIN else None

    def near(self, reading: Reading) -> tuple[FaqEntry, ...]:
        """Entries that may be meant, nearest first; to be offered, not to be answered."""
        return tuple(guess.entry for guess in self.guesses(reading)[:OFFERED] if guess.alike >= NEAR)

    def guesses(self, reading: Reading) -> list[Guess]:
        """The entries that are most like a question, the likest first. Asked of one question several times, they are found once."""
        last, guesses = self._last
        if last is not reading:
            guesses = self._found(reading)
            self._last = (reading, guesses)
        return guesses

    def _found(self, reading: Reading) -> list[Guess]:
        asked = self._unit(features_of(reading))
        together: dict[str, float] = defaultdict(float)
        for feature, weight in asked.items():
            for entry, held in self._together.get(feature, ()):
                together[entry] += weight * held
        nearest = heapq.nlargest(CONSIDERED, together.items(), key=lambda row: row[1])
        guesses = [Guess(self._entries[entry], TOGETHER * alike + (1 - TOGETHER) * self._likest(entry, asked)) for entry, alike in nearest]
        return sorted(guesses, key=lambda guess: -guess.alike)

    def _likest(self, entry: str, asked: Features) -> float:
        """How like a question is to the wording of an entry that is most like it."""
        return max(
            sum(weight * wording[feature] for feature, weight in asked.items() if feature in wording) for wording in self._wordings[entry]
        )

    def _is_foreign(self, reading: Reading, entry: FaqEntry, most: float = FOREIGN) -> bool:
        """Whether a question speaks of too much that the entry has nothing to do with: anything else than the network, above all."""
        asked = {feature: weight for feature, weight in features_of(reading).items() if not feature.startswith(WORD)}
        strange = {feature for feature in asked if feature not in self._spoken[entry.id]}
        if NEVER & asked.keys() or any(feature in self._others or ":" in feature for feature in strange):
            return True
        if _is_particular(reading) and self._others & asked.keys():
            return True
        if self._others & asked.keys() - BESIDE_OURS and (not TOLD_APART & reading.concepts or ENUMERATED & reading.concepts):
            return True
        if self._own_names[entry.id] - asked.keys():
            return True  # all that is known of Ukraine does not answer what is asked of nobody
        telling = {feature for feature in asked.keys() - strange if ":" not in feature and feature not in self._light}
        if not telling and any(":" in feature for feature in asked):
            return True  # to speak of the same city is not to ask the same of it
        weights = {feature: share * self._counts(feature) * (feature not in self._light) for feature, share in asked.items()}
        return sum(weights[feature] for feature in strange) > most * sum(weights.values())

    def _counts(self, feature: str) -> float:
        return self._rarity.get(feature, UNHEARD if feature[0] in MARKS else self._unheard)

    def _unit(self, features: Features) -> Features:
        """The features by weight, as a vector of length 1."""
        weighed = {feature: share * self._counts(feature) for feature, share in features.items()}
        length = math.sqrt(sum(weight * weight for weight in weighed.values())) or 1.0
        return {feature: weight / length for feature, weight in weighed.items()}


def _is_particular(reading: Reading) -> bool:
    """Whether a question names a place, a country, a region or a year."""
    return bool(reading.years) or any(not piece.kinds <= {Kind.THEME} for piece in reading.names)


def features_of(reading: Reading) -> Features:
    """What a question speaks of."""
    features: Features = {}
    counted = not reading.concepts & NUMBERED
    for piece in reading.pieces:
        if counted and piece.number is not None and not piece.concepts:
            continue
        for feature, share in _features_of(piece):
            features[feature] = max(share, features.get(feature, 0.0))
    return features


def _features_of(piece: Piece) -> Iterator[tuple[str, float]]:
    if not piece.refs or piece.concepts:
        yield from ((f"{WORD}{word[:STEM]}", WORDING) for word in piece.words)
    if piece.year or piece.number is not None:
        yield str(piece.year or piece.number), 1.0
    if piece.year or (piece.number is not None and not piece.concepts):
        return
    if not piece.is_known:
        yield from ((f"{UNKNOWN}{word[:STEM]}", 1.0) for word in piece.words)
    elif piece.refs or not piece.concepts & IDLE:
        named = [f"{ref.kind}:{ref.id}" for ref in piece.refs] + sorted(piece.concepts)
        yield from ((name, 1 / len(named)) for name in named)


def write_features(features: Features) -> str:
    """The features as a cell of a table: `fee join:0.5 open:0.5`."""
    return " ".join(feature if share == 1 else f"{feature}:{share:.3g}" for feature, share in sorted(features.items()))


def read_features(cell: str) -> Features:
    """The features that `write_features` wrote."""
    features: Features = {}
    for item in cell.split():
        feature, share = SHARE.fullmatch(item).groups()  # type: ignore[union-attr]
        features[sys.intern(feature)] = _share(share) if share else 1.0
    return features


@functools.cache
def _share(text: str) -> float:
    """A share. There are few different ones, and tens of thousands of them."""
    return float(text)


def read_wordings(path: Path) -> Iterator[tuple[str, Features]]:
    """The wordings in the table that `data.build.questions` writes: an entry's id and what the question speaks of."""
    with path.open(encoding="utf-8") as file:
        next(file)
        for row in file:
            entry, _, cell = row.rstrip("\n").partition("\t")
            yield entry, read_features(cell)
