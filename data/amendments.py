"""Messages that were sent and have to change: an item was corrected or withdrawn. A digest that tells it is told anew.

Each delivery knows the revision of the data set whose words its message shows, each publication the one that it ought to show. So a
restart loses nothing, and a message that was under way meanwhile is found as well.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import and_, bindparam, exists, func, or_, select, update

from data import digests
from data.follows import Kind, Receiver, Target
from data.states import DeliveryState, PublicationState
from data.tables import chats, deliveries, follows, publications

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import ColumnElement
    from sqlalchemy.ext.asyncio import AsyncConnection

_DIGEST: Final = deliveries.alias("digest")
_IS_IN_DIGEST: Final = and_(
    _DIGEST.c.chat_id == deliveries.c.chat_id, _DIGEST.c.thread_id == deliveries.c.thread_id, _DIGEST.c.item == deliveries.c.digest
)
SETTLING: Final = dt.timedelta(seconds=5)
"""Whatever was written before an amendment was ordered is visible to everybody after that time."""


@dataclass(frozen=True, slots=True)
class Amendment:
    """An item whose messages have to change."""

    item: str
    revision: int
    """The first revision of the data set in which it is as it should be."""
    withdrawn: bool
    since: dt.datetime


@dataclass(frozen=True, slots=True)
class Shown:
    """A message that shows an item as it was."""

    number: int
    """Of its delivery."""
    receiver: Receiver
    message_id: int | None
    """None if nobody knows any more which message it is."""
    language: str | None
    matched: Target | None
    """What the chat follows; None if it was unfollowed meanwhile."""
    paused: bool
    """Whether that follow is paused."""
    sent_at: dt.datetime
    digest: str | None = None
    """The key of the digest that the message is, if it is one..."""
    items: tuple[str, ...] = ()
    """...and what that tells now: without what was withdrawn."""


async def order(connection: AsyncConnection, item: str, revision: int, now: dt.datetime) -> bool:
    """Have the messages that brought an item changed to what it is in a revision; False if it was never published to followers."""
    ordered = update(publications).where(publications.c.item == item)
    return (await connection.execute(ordered.values(revision=revision, amending_at=now, amended=0, unamended=0))).rowcount > 0


async def note_late(connection: AsyncConnection, item: str, revision: int, now: dt.datetime) -> None:
    """A message went out that shows an item as it was in a revision: if it is another by now, it has to change, too."""
    late = (publications.c.item == item) & (publications.c.revision > revision) & publications.c.amending_at.is_(None)
    await connection.execute(update(publications).where(late).values(amending_at=now))


async def under_way(connection: AsyncConnection) -> list[Amendment]:
    """What is to be changed, the oldest first."""
    rows = await connection.execute(
        select(publications).where(publications.c.amending_at.is_not(None)).order_by(publications.c.amending_at, publications.c.item)
    )
    return [Amendment(row.item, row.revision, row.state == PublicationState.WITHDRAWN, row.amending_at) for row in rows]


async def outdated(connection: AsyncConnection, amendment: Amendment, after: int, most: int) -> list[Shown]:
    """The next messages to be changed, in the order of their deliveries and behind the one with the number `after`."""
    query = (
        select(
            deliveries,
            chats.c.language,
            follows.c.kind,
            follows.c.target,
            follows.c.paused_at,
            _DIGEST.c.message_id.label("digest_message"),
            _DIGEST.c.state_at.label("digest_sent_at"),
        )
        .join(chats, chats.c.chat_id == deliveries.c.chat_id, isouter=True)
        .join(follows, follows.c.id == deliveries.c.follow, isouter=True)
        .join(_DIGEST, _IS_IN_DIGEST, isouter=True)
        .where(_to_change(amendment), deliveries.c.id > after)
        .order_by(deliveries.c.id)
        .limit(most)
    )
    rows = (await connection.execute(query)).all()
    told = await digests.present(connection, {(Receiver(row.chat_id, row.thread_id), row.digest) for row in rows if row.digest})
    return [
        Shown(
            number=row.id,
            receiver=Receiver(row.chat_id, row.thread_id),
            message_id=row.digest_message if row.digest else row.message_id,
            language=row.language,
            matched=Target(Kind(row.kind), row.target) if row.kind else None,
            paused=row.paused_at is not None,
            sent_at=row.digest_sent_at if row.digest else row.state_at,
            digest=row.digest,
            items=told.get((Receiver(row.chat_id, row.thread_id), row.digest), ()),
        )
        for row in rows
    ]


async def note(connection: AsyncConnection, amendment: Amendment, outcomes: Mapping[int, str | None]) -> None:
    """Write which messages are as they should be, and why others cannot be: deliveries by number, with a reason or None.

    Each is counted once, even if two processes did it.
    """
    undone = select(deliveries.c.id).where(_to_change(amendment), deliveries.c.id.in_(outcomes)).order_by(deliveries.c.id)
    rows = [{"number": number, "why": outcomes[number]} for number in await connection.scalars(undone.with_for_update())]
    if not rows:
        return
    changed = update(deliveries).where(deliveries.c.id == bindparam("number"))
    await connection.execute(changed.values(revision=amendment.revision, reason=bindparam("why")), rows)
    failed = sum(row["why"] is not None for row in rows)
    counted = and_(publications.c.item == amendment.item, publications.c.revision == amendment.revision)
    await connection.execute(
        update(publications)
        .where(counted)
        .values(amended=publications.c.amended + len(rows) - failed, unamended=publications.c.unamended + failed)
    )


async def end(connection: AsyncConnection, amendment: Amendment, now: dt.datetime) -> bool:
    """Nothing is left to change; False if that cannot be known yet, because something was ordered or sent just now."""
    over = (publications.c.item == amendment.item) & (publications.c.revision == amendment.revision)
    ended = update(publications).where(over, publications.c.amending_at <= now - SETTLING).values(amending_at=None)
    return (await connection.execute(ended)).rowcount > 0


async def count_told_in_digests(connection: AsyncConnection, item: str) -> int:
    """How many digests that were sent tell an item."""
    told = select(func.count()).select_from(deliveries).join(_DIGEST, _IS_IN_DIGEST)
    told = told.where(deliveries.c.item == item, deliveries.c.state == DeliveryState.DIGESTED, _DIGEST.c.state == DeliveryState.SENT)
    return await connection.scalar(told) or 0


def _to_change(amendment: Amendment) -> ColumnElement[bool]:
    """Messages of the item, and digests that tell it: each that was sent with older words."""
    sent_in_one = exists().where(_IS_IN_DIGEST, _DIGEST.c.state == DeliveryState.SENT, _DIGEST.c.revision < amendment.revision)
    sent_in_one = sent_in_one.correlate(deliveries)
    return and_(
        deliveries.c.item == amendment.item,
        deliveries.c.revision < amendment.revision,
        or_(deliveries.c.state == DeliveryState.SENT, and_(deliveries.c.state == DeliveryState.DIGESTED, sent_in_one)),
    )
