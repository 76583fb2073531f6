"""A clock that can be moved, so that a week may pass in a press."""

from __future__ import annotations

import datetime as dt
import time


class MovableClock:
    """The machine's clock plus an offset."""

    def __init__(self) -> None:
        self.offset = dt.timedelta()
        self._furthest = dt.timedelta()

    def now(self) -> dt.datetime:
        """The moment it is in the playground, aware, in UTC."""
        return dt.datetime.now(dt.UTC) + self.offset

    def monotonic(self) -> float:
        """Seconds that never run backwards, even when the clock is set back."""
        return time.monotonic() + self._furthest.total_seconds()

    def move(self, offset: dt.timedelta) -> None:
        """Be this far from the machine's clock."""
        self.offset = offset
        self._furthest = max(self._furthest, offset)
