"""Updates that Telegram brings by calling: the whole process over real sockets, beside an emulated Telegram."""

from __future__ import annotations

import asyncio
import io
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest

from bot.emulator import Slow, Unreachable
from bot.exits import Exit
from bot.holding import Holdings
from bot.services import SystemClock
from bot.settings import Limits
from data.db import Database
from tests.fakes.databases import shipped_file
from tests.fakes.running import WORD, Process, called, quick, settings, settled, starts, telegram, terminate, until
from tests.fakes.updates import ADA, LESIA, message

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from bot.emulator import BotApi, User

__all__ = ["called", "quick", "settings", "shipped_file", "starts", "telegram"]  # fixtures


async def test_a_bot_that_telegram_calls_answers_too(starts: Callable[..., Process], called: dict[str, Any]) -> None:
    bot = starts(**called)
    await bot.has_logged("started mode=webhook")
    assert await bot.answers("/help")
    await settled(bot)
    assert WORD not in bot.log


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


# --- Brought again ----------------------------------------------------------------------------------------------------------------------


async def brings(bot: Process, update: dict[str, Any]) -> tuple[int, str | None]:
    """Bring an update; status and Retry-After."""
    assert bot.settings.webhook
    session = aiohttp.ClientSession(headers={"X-Telegram-Bot-Api-Secret-Token": WORD})
    async with session, session.post(bot.settings.webhook.url, json=update) as response:
        return response.status, response.headers.get("Retry-After")


def says(bot: Process, text: str, user: User = LESIA) -> dict[str, Any]:
    """An update for `brings`."""
    bot.telegram.private(user)
    return message(text, user).to_dict()


def answers(bot: Process) -> list[str]:
    """What the bot sent."""
    return [call.params["text"] for call in bot.telegram.log if call.method == "sendMessage"]


async def test_an_update_that_is_brought_twice_at_the_same_time_is_answered_once(
    starts: Callable[..., Process], called: dict[str, Any]
) -> None:
    bot = starts(**called)
    await bot.has_logged("started")
    bot.telegram.answers("sendMessage", Slow(0.3))
    update = says(bot, "/help")
    assert [*await asyncio.gather(brings(bot, update), brings(bot, update))] == [(200, None)] * 2
    assert len(answers(bot)) == 1


async def test_an_update_that_was_handled_is_not_answered_again(starts: Callable[..., Process], called: dict[str, Any]) -> None:
    bot = starts(**called)
    await bot.has_logged("started")
    update = says(bot, "/help")
    assert [await brings(bot, update) for _ in range(2)] == [(200, None)] * 2
    assert len(answers(bot)) == 1


