"""/unanswered: what people asked in vain, so that an admin knows which words are wanting. To everybody else it does not exist."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from telegram.ext import CallbackQueryHandler, CommandHandler

from bot.callbacks import ListUnanswered, pattern
from bot.screens.problems import gone, unknown_command
from bot.screens.unanswered import unanswered

if TYPE_CHECKING:
    from telegram import Update
    from telegram.ext import BaseHandler

    from bot.context import BotContext


def handlers() -> list[BaseHandler[Any, Any, Any]]:
    """The command and its pages."""
    return [
        CommandHandler("unanswered", command_unanswered),
        CallbackQueryHandler(button_unanswered, pattern=pattern(ListUnanswered)),
    ]


async def command_unanswered(update: Update, context: BotContext) -> None:
    """The most frequent words and refusals."""
    if _is_admin(update, context):
        await _show(ListUnanswered(context.reader.lang), context)
    elif context.is_private:
        await context.reply(unknown_command("/unanswered", context.reader))


async def button_unanswered(update: Update, context: BotContext) -> None:
    """Another page, another language."""
    match context.action:
        case ListUnanswered() as wanted if _is_admin(update, context):
            await _show(wanted, context)
        case _:
            await context.reply(gone(context.reader))


async def _show(wanted: ListUnanswered, context: BotContext) -> None:
    tallies = await context.services.conversations.unanswered()
    await context.reply(unanswered(tallies, wanted, context.services.limits.unanswered_kept_days, context.reader))


def _is_admin(update: Update, context: BotContext) -> bool:
    user = update.effective_user
    return context.is_private and user is not None and user.id in context.services.admins
