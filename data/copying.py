"""Copying a whole database to another address, whichever engine each of the two is on.

The source is read in one view that nobody's writing changes, and never written to. Each table is one transaction of the target. From the
first to the last of them the target bears a mark, by which a copy that was interrupted is known.
"""

from __future__ import annotations

import enum
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import delete, func, insert, inspect, select, text, tuple_

from data import marks, schema
from data.db import Database, is_storage_error, may_exist
from data.loading import silent
from data.tables import leases, metadata
from data.tables import marks as mark_table

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import AsyncIterator, Iterator, Sequence

    from sqlalchemy import Column, Table
    from sqlalchemy.ext.asyncio import AsyncConnection

    from data.loading import Progress

TABLES: Final[Sequence[Table]] = metadata.sorted_tables
"""A table comes after those that its foreign keys name."""
CHUNK: Final = 5_000
"""Rows in memory at the same time."""
UNFINISHED: Final = "copy_unfinished"
"""The mark of a target that does not hold everything yet."""
ANEW: Final = {
    "sqlite": "name another file, or delete this one and those beside it that end in -wal and -shm",
    "postgresql": "name another database, or drop this one and create it anew",
}


class End(enum.StrEnum):
    """One of the two databases, as the command line calls them."""

    SOURCE = "FROM"
    TARGET = "TO"


class Refused(Exception):
    """A database is not one to copy from, or to; nothing was written. The message says why and what to do."""

    def __init__(self, end: End, why: str) -> None:
        super().__init__(f"{end}: {why}")


class Unusable(Exception):
    """A database failed; its error is the cause. A target that was begun stays unfinished."""

    def __init__(self, end: End) -> None:
        super().__init__(end)
        self.end = end


@dataclass(frozen=True, slots=True)
class Difference:
    """A table of which the target holds another number of rows than the source."""

    table: str
    source: int
    target: int


@dataclass(frozen=True, slots=True)
class Copied:
    """How many rows the source holds, and the tables whose numbers differ. With a difference the target stays unfinished."""

    rows: int
    differences: tuple[Difference, ...]


async def copy(source: str, target: str, now: dt.datetime, progress: Progress = silent, chunk: int = CHUNK) -> Copied:
    """Copy every table between two addresses as `data.db.parse_address` takes them. Progress is told of rows.

    The source must be at this version's schema and no bot may send from it; the target must be empty. Numbers that the target gives
    afterwards come after all that the source ever gave. Raises Refused and Unusable.
    """
    with _blamed(End.SOURCE):
        if not may_exist(source):
            raise Refused(End.SOURCE, "there is no database")
        async with Database(source) as origin:
            if await schema.current(origin) != schema.head():
                raise Refused(End.SOURCE, "not of this version; with DATABASE_URL naming it, main.py db upgrade brings it up to date")
            async with _snapshot(origin) as reading:
                await _may_be_left(reading, now)
                counts = await _counts(reading)
                with _blamed(End.TARGET):
                    return await _fill(target, reading, counts, now, progress, chunk)


@contextmanager
def _blamed(end: End) -> Iterator[None]:
    try:
        yield
    except Exception as error:
        if is_storage_error(error):
            raise Unusable(end) from error
        raise


@asynccontextmanager
async def _snapshot(source: Database) -> AsyncIterator[AsyncConnection]:
    async with source.read() as connection:
        if source.backend == "postgresql":
            # Else each statement would see what was committed before it.
            await connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"))
        yield connection


async def _may_be_left(reading: AsyncConnection, now: dt.datetime) -> None:
    """What a bot sends while its database is copied, a bot on the copy would send again."""
    if await marks.read(reading, UNFINISHED) is not None:
        raise Refused(End.SOURCE, "a copy into it was interrupted, so it does not hold everything")
    until = await reading.scalar(select(func.max(leases.c.until)).where(leases.c.until > now))
    if until is not None:
        raise Refused(End.SOURCE, f"a bot sends from it; stop it, or if it was killed, wait until {until:%Y-%m-%d %H:%M:%S} UTC")


