"""A Telegram of one's own: the Bot API for the playground, the load generator and the tests, as strict as the real one.

Start with `BotApi`: people act through its methods, a bot through `call`.
"""

from bot.emulator.core import TOKEN, BotApi
from bot.emulator.errors import (
    ApiError,
    ConnectionCut,
    bad_request,
    conflict,
    forbidden,
    migrated,
    refused_by_world,
    server_error,
    too_many_requests,
    unauthorized,
)
from bot.emulator.moods import Cut, Mood, Slow, Unreachable
from bot.emulator.people import ImpossibleAct
from bot.emulator.signatures import Upload
from bot.emulator.state import Call, Chat, Event, Happening, Refusal, User

__all__ = [
    "TOKEN",
    "ApiError",
    "BotApi",
    "Call",
    "Chat",
    "ConnectionCut",
    "Cut",
    "Event",
    "Happening",
    "ImpossibleAct",
    "Mood",
    "Refusal",
    "Slow",
    "Unreachable",
    "Upload",
    "User",
    "bad_request",
    "conflict",
    "forbidden",
    "migrated",
    "refused_by_world",
    "server_error",
    "too_many_requests",
    "unauthorized",
]
