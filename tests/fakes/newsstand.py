"""A web site of this machine that tells news, truly or not."""

from __future__ import annotations

from collections import Counter
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar
from xml.sax.saxutils import escape

from aiohttp import web

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import AsyncIterator, Sequence
    from contextlib import AbstractAsyncContextManager


@dataclass
class Story:
    """What a site tells."""

    title: str
    summary: str = ""
    path: str = ""
    own_id: str = ""
    date: dt.date | None = None


@dataclass
class Newsstand:
    """What is at its paths, and how often each was asked for."""

    url: str = ""
    pages: dict[str, tuple[int, str, str]] = field(default_factory=dict)
    asked: Counter[str] = field(default_factory=Counter)

    def shows(self, path: str, body: str, kind: str = "text/html", status: int = 200) -> str:
        """Put something at a path; its address."""
        self.pages[path] = (status, kind, body)
        return f"{self.url}{path}"

    def tells(self, path: str, stories: Sequence[Story]) -> str:
        """Put a feed at a path; its address."""
        return self.shows(path, self.feed(stories), "application/rss+xml")

    def feed(self, stories: Sequence[Story]) -> str:
        """RSS of these stories."""
        items = "".join(self._item(story) for story in stories)
        return f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>News</title>{items}</channel></rss>'

    def lists(self, path: str, stories: Sequence[Story]) -> str:
        """Put a page that lists stories at a path, with a menu above; its address."""
        rows = "".join(
            f'<article class="teaser"><h3><a href="{story.path}">{escape(story.title)}</a></h3>'
            f'<time datetime="{story.date}">{story.date}</time><p>{escape(story.summary)}</p></article>'
            for story in stories
        )
        menu = '<ul><li><a href="/about">About us</a></li><li><a href="/en">English</a></li><li><a href="/contact">Contact</a></li></ul>'
        return self.shows(path, f"<html><head><title>News</title></head><body>{menu}<main>{rows}</main></body></html>")

    def _item(self, story: Story) -> str:
        parts = {
            "title": story.title,
            "description": story.summary,
            "link": f"{self.url}{story.path}" if story.path else "",
            "guid": story.own_id,
            "pubDate": f"{story.date:%a, %d %b %Y 08:00:00 +0000}" if story.date else "",
        }
        return f"<item>{''.join(f'<{name}>{escape(text)}</{name}>' for name, text in parts.items() if text)}</item>"

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """As the pages say."""
        self.asked[request.path] += 1
        status, kind, body = self.pages.get(request.path, (404, "text/plain", "nothing"))
        return web.Response(status=status, body=body.encode(), headers={"Content-Type": f"{kind}; charset=utf-8"})


Stand = TypeVar("Stand", bound=Newsstand)


@asynccontextmanager
async def opened(stand: Stand) -> AsyncIterator[Stand]:
    """The same one, open."""
    app = web.Application()
    app.router.add_route("GET", "/{path:.*}", stand.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    stand.url = f"http://localhost:{runner.addresses[0][1]}"
    try:
        yield stand
    finally:
        await runner.cleanup()


def newsstand() -> AbstractAsyncContextManager[Newsstand]:
    """One that is open."""
    return opened(Newsstand())
