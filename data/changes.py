"""Which chats' wishes changed just now: how processes that share a database tell one another to read them anew.

Moments come from the clocks of the processes, so whoever looks looks further back than to its last look. To read a chat once too often
costs a query; a change that nobody notices is read when what is remembered of the chat grows old.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, select

from data.db import upsert
from data.tables import chat_changes

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy.ext.asyncio import AsyncConnection

KEPT: Final = dt.timedelta(minutes=1)
DOUBT: Final = dt.timedelta(seconds=10)
"""By so much clocks may differ, and so long may a transaction take."""


async def note(connection: AsyncConnection, chats: Collection[int], now: dt.datetime) -> None:
    """These changed; part of the transaction that changes them. In order, so that two of them never wait for each other."""
    for chat in sorted(set(chats)):
        row = upsert(connection, chat_changes).values(chat_id=chat, changed_at=now)
        await connection.execute(row.on_conflict_do_update(index_elements=[chat_changes.c.chat_id], set_={"changed_at": now}))


async def since(connection: AsyncConnection, moment: dt.datetime) -> set[int]:
    """Chats that changed since a moment, and some that changed shortly before."""
    query = select(chat_changes.c.chat_id).where(chat_changes.c.changed_at >= moment - DOUBT)
    return set((await connection.scalars(query)).all())


async def prune(connection: AsyncConnection, now: dt.datetime) -> None:
    """Forget what everybody has heard of by now."""
    old = select(chat_changes.c.chat_id).where(chat_changes.c.changed_at < now - KEPT).with_for_update(skip_locked=True)
    await connection.execute(delete(chat_changes).where(chat_changes.c.chat_id.in_(old)))
