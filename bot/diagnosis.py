"""What may be wrong with an installation, asked piece by piece: `main.py check` prints it."""

from __future__ import annotations

import asyncio
import datetime as dt
import enum
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final

import aiohttp

from bot.logs import reason
from data import loading, schema, upkeep
from data.db import Database, is_storage_error, may_exist

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from bot.settings import Settings

PATIENCE: Final = aiohttp.ClientTimeout(connect=10, sock_connect=10, sock_read=10)
SKEW: Final = 30.0
"""Seconds by which our clock may differ from the server's before dates and TLS suffer."""


class Verdict(enum.StrEnum):
    """How good an answer is."""

    OK = "OK"
    WARN = "WARN"
    FAIL = "FAIL"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the diagnosis."""

    verdict: Verdict
    about: str
    words: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What the Bot API said to getMe, and what its clock shows."""

    status: int
    body: dict[str, Any]
    date: dt.datetime | None


async def diagnose(settings: Settings) -> list[Finding]:
    """Everything that can be found out without changing anything."""
    return [*await _telegram(settings), *await _storage(settings.database.value)]


async def _telegram(settings: Settings) -> list[Finding]:
    if settings.token is None:
        return [Finding(Verdict.FAIL, "token", "BOT_TOKEN is not set; @BotFather gives one")]
    try:
        reply = await _get_me(f"{settings.api_url}/bot{settings.token.value}/getMe")
    except (aiohttp.ClientError, OSError, ValueError) as error:
        # The text of an aiohttp error may hold the address, and the address holds the token.
        return [Finding(Verdict.FAIL, "telegram", f"{settings.api_url} cannot be reached: {_connection_reason(error)}")]
    return [*_token(reply), *_clock(reply.date, dt.datetime.now(dt.UTC))]


async def _get_me(url: str) -> Reply:
    async with aiohttp.ClientSession(timeout=PATIENCE) as session, session.get(url, allow_redirects=False) as response:
        body = await response.json(content_type=None)
        date = response.headers.get("Date")
        return Reply(response.status, body if isinstance(body, dict) else {}, parsedate_to_datetime(date) if date else None)


def _token(reply: Reply) -> Iterator[Finding]:
    if not reply.body.get("ok"):
        words = reply.body.get("description") or f"the answer ({reply.status}) is not the Bot API's"
        yield Finding(Verdict.FAIL, "token", f"{words}; is BOT_TOKEN the one that @BotFather gave, and BOT_API_URL right?")
        return
    me = reply.body["result"]
    yield Finding(Verdict.OK, "token", f"@{me.get('username')}")
    if me.get("supports_inline_queries"):
        yield Finding(Verdict.OK, "inline", "on")
    else:
        yield Finding(Verdict.WARN, "inline", "off, so the bot cannot be used from other chats; /setinline at @BotFather turns it on")
    if me.get("can_read_all_group_messages"):
        yield Finding(Verdict.WARN, "privacy", "off, so the bot is sent every message of its groups; /setprivacy at @BotFather turns it on")
    else:
        yield Finding(Verdict.OK, "privacy", "on: in groups the bot is sent only what is meant for it")


def _clock(theirs: dt.datetime | None, ours: dt.datetime) -> Iterator[Finding]:
    if theirs is None:
        yield Finding(Verdict.WARN, "clock", "the server told no date to compare with")
        return
    skew = abs((ours - theirs).total_seconds())
    verdict = Verdict.OK if skew <= SKEW else Verdict.WARN
    yield Finding(verdict, "clock", f"{skew:.0f} s from the server's")


async def _storage(address: str) -> list[Finding]:
    if not may_exist(address):
        return [Finding(Verdict.WARN, "database", "there is none yet; main.py data load or the first start makes it")]
    try:
        async with asyncio.timeout(10), Database(address) as db:
            return [finding async for finding in _stored(db)]
    except Exception as error:
        if not is_storage_error(error):
            raise
        return [Finding(Verdict.FAIL, "database", f"DATABASE_URL cannot be used: {reason(error)}")]


async def _stored(db: Database) -> AsyncIterator[Finding]:
    found = await schema.current(db)
    if found != schema.head():
        yield Finding(
            Verdict.WARN, "database", f"{db.backend}, tables at {found or 'nothing'}; main.py db upgrade brings them to {schema.head()}"
        )
        return
    yield Finding(Verdict.OK, "database", f"{db.backend}, tables at {found}")
    held = await loading.latest(db)
    if held is None:
        yield Finding(Verdict.WARN, "data", "none; main.py data load puts them in")
        return
    records, revision = await loading.read_back(db)
    counts = ", ".join(f"{len(records[table])} {table}" for table in ("cities", "practices", "awards", "faq", "news"))
    if await upkeep.is_up_to_date(db):
        yield Finding(Verdict.OK, "data", f"revision {revision}: {counts}")
    else:
        yield Finding(Verdict.WARN, "data", f"revision {revision}, not the shipped data set: {counts}; main.py data load takes it over")


def _connection_reason(error: Exception) -> str:
    cause = getattr(error, "os_error", None)
    return str(getattr(cause, "strerror", None) or type(cause or error).__name__)
