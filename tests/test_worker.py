"""What delivering promises: nothing twice, and of everything it is known what became of it; on SQLite and on PostgreSQL alike."""

from __future__ import annotations

import asyncio
import datetime as dt
from contextlib import asynccontextmanager
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text, update
from sqlalchemy.exc import OperationalError

from bot.delivery.budget import Rates
from bot.delivery.ports import Message, What
from bot.delivery.worker import Habits
from bot.emulator import (
    ApiError,
    Cut,
    Slow,
    Unreachable,
    conflict,
    forbidden,
    migrated,
    refused_by_world,
    server_error,
    too_many_requests,
    unauthorized,
)
from bot.markup import Html
from data import chats, follows, outbox, publications
from data.db import Database
from data.follows import Receiver
from data.states import ChatState
from data.tables import deliveries
from tests.fakes.clock import FakeClock
from tests.fakes.databases import engine
from tests.fakes.delivery import ITEM, NIKOPOL, NOW, clear, db, empty, follow, publish, rows, states, tally
from tests.fakes.post import Fuse, Killed, MortalDatabase, Post, bury

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.delivery.outcomes import Outcome
    from bot.emulator import Mood
    from data.outbox import Delivery
    from tests.fakes.databases import Engine

__all__ = ["db", "empty", "engine"]  # fixtures

LESIA, ADA, FATIMA = 101, 102, 103


class Wall(FakeClock):
    """A clock whose hands people move; durations do not change by that."""

    ahead = dt.timedelta()

    def now(self) -> dt.datetime:
        return super().now() + self.ahead


class UnconfirmingDatabase(Database):
    """Commits, and then breaks the connection before it says so: each `every`th time, if that is set."""

    every = 0
    committed = 0

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        async with super().write() as connection:
            yield connection
        self.committed += 1
        if self.every and self.committed % self.every == 0:
            raise OperationalError("COMMIT", None, Exception("server closed the connection unexpectedly"))


@pytest.fixture
def post(db: Database) -> Post:
    """A post office where nothing is in the way."""
    return Post(db)


async def stands(db: Database, item: str = ITEM) -> tuple[str, str]:
    """The state of a publication, and why."""
    async with db.read() as connection:
        progress = await publications.progress(connection, item)
    assert progress is not None
    return progress.state, progress.reason


async def order(db: Database, item: str = ITEM) -> None:
    """Publish to all; the worker does the rest."""
    async with db.write() as connection:
        assert await publications.publish(connection, item, [NIKOPOL, follows.NETWORK], NOW)


async def test_an_item_reaches_each_chat_that_follows_and_its_topics(db: Database, post: Post) -> None:
    forum = post.telegram.group("Forum", topics=["News"])
    topic = max(forum.topics)
    await post.meets(LESIA, ADA)
    await follow(db, LESIA, ADA, Receiver(forum.id), Receiver(forum.id, topic))
    await order(db)
    await post.works(post.worker())
    assert {(call.chat_id, call.params.get("message_thread_id", 0)) for call in post.sent()} == {
        (LESIA, 0),
        (ADA, 0),
        (forum.id, 0),
        (forum.id, topic),
    }
    assert await tally(db) == {"sent": 4}
    assert await stands(db) == ("done", "")
    assert {row.message_id for row in await rows(db)} == {call.result["message_id"] for call in post.sent()}


async def test_topics_of_one_group_are_a_second_apart(db: Database, post: Post) -> None:
    forum = post.telegram.group("Forum", topics=["News", "Events", "Calls"])
    await follow(db, *(Receiver(forum.id, thread) for thread in forum.topics if thread > 1))
    await order(db)
    await post.works(post.worker())
    dates = sorted(call.result["date"] for call in post.sent())
    assert len(dates) == 3
    assert all(later - earlier >= 1 for earlier, later in pairwise(dates))


