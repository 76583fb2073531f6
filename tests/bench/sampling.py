"""Whose code the processor is busy with, by looking a thousand times a second of its time.

A tracer such as cProfile costs most where functions are short, and so blames the wrong ones. Here each look goes to the innermost frame of
somebody known: what PTB calls in the standard library counts as PTB's. The loop's own turns belong to asyncio. SQLite's work in its
threads is not looked at but measured, by the clocks of threads.
"""

from __future__ import annotations

import signal
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

import psutil

from bot.settings import HOME

if TYPE_CHECKING:
    from types import FrameType, TracebackType

INTERVAL: Final = 0.001
LIBRARIES: Final = {
    "telegram": "python-telegram-bot",
    "aiohttp": "aiohttp",
    "yarl": "aiohttp",
    "multidict": "aiohttp",
    "sqlalchemy": "SQLAlchemy and drivers",
    "aiosqlite": "SQLAlchemy and drivers",
    "asyncpg": "SQLAlchemy and drivers",
}
OWN: Final = {"bot": "bot/", "data": "data/", "handlers": "handlers/"}
LOOP: Final = "asyncio"
WAITING: Final = frozenset({"selectors.py"})


@dataclass
class Sampler:
    """What was seen between `start` and `stop`; seconds of processor time."""

    owners: Counter[str] = field(default_factory=Counter)
    functions: Counter[str] = field(default_factory=Counter)
    """Of our own code, by file and function."""
    main: float = 0.0
    others: float = 0.0
    """In other threads: SQLite's."""

    def __enter__(self) -> Self:
        self._main, self._all = time.thread_time(), _all_threads()
        signal.signal(signal.SIGPROF, self._look)
        signal.setitimer(signal.ITIMER_PROF, INTERVAL, INTERVAL)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, signal.SIG_IGN)
        self.main = time.thread_time() - self._main
        self.others = max(0.0, _all_threads() - self._all - self.main)

    def _look(self, _number: int, frame: FrameType | None) -> None:
        if frame is None or Path(frame.f_code.co_filename).name in WAITING:
            return  # asleep; another thread was busy
        owner, where = _owner(frame)
        self.owners[owner] += 1
        if owner in OWN.values():
            self.functions[where] += 1

    def seconds(self, looks: int) -> float:
        """Processor time of the main thread that so many looks stand for."""
        return self.main * looks / max(1, self.owners.total())


def _all_threads() -> float:
    times = psutil.Process().cpu_times()
    return times.user + times.system


def _owner(frame: FrameType | None) -> tuple[str, str]:
    while frame:
        path = frame.f_code.co_filename
        if path.startswith(str(HOME)) and "site-packages" not in path:
            part = Path(path).relative_to(HOME)
            return OWN.get(part.parts[0], LOOP), f"{part} {frame.f_code.co_qualname}"
        if "site-packages" in path:
            package = path.rpartition("site-packages/")[2].partition("/")[0].partition(".")[0]
            if package in LIBRARIES:
                return LIBRARIES[package], ""
        frame = frame.f_back
    return LOOP, ""
