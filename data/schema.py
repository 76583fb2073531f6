"""Bringing a database to the schema that this version of the bot needs."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import inspect, text

from data.tables import metadata

if TYPE_CHECKING:
    from alembic.config import Config
    from sqlalchemy.engine import Connection

    from data.db import Database

MIGRATIONS: Final = Path(__file__).parent / "migrations"
LOCK: Final = 4211_2013
"""Key of the PostgreSQL advisory lock that lets one of several starting processes migrate."""


def head() -> str:
    """The newest revision shipped: the one that no other revises.

    Read from the files' names and texts, since importing Alembic costs a start more than everything else the start does.
    """
    revisions = {path.stem.split("_", 1)[0]: path.read_text(encoding="utf-8") for path in (MIGRATIONS / "versions").glob("[0-9]*.py")}
    revised = {found for source in revisions.values() for found in re.findall(r"^down_revision = ['\"](\w+)['\"]", source, re.MULTILINE)}
    (newest,) = set(revisions) - revised
    return newest


async def current(db: Database) -> str | None:
    """The revision a database is at; None for an empty one."""
    async with db.read() as connection:
        return await connection.run_sync(_current)


async def upgrade(db: Database) -> bool:
    """Bring the database to the newest revision; True if there was anything to do."""
    if await current(db) == head():
        return False
    async with db.write() as connection:
        await connection.run_sync(_upgrade)
    return True


def _current(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def _upgrade(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
    if not inspect(connection).has_table("alembic_version"):
        _create(connection)
        return
    from alembic import command  # noqa: PLC0415 - 150 ms and 15 MB that a start without a migration need not pay

    command.upgrade(configuration(connection), "head")


def _create(connection: Connection) -> None:
    """Make an empty database whole at once: a test holds the tables equal to what all migrations make."""
    metadata.create_all(connection)
    connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL CONSTRAINT alembic_version_pkc PRIMARY KEY)"))
    connection.execute(text("INSERT INTO alembic_version (version_num) VALUES (:head)"), {"head": head()})


def configuration(connection: Connection) -> Config:
    """Alembic's settings for one open connection."""
    from alembic.config import Config  # noqa: PLC0415 - as above

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    return config
