"""What an operator may set, read once from the environment into one frozen object.

A value that is wrong, or a combination that makes no sense, raises `WrongSetting` with the variable's name and what is allowed.
The message never repeats the value: it may be a secret pasted into the wrong line.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar
from urllib.parse import urlsplit

from bot.roles import Role
from data.db import UnusableAddress, parse_address

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

T = TypeVar("T")

HOME: Final = Path(__file__).resolve().parent.parent
PUBLIC_SERVER: Final = "https://api.telegram.org"
TOKEN: Final = re.compile(r"\d{1,20}:[A-Za-z0-9_-]{10,}")
SECRET: Final = re.compile(r"[A-Za-z0-9_-]{16,256}")
CONTACT: Final = re.compile(r"https?://[!-'*-~]{3,200}|[!-'*-?A-~]{1,64}@[A-Za-z0-9.-]{3,200}")
MOST_AT_ONCE: Final = 200
"""News under way to Telegram at the same time; the client has 256 connections, and the others are for answers to people."""
LEVELS: Final = ("DEBUG", "INFO", "WARNING", "ERROR")


class WrongSetting(ValueError):
    """A variable of the environment that the bot cannot start with."""

    def __init__(self, name: str, allowed: str) -> None:
        super().__init__(f"{name} must be {allowed}")
        self.name = name


@dataclass(frozen=True, slots=True)
class Secret:
    """A value that is never shown: neither in a log nor in a traceback."""

    value: str

    def __repr__(self) -> str:
        return "Secret(...)"

    __str__ = __repr__


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where Telegram delivers updates, and the word by which we know that it is Telegram."""

    url: str
    secret: Secret


@dataclass(frozen=True, slots=True)
class Limits:
    """The tunables. Seconds unless the name says otherwise."""

    catalogue_check: float = 2
    """How often a process looks for what others changed, by two small queries: a new revision of the data set, and wishes of chats."""
    drain: float = 8
    """How long updates and deliveries in hand may take after SIGTERM; with all that is closed then, the process ends within 10 s."""
    page: int = 10
    """Rows of a list shown at once."""
    countries: int = 20
    """Rows of the list of countries shown at once."""
    inline_page: int = 10
    """Inline results at once; Telegram takes at most 50."""
    inline_cache: int = 300
    """How long Telegram may keep inline results."""
    remembered_chats: int = 50_000
    """Chats whose preferences and follows stay in memory..."""
    remembered: float = 300
    """...for so long at most. What another process changes is heard of within `catalogue_check`; what it erases is not."""
    poll_silence: float = 90
    """Without a successful poll for so long the process gives up."""
    conflict: float = 30
    """While another process polls with our token for so long, without a poll of ours between, the process gives way."""
    poll_timeout: int = 25
    """How long Telegram may hold a poll open."""
    at_once: int = 64
    """Updates handled at the same time."""
    waiting_per_chat: int = 20
    """Updates of one chat that may wait their turn; more are dropped, and the chat is told once."""
    waiting: int = 2_000
    """Updates that may wait in all, before polling pauses."""
    reply_pause: float = 6
    """The longest pause that Telegram may ask for before an answer to a person is given up."""
    reports_per_hour: int = 5
    """Mistakes that one chat may report in an hour."""
    bulk_per_second: float = 20
    """Items sent in a second. Telegram takes 30 for nothing, with answers to people; above that each is paid for, up to 1,000."""
    requests_at_once: int = 16
    """Items under way to Telegram; so many are uncertain at most when the process is killed. A quarter of the rate is enough."""
    deliveries_kept_days: int = 90
    """How long it is known who got an item."""
    unreachable_kept_days: int = 90
    """How long the follows of a chat that cannot be reached are kept."""
    unanswered_kept_days: int = 30
    """How long the words of questions without an answer are kept..."""
    unanswered_kept: int = 50_000
    """...and of how many questions, the newest."""
    tidying: float = 3_600
    """How often to look for what is old."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything read from the environment."""

    token: Secret | None = None
    api_url: str = PUBLIC_SERVER
    database: Secret = field(default_factory=lambda: Secret(f"sqlite:///{HOME / 'var' / 'bot.db'}"))
    admins: frozenset[int] = frozenset()
    webhook: Webhook | None = None
    role: Role = Role.ALL
    host: str = "127.0.0.1"
    port: int = 8080
    log_level: str = "INFO"
    news_poll_minutes: int = 0
    news_private_addresses: bool = False
    """Whether sources of news may be on this machine and its network."""
    contact: str = ""
    """Where those who publish news find whoever runs this bot: a page or a mail address."""
    limits: Limits = field(default_factory=Limits)


