"""Writing what became of requests, with everything that follows from it, in one transaction."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.delivery.outcomes import (
    Defect,
    Failed,
    Flooded,
    Halt,
    Moved,
    Muted,
    NotSent,
    Outcome,
    Sent,
    TopicClosed,
    Uncertain,
    Unreachable,
)
from data import amendments, changes, chats, follows, outbox
from data.moving import move_chat
from data.outbox import TOPIC_CLOSED, Settlement
from data.states import ChatState, DeliveryState

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection

    from data.outbox import Delivery

ATTEMPTS: Final = 8
FIRST_PAUSE: Final = 5.0
"""Seconds before the second attempt; each further pause is twice as long."""


@dataclass(frozen=True, slots=True)
class Done:
    """A request that came to an end."""

    delivery: Delivery
    outcome: Outcome
    seconds: float = 0.0
    """How long to wait before it is tried again, where that is not the attempts' to say."""
    counts: bool = True
    """Whether it counts as an attempt; not while nothing at all reaches Telegram."""


async def write(connection: AsyncConnection, holder: str, done: Sequence[Done], now: dt.datetime) -> None:
    """Write outcomes and their effects on chats and follows. Writing the same again changes nothing.

    Chats are locked first and in order, so that two transactions on PostgreSQL never wait for each other.
    """
    await chats.lock(connection, {chat for one in done for chat in _chats_of(one)})
    for one in done:
        if isinstance(one.outcome, Unreachable):
            await chats.change_state(connection, one.delivery.receiver.chat, one.outcome.chat, now)
        elif isinstance(one.outcome, Muted):
            await chats.change_state(connection, one.delivery.receiver.chat, ChatState.MUTED, now)
        elif isinstance(one.outcome, TopicClosed):
            await follows.pause(connection, one.delivery.receiver, one.delivery.follow, now)
            await outbox.send_to_general(connection, holder, one.delivery.number, now)
    await outbox.settle(connection, holder, [settlement(one, now) for one in done], now)
    sent = [one.delivery for one in done if isinstance(one.outcome, Sent)]
    for item, revision in {(item, one.revision) for one in sent for item in one.items or (one.item,)}:
        await amendments.note_late(connection, item, revision, now)
    for one in done:
        if isinstance(one.outcome, Moved):
            await move_chat(connection, one.delivery.receiver.chat, one.outcome.to, now)
    await changes.note(connection, [chat for one in done for chat in changed(one)], now)


def _chats_of(one: Done) -> set[int]:
    match one.outcome:
        case Unreachable() | Muted():
            return {one.delivery.receiver.chat}
        case Moved(to):
            return {one.delivery.receiver.chat, to}
        case _:
            return set()


def changed(one: Done) -> Collection[int]:
    """The chats whose follows or ids an outcome changed."""
    match one.outcome:
        case TopicClosed():
            return (one.delivery.receiver.chat,)
        case Moved(to):
            return (one.delivery.receiver.chat, to)
        case _:
            return ()


def settlement(one: Done, now: dt.datetime) -> Settlement:
    """The row of a delivery after its request. That of a closed topic does not match it any more once it goes to General."""
    number = one.delivery.number
    match one.outcome:
        case Sent(message_id):
            settled = Settlement(number, DeliveryState.SENT, message_id=message_id, revision=one.delivery.revision)
        case NotSent() if one.counts:
            settled = _tried(one.delivery, now)
        case Flooded() | NotSent() | Halt() | Moved():
            settled = Settlement(number, DeliveryState.LATER, not_before=now + dt.timedelta(seconds=one.seconds))
        case Uncertain(reason):
            settled = Settlement(number, DeliveryState.UNCERTAIN, reason=reason)
        case Unreachable(chat):
            settled = Settlement(number, DeliveryState.UNREACHABLE, reason=chat)
        case TopicClosed():
            settled = Settlement(number, DeliveryState.MUTED, reason=TOPIC_CLOSED)
        case Muted():
            settled = Settlement(number, DeliveryState.MUTED, reason="no rights")
        case Defect(reason) | Failed(reason):
            settled = Settlement(number, DeliveryState.FAILED, reason=reason)
    return settled


def _tried(delivery: Delivery, now: dt.datetime) -> Settlement:
    if delivery.attempt + 1 >= ATTEMPTS:
        return Settlement(delivery.number, DeliveryState.FAILED, reason="never sent", tried=True)
    pause = dt.timedelta(seconds=FIRST_PAUSE * 2**delivery.attempt)
    return Settlement(delivery.number, DeliveryState.LATER, not_before=now + pause, tried=True)
