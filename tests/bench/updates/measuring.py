"""Running the bots side by side and looking at one at a time: in turns, so that whatever else the machine does befalls all of them."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import psutil

from bot.settings import HOME
from tests.bench.updates.bots import PATH, SECRET
from tests.bench.updates.telling import FILE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

PATIENCE: Final = 30.0


@dataclass(frozen=True, slots=True)
class Window:
    """What was seen of one bot for some seconds."""

    per_second: float
    cpu_us: float
    """Microseconds of the processor an update, in all its processes."""
    busy: float
    """Share of one processor that they had, each."""
    p50: float = 0.0
    """Milliseconds from update to answer."""
    p99: float = 0.0


class Generator:
    """The process that hands out updates."""

    def __init__(self, process: asyncio.subprocess.Process, port: int) -> None:
        self._process = process
        self.api = f"http://127.0.0.1:{port}"
        self._turn = asyncio.Lock()

    async def do(self, what: str, bot: Bot, **about: Any) -> dict[str, Any]:
        """Give an order; its answer."""
        if self._process.stdin is None or self._process.stdout is None:
            raise RuntimeError("pipes were asked for")
        async with self._turn:
            self._process.stdin.write(json.dumps({"do": what, "token": bot.token, **about}).encode() + b"\n")
            line = await self._process.stdout.readline()
        if not line:
            raise RuntimeError("the generator died")
        answer: dict[str, Any] = json.loads(line)
        return answer


@dataclass(frozen=True)
class Bot:
    """One bot that runs, perhaps as several processes."""

    name: str
    token: str
    processes: tuple[psutil.Process, ...]
    tells: Path = Path()
    """Where the first process writes what it is asked by signals."""

    def busy(self) -> float:
        """Seconds of the processor so far."""
        return sum(times.user + times.system for times in (process.cpu_times() for process in self.processes))

    def sockets(self) -> int:
        """Open sockets and files."""
        return sum(process.num_fds() for process in self.processes)

    def look(self) -> None:
        """Begin to see whose code is busy in the first process."""
        self.processes[0].send_signal(signal.SIGUSR1)

    async def told(self) -> dict[str, Any]:
        """What was seen since, in seconds, and how many tasks there are."""
        self.tells.unlink(missing_ok=True)
        self.processes[0].send_signal(signal.SIGUSR2)
        for _ in range(int(PATIENCE / 0.05)):
            await asyncio.sleep(0.05)
            if self.tells.exists() and (text := self.tells.read_text(encoding="utf-8")):
                said: dict[str, Any] = json.loads(text)
                return said
        raise TimeoutError(f"{self.name} says nothing")

    def resident(self) -> float:
        """Megabytes (10^6 bytes), of the largest process."""
        return max(process.memory_info().rss for process in self.processes) / 1e6


@asynccontextmanager
async def generator() -> AsyncIterator[Generator]:
    """A generator without bots yet."""
    pipe = asyncio.subprocess.PIPE
    command = (sys.executable, "-m", "tests.bench.updates.generator")
    process = await asyncio.create_subprocess_exec(*command, cwd=HOME, stdin=pipe, stdout=pipe)
    if process.stdin is None or process.stdout is None:
        raise RuntimeError("pipes were asked for")
    try:
        yield Generator(process, int(await process.stdout.readline()))
    finally:
        process.stdin.close()
        await process.wait()


@asynccontextmanager
async def running(name: str, source: Generator, *, called: bool, replicas: int = 1, database: str = "") -> AsyncIterator[Bot]:
    """A bot that answers, by polling or `called`; replicas share a webhook and a database."""
    token = f"{abs(hash((name, called, replicas, time.time_ns()))) % 10**9 + 10**9}:a-token-of-the-bench-and-of-no-bot"
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        tells = Path(folder) / "tells.json"
        address = database or f"sqlite:///{folder}/bench.db"
        environment = os.environ | {"DATABASE_URL": address, "LOG_LEVEL": "WARNING", FILE: str(tells)}
        bot = Bot(name, token, ())
        await source.do("stop", bot)
        processes = []
        for _ in range(replicas):
            port = _free_port() if called else 0
            command = [sys.executable, "-m", "tests.bench.updates.bots", name, source.api, token, str(port)]
            process = subprocess.Popen(command, cwd=HOME, env=environment, stderr=subprocess.DEVNULL)  # noqa: ASYNC220 - it outlives this loop's attention
            stack.push_async_callback(_end, process)
            processes.append(psutil.Process(process.pid))
            if called:
                await _listening(port, process)
                await source.do("call", bot, port=port, path=PATH, secret=SECRET)
        yield Bot(name, token, tuple(processes), tells)


async def answering(bot: Bot, source: Generator) -> None:
    """Wait until a bot answers for the first time."""
    await source.do("start", bot, kind="city", rate=0, chats=1_000)
    began = time.perf_counter()
    while (await source.do("count", bot))["answered"] == 0:
        if time.perf_counter() - began > PATIENCE or not all(process.is_running() for process in bot.processes):
            raise TimeoutError(f"{bot.name} does not answer")
        await asyncio.sleep(0.05)
    await drained(bot, source)


async def drained(bot: Bot, source: Generator) -> int:
    """Give a bot no more, and wait until it has answered; how many updates it has not."""
    await source.do("stop", bot)
    missing = 0
    for _ in range(int(PATIENCE / 0.05)):
        count = await source.do("count", bot)
        missing = count["given"] - count["answered"]
        if missing <= 0:
            break
        await asyncio.sleep(0.05)
    return missing


async def window(
    bot: Bot, source: Generator, kind: str, seconds: float, *, rate: float = 0, chats: int = 1_000, warm_up: int = 1_000
) -> Window:
    """What a bot does in so many seconds, after it has answered enough to be warm."""
    first = await source.do("start", bot, kind=kind, rate=rate, chats=chats)
    began = time.perf_counter()
    while (await source.do("count", bot))["answered"] - first["answered"] < warm_up:
        if time.perf_counter() - began > PATIENCE:
            raise TimeoutError(f"{bot.name} is too slow for {kind}")
        await asyncio.sleep(0.02)
    await source.do("waits", bot)
    before, busy = await source.do("count", bot), bot.busy()
    await asyncio.sleep(seconds)
    after, busy = await source.do("count", bot), bot.busy() - busy
    waits = await source.do("waits", bot)
    missing = await drained(bot, source)
    passed, answered = after["time"] - before["time"], after["answered"] - before["answered"]
    if bot.name == "ours" and missing:
        raise RuntimeError(f"{missing} updates were not answered")
    return Window(
        answered / passed,
        busy / max(answered, 1) * 1e6,
        busy / passed / len(bot.processes),
        waits.get("p50", 0.0) * 1e3,
        waits.get("p99", 0.0) * 1e3,
    )


async def _listening(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(int(PATIENCE / 0.05)):
        if process.poll() is not None:
            raise RuntimeError("the bot ended")
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.05)
        else:
            writer.close()
            return
    raise TimeoutError("nobody listens")


async def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        await asyncio.to_thread(process.wait, PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
