"""When to look again: how often we may, how long we were asked to stay away, how often it failed. Pure."""

from __future__ import annotations

import datetime as dt
import re
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST_WAIT: Final = dt.timedelta(days=1)
"""Whatever failed, and whatever a source asks for: a day later we look again."""
JITTER: Final = 0.1
"""Share of a wait by which it may be longer, so that sources do not fall due together."""
_MAX_AGE: Final = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,9})")
_FRESH: Final = re.compile(r"(?:^|[\s,])(?:no-store|no-cache)\b")


def next_look(now: dt.datetime, minutes: int, failures: int, rest_seconds: float, chance: float) -> dt.datetime:
    """When to look again.

    `minutes` after now, doubled with each failure in a row, and not before the source wants it; a day at most, unless `minutes` say
    more. `chance` from 0 to 1 adds up to a tenth.
    """
    usual = dt.timedelta(minutes=minutes)
    # The power is bounded: what fails for a year would overflow.
    longer = (usual * float(2 ** min(failures, 20)), dt.timedelta(seconds=rest_seconds))
    return now + max(usual, min(max(longer), LONGEST_WAIT)) * (1 + JITTER * chance)


def rest_seconds(headers: Mapping[str, str], now: dt.datetime) -> float:
    """How long an answer wants us to stay away: what `Retry-After` says, else what is left of the `max-age` of `Cache-Control`."""
    if (asked := _retry_after(headers.get("Retry-After", ""), now)) is not None:
        return asked
    control = headers.get("Cache-Control", "").lower()
    age = re.fullmatch(r"\s*(\d{1,9})\s*", headers.get("Age", ""))
    if not (stated := _MAX_AGE.search(control)) or _FRESH.search(control):
        return 0.0
    return max(0.0, float(stated[1]) - (float(age[1]) if age else 0.0))


def _retry_after(value: str, now: dt.datetime) -> float | None:
    """Seconds, of a number of them or of a date; None for anything else."""
    if re.fullmatch(r"\s*\d{1,9}\s*", value):
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
    return max(0.0, (aware - now).total_seconds())
