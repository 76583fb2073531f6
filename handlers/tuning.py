"""One follow: at which pace its news comes, with or without a sound, by which words, or no more; from its card or from an item of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from telegram.ext import CallbackQueryHandler, MessageHandler, filters

from bot.callbacks import HERE, Elsewhere, OpenFollow, Tune, TuneFollow, pattern
from bot.managing import managed, may, receiver_of, take_zone
from bot.replies import AnswersQuestion, asked_about
from bot.screens.delivery import Standing, told_standing
from bot.screens.follows import follow_list, only_admins_follow, unfollowed
from bot.screens.problems import gone
from bot.screens.reminders import delivered_item
from bot.screens.timing import choose_zone
from bot.screens.tuning import PACES, ask_words, digest_chosen, follow_card
from bot.wishes import ALL, TypedWords, read_words
from bot.zones import likely_zones
from data.follows import Pace

if TYPE_CHECKING:
    from telegram import Update
    from telegram.ext import BaseHandler

    from bot.context import BotContext
    from bot.screens.timing import Managed
    from data.follows import Follow, Receiver, Target

MARKER: Final = re.compile(r"#follow-(\d{1,9})(-\d{1,16})?\b", re.ASCII)
"""In a question for words: the number of the follow, and the chat if it is another one."""


def handlers() -> list[BaseHandler[Any, Any, Any]]:
    """Buttons of the card of a follow and of items that came for one, and the reply with words."""
    return [
        CallbackQueryHandler(button_open, pattern=pattern(OpenFollow)),
        CallbackQueryHandler(button_choose, pattern=pattern(TuneFollow)),
        CallbackQueryHandler(button_tune, pattern=pattern(Tune)),
        MessageHandler(filters.TEXT & ~filters.COMMAND & filters.UpdateType.MESSAGE & AnswersQuestion(MARKER), message_words),
    ]


async def button_open(_update: Update, context: BotContext) -> None:
    """The card of one follow; everybody in a group may look."""
    match context.action:
        case OpenFollow(target, page, chat):
            if chat and not await _may(chat, context):
                return
            await _show(await _find(target, receiver_of(chat, context), context), page, await managed(chat, context), context)
        case _:
            await context.reply(gone(context.reader))


async def button_choose(_update: Update, context: BotContext) -> None:
    """Another pace, with or without a sound, or a question for words."""
    match context.action:
        case TuneFollow("f", target, page, chat):
            if await _may(chat, context):
                await _ask_words(target, page, await managed(chat, context), context)
        case TuneFollow(("l" | "s") as how, target, page, chat):
            if await _may(chat, context):
                tuned = await context.services.follows.tune(receiver_of(chat, context), target, silent=how == "s")
                await _show(tuned, page, await managed(chat, context), context)
        case TuneFollow(letter, target, page, chat) if pace := PACES.get(letter):
            if await _may(chat, context):
                await _choose_pace(pace, target, page, await managed(chat, context), context)
        case _:
            await context.reply(gone(context.reader))


async def message_words(update: Update, context: BotContext) -> None:
    """The words that news should say; what cannot be taken changes nothing, and is asked for again."""
    message = update.message
    marker = asked_about(message, MARKER)
    if message is None or marker is None:
        return
    chat = Elsewhere(int(marker[2] or 0))
    if not await _may(chat, context):
        return
    receiver, where = receiver_of(chat, context), await managed(chat, context)
    follow = next((one for one in await context.services.follows.of(receiver) if one.number == int(marker[1])), None)
    if follow is None:
        await context.reply(gone(context.reader))
        return
    typed = _typed_words(message.text or "")
    if not typed.is_right:
        await context.reply(ask_words(follow, where, context.catalogue, context.reader, typed))
        return
    tuned = await context.services.follows.tune(receiver, follow.target, words=typed.words)
    await _show(tuned, 0, where, context)


async def button_tune(_update: Update, context: BotContext) -> None:
    """Less of a delivered item's follow, none of it, or going on; said in the message itself, where it can be taken back."""
    match context.action:
        case Tune(how, target, item) if how in set(Standing):
            if not await _may(HERE, context):
                return
            standing = Standing(how)
            await _tune(standing, target, context)
            await context.answer(passing=told_standing(target, standing, context.catalogue, context.reader))
            shown = delivered_item(item, target, context.catalogue, context.reader, standing)
            await context.reply(shown or unfollowed(target, True, HERE, context.catalogue, context.reader))
        case _:
            await context.reply(gone(context.reader))


async def _tune(standing: Standing, target: Target, context: BotContext) -> None:
    book, receiver = context.services.follows, context.receiver
    match standing:
        case Standing.ENDED:
            await book.unfollow(receiver, target)
        case Standing.PAUSED:
            await book.pause(receiver, target)
        case Standing.FOLLOWED:
            await book.follow(receiver, target)
        case Standing.DAILY:
            await book.follow(receiver, target)
            await book.tune(receiver, target, pace=Pace.DAILY)
            await take_zone(receiver, context)
        case Standing.AT_ONCE:
            await book.tune(receiver, target, pace=Pace.INSTANT)


def _typed_words(text: str) -> TypedWords:
    return TypedWords() if text.strip().casefold() in ALL else read_words(text)


async def _find(target: Target, receiver: Receiver, context: BotContext) -> Follow | None:
    return next((one for one in await context.services.follows.of(receiver) if one.target == target), None)


async def _show(follow: Follow | None, page: int, where: Managed, context: BotContext) -> None:
    """The card of a follow; the list if it ended meanwhile."""
    if follow is None:
        await _show_list(page, where, context)
        return
    wishes = await context.services.chats.preferences(follow.receiver.chat)
    await context.reply(follow_card(follow, page, where, wishes, context.catalogue, context.reader))


async def _show_list(page: int, where: Managed, context: BotContext) -> None:
    follows = await context.services.follows.of(receiver_of(where.chat, context))
    await context.reply(follow_list(follows, page, where.chat, context.catalogue, context.reader, where.title))


async def _ask_words(target: Target, page: int, where: Managed, context: BotContext) -> None:
    if follow := await _find(target, receiver_of(where.chat, context), context):
        await context.reply(ask_words(follow, where, context.catalogue, context.reader), fresh=True)
    else:
        await _show_list(page, where, context)


async def _choose_pace(pace: Pace, target: Target, page: int, where: Managed, context: BotContext) -> None:
    """A digest needs to know by which clocks; whoever follows nothing that tells them is asked."""
    receiver, services, catalogue = receiver_of(where.chat, context), context.services, context.catalogue
    follow = await services.follows.tune(receiver, target, pace=pace)
    if follow is None or pace is Pace.INSTANT:
        await _show(follow, page, where, context)
        return
    taken = await take_zone(receiver, context)
    wishes = await services.chats.preferences(receiver.chat)
    if wishes.zone:
        await context.reply(follow_card(follow, page, where, wishes, catalogue, context.reader, taken=taken))
        return
    now = services.clock.now()
    zones = likely_zones([one.target for one in await services.follows.of(receiver)], context.reader.lang, catalogue, now)
    said = digest_chosen(follow, catalogue, context.reader)
    await context.reply(choose_zone(where, zones, now, catalogue, context.reader, first=said))


async def _may(chat: Elsewhere, context: BotContext) -> bool:
    """Whether whoever is heard may decide; says so if not."""
    return await may(chat, context, only_admins_follow(context.reader))
