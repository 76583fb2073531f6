"""What Telegram shows of the bot by itself: its commands by language and scope, its description. Sent only when it changed."""

from __future__ import annotations

import hashlib
import json
import logging
from typing import TYPE_CHECKING, Final

from telegram import BotCommand, BotCommandScope, BotCommandScopeAllGroupChats, BotCommandScopeAllPrivateChats, BotCommandScopeChat
from telegram.error import BadRequest, Forbidden, TelegramError

from data import marks

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from telegram import Bot

    from bot.i18n import Reader
    from bot.services import Services
    from data.db import Database

LOG: Final = logging.getLogger(__name__)

PRIVATE: Final = (
    "city",
    "cities",
    "countries",
    "nearby",
    "practices",
    "awards",
    "news",
    "subscribe",
    "subscriptions",
    "unsubscribe",
    "missed",
    "quiet",
    "digest",
    "join",
    "about",
    "language",
    "status",
    "privacy",
    "mydata",
    "forget",
    "help",
)
"""Commands in the order of the menu; `start` is Telegram's own button."""

GROUP: Final = (
    "city",
    "cities",
    "countries",
    "practices",
    "awards",
    "news",
    "subscribe",
    "subscriptions",
    "unsubscribe",
    "missed",
    "quiet",
    "digest",
    "language",
    "help",
)

ADMIN: Final = ("publish", "sources", "unanswered")
"""What administrators have besides."""


def command_descriptions(reader: Reader) -> Mapping[str, str]:
    """What each command does, in a few words. Telegram takes at most 256 characters."""
    _ = reader.translate
    return {
        "city": _("a city by its name"),
        "cities": _("lists of cities"),
        "countries": _("countries of the network"),
        "nearby": _("members near you"),
        "practices": _("what cities do"),
        "awards": _("the Learning City Award"),
        "news": _("news of the network"),
        "subscribe": _("get news of a city or a country"),
        "subscriptions": _("what this chat follows"),
        "unsubscribe": _("stop following"),
        "missed": _("news that did not arrive"),
        "quiet": _("quiet hours, digests, time zone"),
        "digest": _("what the next digest will hold"),
        "publish": _("publish news"),
        "sources": _("where news comes from, and what waits"),
        "unanswered": _("what was asked in vain"),
        "join": _("how a city joins"),
        "about": _("what the network is"),
        "language": _("change the language"),
        "status": _("how up to date I am"),
        "privacy": _("what I store about you"),
        "mydata": _("all that I store about you"),
        "forget": _("delete what I store about you"),
        "help": _("what I can do"),
    }


def description(reader: Reader) -> str:
    """What an empty chat shows; at most 512 characters."""
    _ = reader.translate
    return _(
        "I answer questions about the UNESCO Global Network of Learning Cities: member cities, their practices, awards, "
        "conferences and news, each with its source. I am an independent bot, not run or endorsed by UNESCO."
    )


def short_description(reader: Reader) -> str:
    """What the profile shows; at most 120 characters."""
    _ = reader.translate
    return _("Member cities of UNESCO's network of learning cities, with sources. Independent of UNESCO.")


async def register(bot: Bot, services: Services, db: Database) -> bool:
    """Tell Telegram what changed since the last time; True if anything had. A failure is logged and tried again at the next start."""
    wanted = {lang: _wanted(services.languages.reader(lang)) for lang in services.languages.held}
    digest = hashlib.sha256(json.dumps([wanted, sorted(services.admins)], sort_keys=True).encode()).hexdigest()
    name = f"registered:{bot.id}"
    async with db.read() as connection:
        if await marks.read(connection, name) == digest:
            return False
    try:
        await _send(bot, services)
    except TelegramError as error:
        LOG.warning("registration_failed error=%s", type(error).__name__)
        return False
    async with db.write() as connection:
        await marks.set_mark(connection, name, digest, services.clock.now())
    LOG.info("registered languages=%d", len(wanted))
    return True


def _wanted(reader: Reader) -> tuple[object, str, str]:
    """All that is sent for a language, the order of the menu included."""
    menus = [(scope().type, [command.to_dict() for command in _commands(names, reader)]) for scope, names in SCOPES]
    return menus, description(reader), short_description(reader)


async def _send(bot: Bot, services: Services) -> None:
    for lang in services.languages.held:
        reader = services.languages.reader(lang)
        # English is also what Telegram shows to readers of languages that the bot does not speak.
        codes = (None, lang) if lang == "en" else (lang,)
        for code in codes:
            for scope, commands in SCOPES:
                await bot.set_my_commands(_commands(commands, reader), scope=scope(), language_code=code)
            await bot.set_my_description(description(reader), language_code=code)
            await bot.set_my_short_description(short_description(reader), language_code=code)
    await _send_to_admins(bot, services)


async def _send_to_admins(bot: Bot, services: Services) -> None:
    """Admins have two commands more, in the language that they chose. Who never wrote to the bot cannot have a menu."""
    for admin in sorted(services.admins):
        reader = services.languages.reader((await services.chats.preferences(admin)).language)
        try:
            await bot.set_my_commands(_commands((*PRIVATE, *ADMIN), reader), scope=BotCommandScopeChat(admin))
        except (BadRequest, Forbidden) as error:
            LOG.info("admin_menu_refused error=%s", type(error).__name__)


def _commands(names: tuple[str, ...], reader: Reader) -> list[BotCommand]:
    described = command_descriptions(reader)
    return [BotCommand(name, described[name]) for name in names]


SCOPES: Final[tuple[tuple[Callable[[], BotCommandScope], tuple[str, ...]], ...]] = (
    (BotCommandScopeAllPrivateChats, PRIVATE),
    (BotCommandScopeAllGroupChats, GROUP),
)
