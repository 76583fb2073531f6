"""A bot's life, from its start to its exit code: the whole process over real sockets, beside an emulated Telegram."""

from __future__ import annotations

import asyncio
import gc
import io
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
from bot.emulator import BotApi, Slow, Unreachable, conflict
from bot.emulator.http import application
from bot.exits import Exit
from bot.services import SystemClock
from bot.settings import Limits, Secret, Settings, Webhook
from data import news, upkeep
from data.db import Database
from data.sheets import Defect
from tests.fakes.databases import LOADED_AT, Files, shipped_file
from tests.fakes.updates import LESIA

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator
    from pathlib import Path

    from data.catalogue import Catalogue

__all__ = ["shipped_file"]  # a fixture

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


# --- Start and stop ---------------------------------------------------------------------------------------------------------------------


async def test_a_started_bot_answers_and_stops_when_it_is_told_to(starts: Callable[..., Process]) -> None:
    bot = starts()
    assert "Нікополь" in await bot.answers("/city Nikopol")
    assert await bot.shows("/livez") == (200, "ok\n")
    assert await bot.shows("/readyz") == (200, "ok\n")
    status, metrics = await bot.shows("/metrics")
    assert (status, "bot_catalogue_revision 1.0" in metrics) == (200, True)
    terminate()
    assert await bot.ends() is Exit.DONE


async def test_what_was_written_while_the_bot_was_away_is_answered(starts: Callable[..., Process], telegram: tuple[BotApi, str]) -> None:
    telegram[0].says(None, LESIA, "/city Nikopol")
    bot = starts()
    await until(lambda: any(call.method == "sendMessage" and "Нікополь" in call.params["text"] for call in bot.telegram.log))


async def test_an_answer_under_way_is_finished_before_the_process_ends(starts: Callable[..., Process]) -> None:
    bot = starts()
    await bot.has_logged("started")
    bot.telegram.answers("sendMessage", Slow(0.4))
    bot.telegram.says(None, LESIA, "/help")
    await until(lambda: any(call.method == "sendMessage" for call in bot.telegram.log))
    terminate()
    assert await bot.ends() is Exit.DONE
    assert "drain_cut" not in bot.log
    assert "update_failed" not in bot.log


async def test_an_answer_that_takes_for_ever_does_not_keep_the_process(starts: Callable[..., Process]) -> None:
    bot = starts(Limits(drain=0.2))
    await bot.has_logged("started")
    bot.telegram.answers("sendMessage", Slow(60))
    bot.telegram.says(None, LESIA, "/help")
    await until(lambda: any(call.method == "sendMessage" for call in bot.telegram.log))
    terminate()
    assert await bot.ends() is Exit.DONE
    assert "drain_cut seconds=0.2" in bot.log


async def test_a_bot_can_be_stopped_while_it_still_waits_for_telegram(starts: Callable[..., Process], telegram: tuple[BotApi, str]) -> None:
    telegram[0].answers("getMe", Unreachable(), times=None)
    bot = starts()
    await bot.has_logged("telegram_unreachable")
    terminate()
    assert await bot.ends() is Exit.DONE


# --- When something is wrong ------------------------------------------------------------------------------------------------------------


async def test_a_wrong_token_is_said_and_is_no_reason_to_start_again(starts: Callable[..., Process]) -> None:
    bot = starts(token=Secret("1234567:a-token-that-was-revoked-long-ago"))
    assert await bot.ends() is Exit.CONFIG
    assert "token_refused setting=BOT_TOKEN" in bot.log
    assert "revoked" not in bot.log


async def test_while_telegram_is_away_the_bot_is_alive_and_not_ready(starts: Callable[..., Process], telegram: tuple[BotApi, str]) -> None:
    telegram[0].answers("getMe", Unreachable())
    bot = starts()
    await bot.has_logged("telegram_unreachable")
    assert await bot.shows("/livez") == (200, "ok\n")
    assert await bot.shows("/readyz") == (503, "telegram: not reached yet\n")
    assert await bot.answers("/help")
    assert await bot.shows("/readyz") == (200, "ok\n")


