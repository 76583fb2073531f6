"""What the worker needs said: items as they come by themselves, alerts for whom they are for, and how a delivery goes."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from telegram.constants import ParseMode
from telegram.error import BadRequest, Forbidden, TelegramError

from bot.context import NO_PREVIEW, inline_keyboard
from bot.delivery.ports import Message, What
from bot.logs import event, reason
from bot.markup import pack
from bot.screens.delivery import Standing, alert_for_admins, alert_for_chat
from bot.screens.digests import digest
from bot.screens.publishing import progress_card
from bot.screens.reminders import delivered_item
from data.db import is_storage_error
from data.digests import read_key
from data.states import UNFINISHED
from data.types import NewsId

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Sequence

    from telegram import Bot

    from bot.delivery.ports import Alert
    from bot.i18n import Languages, Reader
    from bot.markup import Screen
    from bot.services import Clock, Services, Shelf
    from data.drafts import Written
    from data.follows import Target
    from data.outbox import Delivery

LOG: Final = logging.getLogger(__name__)

EVERY: Final = 3.0
"""Seconds between two edits of a card that tells how a delivery goes."""
REMEMBERED: Final = 1_000
"""Items in the words of one language and follow that are held at once, some 2 KB each."""
FOR_THE_CHAT: Final = {What.TOPIC_CLOSED, What.MUTED}


class DeliveredItems:
    """Renders items of the catalogue in force, in the language of the chat that gets them."""

    def __init__(self, shelf: Shelf, languages: Languages, bot: str, clock: Clock) -> None:
        self._shelf, self._languages, self._bot, self._clock = shelf, languages, bot, clock
        self._catalogue = shelf.catalogue
        self._said: dict[tuple[str, tuple[str, ...], str | None, Target | None, dt.date], Sequence[Message]] = {}

    def __call__(self, delivery: Delivery, /) -> Sequence[Message]:
        """The messages of an item; none while this process has not taken up the revision that it came with.

        A million chats get an item in few languages and for few follows, and their digests tell few sets of items: words are put together
        once a day for each of these.
        """
        catalogue = self._shelf.catalogue
        if catalogue.revision < delivery.revision:
            return ()
        if self._catalogue is not catalogue or len(self._said) >= REMEMBERED:
            self._catalogue = catalogue
            self._said.clear()
        matched = None if delivery.items else delivery.matched
        key = (delivery.item, delivery.items, delivery.language, matched, self._clock.now().date())
        if key not in self._said:
            self._said[key] = self._put_into_words(delivery)
        return self._said[key]

    def _put_into_words(self, delivery: Delivery) -> Sequence[Message]:
        item, revision, language = delivery.item, delivery.revision, delivery.language
        screen = self.digest(item, delivery.items, revision, language) or self.screen(item, revision, language, delivery.matched)
        if screen is None:
            return ()
        *first, last = pack(screen.blocks)
        return [*map(Message, first), Message(last, screen.buttons)]

    def screen(
        self, item: str, revision: int, language: str | None, matched: Target | None, standing: Standing = Standing.FOLLOWED
    ) -> Screen | None:
        """An item as it is since a revision of the data set; None while this process has not taken that up."""
        catalogue = self._shelf.catalogue
        return delivered_item(item, matched, catalogue, self.reader(language), standing) if catalogue.revision >= revision else None

    def digest(self, key: str, items: Sequence[str], revision: int, language: str | None) -> Screen | None:
        """A digest with its items as they are since a revision; None if it is none, or while this process has not taken that up."""
        which, catalogue = read_key(key), self._shelf.catalogue
        if which is None or catalogue.revision < revision:
            return None
        told = [found for item in items if (found := catalogue.news_by_id.get(NewsId(item)))]
        return digest(told, which.pace, which.day, catalogue, self.reader(language)) if told else None

    def reader(self, language: str | None) -> Reader:
        """Who reads in a chat of that language."""
        return replace(self._languages.reader(language), bot=self._bot, today=self._clock.now().date())


class Alerts:
    """Brings alerts to the admins of a chat in private, or to those of the bot."""

    def __init__(self, bot: Bot, services: Services) -> None:
        self._bot, self._services = bot, services

    async def __call__(self, alert: Alert, /) -> None:
        """Tell whoever can be told; the log knows in any case."""
        chat = alert.receiver.chat if alert.receiver else 0
        event(LOG, "delivery_alert", logging.WARNING, what=alert.what, item=alert.item, chat=chat or "", reason=alert.reason)
        for_chat = alert.what in FOR_THE_CHAT and chat < 0
        for person in await self._administrators(chat) if for_chat else sorted(self._services.admins):
            reader = self._services.languages.reader((await self._services.chats.preferences(person)).language)
            screen = (
                alert_for_chat(await self._title(chat), alert.what, reader)
                if for_chat
                else alert_for_admins(alert.what, alert.item, reader)
            )
            try:
                await self._bot.send_message(person, pack(screen.blocks)[0], parse_mode=ParseMode.HTML)
            except (BadRequest, Forbidden):
                continue  # never wrote to the bot, or blocked it

    async def _administrators(self, chat: int) -> list[int]:
        try:
            return [member.user.id for member in await self._bot.get_chat_administrators(chat) if not member.user.is_bot]
        except (BadRequest, Forbidden):
            return []

    async def _title(self, chat: int) -> str:
        try:
            return (await self._bot.get_chat(chat)).title or str(chat)
        except (BadRequest, Forbidden):
            return str(chat)


async def keep_cards(bot: Bot, services: Services, leads: Callable[[], bool]) -> None:
    """For ever: edit the cards that tell admins how deliveries go, at most every 3 s, after a restart too; in the process that leads."""
    shown: dict[int, Screen] = {}
    while True:
        await asyncio.sleep(EVERY)
        try:
            if leads():
                await update_cards(bot, services, shown)
        except Exception as error:  # noqa: BLE001 - a card that stands still is no reason to stop sending
            event(LOG, "cards_stand_still", logging.WARNING, error=None if is_storage_error(error) else error, reason=reason(error))


async def update_cards(bot: Bot, services: Services, shown: dict[int, Screen]) -> None:
    """Edit each card whose delivery went on since it was `shown`; a delivery that is over has its last edit."""
    for draft in await services.newsroom.shown():
        progress = await services.newsroom.progress(draft.item or "")
        if progress is None:
            continue
        reader = services.languages.reader(draft.language)
        screen = progress_card(progress, reader)
        if shown.get(draft.number) != screen:
            shown[draft.number] = screen
            await _edit(bot, draft, screen)
        if progress.state not in UNFINISHED and not progress.amending:
            shown.pop(draft.number, None)
            await services.newsroom.show_on(progress.item, None)


async def _edit(bot: Bot, draft: Written, screen: Screen) -> None:
    try:
        await bot.edit_message_text(
            pack(screen.blocks)[0],
            draft.admin,
            draft.message_id,
            parse_mode=ParseMode.HTML,
            link_preview_options=NO_PREVIEW,
            reply_markup=inline_keyboard(screen.buttons),
        )
    except TelegramError as error:  # the same text already, or deleted, or Telegram busy: the next look shows more
        LOG.debug("card_not_edited error=%s", type(error).__name__)
