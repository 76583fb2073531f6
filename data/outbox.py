"""The way of each delivery: claimed by a sender, begun, settled.

A sender writes `sending` before it asks Telegram and the outcome afterwards, each in a transaction of its own, so that whatever is
killed between them is known to be uncertain. Every step names the holder and the state it leaves: a sender that lost its lease changes
nothing, except that it may still say what became of a request that was taken for uncertain meanwhile.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sqlalchemy import and_, bindparam, case, exists, func, or_, select, update

from data import chats as chats_
from data import digests
from data.follows import Kind, Receiver, Target
from data.holding import QUIET
from data.states import ACTIVE, AT_ONCE, HELD, IDLE, UNFINISHED, DeliveryState, PublicationState
from data.tables import chats, deliveries, follows, publications
from data.timing import quiet_until

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from sqlalchemy import Row, Select
    from sqlalchemy.ext.asyncio import AsyncConnection

AHEAD: Final = dt.timedelta(minutes=1)
"""A row that was written so much later than it is was written by a clock that was ahead: those of processes that run now agree better."""
LOOKS: Final = 4
"""So often is looked for somebody who has no quiet hours..."""
AT_NIGHT: Final = 500
"""...among so many at a time."""
TIMES: Final = (chats.c.quiet_from, chats.c.quiet_to, chats.c.digest_at, chats.c.digest_day)
TOPIC_CLOSED: Final = "topic closed"
"""Reason of a delivery that goes to General because its topic is closed or gone."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One item for one receiver, as a sender gets it."""

    number: int
    item: str
    receiver: Receiver
    follow: int
    matched: Target | None
    """What the chat follows; None if it was unfollowed meanwhile."""
    language: str | None
    attempt: int
    """How often it was tried in vain."""
    revision: int = 0
    """The first revision of the data set that holds the item in its present words; of a digest, all of its items."""
    silent: bool = False
    """Whether it goes out without a sound."""
    items: tuple[str, ...] = ()
    """What a digest tells, in the order in which it came; empty for an item."""


@dataclass(frozen=True, slots=True)
class Settlement:
    """What became of a delivery."""

    number: int
    state: DeliveryState
    message_id: int | None = None
    reason: str | None = None
    not_before: dt.datetime | None = None
    tried: bool = False
    """Whether it counts as an attempt."""
    revision: int = 0
    """The revision of the data set whose words were sent, at least."""


@dataclass(frozen=True, slots=True)
class Missed:
    """An item that a chat may not have got."""

    item: str
    receiver: Receiver
    state: DeliveryState
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class HeldBack:
    """An item that waits for the end of a chat's quiet hours."""

    item: str
    receiver: Receiver
    until: dt.datetime


def at_once(_receiver: Receiver) -> float:
    """Nobody has to wait."""
    return 0.0


