"""/practices: what cities do, by theme, city, country or words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from telegram.ext import CallbackQueryHandler, CommandHandler

from bot.callbacks import ListPractices, ListThemes, pattern
from bot.questions import read_practices
from bot.screens.practices import choose_theme, found_practices, no_practice_found, practice_list
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
    """/practices, its pages and themes."""
    return [
        CommandHandler("practices", command_practices),
        CallbackQueryHandler(button_practices, pattern=pattern(ListPractices)),
        CallbackQueryHandler(button_themes, pattern=pattern(ListThemes)),
    ]


async def command_practices(_update: Update, context: BotContext) -> None:
    """The practices that a theme, a city, a country or words ask for."""
    text = context.argument
    if not text:
        await context.reply(_themes(None, context))
    elif wanted := read_practices(text, context.catalogue):
        await context.reply(_page(wanted, context))
    else:
        found = context.catalogue.search_practices(text)[:FOUND]
        screen = found_practices(text, found, context.catalogue, context.reader) if found else no_practice_found(text, context.reader)
        await context.reply(screen)


async def button_practices(_update: Update, context: BotContext) -> None:
    """A page of practices."""
    match context.action:
        case ListPractices(city, country, theme) as wanted if (
            (not city or city in context.catalogue.by_number)
            and (country is None or country in context.catalogue.countries)
            and (theme is None or theme in context.catalogue.themes)
        ):
            await context.reply(_page(wanted, context))
        case _:
            await context.reply(gone(context.reader))


async def button_themes(_update: Update, context: BotContext) -> None:
    """The themes to choose from."""
    match context.action:
        case ListThemes(country) if country is None or country in context.catalogue.countries:
            await context.reply(_themes(country, context))
        case _:
            await context.reply(gone(context.reader))


def _page(wanted: ListPractices, context: BotContext) -> Screen:
    catalogue = context.catalogue
    city = catalogue.by_number[wanted.city].id if wanted.city else None
    practices = catalogue.select_practices(city, wanted.country, wanted.theme)
    return practice_list(wanted, practices, context.services.limits.page, catalogue, context.reader)


def _themes(country: CountryCode | None, context: BotContext) -> Screen:
    catalogue = context.catalogue
    counted = [(theme, len(catalogue.select_practices(None, country, theme.id))) for theme in catalogue.themes.values()]
    return choose_theme([(theme, count) for theme, count in counted if count], country, catalogue, context.reader)