async def test_an_answer_that_takes_long_is_given_once_and_acknowledged_when_it_was_given(
    starts: Callable[..., Process], called: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.inbox.HANDLING_SECONDS", 0.2)
    bot = starts(**called)
    await bot.has_logged("started")
    bot.telegram.answers("sendMessage", Slow(0.5))
    update = says(bot, "/help")
    statuses = [await brings(bot, update) for _ in range(4)]
    assert statuses == [(503, "5"), (503, "5"), (200, None), (200, None)]
    assert len(answers(bot)) == 1


async def test_an_update_that_one_replica_takes_long_over_is_not_answered_by_the_next(
    starts: Callable[..., Process], called: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.inbox.HANDLING_SECONDS", 0.2)
    monkeypatch.setattr("bot.holding.FRESH", 0)
    bot = starts(**called)
    await bot.has_logged("started")
    async with Database(bot.settings.database.value) as db:
        elsewhere = Holdings(db, SystemClock())
        update = says(bot, "/help")
        await elsewhere.note(update["update_id"])
        assert await brings(bot, update) == (503, "5")
        await elsewhere.note(update["update_id"], handled=True)
        assert await brings(bot, update) == (200, None)
        assert not answers(bot)

        cut = says(bot, "/help")
        await elsewhere.note(cut["update_id"])
        await elsewhere.let_go(cut["update_id"])
        assert await brings(bot, cut) == (200, None)
        assert len(answers(bot)) == 1

        bot.telegram.answers("sendMessage", Slow(0.5))
        slow = says(bot, "/about")
        assert await brings(bot, slow) == (503, "5")
        assert await elsewhere.was_handled(slow["update_id"]) is False
        await until(lambda: len(answers(bot)) == 2)
        while await elsewhere.was_handled(slow["update_id"]) is False:  # noqa: ASYNC110 - the database has no event
            await asyncio.sleep(0.05)
        assert await elsewhere.was_handled(slow["update_id"]) is True


async def test_an_update_that_waits_behind_a_slow_one_is_given_back_unanswered(
    starts: Callable[..., Process], called: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.inbox.HANDLING_SECONDS", 0.2)
    bot = starts(**called)
    await bot.has_logged("started")
    bot.telegram.answers("sendMessage", Slow(0.5))
    first, second = says(bot, "/help"), says(bot, "/about")
    assert [*await asyncio.gather(brings(bot, first), brings(bot, second))] == [(503, "5"), (503, "2")]
    await until(lambda: len(answers(bot)) == 1)
    await asyncio.sleep(0.5)
    assert len(answers(bot)) == 1, "what was given back is left to whoever is brought it next"
    assert await brings(bot, second) == (200, None)
    assert len(answers(bot)) == 2


async def test_an_update_that_nobody_can_read_does_not_hold_up_the_others(starts: Callable[..., Process], called: dict[str, Any]) -> None:
    bot = starts(**called)
    await bot.has_logged("started")
    assert await brings(bot, {"update_id": 7, "message": {"text": "neither chat nor date"}}) == (200, None)
    assert "update_unreadable update=7" in bot.log


# --- Until the end ----------------------------------------------------------------------------------------------------------------------


async def test_what_has_begun_at_sigterm_is_answered_and_what_comes_then_goes_elsewhere(
    starts: Callable[..., Process], called: dict[str, Any]
) -> None:
    bot = starts(**called)
    await bot.has_logged("started")
    bot.telegram.answers("sendMessage", Slow(0.6))
    begun = asyncio.create_task(brings(bot, says(bot, "/help")))
    await until(lambda: answers(bot))
    terminate()
    await bot.has_logged("stopping")
    assert await brings(bot, says(bot, "/help", ADA)) == (503, "2")
    assert await bot.shows("/readyz") == (503, "running: stopping\n")
    assert await bot.shows("/livez") == (200, "ok\n")
    assert await begun == (200, None)
    assert await bot.ends() is Exit.DONE
    assert len(answers(bot)) == 1


async def test_an_answer_that_is_cut_short_at_the_end_has_to_be_asked_for_again(
    starts: Callable[..., Process], called: dict[str, Any]
) -> None:
    bot = starts(Limits(drain=0.2), **called)
    await bot.has_logged("started")
    bot.telegram.answers("sendMessage", Slow(60))
    cut = asyncio.create_task(brings(bot, says(bot, "/help")))
    await until(lambda: answers(bot))
    terminate()
    assert await cut == (503, "5")
    assert await bot.ends() is Exit.DONE
    assert "drain_cut seconds=0.2 updates=1" in bot.log


# --- What is counted --------------------------------------------------------------------------------------------------------------------


async def test_updates_and_questions_are_counted_by_what_became_of_them(starts: Callable[..., Process], called: dict[str, Any]) -> None:
    bot = starts(**called)
    await bot.has_logged("started")
    assert "Нікополь" in await bot.answers("чи є Нікополь у мережі?")
    await bot.answers("як приготувати борщ зі сливами?")
    bot.telegram.answers("sendMessage", Unreachable(), times=2)
    assert await brings(bot, says(bot, "/help", ADA)) == (200, None)
    await settled(bot)
    _, shown = await bot.shows("/metrics")
    for line in (
        'bot_updates_total{kind="message",outcome="handled"} 2.0',
        'bot_updates_total{kind="message",outcome="network"} 1.0',
        'bot_questions_total{outcome="answered"} 1.0',
        'bot_questions_total{outcome="unanswered"} 1.0',
    ):
        assert line in shown
