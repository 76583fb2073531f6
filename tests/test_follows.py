"""What following promises, on SQLite and on PostgreSQL alike."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from alembic import command
from sqlalchemy import text

from data import chats, follows, schema
from data.follows import NETWORK, Receiver
from data.states import ChatKind, ChatState
from tests.fakes.databases import engine
from tests.fakes.delivery import EUROPE, EVERYTHING, LVIV, NIKOPOL, NOW, UKRAINE, db, empty, follow, publish, rows, states

if TYPE_CHECKING:
    from data.db import Database

__all__ = ["db", "empty", "engine"]  # fixtures

LESIA, ADA = 101, 102
GROUP, SUPERGROUP = -200, -1_001_000_000_200
LATER = NOW + dt.timedelta(hours=1)


async def test_following_twice_is_following_once(db: Database) -> None:
    async with db.write() as connection:
        first, new = await follows.follow(connection, Receiver(LESIA), NIKOPOL, NOW)
        second, again = await follows.follow(connection, Receiver(LESIA), NIKOPOL, LATER)
        assert (new, again) == (True, False)
        assert first == second
        assert await follows.of_receiver(connection, Receiver(LESIA)) == (first,)
        assert await follows.by_number(connection, first.number) == first


async def test_topics_keep_their_own_follows(db: Database) -> None:
    await follow(db, Receiver(SUPERGROUP, 5), target=NIKOPOL)
    await follow(db, Receiver(SUPERGROUP), target=LVIV)
    async with db.read() as connection:
        assert [one.target for one in await follows.of_receiver(connection, Receiver(SUPERGROUP, 5))] == [NIKOPOL]
        assert [one.target for one in await follows.of_receiver(connection, Receiver(SUPERGROUP))] == [LVIV]
        assert [one.target for one in await follows.of_chat(connection, SUPERGROUP)] == [NIKOPOL, LVIV]


async def test_what_is_not_followed_any_more_is_gone_and_the_rest_stays(db: Database) -> None:
    await follow(db, LESIA, target=NIKOPOL)
    await follow(db, LESIA, target=LVIV)
    async with db.write() as connection:
        assert await follows.unfollow(connection, Receiver(LESIA), NIKOPOL)
        assert not await follows.unfollow(connection, Receiver(LESIA), NIKOPOL)
        assert [one.target for one in await follows.of_receiver(connection, Receiver(LESIA))] == [LVIV]
        assert await follows.unfollow_all(connection, Receiver(LESIA)) == 1


async def test_a_number_of_a_removed_follow_is_never_another_follow(db: Database) -> None:
    (number,) = await follow(db, LESIA)
    async with db.write() as connection:
        await follows.unfollow_all(connection, Receiver(LESIA))
    (other,) = await follow(db, ADA)
    assert other > number
    async with db.read() as connection:
        assert await follows.by_number(connection, number) is None


async def test_a_paused_follow_matches_nothing_until_it_goes_on(db: Database) -> None:
    (number,) = await follow(db, LESIA, target=NIKOPOL)
    async with db.write() as connection:
        assert await follows.pause(connection, Receiver(LESIA), number, NOW)
        assert not await follows.pause(connection, Receiver(ADA), number, NOW), "somebody else's follow"
        assert await follows.count_receivers(connection, [NIKOPOL]) == 0
    await publish(db)
    assert await states(db) == {}
    async with db.write() as connection:
        assert await follows.resume(connection, Receiver(LESIA), number)
    await publish(db, "a2")
    assert await states(db, "a2") == {(LESIA, 0): "queued"}


async def test_following_again_what_was_paused_goes_on_with_it(db: Database) -> None:
    (number,) = await follow(db, LESIA)
    async with db.write() as connection:
        await follows.pause(connection, Receiver(LESIA), number, NOW)
        again, new = await follows.follow(connection, Receiver(LESIA), NETWORK, LATER)
        assert new
        assert (again.number, again.paused) == (number, False)


async def test_the_number_of_receivers_counts_each_chat_and_topic_that_can_be_reached_once(db: Database) -> None:
    await follow(db, LESIA, Receiver(SUPERGROUP), Receiver(SUPERGROUP, 5), target=NIKOPOL)
    await follow(db, LESIA, ADA, target=UKRAINE)
    async with db.write() as connection:
        assert await follows.count_receivers(connection, EVERYTHING) == 4
        await chats.change_state(connection, ADA, ChatState.BLOCKED, NOW)
        assert await follows.count_receivers(connection, EVERYTHING) == 3
        assert await follows.count_receivers(connection, [EUROPE]) == 0
        assert await follows.count_receivers(connection, []) == 0


async def test_the_counted_receivers_are_those_who_get_it(db: Database) -> None:
    await follow(db, LESIA, ADA, Receiver(SUPERGROUP, 7), target=NIKOPOL)
    await follow(db, ADA, GROUP, target=NETWORK)
    async with db.read() as connection:
        counted = await follows.count_receivers(connection, EVERYTHING)
    await publish(db)
    assert len(await rows(db)) == counted


async def test_a_chat_that_blocked_the_bot_keeps_its_follows(db: Database) -> None:
    await follow(db, LESIA, target=NIKOPOL)
    async with db.write() as connection:
        assert await chats.change_state(connection, LESIA, ChatState.BLOCKED, NOW)
        assert not await chats.change_state(connection, LESIA, ChatState.BLOCKED, LATER), "known already"
        assert await chats.state(connection, LESIA) is ChatState.BLOCKED
        assert [one.target for one in await follows.of_receiver(connection, Receiver(LESIA))] == [NIKOPOL]


async def test_a_chat_is_known_by_the_kind_that_telegram_says_or_that_its_id_tells(db: Database) -> None:
    async with db.write() as connection:
        for chat in (LESIA, GROUP, SUPERGROUP):
            await chats.meet(connection, chat, NOW)
        await chats.meet(connection, SUPERGROUP, LATER, ChatKind.CHANNEL)
        known = {chat: (await chats.everything_known(connection, chat))["kind"] for chat in (LESIA, GROUP, SUPERGROUP)}
    assert known == {LESIA: "private", GROUP: "group", SUPERGROUP: "channel"}


async def test_forgetting_a_chat_deletes_all_of_its_rows_and_nothing_else(db: Database) -> None:
    await follow(db, LESIA, Receiver(LESIA, 5), ADA)
    await publish(db)
    async with db.read() as connection:
        known = await chats.everything_known(connection, LESIA)
    assert (len(known["follows"]), len(known["deliveries"])) == (2, 2)
    async with db.write() as connection:
        assert await chats.forget(connection, LESIA)
        assert await chats.everything_known(connection, LESIA) == {}
        assert not await chats.forget(connection, LESIA)
    assert await states(db) == {(ADA, 0): "queued"}


async def test_chats_out_of_reach_for_long_are_found_to_be_forgotten(db: Database) -> None:
    await follow(db, LESIA, ADA, GROUP)
    async with db.write() as connection:
        await chats.change_state(connection, LESIA, ChatState.BLOCKED, NOW)
        await chats.change_state(connection, ADA, ChatState.GONE, LATER)
        assert await chats.out_of_reach_since(connection, LATER, 10) == [LESIA]


async def test_chats_of_the_first_version_get_their_kind_from_their_id(db: Database) -> None:
    async with db.write() as connection:
        await connection.run_sync(lambda bare: command.downgrade(schema.configuration(bare), "0001"))
        for chat in (LESIA, GROUP, SUPERGROUP):
            await connection.execute(
                text("INSERT INTO chats (chat_id, language, created_at, seen_at) VALUES (:chat, 'uk', '2026-01-01', '2026-01-01')"),
                {"chat": chat},
            )
    assert await schema.upgrade(db)
    async with db.read() as connection:
        found = {row.chat_id: (row.kind, row.state, row.language) for row in await connection.execute(text("SELECT * FROM chats"))}
    assert found == {
        LESIA: ("private", "active", "uk"),
        GROUP: ("group", "active", "uk"),
        SUPERGROUP: ("supergroup", "active", "uk"),
    }
