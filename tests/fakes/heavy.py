"""Questions that would be slow if any were."""

from __future__ import annotations

from typing import Final

LONGEST_MESSAGE: Final = 4096
"""Characters."""

HEAVY: Final = {
    "one word without end": "a",
    "one letter of Ukrainian": "і ",
    "a name of many places": "San Juan ",
    "a name of a city and a country": "Georgia and ",
    "a theme that is also a word": "digital ",
    "a common question": "чи є Львів у мережі у 2020? ",
    "clauses": "а Корк, Київ – Нікополь: ",
    "misspelt words": "univeristi memebrshp ",
    "slips in long stems": "приєднаввшись ",
    "hyphens": "а-",
    "numbers": "2019 ",
    "scripts without blanks": "学习型城市网络",
    "marks": "?!… ",
    "flags": "🇺🇦",
    "accents on one letter": "\u0301",
}
"""What is repeated up to the length of the longest message."""


def written(part: str, length: int = LONGEST_MESSAGE) -> str:
    """A text of that many characters."""
    return (part * length)[:length]
