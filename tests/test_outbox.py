"""What the outbox promises about each delivery, on SQLite and on PostgreSQL alike."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from sqlalchemy import update

from data import chats, leases, outbox, publications
from data.follows import Receiver
from data.outbox import Settlement
from data.states import ChatState, DeliveryState
from data.tables import deliveries
from tests.fakes.databases import engine
from tests.fakes.delivery import ITEM, NIKOPOL, NOW, db, empty, follow, publish, rows, states, tally

if TYPE_CHECKING:
    from data.db import Database
    from data.outbox import Delivery

__all__ = ["db", "empty", "engine"]  # fixtures

SOON = NOW + dt.timedelta(seconds=5)
LATER = NOW + dt.timedelta(seconds=61)


async def claim(db: Database, holder: str = "me", now: dt.datetime = NOW, most: int = 100) -> list[Delivery]:
    """Claim for a minute."""
    async with db.write() as connection:
        return await outbox.claim(connection, holder, now, 60, most)


async def begin(db: Database, claimed: list[Delivery], holder: str = "me", now: dt.datetime = NOW) -> set[int]:
    """Begin for a minute."""
    async with db.write() as connection:
        return await outbox.begin(connection, holder, [one.number for one in claimed], now, 60)


async def settle(db: Database, *settlements: Settlement, holder: str = "me", now: dt.datetime = NOW) -> None:
    """Write outcomes."""
    async with db.write() as connection:
        await outbox.settle(connection, holder, settlements, now)


async def release(db: Database, now: dt.datetime = NOW, but_for: str | None = None) -> int:
    """End leases."""
    async with db.write() as connection:
        return await outbox.release(connection, now, but_for=but_for)


async def test_a_claimed_delivery_tells_whatever_a_sender_needs(db: Database) -> None:
    (number,) = await follow(db, Receiver(-100, 5), target=NIKOPOL)
    async with db.write() as connection:
        await chats.choose_language(connection, -100, "uk", NOW)
    await publish(db)
    (one,) = await claim(db)
    assert (one.item, one.receiver, one.follow, one.matched, one.language, one.attempt) == (
        ITEM,
        Receiver(-100, 5),
        number,
        NIKOPOL,
        "uk",
        0,
    )


async def test_nobody_claims_what_another_holds(db: Database) -> None:
    await follow(db, 1, 2, 3)
    await publish(db)
    mine, others = await claim(db, most=2), await claim(db, "other")
    assert {one.receiver.chat for one in mine}.isdisjoint(one.receiver.chat for one in others)
    assert len(mine) + len(others) == 3


async def test_two_senders_on_postgresql_do_not_wait_for_each_other(db: Database) -> None:
    if db.backend != "postgresql":
        return
    await follow(db, 1, 2, 3, 4)
    await publish(db)
    async with db.write() as one, db.write() as other:
        mine = await outbox.claim(one, "me", NOW, 60, 2)
        others = await outbox.claim(other, "other", NOW, 60, 2)
    assert len({delivery.number for delivery in mine + others}) == 4


async def test_publications_share_the_senders(db: Database) -> None:
    await follow(db, *range(1, 21))
    for item in ("a1", "a2", "a3"):
        await publish(db, item)
    claimed = await claim(db, most=9)
    assert [one.item for one in claimed] == ["a1"] * 3 + ["a2"] * 3 + ["a3"] * 3
    await follow(db, 30, target=NIKOPOL)
    assert len(await claim(db, most=60)) == 51, "what one leaves the others take"


async def test_whoever_has_to_wait_is_put_off_and_not_held(db: Database) -> None:
    await follow(db, 1, 2)
    await publish(db)
    async with db.write() as connection:
        claimed = await outbox.claim(connection, "me", NOW, 60, 10, wait=lambda receiver: 3.0 if receiver.chat == 1 else 0.0)
        assert [one.receiver.chat for one in claimed] == [2]
        assert await outbox.next_due(connection) == NOW + dt.timedelta(seconds=3)
    assert await states(db) == {(1, 0): "queued", (2, 0): "claimed"}
    assert await claim(db) == []
    assert len(await claim(db, now=SOON)) == 1


async def test_a_claim_that_ran_out_is_queued_again(db: Database) -> None:
    await follow(db, 1)
    await publish(db)
    claimed = await claim(db)
    assert await release(db, SOON) == 0
    assert await release(db, LATER) == 1
    assert await states(db) == {(1, 0): "queued"}
    assert await begin(db, claimed) == set(), "the first holder may not begin any more"


async def test_a_claim_does_not_begin_once_it_ran_out(db: Database) -> None:
    await follow(db, 1)
    await publish(db)
    assert await begin(db, await claim(db), now=LATER) == set()


async def test_a_request_whose_lease_ran_out_is_uncertain_and_never_claimed_again(db: Database) -> None:
    await follow(db, 1)
    await publish(db)
    await begin(db, await claim(db))
    assert await release(db, LATER) == 1
    assert await states(db) == {(1, 0): "uncertain"}
    assert await claim(db, now=LATER + dt.timedelta(days=1)) == []


async def test_whoever_takes_over_need_not_wait_for_leases_to_run_out(db: Database) -> None:
    await follow(db, 1, 2, 3)
    await publish(db)
    await begin(db, await claim(db, "old", most=1), "old")
    await claim(db, "old", most=1)
    await claim(db, "new")
    assert await release(db, SOON, but_for="new") == 2
    assert await tally(db) == {"uncertain": 1, "queued": 1, "claimed": 1}


async def test_a_sender_that_comes_back_still_says_what_became_of_its_request(db: Database) -> None:
    await follow(db, 1)
    await publish(db)
    (one,) = await claim(db, "old")
    await begin(db, [one], "old")
    await release(db, LATER)
    await settle(db, Settlement(one.number, DeliveryState.SENT, message_id=7), holder="stranger")
    assert await states(db) == {(1, 0): "uncertain"}
    await settle(db, Settlement(one.number, DeliveryState.SENT, message_id=7), holder="old")
    (row,) = await rows(db)
    assert (row.state, row.message_id, row.reason) == ("sent", 7, None)


async def test_outcomes_are_written_together(db: Database) -> None:
    await follow(db, 1, 2, 3)
    await publish(db)
    claimed = await claim(db)
    await begin(db, claimed)
    first, second, third = (one.number for one in claimed)
    await settle(
        db,
        Settlement(first, DeliveryState.SENT, message_id=11),
        Settlement(second, DeliveryState.LATER, not_before=SOON, tried=True),
        Settlement(third, DeliveryState.FAILED, reason="KeyError"),
    )
    found = [(row.state, row.message_id, row.reason, row.attempt, row.holder, row.lease_until) for row in await rows(db)]
    assert found == [
        ("sent", 11, None, 0, None, None),
        ("later", None, None, 1, None, None),
        ("failed", None, "KeyError", 0, None, None),
    ]
    assert await claim(db) == []
    (again,) = await claim(db, now=SOON)
    assert again.attempt == 1


async def test_what_is_tried_again_goes_before_what_was_not_tried_yet(db: Database) -> None:
    await follow(db, 1, 2)
    await publish(db)
    (one,) = await claim(db, most=1)
    await begin(db, [one])
    await settle(db, Settlement(one.number, DeliveryState.LATER, not_before=SOON))
    assert [found.number for found in await claim(db, now=LATER, most=1)] == [one.number]


async def test_what_was_claimed_and_not_begun_goes_back(db: Database) -> None:
    await follow(db, 1, 2)
    await publish(db)
    first, second = await claim(db)
    await begin(db, [first])
    async with db.write() as connection:
        await outbox.give_back(connection, "me", [first.number, second.number], NOW)
    assert await states(db) == {(1, 0): "sending", (2, 0): "queued"}


async def test_an_item_for_a_closed_topic_goes_to_general_once(db: Database) -> None:
    await follow(db, Receiver(-100, 5), Receiver(-100, 6))
    await publish(db)
    claimed = await claim(db)
    await begin(db, claimed)
    async with db.write() as connection:
        went = [await outbox.send_to_general(connection, "me", one.number, NOW) for one in claimed]
    assert went == [True, False]
    (general,) = await claim(db)
    assert general.receiver == Receiver(-100)
    async with db.write() as connection:
        await outbox.begin(connection, "me", [general.number], NOW, 60)
        assert not await outbox.send_to_general(connection, "me", general.number, NOW), "General is closed, too"


async def test_a_chat_that_blocks_the_bot_gets_nothing_that_was_waiting_even_when_it_returns(db: Database) -> None:
    await follow(db, 1, 2)
    await publish(db)
    async with db.write() as connection:
        await chats.change_state(connection, 1, ChatState.BLOCKED, NOW)
        await chats.change_state(connection, 1, ChatState.ACTIVE, SOON)
    assert await states(db) == {(1, 0): "unreachable", (2, 0): "queued"}
    assert [one.receiver.chat for one in await claim(db, now=LATER)] == [2]
    await publish(db, "a2")
    assert await states(db, "a2") == {(1, 0): "queued", (2, 0): "queued"}


async def test_a_chat_is_told_what_it_missed_the_newest_first(db: Database) -> None:
    await follow(db, 1, 2)
    await publish(db, "a1")
    one, _ = await claim(db)
    await begin(db, [one])
    await release(db, LATER)
    await publish(db, "a2")
    async with db.write() as connection:
        await chats.change_state(connection, 1, ChatState.BLOCKED, LATER + dt.timedelta(hours=1))
        missed = await outbox.missed(connection, 1, 10)
        assert [(found.item, found.state) for found in missed] == [
            ("a2", DeliveryState.UNREACHABLE),
            ("a1", DeliveryState.UNCERTAIN),
        ]
        assert len(await outbox.missed(connection, 1, 10, since=LATER + dt.timedelta(minutes=1))) == 1
        assert await outbox.missed(connection, 2, 10) == []
        assert await publications.withdraw(connection, "a1", LATER)
        assert [found.item for found in await outbox.missed(connection, 1, 10)] == ["a2"]


async def test_a_lease_has_one_holder_until_it_runs_out_or_is_let_go(db: Database) -> None:
    async with db.write() as connection:
        assert await leases.hold(connection, "sender", "one", NOW, 12)
        assert not await leases.hold(connection, "sender", "two", SOON, 12)
        assert await leases.hold(connection, "sender", "one", SOON, 12), "it may be kept"
        assert not await leases.hold(connection, "sender", "two", NOW + dt.timedelta(seconds=16), 12)
        assert await leases.hold(connection, "sender", "two", NOW + dt.timedelta(seconds=17), 12)
        assert not await leases.hold(connection, "sender", "one", NOW + dt.timedelta(seconds=18), 12)
        await leases.let_go(connection, "sender", "one")
        assert not await leases.hold(connection, "sender", "one", NOW + dt.timedelta(seconds=18), 12)
        await leases.let_go(connection, "sender", "two")
        assert await leases.hold(connection, "sender", "one", NOW + dt.timedelta(seconds=18), 12)


async def test_a_lease_of_a_clock_that_was_ahead_stops_nobody(db: Database) -> None:
    async with db.write() as connection:
        assert await leases.hold(connection, "sender", "one", NOW + dt.timedelta(hours=3), 12)
        assert await leases.hold(connection, "sender", "two", NOW, 12)
        assert not await leases.hold(connection, "sender", "one", SOON, 12)


async def test_what_waits_by_a_clock_that_was_ahead_is_due_once_it_is_set_right(db: Database) -> None:
    await follow(db, 1, 2)
    await publish(db)
    ahead = NOW + dt.timedelta(hours=7)
    one, two = await claim(db)
    await begin(db, [one, two])
    await settle(db, Settlement(one.number, DeliveryState.LATER, not_before=ahead + dt.timedelta(seconds=5)), now=ahead)
    await settle(db, Settlement(two.number, DeliveryState.LATER, not_before=ahead))
    async with db.write() as connection:
        assert await outbox.set_right(connection, LATER) == 1
        assert await outbox.set_right(connection, LATER) == 0
    assert [delivery.number for delivery in await claim(db, now=LATER)] == [one.number]


async def test_whoever_is_put_off_by_a_clock_that_was_ahead_waits_no_hours(db: Database) -> None:
    await follow(db, 1)
    await publish(db)
    ahead = NOW + dt.timedelta(hours=7)
    async with db.write() as connection:
        assert await outbox.claim(connection, "me", ahead, 60, 10, lambda _: 1.0) == []
        assert await outbox.set_right(connection, NOW) == 1
    assert len(await claim(db)) == 1


async def test_what_was_claimed_by_a_clock_that_was_ahead_is_due_when_it_comes_back(db: Database) -> None:
    await follow(db, 1, 2)
    await publish(db)
    ahead = NOW + dt.timedelta(hours=7)
    waiting = await claim(db, now=ahead)
    await begin(db, waiting, now=ahead)
    await settle(db, *(Settlement(one.number, DeliveryState.LATER, not_before=ahead) for one in waiting), now=ahead)
    dropped, _ = await claim(db, now=ahead)
    async with db.write() as connection:
        await outbox.give_back(connection, "me", [dropped.number], NOW)
    assert await release(db, NOW, but_for="new") == 1
    assert len(await claim(db, "new")) == 2


async def test_what_a_holder_does_not_know_to_be_its_own_is_queued_again(db: Database) -> None:
    await follow(db, *range(1, 7))
    await publish(db)
    asked, begun, released, known, unknown, others = await claim(db, most=6)
    await begin(db, [asked, begun, released])
    async with db.write() as connection:
        await connection.execute(update(deliveries).where(deliveries.c.id == others.number).values(holder="you"))
        uncertain = update(deliveries).where(deliveries.c.id == released.number)
        await connection.execute(uncertain.values(state=DeliveryState.UNCERTAIN, reason="lease ran out", lease_until=None))
        assert await outbox.disown(connection, "me", {asked.number, known.number}, SOON) == 3
    found = {row.id: (row.state, row.holder, row.reason) for row in await rows(db)}
    assert found[asked.number] == ("sending", "me", None)
    assert found[known.number] == ("claimed", "me", None)
    assert found[others.number] == ("claimed", "you", None)
    assert {found[one.number] for one in (begun, released, unknown)} == {("queued", None, None)}
