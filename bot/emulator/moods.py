"""Telegram's moods: what it answers, for a while, instead of obeying.

A mood is an `ApiError` (429, 403, 5xx and so on), `Slow`, `Cut` or `Unreachable`. It may hold
for one method or all, one chat or all, once or until told otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from bot.emulator.errors import ApiError

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True)
class Slow:
    """The request is obeyed at once, the answer comes `seconds` later."""

    seconds: float


@dataclass(frozen=True)
class Cut:
    """The connection ends without an answer, before (`accepted=False`) or after the request is obeyed."""

    accepted: bool = False


@dataclass(frozen=True)
class Unreachable:
    """No connection comes about: the request never left."""


Mood: TypeAlias = ApiError | Slow | Cut | Unreachable


@dataclass
class Order:
    """One mood with its reach; `times` is None for as long as it is not lifted."""

    mood: Mood
    method: str | None = None
    chat_id: int | None = None
    times: int | None = 1

    def covers(self, method: str, chat_id: object) -> bool:
        """Whether a request falls under it."""
        return self.method in {None, method} and self.chat_id in {None, chat_id} and self.times != 0


@dataclass
class Moods:
    """All orders in force; the first that covers a request is spent on it."""

    orders: list[Order] = field(default_factory=list)

    def add(self, order: Order) -> None:
        """Put an order behind the others."""
        self.orders.append(order)

    def lift(self) -> None:
        """Everything is as usual again."""
        self.orders.clear()

    def take(self, method: str, chat_id: object) -> Mood | None:
        """The mood for this request, spent once."""
        for order in self._covering(method, chat_id):
            if order.times is not None:
                order.times -= 1
                self.orders = [kept for kept in self.orders if kept.times != 0]
            return order.mood
        return None

    def _covering(self, method: str, chat_id: object) -> Iterator[Order]:
        return (order for order in self.orders if order.covers(method, chat_id))
