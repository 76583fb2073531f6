"""Whether the words of an item pass the plain words that a follow is filtered by. Pure."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING, Final

from data.names import tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from data.follows import Words

BEGINNING: Final = 4
"""Letters; a shorter word stands for itself alone."""
STEM: Final = 5
"""Letters of a longer word that count in any case..."""
ENDING: Final = 3
"""...and how many behind those may be others in the text, and so many others at most."""


def passes(words: Words, told: Iterable[str]) -> bool:
    """Whether texts say one of the wanted words, if there are any, and none of those unwanted.

    Case, accents and punctuation do not matter. A word of four letters or more also matches where a word of the text begins with it
    (`award`: awards), and where both begin alike and only endings differ (`премія`: премії, преміями; `country`: countries): the last
    letter of a word of up to six letters, two of seven, three of a longer one, for which there may be up to three others. Where a vowel
    within changes, as in школа and шкіл, it does not match. Several words with blanks between them match where they follow one another.
    """
    texts = [[token.norm for token in tokens(text)] for text in told]

    def is_said(phrase: str) -> bool:
        parts = [token.norm for token in tokens(phrase)]
        return bool(parts) and any(_is_in(parts, text) for text in texts)

    if any(map(is_said, words.unwanted)):
        return False
    return not words.wanted or any(map(is_said, words.wanted))


def _is_in(parts: Sequence[str], text: Sequence[str]) -> bool:
    starts = range(len(text) - len(parts) + 1)
    return any(all(map(_is_same, parts, text[start : start + len(parts)])) for start in starts)


def _is_same(word: str, said: str) -> bool:
    if len(word) < BEGINNING:
        return word == said
    alike = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(word, said, strict=False)))
    ending = min(max(1, len(word) - STEM), ENDING)
    return alike == len(word) or (alike >= max(BEGINNING, len(word) - ending) and len(said) - alike <= ENDING)
