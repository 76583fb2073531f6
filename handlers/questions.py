"""Plain text in a private chat: a name, or a question about membership or a list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from telegram.ext import MessageHandler, filters

from bot.questions import answer

if TYPE_CHECKING:
    from telegram import Update
    from telegram.ext import BaseHandler

    from bot.context import BotContext


def handlers() -> list[BaseHandler[Any, Any, Any]]:
    """Text that is no command."""
    return [
        MessageHandler(
            filters.TEXT & ~filters.COMMAND & filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE & ~filters.VIA_BOT, message_text
        )
    ]


async def message_text(update: Update, context: BotContext) -> None:
    """Answer what was asked, or say what was understood."""
    if update.message and update.message.text:
        text = update.message.text.replace(context.bot.name, " ")  # who writes to the bot may still address it
        await context.reply(answer(text, context.catalogue, context.reader).screen)
