"""Digests: what waits for one is given its time, and when that has come it is collected into one delivery for each chat or topic.

A digest is an item of its own, whose key is its pace and the date on the receiver's calendar: `d:2026-11-24`, `w:2026-11-24`. So the
database lets nobody get two digests of a pace on one date, and whatever sends items sends digests.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

from sqlalchemy import and_, case, false, func, literal, or_, select, update

from data.db import upsert
from data.follows import Pace, Receiver
from data.states import AT_ONCE, HELD, IDLE, DeliveryState, PublicationState
from data.tables import chats, deliveries, follows, publications
from data.timing import DIGEST_AT, DIGEST_DAY, local_date, next_send

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from sqlalchemy import ColumnElement, Row, Select
    from sqlalchemy.ext.asyncio import AsyncConnection

    from data.outbox import Delivery

K = TypeVar("K", bound=NamedTuple)

LETTERS: Final = {Pace.DAILY: "d", Pace.WEEKLY: "w"}
PACES: Final = {letter: pace for pace, letter in LETTERS.items()}
AHEAD: Final = dt.timedelta(minutes=1)
"""As `data.outbox` has it: a row that was written so much later than it is was written by a clock that was ahead."""
MOST_NUMBERS: Final = 20_000
"""Numbers of rows in one statement: of its parameters SQLite takes 32,766 and PostgreSQL 32,767."""
OUTAGE: Final = dt.timedelta(hours=1)
"""For so long an outage holds up digests at least."""
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


async def is_due(connection: AsyncConnection, now: dt.datetime) -> bool:
    """Whether anything is to be given its time or to be collected."""
    due = select(deliveries.c.id).where(deliveries.c.state.in_(HELD), deliveries.c.not_before <= now)
    return await connection.scalar(due.limit(1)) is not None


async def schedule(connection: AsyncConnection, now: dt.datetime, most: int) -> int:
    """Say of what waits for a digest, at most so many, when that comes; how many there were."""
    rows = await _held(connection, deliveries.c.not_before == AT_ONCE, lock=True, most=most)
    await _give_time(connection, rows, now)
    return len(rows)


async def collect(connection: AsyncConnection, now: dt.datetime, most: int) -> int:
    """Put what is due into the digests of chats, at most so many; how many there were.

    What comes too late, because the digest of that date went out or is going out, waits for the next; so does what is paused.
    """
    due = and_(deliveries.c.not_before > AT_ONCE, deliveries.c.not_before <= now)
    first = select(deliveries.c.chat_id).where(deliveries.c.state.in_(HELD), due).order_by(deliveries.c.not_before).limit(most)
    found = set((await connection.scalars(first)).all())
    rows = _whole_chats(await _held(connection, and_(due, deliveries.c.chat_id.in_(found)), lock=True)) if found else ()
    await _skip(connection, [row.id for row in rows if row.publication in TAKEN_BACK], now)
    later = [row for row in rows if row.publication == PublicationState.PAUSED]
    for digest, held in _grouped(
        (_Clocks.of(row).digest(now), row) for row in rows if row.publication not in (*TAKEN_BACK, PublicationState.PAUSED)
    ).items():
        later += await _put_in(connection, digest, held, now)
    await _give_time(connection, later, now)
    return len(found)


def _whole_chats(rows: Sequence[Row[Any]]) -> Sequence[Row[Any]]:
    """No more than fit into a statement, but of each chat all."""
    return rows if len(rows) <= MOST_NUMBERS else [row for row in rows if row.chat_id < rows[MOST_NUMBERS].chat_id]


async def _put_in(connection: AsyncConnection, digest: Digest, held: Sequence[Row[Any]], now: dt.datetime) -> list[Row[Any]]:
    """Let these go into their receivers' digests; those that come too late."""
    await _open(connection, digest, now)
    numbers = [row.id for row in held]
    made = select(
        literal(digest.key),
        deliveries.c.chat_id,
        deliveries.c.thread_id,
        func.min(deliveries.c.follow),
        literal(DeliveryState.QUEUED.value),
        literal(AT_ONCE, deliveries.c.not_before.type),
        literal(now, deliveries.c.state_at.type),
    ).where(deliveries.c.id.in_(numbers), deliveries.c.state.in_(HELD))
    made = made.group_by(deliveries.c.chat_id, deliveries.c.thread_id)
    names = ["item", "chat_id", "thread_id", "follow", "state", "not_before", "state_at"]
    await connection.execute(upsert(connection, deliveries).from_select(names, made).on_conflict_do_nothing())
    # Whoever claims one reads what is in it: until our transaction ends nobody does.
    waits = select(deliveries.c.chat_id, deliveries.c.thread_id).where(
        deliveries.c.item == digest.key, deliveries.c.state.in_(IDLE), deliveries.c.chat_id.in_({row.chat_id for row in held})
    )
    receivers = {tuple(row) for row in await connection.execute(waits.with_for_update())}
    inside = [row.id for row in held if (row.chat_id, row.thread_id) in receivers]
    put_in = update(deliveries).where(deliveries.c.id.in_(inside), deliveries.c.state.in_(HELD))
    await connection.execute(put_in.values(state=DeliveryState.DIGESTED, digest=digest.key, state_at=now))
    return [row for row in held if (row.chat_id, row.thread_id) not in receivers]


