"""An update that is brought again, perhaps to another process, writes nothing a second time; and processes hear of one another's writes."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import TYPE_CHECKING, Never

import pytest
from sqlalchemy import func, select

from bot.conversations import Conversations
from bot.delivery import service
from bot.following import FollowBook
from bot.metrics import Metrics
from bot.newsroom import Newsroom
from bot.settings import Limits
from bot.writing import Writer, taken_in_hand
from data import changes, chats, outbox, publications
from data.follows import NETWORK, Receiver
from data.tables import chat_changes, drafts, ledger, unanswered
from data.unanswered import Unanswered
from tests.fakes.clock import FakeClock
from tests.fakes.databases import engine
from tests.fakes.delivery import ITEM, NIKOPOL, NOW, db, empty, follow, publish
from tests.fakes.updates import message

if TYPE_CHECKING:
    from sqlalchemy import Table
    from sqlalchemy.ext.asyncio import AsyncConnection

    from data.db import Database

__all__ = ["db", "empty", "engine"]  # fixtures

CHAT = Receiver(1)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


def book(db: Database, clock: FakeClock) -> FollowBook:
    """That of another process."""
    return FollowBook(db, clock, 100, 0)


async def rows(db: Database, table: Table) -> int:
    async with db.read() as connection:
        return await connection.scalar(select(func.count()).select_from(table)) or 0


# --- Brought again ----------------------------------------------------------------------------------------------------------------------


async def test_what_was_ended_since_is_not_followed_anew_when_the_update_comes_again(db: Database, clock: FakeClock) -> None:
    first, second = message("/subscribe Nikopol"), message("/unsubscribe Nikopol")
    with taken_in_hand(first):
        assert await book(db, clock).follow(CHAT, NIKOPOL)
    with taken_in_hand(second):
        assert await book(db, clock).unfollow(CHAT, NIKOPOL)
    with taken_in_hand(first):
        assert await book(db, clock).follow(CHAT, NIKOPOL), "whoever asks again is told what the first one would have been told"

    assert await book(db, clock).targets(CHAT) == frozenset()


async def test_the_same_wish_in_another_update_is_another_wish(db: Database, clock: FakeClock) -> None:
    for new in (True, False):
        with taken_in_hand(message("/subscribe Nikopol")):
            assert await book(db, clock).follow(CHAT, NIKOPOL) is new


def no_desk() -> Never:
    """Nobody looks after sources here."""
    raise AssertionError


async def test_an_admin_whose_news_comes_twice_has_one_draft(db: Database, clock: FakeClock) -> None:
    update, numbers = message("/publish News"), set[int]()
    for _ in range(2):
        with taken_in_hand(update):
            numbers.add(await Newsroom(db, clock, no_desk).begin(7, "News", "", "uk"))

    assert len(numbers) == await rows(db, drafts) == 1


async def test_a_question_asked_in_vain_is_counted_once(db: Database, clock: FakeClock) -> None:
    update = message("слово?")
    for _ in range(2):
        with taken_in_hand(update):
            await Conversations(db, clock, Limits()).leave_unanswered(Unanswered("uk", "unknown", ("слово",)))

    assert await rows(db, unanswered) == 1


async def test_several_writes_of_one_update_are_several(db: Database, clock: FakeClock) -> None:
    update = message("/subscribe")
    for _ in range(2):
        with taken_in_hand(update):
            for target in (NIKOPOL, NETWORK):
                assert await book(db, clock).follow(CHAT, target)

    assert await book(db, clock).targets(CHAT) == {NIKOPOL, NETWORK}


async def test_two_processes_that_are_brought_an_update_at_the_same_time_write_once(db: Database, clock: FakeClock) -> None:
    update, acts = message("once"), 0

    async def act(_connection: AsyncConnection, _now: dt.datetime) -> int:
        nonlocal acts
        acts += 1
        await asyncio.sleep(0.1)
        return acts

    async def process() -> int:
        with taken_in_hand(update):
            return await Writer(db, clock).once("act", act)

    assert [*await asyncio.gather(process(), process(), process())] == [1, 1, 1]


async def test_a_write_that_failed_is_tried_anew(db: Database, clock: FakeClock) -> None:
    update = message("again")

    async def fails(connection: AsyncConnection, now: dt.datetime) -> None:
        await chats.choose_language(connection, 1, "uk", now)
        raise OSError("the disk is full")

    with taken_in_hand(update), pytest.raises(OSError, match="full"):
        await Writer(db, clock).once("language", fails)
    with taken_in_hand(update):
        await Writer(db, clock).once("language", lambda connection, now: chats.choose_language(connection, 1, "en", now))

    async with db.read() as connection:
        assert (await chats.preferences(connection, 1)).language == "en"


async def test_what_no_update_asked_for_is_written_as_often_as_it_is_said(db: Database, clock: FakeClock) -> None:
    assert [await book(db, clock).follow(CHAT, NIKOPOL) for _ in range(2)] == [True, False]
    assert await rows(db, ledger) == 0


async def test_updates_are_remembered_for_as_long_as_they_can_come_again(db: Database, clock: FakeClock) -> None:
    with taken_in_hand(message("/subscribe")):
        await book(db, clock).follow(CHAT, NIKOPOL)
    for hours, kept in ((47, 1), (49, 0)):
        await service.tidy(db, NOW + dt.timedelta(hours=hours), Limits())
        assert await rows(db, ledger) == kept


# --- Heard of by others -----------------------------------------------------------------------------------------------------------------


async def heard(db: Database, moment: dt.datetime) -> set[int]:
    async with db.read() as connection:
        return await changes.since(connection, moment)


async def test_others_hear_of_chats_that_changed_even_if_their_clocks_differ_a_little(db: Database, clock: FakeClock) -> None:
    await book(db, clock).follow(Receiver(-5, 3), NETWORK)
    await book(db, clock).move(-5, -1_000_000_000_005)

    for ahead, chats_heard in ((-5, {-5, -1_000_000_000_005}), (5, {-5, -1_000_000_000_005}), (30, set())):
        assert await heard(db, NOW + dt.timedelta(seconds=ahead)) == chats_heard


async def test_a_chat_that_has_long_been_heard_of_is_kept_no_longer(db: Database, clock: FakeClock) -> None:
    await book(db, clock).follow(CHAT, NETWORK)
    async with db.write() as connection:
        await changes.prune(connection, NOW + dt.timedelta(seconds=59))
    assert await rows(db, chat_changes) == 1
    async with db.write() as connection:
        await changes.prune(connection, NOW + dt.timedelta(seconds=61))
    assert await rows(db, chat_changes) == 0


# --- What waits -------------------------------------------------------------------------------------------------------------------------


async def test_operators_see_how_much_waits_and_for_how_long(db: Database) -> None:
    await follow(db, 1, 2, 3)
    await publish(db)
    async with db.write() as connection:
        await outbox.claim(connection, "me", NOW, 60, 1)
    async with db.read() as connection:
        assert await outbox.backlog(connection, NOW + dt.timedelta(seconds=90)) == (2, 90.0)


async def test_nothing_waits_while_an_item_is_paused(db: Database) -> None:
    await follow(db, 1)
    await publish(db)
    async with db.write() as connection:
        await publications.pause(connection, ITEM, NOW)
        assert await outbox.backlog(connection, NOW) == (0, 0.0)


def test_no_number_of_sources_makes_too_many_series() -> None:
    metrics = Metrics()
    for number in range(80):
        metrics.source_age.labels(f"source{number}").set(number)
    metrics.source_age.labels("source3").set(7)

    lines = [line for line in metrics.exposition().decode().splitlines() if line.startswith("bot_source_age_seconds{")]
    assert len(lines) == 51
    assert 'bot_source_age_seconds{source="source3"} 7.0' in lines
    assert 'bot_source_age_seconds{source="others"} 79.0' in lines
