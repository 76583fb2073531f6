"""Running bots: the whole process over real sockets, beside an emulated Telegram."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import re
import signal
import socket
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web

from bot import runtime
from bot.emulator import BotApi
from bot.emulator.http import application
from bot.services import SystemClock
from bot.settings import Limits, Secret, Settings, Webhook
from data import upkeep
from tests.fakes.databases import Files
from tests.fakes.updates import LESIA

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator
    from pathlib import Path

    from bot.exits import Exit
    from data.catalogue import Catalogue
    from data.db import Database

PATIENCE = 10.0
WORD = "a-word-that-nobody-guesses"


@dataclass
class Process:
    """One running bot: its task, its Telegram, what it logged."""

    telegram: BotApi
    settings: Settings
    caplog: pytest.LogCaptureFixture
    task: asyncio.Task[Exit]

    @property
    def log(self) -> str:
        """All lines so far."""
        return "\n".join(record.getMessage() for record in self.caplog.records)

    @property
    def web(self) -> str:
        """Where its web server listens."""
        return f"http://127.0.0.1:{re.findall(r'listening host=127.0.0.1 port=([0-9]+)', self.log)[-1]}"

    async def has_logged(self, event: str) -> None:
        """Wait for a line."""
        await until(lambda: event in self.log or self.task.done())
        assert event in self.log

    async def answers(self, text: str = "/city Nikopol") -> str:
        """Say something to the bot, wait for its answer."""
        before = len(self.telegram.log)
        self.telegram.says(None, LESIA, text)

        def answer() -> list[str]:
            return [call.params["text"] for call in self.telegram.log[before:] if call.method == "sendMessage"]

        await until(answer)
        return answer()[0]

    async def shows(self, path: str) -> tuple[int, str]:
        """Status and text of a page of its web server."""
        async with aiohttp.ClientSession() as session, session.get(self.web + path) as response:
            return response.status, await response.text()

    async def ends(self) -> Exit:
        """Wait for its exit code."""
        async with asyncio.timeout(PATIENCE):
            return await self.task


async def until(condition: Callable[[], object]) -> None:
    """Wait for something to become true."""
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110 - what is waited for happens in parts that tell nobody
            await asyncio.sleep(0.01)


def terminate() -> None:
    """What a supervisor does."""
    os.kill(os.getpid(), signal.SIGTERM)


@pytest.fixture
def settings(shipped_file: Path, tmp_path: Path) -> Settings:
    """A bot with a database, on a port that the system chooses."""
    return Settings(database=Secret(Files(tmp_path).copy(f"sqlite:///{shipped_file}")), port=0)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch, catalogue: Catalogue) -> Iterator[None]:
    """The catalogue of the shipped data set, as it is assembled once for all tests."""

    async def read(_db: Database) -> Catalogue:
        return catalogue

    monkeypatch.setattr(upkeep, "read_catalogue", read)
    yield
    gc.unfreeze()


@pytest_asyncio.fixture
async def telegram() -> AsyncIterator[tuple[BotApi, str]]:
    """An emulated Telegram and its address."""
    core = BotApi(clock=SystemClock())
    async with served(application(core)) as address:
        yield core, address


@asynccontextmanager
async def served(app: web.Application) -> AsyncIterator[str]:
    """An application on the loopback."""
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


@pytest_asyncio.fixture
async def starts(
    telegram: tuple[BotApi, str], settings: Settings, caplog: pytest.LogCaptureFixture
) -> AsyncIterator[Callable[..., Process]]:
    """Starts a bot with these settings and limits beside the emulated Telegram; stops it in the end."""
    caplog.set_level(logging.INFO, "bot")
    core, address = telegram
    started: list[Process] = []

    def start(limits: Limits | None = None, **other: Any) -> Process:
        chosen = replace(settings, **{"token": Secret(core.token), "api_url": address, "limits": limits or Limits(), **other})
        started.append(Process(core, chosen, caplog, asyncio.create_task(runtime.run(chosen))))
        return started[-1]

    yield start
    for process in started:
        if not process.task.done():
            terminate()
            await process.ends()
        assert core.token not in process.log
        assert core.token.partition(":")[2] not in process.log


@pytest.fixture
def called() -> dict[str, Any]:
    """Settings of a bot that Telegram calls."""
    with socket.create_server(("127.0.0.1", 0)) as chosen:
        port = chosen.getsockname()[1]
    return {"port": port, "webhook": Webhook(f"http://127.0.0.1:{port}/telegram/updates", Secret(WORD))}


async def settled(bot: Process) -> None:
    """Wait until Telegram learned that its updates were taken."""
    await until(lambda: not bot.telegram.updates.pending)
