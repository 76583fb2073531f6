"""When a chat wants to hear of news, by its own clocks. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

DIGEST_AT: Final = 9 * 60
"""Minutes after midnight when digests are told, unless a chat chose another time."""
DIGEST_DAY: Final = 0
"""Monday, the day of weekly digests unless a chat chose another."""


class Quiet(NamedTuple):
    """Hours in which nothing is told by itself: minutes after midnight, `end` not included. They may span midnight."""

    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class Timing:
    """A chat's wishes; None where it left them to us."""

    quiet: Quiet | None = None
    digest_at: int | None = None
    """Minutes after midnight."""
    digest_day: int | None = None
    """0 is Monday."""


UNTIMED: Final = Timing()