async def test_bulk_keeps_to_its_rate(db: Database) -> None:
    post = Post(db, rates=Rates(bulk=20))
    chats_ = range(1, 101)
    await post.meets(*chats_)
    await follow(db, *chats_)
    await order(db)
    began = post.clock.monotonic()
    await post.works(post.worker())
    assert 4.7 <= post.clock.monotonic() - began <= 7
    assert await tally(db) == {"sent": 100}


async def test_while_a_long_list_is_written_another_process_gets_its_turn(db: Database) -> None:
    post = Post(db, habits=Habits(chunk=1, chunks=3))
    await post.meets(*range(1, 10))
    await follow(db, *range(1, 10))
    await order(db)
    worker, rests = post.worker(), []
    for _ in range(6):
        await worker.step()
        rests.append(worker._is_due("fan_out"))
        post.clock.advance(rests[-1])
    await worker.stop()
    polls = pytest.approx(0.11) if db.backend == "sqlite" else 0
    assert rests == [0, 0, polls, 0, 0, polls]


@pytest.mark.parametrize(
    ("mood", "outcome", "arrived"),
    [
        (Cut(accepted=True), ("uncertain", "PerhapsSent"), 1),
        (Cut(accepted=False), ("uncertain", "PerhapsSent"), 0),
        (Slow(6.0), ("uncertain", "AnswerTimedOut"), 1),
        (server_error(502), ("uncertain", "NetworkError"), 0),
        (forbidden("bot was blocked by the user"), ("unreachable", "blocked"), 0),
        (forbidden("user is deactivated"), ("unreachable", "gone"), 0),
        (refused_by_world("chat not found"), ("unreachable", "gone"), 0),
        (refused_by_world("not enough rights to send text messages to the chat"), ("muted", "no rights"), 0),
        (ApiError(400, "Bad Request: something nobody foresaw"), ("failed", "BadRequest"), 0),
        (ApiError(418, "I'm a teapot"), ("uncertain", "NetworkError"), 0),
    ],
    ids=str,
)
async def test_whatever_telegram_answers_the_row_says_what_became_of_it(
    db: Database, post: Post, mood: Mood, outcome: tuple[str, str], arrived: int
) -> None:
    await post.meets(LESIA, ADA)
    await follow(db, LESIA, ADA)
    await order(db)
    post.telegram.answers("sendMessage", mood, chat=LESIA, times=None)
    await post.works(post.worker())
    found = {row.chat_id: (row.state, row.reason) for row in await rows(db)}
    assert found == {LESIA: outcome, ADA: ("sent", None)}
    assert post.copies()[ITEM, LESIA] == arrived


async def test_what_never_left_is_sent_once_it_can(db: Database, post: Post) -> None:
    await post.meets(LESIA)
    await follow(db, LESIA)
    await order(db)
    post.telegram.answers("sendMessage", Unreachable(), chat=LESIA, times=3)
    await post.works(post.worker())
    assert await tally(db) == {"sent": 1}
    assert [row.attempt for row in await rows(db)] == [3]


async def test_what_never_leaves_is_given_up_after_eight_attempts(db: Database, post: Post) -> None:
    await post.meets(*range(1, 6))
    await follow(db, LESIA, *range(1, 6))
    await order(db)
    post.telegram.answers("sendMessage", Unreachable(), chat=LESIA, times=None)
    worker = post.worker()
    await post.works(worker, until=lambda: len(post.sent()) == 5)
    worker._vain = -100  # others get through all the time
    await post.works(worker)
    assert [(row.state, row.reason, row.attempt) for row in await rows(db) if row.chat_id == LESIA] == [("failed", "never sent", 8)]


async def test_while_nothing_reaches_telegram_no_attempt_is_wasted(db: Database, post: Post) -> None:
    many = range(1, 41)
    await post.meets(*many)
    await follow(db, *many)
    await order(db)
    post.telegram.answers("sendMessage", Unreachable(), times=None)
    worker = post.worker()
    began = post.clock.monotonic()
    await post.works(worker, until=lambda: post.clock.monotonic() - began > 3600, most=5000)
    assert worker.halted == "network"
    assert max(row.attempt for row in await rows(db)) <= 2
    post.telegram.calms_down()
    await post.works(worker)
    assert await tally(db) == {"sent": 40}
    assert worker.halted == ""


