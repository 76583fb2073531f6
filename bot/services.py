"""What a handler may use."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Protocol

from bot.memory import Memory
from bot.writing import Writer
from data import chats

if TYPE_CHECKING:
    import datetime as dt

    from bot.conversations import Conversations
    from bot.following import FollowBook
    from bot.i18n import Languages
    from bot.metrics import Metrics
    from bot.newsroom import Newsroom
    from bot.settings import Limits
    from data.catalogue import Catalogue
    from data.chats import ChatPreferences
    from data.db import Database
    from data.timing import Timing


class Clock(Protocol):
    """Where the time comes from."""

    def now(self) -> dt.datetime:
        """This moment, aware, in UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds that never run backwards."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> dt.datetime:
        """This moment, aware, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds that never run backwards."""
        return time.monotonic()


class Shelf:
    """Holds the catalogue in force. Replacing it is one assignment, so nobody sees half of a revision."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._replaced = asyncio.Event()

    @property
    def catalogue(self) -> Catalogue:
        """The one in force."""
        return self._catalogue

    @catalogue.setter
    def catalogue(self, newer: Catalogue) -> None:
        self._catalogue = newer
        self._replaced.set()
        self._replaced = asyncio.Event()

    async def replaced(self, seconds: float) -> None:
        """Wait for another catalogue, but not longer than that."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._replaced.wait()


class ChatBook:
    """The preferences of chats, in memory for those seen lately; the database answers for the rest."""

    def __init__(self, db: Database, clock: Clock, most: int, seconds: float = 30) -> None:
        self._db = db
        self._writer = Writer(db, clock)
        self._known: Memory[ChatPreferences] = Memory(clock, most, seconds)

    async def preferences(self, chat: int) -> ChatPreferences:
        """What a chat chose."""

        async def read() -> ChatPreferences:
            async with self._db.read() as connection:
                return await chats.preferences(connection, chat)

        return await self._known.recall(chat, read)

    async def choose_language(self, chat: int, language: str | None) -> None:
        """Remember a chat's language; None follows Telegram's."""
        await self._writer.once("language", lambda connection, now: chats.choose_language(connection, chat, language, now), chat)
        self._known.forget(chat)

    async def choose_zone(self, chat: int, zone: str | None) -> None:
        """Remember by which clocks a chat lives: a name of the IANA database; None for not known."""
        await self._writer.once("zone", lambda connection, now: chats.choose_zone(connection, chat, zone, now), chat)
        self._known.forget(chat)

    async def choose_timing(self, chat: int, timing: Timing) -> None:
        """Remember when a chat wants to hear of news."""
        await self._writer.once("timing", lambda connection, now: chats.choose_timing(connection, chat, timing, now), chat)
        self._known.forget(chat)

    async def everything_known(self, chat: int) -> dict[str, Any]:
        """All that is stored about a chat."""
        async with self._db.read() as connection:
            return await chats.everything_known(connection, chat)

    async def forget(self, chat: int) -> bool:
        """Delete all that is stored about a chat; True if there was anything.

        Not even a note that it changed is left, so what other processes remember of it grows old by itself.
        """
        had = await self._writer.once("forget", lambda connection, _now: chats.forget(connection, chat))
        self._known.forget(chat)
        return had

    def changed(self, *chats_: int) -> None:
        """Somebody else changed what is known of these chats."""
        self._known.forget(*chats_)


@dataclass(frozen=True, slots=True)
class Services:
    """What a handler may use; built once, by the composition."""

    shelf: Shelf
    chats: ChatBook
    follows: FollowBook
    newsroom: Newsroom
    languages: Languages
    metrics: Metrics
    conversations: Conversations
    clock: Clock
    limits: Limits
    admins: frozenset[int] = frozenset()

    @property
    def catalogue(self) -> Catalogue:
        """The catalogue in force."""
        return self.shelf.catalogue

    def changed(self, *chats: int) -> None:
        """What is known of these chats changed in the database behind the books' backs."""
        self.chats.changed(*chats)
        self.follows.changed(*chats)
