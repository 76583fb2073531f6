"""The button that brings the day of a conference or a deadline as a file for the calendar.

In a group or a channel it opens the private chat, where only who pressed it gets the file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from telegram.ext import CallbackQueryHandler

from bot.callbacks import DeepLink, SendCalendar, pattern
from bot.screens.reminders import calendar_file, passed

if TYPE_CHECKING:
    from telegram import Update
    from telegram.ext import BaseHandler

    from bot.context import BotContext


def handlers() -> list[BaseHandler[Any, Any, Any]]:
    """The button; the link that it opens is one of /start."""
    return [CallbackQueryHandler(button_calendar, pattern=pattern(SendCalendar))]


async def button_calendar(_update: Update, context: BotContext) -> None:
    """The file; the card stays."""
    match context.action:
        case SendCalendar(record) if file := calendar_file(record, context.services.clock.now(), context.catalogue, context.reader):
            if context.is_private:
                await context.reply(file, fresh=True)
            else:
                await context.answer(link=DeepLink("k", record))
        case _:
            await context.refuse(passed(context.reader))
