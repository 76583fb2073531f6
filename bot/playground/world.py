"""The people and chats that a playground begins with."""

from __future__ import annotations

import secrets
import string
from typing import TYPE_CHECKING, Final

from bot.emulator import BotApi, User

if TYPE_CHECKING:
    from bot.emulator.state import Clock

LESIA: Final = User(101, "Леся", "uk", username="lesia")
ADA: Final = User(102, "Ada", "en", last_name="Lovelace", username="ada")
OSTAP: Final = User(103, "Остап", "uk", username="ostap")
"""Runs the group and the channel, and is the administrator of the bot."""

GROUP_TITLE: Final = "Learning team · Команда"
BASIC_TITLE: Final = "Neighbours · Сусіди"
CHANNEL_TITLE: Final = "City news · Новини міста"
TOPICS: Final = ("Ideas · Ідеї", "News · Новини")


def new_token() -> str:
    """A token that nobody holds and that opens nothing.

    The bot's id in it is another each time: this Telegram forgets everything when it stops, so the bot must not believe itself registered.
    """
    letters = string.ascii_letters + string.digits
    return f"{10**9 + secrets.randbelow(10**9)}:playground-{''.join(secrets.choice(letters) for _ in range(24))}"


def new_world(clock: Clock, token: str) -> BotApi:
    """An emulated Telegram with three people, a group with topics, a basic group that may become a supergroup, and a channel."""
    core = BotApi(token, clock=clock, keep_log=False, history=1_000)
    for person in (LESIA, ADA, OSTAP):
        core.knows(person)
    core.group(GROUP_TITLE, [OSTAP, LESIA, ADA], topics=TOPICS)
    core.group(BASIC_TITLE, [LESIA, ADA, OSTAP], kind="group")
    channel = core.channel(CHANNEL_TITLE, username="playground_city_news")
    channel.members |= {OSTAP.id: "creator", LESIA.id: "member", ADA.id: "member"}
    return core
