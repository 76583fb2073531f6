"""Reporting a mistake in a record: the bot asks, the reply goes to the administrators, nothing is stored.

The question names the record in its own text (`#city-12`), so that the reply says what it is about even after a restart.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from telegram.error import TelegramError
from telegram.ext import CallbackQueryHandler, MessageHandler, filters

from bot.callbacks import Report, pattern
from bot.markup import pack
from bot.replies import AnswersQuestion, asked_about
from bot.screens.personal import (
    ask_mistake,
    mistake_for_admins,
    mistake_not_delivered,
    mistake_received,
    nobody_reads_reports,
    too_many_reports,
)
from bot.screens.problems import gone
from data.types import NewsId, PracticeId

if TYPE_CHECKING:
    from telegram import Message, Update
    from telegram.ext import BaseHandler

    from bot.context import BotContext

MARKER: Final = re.compile(r"#(city|practice|news)-([A-Za-z0-9_]{1,40})\b")


def handlers() -> list[BaseHandler[Any, Any, Any]]:
    """The button that asks, and the reply."""
    return [
        CallbackQueryHandler(button_report, pattern=pattern(Report)),
        MessageHandler(filters.TEXT & ~filters.COMMAND & ~filters.UpdateType.EDITED & AnswersQuestion(MARKER), message_report),
    ]


async def button_report(_update: Update, context: BotContext) -> None:
    """Ask what is wrong."""
    if not context.services.admins:
        await context.reply(nobody_reads_reports(context.reader), fresh=True)
        return
    match context.action:
        case Report(kind, record) if name := _name(kind, record, context):
            await context.reply(ask_mistake(f"#{kind}-{record}", name, context.reader), fresh=True)
        case _:
            await context.reply(gone(context.reader))


async def message_report(update: Update, context: BotContext) -> None:
    """Pass the report on to every administrator; say honestly if none could be reached."""
    message = update.message
    marker = asked_about(message, MARKER)
    if message is None or marker is None or message.text is None:
        return
    if not context.services.conversations.reports.admits(message.chat_id, context.services.clock.monotonic()):
        await context.reply(too_many_reports(context.reader))
        return
    kind, record = marker.groups()
    reached = await _tell_admins(kind, record, message.text, _who(message), context)
    await context.reply(mistake_received(context.reader) if reached else mistake_not_delivered(context.reader))


async def _tell_admins(kind: str, record: str, text: str, who: str, context: BotContext) -> bool:
    reached = False
    for admin in sorted(context.services.admins):
        reader = await context.reader_of(admin)
        screen = mistake_for_admins(kind, record, _name(kind, record, context), text, who, reader)
        try:
            for part in pack(screen.blocks):
                await context.bot.send_message(admin, part, parse_mode="HTML")
            reached = True
        except TelegramError:  # one administrator who blocked the bot must not hide the report from the others
            continue
    return reached


def _who(message: Message) -> str:
    user = message.from_user
    return f"{user.full_name} (@{user.username})" if user and user.username else (user.full_name if user else "?")


def _name(kind: str, record: str, context: BotContext) -> str:
    catalogue, reader = context.catalogue, context.reader
    match kind:
        case "city" if record.isdigit() and (city := catalogue.by_number.get(int(record))):
            return reader.name(city)
        case "practice" if practice := catalogue.practices.get(PracticeId(record)):
            return reader.text(practice.title)
        case "news" if item := catalogue.news_by_id.get(NewsId(record)):
            return reader.text(item.title)
    return ""
