"""What an address is good for: a feed, a page that names its feed, or a page that lists news."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from selectolax.lexbor import LexborHTMLParser

from data.names import normalise
from data.sources import feed, page
from data.sources.identity import clean, same_host
from data.sources.model import NotRead, SourceKind, Trouble
from data.sources.store import wished
from data.sources.text import decode

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from data.sources.fetch import Fetched, Fetcher
    from data.sources.model import Source, Told
    from data.sources.wish import Wish

FEEDS: Final = 'link[rel~="alternate"][type="application/rss+xml"], link[rel~="alternate"][type="application/atom+xml"]'
ITEMS: Final = (
    "article",
    ".views-row",
    ".news-item",
    ".teaser",
    ".card",
    ".post",
    "main li",
    "#content li",
    ".content li",
    "h2",
    "h3",
    "h4",
    "li",
)
"""What usually holds one piece of news, the most telling first."""
TITLES: Final = "h1, h2, h3, h4, .title, a[href]"
DATES: Final = "time, .date, .datetime, [class*=date]"
SUMMARIES: Final = "p, .summary, .teaser-text, .description"
MOST_FEEDS: Final = 3
"""Feeds of a page that are tried; the first is that of its news, others of comments."""
LEAST: Final = 3
"""Pieces of news on a list; fewer may be anything."""
HEADLINE_WORDS: Final = 3
"""Words of a headline; what is shorter leads to other parts of the site."""


async def discover(wish: Wish, fetcher: Fetcher, now: dt.datetime) -> Wish:
    """The wish with the kind, the address and the selectors that fit what is at its address. Raises NotRead."""
    found = await fetcher.get(wish.url)
    kind = found.headers.get("Content-Type", "")
    if _is_feed(found, wish.lang, now):
        return replace(wish, kind=SourceKind.FEED, url=found.url, selectors={})
    for url in feeds_of(found.body, kind, found.url)[:MOST_FEEDS]:
        try:
            if _is_feed(await fetcher.get(url), wish.lang, now):
                return replace(wish, kind=SourceKind.FEED, url=url, selectors={})
        except NotRead:
            continue
    if selectors := selectors_of(found.body, kind, found.url, wished(wish), now):
        return replace(wish, kind=SourceKind.PAGE, url=found.url, selectors=selectors)
    raise NotRead(Trouble.NO_FEED)


def _is_feed(found: Fetched, lang: str, now: dt.datetime) -> bool:
    try:
        return bool(feed.read(found.body, found.headers.get("Content-Type", ""), found.url, lang, now))
    except NotRead:
        return False


def feeds_of(body: bytes, content_type: str, base: str) -> list[str]:
    """The feeds that a page names, in its order."""
    tree = LexborHTMLParser(decode(body, content_type))
    found = (clean(node.attributes.get("href") or "", base) for node in tree.css(FEEDS))
    return list(dict.fromkeys(url for url in found if url))


def selectors_of(body: bytes, content_type: str, base: str, like: Source, now: dt.datetime) -> Mapping[str, str] | None:
    """Selectors by which a page gives most headlines that lead to pages of the same site; None if it does not look like a list.

    `like` is the source that it would be; its own selectors do not count.
    """
    best, most = None, LEAST - 1
    for item in ITEMS:
        selectors = {"item": item, "title": TITLES, "summary": SUMMARIES, "date": DATES}
        try:
            told = page.read(body, content_type, base, replace(like, selectors=selectors), now)
        except NotRead:
            continue
        count = len(_headlines(told, base))
        # A later guess must find clearly more: what comes first says more.
        if count > most * (1 if best is None else 2):
            best, most = selectors, count
    return best


def _headlines(told: Sequence[Told], base: str) -> set[str]:
    """The pages that headlines lead to; a menu has short words, or leads elsewhere."""
    return {
        one.url
        for one in told
        if one.url and one.url != base and same_host(one.url, base) and len(normalise(one.title).split()) >= HEADLINE_WORDS
    }
