"""Databases of both engines: a file for SQLite, and a PostgreSQL server that comes as a Python package.

What costs time (a server, migrations, loading the data set) is done once; each test gets a copy.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import itertools
import shutil
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import asyncpg
import pytest
from sqlalchemy.engine import make_url

from data import upkeep
from data.db import Database
from tests.fakes.postgresql import postgresql

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LOADED_AT = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)


class Engine(Protocol):
    """Makes databases."""

    def new(self) -> str:
        """The address of an empty one."""

    def copy(self, address: str) -> str:
        """The address of a copy; nobody may be connected to the original."""


@dataclass
class Files:
    """SQLite."""

    folder: Path
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def new(self) -> str:
        """As Engine says."""
        return f"sqlite:///{self.folder / f'{next(self.numbers)}.db'}"

    def copy(self, address: str) -> str:
        """As Engine says."""
        made = self.new()
        shutil.copy(address.removeprefix("sqlite:///"), made.removeprefix("sqlite:///"))
        return made


@dataclass
class Server:
    """PostgreSQL."""

    address: str
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def new(self) -> str:
        """As Engine says."""
        return self.copy(str(make_url(self.address).set(database="template1")))

    def copy(self, address: str) -> str:
        """As Engine says."""
        name = f"test_{next(self.numbers)}"
        asyncio.run(self._make(name, make_url(address).database or ""))
        return make_url(self.address).set(database=name).render_as_string(hide_password=False)

    async def _make(self, name: str, template: str) -> None:
        connection = await asyncpg.connect(self.address)
        await connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        await connection.close()


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Each engine in turn."""
    if request.param == "sqlite":
        yield Files(tmp_path_factory.mktemp("sqlite"))
        return
    with postgresql() as server:
        yield Server(server.address)


@pytest.fixture(scope="session")
def shipped(engine: Engine) -> str:
    """The address of a database with the data set that ships; only to be copied."""
    address = engine.new()
    _load(address)
    return address


@pytest.fixture
def address(engine: Engine) -> str:
    """The address of an empty database."""
    return engine.new()


@pytest.fixture(scope="session")
def shipped_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the data set that ships; only to be copied."""
    file: Path = tmp_path_factory.mktemp("shipped") / "bot.db"
    _load(f"sqlite:///{file}")
    return file


def _load(address: str) -> None:
    async def load() -> None:
        async with Database(address) as db:
            await upkeep.bring_up_to_date(db, LOADED_AT)

    asyncio.run(load())
