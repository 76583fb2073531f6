"""Small facts about what was done, such as the digest of the commands last registered with Telegram."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from data.db import upsert
from data.tables import marks

if TYPE_CHECKING:
    import datetime as dt

    from sqlalchemy.ext.asyncio import AsyncConnection


async def read(connection: AsyncConnection, name: str) -> str | None:
    """The value of a mark; None if it was never set."""
    return await connection.scalar(select(marks.c.value).where(marks.c.name == name))


async def set_mark(connection: AsyncConnection, name: str, value: str, now: dt.datetime) -> None:
    """Set a mark, new or again."""
    statement = upsert(connection, marks).values(name=name, value=value, set_at=now)
    await connection.execute(statement.on_conflict_do_update(index_elements=[marks.c.name], set_={"value": value, "set_at": now}))
