"""The bot as a process of its own."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

HOME: Final = Path(__file__).resolve().parent.parent.parent
MAIN: Final = (str(HOME / "main.py"),)
LIMITED: Final = """
import os, resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), resource.RLIM_INFINITY))
os.execv(sys.argv[2], sys.argv[2:])
"""
"""Becomes another program whose files may not grow."""
REMEMBERED: Final = 400
"""Lines of its log."""
ENDING: Final = 30.0
"""Seconds that it may take to end."""


@dataclass
class Bot:
    """A running bot and what it logs."""

    process: asyncio.subprocess.Process
    lines: deque[str] = field(default_factory=lambda: deque(maxlen=REMEMBERED))
    _reading: asyncio.Task[None] | None = None

    @classmethod
    async def start(cls, environment: Mapping[str, str], program: Sequence[str] = (*MAIN, "run")) -> Bot:
        """Start it; it is not up yet."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *program,
            cwd=HOME,
            env=_around() | dict(environment),
            stdin=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        bot = cls(process)
        bot._reading = asyncio.create_task(bot._read())
        return bot

    @property
    def pid(self) -> int:
        """Its number."""
        return self.process.pid

    def has_logged(self, event: str) -> bool:
        """Whether there is such a line."""
        return any(event in line for line in self.lines)

    @property
    def defects(self) -> list[str]:
        """Lines about what nobody foresaw."""
        return [line for line in self.lines if " delivery_stumbled " in line and " error=" in line]

    async def kill(self) -> None:
        """SIGKILL: it has no say in it."""
        self.process.kill()
        await self._over()

    def freeze(self) -> None:
        """SIGSTOP: it does not notice how time passes."""
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """SIGCONT."""
        self.process.send_signal(signal.SIGCONT)

    async def stop(self) -> int:
        """SIGTERM; its exit code."""
        self.process.terminate()
        async with asyncio.timeout(ENDING):
            await self._over()
        return self.process.returncode or 0

    async def vanish(self) -> None:
        """Whatever state it is in, it is gone."""
        if self.process.returncode is None:
            with suppress(ProcessLookupError):
                self.process.kill()
            await self._over()

    async def _over(self) -> None:
        await self.process.wait()
        if self._reading:
            await self._reading

    async def _read(self) -> None:
        assert self.process.stderr
        async for line in self.process.stderr:
            self.lines.append(line.decode(errors="replace").rstrip())


async def ask(environment: Mapping[str, str], *arguments: str, most_bytes: int | None = None) -> tuple[int, str]:
    """A command of main.py: exit code and what it says. With `most_bytes` no file that it writes may be longer."""
    command = [sys.executable, *MAIN, *arguments]
    if most_bytes is not None:
        command = [sys.executable, "-c", LIMITED, str(most_bytes), *command]
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=HOME,
        env=_around() | dict(environment),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    return process.returncode or 0, said.decode(errors="replace").strip()


def _around() -> dict[str, str]:
    """Of our own environment only what any process needs: no setting of the bot."""
    return {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ} | {"PTB_TIMEDELTA": "1"}
