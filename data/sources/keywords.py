"""Whether something is about the network, by words that a person chose. Pure."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from data.names import normalise

if TYPE_CHECKING:
    from data.sources.model import Told


def is_about(told: Told, keywords: tuple[str, ...]) -> bool:
    """Whether title or summary hold one of the keywords; without keywords, everything does.

    A keyword is words in a row, in any case and with any accents; a word that ends in `*` may go on: `learning cit*`, `міст* що навча*`.
    """
    return not keywords or bool(_pattern(keywords).search(normalise(f"{told.title}. {told.summary}")))


@functools.lru_cache(maxsize=256)
def _pattern(keywords: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(rf"\b{_words(keyword)}\b" for keyword in keywords))


def _words(keyword: str) -> str:
    parts = [(normalise(word.rstrip("*")), r"\w*" if word.endswith("*") else "") for word in keyword.split()]
    return " ".join(re.escape(word) + ending for word, ending in parts if word)
