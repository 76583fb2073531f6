"""A Bot API server in a process of its own, so that what it costs is not taken for the bot's: `python -m tests.bench.telegram 1000`."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from aiohttp import web

from bot.emulator import BotApi, Slow, User
from bot.emulator.core import TOKEN
from bot.emulator.http import application
from bot.services import SystemClock
from bot.settings import HOME
from tests.bench.databases import chats_of

if TYPE_CHECKING:
    from collections.abc import Iterator

ANSWER: Final = 0.05
"""Seconds that Telegram takes to answer."""
BACKLOG: Final = 1_024


@contextmanager
def telegram(followers: int) -> Iterator[tuple[str, int]]:
    """The address of a server that knows so many followers, and its process."""
    command = [sys.executable, "-m", "tests.bench.telegram", str(followers)]
    with subprocess.Popen(command, cwd=HOME, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("pipes were asked for")
        try:
            yield f"http://127.0.0.1:{int(process.stdout.readline())}", process.pid
        finally:
            process.stdin.close()


async def serve(followers: int) -> None:
    """Answer until the standard input ends."""
    core = BotApi(TOKEN, clock=SystemClock(), keep_log=False, history=1)
    for number in chats_of(followers):
        core.private(User(number, "Reader"))
    core.updates.pending.clear()
    core.answers("sendMessage", Slow(ANSWER), times=None)
    runner = web.AppRunner(application(core), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, backlog=BACKLOG).start()
    sys.stdout.write(f"{runner.addresses[0][1]}\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.read)
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
