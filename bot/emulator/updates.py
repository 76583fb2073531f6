"""The queue of updates a bot has not confirmed yet, by polling or by webhook."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from telegram import Update

from bot.emulator.limits import UPDATE_LIFETIME

if TYPE_CHECKING:
    from datetime import datetime

Json = dict[str, Any]

ON_REQUEST: Final = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
"""Kinds of updates that come only when `allowed_updates` names them."""
KINDS: Final = frozenset(str(kind) for kind in Update.ALL_TYPES)


@dataclass
class Webhook:
    """Where updates are posted to; an empty `url` means polling."""

    url: str = ""
    secret: str = ""
    max_connections: int = 40
    ip_address: str = ""
    last_error: tuple[datetime, str] | None = None


@dataclass
class UpdateQueue:
    """Updates in order, each kept until confirmed or a day old."""

    next_id: int = 500_000_001
    allowed: frozenset[str] = KINDS - ON_REQUEST
    pending: list[Json] = field(default_factory=list)
    webhook: Webhook = field(default_factory=Webhook)
    _times: dict[int, datetime] = field(default_factory=dict)
    _arrived: asyncio.Event = field(default_factory=asyncio.Event)
    _poll: int = 0

    def put(self, kind: str, content: Json, now: datetime) -> Json:
        """A new update; it waits for the bot only if the bot asked for its kind."""
        number, self.next_id = self.next_id, self.next_id + 1
        update: Json = {"update_id": number, kind: content}
        if kind in self.allowed:
            self.pending.append(update)
            self._times[number] = now
            self._arrived.set()
        return update

    def allow(self, kinds: list[str] | None) -> None:
        """An empty list means the default; None leaves things as they are."""
        if kinds is not None:
            self.allowed = frozenset(kinds) & KINDS if kinds else KINDS - ON_REQUEST

    def confirm(self, offset: int) -> None:
        """Forget everything before `offset`; a negative one keeps that many of the last."""
        if offset < 0:
            self.pending = self.pending[offset:]
        else:
            self.pending = [update for update in self.pending if update["update_id"] >= offset]
        kept = {update["update_id"] for update in self.pending}
        self._times = {number: at for number, at in self._times.items() if number in kept}

    def remove(self, update_id: int) -> None:
        """Forget one update: a webhook took it."""
        self.pending = [update for update in self.pending if update["update_id"] != update_id]
        self._times.pop(update_id, None)

    def expire(self, now: datetime) -> None:
        """Telegram keeps updates for a day."""
        old = {number for number, at in self._times.items() if now - at > UPDATE_LIFETIME}
        if old:
            self.pending = [update for update in self.pending if update["update_id"] not in old]

    def clear(self) -> None:
        """Drop what waits."""
        self.pending.clear()
        self._times.clear()

    def drain(self) -> list[Json]:
        """Take everything that waits, as a bot that confirms at once."""
        taken = list(self.pending)
        self.clear()
        return taken

    def begin_poll(self) -> int:
        """A new poll ends the one before: only the latest number is current."""
        self._poll += 1
        self._arrived.set()
        return self._poll

    def is_current(self, poll: int) -> bool:
        """Whether no other poll has begun since."""
        return poll == self._poll

    async def wait(self, timeout: float) -> None:  # noqa: ASYNC109 - the parameter of getUpdates.
        """Until something may have arrived, `timeout` seconds at most."""
        self._arrived.clear()
        if self.pending:
            return
        try:
            async with asyncio.timeout(timeout):
                await self._arrived.wait()
        except TimeoutError:
            return
