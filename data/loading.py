"""Putting the data set into the database, and reading it back for the catalogue."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sqlalchemy import and_, bindparam, insert, or_, select, text, update

from data.db import upsert
from data.sheets import SHEETS, Records, Row
from data.tables import ADMIN, SEED, metadata, news, revisions

if TYPE_CHECKING:
    import datetime as dt

    from sqlalchemy import ColumnElement, Table
    from sqlalchemy.ext.asyncio import AsyncConnection

    from data.db import Database

TABLES: Final = tuple(metadata.tables[name] for name in (*dict.fromkeys(sheet.table for sheet in SHEETS), "texts"))
BOOKKEEPING: Final = {"origin", "removed_at"}
LOCK: Final = 4211_2014
"""Key of the PostgreSQL advisory lock that lets one of several processes load."""

Progress = Callable[[str, int, int], None]
"""Told the table, how many tables are done and how many there are."""


def silent(_table: str, _done: int, _tables: int) -> None:
    """Progress that nobody watches."""


class Revision(NamedTuple):
    """A state of the data set: its number, and the digest of the shipped files it was made of."""

    number: int
    seed: str


@dataclass(frozen=True, slots=True)
class Change:
    """How many rows of a table came, changed and went."""

    added: int = 0
    changed: int = 0
    removed: int = 0

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did: the tables that changed, and the revision in force now."""

    changes: Mapping[str, Change]
    revision: int


async def load(db: Database, records: Records, digest: str, now: dt.datetime, progress: Progress = silent) -> Loaded:
    """Make the database hold these rows, in one transaction; loading the same rows again changes nothing.

    Rows of an earlier seed that are gone are marked with the time, not deleted. What admins wrote is left alone: where an admin's
    row has the key of a seed's row, the admin's stands.
    """
    changes = dict[str, Change]()
    async with db.write() as connection:
        if db.backend == "postgresql":
            await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
        for done, table in enumerate(TABLES):
            progress(table.name, done, len(TABLES))
            if change := await _replace(connection, table, records[table.name], now):
                changes[table.name] = change
        held = await newest(connection)
        number = held.number if held and held.seed == digest and not changes else await bump(connection, digest, now)
    progress("", len(TABLES), len(TABLES))
    return Loaded(changes, number)


async def bump(connection: AsyncConnection, digest: str | None, now: dt.datetime) -> int:
    """Note that the data set changed, so that every process reads its catalogue anew. Without a digest the last one stays."""
    if digest is None:
        held = await newest(connection)
        digest = held.seed if held else ""
    result = await connection.execute(insert(revisions).values(seed=digest, made_at=now))
    (number,) = result.inserted_primary_key or (0,)
    return int(number)


async def latest(db: Database) -> Revision | None:
    """The newest revision; None before the first load."""
    async with db.read() as connection:
        return await newest(connection)


async def read_back(db: Database) -> tuple[Records, int]:
    """All rows in force, in the order of their keys, and the revision they are; one consistent view.

    News that nobody published yet are left out.
    """
    records = Records()
    async with db.read() as connection:
        held = await newest(connection)
        for table in TABLES:
            wanted = [column for column in table.columns if column.name not in BOOKKEEPING]
            query = select(*wanted).where(_in_force(table)).order_by(*table.primary_key.columns)
            names = [column.name for column in wanted]
            records.rows[table.name] = [dict(zip(names, row, strict=True)) for row in await connection.execute(query)]
    return records, held.number if held else 0


async def newest(connection: AsyncConnection) -> Revision | None:
    """The same, as part of a transaction."""
    query = select(revisions.c.number, revisions.c.seed).order_by(revisions.c.number.desc()).limit(1)
    row = (await connection.execute(query)).first()
    return Revision(row.number, row.seed) if row else None


def _in_force(table: Table) -> ColumnElement[bool]:
    if table is news:
        return and_(news.c.removed_at.is_(None), or_(news.c.origin == SEED, news.c.published_at.is_not(None)))
    return table.c.removed_at.is_(None)


async def _replace(connection: AsyncConnection, table: Table, rows: Sequence[Row], now: dt.datetime) -> Change:
    """Write the rows that differ from those in force and mark those that are gone."""
    held, untouchable = await _held(connection, table)
    wanted = {key: row for row in rows if (key := _key(table, row)) not in untouchable}
    added = [row for key, row in wanted.items() if key not in held]
    changed = [row for key, row in wanted.items() if key in held and _differs(held[key], row)]
    gone = [key for key in held if key not in wanted]
    await _write(connection, table, [*added, *changed])
    await _mark_removed(connection, table, gone, now)
    return Change(len(added), len(changed), len(gone))


async def _held(connection: AsyncConnection, table: Table) -> tuple[dict[tuple[Any, ...], Row], set[tuple[Any, ...]]]:
    """Rows of the seed in force, by key, and the keys that belong to admins."""
    held, untouchable = dict[tuple[Any, ...], Row](), set[tuple[Any, ...]]()
    query = select(table).where(or_(table.c.removed_at.is_(None), table.c.origin == ADMIN))
    for row in (await connection.execute(query)).mappings():
        if row["origin"] == ADMIN:
            untouchable.add(_key(table, row))
        else:
            held[_key(table, row)] = dict(row)
    return held, untouchable


def _key(table: Table, row: Mapping[Any, Any]) -> tuple[Any, ...]:
    return tuple(row[column.name] for column in table.primary_key.columns)


def _differs(held: Row, row: Row) -> bool:
    return any(held[name] != value for name, value in row.items())


async def _write(connection: AsyncConnection, table: Table, rows: Sequence[Row]) -> None:
    """Insert, or renew where a removed or older row has the key."""
    if not rows:
        return
    statement = upsert(connection, table)
    renewed = {name: statement.excluded[name] for name in rows[0] if not table.columns[name].primary_key}
    renewing = statement.on_conflict_do_update(index_elements=list(table.primary_key.columns), set_={"removed_at": None, **renewed})
    await connection.execute(renewing, [{**row, "origin": SEED} for row in rows])


async def _mark_removed(connection: AsyncConnection, table: Table, keys: Sequence[tuple[Any, ...]], now: dt.datetime) -> None:
    if not keys:
        return
    columns = list(table.primary_key.columns)
    same = and_(*(column == bindparam(f"key_{column.name}") for column in columns))
    values = [{f"key_{column.name}": part for column, part in zip(columns, key, strict=True)} for key in keys]
    await connection.execute(update(table).where(same).values(removed_at=now), values)
