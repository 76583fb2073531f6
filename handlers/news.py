"""/news: what happened in the network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from telegram.ext import CallbackQueryHandler, CommandHandler

from bot.callbacks import OpenNews, pattern
from bot.questions import read_news
from bot.screens.news import news_card
from bot.screens.pages import page
from bot.screens.problems import gone
from data.types import NewsId

if TYPE_CHECKING:
    from telegram import Update
    from telegram.ext import BaseHandler

    from bot.context import BotContext


def handlers() -> list[BaseHandler[Any, Any, Any]]:
    """/news and its items."""
    return [
        CommandHandler("news", command_news),
        CallbackQueryHandler(button_item, pattern=pattern(OpenNews)),
    ]


async def command_news(_update: Update, context: BotContext) -> None:
    """News, newest first; about a city or a country if one is named."""
    wanted = read_news(context.argument, context.catalogue)
    await context.reply(page(wanted, context.services.limits, context.catalogue, context.reader))


async def button_item(_update: Update, context: BotContext) -> None:
    """One item."""
    match context.action:
        case OpenNews(item) if found := context.catalogue.news_by_id.get(NewsId(item)):
            await context.reply(news_card(found, context.catalogue, context.reader))
        case _:
            await context.reply(gone(context.reader))
