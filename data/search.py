"""Finding practices by words: which of them stand in a practice's title, themes or summary, in any language held.

Words are cut to their first letters, which for this size of collection does what a stemmer does; rare words count more (inverse
document frequency).
"""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from data.names import tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from data.types import Practice, PracticeId, Theme, ThemeId

STEM: Final = 5
"""Letters that stand for a word: `старші`, `старших` and `старшого` share them."""
SHORTEST: Final = 3
TITLE, THEME, SUMMARY = 3.0, 2.0, 1.0


class PracticeSearch:
    """An inverted index over practices. Immutable."""

    def __init__(self, practices: Iterable[Practice], themes: Mapping[ThemeId, Theme], stop: frozenset[str] = frozenset()) -> None:
        self._stop = frozenset(map(_stem, stop))
        self._weights: dict[str, dict[PracticeId, float]] = defaultdict(dict)
        self._count = 0
        for practice in practices:
            self._count += 1
            for text in practice.summary.values():
                self._add(practice.id, text, SUMMARY)
            for theme in practice.themes:
                for text in themes[theme].label.values() if theme in themes else ():
                    self._add(practice.id, text, THEME)
            for text in practice.title.values():
                self._add(practice.id, text, TITLE)

    def find(self, words: str) -> tuple[PracticeId, ...]:
        """Practices with at least half of the words, most fitting first; all of the words if there are only two."""
        wanted = {stem for stem in stems(words) if stem not in self._stop}
        if not wanted:
            return ()
        scores: dict[PracticeId, float] = defaultdict(float)
        met: dict[PracticeId, int] = defaultdict(int)
        for stem in wanted:
            held = self._weights.get(stem, {})
            rarity = math.log(1 + self._count / (1 + len(held)))
            for practice, weight in held.items():
                scores[practice] += weight * rarity
                met[practice] += 1
        enough = len(wanted) if len(wanted) <= 2 else -(-len(wanted) // 2)  # noqa: PLR2004 - as the docstring says
        passing = (practice for practice in scores if met[practice] >= enough)
        return tuple(sorted(passing, key=lambda practice: (-met[practice], -scores[practice], practice)))

    def _add(self, practice: PracticeId, text: str, weight: float) -> None:
        for stem in set(stems(text)):
            self._weights[stem][practice] = max(weight, self._weights[stem].get(practice, 0))


def stems(text: str) -> list[str]:
    """The words of a text, normalised and cut."""
    return [_stem(token.norm) for token in tokens(text) if len(token.norm) >= SHORTEST]


def _stem(word: str) -> str:
    return word[:STEM]