async def test_a_chat_with_a_long_flood_wait_holds_up_nobody_and_gets_its_item_in_the_end(db: Database, post: Post) -> None:
    await post.meets(LESIA, *range(1, 11))
    await follow(db, LESIA, *range(1, 11))
    await order(db)
    post.telegram.answers("sendMessage", too_many_requests(43_838), chat=LESIA)
    worker = post.worker()
    await post.works(worker, until=lambda: len(post.sent()) == 10)
    assert post.clock.monotonic() < 60
    for _ in range(20):
        await worker.step()
        post.clock.advance(1)
    (row,) = [row for row in await rows(db) if row.chat_id == LESIA]
    assert (row.state, row.attempt) == ("later", 0)
    assert 43_838 <= (row.not_before - NOW).total_seconds() <= 43_838 * 1.1 + 60
    post.clock.advance(43_838 * 1.1)
    await post.works(worker)
    assert post.copies()[ITEM, LESIA] == 1


async def test_several_chats_with_long_flood_waits_hold_up_nobody_else(db: Database, post: Post) -> None:
    post.habits = Habits(slots=1)
    await post.meets(*range(1, 41))
    await follow(db, *range(1, 41))
    await order(db)
    for chat in range(2, 41, 4):
        post.telegram.answers("sendMessage", too_many_requests(43_838), chat=chat)
    worker = post.worker()
    await post.works(worker, until=lambda: len(post.sent()) == 30 and not worker.busy)
    assert post.clock.monotonic() < 60
    assert await tally(db) == {"sent": 30, "later": 10}


async def test_a_group_that_became_a_supergroup_gets_its_item_there_once(db: Database, post: Post) -> None:
    await post.meets(LESIA)
    owner = post.telegram.user(id=9)
    group = post.telegram.group("Group", [owner], kind="group")
    (number,) = await follow(db, group.id, target=NIKOPOL)
    new = post.telegram.migrates(group)
    await order(db)
    await post.works(post.worker())
    assert post.copies() == {(ITEM, new.id): 1}
    assert await states(db) == {(new.id, 0): "sent"}
    async with db.read() as connection:
        assert [(one.number, one.target) for one in await follows.of_chat(connection, new.id)] == [(number, NIKOPOL)]


async def test_a_migration_that_points_to_a_chat_that_has_the_item_sends_it_no_second_time(db: Database, post: Post) -> None:
    new = post.telegram.group("Supergroup")
    await follow(db, -2001, new.id)
    await order(db)
    post.telegram.answers("sendMessage", migrated(new.id), chat=-2001)
    await post.works(post.worker())
    assert post.copies() == {(ITEM, new.id): 1}
    assert await states(db) == {(-2001, 0): "moved", (new.id, 0): "sent"}


async def test_a_closed_topic_gets_its_item_in_general_once_and_its_follow_is_paused(db: Database, post: Post) -> None:
    forum = post.telegram.group("Forum", topics=["News", "Events"])
    threads = [thread for thread in forum.topics if thread > 1]
    numbers = await follow(db, *(Receiver(forum.id, thread) for thread in threads))
    post.telegram.closes_topic(forum, threads[0])
    post.telegram.deletes_topic(forum, threads[1])
    await order(db)
    await post.works(post.worker())
    assert [call.params.get("message_thread_id") for call in post.sent()] == [None]
    assert sorted(await tally(db)) == ["muted", "sent"]
    assert {alert.follow for alert in post.alerts if alert.what is What.TOPIC_CLOSED} == set(numbers)
    async with db.read() as connection:
        assert all(one.paused for one in await follows.of_chat(connection, forum.id))


async def test_a_forum_whose_general_is_closed_too_is_told_nothing_and_the_row_says_why(db: Database, post: Post) -> None:
    forum = post.telegram.group("Forum", topics=["News"])
    post.telegram.closes_topic(forum)
    await follow(db, Receiver(forum.id))
    await order(db)
    await post.works(post.worker())
    assert [(row.state, row.reason) for row in await rows(db)] == [("muted", "topic closed")]