async def _open(connection: AsyncConnection, digest: Digest, now: dt.datetime) -> None:
    """See to it that the digest of that date is sent: it is over as long as nobody is to get it."""
    begun = {
        "item": digest.key,
        "state": PublicationState.SENDING,
        "created_at": now,
        "state_at": now,
        "fanned_out_at": now,
        "last_follow": 0,
    }
    opened = upsert(connection, publications).values(**begun)
    again = {"state": PublicationState.SENDING, "state_at": now}
    over = publications.c.state == PublicationState.DONE
    await connection.execute(opened.on_conflict_do_update(index_elements=[publications.c.item], set_=again, where=over))


async def _give_time(connection: AsyncConnection, rows: Iterable[Row[Any]], now: dt.datetime) -> None:
    """What waits is due at the next moment of its digest after now, of a date whose digest is not out."""
    for clocks, held in _grouped((_Clocks.of(row), row) for row in rows).items():
        left, moment = held, now
        while left:
            moment = clocks.next(moment)
            out = await _out(connection, clocks.digest(moment), {row.chat_id for row in left})
            free = [row.id for row in left if (row.chat_id, row.thread_id) not in out]
            timed = update(deliveries).where(deliveries.c.id.in_(free), deliveries.c.state == clocks.pace)
            await connection.execute(timed.values(not_before=moment, state_at=now))
            left = [row for row in left if (row.chat_id, row.thread_id) in out]


async def _out(connection: AsyncConnection, digest: Digest, chats_: Collection[int]) -> set[tuple[int, int]]:
    """Who of these has a digest already, or is getting it."""
    query = select(deliveries.c.chat_id, deliveries.c.thread_id)
    query = query.where(deliveries.c.item == digest.key, deliveries.c.state.not_in(IDLE), deliveries.c.chat_id.in_(chats_))
    return {(row.chat_id, row.thread_id) for row in await connection.execute(query)}


async def _skip(connection: AsyncConnection, numbers: Collection[int], now: dt.datetime) -> None:
    if numbers:
        skipped = update(deliveries).where(deliveries.c.id.in_(numbers))
        await connection.execute(skipped.values(state=DeliveryState.SKIPPED, digest=None, state_at=now))


@dataclass(frozen=True, slots=True)
class Contents:
    """What a digest tells: items in the order in which they came, whether all of them without a sound, and their newest revision."""

    items: tuple[str, ...]
    silent: bool
    revision: int


NOTHING: Final = Contents((), silent=False, revision=0)


async def unpack(connection: AsyncConnection, claimed: Collection[Delivery], now: dt.datetime) -> dict[int, Contents]:
    """What is in the digests among deliveries that were just claimed, by their numbers.

    What was taken back since it was put in is left out, and what is paused waits for the next one.
    """
    wanted = {(one.receiver, one.item): one.number for one in claimed if read_key(one.item)}
    if not wanted:
        return {}
    found: dict[int, list[Row[Any]]] = {number: [] for number in wanted.values()}
    paused, taken_back = list[int](), list[int]()
    for row in await _inside(connection, wanted):
        number = wanted.get((Receiver(row.chat_id, row.thread_id), row.digest))
        if number is None:
            continue
        if row.publication in TAKEN_BACK:
            taken_back.append(row.id)
        elif row.publication == PublicationState.PAUSED:
            paused.append(row.id)
        else:
            found[number].append(row)
    await _skip(connection, taken_back, now)
    await put_back(connection, deliveries.c.id.in_(paused), now)
    return {
        number: Contents(tuple(row.item for row in rows), all(row.silent for row in rows), max(row.revision for row in rows))
        if rows
        else NOTHING
        for number, rows in found.items()
    }


