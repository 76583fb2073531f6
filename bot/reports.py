"""How many mistakes one chat may report: enough for anyone who reads, too few for mischief."""

from __future__ import annotations

from collections import OrderedDict, deque
from typing import Final

HOUR: Final = 3600.0
CHATS: Final = 10_000
"""Chats remembered at most; the longest silent are forgotten first."""


class ReportLimit:
    """Admits at most `most` reports of a chat within an hour. In memory: a restart forgives."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._times: OrderedDict[int, deque[float]] = OrderedDict()

    def admits(self, chat: int, now: float) -> bool:
        """Whether one more report may pass at `now` (monotonic seconds); counts it if so."""
        times = self._times.setdefault(chat, deque())
        self._times.move_to_end(chat)
        while times and now - times[0] >= HOUR:
            times.popleft()
        if len(self._times) > CHATS:
            self._times.popitem(last=False)
        if len(times) >= self._most:
            return False
        times.append(now)
        return True
