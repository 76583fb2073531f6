"""Time that passes only when told to, or when slept."""

from __future__ import annotations

import datetime as dt
from typing import Final

START: Final = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
"""A Monday morning."""


class FakeClock:
    """A clock for whatever asks for the time, and a `sleep` that takes none."""

    def __init__(self, start: dt.datetime = START) -> None:
        self._start = start
        self._now = start

    def now(self) -> dt.datetime:
        """The moment, aware, in UTC."""
        return self._now

    def monotonic(self) -> float:
        """Seconds since the clock was made."""
        return (self._now - self._start).total_seconds()

    def advance(self, by: dt.timedelta | float) -> None:
        """Let time pass: a timedelta, or seconds."""
        self._now += by if isinstance(by, dt.timedelta) else dt.timedelta(seconds=by)

    async def sleep(self, seconds: float) -> None:
        """Pass that much time at once."""
        self.advance(seconds)
