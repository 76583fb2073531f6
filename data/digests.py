"""Digests: what waits for one is given its time, and when that has come it is collected into one delivery for each chat or topic.

A digest is an item of its own, whose key is its pace and the date on the receiver's calendar: `d:2026-11-24`, `w:2026-11-24`. So the
database lets nobody get two digests of a pace on one date, and whatever sends items sends digests.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sqlalchemy import and_, func, literal, or_, select, update

from data.db import upsert
from data.follows import Pace, Receiver
from data.states import AT_ONCE, HELD, IDLE, UNFINISHED, DeliveryState, PublicationState
from data.tables import chats, deliveries, follows, publications
from data.timing import DIGEST_AT, DIGEST_DAY, local_date, next_send

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from sqlalchemy import ColumnElement, Row
    from sqlalchemy.ext.asyncio import AsyncConnection

    from data.outbox import Delivery

LETTERS: Final = {Pace.DAILY: "d", Pace.WEEKLY: "w"}
PACES: Final = {letter: pace for pace, letter in LETTERS.items()}
AHEAD: Final = dt.timedelta(minutes=1)
"""As `data.outbox` has it: a row that was written so much later than it is was written by a clock that was ahead."""
TAKEN_BACK: Final = (PublicationState.CANCELLED, PublicationState.WITHDRAWN)


class Digest(NamedTuple):
    """Which digest it is; `day` is the receiver's date."""

    pace: Pace
    day: dt.date

    @property
    def key(self) -> str:
        """Its name among items."""
        return f"{LETTERS[self.pace]}:{self.day:%Y-%m-%d}"


def read_key(item: str) -> Digest | None:
    """The digest of that key; None if it is another item's."""
    letter, _, day = item.partition(":")
    return Digest(PACES[letter], dt.date.fromisoformat(day)) if letter in PACES and day else None


def is_digest(item: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether a column holds the key of a digest."""
    return or_(*(item.startswith(f"{letter}:") for letter in PACES))


@dataclass(frozen=True, slots=True)
class Upcoming:
    """What waits for a digest of a receiver, and when that comes; UTC."""

    pace: Pace
    at: dt.datetime
    items: tuple[str, ...]
    """In the order in which they came."""


async def upcoming(connection: AsyncConnection, receiver: Receiver, now: dt.datetime) -> tuple[Upcoming, ...]:
    """The next digests of a chat or topic for which something waits, the earliest first."""
    rows = await _held(connection, _is_of(receiver))
    found: dict[Pace, list[Row[Any]]] = {}
    for row in rows:
        if row.publication not in (*TAKEN_BACK, PublicationState.PAUSED):
            found.setdefault(Pace(row.state), []).append(row)
    coming = [Upcoming(pace, min(_moment(row, now) for row in held), tuple(row.item for row in held)) for pace, held in found.items()]
    return tuple(sorted(coming, key=lambda one: one.at))


def _is_of(receiver: Receiver) -> ColumnElement[bool]:
    return and_(deliveries.c.chat_id == receiver.chat, deliveries.c.thread_id == receiver.thread)


def _moment(row: Row[Any], now: dt.datetime) -> dt.datetime:
    """When the digest comes that a row waits for: as it was given, or as it will be."""
    moment: dt.datetime = row.not_before
    return _Clocks.of(row).next(now) if moment == AT_ONCE else max(moment, now)


class _Clocks(NamedTuple):
    """What those who get a digest of a pace at the same moment have in common."""

    pace: Pace
    zone: str | None
    at: int
    day: int | None

    @classmethod
    def of(cls, row: Row[Any]) -> _Clocks:
        pace = Pace(row.state)
        at = DIGEST_AT if row.digest_at is None else row.digest_at
        day = DIGEST_DAY if row.digest_day is None else row.digest_day
        return cls(pace, row.zone, at, day if pace is Pace.WEEKLY else None)

    def next(self, after: dt.datetime) -> dt.datetime:
        return next_send(after, self.zone, self.at, self.day)

    def digest(self, moment: dt.datetime) -> Digest:
        return Digest(self.pace, local_date(moment, self.zone))


async def _held(
    connection: AsyncConnection, which: ColumnElement[bool], *, lock: bool = False, most: int | None = None
) -> Sequence[Row[Any]]:
    """Deliveries that wait for a digest, in their order, with what their time depends on."""
    query = (
        select(
            deliveries.c.id,
            deliveries.c.chat_id,
            deliveries.c.thread_id,
            deliveries.c.item,
            deliveries.c.state,
            deliveries.c.not_before,
            chats.c.zone,
            chats.c.digest_at,
            chats.c.digest_day,
            publications.c.state.label("publication"),
        )
        .join(chats, chats.c.chat_id == deliveries.c.chat_id, isouter=True)
        .join(publications, publications.c.item == deliveries.c.item, isouter=True)
        .where(deliveries.c.state.in_(HELD), which)
        .limit(most)
    )
    # Whatever is to be given its time first is all due at the same moment.
    query = query if most else query.order_by(deliveries.c.id)
    return (await connection.execute(query.with_for_update(of=deliveries, skip_locked=True) if lock else query)).all()
