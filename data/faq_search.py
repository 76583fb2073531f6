"""Finding the question of the FAQ that someone asks: by the words the two share, each counting by its rarity.

Accepted only when most of what was asked and most of the entry's question is shared, and no other entry comes near: a wrong
answer is worse than none.
"""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING, Final

from data.lexicon import Meaning
from data.names import tokens

if TYPE_CHECKING:
    from collections.abc import Iterable

    from data.lexicon import Lexicon
    from data.types import FaqEntry, Lang

ALIKE: Final = 0.5
"""Weight of the shared words in that of all words of both questions, from which on they count as one question."""
COVERED: Final = 0.7
"""Weight of the shared words in that of the words asked: what the entry does not speak of must not matter much."""
MARGIN: Final = 0.08
"""By so much the best must beat the second."""
STEM: Final = 5
NOISE: Final = {Meaning.FILLER}


class FaqSearch:
    """The questions of the FAQ in all languages. Immutable."""

    def __init__(self, entries: Iterable[FaqEntry], lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._questions: list[tuple[Lang, frozenset[str], FaqEntry]] = [
            (lang, self._stems(question), entry) for entry in entries for lang, question in entry.question.items()
        ]
        seen = Counter(stem for _lang, stems, _entry in self._questions for stem in stems)
        self._rarity = {stem: math.log(1 + len(self._questions) / count) for stem, count in seen.items()}
        self._unseen = math.log(1 + len(self._questions))

    def find(self, text: str) -> FaqEntry | None:
        """The entry whose question this is; None if there is none or more than one."""
        asked = self._stems(text)
        if not asked:
            return None
        best: dict[str, tuple[float, FaqEntry]] = {}
        for _lang, stems, entry in self._questions:
            shared = self._weight(asked & stems)
            score = shared / self._weight(asked | stems)
            if shared >= COVERED * self._weight(asked) and score > best.get(entry.id, (0.0, entry))[0]:
                best[entry.id] = (score, entry)
        ranked = sorted(best.values(), key=lambda scored: -scored[0])[:2]
        if not ranked or ranked[0][0] < ALIKE or (len(ranked) > 1 and ranked[0][0] - ranked[1][0] < MARGIN):
            return None
        return ranked[0][1]

    def _weight(self, stems: Iterable[str]) -> float:
        return sum(self._rarity.get(stem, self._unseen) for stem in stems)

    def _stems(self, text: str) -> frozenset[str]:
        words = (token.norm for token in tokens(text))
        return frozenset(word[:STEM] for word in words if not self._lexicon.meanings(word) & NOISE)
