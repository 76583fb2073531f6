"""Databases in which many chats follow the network, on either engine."""

from __future__ import annotations

import asyncio
import multiprocessing
import tempfile
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING, Final

from sqlalchemy import text

from data import schema
from data.db import Database
from tests.fakes.postgresql import postgresql

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

ENGINES: Final = ("sqlite", "postgresql")
SPREAD: Final = 7_919
"""Numbers of chats come in no order: each is this far from the one before, around a circle of twice their number."""


@asynccontextmanager
async def database(engine: str, followers: int) -> AsyncIterator[Database]:
    """One in which so many chats follow the network, one in a hundred of them blocked. It is filled by a process of its own."""
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        address = f"sqlite:///{folder}/bench.db"
        if engine == "postgresql":
            server = await asyncio.to_thread(stack.enter_context, postgresql(durable=True))
            address = server.address
        filling = multiprocessing.get_context("spawn").Process(target=_fill, args=(address, followers))
        filling.start()
        await asyncio.to_thread(filling.join)
        if filling.exitcode:
            raise RuntimeError("the database was not filled")
        yield await stack.enter_async_context(Database(address))


def chats_of(followers: int) -> Iterator[int]:
    """The ids of these chats, those that are blocked left out."""
    return (number * SPREAD % (followers * 2 + 1) + 1 for number in range(1, followers + 1) if number % 100)


def _fill(address: str, followers: int) -> None:
    asyncio.run(_filled(address, followers))


async def _filled(address: str, followers: int) -> None:
    async with Database(address) as db:
        await schema.upgrade(db)
        postgres = db.backend == "postgresql"
        numbers = f"WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {followers})"
        number = f"(CAST(n AS bigint) * {SPREAD}) % {followers * 2 + 1} + 1"
        now = "'2026-03-02 09:00:00'" + ("::timestamptz" if postgres else "")
        chats = (
            f"INSERT INTO chats (chat_id, created_at, seen_at, state) {numbers}"
            f" SELECT {number}, {now}, {now}, CASE WHEN n % 100 = 0 THEN 'blocked' ELSE 'active' END FROM n"
        )
        follows = (
            f"INSERT INTO follows (chat_id, thread_id, kind, target, created_at) {numbers} SELECT {number}, 0, 'network', '', {now} FROM n"
        )
        for statement in (chats, follows, *(["ANALYZE"] if postgres else [])):
            async with db.write() as connection:
                await connection.execute(text(statement))
