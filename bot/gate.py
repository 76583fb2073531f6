"""The gate between Telegram and the handlers: concurrent, in order within a chat, bounded, fair.

`Application` turns every update into a task at once and takes one semaphore before the processor sees the update. A lock
per chat behind that semaphore would let one chat hold all its places with tasks that only wait. Here an update first
waits in the line of its chat, and only the head of a line asks for one of the places shared by all. So a chat that floods
takes one place at a time and stands behind each other chat once.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Hashable
from dataclasses import dataclass, field
from typing import Any, Final

from telegram import Update
from telegram.ext import BaseUpdateProcessor

_LOG: Final = logging.getLogger(__name__)

OnFlood = Callable[[object], Awaitable[None]]
"""Called with the first update dropped in an episode; its errors are logged and go no further."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GateLimits:
    """Counts of updates. `backlog` is what may wait in one line; `intake` is all that are admitted and not yet done."""

    at_once: int = 64
    backlog: int = 20
    intake: int = 2000


class Intake(asyncio.Queue[object]):
    """The queue to give to `ApplicationBuilder.update_queue`: `put` waits while `limit` updates are admitted and not done.

    `Application` empties its queue into tasks at once, so `maxsize` bounds nothing, and neither can a processor, which
    sees the update when its task exists. Counting until `task_done` holds back the polling loop or the webhook itself:
    the rest stays with Telegram, which keeps updates for a day.
    """

    def __init__(self, limit: int) -> None:
        super().__init__()
        self._limit = limit
        self._admitted = 0
        self._turn = asyncio.Lock()
        self._room = asyncio.Event()

    async def put(self, item: object) -> None:
        """Admit in the order of arrival."""
        async with self._turn:
            while self._admitted >= self._limit:
                self._room.clear()
                await self._room.wait()
            self.put_nowait(item)

    def put_nowait(self, item: object) -> None:
        """Admit without waiting, over the limit if need be."""
        super().put_nowait(item)
        self._admitted += 1

    def task_done(self) -> None:
        """Make room; called by `Application` when the update is handled, dropped or failed."""
        super().task_done()
        self._admitted -= 1
        self._room.set()


@dataclass(slots=True, eq=False)
class _Line:
    """The updates of one chat: one is being handled or waits for a place, the others wait here for their turn."""

    waiting: deque[asyncio.Future[bool]] = field(default_factory=deque)
    told: bool = False


class Gate(BaseUpdateProcessor):
    """Handles updates of one chat in the order they came and those of different chats side by side.

    When more than `backlog` updates wait in a line, further ones are dropped and the chat is told once, until its line
    is empty again. Of the inline queries a user types, letter by letter, only the newest that waits is handled. A handler
    must not wait for a later update of its own chat: it would wait for ever.

    Pass `intake` to `ApplicationBuilder.update_queue`, else nothing bounds the number of admitted updates. Counters are
    plain numbers for metrics: `handled` (started, whether or not the handler failed), `dropped`, `superseded` (inline queries),
    `waiting` and `running`.
    """

    def __init__(self, limits: GateLimits, on_flood: OnFlood) -> None:
        super().__init__(max_concurrent_updates=limits.intake)
        self.intake = Intake(limits.intake)
        self.handled = 0
        self.dropped = 0
        self.superseded = 0
        self.waiting = 0
        self.running = 0
        self._backlog = limits.backlog
        self._on_flood = on_flood
        self._places = asyncio.Semaphore(limits.at_once)
        self._lines: dict[Hashable, _Line] = {}
        self._open = True

    async def initialize(self) -> None:
        """Let updates through (again)."""
        self._open = True

    async def shutdown(self) -> None:
        """Send away every update that waits; those being handled belong to `Application`, which awaited them in `stop`."""
        self._open = False
        for line in self._lines.values():
            while line.waiting:
                _answer(line.waiting.popleft(), go=False)

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Return when the update was handled, dropped or superseded."""
        try:
            await self._pass(update, coroutine)
        finally:
            if isinstance(coroutine, Coroutine):
                coroutine.close()

    async def _pass(self, update: object, coroutine: Awaitable[Any]) -> None:
        key = line_of(update)
        line = self._lines.get(key)
        if line is None:
            line = self._lines[key] = _Line()
        elif not await self._turn(line, update):
            return
        try:
            await self._handle(coroutine)
        finally:
            self._next(key, line)

    async def _turn(self, line: _Line, update: object) -> bool:
        """Whether the update came to the head of its line; False if it was dropped, superseded or sent away."""
        if _is_inline_query(update):
            self._supersede(line)
        elif len(line.waiting) >= self._backlog:
            await self._drop(line, update)
            return False
        turn: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        line.waiting.append(turn)
        self.waiting += 1
        try:
            return await turn
        except asyncio.CancelledError:
            if turn in line.waiting:
                line.waiting.remove(turn)
            elif not turn.cancelled() and turn.result():
                self._next(line_of(update), line)
            raise
        finally:
            self.waiting -= 1

    async def _handle(self, coroutine: Awaitable[Any]) -> None:
        self.waiting += 1
        try:
            await self._places.acquire()
        finally:
            self.waiting -= 1
        self.running += 1
        try:
            if self._open:
                self.handled += 1
                await coroutine
        finally:
            self.running -= 1
            self._places.release()

    def _next(self, key: Hashable, line: _Line) -> None:
        """Give the turn to the next that still waits, or forget the line and with it that its chat was told."""
        while line.waiting:
            if _answer(line.waiting.popleft(), go=True):
                return
        self._lines.pop(key, None)

    def _supersede(self, line: _Line) -> None:
        while line.waiting:
            self.superseded += _answer(line.waiting.pop(), go=False)

    async def _drop(self, line: _Line, update: object) -> None:
        self.dropped += 1
        if line.told:
            return
        line.told = True
        try:
            await self._on_flood(update)
        except Exception:  # noqa: BLE001 - a notice that fails must not look like a handler that failed
            _LOG.exception("flood_notice_failed")


def line_of(update: object) -> Hashable:
    """The line an update waits in: its chat; else its user (inline queries apart from the rest); else a line of its own."""
    if not isinstance(update, Update):
        return ("object", id(update))
    if update.inline_query is not None:
        return ("inline", update.inline_query.from_user.id)
    if update.effective_chat is not None:
        return ("chat", update.effective_chat.id)
    if update.effective_user is not None:
        return ("user", update.effective_user.id)
    return ("update", update.update_id)


def _is_inline_query(update: object) -> bool:
    return isinstance(update, Update) and update.inline_query is not None


def _answer(turn: asyncio.Future[bool], *, go: bool) -> bool:
    """Whether anybody still waited for it: a task that was just cancelled does not."""
    if turn.done():
        return False
    turn.set_result(go)
    return True
