"""Edits or deletes what was sent when an item is corrected or withdrawn: one message after another, in the bulk lane."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from typing import TYPE_CHECKING, Final

from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, RetryAfter

from bot.context import NO_PREVIEW, NOT_MODIFIED, inline_keyboard
from bot.delivery.budget import Pace
from bot.delivery.limiter import bulk_lane
from bot.delivery.outcomes import patience
from bot.logs import event, reason
from bot.markup import pack
from bot.screens.delivery import Standing, withdrawn
from data import amendments
from data.db import is_storage_error

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from telegram import Bot

    from bot.delivery.budget import Budget
    from bot.delivery.cards import DeliveredItems
    from bot.markup import Screen
    from bot.services import Clock
    from data.amendments import Amendment, Shown
    from data.db import Database

LOG: Final = logging.getLogger(__name__)

LOOK: Final = 3.0
"""Seconds between two looks while there is nothing to do."""
PORTION: Final = 50
"""Messages whose outcomes are written together. A restart does as many again, which changes nothing."""
PATIENCE: Final = 2.0
"""A chat that must be left alone for longer than so many seconds comes later."""
DELETABLE: Final = dt.timedelta(hours=48)
"""For so long a bot may delete its messages; editing them it may always. https://core.telegram.org/bots/api#deletemessage"""
FASTEST: Final = 20.0
"""Changes a second: paid broadcasts are for new messages only."""
NOT_FOUND: Final = "message to delete not found"


class Amender:
    """Brings messages up to date; `run` it in each process, and the one that sends does it."""

    def __init__(
        self,
        db: Database,
        bot: Bot,
        items: DeliveredItems,
        budget: Budget,
        clock: Clock,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._db, self._bot, self._items, self._budget, self._clock, self._sleep = db, bot, items, budget, clock, sleep
        self._pace = Pace(min(budget.rates.bulk, FASTEST), budget.rates.catch_up)
        self._lane = bulk_lane(bot)
        self._came_to: dict[str, int] = {}
        """The last delivery looked at, by item. What was passed over is found from the start once the end is reached."""

    async def run(self, leads: Callable[[], bool]) -> None:
        """Change what is to be changed, for ever."""
        while True:
            try:
                busy = leads() and await self.step()
            except Exception as error:  # noqa: BLE001 - nobody would start it again
                event(LOG, "amending_stumbled", logging.ERROR, error=None if is_storage_error(error) else error, reason=reason(error))
                busy = False
            await self._sleep(0 if busy else LOOK)

    async def step(self) -> bool:
        """The next portion of each item; False if nothing can be done at the moment. Raises what the database raises."""
        async with self._db.read() as connection:
            found = await amendments.under_way(connection)
        return any([await self._portion(one) for one in found])

    async def _portion(self, one: Amendment) -> bool:
        after = self._came_to.pop(one.item, 0)
        async with self._db.read() as connection:
            portion = await amendments.outdated(connection, one, after, PORTION)
        if not portion and not after:
            async with self._db.write() as connection:
                if await amendments.end(connection, one, self._clock.now()):
                    event(LOG, "amendment_done", item=one.item)
            return False
        if not portion:
            return True
        done: dict[int, str | None] = {}
        for shown in portion:
            self._came_to[one.item] = shown.number
            if not await self._try(one, shown, done):
                break
        async with self._db.write() as connection:
            await amendments.note(connection, one, done)
        return bool(done)

    async def _try(self, one: Amendment, shown: Shown, done: dict[int, str | None]) -> bool:
        """Change a message, or pass over it for the time being; False if others had better wait, too."""
        chat = shown.receiver.chat
        if self._budget.chat_wait(self._clock.monotonic(), chat) > PATIENCE:
            return True
        screen = self._screen(one, shown)
        if screen is None:
            return False
        await self._turn(chat)
        try:
            done[shown.number] = await self._change(one, shown, screen)
        except RetryAfter as flood:
            self._budget.flooded(self._clock.monotonic(), chat, patience(flood), 0.0)
        except NetworkError as error:
            event(LOG, "amending_cut", item=one.item, reason=reason(error))
            return False
        else:
            self._budget.went_through()
        return True

    async def _turn(self, chat: int) -> None:
        now = self._clock.monotonic()
        while (wait := max(self._pace.wait(now), self._budget.wait(now, chat))) > 0:
            await self._sleep(wait)
            now = self._clock.monotonic()
        self._pace.take(now)
        self._budget.take(now, chat)

    def _screen(self, one: Amendment, shown: Shown) -> Screen | None:
        if shown.digest and shown.items:
            return self._items.digest(shown.digest, shown.items, one.revision, shown.language)
        if one.withdrawn:
            return withdrawn(self._items.reader(shown.language))
        standing = Standing.PAUSED if shown.paused else Standing.FOLLOWED
        return self._items.screen(one.item, one.revision, shown.language, shown.matched, standing)

    async def _change(self, one: Amendment, shown: Shown, screen: Screen) -> str | None:
        """Why a message cannot be changed; None if it is as it should be. Raises what may be better the next time."""
        if shown.message_id is None:
            return "moved"
        try:
            if not (one.withdrawn and not shown.items and await self._is_deleted(shown.receiver.chat, shown.message_id, shown.sent_at)):
                await self._edit(shown.receiver.chat, shown.message_id, screen)
        except (BadRequest, Forbidden, ChatMigrated) as error:
            if NOT_MODIFIED in error.message.lower():
                return None
            event(LOG, "message_not_changed", logging.DEBUG, item=one.item, chat=shown.receiver.chat, reason=error.message)
            return error.message.lower()[:64]
        return None

    async def _is_deleted(self, chat: int, message_id: int, sent_at: dt.datetime) -> bool:
        """Delete a message if that is allowed; whether it is not there any more."""
        if self._clock.now() - sent_at >= DELETABLE:
            return False
        try:
            await self._bot.delete_message(chat, message_id, **self._lane)
        except BadRequest as error:
            return NOT_FOUND in error.message.lower()
        return True

    async def _edit(self, chat: int, message_id: int, screen: Screen) -> None:
        await self._bot.edit_message_text(
            pack(screen.blocks)[0],
            chat,
            message_id,
            parse_mode=ParseMode.HTML,
            link_preview_options=NO_PREVIEW,
            reply_markup=inline_keyboard(screen.buttons) if screen.buttons else None,
            **self._lane,
        )
