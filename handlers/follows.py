"""/subscribe, /subscriptions and /unsubscribe: what a chat or topic wants to hear of.

In a group only administrators decide. A channel is managed from a private chat by those who administer it: by the button that they get
when they add the bot, by `/subscribe @channel`, or by forwarding a post of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from telegram import MessageOriginChannel
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
    pattern,
)
from bot.managing import managed, may, place_of, receiver_of
from bot.questions import read_wanted
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
from bot.wishes import ALL
from data.news import latest_about

if TYPE_CHECKING:
    from telegram import Update
    from telegram.ext import BaseHandler

    from bot.context import BotContext
    from data.follows import Receiver, Target


class _ChannelPost(filters.MessageFilter):
    """A post of a channel, forwarded."""

    def filter(self, message: Any) -> bool:
        return isinstance(message.forward_origin, MessageOriginChannel)


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
        MessageHandler(_ChannelPost() & filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE, message_channel),
    ]


async def command_subscribe(_update: Update, context: BotContext) -> None:
    """Follow what is named, or offer choices."""
    place = await place_of(context)
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
    place = await place_of(context)
    if place and (not place.chat or await _may(place.chat, context)):
        await _list(0, place.chat, context, place.title)


async def command_unsubscribe(_update: Update, context: BotContext) -> None:
    """End one follow or, after a question, all."""
    place = await place_of(context)
    if place is None or not await _may(place.chat, context):
        return
    follows = await context.services.follows.of(receiver_of(place.chat, context))
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
                await _follow(target, chat, (await managed(chat, context)).title, context)
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
                await context.services.follows.unfollow_all(receiver_of(chat, context))
                await context.reply(unfollowed_all(chat, context.reader))
        case EndAllFollows(_, chat):
            follows = await context.services.follows.of(receiver_of(chat, context))
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
                await _list(page, chat, context, (await managed(chat, context)).title)
        case _:
            await context.reply(gone(context.reader))


async def button_change(_update: Update, context: BotContext) -> None:
    """Remove a line of the list, or go on with a paused one."""
    match context.action:
        case ChangeListed(on, target, page, chat):
            if not await _may(chat, context):
                return
            receiver, book = receiver_of(chat, context), context.services.follows
            if on:
                await book.follow(receiver, target)
            else:
                await book.unfollow(receiver, target)
            await context.answer(passing=now_followed(target, bool(on), context.catalogue, context.reader))
            await _list(page, chat, context, (await managed(chat, context)).title)
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


async def _follow(target: Target, chat: Elsewhere, title: str, context: BotContext) -> None:
    new = await _begin(receiver_of(chat, context), target, context)
    latest = latest_about(target, context.catalogue)
    await context.reply(followed(target, new, latest, chat, context.catalogue, context.reader, title))


async def _begin(receiver: Receiver, target: Target, context: BotContext) -> bool:
    """Follow, and remember in which language: news has no question to take it from."""
    reader = context.reader
    new = await context.services.follows.follow(receiver, target, reader.lang if reader.chosen else None)
    context.services.chats.changed(receiver.chat)
    return new


async def _unfollow(target: Target, chat: Elsewhere, context: BotContext) -> None:
    had = await context.services.follows.unfollow(receiver_of(chat, context), target)
    await context.reply(unfollowed(target, had, chat, context.catalogue, context.reader))


async def _list(page: int, chat: Elsewhere, context: BotContext, title: str = "") -> None:
    follows = await context.services.follows.of(receiver_of(chat, context))
    await context.reply(follow_list(follows, page, chat, context.catalogue, context.reader, title))


async def _may(chat: Elsewhere, context: BotContext) -> bool:
    """Whether whoever is heard may decide; says so if not."""
    return await may(chat, context, only_admins_follow(context.reader))
