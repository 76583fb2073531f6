"""Pages of lists: the buttons that open one, and the page that "show more" leads on to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

from telegram.ext import CallbackQueryHandler

from bot.callbacks import ListCities, ListCountries, ListNews, ListPractices, pattern
from bot.conversations import Turn
from bot.screens.pages import Page, onward, page
from bot.screens.problems import gone

if TYPE_CHECKING:
    from telegram import Update
    from telegram.ext import BaseHandler

    from bot.context import BotContext


def handlers() -> list[BaseHandler[Any, Any, Any]]:
    """The buttons of every kind of list."""
    return [CallbackQueryHandler(button_page, pattern=pattern(kind)) for kind in get_args(Page)]


async def button_page(_update: Update, context: BotContext) -> None:
    """A page of a list."""
    match context.action:
        case ListCities() | ListCountries() | ListPractices() | ListNews() as wanted:
            screen = page(wanted, context.services.limits, context.catalogue, context.reader)
            await context.reply(screen)
            talks = context.services.conversations
            last = talks.last(context.speaker)
            talks.note(context.speaker, Turn(0, last.reading if last else None, onward(screen, wanted.page), last))
        case _:
            await context.reply(gone(context.reader))
