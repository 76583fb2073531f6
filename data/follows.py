"""What chats and topics want to hear of."""

from __future__ import annotations

import enum
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sqlalchemy import delete, func, or_, select, tuple_, update

from data import chats, holding
from data.db import upsert
from data.states import ChatState, DeliveryState
from data.tables import chats as chat_table
from data.tables import follows

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, Row, Select
    from sqlalchemy.ext.asyncio import AsyncConnection


class Kind(enum.StrEnum):
    """What can be followed, the most specific first: of several follows that match an item, the first kind counts."""

    CITY = "city"
    COUNTRY = "country"
    REGION = "region"
    THEME = "theme"
    TOPIC = "topic"
    """A kind of news, of `data.topics`."""
    NETWORK = "network"


class Pace(enum.StrEnum):
    """When what matches a follow is told: at once, or collected for the chat's digest."""

    INSTANT = "instant"
    DAILY = "daily"
    WEEKLY = "weekly"


class Target(NamedTuple):
    """Something that can be followed; `key` is its id, and empty for the network."""

    kind: Kind
    key: str = ""


NETWORK: Final = Target(Kind.NETWORK)


class Receiver(NamedTuple):
    """A chat, or one topic of it; thread 0 is a chat without topics and the General topic."""

    chat: int
    thread: int = 0


@dataclass(frozen=True, slots=True)
class Words:
    """Plain words, as typed: an item must say one of those wanted, if there are any, and none of those unwanted."""

    wanted: tuple[str, ...] = ()
    unwanted: tuple[str, ...] = ()

    def pack(self) -> str | None:
        """As stored: one text for the same words, so that the database finds those who filter alike; None without any."""
        parts = [[*dict.fromkeys(self.wanted)], [*dict.fromkeys(self.unwanted)]]
        return json.dumps(parts, ensure_ascii=False) if any(parts) else None

    @classmethod
    def unpack(cls, stored: str | None) -> Words:
        """Read what `pack` wrote."""
        wanted, unwanted = json.loads(stored) if stored else ((), ())
        return cls(tuple(wanted), tuple(unwanted))


ANY_WORDS: Final = Words()


@dataclass(frozen=True, slots=True)
class Follow:
    """One wish of a chat or topic. The number is never given to another."""

    number: int
    receiver: Receiver
    target: Target
    paused: bool
    since: dt.datetime
    pace: Pace = Pace.INSTANT
    silent: bool = False
    """Whether it comes without a sound."""
    words: Words = ANY_WORDS


async def follow(connection: AsyncConnection, receiver: Receiver, target: Target, now: dt.datetime) -> tuple[Follow, bool]:
    """Follow a target, and whether that is new. Following again what was paused goes on with it, which is new, too."""
    await chats.meet(connection, receiver.chat, now)
    statement = upsert(connection, follows).values(
        chat_id=receiver.chat, thread_id=receiver.thread, kind=target.kind, target=target.key, created_at=now
    )
    made = await connection.execute(statement.on_conflict_do_nothing())
    resumed = await connection.execute(
        update(follows).where(_is(receiver, target), follows.c.paused_at.is_not(None)).values(paused_at=None)
    )
    row = (await connection.execute(select(follows).where(_is(receiver, target)))).one()
    return _follow(row), made.rowcount > 0 or resumed.rowcount > 0


async def unfollow(connection: AsyncConnection, receiver: Receiver, target: Target) -> bool:
    """Follow a target no longer; False if it was not followed. What it brought goes into no digest any more."""
    return await _end(connection, receiver, _is(receiver, target)) > 0


async def unfollow_all(connection: AsyncConnection, receiver: Receiver) -> int:
    """Follow nothing any more; how many follows there were."""
    return await _end(connection, receiver, _of(receiver))


async def _end(connection: AsyncConnection, receiver: Receiver, which: ColumnElement[bool]) -> int:
    ended = list((await connection.scalars(delete(follows).where(which).returning(follows.c.id))).all())
    await holding.drop(connection, receiver.chat, ended)
    return len(ended)


