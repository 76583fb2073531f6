"""Plain text: a question in a private chat, or in a group one that names the bot or replies to it. An edited question edits its answer."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any, Final

from telegram.ext import CallbackQueryHandler, MessageHandler, filters

from bot.callbacks import OpenFaq, pattern
from bot.conversations import MINUTES, Turn
from bot.questions import Answer, answer
from bot.questions.answering import COURTESY
from bot.refusals import left_unanswered
from bot.screens.pages import onward, page
from bot.screens.problems import gone
from bot.screens.questions import faq_answer
from bot.screens.talk import more_of_what, nothing_more
from data.names import tokens
from data.questions.lexicon import Concept

if TYPE_CHECKING:
    from telegram import Message, Update
    from telegram.ext import BaseHandler

    from bot.context import BotContext
    from bot.markup import Screen
    from data.questions.reading import Reading

PLAIN: Final = filters.TEXT & ~filters.COMMAND & ~filters.VIA_BOT
NEW: Final = PLAIN & filters.UpdateType.MESSAGE
EDITED: Final = PLAIN & filters.UpdateType.EDITED_MESSAGE
FURTHER: Final = Concept("further")
SHORT: Final = 60
"""Characters of a text that may ask for more of an answer and nothing else."""


class _SpokenTo(filters.MessageFilter):
    """Words in a group for this bot."""

    def filter(self, message: Message) -> bool:
        return _is_named(message) or _is_replied_to(message)


def handlers() -> list[BaseHandler[Any, Any, Any]]:
    """Text that is no command, new or edited, and the questions on buttons."""
    return [
        MessageHandler(NEW & (filters.ChatType.PRIVATE | (filters.ChatType.GROUPS & _SpokenTo())), message_text),
        MessageHandler(EDITED & (filters.ChatType.PRIVATE | filters.ChatType.GROUPS), message_edited),
        CallbackQueryHandler(button_faq, pattern=pattern(OpenFaq)),
    ]


async def message_text(update: Update, context: BotContext) -> None:
    """Answer what was asked, or say what was understood."""
    if update.message:
        await _converse(update.message, None, context)


async def message_edited(update: Update, context: BotContext) -> None:
    """Make the answer to a message one to what it says now. In a group that may be the first time it names the bot."""
    message = update.edited_message
    if message is None:
        return
    shown = context.services.conversations.answer_to(message.chat_id, message.message_id)
    age = context.services.clock.now() - message.date
    if shown or (not context.is_private and _is_named(message) and age < dt.timedelta(minutes=MINUTES)):
        await _converse(message, shown, context)


async def button_faq(_update: Update, context: BotContext) -> None:
    """The answer to a question that was offered."""
    match context.action:
        case OpenFaq(wanted) if found := next((entry for entry in context.catalogue.faq if entry.id == wanted), None):
            await context.reply(faq_answer(found, context.reader))
        case _:
            await context.reply(gone(context.reader))


async def _converse(message: Message, shown: int | None, context: BotContext) -> None:
    """Answer a message, in place of the answer that is `shown`, and remember what was spoken of."""
    talks, question, text = context.services.conversations, message.message_id, _without_the_name(message)
    last = talks.last(context.speaker)
    is_latest = last is not None and last.question == question
    before = last if shown is None else (last.before if last and is_latest else None)
    given, further = _answer(text, before, context)
    answered_by = await _show(given.screen, shown, context)
    if answered_by:
        talks.answered(message.chat_id, question, answered_by)
    if shown is None or is_latest:
        talks.note(context.speaker, _turn(question, given, further, before))
    context.services.metrics.questions.labels("answered" if given.answered else "unanswered").inc()
    if not given.answered and given.reading:
        await talks.leave_unanswered(left_unanswered(text, given.reading, context.catalogue.lexicon, context.reader.lang))


async def _show(screen: Screen, shown: int | None, context: BotContext) -> int | None:
    """The message that shows a screen: the one that is there, if it can."""
    if shown and await context.rewrite(shown, screen):
        return shown
    return await context.reply(screen)


def _answer(text: str, before: Turn | None, context: BotContext) -> tuple[Answer, int]:
    """The answer to a text, and which page of a list it is, from 0."""
    catalogue, reader = context.catalogue, context.reader
    this_year = context.services.clock.now().year
    if len(text) <= SHORT and _asks_for_more(catalogue.read(text, this_year)):
        if before is None:
            return Answer(more_of_what(reader), answered=True), 0
        if before.onward is None:
            return Answer(nothing_more(reader), answered=True), 0
        return Answer(page(before.onward, context.services.limits, catalogue, reader), answered=True), before.onward.page
    return answer(text, catalogue, reader, before.reading if before else None, this_year), 0


def _asks_for_more(reading: Reading) -> bool:
    """Whether a text says nothing but "show more"."""
    others = (piece for piece in reading.content if not piece.concepts & COURTESY)
    return FURTHER in reading.concepts and all(FURTHER in piece.concepts and not piece.refs for piece in others)


def _turn(question: int, given: Answer, shown: int, before: Turn | None) -> Turn:
    """What may be gone on from now. A courtesy, or what nobody understood, does not end a talk."""
    reading = given.reading
    if reading is None or not (reading.names or (given.answered and _is_about_something(reading))):
        kept = before.onward if before else None
        return Turn(question, before.reading if before else None, onward(given.screen, shown) if shown else kept, before)
    return Turn(question, reading, onward(given.screen), before)


def _is_about_something(reading: Reading) -> bool:
    return any(not piece.concepts & COURTESY for piece in reading.content)


def _without_the_name(message: Message) -> str:
    """What a message says to whom it names."""
    return _name_of(message).sub(" ", message.text or "")


def _is_named(message: Message) -> bool:
    return not message.is_automatic_forward and bool(_name_of(message).search(message.text or ""))


def _is_replied_to(message: Message) -> bool:
    """Whether a message answers one of ours in words; in a topic every message is Telegram's reply to its first."""
    asked = message.reply_to_message
    if asked is None or asked.from_user is None or asked.forum_topic_created:
        return False
    return asked.from_user.id == message.get_bot().id and bool(tokens(message.text or ""))


def _name_of(message: Message) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)@{re.escape(message.get_bot().username)}(?!\w)", re.IGNORECASE)
