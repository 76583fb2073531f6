"""May the bot do this, here? Each answer in Telegram's words."""

from __future__ import annotations

from typing import Any, Final

from bot.emulator.errors import ApiError, bad_request, forbidden, migrated, refused_by_world
from bot.emulator.state import PRESENT, Chat, Stored, World

GENERAL_TOPIC: Final = 1

NOUNS: Final = {
    "can_send_messages": "send text messages to",
    "can_send_photos": "send photos to",
    "can_send_documents": "send documents to",
    "can_send_other_messages": "send other messages to",
}
"""Permissions that a group may deny, and how the refusal names them."""


def known_chat(world: World, ref: object) -> Chat:
    """The chat, wherever it is now; raises ApiError if the bot never met it or it became another."""
    chat = world.find_chat(ref)
    if chat is None and ref in world.users:
        raise forbidden("bot can't initiate conversation with a user")
    if chat is None:
        raise refused_by_world("chat not found")
    if chat.migrated_to is not None:
        raise migrated(chat.migrated_to)
    return chat


def reachable_chat(world: World, ref: object) -> Chat:
    """A chat the bot can still see."""
    chat = known_chat(world, ref)
    refusal = _private_refusal(chat) if chat.type == "private" else _membership_refusal(world, chat)
    if refusal is not None:
        raise refusal
    return chat


def _private_refusal(chat: Chat) -> ApiError | None:
    if chat.deactivated:
        return forbidden("user is deactivated")
    if chat.blocked:
        return forbidden("bot was blocked by the user")
    if chat.owner is not None and chat.owner.is_bot:
        return forbidden("bot can't send messages to bots")
    return None


def _membership_refusal(world: World, chat: Chat) -> ApiError | None:
    status = chat.members.get(world.bot.id, "left")
    if chat.deactivated:
        return forbidden("the group chat was deleted")
    if status == "kicked":
        return forbidden(f"bot was kicked from the {chat.noun}")
    if status not in PRESENT:
        return forbidden(f"bot is not a member of the {chat.noun}")
    return None


def writable_chat(world: World, params: dict[str, Any], permission: str = "can_send_messages") -> Chat:
    """A chat, and a thread of it, that the bot may write to now."""
    chat = reachable_chat(world, params["chat_id"])
    if chat.type == "channel" and not is_administrator(world, chat):
        raise refused_by_world("need administrator rights in the channel chat")
    if permission in chat.denied or (chat.denied and "can_send_messages" in chat.denied):
        raise refused_by_world(f"not enough rights to {NOUNS.get(permission, NOUNS['can_send_messages'])} the chat")
    thread = params.get("message_thread_id")
    if thread is not None:
        _check_thread(world, chat, thread)
    elif chat.is_forum and chat.topics[GENERAL_TOPIC].closed and not is_administrator(world, chat):
        raise refused_by_world("TOPIC_CLOSED")
    return chat


def _check_thread(world: World, chat: Chat, thread: int) -> None:
    # Telegram finds no thread 1: messages go to the General topic without a thread.
    topic = None if thread == GENERAL_TOPIC else chat.topics.get(thread)
    if topic is None:
        raise refused_by_world("message thread not found")
    if topic.closed and not is_administrator(world, chat):
        raise refused_by_world("TOPIC_CLOSED")


def is_administrator(world: World, chat: Chat, user_id: int | None = None) -> bool:
    """Whether the user, by default the bot, administers the chat."""
    return chat.members.get(world.bot.id if user_id is None else user_id) in {"creator", "administrator"}


def own_message(world: World, params: dict[str, Any], noun: str = "edit") -> tuple[Chat | None, Stored]:
    """The message an edit is about, in a chat or sent by an inline query; raises ApiError if it is not the bot's."""
    if "inline_message_id" in params:
        stored = world.inline_messages.get(params["inline_message_id"])
        if stored is None:
            raise refused_by_world("MESSAGE_ID_INVALID")
        return None, stored
    if "chat_id" not in params:
        raise bad_request("chat_id is empty")
    if "message_id" not in params:
        raise bad_request("message identifier is not specified")
    chat = reachable_chat(world, params["chat_id"])
    stored = chat.messages.get(params["message_id"])
    if stored is None:
        raise refused_by_world(f"message to {noun} not found")
    if stored.author != world.bot.id or "via_bot" in stored.json:
        raise bad_request(f"message can't be {noun}ed")
    return chat, stored
