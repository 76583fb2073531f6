"""/news: what happened in the network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from telegram.ext import CallbackQueryHandler, CommandHandler

from bot.callbacks import ListNews, OpenNews, pattern
from bot.questions import read_news
from bot.screens.news import news_card, news_list
from bot.screens.problems import gone
from data.types import NewsId

if TYPE_CHECKING:
    from telegram import Update
    from telegram.ext import BaseHandler

    from bot.context import BotContext
    from bot.markup import Screen


def handlers() -> list[BaseHandler[Any, Any, Any]]:
    """/news, its pages and items."""
    return [
        CommandHandler("news", command_news),
        CallbackQueryHandler(button_news, pattern=pattern(ListNews)),
        CallbackQueryHandler(button_item, pattern=pattern(OpenNews)),
    ]


async def command_news(_update: Update, context: BotContext) -> None:
    """News, newest first; about a city or a country if one is named."""
    await context.reply(_page(read_news(context.argument, context.catalogue), context))


async def button_news(_update: Update, context: BotContext) -> None:
    """A page of news."""
    match context.action:
        case ListNews(city, country) as wanted if (not city or city in context.catalogue.by_number) and (
            country is None or country in context.catalogue.countries
        ):
            await context.reply(_page(wanted, context))
        case _:
            await context.reply(gone(context.reader))


async def button_item(_update: Update, context: BotContext) -> None:
    """One item."""
    match context.action:
        case OpenNews(item) if found := context.catalogue.news_by_id.get(NewsId(item)):
            await context.reply(news_card(found, context.catalogue, context.reader))
        case _:
            await context.reply(gone(context.reader))


def _page(wanted: ListNews, context: BotContext) -> Screen:
    catalogue = context.catalogue
    city = catalogue.by_number[wanted.city].id if wanted.city else None
    return news_list(wanted, catalogue.select_news(city, wanted.country), context.services.limits.page, catalogue, context.reader)
