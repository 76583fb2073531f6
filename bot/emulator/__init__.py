"""A Telegram of one's own: the Bot API for the playground, the load generator and the tests, as strict as the real one.

People act through the methods of `BotApi`, a bot through `call`:

    core = BotApi(clock=clock)
    reader = core.user("Ada", "en")
    core.says(None, reader, "/start")
    [update] = await core.call("getUpdates")
    shown = await core.call("sendMessage", {"chat_id": reader.id, "text": "<b>Hello</b>", "parse_mode": "HTML"})

What Telegram refuses is refused in its words, as far as they are known. A description that begins with `[strict]` marks
what Telegram takes in silence and drops: an unknown parameter, a hundred and first entity. Those are defects too.
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
