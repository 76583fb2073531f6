"""Somebody who publishes news on a server of this machine, honestly or not."""

from __future__ import annotations

import asyncio
import datetime as dt
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

import pytest_asyncio
from aiohttp import web

from data.sources.fetch import Fetcher, Reach
from data.sources.model import Source, SourceKind, Trust

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Mapping

NOW: Final = dt.datetime(2026, 11, 24, 12, 0, tzinfo=dt.UTC)
ITEM: Final = (
    "<item><guid isPermaLink='false'>n{0}</guid><title>Learning city number {0} opens a centre</title><link>/news/{0}?utm_source=rss</link>"
    "<pubDate>Tue, 24 Nov 2026 00:30:00 +0200</pubDate>"
    "<description><![CDATA[<p>It opened in St. Anna on day {0}. More follows.</p>]]></description></item>"
)


def rss(*items: str) -> str:
    """A feed of these items."""
    return f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>News</title>{"".join(items)}</channel></rss>'


FEED: Final = rss(*(ITEM.format(number) for number in (1, 2)))


class Publisher:
    """A server: `publisher.has("/feed", FEED)`. It remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[web.Request] = []
        self.at_once = 0
        self._now = 0
        self._answers: dict[str, Callable[[web.Request], Awaitable[web.StreamResponse]]] = {}
        self.address = ""

    def has(self, path: str, body: str | bytes = "", *, status: int = 200, headers: Mapping[str, str] | None = None) -> str:
        """Answer so at a path; its address."""
        whole = body.encode() if isinstance(body, str) else body

        async def answer(_request: web.Request) -> web.StreamResponse:
            return web.Response(body=whole, status=status, headers=headers)

        return self.does(path, answer)

    def does(self, path: str, answer: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> str:
        """Act so at a path; its address."""
        self._answers[path] = answer
        return f"{self.address}{path}"

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Publisher]:
        """Serve."""
        application = web.Application()
        application.router.add_get("/{path:.*}", self._answer)
        runner = web.AppRunner(application, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.address = f"http://127.0.0.1:{runner.addresses[0][1]}"
        try:
            yield self
        finally:
            await runner.cleanup()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request)
        self._now += 1
        self.at_once = max(self.at_once, self._now)
        try:
            await asyncio.sleep(0)
            found = self._answers.get(request.path)
            return await found(request) if found else web.Response(status=404)
        finally:
            self._now -= 1


@pytest_asyncio.fixture
async def publisher() -> AsyncIterator[Publisher]:
    """A server of this machine."""
    async with Publisher().open() as opened:
        yield opened


@pytest_asyncio.fixture
async def fetcher() -> AsyncIterator[Fetcher]:
    """Reaches this machine, and is in a hurry."""
    async with Fetcher(Reach(agent="learning-cities-bot/test (+mailto:me@example.org)", private=True, seconds=2, pause=0)) as opened:
        yield opened


def source(url: str, kind: SourceKind = SourceKind.FEED, **changed: object) -> Source:
    """A source that was never looked at."""
    values: dict[str, object] = {
        "id": "press",
        "kind": kind,
        "url": url,
        "lang": "en",
        "selectors": {},
        "keywords": (),
        "trust": Trust.ASK,
        "minutes": 60,
        "is_on": True,
        "failures": 0,
        "problem": "",
    }
    empty = dict.fromkeys(("verified_at", "etag", "modified", "next_at", "fetched_at", "succeeded_at", "told_at"))
    return Source(**{**empty, **values, **changed})  # type: ignore[arg-type]
