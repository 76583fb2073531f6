"""/nearby: members nearest to a place or to the reader's location, which is used once and not stored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from telegram.ext import CallbackQueryHandler, CommandHandler, MessageHandler, filters

from bot.callbacks import FindNearest, pattern
from bot.questions import read_origin
from bot.screens.city import nearest_cities, unknown_city
from bot.screens.personal import ask_location, ask_location_in_group
from data.types import Point

if TYPE_CHECKING:
    from telegram import Update
    from telegram.ext import BaseHandler

    from bot.context import BotContext
    from bot.markup import Screen
    from data.catalogue import Catalogue

COUNT: Final = 5


def handlers() -> list[BaseHandler[Any, Any, Any]]:
    """/nearby, its button, and a location sent at any time."""
    return [
        CommandHandler("nearby", command_nearby),
        CallbackQueryHandler(button_nearby, pattern=pattern(FindNearest)),
        MessageHandler(filters.LOCATION & ~filters.UpdateType.EDITED, message_location),
    ]


async def command_nearby(_update: Update, context: BotContext) -> None:
    """Members nearest to a named place, or a button that sends the location."""
    text = context.argument
    if not text:
        await context.reply(_ask(context))
    elif origin := read_origin(text, context.catalogue, context.reader):
        name, point = origin
        await context.reply(_nearest(name, point, context))
    else:
        await context.reply(unknown_city(text, context.catalogue.suggest_cities(text), context.reader))


async def button_nearby(_update: Update, context: BotContext) -> None:
    """Ask for a location in a message of its own: only that can carry the button."""
    await context.reply(_ask(context), fresh=True)


async def message_location(update: Update, context: BotContext) -> None:
    """Members nearest to a location that was sent."""
    if update.message is None or update.message.location is None:
        return
    location = update.message.location
    await context.reply(_nearest("", Point(location.latitude, location.longitude), context))


def _ask(context: BotContext) -> Screen:
    return ask_location(context.reader) if context.is_private else ask_location_in_group(context.reader)


def _nearest(name: str, point: Point, context: BotContext) -> Screen:
    catalogue = context.catalogue
    return nearest_cities(name, catalogue.nearest(point, COUNT), _without_point(catalogue), context.reader)


def _without_point(catalogue: Catalogue) -> int:
    return sum(1 for city in catalogue.members if city.point is None)
