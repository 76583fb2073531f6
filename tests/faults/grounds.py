"""Databases for scenarios: SQLite files, a PostgreSQL server, and disks that can be full."""

from __future__ import annotations

import asyncio
import os
import resource
import shutil
import subprocess
import tempfile
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from bot.services import SystemClock
from data import upkeep
from data.db import Database
from tests.fakes.databases import Files, Server
from tests.fakes.postgresql import postgresql

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.fakes.databases import Engine
    from tests.fakes.postgresql import PostgreSQL
    from tests.faults.bots import Bot

ENGINES: Final = ("sqlite", "postgresql")
SMALL_DISK: Final = 48
"""Megabytes."""
SMALL_FILE: Final = 4096
"""Bytes that a file may have where no small disk can be mounted: less than any database has."""


@dataclass
class Ground:
    """An engine with a database that holds the data set; scenarios get copies."""

    engine: str
    databases: Engine
    shipped: str
    copying: asyncio.Lock

    async def copy(self) -> str:
        """The address of a database of one's own. PostgreSQL copies one at a time."""
        async with self.copying:
            return await asyncio.to_thread(self.databases.copy, self.shipped)


@asynccontextmanager
async def ground(engine: str) -> AsyncIterator[Ground]:
    """One engine, ready to copy from."""
    async with AsyncExitStack() as stack:
        if engine == "sqlite":
            databases: Engine = Files(Path(stack.enter_context(tempfile.TemporaryDirectory())))
        else:
            server = await stack.enter_async_context(running_server())
            databases = Server(server.address)
        shipped = await asyncio.to_thread(databases.new)
        await load(shipped)
        yield Ground(engine, databases, shipped, asyncio.Lock())


@asynccontextmanager
async def running_server() -> AsyncIterator[PostgreSQL]:
    """A PostgreSQL of one's own; others go on while it starts and ends."""
    with ExitStack() as stack:
        server = await asyncio.to_thread(stack.enter_context, postgresql())
        try:
            yield server
        finally:
            await asyncio.to_thread(stack.close)


async def load(address: str) -> None:
    """Put the data set into a database."""
    async with Database(address) as db:
        await upkeep.bring_up_to_date(db, SystemClock().now())


class Disk(Protocol):
    """Where a SQLite database lies, and where room can run out."""

    folder: Path
    kind: str

    def fill(self, bot: Bot) -> None:
        """From now on a bot can write no more."""

    def clear(self, bot: Bot) -> None:
        """There is room again."""

    @property
    def most_bytes(self) -> int | None:
        """While it is full: how long a file may be that another process writes; None if the disk sees to it."""


class SmallDisk:
    """A file system in memory, filled by a file."""

    kind = f"tmpfs of {SMALL_DISK} MB"
    most_bytes = None

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def fill(self, _bot: Bot) -> None:
        """As Disk says: to the last byte."""
        with (self.folder / "filler").open("wb", buffering=0) as file:
            for size in (2**20, 4096, 1):
                try:
                    while file.write(bytes(size)):
                        pass
                except OSError:
                    continue

    def clear(self, _bot: Bot) -> None:
        """As Disk says."""
        (self.folder / "filler").unlink()


class Quota:
    """A limit of the size of files."""

    kind = "RLIMIT_FSIZE"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.most_bytes: int | None = None

    def fill(self, bot: Bot) -> None:
        """As Disk says."""
        self.most_bytes = SMALL_FILE
        resource.prlimit(bot.pid, resource.RLIMIT_FSIZE, (SMALL_FILE, resource.RLIM_INFINITY))

    def clear(self, bot: Bot) -> None:
        """As Disk says."""
        self.most_bytes = None
        resource.prlimit(bot.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


@asynccontextmanager
async def small_disk() -> AsyncIterator[Disk]:
    """A small disk where one may be mounted, else a quota."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        mounted = await asyncio.to_thread(_mount, folder)
        try:
            yield SmallDisk(folder) if mounted else Quota(folder)
        finally:
            if mounted:
                await asyncio.to_thread(subprocess.run, ["umount", "--lazy", name], check=True)


def _mount(folder: Path) -> bool:
    if os.geteuid() != 0 or not shutil.which("mount"):
        return False
    command = ["mount", "-t", "tmpfs", "-o", f"size={SMALL_DISK}m", "tmpfs", str(folder)]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0
