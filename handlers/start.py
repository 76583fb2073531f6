"""/start, its deep links, and /help."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from telegram.ext import CallbackQueryHandler, CommandHandler

from bot.callbacks import HERE, DeepLink, ListPractices, OpenHelp, OpenStart, pattern
from bot.screens.city import city_card, city_sources
from bot.screens.follows import offer_follow
from bot.screens.lists import city_list
from bot.screens.network import help_, start
from bot.screens.news import news_card
from bot.screens.parts import is_there
from bot.screens.practices import practice_card, practice_list
from bot.screens.problems import gone
from bot.screens.reminders import calendar_file
from data.types import CityId, CountryCode, Filter, NewsId, PracticeId, ThemeId

if TYPE_CHECKING:
    from telegram import Update
    from telegram.ext import BaseHandler

    from bot.context import BotContext
    from bot.i18n import Reader
    from bot.markup import Screen
    from data.catalogue import Catalogue


def handlers() -> list[BaseHandler[Any, Any, Any]]:
    """/start, /help and the buttons that lead back to them."""
    return [
        CommandHandler("start", command_start),
        CommandHandler("help", command_help),
        CallbackQueryHandler(button_start, pattern=pattern(OpenStart)),
        CallbackQueryHandler(button_help, pattern=pattern(OpenHelp)),
    ]


async def command_start(_update: Update, context: BotContext) -> None:
    """The first screen, or the record that a deep link names."""
    link = DeepLink.parse(context.argument)
    await context.reply(_linked(link, context) if link else start(context.catalogue, context.reader))


def _linked(link: DeepLink, context: BotContext) -> Screen:
    catalogue, reader = context.catalogue, context.reader
    match link.kind:
        case "f" if (target := link.target) and is_there(target, catalogue):
            return offer_follow(target, HERE, catalogue, reader)
        case "l" if link.record in catalogue.countries:
            return city_list(Filter(country=CountryCode(link.record)), 0, context.services.limits.page, catalogue, reader)
        case "t":
            return _themed(link.record, context)
        case "k":
            return calendar_file(link.record, context.services.clock.now(), catalogue, reader) or gone(reader)
    return _record(link, catalogue, reader)


def _record(link: DeepLink, catalogue: Catalogue, reader: Reader) -> Screen:
    """The card of one thing."""
    match link.kind:
        case "c" if city := catalogue.cities.get(CityId(link.record)):
            return city_card(city, catalogue, reader)
        case "o" if city := catalogue.cities.get(CityId(link.record)):
            return city_sources(city, reader)
        case "p" if practice := catalogue.practices.get(PracticeId(link.record)):
            return practice_card(practice, catalogue, reader)
        case "n" if item := catalogue.news_by_id.get(NewsId(link.record)):
            return news_card(item, catalogue, reader)
    return gone(reader)


def _themed(record: str, context: BotContext) -> Screen:
    """The practices with a theme, in one country if it is named too."""
    catalogue, reader = context.catalogue, context.reader
    theme, _, code = record.partition("_")
    if theme not in catalogue.themes or (code and code not in catalogue.countries):
        return gone(reader)
    wanted = ListPractices(0, CountryCode(code) if code else None, ThemeId(theme))
    practices = catalogue.select_practices(None, wanted.country, wanted.theme)
    return practice_list(wanted, practices, context.services.limits.page, catalogue, reader)


async def command_help(_update: Update, context: BotContext) -> None:
    """What the bot can do."""
    await context.reply(help_(context.reader))


async def button_start(_update: Update, context: BotContext) -> None:
    """Back to the first screen."""
    await context.reply(start(context.catalogue, context.reader))


async def button_help(_update: Update, context: BotContext) -> None:
    """What the bot can do."""
    await context.reply(help_(context.reader))