async def test_a_chat_that_blocked_the_bot_keeps_its_follows_and_hears_again_when_it_returns(db: Database, post: Post) -> None:
    await post.meets(LESIA)
    lesia = post.telegram.users[LESIA]
    await follow(db, LESIA, target=NIKOPOL)
    post.telegram.blocks(lesia)
    await order(db, "a1")
    await post.works(post.worker())
    await order(db, "a2")
    await post.works(post.worker("two"))
    assert (await states(db, "a1"), await states(db, "a2")) == ({(LESIA, 0): "unreachable"}, {(LESIA, 0): "unreachable"})
    post.telegram.unblocks(lesia)
    async with db.write() as connection:
        assert await chats.state(connection, LESIA) is ChatState.BLOCKED
        await chats.change_state(connection, LESIA, ChatState.ACTIVE, post.clock.now())
        assert {one.item for one in await outbox.missed(connection, LESIA, 10)} == {"a1", "a2"}
    await order(db, "a3")
    await post.works(post.worker("three"))
    assert post.copies() == {("a3", LESIA): 1}


async def test_a_group_that_took_the_right_to_write_is_muted_and_an_admin_hears_of_it(db: Database, post: Post) -> None:
    group = post.telegram.group("Group")
    group.denied.add("can_send_messages")
    await follow(db, group.id)
    await order(db)
    await post.works(post.worker())
    assert await tally(db) == {"muted": 1}
    assert [(alert.what, alert.receiver) for alert in post.alerts] == [(What.MUTED, Receiver(group.id))]
    async with db.read() as connection:
        assert await chats.state(connection, group.id) is ChatState.MUTED


async def test_what_telegram_refuses_to_format_goes_out_as_plain_text(db: Database, post: Post) -> None:
    await post.meets(LESIA)
    await follow(db, LESIA)
    await order(db)
    post.render = lambda _: [Message(Html("<b>Nikopol & co</i>"))]
    await post.works(post.worker())
    (call,) = post.sent()
    assert (call.params["text"], call.params.get("parse_mode")) == ("Nikopol & co", None)
    assert await tally(db) == {"sent": 1}
    assert [(alert.what, alert.item) for alert in post.alerts] == [(What.DEFECT, ITEM)]


async def test_an_item_that_cannot_be_put_into_words_stops_no_other(db: Database, post: Post) -> None:
    await post.meets(LESIA)
    await follow(db, LESIA)
    await order(db, "a1")
    await order(db, "a2")

    def stumble(delivery: Delivery) -> list[Message]:
        return [Message(Html({"a2": "fine"}[delivery.item]))]

    post.render = stumble
    await post.works(post.worker())
    assert await tally(db, "a1") == {"failed": 1}
    assert await tally(db, "a2") == {"sent": 1}


async def test_an_item_that_this_process_does_not_know_yet_goes_out_when_it_does(db: Database, post: Post) -> None:
    await post.meets(LESIA)
    await follow(db, LESIA)
    await order(db)
    post.render = lambda _: [Message(Html("here"))] if post.clock.monotonic() > 20 else []
    await post.works(post.worker())
    assert await tally(db) == {"sent": 1}


@pytest.mark.parametrize("mood", [unauthorized(), conflict("terminated by other getUpdates request")], ids=str)
async def test_a_token_that_is_refused_halts_and_loses_nothing(db: Database, post: Post, mood: ApiError) -> None:
    many = range(1, 31)
    await post.meets(*many)
    await follow(db, *many)
    await order(db)
    post.telegram.answers("sendMessage", mood, times=None)
    worker = post.worker()
    await post.works(worker, until=lambda: bool(worker.halted))
    asked = len(post.telegram.refused)
    assert asked <= worker._habits.slots
    await worker.step()
    assert len(post.telegram.refused) == asked, "it asks no more for a while"
    post.telegram.calms_down()
    await post.works(worker)
    assert await tally(db) == {"sent": 30}
    assert worker.halted == ""


