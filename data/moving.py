"""A group that becomes a supergroup gets another id. Everything that hangs on the old one moves, in one transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, delete, select, update

from data.digests import is_digest, put_back
from data.states import HELD, IDLE, PENDING, ChatKind, ChatState, DeliveryState
from data.tables import chats, deliveries, follows

if TYPE_CHECKING:
    import datetime as dt

    from sqlalchemy import Row
    from sqlalchemy.ext.asyncio import AsyncConnection

CHOSEN = ("language", "zone", "quiet_from", "quiet_to", "digest_at", "digest_day")


async def move_chat(connection: AsyncConnection, old: int, new: int, now: dt.datetime) -> bool:
    """Give all that belongs to a chat to its new id; False if nothing did. Doing it again does nothing.

    Where the new chat has a row of its own the two are merged: its own settings stand before those of the group, a follow that both have
    stays once, and an item that both were to get is sent once.
    """
    if old == new:
        return False
    moved = await _move_settings(connection, old, new, now)
    moved += await _move_follows(connection, old, new)
    moved += await _move_deliveries(connection, old, new, now)
    return moved > 0


async def _move_settings(connection: AsyncConnection, old: int, new: int, now: dt.datetime) -> int:
    before = (await connection.execute(select(chats).where(chats.c.chat_id == old))).first()
    if before is None:
        return 0
    after = (await connection.execute(select(chats).where(chats.c.chat_id == new))).first()
    if after is None:
        await connection.execute(
            update(chats).where(chats.c.chat_id == old).values(chat_id=new, kind=ChatKind.SUPERGROUP, state=ChatState.ACTIVE, state_at=now)
        )
        return 1
    chosen = {name: getattr(before if getattr(after, name) is None else after, name) for name in CHOSEN}
    first = min(before.created_at, after.created_at)
    merged = update(chats).where(chats.c.chat_id == new).values(**chosen, created_at=first, kind=ChatKind.SUPERGROUP)
    await connection.execute(merged)
    await connection.execute(delete(chats).where(chats.c.chat_id == old))
    return 1


async def _move_follows(connection: AsyncConnection, old: int, new: int) -> int:
    mine, theirs = follows.alias(), follows.alias()
    same = and_(mine.c.thread_id == theirs.c.thread_id, mine.c.kind == theirs.c.kind, mine.c.target == theirs.c.target)
    twins = select(mine.c.id, theirs.c.id).join(theirs, same).where(mine.c.chat_id == old, theirs.c.chat_id == new)
    for number, kept in (await connection.execute(twins)).all():
        await connection.execute(update(deliveries).where(deliveries.c.chat_id == old, deliveries.c.follow == number).values(follow=kept))
        await connection.execute(delete(follows).where(follows.c.id == number))
    return (await connection.execute(update(follows).where(follows.c.chat_id == old).values(chat_id=new))).rowcount


def _stands(mine: str, theirs: str) -> bool:
    """Whether what became of the group's delivery became of the supergroup's, too, that is still to be sent."""
    return mine not in (*PENDING, *HELD) and theirs in (*PENDING, *HELD) and theirs != DeliveryState.SENDING


async def _sort_digests(connection: AsyncConnection, twin: Row[Any], new: int, now: dt.datetime) -> None:
    """Of a digest that both were to get, one goes out: what is in the other, if that has not begun, waits for the next one.

    Where neither has begun, all goes out together.
    """
    waiting = (*IDLE, DeliveryState.CLAIMED)
    if twin.state in waiting and twin.kept_state in IDLE:
        return
    mine_goes = _stands(twin.state, twin.kept_state) or _is_under_way(twin)
    chat, state = (new, twin.kept_state) if mine_goes else (twin.chat_id, twin.state)
    if state in waiting:
        inside = and_(deliveries.c.chat_id == chat, deliveries.c.thread_id == twin.thread_id, deliveries.c.digest == twin.item)
        await put_back(connection, inside, now)


async def _merge(connection: AsyncConnection, twin: Row[Any], new: int, now: dt.datetime) -> None:
    if _stands(twin.state, twin.kept_state):
        outcome = {"state": twin.state, "reason": twin.reason, "digest": twin.digest, "holder": None, "lease_until": None}
        await connection.execute(update(deliveries).where(deliveries.c.id == twin.kept).values(**outcome, state_at=now))
    elif _is_under_way(twin):
        # The request to the old id is under way and may yet arrive in the new chat.
        outcome = {"state": DeliveryState.UNCERTAIN, "reason": "moved while sending", "holder": None, "lease_until": None}
        await connection.execute(update(deliveries).where(deliveries.c.id == twin.kept).values(**outcome, state_at=now))
    left = {"state": DeliveryState.MOVED, "reason": str(new), "holder": None, "lease_until": None}
    await connection.execute(update(deliveries).where(deliveries.c.id == twin.id).values(**left, state_at=now))


def _is_under_way(twin: Row[Any]) -> bool:
    return twin.state == DeliveryState.SENDING and twin.kept_state not in (DeliveryState.SENT, DeliveryState.SENDING)


async def _move_deliveries(connection: AsyncConnection, old: int, new: int, now: dt.datetime) -> int:
    """Deliveries of the group become the supergroup's, whose history is the same.

    Where both have one, what was done for the group counts, and its row stays behind as `moved`: it must not be sent a second time.
    What a sender claimed goes back to the queue, since the sender holds the old id.
    """
    mine, theirs = deliveries.alias(), deliveries.alias()
    same = and_(mine.c.thread_id == theirs.c.thread_id, mine.c.item == theirs.c.item)
    twins = select(mine, theirs.c.id.label("kept"), theirs.c.state.label("kept_state")).join(theirs, same)
    twins = twins.where(mine.c.chat_id == old, theirs.c.chat_id == new, mine.c.state != DeliveryState.MOVED)
    # What became of a digest decides what became of its items.
    for row in (await connection.execute(twins.where(is_digest(mine.c.item)))).all():
        await _sort_digests(connection, row, new, now)
        await _merge(connection, row, new, now)
    for row in (await connection.execute(twins.where(~is_digest(mine.c.item)))).all():
        await _merge(connection, row, new, now)
    claimed = and_(deliveries.c.chat_id == old, deliveries.c.state == DeliveryState.CLAIMED)
    await connection.execute(update(deliveries).where(claimed).values(state=DeliveryState.QUEUED, holder=None, lease_until=None))
    rest = and_(deliveries.c.chat_id == old, deliveries.c.state != DeliveryState.MOVED)
    # The supergroup numbers its messages anew: by the old number another one would be edited, or deleted.
    return (await connection.execute(update(deliveries).where(rest).values(chat_id=new, message_id=None))).rowcount
