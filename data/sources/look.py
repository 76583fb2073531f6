"""One look at a source, of whatever kind."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Final

from data.sources import feed, page
from data.sources.fetch import NotFetched
from data.sources.file import read_file
from data.sources.identity import address_of, key_of
from data.sources.keywords import is_about
from data.sources.model import Look, NotRead, SourceKind, Told, Trouble
from data.sources.polite import rest_seconds

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Iterable

    from data.sources.fetch import Fetched, Fetcher
    from data.sources.model import Source

ARTICLES: Final = 5
"""Pages of single items that one look opens."""

LOG: Final = logging.getLogger(__name__)


async def look(source: Source, fetcher: Fetcher, known: Collection[str], now: dt.datetime) -> Look:
    """What a source tells now. Whatever the source does, the look says what is wrong and nothing is raised.

    `known` are the addresses, as `data.sources.identity.address_of` makes them, of what it told before: their own pages are not opened
    again, so what is told of them may lack its date. Of a list whose articles must be opened a look tells a few new ones, and the next
    look some more.
    """
    try:
        if source.kind is SourceKind.FILE:
            return await _look_into_file(source, fetcher.reach.most_bytes, now)
        return await _look_at_web(source, fetcher, known, now)
    except NotFetched as failure:
        rest = rest_seconds(failure.headers, now)
        return Look(problem=str(failure), failed=True, gone=failure.trouble is Trouble.GONE, rest_seconds=rest)
    except NotRead as failure:
        return Look(problem=str(failure), failed=True)
    except Exception as error:
        # Parsers of what strangers write fail in ways that nobody has listed. One source must not end a round.
        LOG.exception("source_unreadable", extra={"source": source.id})
        return Look(problem=f"{Trouble.UNREADABLE}: {type(error).__name__}", failed=True)


async def _look_into_file(source: Source, most_bytes: int, now: dt.datetime) -> Look:
    body, mark = await asyncio.to_thread(read_file, source.url, most_bytes, source.modified)
    if body is None:
        return Look(modified=mark)
    told = await asyncio.to_thread(feed.read, body, "", "", source.lang, now)
    return Look(_wanted(told, source), modified=mark)


async def _look_at_web(source: Source, fetcher: Fetcher, known: Collection[str], now: dt.datetime) -> Look:
    fetched = await fetcher.get(source.url, source.etag, source.modified)
    rest = rest_seconds(fetched.headers, now)
    if not fetched.changed:
        return Look(etag=source.etag, modified=source.modified, moved_to=fetched.moved_to, rest_seconds=rest)
    etag, modified = fetched.headers.get("ETag"), fetched.headers.get("Last-Modified")
    told = _wanted(await asyncio.to_thread(_read, source, fetched, now), source)
    if source.kind is SourceKind.PAGE:
        told, complete = await _with_articles(source, fetcher, told, known, now)
        if not complete:
            # The rest of the list is for the next look, which "nothing changed" would not show.
            etag = modified = None
    return Look(told, etag, modified, fetched.moved_to, rest)


def _read(source: Source, fetched: Fetched, now: dt.datetime) -> list[Told]:
    content_type = fetched.headers.get("Content-Type", "")
    if source.kind is SourceKind.PAGE:
        return page.read(fetched.body, content_type, fetched.url, source, now)
    return feed.read(fetched.body, content_type, fetched.url, source.lang, now)


async def _with_articles(
    source: Source, fetcher: Fetcher, listed: Iterable[Told], known: Collection[str], now: dt.datetime
) -> tuple[tuple[Told, ...], bool]:
    """What is listed, completed from the pages of what is new, and whether that is all: beyond five pages it waits for the next look."""
    told, opened, complete = list[Told](), 0, True
    for one in listed:
        if address_of(one.url) in known or not page.wants_article(one, source.selectors):
            told.append(one)
        elif opened < ARTICLES:
            opened += 1
            told.append(await _with_article(source, fetcher, one, now))
        else:
            complete = False
    return tuple(told), complete


async def _with_article(source: Source, fetcher: Fetcher, told: Told, now: dt.datetime) -> Told:
    """As listed if its page cannot be had: it is news without a date, and tomorrow the page would be missing again."""
    try:
        article = await fetcher.get(told.url)
    except NotFetched:
        return told
    return await asyncio.to_thread(page.complete, told, article.body, article.headers.get("Content-Type", ""), source, now)


def _wanted(told: Iterable[Told], source: Source) -> tuple[Told, ...]:
    """What is about the network, each thing once."""
    kept, seen = list[Told](), set[str]()
    for one in told:
        names = {key_of(one), address_of(one.url)} - {""}
        if names.isdisjoint(seen) and is_about(one, source.keywords):
            kept.append(one)
        seen |= names
    return tuple(kept)
