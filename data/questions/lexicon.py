"""The words that questions are made of and the concepts they stand for, from `concepts.csv` and `lexicon.<lang>.csv`.

Both are tables that whoever knows the language can read and mend. A row of a lexicon is a word or a phrase; a word that ends in `*` stands
for every word that begins so. The longest match wins: a phrase before its words, an exact word before a stem, a longer stem before a
shorter one. Rows that are equally long add up, as `sign up` does: it joins and it follows.
"""

from __future__ import annotations

import csv
import enum
import sys
from array import array
from bisect import bisect_left
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple, NewType

from rapidfuzz.distance import OSA

from data.names import normalise_all

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

Concept = NewType("Concept", str)
"""What a word contributes to a question; `concepts.csv` explains each."""

SHORTEST_STEM: Final = 4
"""Letters of a stem that begins a row; behind other words it may be shorter."""
SHORTEST_SLIP: Final = 6
"""Letters of a word from which on one slip is forgiven: shorter words have too many neighbours."""
STEM: Final = "*"


class Weight(enum.StrEnum):
    """How much a concept must be accounted for by an answer."""

    NONE = "none"
    """May stand in any question."""
    CONTENT = "content"
    """An answer must be about it."""
    OTHER = "other"
    """Speaks of what the data set does not hold, or of another network."""


class Sense(NamedTuple):
    """What the words `start` to `stop` of a text stand for: one of these concepts."""

    start: int
    stop: int
    concepts: frozenset[Concept]
    sure: bool = True
    """False for a word that was only nearly spelt so."""


_Words = tuple[tuple[str, bool], ...]
"""Normalised words of a row, each with whether it is a stem."""
Rank = tuple[int, int, int]
"""More words first, then more exact words, then more letters."""


class _Node:
    """Where rows part: a tree by words. `ends` are the rows that end here."""

    __slots__ = ("ends", "exact", "stems")

    def __init__(self) -> None:
        self.exact: dict[str, _Node] = _NONE
        self.stems: dict[str, _Node] = _NONE
        self.ends: tuple[Concept, ...] = ()

    def grow(self, word: str, stem: bool) -> _Node:
        """The node behind a word, made if there is none. Most nodes are leaves and share an empty dictionary."""
        if stem:
            if self.stems is _NONE:
                self.stems = {}
            return self.stems.get(word) or self.stems.setdefault(word, _Node())
        if self.exact is _NONE:
            self.exact = {}
        return self.exact.get(word) or self.exact.setdefault(word, _Node())


_NONE: Final[dict[str, _Node]] = {}


class Slips:
    """Words by what remains of them without one letter: two that share that are one slip apart, or nearly so.

    What remains is held as hashes in one array: as texts in a dictionary they took 10 MB. Two texts may have one hash, so whoever asks
    looks at the words.
    """

    def __init__(self, words: Iterable[str]) -> None:
        self._words = tuple(words)
        remains = (
            _hashed(shorter) | number for number, word in enumerate(self._words) for shorter in _without_a_letter(word.removesuffix(STEM))
        )
        self._held = array("Q", sorted(remains))

    def remaining(self, shorter: str) -> Iterator[str]:
        """The words of which this may remain."""
        wanted = _hashed(shorter)
        for place in range(bisect_left(self._held, wanted), len(self._held)):
            number = self._held[place] - wanted
            if number >> _NUMBER_BITS:
                return
            yield self._words[number]


_NUMBER_BITS: Final = 20
"""Of the number of a word; the other 44 of 64 are of a hash."""


def _hashed(text: str) -> int:
    return (hash(text) & 0xFFF_FFFF_FFFF) << _NUMBER_BITS


