"""What a bot under measure says of itself when it is signalled: whose code was busy, and how many tasks there are.

`SIGUSR1` begins to look, `SIGUSR2` ends that and writes a line of JSON to the file that `BENCH_TELLS` names.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from tests.bench.sampling import Sampler

FILE: Final = "BENCH_TELLS"


def listen() -> None:
    """Heed the signals from now on, if anybody asks for it."""
    path = os.environ.get(FILE)
    if not path:
        return
    looking: list[Sampler] = []

    def begin(*_: object) -> None:
        from tests.bench.sampling import Sampler  # noqa: PLC0415 - only where somebody looks

        looking.append(Sampler().__enter__())

    def end(*_: object) -> None:
        told: dict[str, Any] = {"tasks": len(asyncio.all_tasks())}
        if looking:
            sampler = looking.pop()
            sampler.__exit__(None, None, None)
            seconds = {"owners": sampler.owners, "functions": sampler.functions}
            told |= {name: {what: sampler.seconds(looks) for what, looks in found.items()} for name, found in seconds.items()}
            told["owners"]["threads of SQLite"] = sampler.others
        Path(path).write_text(json.dumps(told), encoding="utf-8")

    signal.signal(signal.SIGUSR1, begin)
    signal.signal(signal.SIGUSR2, end)
