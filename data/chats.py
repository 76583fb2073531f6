"""What a chat chose, whether it can be written to, and all that is known of it. A private chat's id is its user's id."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import delete, select, text, update

from data import holding
from data.db import upsert
from data.states import HELD, IDLE, OUT_OF_REACH, ChatKind, ChatState, DeliveryState
from data.tables import chat_changes, chats, deliveries, follows
from data.timing import UNTIMED, Quiet, Timing

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Row, Table
    from sqlalchemy.ext.asyncio import AsyncConnection

SUPERGROUPS_BELOW: Final = -1_000_000_000_000
"""Ids of supergroups and channels are smaller than this, those of groups greater. https://core.telegram.org/api/bots/ids"""


@dataclass(frozen=True, slots=True)
class ChatPreferences:
    """A chat's own settings; None where it left them to us."""

    language: str | None = None
    zone: str | None = None
    timing: Timing = UNTIMED


NOTHING_CHOSEN: Final = ChatPreferences()


async def preferences(connection: AsyncConnection, chat: int) -> ChatPreferences:
    """The settings of a chat; those of a chat that chose nothing if it is not known."""
    row = (await connection.execute(select(chats).where(chats.c.chat_id == chat))).first()
    return ChatPreferences(row.language, row.zone, timing_of(row)) if row else NOTHING_CHOSEN


async def choose_language(connection: AsyncConnection, chat: int, language: str | None, now: dt.datetime) -> None:
    """Remember a chat's language; None follows Telegram's."""
    await _choose(connection, chat, now, language=language)


def timing_of(row: Row[Any]) -> Timing:
    """When a chat wants to hear of news, of a row that holds its columns."""
    quiet = None if row.quiet_from is None or row.quiet_to is None else Quiet(row.quiet_from, row.quiet_to)
    return Timing(quiet, row.digest_at, row.digest_day)


async def choose_zone(connection: AsyncConnection, chat: int, zone: str | None, now: dt.datetime) -> None:
    """Remember by which clocks a chat lives: a name of the IANA database."""
    await _choose(connection, chat, now, zone=zone)
    await holding.retime(connection, chat)


async def choose_timing(connection: AsyncConnection, chat: int, timing: Timing, now: dt.datetime) -> None:
    """Remember when a chat wants to hear of news."""
    quiet = timing.quiet
    chosen = {"quiet_from": quiet and quiet.begin, "quiet_to": quiet and quiet.end}
    await _choose(connection, chat, now, **chosen, digest_at=timing.digest_at, digest_day=timing.digest_day)
    await holding.retime(connection, chat)


async def _choose(connection: AsyncConnection, chat: int, now: dt.datetime, **chosen: object) -> None:
    values = {"chat_id": chat, "kind": kind_by_id(chat), "created_at": now, "seen_at": now} | chosen
    statement = upsert(connection, chats).values(**values)
    await connection.execute(statement.on_conflict_do_update(index_elements=[chats.c.chat_id], set_={"seen_at": now} | chosen))


async def take_language(connection: AsyncConnection, chat: int, language: str) -> None:
    """Write to a known chat in this language unless it chose one: what comes by itself has no question to take the language from."""
    await connection.execute(update(chats).where(chats.c.chat_id == chat, chats.c.language.is_(None)).values(language=language))


def kind_by_id(chat: int) -> ChatKind:
    """The kind of a chat as far as its id tells it; a channel looks like a supergroup."""
    if chat > 0:
        return ChatKind.PRIVATE
    return ChatKind.GROUP if chat > SUPERGROUPS_BELOW else ChatKind.SUPERGROUP


async def meet(connection: AsyncConnection, chat: int, now: dt.datetime, kind: ChatKind | None = None) -> None:
    """Make sure that a chat is known; `kind` where Telegram said it."""
    statement = upsert(connection, chats).values(chat_id=chat, kind=kind or kind_by_id(chat), created_at=now, seen_at=now)
    known = statement.on_conflict_do_update(index_elements=[chats.c.chat_id], set_={"kind": kind}) if kind else None
    await connection.execute(known if known is not None else statement.on_conflict_do_nothing())


async def is_known(connection: AsyncConnection, chat: int) -> bool:
    """Whether anything is kept of a chat."""
    return await connection.scalar(select(chats.c.chat_id).where(chats.c.chat_id == chat)) is not None


async def lock(connection: AsyncConnection, wanted: Collection[int]) -> None:
    """Keep others from changing these chats until the transaction ends; SQLite does so anyway."""
    if wanted:
        await connection.execute(select(chats.c.chat_id).where(chats.c.chat_id.in_(wanted)).order_by(chats.c.chat_id).with_for_update())


async def state(connection: AsyncConnection, chat: int) -> ChatState:
    """Whether a chat can be written to; a chat that nobody met counts as active."""
    found = await connection.scalar(select(chats.c.state).where(chats.c.chat_id == chat))
    return ChatState(found) if found else ChatState.ACTIVE


async def change_state(connection: AsyncConnection, chat: int, new: ChatState, now: dt.datetime) -> bool:
    """Note that a chat can be written to, or no longer; False if that was known.

    What waits for a chat that cannot be written to is given up with the reason. A chat that returns starts from now: nothing is
    queued again, and `data.outbox.missed` tells what it missed.
    """
    await meet(connection, chat, now)
    changed = update(chats).where(chats.c.chat_id == chat, chats.c.state != new).values(state=new, state_at=now)
    if not (await connection.execute(changed)).rowcount:
        return False
    if new is not ChatState.ACTIVE:
        given_up = DeliveryState.MUTED if new is ChatState.MUTED else DeliveryState.UNREACHABLE
        waiting = update(deliveries).where(deliveries.c.chat_id == chat, deliveries.c.state.in_([*IDLE, *HELD, DeliveryState.CLAIMED]))
        await connection.execute(waiting.values(state=given_up, reason=new, state_at=now, holder=None, lease_until=None))
    return True


async def out_of_reach_since(connection: AsyncConnection, before: dt.datetime, most: int) -> list[int]:
    """Chats that could not be reached from before that moment on, at most so many: to be forgotten."""
    query = select(chats.c.chat_id).where(chats.c.state.in_(OUT_OF_REACH), chats.c.state_at < before).limit(most)
    return list((await connection.scalars(query)).all())


async def everything_known(connection: AsyncConnection, chat: int) -> dict[str, Any]:
    """All that is stored about a chat, as JSON values; empty if nothing is."""
    own, *_ = await _rows(connection, chats, chat) or [{}]
    parts = {table.name: await _rows(connection, table, chat) for table in (follows, deliveries)}
    return own | {name: rows for name, rows in parts.items() if rows}


async def forget(connection: AsyncConnection, chat: int) -> bool:
    """Delete all that is stored about a chat, and about the group that it was before; True if there was anything."""
    everywhere = [delete(table).where(table.c.chat_id == chat) for table in (chats, follows, deliveries, chat_changes)]
    moved_here = delete(deliveries).where(text("state = 'moved'"), deliveries.c.reason == str(chat))
    return any([(await connection.execute(statement)).rowcount for statement in (*everywhere, moved_here)])


async def _rows(connection: AsyncConnection, table: Table, chat: int) -> list[dict[str, Any]]:
    found = (await connection.execute(select(table).where(table.c.chat_id == chat).order_by(*table.primary_key.columns))).mappings()
    return [{name: _json(value) for name, value in row.items()} for row in found]


def _json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.datetime) else value
