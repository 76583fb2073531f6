"""/practices: what cities do, by theme, city, country or words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from telegram.ext import CallbackQueryHandler, CommandHandler

from bot.callbacks import ListThemes, pattern
from bot.questions import read_practices
from bot.screens.pages import page
from bot.screens.practices import choose_theme, found_practices, no_practice_found
from bot.screens.problems import gone

if TYPE_CHECKING:
    from telegram import Update
    from telegram.ext import BaseHandler

    from bot.context import BotContext
    from bot.markup import Screen
    from data.types import CountryCode

FOUND: Final = 10
"""Practices shown for words at most."""


def handlers() -> list[BaseHandler[Any, Any, Any]]:
    """/practices and themes."""
    return [
        CommandHandler("practices", command_practices),
        CallbackQueryHandler(button_themes, pattern=pattern(ListThemes)),
    ]


async def command_practices(_update: Update, context: BotContext) -> None:
    """The practices that a theme, a city, a country or words ask for."""
    text = context.argument
    if not text:
        await context.reply(_themes(None, context))
    elif wanted := read_practices(text, context.catalogue):
        await context.reply(page(wanted, context.services.limits, context.catalogue, context.reader))
    else:
        found = context.catalogue.search_practices(text)[:FOUND]
        screen = found_practices(text, found, context.catalogue, context.reader) if found else no_practice_found(text, context.reader)
        await context.reply(screen)


async def button_themes(_update: Update, context: BotContext) -> None:
    """The themes to choose from."""
    match context.action:
        case ListThemes(country) if country is None or country in context.catalogue.countries:
            await context.reply(_themes(country, context))
        case _:
            await context.reply(gone(context.reader))


def _themes(country: CountryCode | None, context: BotContext) -> Screen:
    catalogue = context.catalogue
    counted = [(theme, len(catalogue.select_practices(None, country, theme.id))) for theme in catalogue.themes.values()]
    return choose_theme([(theme, count) for theme, count in counted if count], country, catalogue, context.reader)
