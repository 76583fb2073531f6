"""The words by which news of the network is told from other news, in the languages in which sources write: `news_words.csv`.

A row is a phrase and what whoever says it speaks of. `*` at an end of a word stands for any letters there, so that endings, and languages
without blanks between words, need no rows of their own.
"""

from __future__ import annotations

import csv
import enum
import re
from typing import TYPE_CHECKING, Final, Self

from data.names import normalise, normalise_all

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

TABLE: Final = "news_words.csv"
ANY: Final = "*"
LETTERS: Final = r"[\w']*"


class Says(enum.StrEnum):
    """What a phrase speaks of."""

    NETWORK = "network"
    """The network, and nothing else."""
    LEARNING_CITY = "learning-city"
    """A learning city: of the network where UNESCO is named, too."""
    UNESCO = "unesco"
    OTHER = "other"
    """Another network, or something that is only called alike."""
    NEW_MEMBERS = "new-members"
    CALL = "call"


class NewsWords:
    """The table, ready to read texts. Immutable."""

    def __init__(self, rows: Iterable[tuple[str, str]]) -> None:
        """Rows of phrase and what it says. An empty phrase, or a word for nothing that can be said, raises ValueError."""
        phrases: dict[Says, list[str]] = {says: [] for says in Says}
        for phrase, says in rows:
            phrases[Says(says)].append(phrase)
        self._read = {says: _any_of(held) for says, held in phrases.items()}

    @classmethod
    def read(cls, folder: Path) -> Self:
        """The table of a folder."""
        with (folder / TABLE).open(encoding="utf-8", newline="") as file:
            rows = csv.reader(file)
            next(rows)
            return cls((phrase, says) for phrase, says in rows)

    def in_text(self, text: str) -> frozenset[Says]:
        """What a text speaks of."""
        norm = normalise(text)
        return frozenset(says for says, phrases in self._read.items() if phrases.search(norm))


def _any_of(phrases: list[str]) -> re.Pattern[str]:
    """What finds any of the phrases, as whole words. Without phrases it finds nothing."""
    words = [phrase.split() for phrase in phrases]
    if not all(word.strip(ANY) for phrase in words for word in phrase) or [] in words:
        raise ValueError("a phrase must have letters in each word")
    norms = iter(normalise_all([word.strip(ANY) for phrase in words for word in phrase]))
    found = [r" ".join(_pattern(word, next(norms)) for word in phrase) for phrase in words]
    return re.compile(rf"(?<![\w'])(?:{'|'.join(found)})(?![\w'])" if found else r"(?!)")


def _pattern(word: str, norm: str) -> str:
    return f"{LETTERS if word.startswith(ANY) else ''}{re.escape(norm)}{LETTERS if word.endswith(ANY) else ''}"
