"""Replies to people and news in bulk keep one budget, and people come first."""

import asyncio
from typing import Any

import pytest
from telegram.error import RetryAfter

from bot.delivery.budget import Budget, Lane, Rates
from bot.delivery.limiter import Limiter
from bot.emulator import too_many_requests
from bot.settings import Limits
from tests.fakes.clock import FakeClock
from tests.fakes.house import House, the
from tests.fakes.updates import ADA, LESIA


class Sleepers:
    """A clock for many who sleep at the same time: it passes to whoever is due first."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.waiting: list[tuple[float, asyncio.Event]] = []

    async def sleep(self, seconds: float) -> None:
        """Sleep."""
        event = asyncio.Event()
        self.waiting.append((self.clock.monotonic() + seconds, event))
        await event.wait()

    async def pass_until(self, task: "asyncio.Future[Any]") -> None:
        """Let the time pass until a task is done."""
        while not task.done():
            for _ in range(5):
                await asyncio.sleep(0)
            if self.waiting:
                self.waiting.sort(key=lambda one: one[0])
                due, event = self.waiting.pop(0)
                self.clock.advance(max(0.0, due - self.clock.monotonic()))
                event.set()


class Line:
    """The way to Telegram: when what left, and what it answers."""

    def __init__(self) -> None:
        self.time = Sleepers()
        self.budget = Budget()
        self.limiter = Limiter(self.budget, self.time.clock, 6, self.time.sleep)
        self.left: list[tuple[float, str, int]] = []
        self.floods: list[int] = []

    async def asks(self, endpoint: str, chat: Any, lane: Lane | None = None) -> Any:
        """Make a request."""

        async def callback(name: str, data: dict[str, Any], **_: Any) -> bool:
            self.left.append((self.time.clock.monotonic(), name, data["chat_id"]))
            if self.floods:
                raise RetryAfter(self.floods.pop(0))
            return True

        data = {"chat_id": chat}
        return await self.limiter.process_request(callback, (endpoint, data), {}, endpoint, data, lane)

    async def together(self, *requests: Any) -> list[Any]:
        """Make requests at the same time, and let the time pass until all are done."""
        all_of_them = asyncio.gather(*requests, return_exceptions=True)
        await self.time.pass_until(all_of_them)
        return await all_of_them


async def test_one_reply_does_not_wait() -> None:
    line = Line()
    assert await line.together(line.asks("sendMessage", 1)) == [True]
    assert line.left == [(0, "sendMessage", 1)]


async def test_many_replies_at_once_leave_one_after_another_and_none_waits_longer_than_three_seconds() -> None:
    line = Line()
    await line.together(*(line.asks("sendMessage", chat) for chat in range(1, 201)))
    moments = [moment for moment, _, _ in line.left]

    assert max(moments) <= 3.0 + 1e-6
    for start in (0.0, 0.5, 1.0, 1.5):
        assert sum(start < moment <= start + 1 for moment in moments) <= 31, "Telegram takes 30 a second"


async def test_replies_do_not_wait_behind_bulk_but_bulk_behind_replies() -> None:
    line = Line()
    now = line.time.clock.monotonic
    while line.budget.wait(now(), 1) == 0:
        line.budget.take(now(), int(now() * 1000) + 1)
    await line.together(line.asks("sendMessage", 7))
    assert line.left[0][0] < 0.1

    before = line.budget.wait(now())
    await line.together(*(line.asks("sendMessage", chat) for chat in range(100, 130)))
    assert line.budget.wait(now()) >= before


async def test_what_goes_out_in_bulk_asked_before_and_is_not_counted_twice() -> None:
    line = Line()
    await line.together(*(line.asks("sendMessage", chat, Lane.BULK) for chat in range(1, 100)))

    assert {moment for moment, _, _ in line.left} == {0}
    assert line.budget.wait(0, 1000, Lane.REPLY) == 0


@pytest.mark.parametrize("endpoint", ["answerCallbackQuery", "answerInlineQuery", "getChatMember", "sendChatAction", "deleteMessage"])
async def test_what_puts_nothing_into_a_chat_takes_no_turn(endpoint: str) -> None:
    line = Line()
    await line.together(*(line.asks(endpoint, 5) for _ in range(100)))

    assert {moment for moment, _, _ in line.left} == {0}


async def test_a_short_flood_wait_is_kept_and_then_the_reply_leaves() -> None:
    line = Line()
    line.floods = [5]
    assert await line.together(line.asks("sendMessage", 1)) == [True]
    assert [moment for moment, _, _ in line.left] == [0, 5]


async def test_a_long_flood_wait_is_not_sat_out_but_bulk_knows_of_it() -> None:
    line = Line()
    line.floods = [300]
    (error,) = await line.together(line.asks("sendMessage", 1))

    assert isinstance(error, RetryAfter)
    assert line.budget.chat_wait(line.time.clock.monotonic(), 1) >= 299


async def test_a_flood_wait_that_bulk_met_puts_off_replies_to_that_chat_only() -> None:
    line = Line()
    line.budget.flooded(0, 1, 60, 0)
    await line.together(line.asks("sendMessage", 1), line.asks("sendMessage", 2))

    assert line.left == [(0, "sendMessage", 2), (3, "sendMessage", 1)]


async def test_long_flood_waits_of_several_chats_hold_up_no_others_while_replies_arrive() -> None:
    line = Line()
    for chat in range(1, 6):
        line.floods = [300]
        await line.together(line.asks("sendMessage", chat))
        await line.together(line.asks("sendMessage", 10 + chat))

    assert line.budget.wait(line.time.clock.monotonic(), 99) < 1


async def test_the_twenty_messages_a_minute_of_a_group_are_shared_with_replies() -> None:
    line = Line()
    for _ in range(18):
        await line.together(line.asks("sendMessage", -100))
    assert line.budget.chat_wait(line.time.clock.monotonic(), -100) > 50


async def test_the_whole_bot_asks_the_budget_before_it_answers(troubled_bot: House) -> None:
    bot = troubled_bot
    await bot.hears("/city Nikopol", LESIA)
    assert bot.budget.chat_wait(bot.clock.monotonic(), LESIA.id) > 0, "bulk leaves the chat alone for a second"

    bot.telegram.answers("sendMessage", too_many_requests(4), chat=ADA)
    began = bot.clock.monotonic()
    assert the(await bot.hears("/city Nikopol", ADA)).text.startswith("🇺🇦 Nikopol")
    assert bot.clock.monotonic() - began >= 4


@pytest.mark.parametrize(("bulk", "total"), [(1, 30), (20, 30), (30, 30), (31, 41), (1000, 1010)], ids=str)
def test_what_bulk_leaves_of_telegrams_limit_is_for_replies(bulk: int, total: int) -> None:
    rates = Rates.of(Limits(bulk_per_second=bulk))
    assert (rates.bulk, rates.total) == (bulk, total)
