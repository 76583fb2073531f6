"""The bot with a wall clock that jumps; all else is as `main.py run` has it.

Its first argument is a file of eight bytes: seconds to add. The second, if there is one, is how often it looks for sources and reminders
that are due, in seconds.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import mmap
import os
import struct
import sys
from pathlib import Path
from typing import Final

from bot import reminding, watching
from bot.logs import set_up
from bot.runtime import run
from bot.services import SystemClock
from bot.settings import read_settings

SECONDS: Final = struct.Struct("d")


class JumpingClock(SystemClock):
    """The machine's clock, and so many seconds as the file says."""

    def __init__(self, file: Path) -> None:
        with file.open("rb") as opened:
            self._offset = mmap.mmap(opened.fileno(), SECONDS.size, access=mmap.ACCESS_READ)

    def now(self) -> dt.datetime:
        """As Clock says."""
        (seconds,) = SECONDS.unpack(self._offset[: SECONDS.size])
        return super().now() + dt.timedelta(seconds=seconds)


def jump(file: Path, seconds: float) -> None:
    """Let all clocks of a file be so many seconds ahead of the machine's."""
    if not file.exists():
        file.write_bytes(bytes(SECONDS.size))
    with file.open("r+b") as opened, mmap.mmap(opened.fileno(), SECONDS.size) as offset:
        offset[: SECONDS.size] = SECONDS.pack(seconds)


def main() -> None:
    """Run the bot until it is stopped."""
    settings = read_settings(os.environ)
    set_up(settings.log_level, [settings.token.value] if settings.token else [])
    file, *often = sys.argv[1:]
    for module in (reminding, watching) if often else ():
        vars(module)["EVERY"] = float(often[0])
    sys.exit(asyncio.run(run(settings, JumpingClock(Path(file)))))


if __name__ == "__main__":
    main()
