"""`main.py questions`: what people asked in vain."""

from __future__ import annotations

import asyncio
import csv
import datetime as dt
import sys
from typing import TYPE_CHECKING, Final, TypeVar

from bot.exits import Exit
from bot.i18n import Languages, match_language
from bot.settings import read_settings
from data import schema, unanswered
from data.db import Database, may_exist

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Awaitable, Callable, Mapping
    from pathlib import Path
    from typing import TextIO

    from sqlalchemy.ext.asyncio import AsyncConnection

T = TypeVar("T")

COLUMNS: Final = ("asked_at", "language", "refusal", "words")


def show(options: Namespace, environment: Mapping[str, str]) -> int:
    """The most frequent words and refusals of each language."""
    found = _asked(options, environment, unanswered.tallies)
    if isinstance(found, Exit):
        return found
    for tally in found:
        print(f"{tally.language}: {tally.questions} questions without an answer")
        for heading, rows in (("words", tally.words), ("refusals", tally.refusals)):
            for name, times in rows[: options.most]:
                print(f"  {heading:<9} {times:>6}  {name}")
    if not found:
        print("no questions without an answer")
    return Exit.DONE


def export(options: Namespace, environment: Mapping[str, str]) -> int:
    """Each question as a row of a CSV file."""
    found = _asked(options, environment, unanswered.listed)
    if isinstance(found, Exit):
        return found
    out: Path | None = options.out
    if out is None:
        _write(found, sys.stdout)
        return Exit.DONE
    with out.open("w", encoding="utf-8", newline="") as file:
        _write(found, file)
    print(f"{len(found)} questions in {out}")
    return Exit.DONE


def _write(found: list[tuple[unanswered.Unanswered, dt.datetime]], file: TextIO) -> None:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows((f"{asked:%Y-%m-%dT%H:%MZ}", one.language, one.refusal, " ".join(one.words)) for one, asked in found)


def _asked(
    options: Namespace,
    environment: Mapping[str, str],
    read: Callable[[AsyncConnection, dt.datetime, str | None], Awaitable[T]],
) -> T | Exit:
    """What the database holds of the days for which it is kept, or why that cannot be told."""
    settings, held = read_settings(environment), Languages().held
    language = match_language(options.lang, held) if options.lang else None
    if options.lang and language is None:
        print(f"main.py: lang: must be one of {', '.join(held)}", file=sys.stderr)
        return Exit.FAILED
    since = dt.datetime.now(dt.UTC) - dt.timedelta(days=settings.limits.unanswered_kept_days)

    async def work() -> T | None:
        if not may_exist(settings.database.value):
            return None
        async with Database(settings.database.value) as db:
            if await schema.current(db) != schema.head():
                return None
            async with db.read() as connection:
                return await read(connection, since, language)

    found = asyncio.run(work())
    if found is None:
        print("main.py: there is no database of this version; main.py db upgrade makes one", file=sys.stderr)
        return Exit.FAILED
    return found
