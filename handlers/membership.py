"""Where the bot is and may write: it is blocked, thrown out, let in again; a group becomes a supergroup. And /missed.

A chat that returns starts from now, and is offered what it missed: nobody wants a pile of old news at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from telegram import ChatMemberAdministrator, ChatMemberRestricted
from telegram.constants import ChatMemberStatus, ChatType
from telegram.error import BadRequest, Forbidden
from telegram.ext import CallbackQueryHandler, ChatMemberHandler, CommandHandler, MessageHandler, filters

from bot.callbacks import ListMissed, pattern
from bot.screens.follows import Waiting, back_again, channel_ready, missed_list
from data.reminders import record_of
from data.states import AT_ONCE, ChatKind, ChatState
from data.types import NewsId

if TYPE_CHECKING:
    from telegram import ChatMember, ChatMemberUpdated, Update
    from telegram.ext import BaseHandler

    from bot.context import BotContext

OUTSIDE: Final = {ChatMemberStatus.LEFT, ChatMemberStatus.BANNED}

NEWEST: Final = 4.0
"""Seconds to wait for an item that was published a moment ago and is not known here yet: nobody is told that they missed nothing."""


def handlers() -> list[BaseHandler[Any, Any, Any]]:
    """What Telegram tells of the bot's own membership, and what was missed."""
    return [
        ChatMemberHandler(member_changed, ChatMemberHandler.MY_CHAT_MEMBER),
        MessageHandler(filters.StatusUpdate.MIGRATE, message_migrated),
        CommandHandler("missed", command_missed),
        CallbackQueryHandler(button_missed, pattern=pattern(ListMissed)),
    ]


async def member_changed(update: Update, context: BotContext) -> None:
    """Note whether the chat can be written to; greet one that is back, and whoever let us into a channel."""
    change = update.my_chat_member
    if change is None:
        return
    state = state_of(change.chat.type, change.new_chat_member)
    back = await context.services.follows.note_state(change.chat.id, ChatKind(change.chat.type), state)
    missed = await context.services.follows.missed_anywhere(change.chat.id) if back else 0
    if missed:
        await context.reply(back_again(missed, context.reader))
    if change.chat.type == ChatType.CHANNEL and state is ChatState.ACTIVE and _is_new(change):
        await _tell_owner(change, context)


def state_of(kind: str, member: ChatMember) -> ChatState:
    """What the bot's standing in a chat means for writing there."""
    if member.status in OUTSIDE:
        return ChatState.BLOCKED if kind == ChatType.PRIVATE else ChatState.KICKED
    if isinstance(member, ChatMemberRestricted):
        return ChatState.ACTIVE if member.is_member and member.can_send_messages else ChatState.MUTED
    if kind == ChatType.CHANNEL:
        return (
            ChatState.ACTIVE if isinstance(member, ChatMemberAdministrator) and member.can_post_messages is not False else ChatState.MUTED
        )
    return ChatState.ACTIVE


def _is_new(change: ChatMemberUpdated) -> bool:
    return state_of(change.chat.type, change.old_chat_member) is not ChatState.ACTIVE


async def _tell_owner(change: ChatMemberUpdated, context: BotContext) -> None:
    """In private, where a channel is managed. Who never wrote to the bot cannot be told; forwarding a post helps them."""
    reader = await context.reader_of(change.from_user.id)
    try:
        await context.send(change.from_user.id, channel_ready(change.chat.title or "", change.chat.id, reader))
    except (BadRequest, Forbidden):
        return


async def message_migrated(update: Update, context: BotContext) -> None:
    """Telegram says it in both chats; whichever comes first moves everything."""
    message = update.message
    if message is None:
        return
    if message.migrate_to_chat_id:
        old, new = message.chat_id, message.migrate_to_chat_id
    else:
        old, new = message.migrate_from_chat_id or 0, message.chat_id
    await context.services.follows.move(old, new)
    context.services.changed(old, new)


async def command_missed(_update: Update, context: BotContext) -> None:
    """News that did not arrive here, or of which that is not certain; and what waits for the end of the quiet hours."""
    receiver, follows = context.receiver, context.services.follows
    lost = dict.fromkeys(NewsId(record_of(one.item)) for one in await follows.missed(receiver))
    held = [one for one in await follows.held_back(receiver.chat) if one.receiver == receiver]
    quiet = dict.fromkeys(NewsId(record_of(one.item)) for one in held)
    conferences = {conference.id for conference in context.catalogue.conferences}
    if any(item not in context.catalogue.news_by_id for item in (*lost, *quiet) if item not in conferences):
        await context.services.shelf.replaced(NEWEST)
    known = context.catalogue.news_by_id
    until = max((one.until for one in held), default=AT_ONCE)
    wishes = await context.services.chats.preferences(receiver.chat)
    waiting = Waiting(tuple(known[item] for item in quiet if item in known), max(until, context.services.clock.now()), wishes)
    await context.reply(missed_list([known[item] for item in lost if item in known], waiting, context.reader))


async def button_missed(update: Update, context: BotContext) -> None:
    """The same, from a button."""
    await command_missed(update, context)
