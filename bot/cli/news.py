"""`main.py news`: news that admins write."""

from __future__ import annotations

import asyncio
import datetime as dt
import sys
from typing import TYPE_CHECKING, TypeVar

from bot.exits import Exit
from bot.i18n import Languages, match_language
from bot.settings import read_settings
from data import news, upkeep
from data.db import Database

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Awaitable, Callable, Mapping

T = TypeVar("T")


def add(options: Namespace, environment: Mapping[str, str]) -> int:
    """Write a piece of news."""
    languages = Languages()
    lang = match_language(options.lang, languages.held)
    if lang is None:
        print(f"main.py: lang: must be one of {', '.join(languages.held)}", file=sys.stderr)
        return Exit.FAILED
    now = dt.datetime.now(dt.UTC)
    draft = news.Draft(
        title=" ".join(options.title.split()),
        text=" ".join(options.text.split()),
        url=options.url,
        lang=lang,
        date=options.date or f"{now:%Y-%m-%d}",
        cities=tuple(options.city),
        countries=tuple(country.upper() for country in options.country),
        topics=tuple(options.theme),
        deadline=options.deadline,
    )
    try:
        key = with_database(environment, lambda db: news.add(db, draft, now, published=options.publish))
    except news.WrongNews as error:
        for fault in error.faults:
            print(f"main.py: {fault}", file=sys.stderr)
        return Exit.FAILED
    print(f"{key} published" if options.publish else f"{key} kept; main.py news publish {key} shows it to readers")
    return Exit.DONE


def show(_options: Namespace, environment: Mapping[str, str]) -> int:
    """List the news."""
    for item in with_database(environment, news.listing):
        state = "published" if item.published else "unpublished"
        title = item.titles.get("en") or next(iter(item.titles.values()), "")
        print(f"{item.id:<6} {item.date:<10} {item.origin:<5} {state:<11} {','.join(sorted(item.titles)):<8} {title}")
    return Exit.DONE


def publish(options: Namespace, environment: Mapping[str, str]) -> int:
    """Show an item to readers."""
    return _changed(options.id, "published", with_database(environment, lambda db: news.publish(db, options.id, dt.datetime.now(dt.UTC))))


def withdraw(options: Namespace, environment: Mapping[str, str]) -> int:
    """Take an item back; the bot that runs deletes what it sent."""
    how = "withdrawn; the running bot takes it back from the chats that got it"
    return _changed(options.id, how, with_database(environment, lambda db: news.withdraw(db, options.id, dt.datetime.now(dt.UTC))))


def _changed(key: str, how: str, found: bool) -> Exit:
    if not found:
        print(f"main.py: no admin wrote {key}; main.py news list shows all", file=sys.stderr)
        return Exit.FAILED
    print(f"{key} {how}")
    return Exit.DONE


def with_database(environment: Mapping[str, str], act: Callable[[Database], Awaitable[T]]) -> T:
    """Act on a database that is up to date: news are about cities that it must hold."""

    async def work() -> T:
        async with Database(read_settings(environment).database.value) as db:
            await upkeep.bring_up_to_date(db, dt.datetime.now(dt.UTC))
            return await act(db)

    return asyncio.run(work())
