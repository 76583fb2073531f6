"""What of a question without an answer is worth keeping: why it had none, and the words that nothing accounted for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from unicodedata import normalize

from data.names import tokens
from data.questions.lexicon import Weight
from data.unanswered import Unanswered

if TYPE_CHECKING:
    from collections.abc import Iterator

    from data.names import Token
    from data.questions.lexicon import Lexicon
    from data.questions.reading import Reading
    from data.types import Lang

PRIVATE: Final = re.compile(r"@|://|(?:\d\D*){5}")
"""In an address, an account or a number of more than four digits."""

OTHER: Final = "other"
"""Speaks of what the data set does not hold; the concepts follow."""
UNKNOWN: Final = "unknown"
"""Has words that nobody knows."""
FRAMELESS: Final = "frameless"
"""Every word is known, but no kind of question has them all; the concepts and kinds of names follow."""


def left_unanswered(text: str, reading: Reading, lexicon: Lexicon, lang: Lang) -> Unanswered:
    """What is kept of a question that reads so. Nothing is that might name its asker: no address, no account, no long number."""
    hidden = {token.norm for source in {text, reading.text} for token in _hidden(source)}
    return Unanswered(
        lang,
        _refusal(reading, lexicon),
        tuple(dict.fromkeys(word for word in reading.leftover if word not in hidden and not PRIVATE.search(word))),
    )


def _hidden(text: str) -> Iterator[Token]:
    for part in text.split():
        if PRIVATE.search(normalize("NFKC", part)):
            yield from tokens(part)


def _refusal(reading: Reading, lexicon: Lexicon) -> str:
    if others := reading.concepts & lexicon.of_weight(Weight.OTHER):
        return " ".join((OTHER, *sorted(others)))
    if reading.leftover:
        return UNKNOWN
    concepts = {concept for piece in reading.content for concept in piece.concepts}
    return " ".join((FRAMELESS, *sorted(concepts | {kind.value for piece in reading.names for kind in piece.kinds})))
