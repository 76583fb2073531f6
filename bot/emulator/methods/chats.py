"""What a bot may ask about a chat, and do in it besides writing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from telegram.constants import ReactionEmoji

from bot.emulator.access import is_administrator, reachable_chat
from bot.emulator.errors import bad_request, refused_by_world
from bot.emulator.state import PRESENT, Chat, Happening, World, member_json

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Json = dict[str, Any]

_GIFTS: Final = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")


def get_chat(world: World, params: Json) -> Json:
    """All about a chat."""
    chat = reachable_chat(world, params["chat_id"])
    about = chat.json() | {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": dict.fromkeys(_GIFTS, True)}
    if chat.pinned:
        about["pinned_message"] = chat.messages[chat.pinned[-1]].json
    return about


def get_member(world: World, params: Json) -> Json:
    """A user's standing in a chat."""
    chat = reachable_chat(world, params["chat_id"])
    user = world.known_user(params["user_id"])
    return member_json(user, chat.members.get(user.id, "left"), chat.denied)


def get_administrators(world: World, params: Json) -> list[Json]:
    """Who administers a group or channel."""
    chat = reachable_chat(world, params["chat_id"])
    if chat.type == "private":
        raise bad_request("there are no administrators in the private chat")
    found = [(world.users[user_id], status) for user_id, status in chat.members.items() if is_administrator(world, chat, user_id)]
    return [member_json(user, status, chat.denied) for user, status in found if not user.is_bot or user.id == world.bot.id]


def get_member_count(world: World, params: Json) -> int:
    """How many are in a chat."""
    chat = reachable_chat(world, params["chat_id"])
    return sum(status in PRESENT for status in chat.members.values())


def leave(world: World, params: Json) -> bool:
    """The bot goes."""
    chat = reachable_chat(world, params["chat_id"])
    if chat.type == "private":
        raise bad_request("chat member status can't be changed in private chats")
    chat.members[world.bot.id] = "left"
    world.tell(Happening.CHAT, chat.id, chat=chat.json())
    return True


def pin(world: World, params: Json) -> bool:
    """A message stands at the top."""
    chat = _pinnable(world, params)
    if params["message_id"] not in chat.messages:
        raise refused_by_world("message to pin not found")
    chat.pinned.append(params["message_id"])
    world.tell(Happening.PINNED, chat.id, message_id=params["message_id"])
    return True


def unpin(world: World, params: Json) -> bool:
    """It no longer does; without a number, the latest."""
    chat = _pinnable(world, params)
    number = params.get("message_id", chat.pinned[-1] if chat.pinned else None)
    if number not in chat.pinned:
        raise refused_by_world("message to unpin not found")
    chat.pinned.remove(number)
    world.tell(Happening.PINNED, chat.id, message_id=None)
    return True


def _pinnable(world: World, params: Json) -> Chat:
    chat = reachable_chat(world, params["chat_id"])
    if chat.type != "private" and (not is_administrator(world, chat) or "can_pin_messages" in chat.denied):
        raise refused_by_world("not enough rights to manage pinned messages in the chat")
    return chat


def react(world: World, params: Json) -> bool:
    """An emoji under a message."""
    chat = reachable_chat(world, params["chat_id"])
    if params["message_id"] not in chat.messages:
        raise refused_by_world("message to react not found")
    reactions = params.get("reaction", [])
    reactions = reactions if isinstance(reactions, list) else [reactions]
    if any(reaction.get("type") == "emoji" and reaction["emoji"] not in set(ReactionEmoji) for reaction in reactions):
        raise bad_request("REACTION_INVALID")
    world.tell(Happening.REACTION, chat.id, message_id=params["message_id"], reaction=reactions)
    return True


METHODS: Final[Mapping[str, Callable[[World, Json], Any]]] = {
    "getChat": get_chat,
    "getChatMember": get_member,
    "getChatAdministrators": get_administrators,
    "getChatMemberCount": get_member_count,
    "leaveChat": leave,
    "pinChatMessage": pin,
    "unpinChatMessage": unpin,
    "setMessageReaction": react,
}
