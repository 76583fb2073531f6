"""A clock that can be moved, so that a week may pass in a press."""

from __future__ import annotations

import datetime as dt
import time


class MovableClock:
    """The machine's clock plus an offset. Durations are not moved: a poll does not get late because somebody looks at next week."""

    def __init__(self) -> None:
        self.offset = dt.timedelta()

    def now(self) -> dt.datetime:
        """The moment it is in the playground, aware, in UTC."""
        return dt.datetime.now(dt.UTC) + self.offset

    def monotonic(self) -> float:
        """Seconds that never run backwards."""
        return time.monotonic()

    def move(self, offset: dt.timedelta) -> None:
        """Be this far from the machine's clock."""
        self.offset = offset
