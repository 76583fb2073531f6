"""/publish: an admin writes news, sees them as they will be, and sends them to whoever follows their subjects.

To everybody else the command does not exist. The draft is in the database from the first moment: a restart loses nothing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from telegram import Message, MessageOriginChannel
from telegram.ext import CallbackQueryHandler, CommandHandler, MessageHandler, filters

from bot.callbacks import ManageItem, WriteNews, pattern
from bot.questions.writing import Typed, read_typed, write_typed
from bot.replies import AnswersQuestion, asked_about
from bot.screens.problems import gone, unknown_command
from bot.screens.publishing import ask_rewrite, draft_left, draft_over, draft_wrong, how_to_publish, preview, progress_card
from data.follows import NETWORK
from data.news import WrongNews, targets_about
from data.states import DeliveryState

if TYPE_CHECKING:
    from telegram import Update
    from telegram.ext import BaseHandler

    from bot.context import BotContext
    from data.drafts import Written

MARKER: Final = re.compile(r"#(draft|item)-(\w{1,40})\b", re.ASCII)
COMMAND: Final = re.compile(r"\A/publish(@\w+)?\s*", re.ASCII)
RECENT: Final = 5
"""Items that /publish without words offers to look after."""


def handlers() -> list[BaseHandler[Any, Any, Any]]:
    """/publish, the buttons of a draft and of a delivery, and the reply with other words."""
    return [
        CommandHandler("publish", command_publish),
        CallbackQueryHandler(button_draft, pattern=pattern(WriteNews)),
        CallbackQueryHandler(button_item, pattern=pattern(ManageItem)),
        MessageHandler(
            filters.TEXT & ~filters.COMMAND & filters.UpdateType.MESSAGE & filters.ChatType.PRIVATE & AnswersQuestion(MARKER),
            message_rewrite,
        ),
    ]


async def command_publish(update: Update, context: BotContext) -> None:
    """A preview of what was typed, replied to or forwarded."""
    message = update.message
    if message is None or not _is_admin(update, context):
        if context.is_private:
            await context.reply(unknown_command("/publish", context.reader))
        return
    replied = message.reply_to_message
    holds = replied if replied and not _typed(message) else message
    if not _typed(holds):
        recent = await context.services.newsroom.recent(message.chat_id, RECENT)
        await context.reply(how_to_publish(recent, context.reader))
        return
    await _begin(holds, context, _found_at(replied) if replied else "")


async def message_rewrite(update: Update, context: BotContext) -> None:
    """Other words for a draft, or for an item that was published."""
    message = update.message
    marker = asked_about(message, MARKER)
    if message is None or marker is None or not _is_admin(update, context):
        return
    kind, key = marker.groups()
    if kind == "draft":
        await _rewrite(int(key) if key.isdecimal() else 0, message, context)
    else:
        await _correct(key, message, context)


async def button_draft(update: Update, context: BotContext) -> None:
    """Publish a draft, once however often it is pressed; edit it or leave it."""
    action = context.action
    await context.answer()
    if not isinstance(action, WriteNews) or not _is_admin(update, context):
        await context.reply(gone(context.reader))
        return
    if action.what == "again":
        held = _held(update)
        if held is None:
            await context.reply(draft_over(context.reader))
        elif action.draft:
            await _rewrite(action.draft, held, context)
        else:
            await _begin(held, context, _found_at(held))
        return
    context.retry = (action, update.effective_message.message_id if update.effective_message else None)
    draft = await _own(action.draft, context)
    if draft is None:
        await context.reply(gone(context.reader))
    elif draft.item:
        await _show_progress(draft.item, context)
    elif draft.cancelled:
        await context.reply(draft_over(context.reader))
    elif action.what == "edit":
        await context.reply(ask_rewrite(f"draft-{draft.number}", draft.text, context.reader), fresh=True)
    elif action.what == "cancel":
        await context.services.newsroom.drop(draft.number)
        await context.reply(draft_left(context.reader))
    else:
        await _publish(update, draft, context)


async def button_item(update: Update, context: BotContext) -> None:
    """Pause, resume, stop, correct or withdraw what is being delivered; or look how it goes."""
    action = context.action
    await context.answer()
    if not isinstance(action, ManageItem) or not _is_admin(update, context):
        await context.reply(gone(context.reader))
        return
    newsroom, message, held = context.services.newsroom, update.effective_message, _held(update)
    if action.what == "again" and held:
        await _correct(action.item, held, context)
        return
    context.retry = (action, message.message_id if message else None)
    if action.what == "correct":
        await _ask_correction(action.item, context)
        return
    acts = {"pause": newsroom.pause, "resume": newsroom.resume, "stop": newsroom.stop, "withdraw": newsroom.withdraw}
    if act := acts.get(action.what):
        await act(action.item)
    if message and action.what in acts:
        await newsroom.show_on(action.item, message.message_id)
    await _show_progress(action.item, context)


async def _begin(holds: Message, context: BotContext, url: str) -> None:
    """Begin news of what a message holds."""
    context.retry = (WriteNews(0, "again"), holds.message_id)
    number = await context.services.newsroom.begin(context.receiver.chat, _typed(holds), url, context.reader.lang)
    await _show(number, context)


async def _rewrite(number: int, holds: Message, context: BotContext) -> None:
    """Give a draft the words that a message holds."""
    context.retry = (WriteNews(number, "again"), holds.message_id)
    if await _own(number, context) and await context.services.newsroom.rewrite(number, _typed(holds)):
        await _show(number, context)
    else:
        await context.reply(draft_over(context.reader))


async def _ask_correction(item: str, context: BotContext) -> None:
    present = await context.services.newsroom.words(item)
    if present:
        await context.reply(ask_rewrite(f"item-{item}", write_typed(present, context.catalogue), context.reader), fresh=True)
    else:
        await context.reply(gone(context.reader))


async def _correct(item: str, holds: Message, context: BotContext) -> None:
    """Begin a correction of what a message holds; a link that was left out stays as it is."""
    context.retry = (ManageItem(item, "again"), holds.message_id)
    newsroom = context.services.newsroom
    present = await newsroom.words(item)
    if present is None:
        await context.reply(gone(context.reader))
        return
    number = await newsroom.begin(context.receiver.chat, _typed(holds), present.url, context.reader.lang, corrects=item)
    await _show(number, context)


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
        await newsroom.show_on(published.item, message.message_id if message else None)
        await _show_progress(published.item, context)


async def _show(number: int, context: BotContext) -> None:
    draft = await context.services.newsroom.draft(number)
    if draft is None:
        await context.reply(gone(context.reader))
        return
    typed = _read(draft, context)
    newsroom = context.services.newsroom
    if draft.corrects:
        progress = await newsroom.progress(draft.corrects)
        count = progress.counts.get(DeliveryState.SENT, 0) if progress else 0
    else:
        count = await newsroom.receivers((*targets_about(typed.targets, context.catalogue), NETWORK))
    await context.reply(preview(number, typed, count, context.catalogue, context.reader, corrects=bool(draft.corrects)))


async def _show_progress(item: str, context: BotContext) -> None:
    progress = await context.services.newsroom.progress(item)
    await context.reply(progress_card(progress, context.reader) if progress else gone(context.reader))


def _read(draft: Written, context: BotContext) -> Typed:
    return read_typed(draft.text, draft.url, context.services.languages.held, context.catalogue)


async def _own(number: int, context: BotContext) -> Written | None:
    """A draft of this chat: admins do not publish one another's."""
    draft = await context.services.newsroom.draft(number)
    return draft if draft and draft.admin == context.receiver.chat else None


def _is_admin(update: Update, context: BotContext) -> bool:
    user = update.effective_user
    return context.is_private and user is not None and user.id in context.services.admins


def _typed(message: Message) -> str:
    """The news that a message holds: its words, without the command before them."""
    return COMMAND.sub("", message.text or message.caption or "", count=1).strip()


def _held(update: Update) -> Message | None:
    """The message that the one with the pressed button answers; None if it was deleted."""
    message = update.callback_query.message if update.callback_query else None
    return message.reply_to_message if isinstance(message, Message) else None


def _found_at(message: Message) -> str:
    """Where a forwarded post of a public channel stands."""
    origin = message.forward_origin
    if isinstance(origin, MessageOriginChannel) and origin.chat.username:
        return f"https://t.me/{origin.chat.username}/{origin.message_id}"
    return ""
