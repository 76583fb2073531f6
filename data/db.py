"""Engines and transactions.

SQLite gets two engines. With the driver's defaults concurrent read-then-write transactions lose updates without an error; `BEGIN
IMMEDIATE` makes writers queue instead. One engine for both would make a read wait behind a writer, so reads have their own, which
cannot write.

SQLite's writers poll for their turn, so one that writes again and again starves the others. Those of this process queue instead.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from sqlalchemy import event
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, InvalidatePoolError, SQLAlchemyError
from sqlalchemy.util.concurrency import in_greenlet

from data.engine import AsyncConnection, AsyncEngine, create_async_engine

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from sqlalchemy import Table
    from sqlalchemy.dialects import postgresql
    from sqlalchemy.engine import URL, Connection

CACHE_KIB: Final = 32_000
"""Pages that a SQLite writer keeps: with the default of 2,000 KiB an insertion into a large index writes each page again and again."""
BUSY_SECONDS: Final = 10
"""How long a SQLite writer waits for another before it gives up."""
POOL: Final = 16
"""Connections to SQLite by an engine; whoever comes while all are busy waits. SQLAlchemy's default keeps five, and opens ten more in a rush
that it closes after their use: a file, a thread and the pragmas for one read."""

DRIVERS: Final = {"sqlite": "aiosqlite", "postgresql": "asyncpg"}


class UnusableAddress(ValueError):
    """The database address names an engine or driver that the bot cannot use."""


def parse_address(text: str) -> URL:
    """A database address with its asynchronous driver filled in.

    `sqlite:///var/bot.db` and `postgresql://...` are taken as `sqlite+aiosqlite` and `postgresql+asyncpg`. Anything else raises
    UnusableAddress; the message never repeats the address, which may hold a password.
    """
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        # ValueError: a port that is no number, as after a password with an unescaped @.
        raise UnusableAddress("not a database address such as sqlite:///var/bot.db or postgresql://user:password@host/name") from None
    backend, _, driver = url.drivername.partition("+")
    if backend not in DRIVERS or driver not in {"", DRIVERS[backend]}:
        raise UnusableAddress("the engine must be sqlite or postgresql")
    if backend == "sqlite" and not url.database:
        raise UnusableAddress("a SQLite address must name a file")
    return url.set(drivername=f"{backend}+{DRIVERS[backend]}")


def upsert(connection: AsyncConnection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """`INSERT` that takes `on_conflict_do_update`: spelled alike on both engines but made by two constructors."""
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415 - 60 ms of a start with SQLite

    return postgresql.insert(table)


def may_exist(address: str) -> bool:
    """Whether there may be a database at an address: a SQLite file that is missing is none, and to open it would make it."""
    url = parse_address(address)
    return url.get_backend_name() != "sqlite" or Path(url.database or "").is_file()


def is_storage_error(error: BaseException) -> bool:
    """Whether the database is to blame. What asyncpg raises while it connects reaches us unwrapped."""
    return isinstance(error, SQLAlchemyError | UnusableFile | OSError) or type(error).__module__.startswith("asyncpg")


class UnusableFile(Exception):
    """The file of a SQLite address cannot be opened for writing."""


class Database:
    """The bot's storage: `async with db.write() as connection`, `async with db.read() as connection`.

    No connection opens before the first transaction. Never await Telegram or a feed inside either scope. Raises UnusableFile.
    """

    def __init__(self, address: str) -> None:
        self.url = parse_address(address)
        self._turn = asyncio.Lock()
        if self.url.get_backend_name() == "sqlite":
            _try(Path(self.url.database or ""))
            self._writer = _sqlite_engine(
                self.url,
                begin="BEGIN IMMEDIATE",
                pragmas=("journal_mode=WAL", "synchronous=NORMAL", "secure_delete=ON", f"cache_size=-{CACHE_KIB}"),
            )
            self._reader = _sqlite_engine(self.url, begin="BEGIN", pragmas=("query_only=ON",))
        else:
            self._writer = self._reader = _postgresql_engine(self.url)

    @property
    def backend(self) -> str:
        """`sqlite` or `postgresql`."""
        return self.url.get_backend_name()

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """One transaction that may write; committed when the block ends, rolled back when it raises."""
        if self._writer is self._reader:
            async with self._writer.begin() as connection:
                yield connection
        else:
            async with self._turn, self._writer.begin() as connection:
                yield connection

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """One consistent view for reading."""
        async with self._reader.connect() as connection, connection.begin():
            yield connection

    async def close(self) -> None:
        """Close every connection."""
        await self._writer.dispose()
        await self._reader.dispose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()


def _try(file: Path) -> None:
    """Make the folder, and see whether the file opens: aiosqlite's thread outlives a connection that fails, and complains on its own."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("ab"):
            pass
    except OSError as error:
        raise UnusableFile(f"{file}: {error.strerror}") from None


def _postgresql_engine(url: URL) -> AsyncEngine:
    engine = create_async_engine(url)

    def taken(connection: Any, _record: object, _fairy: object) -> None:
        # The server was restarted since: asyncpg knows without asking. SQLAlchemy's pool_pre_ping asks, in three round trips a transaction.
        if connection.driver_connection.is_closed():
            raise InvalidatePoolError

    event.listen(engine.sync_engine, "checkout", taken)
    return engine


def _sqlite_engine(url: URL, *, begin: str, pragmas: tuple[str, ...]) -> AsyncEngine:
    engine = create_async_engine(url, connect_args={"timeout": BUSY_SECONDS}, pool_size=POOL, max_overflow=0)

    def connected(connection: Any, _record: object) -> None:
        # The driver must not begin transactions by itself: `begin` below says which kind.
        # https://docs.sqlalchemy.org/en/20/dialects/sqlite.html#serializable-isolation-savepoints-transactional-ddl
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    def begun(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    def given_up(connection: Any, _record: object, _error: object) -> None:
        # A task was cancelled while it waited for an answer: its cursor may live on in a traceback, and with it the lock of the closed
        # connection. Rolling back takes both away. https://www.sqlite.org/c3ref/close.html ("zombie")
        if in_greenlet():
            connection.rollback()

    event.listen(engine.sync_engine, "connect", connected)
    event.listen(engine.sync_engine, "invalidate", given_up)
    event.listen(engine.sync_engine, "begin", begun)
    return engine
