"""/about, /join and /status: the network, the way into it, and the age of the data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from telegram.ext import CallbackQueryHandler, CommandHandler

from bot.callbacks import OpenAbout, OpenJoin, pattern
from bot.screens.network import about, join, status

if TYPE_CHECKING:
    from telegram import Update
    from telegram.ext import BaseHandler

    from bot.context import BotContext


def handlers() -> list[BaseHandler[Any, Any, Any]]:
    """/about, /join, /status and the buttons between their parts."""
    return [
        CommandHandler("about", command_about),
        CommandHandler("join", command_join),
        CommandHandler("status", command_status),
        CallbackQueryHandler(button_about, pattern=pattern(OpenAbout)),
        CallbackQueryHandler(button_join, pattern=pattern(OpenJoin)),
    ]


async def command_about(_update: Update, context: BotContext) -> None:
    """What the network is."""
    await context.reply(about("network", context.catalogue, context.reader))


async def command_join(_update: Update, context: BotContext) -> None:
    """How a city joins."""
    await context.reply(join("how", context.catalogue, context.reader))


async def command_status(_update: Update, context: BotContext) -> None:
    """How fresh the data are, and whether sources of news are silent."""
    watched = await context.services.newsroom.desk.watch()
    await context.reply(status(context.catalogue, context.reader, watched))


async def button_about(update: Update, context: BotContext) -> None:
    """A part of what the network is."""
    match context.action:
        case OpenAbout(part):
            await context.reply(about(part, context.catalogue, context.reader))
        case _:
            await command_about(update, context)


async def button_join(update: Update, context: BotContext) -> None:
    """A topic of joining."""
    match context.action:
        case OpenJoin(topic):
            await context.reply(join(topic, context.catalogue, context.reader))
        case _:
            await command_join(update, context)
