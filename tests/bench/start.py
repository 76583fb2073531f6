"""How long a process takes from its start to its first answer, and what it holds then."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import psutil
from aiohttp import web

from bot.emulator import BotApi
from bot.emulator.http import application
from bot.services import SystemClock
from bot.settings import HOME

if TYPE_CHECKING:
    from collections.abc import Iterator

NEW_SECONDS, EXISTING_SECONDS = 4.0, 1.5
PATIENCE: Final = 30.0


@dataclass(frozen=True, slots=True)
class Start:
    """Seconds to the first answer; megabytes (10^6 bytes) resident after it."""

    seconds: float
    megabytes: float


def starts(runs: int) -> Iterator[tuple[str, float, list[Start]]]:
    """A start with a new database and one with an existing database, by name, aim and runs."""
    new, existing = [], []
    for _ in range(runs):
        with tempfile.TemporaryDirectory() as folder:
            new.append(asyncio.run(_start(Path(folder))))
            existing.append(asyncio.run(_start(Path(folder))))
    yield "with a new database", NEW_SECONDS, new
    yield "with an existing database", EXISTING_SECONDS, existing


async def _start(folder: Path) -> Start:
    telegram = BotApi(clock=SystemClock())
    runner = web.AppRunner(application(telegram))
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    telegram.says(None, telegram.user("Lesia", "uk"), "/city Nikopol")
    began = time.perf_counter()
    process = subprocess.Popen(  # noqa: ASYNC220 - what is timed is the process
        [sys.executable, str(HOME / "main.py")],
        env={
            **os.environ,
            "BOT_TOKEN": telegram.token,
            "BOT_API_URL": f"http://127.0.0.1:{port}",
            "PORT": "0",
            "DATABASE_URL": f"sqlite:///{folder}/b.db",
        },
        stderr=subprocess.DEVNULL,
    )
    try:
        while not any(call.method == "sendMessage" for call in telegram.log):
            if time.perf_counter() - began > PATIENCE:
                raise TimeoutError(f"no answer within {PATIENCE} s")
            await asyncio.sleep(0.002)
        return Start(time.perf_counter() - began, psutil.Process(process.pid).memory_info().rss / 1e6)
    finally:
        process.terminate()
        await asyncio.to_thread(process.wait, PATIENCE)
        await runner.cleanup()
