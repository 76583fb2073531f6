"""Updates that Telegram brings: each is handled once, however often it is brought; twice only if a process was killed over it.

Telegram brings an update until it gets a 200, those of a chat in order and one at a time. It obeys Retry-After; without it, it waits longer
after each failure. https://github.com/tdlib/telegram-bot-api/blob/master/telegram-bot-api/WebhookActor.cpp
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from typing import TYPE_CHECKING, Any, Final

from telegram import Update

from bot.logs import event

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.app import App
    from bot.holding import Holdings

LOG: Final = logging.getLogger(__name__)

HANDLING_SECONDS: Final = 10.0
"""How long a call waits for its update. What has begun by then goes on, and a later call for the same update learns how it ended."""
REMEMBERED: Final = 10_000
"""Updates that were handled; more than Telegram brings between two calls for the same one."""
SOON: Final = 2
"""Seconds after which an update is welcome that nobody has begun with..."""
LATER: Final = 5
"""...and one that is in hand: so much later each replica knows."""
HANDLED: Final = 0


class Inbox:
    """The updates in hand, and those handled lately."""

    def __init__(self, application: App, holdings: Holdings, is_stopping: Callable[[], bool]) -> None:
        self._application = application
        self._holdings = holdings
        self._is_stopping = is_stopping
        self._in_hand: dict[int, _Handling] = {}
        self._handled: OrderedDict[int, None] = OrderedDict()

    async def take(self, data: dict[str, Any]) -> int:
        """Handle an update, through the gate like all others; its errors are the error handler's.

        Returns HANDLED, or the seconds after which it has to be brought again.
        """
        number = data["update_id"]
        if number not in self._in_hand and number not in self._handled:
            elsewhere = await self._holdings.was_handled(number)
            if elsewhere is not None:
                return HANDLED if elsewhere else LATER
        # While that was read, another call may have brought it.
        if number in self._handled:
            return HANDLED
        if number not in self._in_hand:
            if self._is_stopping():
                return SOON
            update = _read(self._application, data)
            if update is None:
                return HANDLED
            self._begin(update)
        return await self._wait(self._in_hand[number], number)

    def _begin(self, update: Update) -> None:
        number = update.update_id
        handling = self._in_hand[number] = _Handling(self._application, self._holdings, update)
        handling.task.add_done_callback(lambda _task: self._end(number))

    async def _wait(self, handling: _Handling, number: int) -> int:
        await asyncio.wait({handling.task}, timeout=HANDLING_SECONDS)
        if not handling.task.done():
            await handling.takes_long()
        return HANDLED if number in self._handled else LATER if handling.has_begun else SOON

    async def close(self, seconds: float) -> None:
        """Let what has begun be handled for so long; whoever waits for the rest hears that it has to be brought again."""
        for handling in self._in_hand.values():
            if not handling.has_begun:
                handling.task.cancel()
        tasks = {handling.task for handling in self._in_hand.values()}
        _, late = await asyncio.wait(tasks, timeout=seconds) if tasks else (set(), set[asyncio.Task[None]]())
        if late:
            event(LOG, "drain_cut", logging.WARNING, seconds=round(seconds, 1), updates=len(late))
            for task in late:
                task.cancel()
            await asyncio.wait(late)

    def _end(self, number: int) -> None:
        handling = self._in_hand.pop(number)
        if handling.is_over(self._application):
            self._handled[number] = None
            if len(self._handled) > REMEMBERED:
                self._handled.popitem(last=False)


class _Handling:
    """One update on its way through the gate."""

    def __init__(self, application: App, holdings: Holdings, update: Update) -> None:
        self.has_begun = False
        self._is_noted = False
        self._number, self._holdings = update.update_id, holdings
        self._work = self._handle(application, update)
        handling = application.update_processor.process_update(update, self._work)
        self.task = application.create_task(handling, update)

    async def _handle(self, application: App, update: Update) -> None:
        self.has_begun = True
        try:
            await application.process_update(update)
        except asyncio.CancelledError:
            if self._is_noted:
                await self._holdings.let_go(self._number)
            raise
        if self._is_noted:
            await self._holdings.note(self._number, handled=True)

    async def takes_long(self) -> None:
        """Go on with what has begun, so that everybody knows. What still waits its turn is left to whoever is brought it next."""
        if not self.has_begun:
            self.task.cancel()
            return
        self._is_noted = True
        await self._holdings.note(self._number)
        if self.task.done() and not self.task.cancelled():
            # It ended meanwhile, and may have said so before we said that it takes long.
            await self._holdings.note(self._number, handled=True)

    def is_over(self, application: App) -> bool:
        """Whether nobody need handle it again: it was handled, or the gate dropped it for good."""
        self._work.close()
        if self.task.cancelled() or self.task.exception():
            return False
        # A gate that shuts sends away what waits.
        return self.has_begun or application.running


def _read(application: App, data: dict[str, Any]) -> Update | None:
    """The update; None if it is none that we know, which it will not be the next time either."""
    try:
        return Update.de_json(data, application.bot)
    except Exception as error:  # noqa: BLE001 - whatever is wrong with one, those behind it must come
        event(LOG, "update_unreadable", logging.ERROR, error=error, update=data["update_id"])
        return None
