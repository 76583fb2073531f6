"""A bot's life, from its start to its exit code: the whole process over real sockets, beside an emulated Telegram."""

from __future__ import annotations

import asyncio
import socket
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest
from sqlalchemy import select

from bot.emulator import Slow, Unreachable, conflict
from bot.exits import Exit
from bot.roles import Role
from bot.services import ChatBook, SystemClock
from bot.settings import Limits, Secret
from data import news, upkeep
from data.db import Database
from data.sheets import Defect
from data.tables import leases
from tests.fakes.databases import LOADED_AT, shipped_file
from tests.fakes.running import Process, called, quick, settings, starts, telegram, terminate, until
from tests.fakes.updates import LESIA

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bot.emulator import BotApi
    from data.catalogue import Catalogue

__all__ = ["called", "quick", "settings", "shipped_file", "starts", "telegram"]  # fixtures


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


# --- Roles ------------------------------------------------------------------------------------------------------------------------------


async def test_a_worker_sends_news_and_asks_for_no_updates(starts: Callable[..., Process]) -> None:
    bot = starts(role=Role.WORKER)
    await bot.has_logged("delivery_taken_over")
    assert await bot.shows("/livez") == (200, "ok\n")
    assert await bot.shows("/readyz") == (200, "ok\n")
    assert "started mode=none role=worker" in bot.log
    assert not [call for call in bot.telegram.log if call.method in {"getUpdates", "setWebhook", "deleteWebhook"}]
    terminate()
    assert await bot.ends() is Exit.DONE


async def test_a_worker_takes_no_update_that_is_brought_to_it(starts: Callable[..., Process], called: dict[str, Any]) -> None:
    bot = starts(role=Role.WORKER, **called)
    await bot.has_logged("started")
    async with aiohttp.ClientSession() as session, session.post(called["webhook"].url, json={"update_id": 1}) as response:
        assert response.status == 404


async def test_a_web_process_answers_and_leaves_news_to_others(starts: Callable[..., Process], called: dict[str, Any]) -> None:
    bot = starts(role=Role.WEB, **called)
    await bot.has_logged("started mode=webhook role=web")
    assert await bot.answers("/help")
    assert await bot.shows("/readyz") == (200, "ok\n")
    async with Database(bot.settings.database.value) as db, db.read() as connection:
        assert not (await connection.execute(select(leases))).all()


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


async def test_what_another_process_changes_about_a_chat_is_known_soon_after(starts: Callable[..., Process]) -> None:
    bot = starts(Limits(catalogue_check=0.05))
    before = await bot.answers("/help")
    async with Database(bot.settings.database.value) as db:
        await ChatBook(db, SystemClock(), 10).choose_language(LESIA.id, "en")
    async with asyncio.timeout(2):
        while await bot.answers("/help") == before:
            pass


async def published(bot: Process) -> None:
    """An admin publishes a piece of news from another process."""
    async with Database(bot.settings.database.value) as db:
        await news.add(db, DRAFT, LOADED_AT, published=True)
