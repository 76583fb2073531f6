"""Notices that too many chats are out of reach at once. An outage is not an unsubscription."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """When it is too much."""

    seconds: float = 60.0
    """Length of the window."""
    results: int = 50
    """Fewer results in the window mean nothing."""
    share: float = 0.3
    """More than this share out of reach is an outage."""
    times: float = 5.0
    """So is more than so many times the share before the window..."""
    trailing: int = 500
    """...if that is the share of so many results at least..."""
    refused: int = 15
    """...and so many in the window are out of reach: where hardly anybody blocks the bot, five times that are still few."""


class Breaker:
    """Counts results of requests: in the window, and before it. Times are monotonic seconds."""

    def __init__(self, thresholds: Thresholds = Thresholds()) -> None:
        self.thresholds = thresholds
        self._window: deque[tuple[float, bool]] = deque()
        self._refused = 0
        self._before = 0
        self._refused_before = 0

    def note(self, now: float, *, unreachable: bool) -> bool:
        """Count a result; True if sending should pause now. Then the window is empty, and counting begins anew."""
        self._window.append((now, unreachable))
        self._refused += unreachable
        while self._window[0][0] <= now - self.thresholds.seconds:
            _, was_refused = self._window.popleft()
            self._refused -= was_refused
            self._before += 1
            self._refused_before += was_refused
        if self._is_too_much():
            self._window.clear()
            self._refused = 0
            return True
        return False

    def _is_too_much(self) -> bool:
        limits = self.thresholds
        results = len(self._window)
        if results < limits.results:
            return False
        share = self._refused / results
        if share > limits.share:
            return True
        if self._before < limits.trailing or self._refused < limits.refused:
            return False
        return share > limits.times * self._refused_before / self._before