async def _fill(target: str, reading: AsyncConnection, counts: dict[str, int], now: dt.datetime, progress: Progress, chunk: int) -> Copied:
    rows, done = sum(counts.values()), 0
    async with Database(target) as into:
        await _begin(into, now)
        for table in TABLES:
            async with into.write() as writing:
                async for some in _chunks(reading, table, chunk):
                    progress(table.name, done, rows)
                    await writing.execute(insert(table), some)
                    done += len(some)
                if (column := table.autoincrement_column) is not None:
                    await _go_on_after(writing, table, column, await _last_number(reading, table, column))
        progress("", rows, rows)
        async with into.write() as writing:
            held = await _counts(writing)
            differences = tuple(Difference(name, count, held[name]) for name, count in counts.items() if held[name] != count)
            if not differences:
                await writing.execute(delete(mark_table).where(mark_table.c.name == UNFINISHED))
    return Copied(rows, differences)


async def _begin(target: Database, now: dt.datetime) -> None:
    """Make the tables and set the mark, unless there is anything that the copy could mix with."""
    anew = ANEW[target.backend]
    version = await schema.current(target)
    if version not in {None, schema.head()} or (version is None and await _tables_there(target)):
        raise Refused(End.TARGET, f"holds tables of another version, or of something else. The copy goes into an empty database: {anew}")
    await schema.upgrade(target)
    async with target.write() as writing:
        if await marks.read(writing, UNFINISHED) is not None:
            raise Refused(End.TARGET, f"a copy into it was interrupted, or is under way. To begin again, {anew}")
        for table in TABLES:
            if await writing.scalar(select(text("1")).select_from(table).limit(1)):
                raise Refused(End.TARGET, f"holds rows in {table.name}. The copy goes into an empty database: {anew}")
        # Of two copies that begin at the same time, the second fails here.
        await writing.execute(insert(mark_table).values(name=UNFINISHED, value="", set_at=now))


async def _tables_there(target: Database) -> bool:
    async with target.read() as connection:
        return await connection.run_sync(lambda bare: not metadata.tables.keys().isdisjoint(inspect(bare).get_table_names()))


async def _counts(connection: AsyncConnection) -> dict[str, int]:
    """Rows of each table; the mark is none of them."""
    counts = dict[str, int]()
    for table in TABLES:
        query = select(func.count()).select_from(table)
        counts[table.name] = await connection.scalar(query.where(table.c.name != UNFINISHED) if table is mark_table else query) or 0
    return counts


async def _chunks(reading: AsyncConnection, table: Table, size: int) -> AsyncIterator[list[dict[str, Any]]]:
    """All rows in the order of their keys, so many at a time: each chunk is found by the last key of the one before."""
    key = list(table.primary_key.columns)
    query = select(table).order_by(*key).limit(size)
    after = query
    while True:
        with _blamed(End.SOURCE):
            rows = [dict(row) for row in (await reading.execute(after)).mappings()]
        if rows:
            yield rows
        if len(rows) < size:
            return
        after = query.where(tuple_(*key) > tuple(rows[-1][column.name] for column in key))


async def _last_number(reading: AsyncConnection, table: Table, column: Column[Any]) -> int:
    """The highest number that a table ever gave, as far as its engine remembers; 0 if none."""
    with _blamed(End.SOURCE):
        highest = await reading.scalar(select(func.max(column))) or 0
        given = 0
        if reading.dialect.name == "postgresql":
            sequence = text(
                "SELECT last_value FROM pg_sequences"
                " WHERE quote_ident(schemaname) || '.' || quote_ident(sequencename) = pg_get_serial_sequence(:name, :column)"
            )
            given = await reading.scalar(sequence, {"name": table.name, "column": column.name}) or 0
        elif _is_never_given_twice(table):
            given = await reading.scalar(text("SELECT seq FROM sqlite_sequence WHERE name = :name"), {"name": table.name}) or 0
    return max(highest, given)


async def _go_on_after(writing: AsyncConnection, table: Table, column: Column[Any], number: int) -> None:
    """Let a table give the numbers after this one: PostgreSQL does not see those that came with their rows."""
    if not number:
        return
    if writing.dialect.name == "postgresql":
        setting = text("SELECT setval(CAST(pg_get_serial_sequence(:name, :column) AS regclass), :number)")
        await writing.execute(setting, {"name": table.name, "column": column.name, "number": number})
    elif _is_never_given_twice(table):
        await writing.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), {"name": table.name})
        await writing.execute(
            text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :number)"), {"name": table.name, "number": number}
        )


def _is_never_given_twice(table: Table) -> bool:
    """Whether SQLite remembers the numbers of rows that are gone."""
    return bool(table.dialect_options["sqlite"]["autoincrement"])
