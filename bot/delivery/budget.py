"""How long to wait before the next request, so that Telegram need not say no.

Two lanes: replies to people, and bulk. Bulk keeps below a share of what Telegram takes, so that replies need not wait behind it, and
replies wait a few seconds at most whatever happened. Times are monotonic seconds; nothing here reads a clock or sleeps.

Telegram's limits: https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
"""

from __future__ import annotations

import enum
import math
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from bot.settings import Limits

MINUTE: Final = 60.0
FREE: Final = 30
"""Messages a second that Telegram takes of a bot; more of them are paid broadcasts."""
FLOODS: Final = 3
"""So many chats that ask for patience within `FLOODS_WITHIN` seconds, and nobody gets anything meanwhile: all of Telegram asks for it."""
FLOODS_WITHIN: Final = 10.0
SWEEP: Final = 1_000
"""What is out of date is dropped once in so many requests."""
ROUNDING: Final = 1e-6
"""Less than that is none: clocks count in microseconds."""


class Lane(enum.Enum):
    """Who waits."""

    REPLY = "reply"
    BULK = "bulk"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """How much Telegram takes, or we want to use of it. Telegram's own: 30 a second, 20 a minute in a group."""

    bulk: float = 20.0
    """Messages a second in the bulk lane; up to 1,000 with paid broadcasts."""
    beside: float = 10.0
    """Messages a second that replies have for themselves."""
    chat: float = 1.0
    """Messages a second in one chat."""
    group: int = 18
    """Messages a minute in one group or channel."""
    reply: float = 3.0
    """The longest that a reply waits, in seconds."""
    catch_up: float = 0.1
    """Seconds that a sender which came late may make up for."""

    @classmethod
    def of(cls, limits: Limits) -> Rates:
        """Those of the settings: what bulk leaves of Telegram's limit is for replies, and beside paid broadcasts they have their own."""
        if limits.bulk_per_second > FREE:
            return cls(bulk=limits.bulk_per_second)
        return cls(bulk=limits.bulk_per_second, beside=FREE - limits.bulk_per_second)

    @property
    def total(self) -> float:
        """Messages a second in both lanes."""
        return self.bulk + self.beside


@dataclass(slots=True)
class Pace:
    """Evenly spaced events: at most `rate` a second, and those of `catch_up` seconds besides.

    This is the generic cell rate algorithm: one number instead of a log. https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm
    """

    rate: float
    catch_up: float
    due: float = 0.0
    """When the next event is due; events may be early by `catch_up`."""

    def wait(self, now: float) -> float:
        """Seconds until the next event may happen."""
        return _seconds(self.due - self.catch_up - now)

    def take(self, now: float, at_most: float | None = None) -> None:
        """An event happens. With `at_most`, those that did not wait put nobody off for longer than that many seconds."""
        self.due = max(self.due, now) + 1 / self.rate
        if at_most is not None:
            self.due = min(self.due, now + at_most)

    def room(self, now: float, horizon: float) -> int:
        """How many events may happen in the next `horizon` seconds."""
        left = now + horizon + self.catch_up - max(self.due, now)
        return max(0, math.floor(left * self.rate + ROUNDING) + 1)


def _seconds(left: float) -> float:
    return left if left > ROUNDING else 0.0


class Budget:
    """What was sent lately and what Telegram asked for. One owner, one task: nothing here is shared between processes."""

    def __init__(self, rates: Rates = Rates()) -> None:
        self.rates = rates
        self._bulk = Pace(rates.bulk, rates.catch_up)
        self._total = Pace(rates.total, rates.catch_up)
        self._chats: dict[int, float] = {}
        self._groups: dict[int, deque[float]] = {}
        self._held: dict[int, float] = {}
        self._all_held = 0.0
        self._floods: deque[tuple[float, int, float]] = deque(maxlen=FLOODS)
        self._taken = 0

    def wait(self, now: float, chat: int | None = None, lane: Lane = Lane.BULK) -> float:
        """Seconds that a request to a chat (None: to whichever) has to wait. Replies never wait longer than `Rates.reply`."""
        if lane is Lane.REPLY:
            return min(self.rates.reply, max(self._total.wait(now), self._patience(now, chat), self._group_wait(now, chat)))
        ours = max(self._bulk.wait(now), self._total.wait(now))
        return max(ours, self._patience(now, chat), self.chat_wait(now, chat))

    def chat_wait(self, now: float, chat: int | None) -> float:
        """Seconds that a chat has to be left alone in the bulk lane, whatever others do."""
        if chat is None:
            return 0.0
        apart = self._chats.get(chat, -MINUTE) + 1 / self.rates.chat - now
        return _seconds(max(apart, self._held.get(chat, 0.0) - now, self._group_wait(now, chat)))

    def room(self, now: float, horizon: float) -> int:
        """How many bulk requests may begin within so many seconds: what is worth claiming."""
        if _seconds(self._all_held - now):
            return 0
        return min(self._bulk.room(now, horizon), self._total.room(now, horizon))

    def take(self, now: float, chat: int, lane: Lane = Lane.BULK) -> None:
        """A request goes out now."""
        self._total.take(now, self.rates.reply if lane is Lane.REPLY else None)
        if lane is Lane.BULK:
            self._bulk.take(now)
        self._chats[chat] = now
        if chat < 0:
            self._groups.setdefault(chat, deque(maxlen=self.rates.group)).append(now)
        self._taken += 1
        if self._taken % SWEEP == 0:
            self._sweep(now)

    def flooded(self, now: float, chat: int, seconds: float, jitter: float) -> float:
        """Telegram asks for patience with a chat: the seconds until it is tried again.

        `jitter` from 0 to 1 spreads those that come back. Patience is never shortened by a later, smaller wish.
        """
        until = now + seconds + jitter * max(1.0, seconds / 10)
        self._held[chat] = max(self._held.get(chat, 0.0), until)
        self._floods.append((now, chat, until))
        recent = [(who, end) for when, who, end in self._floods if now - when <= FLOODS_WITHIN]
        if len({who for who, _ in recent}) >= FLOODS:
            self._all_held = max(self._all_held, min(end for _, end in recent))
        return self._held[chat] - now

    def went_through(self) -> None:
        """Telegram took a message: whoever asked for patience before asked for one chat."""
        self._floods.clear()

    def _patience(self, now: float, chat: int | None) -> float:
        return _seconds(max(self._all_held, self._held.get(chat, 0.0) if chat is not None else 0.0) - now)

    def _group_wait(self, now: float, chat: int | None) -> float:
        """A minute is counted from each message, not by the clock: two full minutes may not meet."""
        sent = self._groups.get(chat) if chat is not None else None
        if sent is None or len(sent) < self.rates.group:
            return 0.0
        return _seconds(sent[0] + MINUTE - now)

    def _sweep(self, now: float) -> None:
        self._chats = {chat: at for chat, at in self._chats.items() if now - at < MINUTE}
        self._groups = {chat: sent for chat, sent in self._groups.items() if now - sent[-1] < MINUTE}
        self._held = {chat: until for chat, until in self._held.items() if until > now}
