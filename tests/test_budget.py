"""How fast the bot sends: never faster than Telegram takes, never slower than it was told, and never so that people wait."""

from __future__ import annotations

from bisect import bisect_left

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.breaker import Breaker, Thresholds
from bot.delivery.budget import Budget, Lane, Rates

GROUP, CHAT = -100, 100
CHATS = st.sampled_from([1, 2, 3, 4, -1, -2])


def most_within(times: list[float], seconds: float) -> int:
    """The greatest number of events in any window of this length."""
    return max((bisect_left(times, start + seconds - 1e-6) - number for number, start in enumerate(times)), default=0)


def send(budget: Budget, now: float, chat: int) -> float:
    """Wait as long as told and send; when."""
    now += budget.wait(now, chat)
    assert budget.wait(now, chat) <= 1e-6, "after the wait nothing is in the way"
    budget.take(now, chat)
    return now


@given(st.lists(st.tuples(CHATS, st.floats(0, 5)), max_size=120), st.sampled_from([20.0, 30.0, 100.0]))
def test_bulk_keeps_every_limit_in_every_window(steps: list[tuple[int, float]], rate: float) -> None:
    budget, now = Budget(Rates(bulk=rate)), 0.0
    times: list[tuple[float, int]] = []
    for chat, pause in steps:
        now = send(budget, now + pause, chat)
        times.append((now, chat))
    assert most_within([at for at, _ in times], 1) <= rate * 1.1 + 1
    for chat in {chat for _, chat in times}:
        own = [at for at, who in times if who == chat]
        assert most_within(own, 1) <= 1
        assert chat > 0 or most_within(own, 60) <= 18


@pytest.mark.parametrize("rate", [20, 30, 1000])
@pytest.mark.parametrize("tick", [0.001, 0.02, 0.09])
def test_a_sender_that_looks_up_now_and_then_still_reaches_the_rate(rate: int, tick: float) -> None:
    budget, sent, now = Budget(Rates(bulk=rate)), 0, 0.0
    while now < 20:
        while budget.wait(now, sent + 1) == 0:
            budget.take(now, sent + 1)
            sent += 1
        now += tick
    assert rate * 20 * 0.98 <= sent <= rate * 20 * 1.02


@given(
    st.lists(st.tuples(st.sampled_from(list(Lane)), CHATS, st.floats(0, 0.2)), max_size=200),
    st.lists(st.tuples(CHATS, st.floats(1, 50_000)), max_size=6),
)
def test_a_reply_waits_three_seconds_at_most_whatever_happened(
    steps: list[tuple[Lane, int, float]], floods: list[tuple[int, float]]
) -> None:
    budget, now = Budget(), 0.0
    for chat, seconds in floods:
        budget.flooded(now, chat, seconds, 0.5)
    for lane, chat, pause in steps:
        now += pause
        if lane is Lane.REPLY or budget.wait(now, chat) == 0:
            assert budget.wait(now, chat, Lane.REPLY) <= 3
            budget.take(now, chat, lane)
    assert all(budget.wait(now, chat, Lane.REPLY) <= 3 for chat in (1, 2, -1, 99))


def test_replies_do_not_wait_behind_bulk() -> None:
    budget, now, longest = Budget(), 0.0, 0.0
    for number in range(1000):
        now += 0.1
        while budget.wait(now, number) == 0:
            budget.take(now, number)
            number += 1000  # noqa: PLW2901 - another chat
        longest = max(longest, budget.wait(now, -number, Lane.REPLY))
        budget.take(now, number, Lane.REPLY)
    assert longest <= 0.1


def test_many_replies_put_bulk_off_and_end_with_them() -> None:
    budget = Budget()
    for number in range(1000):
        budget.take(10, number, Lane.REPLY)
    assert budget.wait(10, 5000) > 1
    assert budget.room(10, 1) == 0
    assert budget.wait(13.2, 5000) == 0, "replies never put anybody off for long"


@given(st.lists(st.tuples(st.floats(0, 100), st.floats(0.1, 5_000), st.floats(0, 1)), min_size=1, max_size=20))
def test_a_flood_wait_is_kept_and_never_shortened(floods: list[tuple[float, float, float]]) -> None:
    budget, now, latest = Budget(), 0.0, 0.0
    for pause, seconds, jitter in floods:
        now += pause
        wait = budget.flooded(now, CHAT, seconds, jitter)
        assert wait >= seconds - 1e-6
        latest = max(latest, now + seconds)
        assert now + budget.wait(now, CHAT) >= latest - 1e-6


def test_a_flood_wait_of_one_chat_is_nobody_elses() -> None:
    budget = Budget()
    budget.flooded(0, CHAT, 43_838, 0)
    assert budget.wait(0, CHAT) == 43_838
    assert budget.wait(0, CHAT + 1) == 0


def test_a_flood_wait_that_many_chats_meet_is_everybodys_and_opens_when_the_first_ends() -> None:
    budget = Budget()
    for number, chat in enumerate((1, 2, 3)):
        budget.flooded(number, chat, 30 + number, 0)
    assert (budget.wait(2, 99), budget.room(2, 1)) == (28, 0)
    assert budget.wait(30, 99) == 0
    budget.flooded(40, 4, 30, 0)
    assert budget.wait(40, 99) == 0, "one chat long afterwards is one chat"


def test_the_room_is_what_can_be_sent_in_that_time() -> None:
    budget = Budget()
    assert budget.room(100, 0.5) == 13
    for chat in range(13):
        budget.take(100, chat)
    assert budget.room(100, 0.5) == 0
    assert budget.room(100.6, 0.5) == 12


def test_memory_stays_flat_over_many_chats() -> None:
    budget = Budget(Rates(bulk=1000))
    for chat in range(200_000):
        budget.take(chat / 1000, -chat)
    assert len(budget._chats) + len(budget._groups) < 130_000


@pytest.mark.parametrize(
    ("results", "refused", "opens"),
    [(49, 49, False), (50, 16, True), (50, 15, False), (1000, 301, True), (1000, 300, False)],
)
def test_the_breaker_opens_when_too_many_are_out_of_reach(results: int, refused: int, opens: bool) -> None:
    breaker = Breaker(Thresholds(seconds=1e9))
    shares = [breaker.note(number / 100, unreachable=number >= results - refused) for number in range(results)]
    assert any(shares) is opens


def test_the_breaker_knows_how_many_used_to_be_out_of_reach() -> None:
    breaker = Breaker()
    assert not any(breaker.note(number / 10, unreachable=number % 100 == 0) for number in range(2000))
    assert any(breaker.note(1000 + number / 10, unreachable=number % 10 == 0) for number in range(400))


def test_the_breaker_counts_anew_once_it_opened() -> None:
    breaker = Breaker()
    opened = [breaker.note(0, unreachable=True) for _ in range(99)]
    assert opened.count(True) == 1
    assert breaker.note(0, unreachable=True)


def test_results_of_long_ago_open_nothing() -> None:
    breaker = Breaker()
    assert not any(breaker.note(number * 60, unreachable=True) for number in range(200))
