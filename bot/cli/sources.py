"""`main.py news sources`: where news comes from."""

from __future__ import annotations

import asyncio
import datetime as dt
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from bot.cli.news import with_database
from bot.exits import Exit
from bot.fetching import reach_of
from bot.settings import read_settings
from data.sources import store
from data.sources.fetch import Fetcher
from data.sources.look import look
from data.sources.model import SourceKind, Trust
from data.sources.wish import Wish, WrongSource, faults_of

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Awaitable, Callable, Iterable, Mapping

    from sqlalchemy.ext.asyncio import AsyncConnection

    from data.db import Database
    from data.sources.model import Look, Source

T = TypeVar("T")

NO_DATE: Final = "no date"


def show(_options: Namespace, environment: Mapping[str, str]) -> int:
    """List the sources."""
    for source in _stored(environment, store.listing):
        state = "on" if source.is_on else "off"
        verified = f"{source.verified_at:%Y-%m-%d}" if source.verified_at else "unverified"
        print(f"{source.id:<20} {source.kind:<4} {state:<3} {source.lang:<5} {source.trust:<7} {verified:<10} {source.url}")
        if source.problem:
            print(f"{'':<20} {source.problem}; failed {source.failures} times in a row")
    return Exit.DONE


def add(options: Namespace, environment: Mapping[str, str]) -> int:
    """Keep a source, off."""
    wish, now = _wish(options), dt.datetime.now(dt.UTC)
    try:
        source = _stored(environment, lambda connection: store.add(connection, wish, now), write=True)
    except WrongSource as error:
        return _refused(error.faults)
    print(f"{source.id} kept, off; main.py news sources probe {source.id} shows what it gives")
    return Exit.DONE


def probe(options: Namespace, environment: Mapping[str, str]) -> int:
    """Show what a source would give; nothing is stored."""
    if bool(options.id) == bool(options.url):
        return _refused(["url: give either the id of a source or --url and what belongs to it"])
    if options.id:
        source = _stored(environment, lambda connection: store.by_id(connection, options.id))
        if source is None:
            return _unknown(options.id)
        # As if for the first time: what was seen before is shown, too.
        source = replace(source, etag=None, modified=None)
    elif faults := faults_of(wish := _wish(options)):
        return _refused(faults)
    else:
        source = store.wished(wish)
    seen = asyncio.run(_look(source, environment))
    _tell(seen)
    return Exit.FAILED if seen.failed else Exit.DONE


def verify(options: Namespace, environment: Mapping[str, str]) -> int:
    """Note that a person saw that a source gives what it should."""
    now = dt.datetime.now(dt.UTC)
    return _changed(options.id, "verified", environment, lambda connection: store.verify(connection, options.id, now))


def on(options: Namespace, environment: Mapping[str, str]) -> int:
    """Look at a source from now on."""
    now = dt.datetime.now(dt.UTC)
    source = _stored(environment, lambda connection: store.switch(connection, options.id, now, on=True), write=True)
    if source is None:
        return _unknown(options.id)
    print(f"{source.id} on")
    if source.verified_at is None:
        print(f"main.py: nobody verified {source.id}; main.py news sources probe {source.id} shows what it gives", file=sys.stderr)
    return Exit.DONE


def off(options: Namespace, environment: Mapping[str, str]) -> int:
    """Look at a source no more."""
    now = dt.datetime.now(dt.UTC)
    return _changed(options.id, "off", environment, lambda connection: store.switch(connection, options.id, now, on=False))


def move(options: Namespace, environment: Mapping[str, str]) -> int:
    """Look for a source elsewhere."""
    now = dt.datetime.now(dt.UTC)
    try:
        return _changed(options.id, "moved", environment, lambda connection: store.move(connection, options.id, options.url, now))
    except WrongSource as error:
        return _refused(error.faults)


def remove(options: Namespace, environment: Mapping[str, str]) -> int:
    """Forget a source."""
    if not _stored(environment, lambda connection: store.remove(connection, options.id), write=True):
        return _unknown(options.id)
    print(f"{options.id} removed")
    return Exit.DONE


def _wish(options: Namespace) -> Wish:
    # A file is called by its whole path, whatever the folder in which the bot runs.
    url = str(Path(options.url).absolute()) if options.kind == SourceKind.FILE else options.url
    return Wish(
        kind=SourceKind(options.kind),
        url=url,
        lang=options.lang,
        id=options.id or "",
        selectors=dict(options.select),
        keywords=tuple(options.keyword),
        trust=Trust(options.trust),
        minutes=options.minutes,
    )


async def _look(source: Source, environment: Mapping[str, str]) -> Look:
    async with Fetcher(reach_of(read_settings(environment))) as fetcher:
        return await look(source, fetcher, (), dt.datetime.now(dt.UTC))


def _tell(seen: Look) -> None:
    for told in seen.told:
        print(f"{told.date or NO_DATE!s:<10}  {told.title}\n{'':<12}{told.url or 'no link'}")
        if told.summary:
            print(f"{'':<12}{told.summary}")
    dated = sum(1 for told in seen.told if told.date)
    print(f"{len(seen.told)} items, {dated} with a date")
    if seen.moved_to:
        print(f"main.py: it moved for good to {seen.moved_to}", file=sys.stderr)
    if seen.problem:
        print(f"main.py: {seen.problem}", file=sys.stderr)


def _changed(key: str, how: str, environment: Mapping[str, str], change: Callable[[AsyncConnection], Awaitable[Source | None]]) -> Exit:
    if _stored(environment, change, write=True) is None:
        return _unknown(key)
    print(f"{key} {how}")
    return Exit.DONE


def _unknown(key: str) -> Exit:
    return _refused([f"there is no source {key}; main.py news sources list shows all"])


def _refused(faults: Iterable[str]) -> Exit:
    for fault in faults:
        print(f"main.py: {fault}", file=sys.stderr)
    return Exit.FAILED


def _stored(environment: Mapping[str, str], act: Callable[[AsyncConnection], Awaitable[T]], *, write: bool = False) -> T:
    """Act on the sources that are stored, in one transaction."""

    async def work(db: Database) -> T:
        async with db.write() if write else db.read() as connection:
            return await act(connection)

    return with_database(environment, work)
