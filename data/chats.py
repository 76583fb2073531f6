"""What a chat chose, and all that is known of it. A private chat's id is its user's id."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import delete, select

from data.db import upsert
from data.tables import chats

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection


@dataclass(frozen=True, slots=True)
class ChatPreferences:
    """A chat's own settings; None where it left them to us."""

    language: str | None = None
    zone: str | None = None


NOTHING_CHOSEN: Final = ChatPreferences()


async def preferences(connection: AsyncConnection, chat: int) -> ChatPreferences:
    """The settings of a chat; those of a chat that chose nothing if it is not known."""
    row = (await connection.execute(select(chats.c.language, chats.c.zone).where(chats.c.chat_id == chat))).first()
    return ChatPreferences(row.language, row.zone) if row else NOTHING_CHOSEN


async def choose_language(connection: AsyncConnection, chat: int, language: str | None, now: dt.datetime) -> None:
    """Remember a chat's language; None follows Telegram's."""
    statement = upsert(connection, chats).values(chat_id=chat, language=language, created_at=now, seen_at=now)
    await connection.execute(statement.on_conflict_do_update(index_elements=[chats.c.chat_id], set_={"language": language, "seen_at": now}))


async def everything_known(connection: AsyncConnection, chat: int) -> dict[str, Any]:
    """All that is stored about a chat, as JSON values; empty if nothing is."""
    row = (await connection.execute(select(chats).where(chats.c.chat_id == chat))).mappings().first()
    return {name: value.isoformat() if isinstance(value, dt.datetime) else value for name, value in row.items()} if row else {}


async def forget(connection: AsyncConnection, chat: int) -> bool:
    """Delete all that is stored about a chat; True if there was anything."""
    return (await connection.execute(delete(chats).where(chats.c.chat_id == chat))).rowcount > 0