async def test_an_outage_pauses_and_unsubscribes_nobody(db: Database, post: Post) -> None:
    many = range(1, 201)
    await post.meets(*many)
    await follow(db, *many)
    await order(db)
    post.telegram.answers("sendMessage", forbidden("bot was blocked by the user"), times=None)
    worker = post.worker()
    began = post.clock.now()
    await post.works(worker)
    assert await stands(db) == ("paused", "outage")
    assert (await tally(db))["unreachable"] <= 50 + 2 * worker._habits.slots
    assert What.OUTAGE in {alert.what for alert in post.alerts}
    post.telegram.calms_down()
    async with db.write() as connection:
        assert await publications.resume(connection, ITEM, post.clock.now(), unreachable_since=began)
    await post.works(worker)
    assert await tally(db) == {"sent": 200}
    assert max(post.copies().values()) == 1


async def test_a_database_that_is_gone_for_a_while_costs_no_second_copy(db: Database, post: Post) -> None:
    many = range(1, 41)
    await post.meets(*many)
    await follow(db, *many)
    await order(db)
    worker = post.worker()
    await post.works(worker, until=lambda: len(post.sent()) >= 5)

    class Gone:
        async def __aenter__(self) -> None:
            raise OperationalError("BEGIN", None, Exception("database is locked"))

        async def __aexit__(self, *_: object) -> None:
            """Nothing was opened."""

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(db, "write", Gone)
        for _ in range(30):
            with pytest.raises(OperationalError):
                await post.works(worker, until=lambda: False)
            post.clock.advance(0.2)
    await post.works(worker)
    assert await tally(db) == {"sent": 40}
    assert max(post.copies().values()) == 1


async def test_run_goes_on_when_the_database_comes_back(db: Database, post: Post) -> None:
    post.habits = Habits(halt=0.01)
    await post.meets(LESIA)
    await follow(db, LESIA)
    await order(db)
    worker, failures = post.worker(), 3
    keep_lease = worker._keep_lease

    async def fail() -> None:
        nonlocal failures
        failures -= 1
        if failures >= 0:
            raise OperationalError("BEGIN", None, Exception("database is locked"))
        post.clock.advance(0.02)
        await keep_lease()

    worker._keep_lease = fail  # type: ignore[method-assign]
    delivered = asyncio.Event()
    post.telegram.subscribe(lambda _: delivered.set())
    running = asyncio.create_task(worker.run())
    async with asyncio.timeout(10):
        await delivered.wait()
    running.cancel()
    await asyncio.wait({running})
    await worker.stop()
    assert await tally(db) == {"sent": 1}


async def test_a_standby_that_stumbled_is_well_again_when_the_database_is(db: Database, post: Post) -> None:
    first, second = post.worker("first"), post.worker("second")
    await post.works(first, second)
    second._halt("database", "gone")
    post.clock.advance(11)
    await first.step()
    await second.step()
    assert (second.halted, second.leading) == ("", False)


async def test_one_sender_sends_and_a_standby_takes_over_within_fifteen_seconds(db: Database, post: Post) -> None:
    many = range(1, 61)
    await post.meets(*many)
    await follow(db, *many)
    post.rates = Rates(bulk=10)
    await order(db)
    first, second = post.worker("first"), post.worker("second")
    await post.works(first, second, until=lambda: len(post.sent()) >= 20)
    assert (first.leading, second.leading) == (True, False)
    fell_silent = post.clock.monotonic()
    await post.works(second, until=lambda: second.leading)
    assert post.clock.monotonic() - fell_silent <= 15
    await post.works(second)
    assert max(post.copies().values()) == 1
    counts = await tally(db)
    assert counts["sent"] + counts.get("uncertain", 0) == 60
    assert counts.get("uncertain", 0) <= post.habits.slots


@pytest.mark.parametrize("behind", [0.1, 1.1, 1.9, 3.9])
async def test_a_standby_takes_over_in_time_whenever_it_happens_to_ask(db: Database, post: Post, behind: float) -> None:
    first, second = post.worker("first"), post.worker("second")
    await first.step()
    fell_silent = post.clock.monotonic()
    post.clock.advance(behind)
    await post.works(second, until=lambda: second.leading)
    assert post.clock.monotonic() - fell_silent <= 15


