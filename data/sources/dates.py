"""Dates as pages write them. Pure: the names of months are those of CLDR."""

from __future__ import annotations

import datetime as dt
import functools
import re
from typing import TYPE_CHECKING, Final

from babel import Locale, UnknownLocaleError

if TYPE_CHECKING:
    from collections.abc import Mapping

EARLIEST: Final = dt.date(1991, 1, 1)
"""There was no web to tell of anything before; 1970 is the birthday of clocks that were never set."""
FIRST_MIDNIGHT: Final = dt.timedelta(hours=14)
"""A day begins so long before it does in UTC."""
_LONGEST: Final = 200
_MARK: Final = r"\s?(?:[./-]|[^\x00-\x7f\W\d_])\s?"
"""Between numbers: a point, a stroke, or the one sign by which East Asian languages name what the number counts."""
_YEAR_FIRST: Final = re.compile(rf"(?<!\d)(\d{{4}}){_MARK}(\d{{1,2}}){_MARK}(\d{{1,2}})(?!\d)")
_YEAR_LAST: Final = re.compile(r"(?<!\d)(\d{1,2})\s?[./-]\s?(\d{1,2})\s?[./-]\s?(\d{4})(?!\d)")
_PARTS: Final = re.compile(r"\d+|[^\W\d_]+")
_MOST_BETWEEN: Final = 2
"""Words between day, month and year: `4 de dezembro de 2025`, `December 4th, 2025`."""


def read_date(text: str, lang: str) -> dt.date | None:
    """The first date in a text, with its year and day: `2026-11-24T09:00+02:00`, `24.11.2026`, `24 листопада 2026 р.`, `Nov. 24, 2026`.

    Of `04/12/2025` the first number is the day, except where only the second can be. None if there is none.
    """
    text = text[:_LONGEST]
    if found := _YEAR_FIRST.search(text):
        year, month, day = map(int, found.groups())
        return _date(year, month, day)
    if found := _YEAR_LAST.search(text):
        day, month, year = map(int, found.groups())
        return _date(year, month, day) or _date(year, day, month)
    return _named(text, lang)


def believed(date: dt.date | None, now: dt.datetime) -> dt.date | None:
    """A date of something that was published; None for a day that has come nowhere on Earth, and for one before the web."""
    return date if date and EARLIEST <= date <= (now.astimezone(dt.UTC) + FIRST_MIDNIGHT).date() else None


def begins_with_month(text: str, lang: str) -> bool:
    """Whether the first word of a text is the name of a month: a number with a full stop before it is a day."""
    word = _PARTS.match(text.casefold())
    return word is not None and word[0] in _months(lang)


def _named(text: str, lang: str) -> dt.date | None:
    parts = _PARTS.findall(text.casefold())
    months = _months(lang)
    for place, part in enumerate(parts):
        if (month := months.get(part)) is None:
            continue
        before = [int(one) for one in reversed(parts[max(0, place - _MOST_BETWEEN) : place]) if one.isdecimal()]
        after = [int(one) for one in parts[place + 1 : place + 3 + _MOST_BETWEEN] if one.isdecimal()]
        days = [number for number in before[:1] or after[:1] if len(str(number)) <= 2]  # noqa: PLR2004 - a day has two digits
        years = [number for number in after if len(str(number)) == 4]  # noqa: PLR2004 - a year has four
        if days and years:
            return _date(years[0], month, days[0])
    return None


@functools.cache
def _months(lang: str) -> Mapping[str, int]:
    """The number of each month by its names and abbreviations, in this language and in English, in small letters."""
    found = dict[str, int]()
    for tag in (lang, "en"):
        try:
            forms = Locale.parse(tag, sep="-").months
        except (ValueError, UnknownLocaleError):
            continue
        for form in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in forms[form][width].items():
                    found.setdefault(name.casefold().rstrip("."), number)
    return found


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None
