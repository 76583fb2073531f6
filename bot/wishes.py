"""Reading what somebody wishes of the news: words to look for or to leave out, quiet hours, a time of day."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from data.follows import Words
from data.names import normalise
from data.timing import Quiet

ALL: Final = frozenset({"all", "everything", "все", "всі", "усе", "усі", "всё"})
"""What is typed to mean all that is followed, or all news of it, whatever the language of the chat."""
MOST_WORDS: Final = 10
"""Of those wanted, and of those unwanted."""
LONGEST_WORD: Final = 40
"""Characters."""

_DIVIDERS: Final = re.compile(r"[,;\n]+")
_SIGNED: Final = re.compile(r"(?<!\S)(?=[+\-−–—]\s*\S)")
"""A word that begins with a sign is one by itself: a hyphen inside a word is none."""
_SIGN: Final = re.compile(r"[+\-−–—]\s*")
_QUOTES: Final = '"“”„«»‹›'
_TOGETHER: Final = re.compile(r"(?<![\d:.])(\d{2})(\d{2})(?![\d:.])")
"""0730."""
_TIME: Final = re.compile(r"(?<![\d:.])(\d{1,2})(?:[:.h](\d{2}))?(?:\s*([ap])\.?m\b\.?)?(?![\d:.]*\d)", re.IGNORECASE)
"""7, 07:30, 7.30, 7h30, 7 pm."""
_NUMBER: Final = re.compile(r"\d+(?:[:.h]\d+)*", re.IGNORECASE)
_HOURS: Final = 24
_NOON: Final = 12
_MINUTES: Final = 60


@dataclass(frozen=True, slots=True)
class TypedWords:
    """Words as they were understood; each of the others holds those that cannot be taken."""

    words: Words = field(default_factory=Words)
    blank: tuple[str, ...] = ()
    """Without a letter or a digit."""
    long: tuple[str, ...] = ()
    both: tuple[str, ...] = ()
    """Wanted and unwanted."""
    many: bool = False

    @property
    def is_right(self) -> bool:
        """Whether all of them can be taken."""
        return not (self.blank or self.long or self.both or self.many)


def read_words(text: str) -> TypedWords:
    """`award, health -music` wants two words and does not want a third; what stands between commas is one, whatever blanks it has.

    The same word in another case or with another apostrophe counts once.
    """
    wanted: dict[str, str] = {}
    unwanted: dict[str, str] = {}
    blank: list[str] = []
    for piece in (one for part in _DIVIDERS.split(text) for one in _SIGNED.split(part)):
        sign = _SIGN.match(piece.strip())
        word = " ".join(piece.strip()[sign.end() if sign else 0 :].strip(_QUOTES).split())
        if not normalise(word):
            blank += [piece.strip()] if piece.strip() else []
            continue
        among = unwanted if sign and not sign.group().startswith("+") else wanted
        among.setdefault(normalise(word), word)
    return TypedWords(
        Words(tuple(wanted.values()), tuple(unwanted.values())),
        blank=tuple(blank),
        long=tuple(word for word in (*wanted.values(), *unwanted.values()) if len(word) > LONGEST_WORD),
        both=tuple(word for key, word in wanted.items() if key in unwanted),
        many=max(len(wanted), len(unwanted)) > MOST_WORDS,
    )


def read_time(text: str) -> int | None:
    """The only time of day that a text names, in minutes after midnight; None if it names none, or several."""
    times = _times(text)
    return times[0] if times and len(times) == 1 else None


def read_hours(text: str) -> Quiet | None:
    """From when until when, as in 22:00-07:30, from 22 to 7, 10pm-7am; None for anything else, and for hours that end when they begin."""
    times = _times(text)
    return Quiet(*times) if times and len(times) == len(Quiet._fields) and times[0] != times[1] else None


def _times(text: str) -> list[int] | None:
    """Minutes after midnight; None if a number of the text is no time."""
    text = _TOGETHER.sub(r"\1:\2", text)
    found = list(_TIME.finditer(text))
    if len(found) != len(_NUMBER.findall(text)):
        return None
    times = [_minutes(match) for match in found]
    return None if None in times else [time for time in times if time is not None]


def _minutes(match: re.Match[str]) -> int | None:
    hour, minute, half = int(match[1]), int(match[2] or 0), (match[3] or "").lower()
    if half:
        hour = hour % _NOON + _NOON * (half == "p") if 1 <= hour <= _NOON else _HOURS + 1
    # Midnight is also the end of a day.
    if minute >= _MINUTES or hour > _HOURS or (hour == _HOURS and minute):
        return None
    return hour % _HOURS * _MINUTES + minute
