"""What sending digests promises: nothing twice, nothing left out, whenever a sender is killed; on SQLite and on PostgreSQL alike."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.delivery.ports import Message
from bot.delivery.worker import Habits
from bot.markup import Html
from data import chats, follows, publications
from data.follows import NETWORK, Pace, Receiver
from data.timing import Quiet, Timing
from tests.fakes.databases import engine
from tests.fakes.delivery import NIKOPOL, NOW, clear, db, empty, fan_out, follow, rows, states
from tests.fakes.post import Fuse, Killed, MortalDatabase, Post, bury

if TYPE_CHECKING:
    from bot.delivery.worker import Worker
    from data.db import Database
    from data.outbox import Delivery
    from tests.fakes.databases import Engine

__all__ = ["db", "empty", "engine"]  # fixtures

LESIA, ADA = 101, 102
DAY, HOUR, MINUTE = dt.timedelta(days=1), dt.timedelta(hours=1), dt.timedelta(minutes=1)
MORNING = NOW + DAY


def contents(delivery: Delivery) -> list[Message]:
    """One message that says what is in a digest."""
    return [Message(Html(" ".join(delivery.items or (delivery.item,))))]


@pytest.fixture
def post(db: Database) -> Post:
    """A post office where nothing is in the way."""
    return Post(db, render=contents)


async def wish(db: Database, *people: int, pace: Pace = Pace.DAILY, silent: bool = False) -> None:
    """Let people follow everything at a pace."""
    await follow(db, *people)
    async with db.write() as connection:
        for person in people:
            await follows.tune(connection, Receiver(person), NETWORK, pace=pace, silent=silent)


async def order(db: Database, *items: str) -> None:
    """Publish to all; the worker does the rest."""
    async with db.write() as connection:
        for item in items:
            assert await publications.publish(connection, item, [NIKOPOL, NETWORK], NOW)


async def lives(post: Post, worker: Worker, *moments: dt.datetime) -> None:
    """Let a worker work for a minute now, and around each of these moments."""
    for moment in (post.clock.now(), *moments):
        post.clock.advance(max(dt.timedelta(), moment - post.clock.now() - MINUTE / 2))
        await post.works(worker, until=partial(_is_past, post, post.clock.now() + MINUTE))


def _is_past(post: Post, moment: dt.datetime) -> bool:
    return post.clock.now() >= moment


async def test_digests_are_collected_and_sent_by_whoever_sends_items(db: Database, post: Post) -> None:
    await post.meets(LESIA, ADA)
    await wish(db, LESIA, silent=True)
    await wish(db, ADA, pace=Pace.WEEKLY)
    await order(db, "a1", "a2")
    await lives(post, post.worker(), MORNING, NOW + 7 * DAY)
    assert [(call.chat_id, call.text, call.params.get("disable_notification")) for call in post.sent()] == [
        (LESIA, "a1 a2", True),
        (ADA, "a1 a2", None),
    ]
    assert [call.result["date"] for call in post.sent()] == [
        pytest.approx(moment.timestamp(), abs=6) for moment in (MORNING, NOW + 7 * DAY)
    ]


async def test_what_is_published_a_moment_before_a_digest_is_in_it(db: Database, post: Post) -> None:
    """However rarely digests are looked for: the worker has just looked."""
    await post.meets(LESIA)
    await wish(db, LESIA)
    worker = post.worker()
    post.clock.advance(MORNING - dt.timedelta(seconds=3) - post.clock.now())
    await post.works(worker, until=partial(_is_past, post, MORNING - dt.timedelta(seconds=2)))
    await order(db, "a1")
    await post.works(worker, until=partial(_is_past, post, MORNING + MINUTE))
    assert [call.text for call in post.sent()] == ["a1"]


async def test_what_quiet_hours_hold_back_comes_when_they_end(db: Database, post: Post) -> None:
    await post.meets(LESIA)
    await follow(db, LESIA)
    async with db.write() as connection:
        await chats.choose_timing(connection, LESIA, Timing(Quiet(8 * 60, 10 * 60)), NOW)
    await order(db, "a1")
    await lives(post, post.worker(), NOW + HOUR)
    (call,) = post.sent()
    assert call.result["date"] == pytest.approx((NOW + HOUR).timestamp(), abs=2)


@settings(max_examples=12)
@given(data=st.data(), slots=st.sampled_from([1, 4]), count=st.integers(1, 12))
def test_a_sender_killed_at_any_moment_loses_no_item_of_a_digest_and_tells_none_twice(
    mortal: str, data: st.DataObject, slots: int, count: int
) -> None:
    async def check() -> None:
        fuse = Fuse()
        async with MortalDatabase(mortal, fuse) as db:
            await clear(db)
            post = Post(db, habits=Habits(slots=slots, timed=3, collected=2), render=contents)
            people = range(1, count + 1)
            await post.meets(*people)
            await wish(db, *people)
            await order(db, "a1", "a2", "a3")
            await fan_out(db)
            worker = post.worker("the day before")
            await lives(post, worker)
            await worker.stop()
            post.clock.advance(MORNING - post.clock.now())
            kills = 0
            for life in range(4):
                fuse.left = data.draw(st.one_of(st.none(), st.integers(0, 60)), label="touches")
                worker = post.worker(f"life {life}", fuse)
                try:
                    await post.works(worker, until=lambda: post.clock.now() > MORNING + MINUTE)
                except (Killed, AssertionError):
                    kills += 1
                finally:
                    kills += fuse.left == 0 and bool(worker.busy)
                    fuse.left = None
                    await bury(worker)
            last = post.worker("last")
            await lives(post, last)
            await last.stop()
            told = Counter((call.chat_id, item) for call in post.sent() for item in call.text.split())
            assert max(told.values(), default=0) <= 1
            digests = {row.chat_id: row.state for row in await rows(db, "d:2026-03-03")}
            assert [*digests] == [*people]
            assert set(digests.values()) <= {"sent", "uncertain"}
            assert [*digests.values()].count("uncertain") <= kills * slots
            for item in ("a1", "a2", "a3"):
                assert set((await states(db, item)).values()) == {"digested"}
                assert {chat for chat, state in digests.items() if state == "sent"} <= {chat for chat, said in told if said == item}

    asyncio.run(check())


@pytest.fixture
def mortal(engine: Engine, empty: str) -> str:
    """The address of a database whose users die."""
    return engine.copy(empty)
