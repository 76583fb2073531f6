"""A group that becomes a supergroup keeps everything, and hears nothing twice; on SQLite and on PostgreSQL alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from data import chats, follows, outbox
from data.follows import Receiver
from data.moving import move_chat
from data.outbox import Settlement
from data.states import ChatState, DeliveryState
from tests.fakes.databases import engine
from tests.fakes.delivery import LVIV, NIKOPOL, NOW, db, empty, follow, publish, rows, states

if TYPE_CHECKING:
    from data.db import Database

__all__ = ["db", "empty", "engine"]  # fixtures

OLD, NEW = -200, -1_001_000_000_200


async def move(db: Database) -> bool:
    """Telegram says that the group is a supergroup now."""
    async with db.write() as connection:
        return await move_chat(connection, OLD, NEW, NOW)


async def settle(db: Database, chat: int, state: DeliveryState) -> None:
    """Bring the delivery to one chat to an end; what else was claimed goes back."""
    async with db.write() as connection:
        claimed = await outbox.claim(connection, "me", NOW, 60, 10)
        (one,) = (one for one in claimed if one.receiver.chat == chat)
        await outbox.begin(connection, "me", [one.number], NOW, 60)
        await outbox.give_back(connection, "me", [other.number for other in claimed], NOW)
        if state is not DeliveryState.SENDING:
            await outbox.settle(connection, "me", [Settlement(one.number, state)], NOW)


async def test_a_group_that_becomes_a_supergroup_keeps_settings_follows_and_deliveries(db: Database) -> None:
    async with db.write() as connection:
        await chats.choose_language(connection, OLD, "uk", NOW)
    (number,) = await follow(db, OLD, target=NIKOPOL)
    await publish(db)
    assert await move(db)
    assert not await move(db), "the second of the two messages that tell so changes nothing"
    async with db.read() as connection:
        assert (await chats.preferences(connection, NEW)).language == "uk"
        assert [one.number for one in await follows.of_receiver(connection, Receiver(NEW))] == [number]
        assert await chats.everything_known(connection, OLD) == {}
        assert (await chats.everything_known(connection, NEW))["kind"] == "supergroup"
    assert await states(db) == {(NEW, 0): "queued"}


async def test_a_supergroup_that_chose_already_keeps_its_own_choice(db: Database) -> None:
    async with db.write() as connection:
        await chats.choose_language(connection, OLD, "uk", NOW)
        await chats.choose_language(connection, NEW, "en", NOW)
        await chats.change_state(connection, OLD, ChatState.KICKED, NOW)
    await move(db)
    async with db.read() as connection:
        assert (await chats.preferences(connection, NEW)).language == "en"
        assert await chats.state(connection, NEW) is ChatState.ACTIVE


async def test_a_follow_that_both_have_stays_once_and_still_names_its_deliveries(db: Database) -> None:
    await follow(db, OLD, target=NIKOPOL)
    await follow(db, OLD, target=LVIV)
    (kept,) = await follow(db, NEW, target=NIKOPOL)
    await publish(db, targets=[NIKOPOL])
    await move(db)
    async with db.read() as connection:
        assert [one.target for one in await follows.of_chat(connection, NEW)] == [LVIV, NIKOPOL]
    assert {row.follow for row in await rows(db)} == {kept}


@pytest.mark.parametrize(
    ("done", "left"),
    [
        (DeliveryState.SENT, "sent"),
        (DeliveryState.UNCERTAIN, "uncertain"),
        (DeliveryState.SENDING, "uncertain"),
        (DeliveryState.LATER, "queued"),
    ],
)
async def test_what_the_group_has_or_may_have_is_not_sent_to_the_supergroup(db: Database, done: DeliveryState, left: str) -> None:
    await follow(db, OLD, NEW)
    await publish(db)
    await settle(db, OLD, done)
    await move(db)
    assert await states(db) == {(OLD, 0): "moved", (NEW, 0): left}
    assert [row.reason for row in await rows(db) if row.chat_id == OLD] == [str(NEW)]


async def test_what_the_supergroup_has_is_not_sent_to_it_for_the_group(db: Database) -> None:
    await follow(db, OLD, NEW)
    await publish(db)
    await settle(db, NEW, DeliveryState.SENT)
    await move(db)
    assert await states(db) == {(OLD, 0): "moved", (NEW, 0): "sent"}


async def test_a_sender_that_holds_the_old_id_does_not_begin(db: Database) -> None:
    await follow(db, OLD)
    await publish(db)
    async with db.write() as connection:
        (one,) = await outbox.claim(connection, "me", NOW, 60, 10)
    await move(db)
    async with db.write() as connection:
        assert await outbox.begin(connection, "me", [one.number], NOW, 60) == set()
        (again,) = await outbox.claim(connection, "me", NOW, 60, 10)
    assert again.receiver == Receiver(NEW)


async def test_forgetting_the_supergroup_forgets_what_the_group_left_behind(db: Database) -> None:
    await follow(db, OLD, NEW)
    await publish(db)
    await move(db)
    async with db.write() as connection:
        assert await chats.forget(connection, NEW)
    assert await states(db) == {}
