"""People to test with, and updates as python-telegram-bot reads them."""

from __future__ import annotations

import itertools
from typing import Any, Final

from telegram import Bot, Update

from bot.emulator import User

LESIA: Final = User(101, "Леся", "uk", username="lesia")
ADA: Final = User(102, "Ada", "en", last_name="Lovelace")
FATIMA: Final = User(103, "فاطمة", "ar")
ADMIN: Final = User(104, "Остап", "uk", username="ostap")
STRANGER: Final = User(105, "X Æ <b>A-12</b> & Söhne", None)
"""A name that must be escaped and a client that tells no language."""

_ids: Final = itertools.count(1)


def update_of(json: dict[str, Any], bot: Bot | None = None) -> Update:
    """An update of the emulator as PTB's object."""
    return Update.de_json(json, bot)


def message(text: str, user: User = LESIA, **fields: Any) -> Update:
    """A private message, for a handler tested alone."""
    number = next(_ids)
    chat = {"id": user.id, "type": "private", "first_name": user.first_name}
    content = {"message_id": number, "date": 1_772_442_000, "chat": chat, "from": user.json(), "text": text}
    return update_of({"update_id": number, "message": content | fields})


def press(data: str, user: User = LESIA) -> Update:
    """A pressed button under a message of the bot, for a handler tested alone."""
    shown = message("menu", user).message
    assert shown is not None
    query = {"id": str(next(_ids)), "from": user.json(), "chat_instance": "1", "data": data, "message": shown.to_dict()}
    return update_of({"update_id": next(_ids), "callback_query": query})


def inline(query: str, user: User = LESIA, offset: str = "") -> Update:
    """A typed inline query, for a handler tested alone."""
    number = next(_ids)
    return update_of({"update_id": number, "inline_query": {"id": str(number), "from": user.json(), "query": query, "offset": offset}})