async def tune(
    connection: AsyncConnection,
    receiver: Receiver,
    target: Target,
    *,
    pace: Pace | None = None,
    silent: bool | None = None,
    words: Words | None = None,
) -> Follow | None:
    """Change when and how what matches a follow is told, as far as named; the follow as it is then, None if there is none.

    What waits for a digest follows the new pace; without one it goes out at once.
    """
    changed: dict[str, object] = {}
    if pace is not None:
        changed["pace"] = pace
    if silent is not None:
        changed["silent"] = silent
    if words is not None:
        changed["words"] = words.pack()
    if changed:
        await connection.execute(update(follows).where(_is(receiver, target)).values(**changed))
    tuned = next(iter(await _read(connection, select(follows).where(_is(receiver, target)))), None)
    if tuned and pace is not None:
        waits = DeliveryState.QUEUED if pace is Pace.INSTANT else DeliveryState(pace)
        await holding.change_pace(connection, receiver.chat, tuned.number, waits)
    return tuned


async def pause(connection: AsyncConnection, receiver: Receiver, number: int, now: dt.datetime) -> bool:
    """Keep a follow, but let nothing match it; False if the chat has no such follow or it is paused already.

    What it brought goes into no digest any more.
    """
    paused = update(follows).where(_of(receiver), follows.c.id == number, follows.c.paused_at.is_(None))
    if not (await connection.execute(paused.values(paused_at=now))).rowcount:
        return False
    await holding.drop(connection, receiver.chat, [number])
    return True


async def resume(connection: AsyncConnection, receiver: Receiver, number: int) -> bool:
    """Go on with a paused follow; what came meanwhile stays away. False if there is none."""
    resumed = update(follows).where(_of(receiver), follows.c.id == number, follows.c.paused_at.is_not(None))
    return (await connection.execute(resumed.values(paused_at=None))).rowcount > 0


async def of_receiver(connection: AsyncConnection, receiver: Receiver) -> tuple[Follow, ...]:
    """The follows of a chat or topic, in the order in which they were made."""
    return await _read(connection, select(follows).where(_of(receiver)))


async def of_chat(connection: AsyncConnection, chat: int) -> tuple[Follow, ...]:
    """The follows of a chat in all of its topics."""
    return await _read(connection, select(follows).where(follows.c.chat_id == chat))


async def by_number(connection: AsyncConnection, number: int) -> Follow | None:
    """The follow that a button names; None once it was removed."""
    return next(iter(await _read(connection, select(follows).where(follows.c.id == number))), None)


async def count_receivers(connection: AsyncConnection, targets: Sequence[Target]) -> int:
    """How many chats and topics an item with these targets would be sent to now."""
    reached = (
        select(follows.c.chat_id, follows.c.thread_id)
        .join(chat_table, chat_table.c.chat_id == follows.c.chat_id, isouter=True)
        .where(
            or_(chat_table.c.state.is_(None), chat_table.c.state == ChatState.ACTIVE),
            follows.c.paused_at.is_(None),
            tuple_(follows.c.kind, follows.c.target).in_([(target.kind.value, target.key) for target in targets]),
        )
        .distinct()
    )
    return await connection.scalar(select(func.count()).select_from(reached.subquery())) or 0


def _of(receiver: Receiver) -> ColumnElement[bool]:
    return (follows.c.chat_id == receiver.chat) & (follows.c.thread_id == receiver.thread)


def _is(receiver: Receiver, target: Target) -> ColumnElement[bool]:
    return _of(receiver) & (follows.c.kind == target.kind) & (follows.c.target == target.key)


async def _read(connection: AsyncConnection, query: Select[Any]) -> tuple[Follow, ...]:
    return tuple(_follow(row) for row in await connection.execute(query.order_by(follows.c.id)))


def _follow(row: Row[Any]) -> Follow:
    return Follow(
        number=row.id,
        receiver=Receiver(row.chat_id, row.thread_id),
        target=Target(Kind(row.kind), row.target),
        paused=row.paused_at is not None,
        since=row.created_at,
        pace=Pace(row.pace),
        silent=row.silent,
        words=Words.unpack(row.words),
    )
