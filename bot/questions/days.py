"""Reading a day that a person types."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Final

from babel import Locale
from babel.dates import get_month_names

if TYPE_CHECKING:
    from collections.abc import Iterable

ISO: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
FIGURES: Final = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4})")
"""The day first, as everywhere but in America."""
IN_WORDS: Final = re.compile(r"(?:(\d{1,2})\.?\s+([^\W\d]+)|([^\W\d]+)\s+(\d{1,2})),?\s+(\d{4})\b(?:\s*(?:р\.|року))?")


def read_day(text: str, languages: Iterable[str]) -> dt.date | None:
    """The day that `2026-12-15`, `15.12.2026`, `15 грудня 2026 року` or `December 15, 2026` stands for; None for anything else.

    Months are named in any of these languages.
    """
    plain = text.strip().rstrip(".").lower()
    if found := ISO.fullmatch(plain):
        return _day(*found.groups())
    if found := FIGURES.fullmatch(plain):
        day, month, year = found.groups()
        return _day(year, month, day)
    if found := IN_WORDS.fullmatch(plain) or IN_WORDS.fullmatch(f"{plain}."):
        day, name, other_name, other_day, year = found.groups()
        number = _month(name or other_name, languages)
        return _day(year, number, day or other_day) if number else None
    return None


def _month(name: str, languages: Iterable[str]) -> int | None:
    for language in languages:
        for context in ("format", "stand-alone"):
            for number, called in get_month_names("wide", context, Locale.parse(language)).items():
                if called.lower() == name:
                    return int(number)
    return None


def _day(year: int | str, month: int | str, day: int | str) -> dt.date | None:
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError:
        return None
