"""/publish: an admin writes news, sees them as they will be, and sends them to whoever follows their subjects.

To everybody else the command does not exist. The draft is in the database from the first moment: a restart loses nothing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from telegram import MessageOriginChannel
from telegram.ext import CallbackQueryHandler, CommandHandler, MessageHandler, filters

from bot.callbacks import ManageItem, WriteNews, pattern
from bot.questions.writing import Typed, read_typed
from bot.screens.problems import gone, unknown_command
from bot.screens.publishing import ask_rewrite, draft_left, draft_over, draft_wrong, how_to_publish, preview, progress_card
from data.follows import NETWORK
from data.news import WrongNews, targets_about

if TYPE_CHECKING:
    from telegram import Message, Update
    from telegram.ext import BaseHandler

    from bot.context import BotContext
    from data.drafts import Written

MARKER: Final = re.compile(r"#draft-(\d{1,9})\b")


class _AnswersDraft(filters.MessageFilter):
    """A reply to our own question for other words."""

    def filter(self, message: Message) -> bool:
        asked = message.reply_to_message
        return bool(asked and asked.from_user and asked.from_user.is_bot and MARKER.search(asked.text or ""))


def handlers() -> list[BaseHandler[Any, Any, Any]]:
    """/publish, the buttons of a draft and of a delivery, and the reply with other words."""
    return [
        CommandHandler("publish", command_publish),
        CallbackQueryHandler(button_draft, pattern=pattern(WriteNews)),
        CallbackQueryHandler(button_item, pattern=pattern(ManageItem)),
        MessageHandler(
            filters.TEXT & ~filters.COMMAND & filters.UpdateType.MESSAGE & filters.ChatType.PRIVATE & _AnswersDraft(), message_rewrite
        ),
    ]


async def command_publish(update: Update, context: BotContext) -> None:
    """A preview of what was typed, replied to or forwarded."""
    message = update.message
    if message is None or not _is_admin(update, context):
        if context.is_private:
            await context.reply(unknown_command("/publish", context.reader))
        return
    _, _, text = (message.text or "").partition(" ") if " " in (message.text or "").split("\n")[0] else (message.text or "").partition("\n")
    url = ""
    if replied := message.reply_to_message:
        text = text.strip() or replied.text or replied.caption or ""
        url = _found_at(replied)
    if not text.strip():
        await context.reply(how_to_publish(context.reader))
        return
    number = await context.services.newsroom.begin(message.chat_id, text.strip(), url, context.reader.lang)
    await _show(number, context)


async def message_rewrite(update: Update, context: BotContext) -> None:
    """Other words for a draft."""
    message = update.message
    asked = message.reply_to_message if message else None
    marker = MARKER.search((asked.text if asked else "") or "")
    if message is None or marker is None or not _is_admin(update, context):
        return
    number = int(marker.group(1))
    if await _own(number, context) and await context.services.newsroom.rewrite(number, message.text or ""):
        await _show(number, context)
    else:
        await context.reply(draft_over(context.reader))


async def button_draft(update: Update, context: BotContext) -> None:
    """Publish a draft, once however often it is pressed; edit it or leave it."""
    action = context.action
    if not isinstance(action, WriteNews) or not _is_admin(update, context) or not (draft := await _own(action.draft, context)):
        await context.reply(gone(context.reader))
        return
    if draft.item:
        await _show_progress(draft.item, context)
    elif draft.cancelled:
        await context.reply(draft_over(context.reader))
    elif action.what == "edit":
        await context.reply(ask_rewrite(draft.number, draft.text, context.reader), fresh=True)
    elif action.what == "cancel":
        await context.services.newsroom.drop(draft.number)
        await context.reply(draft_left(context.reader))
    else:
        await _publish(update, draft, context)


async def button_item(update: Update, context: BotContext) -> None:
    """Pause, resume, stop or withdraw what is being delivered; or look how it goes."""
    action = context.action
    if not isinstance(action, ManageItem) or not _is_admin(update, context):
        await context.reply(gone(context.reader))
        return
    newsroom = context.services.newsroom
    acts = {"pause": newsroom.pause, "resume": newsroom.resume, "stop": newsroom.stop}
    if act := acts.get(action.what):
        await act(action.item)
    elif action.what == "withdraw":
        await newsroom.withdraw(action.item, update.effective_message.message_id if update.effective_message else None)
    await _show_progress(action.item, context)


async def _publish(update: Update, draft: Written, context: BotContext) -> None:
    typed, newsroom = _read(draft, context), context.services.newsroom
    if typed.lacks or typed.unknown:
        await _show(draft.number, context)
        return
    try:
        await newsroom.publish(draft.number, typed.draft(newsroom.today))
    except WrongNews as wrong:
        await context.reply(draft_wrong(wrong.faults, context.reader))
        return
    published = await newsroom.draft(draft.number)
    if published and published.item:
        message = update.effective_message
        await newsroom.show_on(draft.number, message.message_id if message else None)
        await _show_progress(published.item, context, typed.texts[0][1])


async def _show(number: int, context: BotContext) -> None:
    draft = await context.services.newsroom.draft(number)
    if draft is None:
        await context.reply(gone(context.reader))
        return
    typed = _read(draft, context)
    targets = (*targets_about(typed.subjects, context.catalogue), NETWORK)
    receivers = await context.services.newsroom.receivers(targets)
    await context.reply(preview(number, typed, receivers, context.catalogue, context.reader))


async def _show_progress(item: str, context: BotContext, title: str = "") -> None:
    progress = await context.services.newsroom.progress(item)
    if progress is None:
        await context.reply(gone(context.reader))
        return
    held = context.catalogue.news_by_id.get(item)  # type: ignore[call-overload]
    await context.reply(progress_card(title or (context.reader.text(held.title) if held else item), progress, context.reader))


def _read(draft: Written, context: BotContext) -> Typed:
    return read_typed(draft.text, draft.url, context.services.languages.held, context.catalogue)


async def _own(number: int, context: BotContext) -> Written | None:
    """A draft of this chat: admins do not publish one another's."""
    draft = await context.services.newsroom.draft(number)
    return draft if draft and draft.admin == context.receiver.chat else None


def _is_admin(update: Update, context: BotContext) -> bool:
    user = update.effective_user
    return context.is_private and user is not None and user.id in context.services.admins


def _found_at(message: Message) -> str:
    """Where a forwarded post of a public channel stands."""
    origin = message.forward_origin
    if isinstance(origin, MessageOriginChannel) and origin.chat.username:
        return f"https://t.me/{origin.chat.username}/{origin.message_id}"
    return ""