async def test_a_sender_that_stops_makes_room_at_once(db: Database, post: Post) -> None:
    many = range(1, 61)
    await post.meets(*many)
    await follow(db, *many)
    await order(db)
    first, second = post.worker("first"), post.worker("second")
    await post.works(first, until=lambda: len(post.sent()) >= 10)
    await first.stop()
    assert set(await tally(db)) == {"sent", "queued"}
    await post.works(second)
    assert await tally(db) == {"sent": 60}
    assert max(post.copies().values()) == 1


async def test_a_sender_whose_clock_jumped_sends_nothing_twice(db: Database, post: Post) -> None:
    many = range(1, 101)
    await post.meets(*many)
    await follow(db, *many)
    await order(db)
    worker, standby = post.worker("one"), post.worker("two")
    for seconds in (1, 3600, 30, 90, 7200):
        seen = len(post.sent())
        await post.works(worker, standby, until=lambda seen=seen: len(post.sent()) >= min(seen + 10, 100))  # type: ignore[misc]
        post.clock.advance(seconds)
    await post.works(worker, standby)
    assert max(post.copies().values()) == 1
    assert await tally(db) == {"sent": 100}


@pytest.mark.parametrize("killed", [False, True])
async def test_a_clock_that_is_set_back_by_hours_holds_up_nobody(db: Database, killed: bool) -> None:
    clock = Wall()
    clock.ahead = dt.timedelta(hours=9)
    post = Post(db, clock=clock)
    await post.meets(*range(1, 101))
    await follow(db, *range(1, 101))
    async with db.write() as connection:
        assert await publications.publish(connection, ITEM, [follows.NETWORK], clock.now())
    post.telegram.answers("sendMessage", too_many_requests(2), chat=1)
    worker = post.worker()
    await post.works(worker, until=lambda: len(post.sent()) >= 40)
    if killed:
        await bury(worker)
        worker = post.worker("two")
    clock.ahead = -dt.timedelta(hours=3)
    began = clock.monotonic()
    await post.works(worker)
    assert clock.monotonic() - began < 30
    assert max(post.copies().values()) == 1
    counts = await tally(db)
    assert counts["sent"] + counts.get("uncertain", 0) == 100
    assert counts.get("uncertain", 0) <= killed * post.habits.slots


@pytest.mark.parametrize("every", [3, 4, 5, 7])
async def test_commits_that_nobody_confirmed_leave_nothing_in_doubt(mortal: str, every: int) -> None:
    async with UnconfirmingDatabase(mortal) as db:
        post = Post(db)
        await post.meets(*range(1, 101))
        await follow(db, *range(1, 101))
        await order(db)
        worker, db.every = post.worker(), every
        for _ in range(1000):
            try:
                await post.works(worker)
                break
            except OperationalError:
                post.clock.advance(0.2)
        assert await tally(db) == {"sent": 100}
        assert max(post.copies().values()) == 1
        assert post.clock.monotonic() < 60, "nobody waits for a lease to run out"


async def test_a_short_outage_of_the_network_costs_seconds(db: Database, post: Post) -> None:
    many = range(1, 101)
    await post.meets(*many)
    await follow(db, *many)
    await order(db)
    worker = post.worker()
    post.telegram.answers("sendMessage", Unreachable(), times=worker._habits.slots)
    await post.works(worker)
    assert await tally(db) == {"sent": 100}
    assert post.clock.monotonic() < 15


async def test_other_messages_of_an_item_follow_the_first_and_never_bring_it_twice(db: Database, post: Post) -> None:
    await post.meets(LESIA)
    await follow(db, LESIA)
    await order(db)
    post.render = lambda _: [Message(Html("first")), Message(Html("second")), Message(Html("third"))]
    worker = post.worker()
    original = worker._ask

    async def ask(delivery: Delivery, message: Message) -> Outcome:
        if message.text == "second":
            post.telegram.answers("sendMessage", Cut(accepted=False))
        return await original(delivery, message)

    worker._ask = ask  # type: ignore[method-assign]
    await post.works(worker)
    assert [call.params["text"] for call in post.sent()] == ["first"]
    assert await tally(db) == {"sent": 1}


