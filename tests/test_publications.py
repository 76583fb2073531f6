"""What publishing an item promises, on SQLite and on PostgreSQL alike."""

from __future__ import annotations

import asyncio
import datetime as dt
import tempfile
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from data import chats, outbox, publications, schema
from data.db import Database
from data.follows import NETWORK, Receiver
from data.outbox import Settlement
from data.states import ChatState, DeliveryState, PublicationState
from tests.fakes.databases import engine
from tests.fakes.delivery import (
    EUROPE,
    EVERYTHING,
    HEALTH,
    ITEM,
    LVIV,
    NIKOPOL,
    NOW,
    UKRAINE,
    clear,
    db,
    empty,
    fan_out,
    follow,
    publish,
    rows,
    states,
    tally,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from data.follows import Target

__all__ = ["db", "empty", "engine"]  # fixtures

LATER = NOW + dt.timedelta(hours=1)


async def stands(db: Database, item: str = ITEM) -> PublicationState:
    """The state of a publication."""
    async with db.read() as connection:
        progress = await publications.progress(connection, item)
    assert progress is not None
    return progress.state


async def settle_all(db: Database, state: DeliveryState, at: dt.datetime = NOW) -> None:
    """Bring whatever is due to an end."""
    async with db.write() as connection:
        claimed = await outbox.claim(connection, "me", at, 60, 1000)
        begun = await outbox.begin(connection, "me", [one.number for one in claimed], at, 60)
        await outbox.settle(connection, "me", [Settlement(number, state, message_id=number) for number in begun], at)
        await publications.finish(connection, at)


async def test_publishing_twice_is_publishing_once(db: Database) -> None:
    await follow(db, 1)
    await publish(db)
    async with db.write() as connection:
        assert not await publications.publish(connection, ITEM, EVERYTHING, LATER)
    assert await fan_out(db) == 0
    assert await tally(db) == {"queued": 1}


async def test_an_item_reaches_a_chat_once_however_many_of_its_follows_match(db: Database) -> None:
    numbers = {target: (await follow(db, 1, target=target))[0] for target in reversed(EVERYTHING)}
    await publish(db)
    (row,) = await rows(db)
    assert row.follow == numbers[NIKOPOL], "the most specific follow is the one that is named"


@pytest.mark.parametrize("followed", [(LVIV, UKRAINE), (UKRAINE, EUROPE), (EUROPE, HEALTH), (HEALTH, NETWORK)])
async def test_the_more_specific_follow_is_the_one_that_matched(db: Database, followed: tuple[Target, Target]) -> None:
    await follow(db, 1, target=followed[1])
    (specific,) = await follow(db, 1, target=followed[0])
    await publish(db, targets=tuple(reversed(EVERYTHING)))
    assert [row.follow for row in await rows(db)] == [specific]


async def test_each_topic_that_follows_gets_it(db: Database) -> None:
    await follow(db, Receiver(-100), Receiver(-100, 5), target=NIKOPOL)
    await follow(db, Receiver(-100, 5), target=NETWORK)
    await publish(db)
    assert await states(db) == {(-100, 0): "queued", (-100, 5): "queued"}


async def test_whoever_follows_nothing_of_it_is_left_alone(db: Database) -> None:
    await follow(db, 1, target=LVIV)
    await publish(db, targets=[NIKOPOL, UKRAINE])
    assert await states(db) == {}
    async with db.write() as connection:
        await publications.finish(connection, NOW)
    assert await stands(db) is PublicationState.DONE


async def test_whoever_follows_afterwards_starts_from_then(db: Database) -> None:
    await follow(db, 1)
    async with db.write() as connection:
        await publications.publish(connection, ITEM, [NETWORK], NOW)
    await follow(db, 2)
    await fan_out(db)
    assert await states(db) == {(1, 0): "queued"}


async def test_chats_that_cannot_be_written_to_are_on_the_list_with_the_reason(db: Database) -> None:
    away = {2: ChatState.BLOCKED, 3: ChatState.KICKED, 4: ChatState.GONE, 5: ChatState.MUTED}
    await follow(db, 1, *away)
    async with db.write() as connection:
        for chat, state in away.items():
            await chats.change_state(connection, chat, state, NOW)
    await publish(db)
    assert [(row.chat_id, row.state, row.reason) for row in await rows(db)] == [
        (1, "queued", None),
        (2, "unreachable", "blocked"),
        (3, "unreachable", "kicked"),
        (4, "unreachable", "gone"),
        (5, "muted", "muted"),
    ]


@given(
    wishes=st.lists(st.tuples(st.integers(1, 12), st.integers(0, 2), st.sampled_from(EVERYTHING)), max_size=40),
    most=st.integers(1, 7),
    crashes=st.sets(st.integers(0, 30), max_size=6),
)
def test_a_fan_out_that_crashes_goes_on_where_it_was(wishes: list[tuple[int, int, Target]], most: int, crashes: set[int]) -> None:
    """The property needs one engine: the transaction is the database's."""

    async def check(db: Database) -> None:
        await clear(db)
        expected: dict[tuple[int, int], tuple[int, int]] = {}
        for chat, thread, target in wishes:
            (number,) = await follow(db, Receiver(chat, thread), target=target)
            rank = (EVERYTHING.index(target), number)
            expected[chat, thread] = min(expected.get((chat, thread), rank), rank)
        async with db.write() as connection:
            await publications.publish(connection, ITEM, EVERYTHING, NOW)
        step, found = 0, True
        while found:
            try:
                async with db.write() as connection:
                    found = await publications.fan_out(connection, NOW, most) is not None
                    crash(step in crashes)
            except InterruptedError:
                found = True
            step += 1
        assert {(row.chat_id, row.thread_id): row.follow for row in await rows(db)} == {
            receiver: number for receiver, (_, number) in expected.items()
        }

    asyncio.run(_on_sqlite(check))


def crash(now: bool) -> None:
    """Or not."""
    if now:
        raise InterruptedError


async def _on_sqlite(check: Callable[[Database], Awaitable[None]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with Database(f"sqlite:///{folder}/bot.db") as db:
            await schema.upgrade(db)
            await check(db)


async def test_a_fan_out_takes_no_more_at_once_than_it_is_told(db: Database) -> None:
    await follow(db, *range(1, 26))
    async with db.write() as connection:
        await publications.publish(connection, ITEM, [NETWORK], NOW)
    counts = []
    for _ in range(3):
        async with db.write() as connection:
            await publications.fan_out(connection, NOW, 10)
        counts.append(len(await rows(db)))
    assert counts == [10, 20, 25]


async def test_a_paused_publication_keeps_still_and_goes_on_when_resumed(db: Database) -> None:
    await follow(db, 1, 2)
    await publish(db)
    async with db.write() as connection:
        assert await publications.pause(connection, ITEM, NOW, "breaker")
        assert not await publications.pause(connection, ITEM, NOW)
        assert await outbox.claim(connection, "me", LATER, 60, 10) == []
    assert await stands(db) is PublicationState.PAUSED
    async with db.write() as connection:
        assert await publications.resume(connection, ITEM, LATER)
        assert not await publications.resume(connection, ITEM, LATER)
        assert len(await outbox.claim(connection, "me", LATER, 60, 10)) == 2


async def test_a_publication_paused_while_it_is_fanned_out_writes_the_rest_of_its_list_when_resumed(db: Database) -> None:
    await follow(db, *range(1, 6))
    async with db.write() as connection:
        await publications.publish(connection, ITEM, [NETWORK], NOW)
    async with db.write() as connection:
        await publications.fan_out(connection, NOW, 2)
        await publications.pause(connection, ITEM, NOW)
    assert await fan_out(db) == 0
    async with db.write() as connection:
        await publications.resume(connection, ITEM, NOW)
    await fan_out(db, 2)
    assert await tally(db) == {"queued": 5}
    assert await stands(db) is PublicationState.SENDING


async def test_a_pause_reaches_what_was_claimed_and_has_not_begun(db: Database) -> None:
    await follow(db, 1)
    await publish(db)
    async with db.write() as connection:
        (claimed,) = await outbox.claim(connection, "me", NOW, 60, 10)
        await publications.pause(connection, ITEM, NOW)
        assert await outbox.begin(connection, "me", [claimed.number], NOW, 60) == set()


@pytest.mark.parametrize(("end", "state"), [(publications.cancel, "cancelled"), (publications.withdraw, "withdrawn")])
async def test_what_is_cancelled_or_withdrawn_is_not_sent_any_more(db: Database, end: Callable[..., Awaitable[bool]], state: str) -> None:
    await follow(db, 1)
    await publish(db)
    async with db.write() as connection:
        assert await end(connection, ITEM, NOW)
        assert not await end(connection, ITEM, NOW)
        assert not await publications.resume(connection, ITEM, NOW)
        assert await outbox.claim(connection, "me", LATER, 60, 10) == []
    assert await stands(db) == state


async def test_a_publication_is_done_when_each_chat_has_an_outcome(db: Database) -> None:
    await follow(db, 1, 2)
    await publish(db)
    async with db.write() as connection:
        assert await publications.finish(connection, NOW) == []
    await settle_all(db, DeliveryState.SENT)
    assert await stands(db) is PublicationState.DONE
    async with db.read() as connection:
        progress = await publications.progress(connection, ITEM)
    assert progress is not None
    assert (progress.total, progress.pending, progress.counts) == (2, 0, {DeliveryState.SENT: 2})


async def test_an_outage_can_be_undone_when_a_publication_goes_on(db: Database) -> None:
    await follow(db, 1, 2, 3)
    async with db.write() as connection:
        await chats.change_state(connection, 3, ChatState.BLOCKED, NOW)
    await publish(db)
    async with db.write() as connection:
        for one in await outbox.claim(connection, "me", NOW, 60, 10):
            await outbox.begin(connection, "me", [one.number], NOW, 60)
            await outbox.settle(connection, "me", [Settlement(one.number, DeliveryState.UNREACHABLE, reason="blocked")], LATER)
            await chats.change_state(connection, one.receiver.chat, ChatState.BLOCKED, LATER)
        await publications.pause(connection, ITEM, LATER, "breaker")
        await publications.resume(connection, ITEM, LATER, unreachable_since=LATER)
        assert await chats.state(connection, 1) is ChatState.ACTIVE
        assert await chats.state(connection, 3) is ChatState.BLOCKED
    assert await states(db) == {(1, 0): "queued", (2, 0): "queued", (3, 0): "unreachable"}


async def test_publications_that_are_not_over_are_found_after_a_restart(db: Database) -> None:
    await follow(db, 1)
    for number, item in enumerate(["a1", "a2", "a3"]):
        await publish(db, item, now=NOW + dt.timedelta(minutes=number))
    async with db.write() as connection:
        await publications.cancel(connection, "a2", NOW)
        await publications.pause(connection, "a1", NOW)
        assert await publications.unfinished(connection) == ["a1", "a3"]
        assert await publications.targets_of(connection, "a3") == EVERYTHING


async def test_old_lists_are_deleted_in_portions_once_they_are_over(db: Database) -> None:
    await follow(db, 1, 2, 3)
    await publish(db)
    await publish(db, "a2")
    async with db.write() as connection:
        await publications.cancel(connection, ITEM, NOW)
        assert await outbox.prune(connection, LATER, 2) == 2
        assert await outbox.prune(connection, LATER, 2) == 1
        assert await outbox.prune(connection, LATER, 2) == 0
    assert await tally(db, "a2") == {"queued": 3}


async def test_counting_and_finding_what_is_due_touch_only_the_index_on_sqlite(db: Database) -> None:
    if db.backend != "sqlite":
        return
    async with db.read() as connection:
        for query in (
            "SELECT state, count(*) FROM deliveries WHERE item = 'a1' GROUP BY state",
            "SELECT * FROM deliveries WHERE item = 'a1' AND state = 'queued' AND not_before <= '2026' ORDER BY not_before LIMIT 10",
        ):
            plan = " ".join(row.detail for row in await connection.execute(text(f"EXPLAIN QUERY PLAN {query}")))
            assert "ix_deliveries_item" in plan
            assert "TEMP B-TREE" not in plan
