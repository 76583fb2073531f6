"""/cities and /countries: lists and downloads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from telegram.ext import CallbackQueryHandler, CommandHandler

from bot.callbacks import Download, ListCities, ListCountries, pattern
from bot.questions import read_filter
from bot.screens.lists import as_csv, choose_list, unknown_filter
from bot.screens.pages import page
from bot.screens.problems import gone

if TYPE_CHECKING:
    from telegram import Update
    from telegram.ext import BaseHandler

    from bot.context import BotContext
    from bot.markup import Screen
    from bot.screens.pages import Page
    from data.catalogue import Catalogue
    from data.types import Filter


def handlers() -> list[BaseHandler[Any, Any, Any]]:
    """/cities, /countries and downloads."""
    return [
        CommandHandler("cities", command_cities),
        CommandHandler("countries", command_countries),
        CallbackQueryHandler(button_download, pattern=pattern(Download)),
    ]


async def command_cities(_update: Update, context: BotContext) -> None:
    """A list narrowed by whatever was named, or ways to narrow it."""
    text = context.argument
    if not text:
        await context.reply(choose_list(context.catalogue, context.reader))
        return
    wanted = read_filter(text, context.catalogue)
    await context.reply(_page(ListCities(wanted), context) if wanted else unknown_filter(text, context.reader))


async def command_countries(_update: Update, context: BotContext) -> None:
    """The countries of the network."""
    await context.reply(_page(ListCountries(None), context))


async def button_download(_update: Update, context: BotContext) -> None:
    """A list as a file; the list stays."""
    match context.action:
        case Download(wanted) if _holds(wanted, context.catalogue):
            cities = context.catalogue.select(wanted)
            name = "-".join(str(part) for part in (wanted.country, wanted.region, wanted.year, wanted.theme, wanted.award) if part) or "all"
            await context.reply(as_csv(cities, f"learning-cities-{name}", context.catalogue, context.reader), fresh=True)
        case _:
            await context.reply(gone(context.reader))


def _page(wanted: Page, context: BotContext) -> Screen:
    return page(wanted, context.services.limits, context.catalogue, context.reader)


def _holds(wanted: Filter, catalogue: Catalogue) -> bool:
    """Whether a filter off a button names only what there is."""
    return (wanted.country is None or wanted.country in catalogue.countries) and (wanted.theme is None or wanted.theme in catalogue.themes)