async def claim(
    connection: AsyncConnection,
    holder: str,
    now: dt.datetime,
    lease_seconds: float,
    most: int,
    wait: Callable[[Receiver], float] = at_once,
) -> list[Delivery]:
    """Take deliveries that are due, at most so many, for a time; publications that are being sent share them evenly.

    `wait` tells how many seconds a receiver has to wait, and is asked once for each delivery: whoever has to wait is not claimed but put
    off, so that nobody holds a row and sleeps. Whoever has quiet hours is put off until they end. A digest of which nothing is left is
    skipped.
    """
    active = (
        select(publications.c.item, publications.c.revision).where(publications.c.state.in_(ACTIVE)).order_by(publications.c.created_at)
    )
    items = (await connection.execute(active)).all()
    taken: list[Delivery] = []
    put_off: list[dict[str, object]] = []
    for number, (item, revision) in enumerate(items):
        share = -(-(most - len(taken)) // (len(items) - number))
        for delivery in await _awake(connection, item, revision, now, share):
            if seconds := wait(delivery.receiver):
                put_off.append({"number": delivery.number, "moment": now + dt.timedelta(seconds=seconds), "written": now})
            else:
                taken.append(delivery)
    if put_off:
        later = update(deliveries).where(deliveries.c.id == bindparam("number"))
        await connection.execute(later.values(not_before=bindparam("moment"), state_at=bindparam("written")), put_off)
    taken = await _filled(connection, taken, now)
    if taken:
        claimed = update(deliveries).where(deliveries.c.id.in_([delivery.number for delivery in taken]))
        until = now + dt.timedelta(seconds=lease_seconds)
        # Whoever was due once is due at once if it comes back.
        ours = {"state": DeliveryState.CLAIMED, "holder": holder, "lease_until": until, "not_before": AT_ONCE}
        await connection.execute(claimed.values(**ours, state_at=now))
    return taken


async def _filled(connection: AsyncConnection, taken: Sequence[Delivery], now: dt.datetime) -> list[Delivery]:
    """Digests with what they tell; those of which nothing is left are skipped."""
    contents = await digests.unpack(connection, taken, now)
    empty = [number for number, inside in contents.items() if not inside.items]
    if empty:
        skipped = update(deliveries).where(deliveries.c.id.in_(empty))
        await connection.execute(skipped.values(state=DeliveryState.SKIPPED, reason=None, state_at=now))
    return [
        replace(one, items=inside.items, silent=inside.silent, revision=inside.revision) if (inside := contents.get(one.number)) else one
        for one in taken
        if one.number not in empty
    ]


async def _awake(connection: AsyncConnection, item: str, revision: int, now: dt.datetime, most: int) -> list[Delivery]:
    """What is due for those who have no quiet hours now; the others are put off."""
    found: list[Delivery] = []
    ask = most
    for _ in range(LOOKS):
        rows = await _due(connection, item, now, ask)
        resting: dict[dt.datetime, list[int]] = {}
        for row in rows:
            if until := quiet_until(now, row.zone, chats_.timing_of(row).quiet):
                resting.setdefault(until, []).append(row.id)
            elif len(found) < most:
                found.append(_delivery(row, revision))
        for until, numbers in resting.items():
            later = update(deliveries).where(deliveries.c.id.in_(numbers))
            await connection.execute(later.values(state=DeliveryState.LATER, reason=QUIET, not_before=until, state_at=now))
        if not resting or len(found) >= most:
            break
        # Where it is night many are: one look after another for each few of them would take all of it.
        ask, found = AT_NIGHT, []
    return found


def _delivery(row: Row[Any], revision: int) -> Delivery:
    return Delivery(
        number=row.id,
        item=row.item,
        receiver=Receiver(row.chat_id, row.thread_id),
        follow=row.follow,
        matched=Target(Kind(row.kind), row.target) if row.kind else None,
        language=row.language,
        attempt=row.attempt,
        revision=revision,
        silent=bool(row.silent),
    )


async def _due(connection: AsyncConnection, item: str, now: dt.datetime, most: int) -> list[Row[Any]]:
    """What is to be tried again comes first: it waited longest. Each state is asked for by itself, as the index has them."""
    found: list[Row[Any]] = []
    for state in reversed(IDLE):
        if len(found) >= most:
            break
        query = (
            select(deliveries, chats.c.language, chats.c.zone, *TIMES, follows.c.kind, follows.c.target, follows.c.silent)
            .join(chats, chats.c.chat_id == deliveries.c.chat_id, isouter=True)
            .join(follows, follows.c.id == deliveries.c.follow, isouter=True)
            .where(deliveries.c.item == item, deliveries.c.state == state, deliveries.c.not_before <= now)
            .order_by(deliveries.c.not_before)
            .limit(most - len(found))
            .with_for_update(of=deliveries, skip_locked=True)
        )
        found += await connection.execute(query)
    return found


async def next_due(connection: AsyncConnection) -> dt.datetime | None:
    """When the next delivery of a publication that is being sent falls due; None if none is waiting."""
    active = select(publications.c.item).where(publications.c.state.in_(ACTIVE))
    items = list((await connection.scalars(active)).all())
    first = [
        await connection.scalar(select(func.min(deliveries.c.not_before)).where(deliveries.c.item == item, deliveries.c.state == state))
        for item in items
        for state in IDLE
    ]
    return min((moment for moment in first if moment), default=None)


async def begin(connection: AsyncConnection, holder: str, numbers: Sequence[int], now: dt.datetime, lease_seconds: float) -> set[int]:
    """Write that these requests start now; those that may start. The others are not ours any more, or were paused or cancelled."""
    may_go = select(publications.c.item).where(publications.c.state.in_(ACTIVE))
    begun = (
        update(deliveries)
        .where(
            deliveries.c.id.in_(numbers),
            deliveries.c.holder == holder,
            deliveries.c.state == DeliveryState.CLAIMED,
            deliveries.c.lease_until > now,
            deliveries.c.item.in_(may_go),
        )
        .values(state=DeliveryState.SENDING, state_at=now, lease_until=now + dt.timedelta(seconds=lease_seconds))
        .returning(deliveries.c.id)
    )
    return set((await connection.scalars(begun)).all())


async def give_back(connection: AsyncConnection, holder: str, numbers: Collection[int], now: dt.datetime) -> None:
    """Claimed, but not begun after all."""
    ours = and_(deliveries.c.id.in_(numbers), deliveries.c.holder == holder, deliveries.c.state == DeliveryState.CLAIMED)
    await connection.execute(update(deliveries).where(ours).values(state=DeliveryState.QUEUED, holder=None, lease_until=None, state_at=now))


async def disown(connection: AsyncConnection, holder: str, but_for: Collection[int], now: dt.datetime) -> int:
    """Queue again whatever a holder has by the rows and not by its own knowledge; how many there were.

    A transaction whose commit was never confirmed may have claimed or begun them, so none was asked for. `but_for` are those that are
    known to be claimed, and those that were asked for.
    """
    held = (DeliveryState.CLAIMED, DeliveryState.SENDING, DeliveryState.UNCERTAIN)
    unknown = (
        update(deliveries)
        .where(
            deliveries.c.item.in_(select(publications.c.item)),
            deliveries.c.state.in_(held),
            deliveries.c.holder == holder,
            deliveries.c.id.not_in(but_for),
        )
        .values(state=DeliveryState.QUEUED, holder=None, lease_until=None, reason=None, state_at=now)
    )
    return (await connection.execute(unknown)).rowcount


async def settle(connection: AsyncConnection, holder: str, settlements: Sequence[Settlement], now: dt.datetime) -> None:
    """Write what became of requests. One that was taken for uncertain meanwhile is certain now."""
    if not settlements:
        return
    statement = (
        update(deliveries)
        .where(
            deliveries.c.id == bindparam("number"),
            deliveries.c.holder == holder,
            or_(deliveries.c.state == DeliveryState.SENDING, deliveries.c.state == DeliveryState.UNCERTAIN),
        )
        .values(
            state=bindparam("outcome"),
            holder=None,
            lease_until=None,
            message_id=bindparam("message"),
            revision=bindparam("shown"),
            reason=bindparam("why"),
            not_before=func.coalesce(bindparam("moment", type_=deliveries.c.not_before.type), deliveries.c.not_before),
            attempt=deliveries.c.attempt + bindparam("tries"),
            state_at=now,
        )
    )
    rows = [
        {
            "number": one.number,
            "outcome": one.state,
            "message": one.message_id,
            "shown": one.revision,
            "why": one.reason,
            "moment": one.not_before,
            "tries": int(one.tried),
        }
        for one in settlements
    ]
    await connection.execute(statement, rows)


async def send_to_general(connection: AsyncConnection, holder: str, number: int, now: dt.datetime) -> bool:
    """The topic is closed or gone: let the item go to General, once; False if General has it on its list already."""
    row = (await connection.execute(select(deliveries).where(deliveries.c.id == number, deliveries.c.holder == holder))).first()
    if row is None:
        return False
    general = (deliveries.c.chat_id == row.chat_id) & (deliveries.c.thread_id == 0) & (deliveries.c.item == row.item)
    if row.thread_id == 0 or await connection.scalar(select(deliveries.c.id).where(general)):
        return False
    again = {"thread_id": 0, "state": DeliveryState.LATER, "reason": TOPIC_CLOSED, "holder": None, "lease_until": None}
    await connection.execute(update(deliveries).where(deliveries.c.id == number).values(**again, not_before=now, state_at=now))
    await _take_along(connection, row)
    return True


async def _take_along(connection: AsyncConnection, digest: Row[Any]) -> None:
    """What went into the digest of a topic goes to General with it, but for what General has by itself."""
    there = deliveries.alias()
    twin = exists().where(there.c.chat_id == digest.chat_id, there.c.thread_id == 0, there.c.item == deliveries.c.item)
    inside = and_(deliveries.c.chat_id == digest.chat_id, deliveries.c.thread_id == digest.thread_id, deliveries.c.digest == digest.item)
    await connection.execute(update(deliveries).where(inside, ~twin).values(thread_id=0))


async def release(connection: AsyncConnection, now: dt.datetime, *, but_for: str | None = None) -> int:
    """End leases that ran out: what was claimed is queued again, what was being sent is uncertain. How many there were.

    The one process that may send passes its name: whatever others still hold is then released before its time.
    """
    run_out = deliveries.c.lease_until <= now
    others = and_(deliveries.c.lease_until.is_not(None), deliveries.c.holder != but_for) if but_for else run_out
    began = deliveries.c.state == DeliveryState.SENDING
    released = (
        update(deliveries)
        .where(or_(run_out, others), deliveries.c.lease_until.is_not(None))
        .values(
            state=case((began, DeliveryState.UNCERTAIN), else_=DeliveryState.QUEUED),
            # Whoever began a request may yet learn what became of it.
            holder=case((began, deliveries.c.holder), else_=None),
            reason=case((began, "lease ran out"), else_=deliveries.c.reason),
            lease_until=None,
            state_at=now,
        )
    )
    return (await connection.execute(released)).rowcount


async def set_right(connection: AsyncConnection, now: dt.datetime) -> int:
    """What waits by a clock that was ahead, and has been set back since, is due now; how many there were."""
    active = select(publications.c.item).where(publications.c.state.in_(ACTIVE))
    waiting = and_(deliveries.c.item.in_(active), deliveries.c.state.in_(IDLE), deliveries.c.not_before > now)
    due = update(deliveries).where(waiting, deliveries.c.state_at > now + AHEAD).values(not_before=now, state_at=now)
    return (await connection.execute(due)).rowcount


async def missed(connection: AsyncConnection, chat: int, most: int, since: dt.datetime | None = None) -> list[Missed]:
    """What a chat may not have got, the newest first: uncertain, and refused while the chat could not be reached.

    Of what was withdrawn meanwhile nothing was missed.
    """
    lost = (DeliveryState.UNCERTAIN, DeliveryState.UNREACHABLE, DeliveryState.MUTED, DeliveryState.FAILED)
    query = select(deliveries).where(deliveries.c.chat_id == chat, deliveries.c.state.in_(lost), deliveries.c.item.not_in(_withdrawn()))
    if since:
        query = query.where(deliveries.c.state_at >= since)
    rows = (await connection.execute(query.order_by(deliveries.c.state_at.desc(), deliveries.c.id.desc()).limit(most))).all()
    told = (await _told(connection, rows))[:most]
    return [Missed(item, Receiver(row.chat_id, row.thread_id), DeliveryState(row.state), row.state_at) for row, item in told]


def _withdrawn() -> Select[tuple[str]]:
    return select(publications.c.item).where(publications.c.state == PublicationState.WITHDRAWN)


async def held_back(connection: AsyncConnection, chat: int) -> list[HeldBack]:
    """What waits for the end of a chat's quiet hours, in the order in which it came; of a digest its items."""
    quiet = and_(deliveries.c.chat_id == chat, deliveries.c.state == DeliveryState.LATER, deliveries.c.reason == QUIET)
    rows = (await connection.execute(select(deliveries).where(quiet).order_by(deliveries.c.id))).all()
    return [HeldBack(item, Receiver(row.chat_id, row.thread_id), row.not_before) for row, item in await _told(connection, rows)]


async def _told(connection: AsyncConnection, rows: Sequence[Row[Any]]) -> list[tuple[Row[Any], str]]:
    """Deliveries with the items that they tell: a digest stands for what went into it."""
    query = select(deliveries).where(deliveries.c.state == DeliveryState.DIGESTED, deliveries.c.chat_id.in_({row.chat_id for row in rows}))
    query = query.where(deliveries.c.digest.in_({row.item for row in rows}), deliveries.c.item.not_in(_withdrawn()))
    inside: dict[tuple[int, int, str], list[str]] = {}
    for held in await connection.execute(query.order_by(deliveries.c.id)):
        inside.setdefault((held.chat_id, held.thread_id, held.digest), []).append(held.item)
    return [
        (row, item)
        for row in rows
        for item in (inside.get((row.chat_id, row.thread_id, row.item), ()) if digests.read_key(row.item) else (row.item,))
    ]


async def prune(connection: AsyncConnection, before: dt.datetime, most: int) -> int:
    """Delete old deliveries of publications that are over, at most so many, so that others need not wait; how many.

    What waits for a digest stays, and so does what is in one that is not over.
    """
    over = [state for state in PublicationState if state not in UNFINISHED]
    items = select(publications.c.item).where(publications.c.state.in_(over), publications.c.state_at < before)
    going_out = select(publications.c.item).where(digests.is_digest(publications.c.item), publications.c.state.in_(UNFINISHED))
    needed = or_(deliveries.c.state.in_(HELD), and_(deliveries.c.state == DeliveryState.DIGESTED, deliveries.c.digest.in_(going_out)))
    old = select(deliveries.c.id).where(deliveries.c.item.in_(items), ~needed).limit(most)
    return (await connection.execute(deliveries.delete().where(deliveries.c.id.in_(old)))).rowcount


class Backlog(NamedTuple):
    """What waits for a sender: so many deliveries, the first of them for so many seconds."""

    due: int
    seconds: float


async def backlog(connection: AsyncConnection, now: dt.datetime) -> Backlog:
    """What is due and not begun, of publications that are being sent. A delivery is due from the moment that its item was ordered."""
    active = select(publications.c.item, publications.c.created_at).where(publications.c.state.in_(ACTIVE))
    count, longest = 0, 0.0
    for item, ordered_at in (await connection.execute(active)).all():
        for state in IDLE:
            waiting = (deliveries.c.item == item, deliveries.c.state == state, deliveries.c.not_before <= now)
            due, first = (await connection.execute(select(func.count(), func.min(deliveries.c.not_before)).where(*waiting))).one()
            count += due
            if first is not None:
                longest = max(longest, (now - max(first, ordered_at)).total_seconds())
    return Backlog(count, longest)