@pytest.fixture
def mortal(engine: Engine, empty: str) -> str:
    """The address of a database whose users die."""
    return engine.copy(empty)


@settings(max_examples=40)
@given(data=st.data(), slots=st.sampled_from([1, 4, 16]), count=st.integers(1, 30))
def test_a_sender_killed_at_any_moment_sends_nothing_twice_and_leaves_nothing_out(
    mortal: str, data: st.DataObject, slots: int, count: int
) -> None:
    async def check() -> None:
        fuse = Fuse()
        async with MortalDatabase(mortal, fuse) as db:
            await clear(db)
            post = Post(db, habits=Habits(slots=slots, chunk=7))
            await post.meets(*range(1, count + 1))
            await follow(db, *range(1, count + 1))
            await order(db)
            kills = 0
            for life in range(4):
                fuse.left = data.draw(st.one_of(st.none(), st.integers(0, 60)), label="touches")
                worker = post.worker(f"life {life}", fuse)
                try:
                    await post.works(worker)
                except Killed:
                    kills += 1
                finally:
                    # A task that was killed kills its process, though a step of it may have gone on meanwhile.
                    kills += fuse.left == 0 and bool(worker.busy)
                    fuse.left = None
                    await bury(worker)
            fuse.left = None
            last = post.worker("last")
            await post.works(last)
            assert max(post.copies().values(), default=0) <= 1
            found = await rows(db)
            assert len(found) == count
            assert {row.state for row in found} <= {"sent", "uncertain"}
            assert sum(row.state == "uncertain" for row in found) <= kills * slots
            arrived = {chat for _, chat in post.copies()}
            assert {row.chat_id for row in found if row.state == "sent"} <= arrived

    asyncio.run(check())


@settings(max_examples=20)
@given(
    moods=st.lists(
        st.tuples(
            st.integers(1, 12),
            st.sampled_from(
                [Cut(accepted=True), Cut(accepted=False), Unreachable(), Slow(6.0), too_many_requests(7), server_error(500), forbidden("x")]
            ),
        ),
        max_size=20,
    ),
    touches=st.integers(0, 80),
)
def test_in_any_weather_each_chat_has_it_or_its_row_says_why_not(mortal: str, moods: list[tuple[int, Mood]], touches: int) -> None:
    async def check() -> None:
        fuse = Fuse()
        async with MortalDatabase(mortal, fuse) as db:
            await clear(db)
            post = Post(db, habits=Habits(slots=4))
            await post.meets(*range(1, 13))
            await follow(db, *range(1, 13))
            await order(db)
            for chat, mood in moods:
                post.telegram.answers("sendMessage", mood, chat=chat)
            worker = post.worker("one", fuse)
            fuse.left = touches
            try:
                await post.works(worker)
            except (Killed, AssertionError):
                """It was killed, or a request of it was."""
            fuse.left = None
            await bury(worker)
            await post.works(post.worker("two"))
            arrived = post.copies()
            assert max(arrived.values(), default=0) <= 1
            for row in await rows(db):
                if row.state == "sent":
                    assert arrived[ITEM, row.chat_id] == 1
                else:
                    assert row.state in {"uncertain", "failed"}
                    assert row.reason

    asyncio.run(check())


async def test_unknown_rows_of_another_version_stop_nobody(db: Database, post: Post) -> None:
    await post.meets(LESIA)
    await follow(db, LESIA)
    await publish(db)
    async with db.write() as connection:
        await connection.execute(update(deliveries).values(reason="from elsewhere"))
        assert await connection.scalar(text("SELECT count(*) FROM deliveries")) == 1
    await post.works(post.worker())
    assert await tally(db) == {"sent": 1}
