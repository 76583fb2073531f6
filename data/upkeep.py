"""Keeping a database at what the bot ships: its schema, its data set, and the catalogue made of them.

A data set with defects never replaces a good one: it is read and checked whole before the first row is written, and written in
one transaction.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from data import loading, schema, sheets
from data.assembly import assemble, read_tables
from data.sheets import SEED

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from pathlib import Path

    from data.catalogue import Catalogue
    from data.db import Database
    from data.loading import Loaded, Progress
    from data.sheets import Defect, Records


class BadSeed(ValueError):
    """The shipped data set breaks its own rules."""

    def __init__(self, defects: Sequence[Defect]) -> None:
        super().__init__(f"{len(defects)} defects, the first: {defects[0]}")
        self.defects = tuple(defects)


@dataclass(frozen=True, slots=True)
class Upkeep:
    """What it took to bring a database up to date."""

    migrated: bool
    loaded: Loaded | None
    """None if the data set was in force already, or was refused."""
    refused: tuple[Defect, ...] = ()
    """Why the shipped data set was refused; the one in force stays."""


def read_seed(folder: Path = SEED) -> Records:
    """The shipped data set, checked. Raises BadSeed."""
    from data.check import check  # noqa: PLC0415 - a start that has nothing to load checks nothing
    from data.sources import shipped  # noqa: PLC0415 - as above

    records, defects = sheets.read(folder)
    if defects := [*check(records, defects), *shipped.read(folder)[1]]:
        raise BadSeed(defects)
    return records


async def bring_up_to_date(db: Database, now: dt.datetime, folder: Path = SEED) -> Upkeep:
    """Migrate if the schema is old, load if the shipped data set is not the one in force.

    Raises BadSeed only where there is no data set in force that could stay.
    """
    migrated = await schema.upgrade(db)
    held = await loading.latest(db)
    digest = sheets.digest(folder)
    if held and held.seed == digest:
        return Upkeep(migrated, None)
    try:
        records = await asyncio.to_thread(read_seed, folder)
    except BadSeed as bad:
        if held is None:
            raise
        return Upkeep(migrated, None, bad.defects)
    await _ship_sources(db, now, folder)
    return Upkeep(migrated, await loading.load(db, records, digest, now))


async def load_seed(db: Database, now: dt.datetime, folder: Path = SEED, progress: Progress = loading.silent) -> Loaded:
    """Load the shipped data set whether or not it is the one in force. Raises BadSeed before anything is written."""
    records = await asyncio.to_thread(read_seed, folder)
    await schema.upgrade(db)
    await _ship_sources(db, now, folder)
    return await loading.load(db, records, sheets.digest(folder), now, progress)


async def _ship_sources(db: Database, now: dt.datetime, folder: Path) -> None:
    """Offer admins the shipped sources of news that are new to this database.

    Before the data set is loaded: only then it counts as in force, and if this process is killed between the two, the next does both.
    """
    from data.sources import shipped, store  # noqa: PLC0415 - a start that has nothing to load ships nothing

    wishes, _ = shipped.read(folder)
    async with db.write() as connection:
        await store.ship(connection, wishes, now)


async def is_up_to_date(db: Database, folder: Path = SEED) -> bool:
    """Whether a database has this version's schema and the shipped data set; never writes."""
    if await schema.current(db) != schema.head():
        return False
    held = await loading.latest(db)
    return held is not None and held.seed == sheets.digest(folder)


async def read_catalogue(db: Database) -> Catalogue:
    """The catalogue of what the database holds now. The assembly runs in a thread, so that nobody waits for it."""
    records, revision = await loading.read_back(db)
    return await asyncio.to_thread(catalogue_of, records, revision)


def catalogue_of(records: Records, revision: int = 0) -> Catalogue:
    """The catalogue of these rows and of the shipped tables of names and words."""
    return assemble(records, revision, read_tables(SEED))
