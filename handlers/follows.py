"""/subscribe, /subscriptions and /unsubscribe: what a chat or topic wants to hear of.

In a group only administrators decide. A channel is managed from a private chat by those who administer it: by the button that they get
when they add the bot, by `/subscribe @channel`, or by forwarding a post of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from telegram import MessageOriginChannel
from telegram.error import BadRequest, Forbidden
from telegram.ext import CallbackQueryHandler, CommandHandler, MessageHandler, filters

from bot.callbacks import (
    HERE,
    ChangeListed,
    ChooseFollow,
    Elsewhere,
    EndAllFollows,
    EndFollow,
    ListFollows,
    StartFollow,
    ToggleFollow,
    Tune,
    pattern,
)
from bot.questions import read_wanted
from bot.screens.delivery import Standing, told_standing
from bot.screens.follows import (
    ask_what_to_follow,
    channel_not_ours,
    channel_ready,
    confirm_unfollow_all,
    follow_list,
    followed,
    now_followed,
    offer_follow,
    only_admins_follow,
    unfollowed,
    unfollowed_all,
    which_to_follow,
)
from bot.screens.parts import is_there, toggled
from bot.screens.problems import gone
from bot.screens.reminders import delivered_item
from data.follows import Receiver
from data.news import latest_about

if TYPE_CHECKING:
    from telegram import Update
    from telegram.ext import BaseHandler

    from bot.context import BotContext
    from data.follows import Target

ALL: Final = frozenset({"all", "everything", "все", "всі", "усе", "усі", "всё"})
"""What is written behind /unsubscribe to end everything, whatever the language of the chat."""
CHANNEL: Final = re.compile(r"@[A-Za-z]\w{3,31}", re.ASCII)


class _ChannelPost(filters.MessageFilter):
    """A post of a channel, forwarded."""

    def filter(self, message: Any) -> bool:
        return isinstance(message.forward_origin, MessageOriginChannel)


@dataclass(frozen=True, slots=True)
class Place:
    """The chat that a command is about, and what is left of its words."""

    chat: Elsewhere
    title: str
    words: str


def handlers() -> list[BaseHandler[Any, Any, Any]]:
    """Commands and buttons about follows."""
    return [
        CommandHandler("subscribe", command_subscribe),
        CommandHandler("subscriptions", command_subscriptions),
        CommandHandler("unsubscribe", command_unsubscribe),
        CallbackQueryHandler(button_toggle, pattern=pattern(ToggleFollow)),
        CallbackQueryHandler(button_start, pattern=pattern(StartFollow)),
        CallbackQueryHandler(button_end, pattern=pattern(EndFollow)),
        CallbackQueryHandler(button_end_all, pattern=pattern(EndAllFollows)),
        CallbackQueryHandler(button_choose, pattern=pattern(ChooseFollow)),
        CallbackQueryHandler(button_list, pattern=pattern(ListFollows)),
        CallbackQueryHandler(button_change, pattern=pattern(ChangeListed)),
        CallbackQueryHandler(button_tune, pattern=pattern(Tune)),
        MessageHandler(_ChannelPost() & filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE, message_channel),
    ]


async def command_subscribe(_update: Update, context: BotContext) -> None:
    """Follow what is named, or offer choices."""
    place = await _place(context)
    if place is None or not await _may(place.chat, context):
        return
    if not place.words:
        await context.reply(ask_what_to_follow("", place.chat, context.catalogue, context.reader))
        return
    wanted = read_wanted(place.words, context.catalogue)
    match wanted.targets:
        case [target] if wanted.sure:
            await _follow(target, place.chat, place.title, context)
        case [target]:
            await context.reply(offer_follow(target, place.chat, context.catalogue, context.reader, corrected=True))
        case _:
            await context.reply(which_to_follow(place.words, wanted, place.chat, context.catalogue, context.reader))


async def command_subscriptions(_update: Update, context: BotContext) -> None:
    """What is followed; everybody in a group may know."""
    place = await _place(context)
    if place and (not place.chat or await _may(place.chat, context)):
        await _list(0, place.chat, context, place.title)


async def command_unsubscribe(_update: Update, context: BotContext) -> None:
    """End one follow or, after a question, all."""
    place = await _place(context)
    if place is None or not await _may(place.chat, context):
        return
    follows = await context.services.follows.of(_receiver(place.chat, context))
    if not place.words or not follows:
        await _list(0, place.chat, context, place.title)
    elif place.words.lower() in ALL:
        await context.reply(confirm_unfollow_all(len(follows), place.chat, context.reader))
    else:
        wanted = read_wanted(place.words, context.catalogue)
        held = [target for target in wanted.targets if any(one.target == target for one in follows)] or list(wanted.targets)
        if len(held) == 1:
            await _unfollow(held[0], place.chat, context)
        else:
            await _list(0, place.chat, context, place.title)


async def button_toggle(_update: Update, context: BotContext) -> None:
    """Follow the subject of a card, or no longer; only the button changes."""
    match context.action:
        case ToggleFollow(on, target) if is_there(target, context.catalogue):
            if not await _may(HERE, context):
                return
            if on:
                await _begin(context.receiver, target, context)
            else:
                await context.services.follows.unfollow(context.receiver, target)
            await context.answer(passing=now_followed(target, bool(on), context.catalogue, context.reader))
            await context.swap(toggled(target, bool(on), context.reader))
        case _:
            await context.reply(gone(context.reader))


async def button_start(_update: Update, context: BotContext) -> None:
    """Follow what a screen offered."""
    match context.action:
        case StartFollow(target, chat) if is_there(target, context.catalogue):
            if await _may(chat, context):
                await _follow(target, chat, await _title(chat, context), context)
        case _:
            await context.reply(gone(context.reader))


async def button_end(_update: Update, context: BotContext) -> None:
    """End a follow."""
    match context.action:
        case EndFollow(target, chat):
            if await _may(chat, context):
                await _unfollow(target, chat, context)
        case _:
            await context.reply(gone(context.reader))


async def button_end_all(_update: Update, context: BotContext) -> None:
    """End all follows after a question."""
    match context.action:
        case EndAllFollows(1, chat):
            if await _may(chat, context):
                await context.services.follows.unfollow_all(_receiver(chat, context))
                await context.reply(unfollowed_all(chat, context.reader))
        case EndAllFollows(_, chat):
            follows = await context.services.follows.of(_receiver(chat, context))
            await context.reply(confirm_unfollow_all(len(follows), chat, context.reader))
        case _:
            await context.reply(gone(context.reader))


async def button_choose(_update: Update, context: BotContext) -> None:
    """Ways to choose what to follow."""
    match context.action:
        case ChooseFollow(part, chat):
            await context.reply(ask_what_to_follow(part, chat, context.catalogue, context.reader))
        case _:
            await context.reply(gone(context.reader))


async def button_list(_update: Update, context: BotContext) -> None:
    """Another page of what is followed."""
    match context.action:
        case ListFollows(page, chat):
            if not chat or await _may(chat, context):
                await _list(page, chat, context, await _title(chat, context))
        case _:
            await context.reply(gone(context.reader))


async def button_change(_update: Update, context: BotContext) -> None:
    """Remove a line of the list, or go on with a paused one."""
    match context.action:
        case ChangeListed(on, target, page, chat):
            if not await _may(chat, context):
                return
            receiver, book = _receiver(chat, context), context.services.follows
            if on:
                await book.follow(receiver, target)
            else:
                await book.unfollow(receiver, target)
            await context.answer(passing=now_followed(target, bool(on), context.catalogue, context.reader))
            await _list(page, chat, context, await _title(chat, context))
        case _:
            await context.reply(gone(context.reader))


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


async def message_channel(update: Update, context: BotContext) -> None:
    """A forwarded post of a channel: manage what the channel follows."""
    origin = update.message.forward_origin if update.message else None
    if not isinstance(origin, MessageOriginChannel):
        return
    title = origin.chat.title or ""
    if await context.administers(origin.chat.id):
        await context.reply(channel_ready(title, origin.chat.id, context.reader))
    else:
        await context.reply(channel_not_ours(title, context.reader))


async def _tune(standing: Standing, target: Target, context: BotContext) -> None:
    book, receiver = context.services.follows, context.receiver
    match standing:
        case Standing.ENDED:
            await book.unfollow(receiver, target)
        case Standing.PAUSED:
            await book.pause(receiver, target)
        case Standing.FOLLOWED:
            await book.follow(receiver, target)


async def _follow(target: Target, chat: Elsewhere, title: str, context: BotContext) -> None:
    new = await _begin(_receiver(chat, context), target, context)
    latest = latest_about(target, context.catalogue)
    await context.reply(followed(target, new, latest, chat, context.catalogue, context.reader, title))


async def _begin(receiver: Receiver, target: Target, context: BotContext) -> bool:
    """Follow, and remember in which language: news has no question to take it from."""
    reader = context.reader
    new = await context.services.follows.follow(receiver, target, reader.lang if reader.chosen else None)
    context.services.chats.changed(receiver.chat)
    return new


async def _unfollow(target: Target, chat: Elsewhere, context: BotContext) -> None:
    had = await context.services.follows.unfollow(_receiver(chat, context), target)
    await context.reply(unfollowed(target, had, chat, context.catalogue, context.reader))


async def _list(page: int, chat: Elsewhere, context: BotContext, title: str = "") -> None:
    follows = await context.services.follows.of(_receiver(chat, context))
    await context.reply(follow_list(follows, page, chat, context.catalogue, context.reader, title))


def _receiver(chat: Elsewhere, context: BotContext) -> Receiver:
    return Receiver(chat) if chat else context.receiver


async def _may(chat: Elsewhere, context: BotContext) -> bool:
    """Whether whoever is heard may decide; says so if not."""
    if await context.administers(chat):
        return True
    await context.refuse(only_admins_follow(context.reader))
    return False


async def _place(context: BotContext) -> Place | None:
    """The chat that a command names by `@name`, in private only; else this one. None, and said so, if it cannot be managed."""
    words = context.argument
    name, _, rest = words.partition(" ")
    if not (context.is_private and CHANNEL.fullmatch(name)):
        return Place(HERE, "", words)
    try:
        chat = await context.bot.get_chat(name)
    except (BadRequest, Forbidden):
        await context.reply(channel_not_ours(name, context.reader))
        return None
    if not await context.administers(chat.id):
        await context.reply(channel_not_ours(chat.title or name, context.reader))
        return None
    return Place(Elsewhere(chat.id), chat.title or name, rest)


async def _title(chat: Elsewhere, context: BotContext) -> str:
    return (await context.bot.get_chat(chat)).title or "" if chat else ""
