"""`main.py data`: check, load and export the data set."""

from __future__ import annotations

import asyncio
import datetime as dt
import sys
from typing import TYPE_CHECKING, TextIO

from bot.cli.progress import table_bar
from bot.exits import Exit
from bot.settings import read_settings
from data import export as files
from data import loading, schema, sheets, upkeep
from data.check import Coverage, check_places, coverage
from data.check import check as check_rules
from data.db import Database, may_exist
from data.questions.check import check_questions
from data.sources import shipped

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from data.loading import Loaded
    from data.sheets import Defect


def check(options: Namespace, _environment: Mapping[str, str]) -> int:
    """Name every defect, then say how far the set goes."""
    folder: Path = options.seed or sheets.SEED
    records, unread = sheets.read(folder)
    defects = check_rules(records, unread)
    places = folder / "places.tsv"
    if places.is_file() or folder == sheets.SEED:
        defects += check_places(places)
    if (folder / "concepts.csv").is_file() or folder == sheets.SEED:
        defects += check_questions(folder, [row["id"] for row in records["faq"]])
    defects += shipped.read(folder)[1]
    _name(defects, sys.stdout)
    _show(coverage(records))
    return Exit.FAILED if defects else Exit.DONE


def load(options: Namespace, environment: Mapping[str, str]) -> int:
    """Put the set into the database, unless it has a defect."""

    async def work() -> Loaded:
        async with Database(read_settings(environment).database.value) as db:
            return await upkeep.load_seed(db, dt.datetime.now(dt.UTC), options.seed or sheets.SEED, table_bar())

    try:
        loaded = asyncio.run(work())
    except upkeep.BadSeed as bad:
        _name(bad.defects, sys.stderr)
        print("main.py: the data set is refused; nothing was changed", file=sys.stderr)
        return Exit.FAILED
    for table, change in loaded.changes.items():
        print(f"{table}: {change.added} added, {change.changed} changed, {change.removed} removed")
    print(f"revision {loaded.revision}" if loaded.changes else f"nothing changed; revision {loaded.revision}")
    return Exit.DONE


def export(options: Namespace, environment: Mapping[str, str]) -> int:
    """Write what the database holds."""
    address = read_settings(environment).database.value

    async def work() -> list[Path] | None:
        if not may_exist(address):
            return None
        async with Database(address) as db:
            if await schema.current(db) != schema.head() or not await loading.latest(db):
                return None
            records, _ = await loading.read_back(db)
        return files.write(records, options.out)

    written = asyncio.run(work())
    if written is None:
        print("main.py: the database holds no data set of this version; main.py data load puts one in", file=sys.stderr)
        return Exit.FAILED
    print(f"{len(written)} files in {options.out}")
    return Exit.DONE


def _name(defects: Iterable[Defect], file: TextIO) -> None:
    for defect in defects:
        print(defect, file=file)


def _show(rows: Sequence[Coverage]) -> None:
    width = max(len(row.what) for row in rows)
    for row in rows:
        print(f"{row.what:<{width}}  {row.known:>6} of {row.of:>6}  {row.share:>4.0%}")
