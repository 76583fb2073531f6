"""/sources: an admin says where news is looked for, and decides on what is not certain. To everybody else it does not exist."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from telegram import Message
from telegram.ext import CallbackQueryHandler, CommandHandler, MessageHandler, filters

from bot.callbacks import AddSource, JudgeEntry, ManageSource, pattern
from bot.screens.problems import gone, not_understood, unknown_command
from bot.screens.publishing import ask_rewrite, draft_wrong
from bot.screens.queue import LETTERS, decided, file_refused, file_taken, queue_card, queue_empty, tags_card
from bot.screens.sources import (
    PAGE,
    ask_source_again,
    confirm_removal,
    found_source,
    nothing_found,
    probe_card,
    removed,
    source_card,
    source_list,
    wrong_source,
)
from data.news import WrongNews
from data.sources.model import NotRead, Trust
from data.states import EntryState

if TYPE_CHECKING:
    from telegram import Update
    from telegram.ext import BaseHandler

    from bot.context import BotContext
    from bot.newsdesk import NewsDesk

ADD: Final = re.compile(r"\A/sources(?:@\w+)?\s+add\s+(\S+)[^\S\n]*(.*)\Z", re.ASCII | re.DOTALL)
FIELD: Final = re.compile(r"(?m)^\s*(\w+)\s*:\s*(.+?)\s*$")
MEGABYTES: Final = 5
FEED_FILE: Final = filters.Document.FileExtension("xml") | filters.Document.FileExtension("rss") | filters.Document.FileExtension("atom")


@dataclass(frozen=True, slots=True)
class Asked:
    """A source as an admin typed it."""

    url: str
    selectors: dict[str, str] = field(default_factory=dict)
    keywords: tuple[str, ...] = ()
    lang: str = ""
    """Empty if that is to be asked."""


def handlers() -> list[BaseHandler[Any, Any, Any]]:
    """The command, its buttons, and a feed sent as a file."""
    return [
        CommandHandler("sources", command_sources),
        CallbackQueryHandler(button_source, pattern=pattern(ManageSource)),
        CallbackQueryHandler(button_add, pattern=pattern(AddSource)),
        CallbackQueryHandler(button_entry, pattern=pattern(JudgeEntry)),
        MessageHandler(FEED_FILE & filters.UpdateType.MESSAGE & filters.ChatType.PRIVATE, message_file),
    ]


async def command_sources(update: Update, context: BotContext) -> None:
    """All sources; with `add` and an address, what it would give."""
    message = update.message
    if message is None or not _is_admin(update, context):
        if context.is_private:
            await context.reply(unknown_command("/sources", context.reader))
        return
    asked = read_source(message.text or "")
    await _desk(context).speak(message.chat_id, context.reader.lang)
    context.services.chats.changed(message.chat_id)
    if asked is None:
        await _show_all(context)
        return
    try:
        probe = await _desk(context).find(asked.url, asked.selectors, asked.keywords, asked.lang or context.reader.lang)
    except NotRead as problem:
        await context.reply(nothing_found(str(problem), context.reader))
        return
    if isinstance(probe, tuple):
        await context.reply(wrong_source(probe, context.reader))
        return
    # The button finds the address again in the message that this one answers.
    languages = context.services.languages
    langs = (asked.lang,) if asked.lang else languages.held
    await context.reply(found_source(probe, langs, context.catalogue, languages, context.reader), to=message.message_id)


async def button_add(update: Update, context: BotContext) -> None:
    """Keep the source that the message above asks for."""
    await context.answer()
    held = _held(update)
    asked = read_source(held.text or "") if held else None
    match context.action:
        case AddSource(lang) if _is_admin(update, context) and asked is None:
            await context.reply(ask_source_again(context.reader))
        case AddSource(lang) if _is_admin(update, context) and asked:
            try:
                made = await _desk(context).add(asked.url, asked.selectors, asked.keywords, lang)
            except NotRead as problem:
                await context.reply(nothing_found(str(problem), context.reader))
                return
            if isinstance(made, str):
                await _show(made, context)
            else:
                await context.reply(wrong_source(made, context.reader))
        case _:
            await context.reply(gone(context.reader))


async def button_source(update: Update, context: BotContext) -> None:
    """Look after a source."""
    action, desk = context.action, _desk(context)
    await context.answer()
    if not isinstance(action, ManageSource) or not _is_admin(update, context):
        await context.reply(gone(context.reader))
        return
    context.retry = (action, update.effective_message.message_id if update.effective_message else None)
    match action.what:
        case "on" | "off":
            await desk.switch(action.source, on=action.what == "on")
        case "ask" | "trust":
            await desk.trust(action.source, Trust.ASK if action.what == "ask" else Trust.PUBLISH)
        case "gone":
            await desk.remove(action.source)
            await context.reply(removed(context.reader))
            return
    found = await desk.source(action.source)
    if found is None:
        await _show_all(context, page_in(action.what))
    elif action.what == "probe":
        await context.reply(probe_card(await desk.probe(found.source), context.catalogue, context.reader))
    elif action.what == "remove":
        await context.reply(confirm_removal(found.source, context.reader))
    else:
        await context.reply(source_card(found, context.reader))


async def button_entry(update: Update, context: BotContext) -> None:
    """Decide on a thing that a source told, or look at the next."""
    action, desk = context.action, _desk(context)
    await context.answer()
    if not isinstance(action, JudgeEntry) or not _is_admin(update, context):
        await context.reply(gone(context.reader))
        return
    context.retry = (action, update.effective_message.message_id if update.effective_message else None)
    match action.what:
        case "publish":
            try:
                await desk.publish(action.entry, context.receiver.chat)
            except WrongNews as wrong:
                await context.reply(draft_wrong(wrong.faults, context.reader), fresh=True)
                return
        case "drop":
            await desk.drop(action.entry, context.receiver.chat)
        case "untag":
            await _untag(action, desk)
        case "edit":
            await _rewrite(action.entry, context)
            return
        case "next":
            await _show_next(action.entry, context)
            return
    await _show_entry(action, context)


async def message_file(update: Update, context: BotContext) -> None:
    """A feed as a file: what is new in it waits for an admin."""
    document = update.message.document if update.message else None
    if document is None or not _is_admin(update, context):
        await context.reply(not_understood(context.reader))
        return
    if (document.file_size or 0) > MEGABYTES * 1_000_000:
        await context.reply(file_refused("", MEGABYTES, context.reader))
        return
    content = await (await document.get_file()).download_as_bytearray()
    try:
        taken = await _desk(context).take_file(bytes(content), context.reader.lang)
    except NotRead:
        await context.reply(file_refused("", MEGABYTES, context.reader))
        return
    await context.reply(file_taken(len(taken.waiting), context.reader))


def read_source(text: str) -> Asked | None:
    """The address behind `/sources add`, and on lines of their own selectors, keywords and language; None if there is no address."""
    found = ADD.match(text)
    if found is None:
        return None
    url, more = found.groups()
    fields = dict(FIELD.findall(more))
    words = tuple(word.strip() for word in fields.pop("keyword", "").split(",") if word.strip())
    lang = fields.pop("lang", "")
    return Asked(url if "://" in url else f"https://{url}", fields, words, lang)


def page_in(what: str) -> int:
    """The page that a button turns to; the first for any other button."""
    number = what.removeprefix(PAGE)
    return int(number) if number.isdecimal() else 0


async def _show_all(context: BotContext, page: int = 0) -> None:
    _next, waiting = await _desk(context).next_entry()
    await context.reply(source_list(await _desk(context).sources(), waiting, context.reader, page))


async def _untag(action: JudgeEntry, desk: NewsDesk) -> None:
    column = next((column for column, letter in LETTERS.items() if action.tag.startswith(letter)), "")
    if column:
        await desk.untag(action.entry, column, action.tag[1:])


async def _rewrite(entry: int, context: BotContext) -> None:
    languages = context.services.languages.held
    begun = await _desk(context).rewrite(entry, context.receiver.chat, context.reader.lang, languages)
    if begun is None:
        await _show_entry(JudgeEntry(entry), context)
        return
    draft, text = begun
    await context.reply(ask_rewrite(f"draft-{draft}", text, context.reader), fresh=True)


async def _show(key: str, context: BotContext) -> None:
    found = await _desk(context).source(key)
    await context.reply(source_card(found, context.reader) if found else gone(context.reader))


async def _show_next(after: int, context: BotContext) -> None:
    entry, waiting = await _desk(context).next_entry(after)
    await context.reply(queue_card(entry, waiting, context.catalogue, context.reader) if entry else queue_empty(context.reader))


async def _show_entry(action: JudgeEntry, context: BotContext) -> None:
    entry = await _desk(context).entry(action.entry)
    _next, waiting = await _desk(context).next_entry()
    if entry is None:
        await context.reply(gone(context.reader))
    elif entry.state is not EntryState.WAITING:
        await context.reply(decided(entry, waiting, context.reader))
    elif action.what in {"tags", "untag"}:
        await context.reply(tags_card(entry, context.catalogue, context.reader))
    else:
        await context.reply(queue_card(entry, waiting, context.catalogue, context.reader))


def _desk(context: BotContext) -> NewsDesk:
    return context.services.newsroom.desk


def _held(update: Update) -> Message | None:
    """The message that the one with the pressed button answers; None if it was deleted."""
    message = update.callback_query.message if update.callback_query else None
    return message.reply_to_message if isinstance(message, Message) else None


def _is_admin(update: Update, context: BotContext) -> bool:
    user = update.effective_user
    return context.is_private and user is not None and user.id in context.services.admins
