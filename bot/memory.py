"""What was read lately, kept for a while."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Final, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.services import Clock

T = TypeVar("T")

SPREAD: Final = 64
"""So many different times there are."""


class Memory(Generic[T]):
    """Something about each of so many chats, those heard of lately, for so many seconds at most.

    Chats that were heard of together are not all read anew together: each has a time of its own, from a half of the seconds on.
    """

    def __init__(self, clock: Clock, most: int, seconds: float) -> None:
        self._clock, self._most, self._seconds = clock, most, seconds
        self._known: OrderedDict[int, tuple[float, T]] = OrderedDict()
        self._changes = 0

    async def recall(self, chat: int, read: Callable[[], Awaitable[T]], *, anew: bool = False) -> T:
        """What is remembered of a chat, else what `read` finds; or the other way round, if it is to be read `anew`."""
        now = self._clock.monotonic()
        known = self._known.get(chat)
        if known and not anew and now - known[0] < self._seconds * (1 - chat % SPREAD / (2 * SPREAD)):
            self._known.move_to_end(chat)
            return known[1]
        changes = self._changes
        try:
            found = await read()
        except Exception:
            if known:
                return known[1]  # while the database is gone, what was true lately is the best we have
            raise
        # What changed while it was read may be read too early to be remembered.
        if changes == self._changes:
            self._known[chat] = (now, found)
            self._known.move_to_end(chat)
            if len(self._known) > self._most:
                self._known.popitem(last=False)
        return found

    def forget(self, *chats: int) -> None:
        """Read anew what is known of these chats: it changed."""
        self._changes += 1
        for chat in chats:
            self._known.pop(chat, None)
