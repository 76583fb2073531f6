"""Deliveries that wait for their chat's own time: for a digest, or for the end of quiet hours.

What a chat decides about its follows and its clocks changes them in the same transaction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import and_, delete, exists, or_, select, update

from data.states import AT_ONCE, HELD, IDLE, DeliveryState, PublicationState
from data.tables import deliveries, publications

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import ColumnElement
    from sqlalchemy.ext.asyncio import AsyncConnection

QUIET: Final = "quiet hours"
"""Reason of a delivery that waits until its chat's quiet hours end."""


async def retime(connection: AsyncConnection, chat: int) -> None:
    """A chat chose other clocks or hours: what waits for them is given its time anew."""
    put_off = and_(deliveries.c.state == DeliveryState.LATER, deliveries.c.reason == QUIET)
    waiting = update(deliveries).where(deliveries.c.chat_id == chat, or_(deliveries.c.state.in_(HELD), put_off))
    await connection.execute(waiting.values(not_before=AT_ONCE))


async def drop(connection: AsyncConnection, chat: int, follows: Collection[int]) -> None:
    """These follows of a chat ended or are paused: what they brought goes into no digest that has not begun to go out."""
    theirs = and_(deliveries.c.chat_id == chat, deliveries.c.follow.in_(follows))
    await connection.execute(delete(deliveries).where(theirs, or_(deliveries.c.state.in_(HELD), _is_to_be_told())))


async def change_pace(connection: AsyncConnection, chat: int, follow: int, state: DeliveryState) -> None:
    """What a follow of a chat brought waits for the other digest from now on; with `queued` it goes out at once."""
    held = and_(deliveries.c.chat_id == chat, deliveries.c.follow == follow, deliveries.c.state.in_(HELD))
    if state is DeliveryState.QUEUED:
        items = list((await connection.scalars(select(deliveries.c.item).where(held))).all())
        over = and_(publications.c.item.in_(items), publications.c.state == PublicationState.DONE)
        await connection.execute(update(publications).where(over).values(state=PublicationState.SENDING))
    await connection.execute(update(deliveries).where(held, deliveries.c.state != state).values(state=state, not_before=AT_ONCE))


def _is_to_be_told() -> ColumnElement[bool]:
    digest = deliveries.alias()
    waits = exists().where(
        digest.c.chat_id == deliveries.c.chat_id,
        digest.c.thread_id == deliveries.c.thread_id,
        digest.c.item == deliveries.c.digest,
        digest.c.state.in_(IDLE),
    )
    return and_(deliveries.c.state == DeliveryState.DIGESTED, waits)
