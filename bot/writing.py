"""Writes that people ask for: each once for its update, however often Telegram brings it, and other processes hear of them."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, TypeVar

from telegram import Update

from data import changes, ledger
from data.ledger import Step

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Awaitable, Callable, Iterator

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.services import Clock
    from data.db import Database

T = TypeVar("T", bound=bool | int | str | None)


class InHand:
    """The update that a task handles."""

    def __init__(self, number: int) -> None:
        self.outcome = "handled"
        """Or why its reader got no answer: a cause of `bot.errors`."""
        self._number = number
        self._names = Counter[str]()

    def step(self, name: str) -> Step:
        """The next write of this name; an update that comes again asks for the same ones in the same order."""
        self._names[name] += 1
        return Step(self._number, f"{name}.{self._names[name]}")


_IN_HAND: ContextVar[InHand | None] = ContextVar("_IN_HAND", default=None)


@contextmanager
def taken_in_hand(update: object) -> Iterator[InHand]:
    """What is written meanwhile is written for this update."""
    here = InHand(update.update_id if isinstance(update, Update) else 0)
    token = _IN_HAND.set(here if isinstance(update, Update) else None)
    try:
        yield here
    finally:
        _IN_HAND.reset(token)


def failed(cause: str) -> None:
    """Note why the reader of the update in hand got no answer."""
    if here := _IN_HAND.get():
        here.outcome = cause


class Writer:
    """Transactions of the update in hand; what no update asked for is written as it comes."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    async def once(self, name: str, act: Callable[[AsyncConnection, dt.datetime], Awaitable[T]], *chats: int) -> T:
        """What `act` came to in one transaction, now or when this update came before; `chats` are those whose wishes it changes."""
        now, here = self._clock.now(), _IN_HAND.get()
        async with self._db.write() as connection:
            outcome = await ledger.once(connection, here.step(name) if here else None, lambda: act(connection, now), now)
            await changes.note(connection, chats, now)
        return outcome