def read_settings(environment: Mapping[str, str], role: Role = Role.ALL) -> Settings:
    """The settings that an environment asks for, for a process of this role. An empty variable counts as not set. Raises WrongSetting."""
    default = Settings()
    read = _Reader({name: value.strip() for name, value in environment.items() if value.strip()})
    token, webhook = read("BOT_TOKEN", _token, None), _webhook(read)
    if role is not Role.ALL and token is None:
        raise WrongSetting("BOT_TOKEN", "set where roles are shared out: a playground is one process")
    if role is Role.WEB and webhook is None:
        raise WrongSetting("WEBHOOK_URL", "set for --role web: only one process can poll, but any number can be called")
    return Settings(
        token=token,
        api_url=read("BOT_API_URL", _server, default.api_url),
        database=read("DATABASE_URL", _database, default.database),
        admins=read("ADMIN_IDS", _ids, default.admins),
        webhook=webhook,
        role=role,
        host=read("HOST", _host, default.host),
        port=read("PORT", _whole("PORT", 0, 65_535), default.port),
        log_level=read("LOG_LEVEL", _level, default.log_level),
        news_poll_minutes=read("NEWS_POLL_MINUTES", _whole("NEWS_POLL_MINUTES", 0, 24 * 60), default.news_poll_minutes),
        news_private_addresses=bool(read("NEWS_PRIVATE_ADDRESSES", _whole("NEWS_PRIVATE_ADDRESSES", 0, 1), 0)),
        contact=read("CONTACT", _contact, default.contact),
        limits=_limits(read),
    )


class _Reader:
    def __init__(self, values: Mapping[str, str]) -> None:
        self.values = values

    def __call__(self, name: str, parse: Callable[[str], T], default: T) -> T:
        return parse(self.values[name]) if name in self.values else default


def _limits(read: _Reader) -> Limits:
    default = Limits()
    rate = read("BULK_PER_SECOND", _whole("BULK_PER_SECOND", 1, 1_000), default.bulk_per_second)
    enough = max(default.requests_at_once, min(MOST_AT_ONCE, math.ceil(rate / 4)))
    return Limits(bulk_per_second=rate, requests_at_once=read("BULK_AT_ONCE", _whole("BULK_AT_ONCE", 1, MOST_AT_ONCE), enough))


def _webhook(read: _Reader) -> Webhook | None:
    url = read("WEBHOOK_URL", _webhook_url, "")
    secret = read("WEBHOOK_SECRET", _secret, None)
    if url and secret is None:
        raise WrongSetting("WEBHOOK_SECRET", "set when WEBHOOK_URL is: 16 to 256 letters, digits, _ or -")
    if secret is not None and not url:
        raise WrongSetting("WEBHOOK_URL", "set when WEBHOOK_SECRET is: the public https address that Telegram calls")
    return Webhook(url, secret) if secret is not None else None


def _token(value: str) -> Secret:
    if not TOKEN.fullmatch(value):
        raise WrongSetting("BOT_TOKEN", "the token that @BotFather gave, of the form 123456:ABC-DEF")
    return Secret(value)


def _secret(value: str) -> Secret:
    if not SECRET.fullmatch(value):
        raise WrongSetting("WEBHOOK_SECRET", "16 to 256 letters, digits, _ or -")
    return Secret(value)


def _address(name: str, value: str, schemes: tuple[str, ...]) -> str:
    allowed = f"an address that begins with {' or '.join(f'{scheme}://' for scheme in schemes)}"
    try:
        parts = urlsplit(value)
        usable = parts.scheme in schemes and bool(parts.hostname) and not parts.query and not parts.fragment and (parts.port or 1) > 0
    except ValueError:
        usable = False
    if not usable:
        raise WrongSetting(name, allowed)
    return value.rstrip("/")


def _server(value: str) -> str:
    return _address("BOT_API_URL", value, ("https", "http"))


def _webhook_url(value: str) -> str:
    return _address("WEBHOOK_URL", value, ("https", "http"))


def _database(value: str) -> Secret:
    try:
        parse_address(value)
    except UnusableAddress as error:
        raise WrongSetting("DATABASE_URL", f"an address of SQLite or PostgreSQL: {error}") from None
    return Secret(value)


def _ids(value: str) -> frozenset[int]:
    parts = [part for part in re.split(r"[,\s]+", value) if part]
    if not all(re.fullmatch(r"[1-9]\d{0,15}", part) for part in parts):
        raise WrongSetting("ADMIN_IDS", "numeric Telegram user ids, separated by commas")
    return frozenset(map(int, parts))


def _host(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9.:_-]+", value):
        raise WrongSetting("HOST", "a host name or an IP address to listen on")
    return value


def _level(value: str) -> str:
    if value.upper() not in LEVELS:
        raise WrongSetting("LOG_LEVEL", f"one of {', '.join(LEVELS)}")
    return value.upper()


def _contact(value: str) -> str:
    # It becomes part of a header of HTTP.
    if not CONTACT.fullmatch(value):
        raise WrongSetting("CONTACT", "an address of a page that begins with https:// or http://, or a mail address")
    return value


def _whole(name: str, least: int, most: int) -> Callable[[str], int]:
    def parse(value: str) -> int:
        if not re.fullmatch(r"\d{1,9}", value) or not least <= int(value) <= most:
            raise WrongSetting(name, f"a whole number from {least} to {most}")
        return int(value)

    return parse
