"""/city: one member city as a card, and what its buttons open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from telegram.ext import CallbackQueryHandler, CommandHandler

from bot.callbacks import OpenCity, OpenSimilar, OpenSources, SendMap, pattern
from bot.screens.city import ask_for_city, city_card, city_sources, city_venue, similar_cities
from bot.screens.lookup import lookup_answer
from bot.screens.problems import gone

if TYPE_CHECKING:
    from collections.abc import Callable

    from telegram import Update
    from telegram.ext import BaseHandler

    from bot.context import BotContext
    from bot.i18n import Reader
    from bot.markup import Screen
    from data.catalogue import Catalogue
    from data.types import City


def handlers() -> list[BaseHandler[Any, Any, Any]]:
    """/city and the buttons of its card."""
    return [
        CommandHandler("city", command_city),
        CallbackQueryHandler(button_city, pattern=pattern(OpenCity)),
        CallbackQueryHandler(button_sources, pattern=pattern(OpenSources)),
        CallbackQueryHandler(button_similar, pattern=pattern(OpenSimilar)),
        CallbackQueryHandler(button_map, pattern=pattern(SendMap)),
    ]


async def command_city(_update: Update, context: BotContext) -> None:
    """The city a name means, in any language held."""
    text = context.argument
    await context.reply(lookup_answer(text, context.catalogue, context.reader) if text else ask_for_city(context.reader))


async def button_city(_update: Update, context: BotContext) -> None:
    """The card of a city."""
    await context.reply(_about_city(context, city_card))


async def button_sources(_update: Update, context: BotContext) -> None:
    """All sources of a city's facts."""
    await context.reply(_about_city(context, lambda city, _catalogue, reader: city_sources(city, reader)))


async def button_similar(_update: Update, context: BotContext) -> None:
    """Cities like a city."""
    await context.reply(_about_city(context, similar_cities))


async def button_map(_update: Update, context: BotContext) -> None:
    """A city as a point on the map; the card stays."""
    await context.reply(_about_city(context, city_venue), fresh=True)


def _about_city(context: BotContext, show: Callable[[City, Catalogue, Reader], Screen]) -> Screen:
    match context.action:
        case OpenCity(number) | OpenSources(number) | OpenSimilar(number) | SendMap(number) if city := context.catalogue.by_number.get(
            number
        ):
            return show(city, context.catalogue, context.reader)
    return gone(context.reader)
