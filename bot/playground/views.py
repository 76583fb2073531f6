"""What a person's screen needs to know, as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.emulator.access import GENERAL_TOPIC
from bot.emulator.state import PRESENT, Chat, Stored
from bot.playground.commands import menu, profile_text

if TYPE_CHECKING:
    from collections.abc import Collection

    from bot.emulator import BotApi, User
    from bot.playground.clock import MovableClock

Json = dict[str, Any]


def people_view(core: BotApi, admins: Collection[int]) -> list[Json]:
    """Everyone there is to be, and who of them administers the bot."""
    return [user.json() | {"administers": user.id in admins} for user in core.users.values() if not user.is_bot]


def chat_view(core: BotApi, chat: Chat) -> Json:
    """A chat, who is what in it, and its topics."""
    return chat.json() | {
        "bot_status": chat.members.get(core.bot.id, "left"),
        "members": {str(user_id): status for user_id, status in chat.members.items()},
        "topics": [{"id": number, "name": topic.name, "closed": topic.closed} for number, topic in chat.topics.items()],
        "blocked": chat.blocked,
        "begun": True,
    }


def message_view(stored: Stored) -> Json:
    """A message, and the keyboard it puts under the input: the Bot API's Message does not tell that one."""
    return {"message": stored.json, "markup": stored.markup}


def clock_view(clock: MovableClock) -> Json:
    """How far the playground's clock is from the machine's, in seconds."""
    return {"offset": clock.offset.total_seconds()}


def menus_view(core: BotApi, person: User) -> Json:
    """What no event tells: the bot's page, the menu of commands in each chat, and how many moods are not spent yet."""
    chats = visible_chats(core, person)
    menus = {str(chat.id): menu(core, person, chat) for chat in chats}
    menus.setdefault(str(person.id), menu(core, person, None))
    return {"menus": menus, "description": profile_text(core, "description", person), "moods": len(core.moods.orders)}


def state_view(core: BotApi, clock: MovableClock, person: User, admins: Collection[int]) -> Json:
    """All that a person's screen shows."""
    chats = visible_chats(core, person)
    return menus_view(core, person) | {
        "bot": core.bot.json(),
        "me": person.json(),
        "people": people_view(core, admins),
        "chats": [chat_view(core, chat) for chat in chats],
        "messages": {str(chat.id): [message_view(stored) for stored in chat.messages.values()] for chat in chats},
        "clock": clock_view(clock),
        "general_topic": GENERAL_TOPIC,
    }


def visible_chats(core: BotApi, person: User) -> list[Chat]:
    """The person's own chat with the bot, if they began it, then groups and channels they were not thrown out of."""
    return [chat for chat in core.chats.values() if can_see(chat, person.id)]


def can_see(chat: Chat, person: int) -> bool:
    """Whether a chat is on a person's list. Groups and channels of the playground are open to whoever comes."""
    if chat.type == "private":
        return chat.id == person
    return chat.migrated_to is None and chat.members.get(person, "member") in PRESENT
