"""The words that questions are made of, from `lexicon.csv`: a table that whoever knows the language can read and mend."""

from __future__ import annotations

import csv
import enum
from collections import defaultdict
from typing import TYPE_CHECKING

from data.names import normalise

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


class Meaning(enum.StrEnum):
    """What a word contributes to a question."""

    AWARD = "award"
    MEMBER = "member"
    WHEN = "when"
    WHERE = "where"
    LIST = "list"
    COUNT = "count"
    NETWORK = "network"
    JOIN = "join"
    PRACTICE = "practice"
    NEWS = "news"
    GREETING = "greeting"
    THANKS = "thanks"
    HELP = "help"
    FILLER = "filler"
    """Adds nothing: articles, prepositions."""


class Lexicon:
    """Words and stems with their meanings. A stem ends in `*` in the table and stands for every word that begins so."""

    def __init__(self, rows: Iterable[tuple[str, str]]) -> None:
        self._words: dict[str, set[Meaning]] = defaultdict(set)
        self._stems: dict[str, set[Meaning]] = defaultdict(set)
        for word, meaning in rows:
            held = self._stems if word.endswith("*") else self._words
            held[normalise(word.rstrip("*"))].add(Meaning(meaning))
        self._longest = max(map(len, self._stems), default=0)

    @classmethod
    def read(cls, path: Path) -> Lexicon:
        """The table in a file with the columns lang, stem, meaning."""
        with path.open(encoding="utf-8", newline="") as file:
            return cls((row["stem"], row["meaning"]) for row in csv.DictReader(file))

    def meanings(self, word: str) -> frozenset[Meaning]:
        """What a normalised word means; empty for a word of no meaning here."""
        found = set(self._words.get(word, ()))
        for length in range(min(len(word), self._longest), 2, -1):
            found |= self._stems.get(word[:length], set())
        return frozenset(found)
