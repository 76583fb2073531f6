"""Which menu of commands a person sees in a chat, found as a client of Telegram finds it.

https://core.telegram.org/bots/api#determining-list-of-commands
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.emulator.access import is_administrator
from bot.emulator.methods.profile import DEFAULT_SCOPE, scope_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.emulator import BotApi, User
    from bot.emulator.state import Chat

Json = dict[str, Any]


def menu(core: BotApi, person: User, chat: Chat | None) -> list[Json]:
    """The commands of the narrowest scope that has any, in the person's language before in none.

    `chat` is None for a private one not yet begun.
    """
    language = (person.language_code or "").partition("-")[0].lower()
    for scope in _scopes(core, person, chat):
        for code in dict.fromkeys((language, "")):
            if found := core.commands.get((scope_key(scope), code)):
                return found
    return []


def _scopes(core: BotApi, person: User, chat: Chat | None) -> Iterator[Json]:
    if chat is None or chat.type == "private":
        yield {"type": "chat", "chat_id": person.id}
        yield {"type": "all_private_chats"}
    elif chat.type != "channel":
        administers = is_administrator(core, chat, person.id)
        yield {"type": "chat_member", "chat_id": chat.id, "user_id": person.id}
        if administers:
            yield {"type": "chat_administrators", "chat_id": chat.id}
        yield {"type": "chat", "chat_id": chat.id}
        if administers:
            yield {"type": "all_chat_administrators"}
        yield {"type": "all_group_chats"}
    yield DEFAULT_SCOPE


def profile_text(core: BotApi, field: str, person: User) -> str:
    """A text of the bot's page in the person's language, else in none."""
    language = (person.language_code or "").partition("-")[0].lower()
    return core.profile.get((field, language)) or core.profile.get((field, "")) or ""
