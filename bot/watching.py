"""Looking at the sources of news for ever, in the process that leads, and telling admins what they should know."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Final

from telegram.constants import ParseMode
from telegram.error import BadRequest, Forbidden

from bot.context import NO_PREVIEW, inline_keyboard
from bot.logs import event, reason
from bot.markup import pack
from bot.screens.queue import queue_card
from bot.screens.sources import ailing
from data.db import is_storage_error

if TYPE_CHECKING:
    from collections.abc import Callable

    from telegram import Bot

    from bot.i18n import Reader
    from bot.markup import Screen
    from bot.services import Services

LOG: Final = logging.getLogger(__name__)

EVERY: Final = 5.0
"""Seconds between two looks for sources that are due: by the bot's clock, which may be moved."""


async def watch(bot: Bot, services: Services, leads: Callable[[], bool], *, looks: bool = True) -> None:
    """For ever: look at what is due, if it `looks` by itself, and tell admins. Whatever goes wrong, the next time may be better."""
    while True:
        try:
            if leads():
                if looks:
                    await services.newsroom.desk.rounds.round()
                await tell_admins(bot, services)
        except Exception as error:  # noqa: BLE001 - as above
            event(LOG, "watching_stumbled", logging.WARNING, error=None if is_storage_error(error) else error, reason=reason(error))
        await asyncio.sleep(EVERY)


async def tell_admins(bot: Bot, services: Services) -> None:
    """Tell admins what waits for them, one message each however many things there are, and which sources broke, once."""
    desk = services.newsroom.desk
    for admin in sorted(services.admins):
        entry, waiting, last = await desk.untold(admin)
        if entry:
            await _send(bot, admin, queue_card(entry, waiting, services.catalogue, await _reader(services, admin)))
            await desk.told(admin, last)
    broken = await desk.ailing()
    if broken:
        for admin in sorted(services.admins):
            await _send(bot, admin, ailing(broken, await _reader(services, admin)))
        await desk.told_of(broken)


async def _reader(services: Services, admin: int) -> Reader:
    return services.languages.reader((await services.chats.preferences(admin)).language)


async def _send(bot: Bot, person: int, screen: Screen) -> None:
    """Send a screen to somebody who may never have written to the bot, or blocked it."""
    texts = pack(screen.blocks)
    try:
        for number, text in enumerate(texts, 1):
            markup = inline_keyboard(screen.buttons) if screen.buttons and number == len(texts) else None
            await bot.send_message(person, text, parse_mode=ParseMode.HTML, link_preview_options=NO_PREVIEW, reply_markup=markup)
    except (BadRequest, Forbidden):
        event(LOG, "admin_not_told", admin=person)
