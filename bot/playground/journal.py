"""What happened, numbered, so that a page that lost its connection can catch up."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from bot.emulator import BotApi, Event, Happening
from bot.playground.views import can_see, chat_view

if TYPE_CHECKING:
    from collections.abc import Iterator

Json = dict[str, Any]

KEPT: Final = 2_000
"""Events remembered; whoever missed more reads everything anew."""
PERSONAL: Final = {Happening.CALLBACK_ANSWERED, Happening.INLINE_ANSWERED}


@dataclass(frozen=True, slots=True)
class Entry:
    """An event as it is sent, and who may see it: the people who see `chat_id`, or `person` alone, or everyone."""

    number: int
    payload: str
    chat_id: int | None = None
    person: int | None = None


@dataclass(slots=True)
class Journal:
    """The latest events. `run` tells this process from one before a restart, whose numbers mean nothing now."""

    core: BotApi
    run: str = field(default_factory=lambda: secrets.token_hex(4))
    number: int = 0
    closed: bool = False
    _entries: deque[Entry] = field(default_factory=lambda: deque(maxlen=KEPT))
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def mark(self) -> str:
        """Where the journal stands now."""
        return f"{self.run}-{self.number}"

    def hear(self, event: Event) -> None:
        """A listener for the emulator."""
        details, person = event.details, None
        if event.what in PERSONAL:
            details = {name: value for name, value in details.items() if name != "user_id"}
            person = event.details["user_id"]
        if event.what is Happening.CHAT and event.chat_id is not None:
            details = {"chat": chat_view(self.core, self.core.chats[event.chat_id])}
        self._add({"what": event.what, "chat_id": event.chat_id} | details, event.chat_id, person)

    def tell(self, what: str, **details: Any) -> None:
        """Something that Telegram knows nothing of, for everyone: the clock was moved, a person came."""
        self._add({"what": what, "chat_id": None} | details)

    def close(self) -> None:
        """No more is to come."""
        self.closed = True
        self._news.set()

    def after(self, mark: str, person: int) -> list[Entry] | None:
        """What a person may know since a mark; None if the journal does not reach back so far."""
        run, _, number = mark.partition("-")
        if run != self.run or not number.isdecimal() or int(number) > self.number:
            return None
        if self._entries and int(number) < self._entries[0].number - 1:
            return None
        return list(self._since(int(number), person))

    async def wait(self, seconds: float) -> None:
        """Until something may have happened, or so long."""
        self._news.clear()
        try:
            async with asyncio.timeout(seconds):
                await self._news.wait()
        except TimeoutError:
            return

    def _since(self, number: int, person: int) -> Iterator[Entry]:
        return (entry for entry in self._entries if entry.number > number and self._may_know(entry, person))

    def _may_know(self, entry: Entry, person: int) -> bool:
        if entry.person is not None:
            return entry.person == person
        chat = self.core.chats.get(entry.chat_id) if entry.chat_id is not None else None
        return chat is None or can_see(chat, person)

    def _add(self, details: Json, chat_id: int | None = None, person: int | None = None) -> None:
        self.number += 1
        self._entries.append(Entry(self.number, json.dumps(details, ensure_ascii=False), chat_id, person))
        self._news.set()
