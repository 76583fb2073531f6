"""The parts of a long message in which the question may stand by itself: people explain themselves before they ask."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

SENTENCE: Final = re.compile(r"[^.!?…;\n]+[.!?…;]*")
CLAUSE: Final = re.compile(r"[^,:–—()«»\"]+")
DASH: Final = re.compile(r"\s[-–—]\s")
SHORTEST: Final = 4
"""Letters of a part that may be a question."""


class Part(NamedTuple):
    """A sentence or a clause."""

    text: str
    is_sentence: bool


def parts(text: str) -> tuple[Part, ...]:
    """Sentences and then clauses of a text, the likeliest question first: what ends in a question mark, then what was said last."""
    sentences = [part.strip() for part in SENTENCE.findall(text)]
    asked = [part for part in sentences if part.endswith("?")]
    ordered = [*reversed(asked), *(part for part in reversed(sentences) if part not in asked)]
    clauses = [clause.strip() for part in ordered for clause in reversed(CLAUSE.findall(DASH.sub(", ", part)))]
    found = [Part(part, is_sentence=True) for part in ordered] + [Part(part, is_sentence=False) for part in clauses if part not in ordered]
    return tuple(dict.fromkeys(part for part in found if len(part.text) >= SHORTEST and part.text != text.strip()))
