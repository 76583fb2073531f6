"""What a running bot promises about delivering while it runs and when it ends; on SQLite and on PostgreSQL alike."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import TYPE_CHECKING

import pytest

from bot.delivery import service
from bot.delivery.ports import Message, Ports
from bot.delivery.telegram import TelegramSender
from bot.markup import Html
from bot.services import SystemClock
from bot.settings import Limits
from data import chats, publications
from data.follows import NETWORK, Receiver
from data.states import ChatState
from tests.fakes.databases import engine
from tests.fakes.delivery import ITEM, NOW, db, empty, follow, publish, states, tally
from tests.fakes.post import Post, words

if TYPE_CHECKING:
    from data.db import Database

__all__ = ["db", "empty", "engine"]  # fixtures


async def test_what_is_published_goes_out_and_the_next_process_may_start_at_once(db: Database) -> None:
    post = Post(db)
    await post.meets(1, 2, 3)
    await follow(db, 1, 2, 3)
    ports = Ports(TelegramSender(post.bot), words, post.tell, SystemClock(), post.metrics)
    for item in ("a1", "a2"):
        async with db.write() as connection:
            await publications.publish(connection, item, [NETWORK], SystemClock().now())
        worker = service.new_worker(db, ports, Limits())
        running = asyncio.create_task(service.deliver(worker, db, ports, Limits(), lambda: 5.0))
        async with asyncio.timeout(15):
            while await tally(db, item) != {"sent": 3}:  # noqa: ASYNC110 - the database has no event
                await asyncio.sleep(0.02)
        assert worker.leading
        running.cancel()
        await asyncio.wait({running})
        assert running.cancelled()
        assert not worker.leading
    assert max(post.copies().values()) == 1


async def test_old_lists_and_chats_out_of_reach_for_long_are_forgotten(db: Database) -> None:
    await follow(db, 1, 2)
    await publish(db)
    await publish(db, "a2")
    async with db.write() as connection:
        await chats.change_state(connection, 1, ChatState.BLOCKED, NOW)
        await publications.cancel(connection, ITEM, NOW)
    await service.tidy(db, NOW + dt.timedelta(days=89), Limits())
    assert len(await states(db)) == 2
    await service.tidy(db, NOW + dt.timedelta(days=91), Limits())
    assert await states(db) == {}
    assert await states(db, "a2") == {(2, 0): "queued"}
    async with db.read() as connection:
        assert await chats.everything_known(connection, 1) == {}


@pytest.mark.parametrize(("paid", "asked"), [(False, None), (True, True)])
async def test_only_whoever_asked_for_more_than_telegram_gives_for_nothing_pays(db: Database, paid: bool, asked: bool | None) -> None:
    post = Post(db)
    await post.meets(1)
    await TelegramSender(post.bot, paid=paid).send(Receiver(1), Message(Html("News")))
    (call,) = post.sent()
    assert call.params.get("allow_paid_broadcast") is asked
