"""Getting what is at an address: politely, within limits, and only where the bot may connect to."""

from __future__ import annotations

import asyncio
import os
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Self
from urllib.parse import urljoin, urlsplit

import aiohttp

from data.sources.connector import NotPublic, connector
from data.sources.identity import clean
from data.sources.model import NotRead, Trouble

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

OK: Final = 200
NOT_MODIFIED: Final = 304
GONE: Final = 410
PERMANENT: Final = frozenset({301, 308})
REDIRECTS: Final = PERMANENT | {302, 303, 307}
_CHUNK: Final = 65_536
_ACCEPT: Final = "application/rss+xml, application/atom+xml, application/xml;q=0.9, text/html;q=0.8, */*;q=0.1"


class NotFetched(NotRead):
    """What is at an address cannot be had."""

    def __init__(self, trouble: Trouble, detail: str = "", headers: Mapping[str, str] | None = None) -> None:
        super().__init__(trouble, detail)
        self.headers: Mapping[str, str] = headers or {}
        """Of the answer that refused it, by names in any case; empty if there was none."""


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a fetcher goes."""

    agent: str = "learning-cities-bot"
    """How it introduces itself, with a contact."""
    private: bool = False
    """Whether it may connect to this machine, its network and any port."""
    seconds: float = 20.0
    """For an answer with all of its redirects, however slowly it drips; waiting for a turn at a host is not counted."""
    most_bytes: int = 5_000_000
    """Of an answer as unpacked."""
    most_redirects: int = 5
    pause: float = 1.0
    """Seconds between two requests to one host."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What was at an address."""

    url: str
    """Where it was in the end."""
    body: bytes
    """Empty if nothing changed."""
    headers: Mapping[str, str]
    """By names in any case."""
    changed: bool
    moved_to: str | None
    """Where it lives from now on, if redirects that say so led there."""


@dataclass(slots=True)
class _Turn:
    """Who may ask a host, and from when on."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    free_at: float = 0.0


class Fetcher:
    """Asks other people's servers: `async with Fetcher(reach) as fetcher: await fetcher.get(url)`.

    Meant for one round of looks: it remembers each host that it asked.
    """

    def __init__(self, reach: Reach) -> None:
        self.reach = reach
        self._turns: dict[str, _Turn] = {}

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            connector=connector(private=self.reach.private),
            cookie_jar=aiohttp.DummyCookieJar(),
            # No proxy of the environment: it would connect for us, to wherever it likes.
            trust_env=False,
            # The clock is ours: it covers all redirects of an answer.
            timeout=aiohttp.ClientTimeout(total=None),
            headers={"User-Agent": self.reach.agent, "Accept": _ACCEPT, "Accept-Encoding": "gzip, deflate"},
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()

    async def get(self, url: str, etag: str | None = None, modified: str | None = None) -> Fetched:
        """What is at an address, unless it is still what `etag` and `modified` name. Raises NotFetched."""
        conditions = {"If-None-Match": etag, "If-Modified-Since": modified}
        asked = {name: value for name, value in conditions.items() if value}
        left, permanent, moved_to = self.reach.seconds, True, None
        loop = asyncio.get_running_loop()
        for _ in range(self.reach.most_redirects + 1):
            host = _host(url)
            async with self._turn(host):
                begun = loop.time()
                status, headers, body = await self._ask(url, asked, left)
                left -= loop.time() - begun
            if status not in REDIRECTS:
                return _judged(Fetched(url, body, headers, status != NOT_MODIFIED, moved_to), status)
            url = _target(url, headers.get("Location", ""))
            permanent = permanent and status in PERMANENT
            moved_to = clean(url) if permanent else moved_to
        raise NotFetched(Trouble.REDIRECTS)

    async def _ask(self, url: str, headers: Mapping[str, str], seconds: float) -> tuple[int, Mapping[str, str], bytes]:
        """Status, headers and body of one answer; the body only where it is wanted."""
        try:
            async with (
                asyncio.timeout(max(seconds, 0.0)),
                self._session.get(url, headers=headers, allow_redirects=False) as answer,
            ):
                body = await self._read(answer) if answer.status == OK else b""
                return answer.status, answer.headers, body
        except TimeoutError:
            raise NotFetched(Trouble.SLOW, f"{self.reach.seconds:g} s") from None
        except (aiohttp.InvalidURL, aiohttp.NonHttpUrlClientError, ValueError):
            raise NotFetched(Trouble.ADDRESS) from None
        except aiohttp.ClientConnectorError as error:
            if isinstance(error.os_error, NotPublic):
                raise NotFetched(Trouble.PRIVATE) from None
            raise NotFetched(Trouble.CONNECTION, _reason(error)) from None
        except (aiohttp.ClientError, OSError) as error:
            raise NotFetched(Trouble.CONNECTION, type(error).__name__) from None

    async def _read(self, answer: aiohttp.ClientResponse) -> bytes:
        """A body, unpacked bit by bit, so that a small one that unpacks to gigabytes is left in time."""
        body = bytearray()
        async for chunk in answer.content.iter_chunked(_CHUNK):
            body += chunk
            if len(body) > self.reach.most_bytes:
                # Closed, not returned to the pool: the rest would be read on the next request.
                answer.close()
                raise NotFetched(Trouble.LARGE, f"{self.reach.most_bytes / 1_000_000:g} MB")
        return bytes(body)

    @asynccontextmanager
    async def _turn(self, host: str) -> AsyncIterator[None]:
        """One request at a time to a host, and a pause after it."""
        turn, loop = self._turns.setdefault(host, _Turn()), asyncio.get_running_loop()
        async with turn.lock:
            await asyncio.sleep(max(0.0, turn.free_at - loop.time()))
            try:
                yield
            finally:
                turn.free_at = loop.time() + self.reach.pause


def _host(url: str) -> str:
    """The host of an address of the web. Raises NotFetched."""
    if not clean(url):
        raise NotFetched(Trouble.ADDRESS)
    return urlsplit(url).hostname or ""


def _reason(error: aiohttp.ClientConnectorError) -> str:
    """In the words of the operating system: asyncio puts addresses into them, which say nothing to an admin."""
    number = error.os_error.errno
    return os.strerror(number) if number and number > 0 else error.os_error.strerror or type(error).__name__


def _target(url: str, location: str) -> str:
    """Where a redirect leads. Raises NotFetched."""
    try:
        target = urljoin(url, location)
    except ValueError:
        target = ""
    if not location or not clean(target):
        raise NotFetched(Trouble.ADDRESS)
    return target


def _judged(fetched: Fetched, status: int) -> Fetched:
    if status == GONE:
        raise NotFetched(Trouble.GONE, str(status), fetched.headers)
    if status not in {OK, NOT_MODIFIED}:
        raise NotFetched(Trouble.STATUS, str(status), fetched.headers)
    return fetched
