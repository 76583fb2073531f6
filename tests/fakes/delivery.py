"""Databases with followers in them, for tests of what follows and delivers."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

import pytest
import pytest_asyncio
from sqlalchemy import delete, select

from data import follows, publications, schema
from data.db import Database
from data.follows import NETWORK, Kind, Receiver, Target
from data.tables import chats, deliveries, item_targets, leases
from data.tables import follows as follow_table
from data.tables import publications as publication_table
from tests.fakes.clock import START

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import AsyncIterator, Collection, Sequence

    from tests.fakes.databases import Engine

NOW: Final = START
ITEM: Final = "a1"
NIKOPOL: Final = Target(Kind.CITY, "nikopol")
LVIV: Final = Target(Kind.CITY, "lviv")
UKRAINE: Final = Target(Kind.COUNTRY, "UA")
EUROPE: Final = Target(Kind.REGION, "europe-north-america")
HEALTH: Final = Target(Kind.THEME, "health")
EVERYTHING: Final = (NIKOPOL, LVIV, UKRAINE, EUROPE, HEALTH, NETWORK)


@pytest.fixture(scope="session")
def empty(engine: Engine) -> str:
    """The address of a database with all its tables; only to be copied."""
    address = engine.new()

    async def make() -> None:
        async with Database(address) as db:
            await schema.upgrade(db)

    asyncio.run(make())
    return address


@pytest_asyncio.fixture
async def db(engine: Engine, empty: str) -> AsyncIterator[Database]:
    """A database with all its tables and nothing in them, on each engine in turn."""
    address = await asyncio.to_thread(engine.copy, empty)
    async with Database(address) as database:
        yield database


async def clear(db: Database) -> None:
    """Empty again, for the next example of a property."""
    async with db.write() as connection:
        for table in (chats, follow_table, item_targets, publication_table, deliveries, leases):
            await connection.execute(delete(table))


async def follow(db: Database, *receivers: Receiver | int, target: Target = NETWORK) -> list[int]:
    """Let chats or topics follow something; the numbers of the follows."""
    async with db.write() as connection:
        made = [await follows.follow(connection, one if isinstance(one, Receiver) else Receiver(one), target, NOW) for one in receivers]
    return [one.number for one, _ in made]


async def publish(db: Database, item: str = ITEM, targets: Collection[Target] = EVERYTHING, now: dt.datetime = NOW) -> None:
    """Order an item and put everybody on its list."""
    async with db.write() as connection:
        assert await publications.publish(connection, item, targets, now)
    await fan_out(db)


async def fan_out(db: Database, most: int = 100) -> int:
    """Write the lists of whatever is waiting; in how many transactions."""
    chunks = 0
    while True:
        async with db.write() as connection:
            if await publications.fan_out(connection, NOW, most) is None:
                return chunks
        chunks += 1


async def rows(db: Database, item: str = ITEM) -> Sequence[Any]:
    """The list of an item, in the order of chats and topics."""
    async with db.read() as connection:
        query = select(deliveries).where(deliveries.c.item == item).order_by(deliveries.c.chat_id, deliveries.c.thread_id)
        return (await connection.execute(query)).all()


async def states(db: Database, item: str = ITEM) -> dict[tuple[int, int], str]:
    """The state of each delivery of an item."""
    return {(row.chat_id, row.thread_id): row.state for row in await rows(db, item)}


async def tally(db: Database, item: str = ITEM) -> dict[str, int]:
    """How many deliveries of an item are in which state."""
    return dict(Counter((await states(db, item)).values()))
