"""Which messages have to change after a correction or a withdrawal, on SQLite and on PostgreSQL alike."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from sqlalchemy import select

from bot.delivery import settling
from bot.delivery.outcomes import Sent
from bot.delivery.settling import Done
from data import amendments, chats, follows, moving, outbox, publications
from data.follows import NETWORK, Receiver
from data.outbox import Settlement
from data.states import DeliveryState
from data.tables import publications as publication_table
from tests.fakes.databases import engine
from tests.fakes.delivery import ITEM, NOW, db, empty, follow, publish, rows

if TYPE_CHECKING:
    from data.amendments import Amendment
    from data.db import Database
    from data.outbox import Delivery
    from data.publications import Progress

__all__ = ["db", "empty", "engine"]  # fixtures

SOON = NOW + dt.timedelta(seconds=6)
LATER = NOW + dt.timedelta(hours=1)


async def sends(db: Database, revision: int = 0) -> list[Delivery]:
    """Send whatever is due; the words are those of a revision."""
    async with db.write() as connection:
        claimed = await outbox.claim(connection, "me", NOW, 60, 1000)
        await outbox.begin(connection, "me", [one.number for one in claimed], NOW, 60)
        sent = [Settlement(one.number, DeliveryState.SENT, message_id=100 + one.number, revision=revision) for one in claimed]
        await outbox.settle(connection, "me", sent, NOW)
    return claimed


async def orders(db: Database, revision: int = 2) -> Amendment:
    """Have everything changed that is older than a revision."""
    async with db.write() as connection:
        assert await amendments.order(connection, ITEM, revision, NOW)
        (one,) = await amendments.under_way(connection)
    return one


async def left(db: Database, one: Amendment, after: int = 0) -> list[int]:
    """The chats whose messages are still to be changed."""
    async with db.read() as connection:
        return [shown.receiver.chat for shown in await amendments.outdated(connection, one, after, 10)]


async def progress(db: Database) -> Progress:
    """How far it came."""
    async with db.read() as connection:
        found = await publications.progress(connection, ITEM)
    assert found is not None
    return found


async def test_what_was_sent_before_is_found_and_what_was_not_is_left_alone(db: Database) -> None:
    await follow(db, 1, 2, 3)
    await publish(db)
    numbers = [one.number for one in await sends(db)]
    await follow(db, 4)
    await publish(db, "a2")
    one = await orders(db)

    assert await left(db, one) == [1, 2, 3]
    assert await left(db, one, after=numbers[0]) == [2, 3]
    async with db.read() as connection:
        shown, *_ = await amendments.outdated(connection, one, 0, 1)
    assert (shown.message_id, shown.matched, shown.paused, shown.sent_at) == (100 + numbers[0], NETWORK, False, NOW)


async def test_what_is_done_is_done_once_and_what_cannot_be_says_why(db: Database) -> None:
    await follow(db, 1, 2, 3)
    await publish(db)
    first, second, _ = [one.number for one in await sends(db)]
    one = await orders(db)
    for _again in range(2):
        async with db.write() as connection:
            await amendments.note(connection, one, {first: None, second: "message to edit not found"})
    assert await left(db, one) == [3]
    found = await progress(db)

    assert (found.amended, found.unamended, found.outdated, found.amending) == (1, 1, 1, True)
    assert [(row.state, row.reason, row.revision) for row in await rows(db)] == [
        ("sent", None, 2),
        ("sent", "message to edit not found", 2),
        ("sent", None, 0),
    ]


async def test_a_message_that_was_under_way_with_the_old_words_is_changed_as_well(db: Database) -> None:
    await follow(db, 1)
    await publish(db)
    async with db.write() as connection:
        (claimed,) = await outbox.claim(connection, "me", NOW, 60, 10)
        await outbox.begin(connection, "me", [claimed.number], NOW, 60)
    one = await orders(db)
    async with db.write() as connection:
        assert await amendments.end(connection, one, SOON), "nothing was left to do"
    async with db.write() as connection:
        await settling.write(connection, "me", [Done(claimed, Sent(7))], SOON)

    async with db.read() as connection:
        (again,) = await amendments.under_way(connection)
    assert await left(db, again) == [1]


async def test_a_message_with_the_new_words_is_left_alone(db: Database) -> None:
    await follow(db, 1)
    await publish(db)
    one = await orders(db)
    async with db.write() as connection:
        await amendments.end(connection, one, SOON)
    async with db.write() as connection:
        (claimed,) = await outbox.claim(connection, "me", NOW, 60, 10)
        await outbox.begin(connection, "me", [claimed.number], NOW, 60)
        await settling.write(connection, "me", [Done(claimed, Sent(7))], NOW)

    assert claimed.revision == 2
    assert not (await progress(db)).amending


async def test_a_second_correction_changes_everything_again(db: Database) -> None:
    await follow(db, 1, 2)
    await publish(db)
    first, second = [one.number for one in await sends(db)]
    one = await orders(db)
    async with db.write() as connection:
        await amendments.note(connection, one, {first: None, second: "not found"})
    two = await orders(db, 3)

    assert await left(db, two) == [1, 2]
    assert ((await progress(db)).amended, (await progress(db)).unamended) == (0, 0)
    async with db.write() as connection:
        await amendments.note(connection, one, {first: None})
        assert not await amendments.end(connection, one, LATER), "what is out of date ends nothing"
    assert (await progress(db)).amended == 0


async def test_a_withdrawal_says_that_it_is_one(db: Database) -> None:
    await follow(db, 1)
    await publish(db)
    await sends(db)
    async with db.write() as connection:
        await publications.withdraw(connection, ITEM, NOW)
    assert (await orders(db)).withdrawn


async def test_nothing_ends_while_something_may_just_have_been_sent(db: Database) -> None:
    await follow(db, 1)
    await publish(db)
    one = await orders(db)
    async with db.write() as connection:
        assert not await amendments.end(connection, one, NOW + dt.timedelta(seconds=1))
        assert await amendments.end(connection, one, SOON)


async def test_an_item_that_nobody_was_sent_is_no_work(db: Database) -> None:
    async with db.write() as connection:
        assert not await amendments.order(connection, ITEM, 2, NOW)
        assert await amendments.under_way(connection) == []


async def test_the_language_and_the_follow_of_a_chat_are_known_and_a_pause_too(db: Database) -> None:
    (number,) = await follow(db, 1)
    await publish(db)
    await sends(db)
    async with db.write() as connection:
        await chats.choose_language(connection, 1, "uk", NOW)
        await follows.pause(connection, Receiver(1), number, NOW)
    one = await orders(db)
    async with db.write() as connection:
        (shown,) = await amendments.outdated(connection, one, 0, 10)
        await follows.unfollow(connection, Receiver(1), NETWORK)
        (without,) = await amendments.outdated(connection, one, 0, 10)

    assert (shown.language, shown.matched, shown.paused) == ("uk", NETWORK, True)
    assert (without.matched, without.paused) == (None, False)


async def test_in_a_supergroup_no_message_is_changed_by_the_number_it_had_in_the_group(db: Database) -> None:
    await follow(db, -5)
    await publish(db)
    await sends(db)
    async with db.write() as connection:
        await moving.move_chat(connection, -5, -1_000_000_000_005, NOW)
    one = await orders(db)
    async with db.read() as connection:
        (shown,) = await amendments.outdated(connection, one, 0, 10)

    assert (shown.receiver.chat, shown.message_id) == (-1_000_000_000_005, None)


async def test_rows_of_the_version_before_count_as_they_are(db: Database) -> None:
    await follow(db, 1)
    await publish(db)
    async with db.read() as connection:
        row = (await connection.execute(select(publication_table))).one()
    assert (row.revision, row.amending_at, row.amended, row.unamended) == (0, None, 0, 0)