class Lexicon:
    """The lexicons of all languages held, as one. Immutable."""

    def __init__(self, weights: Mapping[str, str], rows: Iterable[tuple[str, str]]) -> None:
        """`weights` of the concepts, and rows of words and concept. A row with an unknown concept or a short stem raises ValueError."""
        self._weights = {Concept(concept): Weight(weight) for concept, weight in weights.items()}
        self._root = _Node()
        self._ends: dict[tuple[Concept, ...], tuple[Concept, ...]] = {}
        """What rows end in, each once: there are tens of thousands of rows and hundreds of concepts."""
        words, concepts = list[str](), list[str]()
        for written, concept in rows:
            words.append(written)
            concepts.append(concept)
        for normalised, concept in zip(_normalised(words), concepts, strict=True):
            self._add(normalised, concept)
        self._longest = max(map(len, self._root.stems), default=0)

    @cached_property
    def slips(self) -> Slips:
        """Words and stems (`univers*`) that may be misspelt. A start does without it; the first misspelt word needs it."""
        parts = ((self._root.exact, ""), (self._root.stems, STEM))
        return Slips(
            word + mark for held, mark in parts for word, node in held.items() if len(word) >= SHORTEST_SLIP - len(mark) and node.ends
        )

    @classmethod
    def read(cls, folder: Path) -> Lexicon:
        """The tables `concepts.csv` and `lexicon.*.csv` of a folder."""
        weights = {row["concept"]: row["weight"] for row in rows_of(folder / "concepts.csv")}
        return cls(weights, (row for path in sorted(folder.glob("lexicon.*.csv")) for row in _pairs_of(path)))

    @property
    def concepts(self) -> frozenset[Concept]:
        """All concepts there are."""
        return frozenset(self._weights)

    def of_weight(self, weight: Weight) -> frozenset[Concept]:
        """The concepts that count so much."""
        return frozenset(concept for concept, held in self._weights.items() if held is weight)

    def weight(self, concept: Concept) -> Weight:
        """How much a concept counts."""
        return self._weights[concept]

    def read_words(self, norms: Sequence[str]) -> list[Sense]:
        """What the normalised words of a text stand for, in order; a word of no meaning here is left out."""
        senses, place = list[Sense](), 0
        while place < len(norms):
            sense = self._sense(norms, place)
            if sense:
                senses.append(sense)
            place = sense.stop if sense else place + 1
        return senses

    def _sense(self, norms: Sequence[str], place: int) -> Sense | None:
        best: tuple[Rank, set[Concept]] | None = None
        for rank, ends in self._fitting(norms, place):
            if best is None or rank > best[0]:
                best = (rank, set(ends))
            elif rank == best[0]:
                best[1].update(ends)
        if best:
            return Sense(place, place + best[0][0], frozenset(best[1]))
        nearly = self._nearly(norms[place])
        return Sense(place, place + 1, nearly, sure=False) if nearly else None

    def _fitting(self, norms: Sequence[str], place: int) -> Iterator[tuple[Rank, tuple[Concept, ...]]]:
        """The rows that the words from `place` on begin with."""
        open_: list[tuple[_Node, Rank]] = [(self._root, (0, 0, 0))]
        while open_ and place < len(norms):
            norm, following = norms[place], list[tuple[_Node, Rank]]()
            for node, (words, exact, letters) in open_:
                if there := node.exact.get(norm):
                    following.append((there, (words + 1, exact + 1, letters + len(norm))))
                if node.stems:
                    for length in range(SHORTEST_STEM if node is self._root else 1, min(len(norm), self._longest) + 1):
                        if there := node.stems.get(norm[:length]):
                            following.append((there, (words + 1, exact, letters + length)))
            yield from ((rank, node.ends) for node, rank in following if node.ends)
            open_, place = following, place + 1

    def _nearly(self, norm: str) -> frozenset[Concept]:
        """The concepts of a word that is one slip away, if all such words have the same ones."""
        if len(norm) < SHORTEST_SLIP:
            return frozenset()
        found = set[frozenset[Concept]]()
        for begin in {norm[:length] for length in range(SHORTEST_SLIP - 1, min(len(norm), self._longest + 1) + 1)} | {norm}:
            for shorter in _without_a_letter(begin):
                for marked in self.slips.remaining(shorter):
                    word, stem = marked.rstrip(STEM), marked.endswith(STEM)
                    if word[0] == norm[0] and (stem or begin == norm) and OSA.distance(begin, word, score_cutoff=1) <= 1:
                        found.add(frozenset((self._root.stems if stem else self._root.exact)[word].ends))
        return found.pop() if len(found) == 1 else frozenset()

    def _add(self, words: _Words, concept: str) -> None:
        if concept not in self._weights:
            raise ValueError(f"{words} stand for {concept!r}, which is no concept")
        if not words or not all(word for word, _ in words) or (words[0][1] and len(words[0][0]) < SHORTEST_STEM):
            raise ValueError(f"{words} are no row of words: a stem that begins a row has at least {SHORTEST_STEM} letters")
        node = self._root
        for word, stem in words:
            node = node.grow(word, stem)
        ends = (*node.ends, Concept(concept))
        node.ends = self._ends.setdefault(ends, ends)


def _normalised(rows: Sequence[str]) -> Iterator[_Words]:
    """The words of each row with a flag for stems; each word is normalised once, all in one pass. A hyphen makes two words of one."""
    written = list(dict.fromkeys(word for row in rows for word in row.split()))
    norms = normalise_all([word.rstrip(STEM) for word in written])
    held = {word: _split(norm, word.endswith(STEM)) for word, norm in zip(written, norms, strict=True)}
    for row in rows:
        words = [held[word] for word in row.split()]
        yield words[0] if len(words) == 1 else tuple(part for word in words for part in word)


def _split(norm: str, stem: bool) -> _Words:
    *before, last = norm.split() or [""]
    return (*((word, False) for word in before), (last, stem))


def _without_a_letter(word: str) -> set[str]:
    return {word} | {word[:place] + word[place + 1 :] for place in range(len(word))}


def _pairs_of(path: Path) -> Iterator[tuple[str, str]]:
    """The rows of a lexicon: words, concept. Without a dictionary for each: there are tens of thousands."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        yield from ((words, sys.intern(concept)) for words, concept in rows)


def rows_of(path: Path) -> Iterator[dict[str, str]]:
    """The rows of a table."""
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