async def present(connection: AsyncConnection, sent: Collection[tuple[Receiver, str]]) -> dict[tuple[Receiver, str], tuple[str, ...]]:
    """What digests that were sent tell now, by receiver and key: without what was withdrawn since."""
    found: dict[tuple[Receiver, str], tuple[str, ...]] = dict.fromkeys(sent, ())
    for row in await _inside(connection, sent) if sent else ():
        one = (Receiver(row.chat_id, row.thread_id), row.digest)
        if one in found and row.publication != PublicationState.WITHDRAWN:
            found[one] += (row.item,)
    return found


async def _inside(connection: AsyncConnection, wanted: Collection[tuple[Receiver, str]]) -> Sequence[Row[Any]]:
    """What was put into digests of these keys and chats, perhaps of other topics of theirs, too."""
    query: Select[Any] = (
        select(
            deliveries.c.id,
            deliveries.c.chat_id,
            deliveries.c.thread_id,
            deliveries.c.item,
            deliveries.c.digest,
            func.coalesce(follows.c.silent, false()).label("silent"),
            func.coalesce(publications.c.revision, 0).label("revision"),
            publications.c.state.label("publication"),
        )
        .join(follows, follows.c.id == deliveries.c.follow, isouter=True)
        .join(publications, publications.c.item == deliveries.c.item, isouter=True)
        .where(
            deliveries.c.state == DeliveryState.DIGESTED,
            deliveries.c.chat_id.in_({receiver.chat for receiver, _ in wanted}),
            deliveries.c.digest.in_({item for _, item in wanted}),
        )
        .order_by(deliveries.c.id)
    )
    found: Sequence[Row[Any]] = (await connection.execute(query)).all()
    return found


async def put_back(connection: AsyncConnection, which: ColumnElement[bool], now: dt.datetime) -> None:
    """What is in a digest that was not sent waits for another one."""
    weekly = deliveries.c.digest.startswith(f"{LETTERS[Pace.WEEKLY]}:")
    again = {
        "state": case((weekly, DeliveryState.WEEKLY), else_=DeliveryState.DAILY),
        "digest": None,
        "not_before": AT_ONCE,
        "state_at": now,
    }
    await connection.execute(update(deliveries).where(which, deliveries.c.state == DeliveryState.DIGESTED).values(**again))


async def resume(connection: AsyncConnection, now: dt.datetime) -> None:
    """Digests that an outage paused go on after a while: nobody has a card of them."""
    paused = and_(is_digest(publications.c.item), publications.c.state == PublicationState.PAUSED)
    again = update(publications).where(paused, publications.c.state_at <= now - OUTAGE)
    await connection.execute(again.values(state=PublicationState.SENDING, reason=None, state_at=now))


async def set_right(connection: AsyncConnection, now: dt.datetime, most: int) -> int:
    """What was given its time by a clock that was ahead, and has been set back since, is given it anew: at most so many; how many."""
    early = select(deliveries.c.id).where(deliveries.c.state.in_(HELD), deliveries.c.not_before > now, deliveries.c.state_at > now + AHEAD)
    anew = update(deliveries).where(deliveries.c.id.in_(early.limit(most))).values(not_before=AT_ONCE, state_at=now)
    return (await connection.execute(anew)).rowcount


async def _held(
    connection: AsyncConnection, which: ColumnElement[bool], *, lock: bool = False, most: int | None = None
) -> Sequence[Row[Any]]:
    """Deliveries that wait for a digest, in their order, with what their time depends on."""
    query: Select[Any] = (
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
    query = query if most else query.order_by(deliveries.c.chat_id, deliveries.c.id)
    found: Sequence[Row[Any]] = (await connection.execute(query.with_for_update(of=deliveries, skip_locked=True) if lock else query)).all()
    return found


def _grouped(pairs: Iterable[tuple[K, Row[Any]]]) -> dict[K, list[Row[Any]]]:
    found: dict[K, list[Row[Any]]] = {}
    for key, row in pairs:
        found.setdefault(key, []).append(row)
    return found
