"""What a supervisor, Prometheus and an operator are told."""

from __future__ import annotations

import asyncio
import io
import logging
import re
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import OperationalError

from bot import health
from bot.logs import LineFormatter, event, reason
from bot.metrics import Metrics

if TYPE_CHECKING:
    from bot.health import Check

TOKEN = "1234567890:a-token-of-a-bot-that-nobody-runs"


def says(words: str) -> Check:
    """A check with this answer."""

    async def check() -> str:
        return words

    return check


async def hangs() -> str:
    """A check that never answers."""
    await asyncio.Event().wait()
    return ""


async def breaks() -> str:
    """A check that cannot even be made."""
    raise OSError("secret details")


async def page(path: str, alive: dict[str, Check], ready: dict[str, Check]) -> tuple[int, str, str]:
    """Status, type and text of a page."""
    serving = health.serving(health.application(alive, ready, Metrics()), "127.0.0.1", 0)
    async with serving as port, aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}{path}") as response:
        return response.status, response.headers["Content-Type"], await response.text()


# --- Pages ------------------------------------------------------------------------------------------------------------------------------


async def test_all_is_well_when_no_check_complains() -> None:
    assert (await page("/livez", {"polling": says("")}, {}))[::2] == (200, "ok\n")


async def test_every_complaint_is_named() -> None:
    ready = {"database": says("not open yet"), "telegram": says(""), "catalogue": says("not loaded yet")}
    assert (await page("/readyz", {}, ready))[::2] == (503, "database: not open yet\ncatalogue: not loaded yet\n")


async def test_a_bot_that_is_not_ready_is_alive_all_the_same() -> None:
    assert (await page("/livez", {}, {"telegram": says("not reached yet")}))[0] == 200


async def test_a_check_that_hangs_or_breaks_is_a_complaint_without_details(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "PATIENCE", 0.05)
    status, _, text = await page("/readyz", {}, {"database": hangs, "telegram": breaks})
    assert (status, text) == (503, "database: no answer within 0 s\ntelegram: OSError\n")


async def test_prometheus_reads_the_metrics() -> None:
    status, kind, text = await page("/metrics", {}, {})
    assert (status, kind) == (200, health.EXPOSITION)
    assert "# TYPE bot_catalogue_revision gauge" in text


@pytest.mark.parametrize("path", ["/", "/livez/", "/admin", "/bot"])
async def test_there_is_nothing_else_to_see(path: str) -> None:
    assert (await page(path, {}, {}))[0] == 404


async def test_a_port_in_use_says_why() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other, pytest.raises(health.PortUnusable, match="Address already in use"):
        await health.serving(health.application({}, {}, Metrics()), "127.0.0.1", other.getsockname()[1]).__aenter__()


# --- The log ----------------------------------------------------------------------------------------------------------------------------


def written(statements: str) -> str:
    """What a process of its own writes to standard error."""
    program = f"import logging\nfrom bot.logs import event, set_up\nset_up('INFO')\n{statements}"
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stderr


def line(name: str, *arguments: object, error: BaseException | None = None, secrets: tuple[str, ...] = ()) -> str:
    """A record as it is written, without its time."""
    told = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord("bot.test", logging.INFO, "test.py", 1, name, arguments, told)
    return LineFormatter(secrets).format(record).partition(" ")[2]


def test_an_event_is_one_line_of_time_level_name_and_fields() -> None:
    told = written("event(logging.getLogger('bot'), 'data_loaded', revision=3, first='cities.csv:7: wrong', city='Нікополь')")
    assert re.fullmatch(r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ INFO data_loaded revision=3 first="cities.csv:7: wrong" city=Нікополь\n', told)


def test_what_a_library_says_is_told_apart_from_events() -> None:
    assert line("Something %s happened", "odd") == 'INFO library name=bot.test said="Something odd happened"'
    assert line("registered languages=%d", 2) == "INFO registered languages=2"


@given(st.text())
def test_no_value_breaks_the_line_or_forges_a_field(value: str) -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(LineFormatter())
    asked = logging.getLogger("bot.asked")
    asked.handlers, asked.propagate = [handler], False
    event(asked, "asked", logging.WARNING, text=value)
    told = stream.getvalue().removesuffix("\n")
    assert told.isprintable()
    assert re.fullmatch(r'\S+ WARNING asked text=([^\s"=]+|"[^"]*")', told)


def test_an_error_is_told_in_its_line_with_the_place_it_comes_from() -> None:
    try:
        LineFormatter().format(None)  # type: ignore[arg-type]
    except AttributeError as error:
        told = line("update_failed", error=error)
    assert told.startswith("INFO update_failed error=\"AttributeError: 'NoneType' object has no attribute 'created'\" at=\"bot/logs.py:")
    assert "tests/test_health.py" in told
    assert "\n" not in told


def test_no_secret_is_written_wherever_it_turns_up() -> None:
    error = ValueError(f"https://api.telegram.org/bot{TOKEN}/getMe")
    for told in (
        line("asked url=%s", f"https://api.telegram.org/bot{TOKEN}/getMe"),
        line("failed", error=error),
        line("given %s", "a-word", secrets=("a-word",)),
        line("postgresql://bot:hush@host/name"),
    ):
        assert "***" in told
        assert not any(secret in told for secret in (TOKEN, "a-word", "hush"))


def test_an_error_of_the_database_is_the_drivers_words_without_the_statement() -> None:
    error = OperationalError("SELECT 1", {}, Exception("no such table: cities\nLINE 1"))
    assert reason(error) == "Exception: no such table: cities"


def test_a_value_as_long_as_a_book_is_shortened() -> None:
    assert len(line("%s", "word " * 10_000)) < 400


def test_the_log_keeps_quiet_about_every_request() -> None:
    told = written(
        "logging.getLogger('telegram.ext.ExtBot').info('a request')\n"
        "logging.getLogger('telegram.ext').error('a poll that failed, which the runtime tells itself')\n"
        "logging.getLogger('aiohttp.access').info('a visit')"
    )
    assert told == ""
