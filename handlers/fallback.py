"""Whatever nobody took: unknown commands, old buttons, things that are not text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from telegram.ext import CallbackQueryHandler, MessageHandler, filters

from bot.screens.network import start
from bot.screens.problems import not_understood, unknown_command

if TYPE_CHECKING:
    from telegram import Update
    from telegram.ext import BaseHandler

    from bot.context import BotContext

OURS: Final = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE
"""In groups the bot stays silent unless it was spoken to: another bot may have been meant."""


def handlers() -> list[BaseHandler[Any, Any, Any]]:
    """The catch-alls."""
    return [
        MessageHandler(filters.COMMAND & filters.UpdateType.MESSAGE, message_command),
        CallbackQueryHandler(button_old),
        MessageHandler(OURS & ~filters.StatusUpdate.ALL & ~filters.VIA_BOT, message_other),
    ]


async def message_command(update: Update, context: BotContext) -> None:
    """A command the bot does not have; in a group only if it was addressed to this bot."""
    message = update.message
    if message is None or message.text is None:
        return
    command, _, addressee = message.text.split(maxsplit=1)[0].partition("@")
    if context.is_private or addressee.lower() == context.bot.username.lower():
        await context.reply(unknown_command(command, context.reader))


async def button_old(_update: Update, context: BotContext) -> None:
    """A button of another version: a fresh start instead of silence."""
    await context.reply(start(context.catalogue, context.reader), fresh=True)


async def message_other(_update: Update, context: BotContext) -> None:
    """A sticker, a voice message, a picture."""
    await context.reply(not_understood(context.reader))