async def test_a_bot_that_hears_nothing_for_too_long_says_so_and_ends(starts: Callable[..., Process]) -> None:
    bot = starts(Limits(poll_silence=0.6, poll_timeout=0))
    await bot.has_logged("started")
    bot.telegram.answers("getUpdates", Unreachable(), times=None)
    assert await bot.ends() is Exit.SILENT
    assert "polling_silent seconds=0.6" in bot.log


async def test_a_bot_whose_token_is_used_elsewhere_gives_way(starts: Callable[..., Process]) -> None:
    bot = starts(Limits(conflict=0))
    bot.telegram.answers("getUpdates", conflict("terminated by other getUpdates request"), times=None)
    assert await bot.ends() is Exit.CONFLICT
    assert "token_used_elsewhere setting=BOT_TOKEN" in bot.log


async def test_a_short_conflict_during_a_change_of_processes_is_survived(starts: Callable[..., Process]) -> None:
    bot = starts()
    bot.telegram.answers("getUpdates", conflict("terminated by other getUpdates request"))
    await bot.has_logged("poll_failed")
    assert await bot.answers("/help")


async def test_a_port_in_use_is_named(starts: Callable[..., Process]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        bot = starts(port=port)
        assert await bot.ends() is Exit.FAILED
    assert f"port_unusable setting=PORT host=127.0.0.1 port={port}" in bot.log


@pytest.mark.parametrize(
    "address", ["sqlite:///{folder}/taken/bot.db", "sqlite:///{folder}/taken", "postgresql://bot:hush@127.0.0.1:9/bot"]
)
async def test_a_database_that_cannot_be_used_is_named_without_its_password(
    starts: Callable[..., Process], tmp_path: Path, address: str
) -> None:
    (tmp_path / "taken").write_text("no database, but a file of that name that is long enough to be read as one" * 20)
    bot = starts(database=Secret(address.format(folder=tmp_path)))
    assert await bot.ends() is Exit.FAILED
    assert "database_unusable setting=DATABASE_URL" in bot.log
    assert "hush" not in bot.log


async def test_an_empty_database_and_a_bad_data_set_make_no_bot(
    starts: Callable[..., Process], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse(monkeypatch)
    bot = starts(database=Secret(f"sqlite:///{tmp_path}/new.db"))
    assert await bot.ends() is Exit.FAILED
    assert 'data_refused defects=1 first="cities.csv:7: wrong" see="main.py data check"' in bot.log


async def test_a_bad_data_set_does_not_stop_a_bot_that_has_a_good_one(
    starts: Callable[..., Process], monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse(monkeypatch)
    monkeypatch.setattr("data.sheets.digest", lambda *_: "another")
    bot = starts()
    assert await bot.answers("/help")
    assert "data_refused" in bot.log


def refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the shipped data set be a bad one."""

    def read_seed(*_: object) -> None:
        raise upkeep.BadSeed([Defect("cities.csv", 7, "wrong")])

    monkeypatch.setattr(upkeep, "read_seed", read_seed)


# --- A new revision ---------------------------------------------------------------------------------------------------------------------

DRAFT = news.Draft("Nikopol opens a centre", "It opened.", "https://example.org/1", "en", "2026-03-02", ("nikopol",))


async def test_what_an_admin_publishes_is_known_soon_after(
    starts: Callable[..., Process], catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    bot = starts(Limits(catalogue_check=0.05))
    await bot.has_logged("started")

    async def read(_db: Database) -> Catalogue:
        return replace(catalogue, revision=2)

    monkeypatch.setattr(upkeep, "read_catalogue", read)
    await published(bot)
    await bot.has_logged("catalogue_renewed revision=2")
    assert "bot_catalogue_revision 2.0" in (await bot.shows("/metrics"))[1]


async def test_a_revision_that_cannot_be_read_leaves_the_bot_as_it_was(
    starts: Callable[..., Process], monkeypatch: pytest.MonkeyPatch
) -> None:
    bot = starts(Limits(catalogue_check=0.05))
    await bot.has_logged("started")

    async def read(_db: Database) -> Catalogue:
        raise KeyError("a column that is gone")

    monkeypatch.setattr(upkeep, "read_catalogue", read)
    await published(bot)
    await bot.has_logged("catalogue_stays revision=1")
    assert await bot.answers("/help")
    assert 'bot_catalogue_reloads_total{outcome="failed"}' in (await bot.shows("/metrics"))[1]


async def published(bot: Process) -> None:
    """An admin publishes a piece of news from another process."""
    async with Database(bot.settings.database.value) as db:
        await news.add(db, DRAFT, LOADED_AT, published=True)


# --- Webhook ----------------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def called() -> dict[str, Any]:
    """Settings of a bot that Telegram calls."""
    with socket.create_server(("127.0.0.1", 0)) as chosen:
        port = chosen.getsockname()[1]
    return {"port": port, "webhook": Webhook(f"http://127.0.0.1:{port}/telegram/updates", Secret(WORD))}


async def test_a_bot_that_telegram_calls_answers_too(starts: Callable[..., Process], called: dict[str, Any]) -> None:
    bot = starts(**called)
    await bot.has_logged("started mode=webhook")
    assert await bot.answers("/help")
    await settled(bot)
    assert WORD not in bot.log


async def settled(bot: Process) -> None:
    """Wait until Telegram learned that its updates were taken."""
    await until(lambda: not bot.telegram.updates.pending)


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({}, b'{"update_id": 1}', 401),
        ({"X-Telegram-Bot-Api-Secret-Token": "a guess"}, b'{"update_id": 1}', 401),
        ({"X-Telegram-Bot-Api-Secret-Token": WORD, "Content-Type": "text/plain"}, b'{"update_id": 1}', 415),
        ({"X-Telegram-Bot-Api-Secret-Token": WORD}, b"x" * (1024 * 1024 + 1), 413),
        ({"X-Telegram-Bot-Api-Secret-Token": WORD}, b"no JSON", 400),
        ({"X-Telegram-Bot-Api-Secret-Token": WORD}, b"[" * 100_000, 400),
        ({"X-Telegram-Bot-Api-Secret-Token": WORD}, b'{"no": "update"}', 400),
        ({"X-Telegram-Bot-Api-Secret-Token": WORD}, b'{"update_id": 1}', 200),
    ],
)
async def test_strangers_and_nonsense_are_refused(
    starts: Callable[..., Process], called: dict[str, Any], headers: dict[str, str], body: bytes, status: int
) -> None:
    bot = starts(**called)
    await bot.has_logged("started")
    async with aiohttp.ClientSession() as session:
        asked = session.post(called["webhook"].url, data=io.BytesIO(body), headers={"Content-Type": "application/json", **headers})
        async with asked as response:
            assert response.status == status


async def test_an_update_that_comes_before_the_bot_is_there_is_asked_for_again(
    starts: Callable[..., Process], called: dict[str, Any], telegram: tuple[BotApi, str]
) -> None:
    telegram[0].answers("getMe", Unreachable())
    bot = starts(**called)
    await bot.has_logged("telegram_unreachable")
    session = aiohttp.ClientSession(headers={"X-Telegram-Bot-Api-Secret-Token": WORD})
    async with session, session.post(called["webhook"].url, json={"update_id": 1}) as response:
        assert (response.status, response.headers["Retry-After"]) == (503, "2")


async def test_a_body_of_unknown_length_is_bounded_too(starts: Callable[..., Process], called: dict[str, Any]) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b" " * 100_000

    bot = starts(**called)
    await bot.has_logged("started")
    headers = {"X-Telegram-Bot-Api-Secret-Token": WORD, "Content-Type": "application/json"}
    async with aiohttp.ClientSession(headers=headers) as session, session.post(called["webhook"].url, data=endless()) as response:
        assert response.status == 413


async def test_a_slow_answer_does_not_keep_telegram_waiting(
    starts: Callable[..., Process], called: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.inbox.HANDLING_SECONDS", 0.1)
    bot = starts(Limits(drain=0.1), **called)
    await bot.has_logged("started")
    bot.telegram.answers("sendMessage", Slow(60))
    bot.telegram.says(None, LESIA, "/help")
    await until(lambda: any(call.method == "sendMessage" for call in bot.telegram.log))
    await settled(bot)
