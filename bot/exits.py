"""How the process ends, and what it then says to its supervisor."""

from __future__ import annotations

import asyncio
import enum
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Coroutine

T = TypeVar("T")


class Exit(enum.IntEnum):
    """Exit codes, the same for every command. Starting again may help after FAILED, SILENT and CONFLICT, never after USAGE and CONFIG."""

    DONE = 0
    """Done; for a running bot: stopped as asked."""
    FAILED = 1
    """What was asked for could not be done: a defect in the data, no database, the port taken."""
    USAGE = 2
    """The command line is wrong; argparse's own code."""
    SILENT = 3
    """Telegram could not be polled for too long."""
    CONFLICT = 4
    """Another process polls with the same token."""
    CONFIG = 78
    """A setting is missing or wrong, or Telegram refuses the token; EX_CONFIG of sysexits.h."""


class Ended(Exception):
    """The process has to end before it was fully there."""

    def __init__(self, code: Exit) -> None:
        super().__init__(code.name)
        self.code = code


class Ending:
    """Why the process ends. The first reason counts."""

    def __init__(self) -> None:
        self._reason: asyncio.Future[Exit] = asyncio.get_running_loop().create_future()

    @property
    def has_begun(self) -> bool:
        """Whether there is a reason to end."""
        return self._reason.done()

    def because(self, code: Exit) -> None:
        """Begin to end."""
        if not self._reason.done():
            self._reason.set_result(code)

    async def reason(self) -> Exit:
        """Wait until there is a reason to end."""
        return await asyncio.shield(self._reason)

    async def unless(self, work: Coroutine[Any, Any, T]) -> T:
        """Do this work; raises Ended, with the work cancelled, if the process is to end before it is done."""
        task = asyncio.ensure_future(work)
        waited: set[asyncio.Future[Any]] = {task, self._reason}
        await asyncio.wait(waited, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            return task.result()
        task.cancel()
        await asyncio.wait({task})
        raise Ended(self._reason.result())
