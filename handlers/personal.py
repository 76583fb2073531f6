"""/privacy, /mydata and /forget: what is kept of a chat, shown and deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from telegram.ext import CallbackQueryHandler, CommandHandler

from bot.callbacks import Cancel, Forget, pattern
from bot.screens.personal import confirm_forget, forgotten, kept, my_data, privacy

if TYPE_CHECKING:
    from telegram import Update
    from telegram.ext import BaseHandler

    from bot.context import BotContext


def handlers() -> list[BaseHandler[Any, Any, Any]]:
    """/privacy, /mydata, /forget and the two steps of the last."""
    return [
        CommandHandler("privacy", command_privacy),
        CommandHandler("mydata", command_mydata),
        CommandHandler("forget", command_forget),
        CallbackQueryHandler(button_forget, pattern=pattern(Forget)),
        CallbackQueryHandler(button_cancel, pattern=pattern(Cancel)),
    ]


async def command_privacy(_update: Update, context: BotContext) -> None:
    """What is kept and why."""
    await context.reply(privacy(context.reader))


async def command_mydata(update: Update, context: BotContext) -> None:
    """All that is stored about this chat, as a file."""
    if update.effective_chat:
        known = await context.services.chats.everything_known(update.effective_chat.id)
        await context.reply(my_data(known, context.reader))


async def command_forget(_update: Update, context: BotContext) -> None:
    """Ask first."""
    await context.reply(confirm_forget(context.reader))


async def button_forget(update: Update, context: BotContext) -> None:
    """Ask, or do it at once and everywhere."""
    match context.action:
        case Forget(1) if update.effective_chat:
            had = await context.services.chats.forget(update.effective_chat.id)
            context.services.changed(update.effective_chat.id)
            context.services.conversations.forget(update.effective_chat.id)
            await context.reply(forgotten(had, context.reader))
        case _:
            await context.reply(confirm_forget(context.reader))


async def button_cancel(_update: Update, context: BotContext) -> None:
    """Leave everything as it is."""
    await context.reply(kept(context.reader))
