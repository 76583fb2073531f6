"""The delivery of an item as an admin sees it: ordered, going on, paused, cancelled, done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import case, exists, func, insert, literal, or_, select, update

from data import amendments
from data.db import upsert
from data.filters import passes
from data.follows import Kind, Pace, Target, Words
from data.reminders import is_reminder, record_of
from data.states import ACTIVE, AT_ONCE, HELD, PENDING, UNFINISHED, DeliveryState, PublicationState
from data.tables import chats, deliveries, follows, item_targets, publications, texts
from data.types import Lang

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy import ColumnElement
    from sqlalchemy.ext.asyncio import AsyncConnection

SPECIFICITY: Final = {kind: number for number, kind in enumerate(Kind)}


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an item came; `counts` are deliveries by state, and complete once it is fanned out."""

    item: str
    state: PublicationState
    reason: str
    published_by: int | None
    created_at: dt.datetime
    state_at: dt.datetime
    fanned_out: bool
    counts: Mapping[DeliveryState, int]
    titles: Mapping[Lang, str]
    """Its title in each language, also of one that was withdrawn."""
    amending: bool
    """Whether messages that brought it are still being edited or deleted."""
    amended: int
    """So many of them are, since the last correction or the withdrawal..."""
    unamended: int
    """...and so many cannot be."""
    told_in_digests: int = 0
    """While messages are edited: how many digests that were sent tell it."""

    @property
    def total(self) -> int:
        """Chats and topics on the list so far."""
        return sum(self.counts.values())

    @property
    def pending(self) -> int:
        """Those without an outcome yet."""
        return sum(self.counts.get(state, 0) for state in PENDING)

    @property
    def held(self) -> int:
        """Those who wait for their digest."""
        return sum(self.counts.get(state, 0) for state in HELD)

    @property
    def outdated(self) -> int:
        """Messages that are still to be edited or deleted; those that go out meanwhile in the new words come on top."""
        return max(0, self.counts.get(DeliveryState.SENT, 0) + self.told_in_digests - self.amended - self.unamended) if self.amending else 0


async def publish(
    connection: AsyncConnection,
    item: str,
    targets: Collection[Target],
    now: dt.datetime,
    published_by: int | None = None,
    revision: int = 0,
) -> bool:
    """Order that whoever follows one of the targets now gets an item; False if that was ordered before, whatever became of it.

    `revision` is the first one of the data set that holds the item.

    Of several matching follows of a chat the most specific one is named under the item; among equals, that of the target named first.
    """
    last_follow = select(func.coalesce(func.max(follows.c.id), 0)).scalar_subquery()
    order = upsert(connection, publications).values(
        item=item,
        state=PublicationState.WAITING,
        published_by=published_by,
        created_at=now,
        state_at=now,
        last_follow=last_follow,
        revision=revision,
    )
    if not (await connection.execute(order.on_conflict_do_nothing())).rowcount:
        return False
    ordered = sorted(dict.fromkeys(targets), key=lambda target: SPECIFICITY[target.kind])
    rows = [{"item": item, "position": number, "kind": kind, "target": key} for number, (kind, key) in enumerate(ordered)]
    if rows:
        await connection.execute(insert(item_targets), rows)
    return True


async def targets_of(connection: AsyncConnection, item: str) -> tuple[Target, ...]:
    """Whose followers get an item, the most specific target first."""
    query = select(item_targets.c.kind, item_targets.c.target).where(item_targets.c.item == item).order_by(item_targets.c.position)
    return tuple(Target(Kind(kind), key) for kind, key in await connection.execute(query))


async def is_waiting(connection: AsyncConnection) -> bool:
    """Whether there is a list to write."""
    waiting = publications.c.state.in_([PublicationState.WAITING, PublicationState.FANNING_OUT])
    return await connection.scalar(select(publications.c.item).where(waiting).limit(1)) is not None


async def fan_out(connection: AsyncConnection, now: dt.datetime, most: int) -> str | None:
    """Put the next followers, at most so many, of the oldest waiting publication on its list; its item, or None if there is none.

    One transaction is one chunk with its cursor, so a crash loses at most a chunk that the next call writes again. Chats that cannot
    be written to are on the list with the reason. No row is built in Python.
    """
    waiting = (PublicationState.WAITING, PublicationState.FANNING_OUT)
    query = select(publications).where(publications.c.state.in_(waiting)).order_by(publications.c.created_at, publications.c.item)
    publication = (await connection.execute(query.limit(1).with_for_update(skip_locked=True))).first()
    if publication is None:
        return None
    item: str = publication.item
    target = (
        await connection.execute(
            select(item_targets).where(item_targets.c.item == item, item_targets.c.position == publication.cursor_position)
        )
    ).first()
    if target is None:
        await _change(connection, item, waiting, now, state=PublicationState.SENDING, fanned_out_at=now)
        return item
    after = (follows.c.kind == target.kind) & (follows.c.target == target.target) & (follows.c.id > publication.cursor_follow)
    numbers = select(follows.c.id).where(after, follows.c.id <= publication.last_follow).order_by(follows.c.id).limit(most).subquery()
    upto = await connection.scalar(select(func.max(numbers.c.id)))
    if upto is None:
        await _change(connection, item, waiting, now, cursor_position=publication.cursor_position + 1, cursor_follow=0)
    else:
        await _put_on_list(connection, item, after & (follows.c.id <= upto))
        await _change(connection, item, waiting, now, state=PublicationState.FANNING_OUT, cursor_follow=upto)
    return item


async def _put_on_list(connection: AsyncConnection, item: str, chunk: ColumnElement[bool]) -> None:
    """`INSERT ... SELECT`; who is on the list already, by a more specific follow, stays there as he is.

    A follow whose words the item does not pass leaves the chat to a less specific one.
    """
    reachable = func.coalesce(chats.c.state, "active")
    waits: list[tuple[ColumnElement[bool], DeliveryState]] = [
        (follows.c.pace == Pace.DAILY, DeliveryState.DAILY),
        (follows.c.pace == Pace.WEEKLY, DeliveryState.WEEKLY),
    ]
    outcome = case(
        (reachable == "muted", DeliveryState.MUTED),
        (reachable != "active", DeliveryState.UNREACHABLE),
        *([] if is_reminder(item) else waits),
        else_=DeliveryState.QUEUED,
    )
    rows = (
        select(
            publications.c.item,
            follows.c.chat_id,
            follows.c.thread_id,
            follows.c.id,
            outcome,
            literal(AT_ONCE, deliveries.c.not_before.type),
            case((reachable == "active", None), else_=chats.c.state),
            publications.c.created_at,
        )
        .select_from(follows)
        .join(publications, publications.c.item == item)
        .join(chats, chats.c.chat_id == follows.c.chat_id, isouter=True)
        .where(chunk, follows.c.paused_at.is_(None), await _passing(connection, item, chunk))
    )
    names = ["item", "chat_id", "thread_id", "follow", "state", "not_before", "reason", "state_at"]
    await connection.execute(upsert(connection, deliveries).from_select(names, rows).on_conflict_do_nothing())


async def _passing(connection: AsyncConnection, item: str, chunk: ColumnElement[bool]) -> ColumnElement[bool]:
    """Which follows let an item through: those without words, and those whose words it passes. Few differ, so each is judged once."""
    distinct = select(follows.c.words).where(chunk, follows.c.words.is_not(None)).distinct()
    found = list((await connection.scalars(distinct)).all())
    if not found:
        return follows.c.words.is_(None)
    told = await _texts_of(connection, item)
    return or_(follows.c.words.is_(None), follows.c.words.in_([words for words in found if passes(Words.unpack(words), told)]))


async def _texts_of(connection: AsyncConnection, item: str) -> Sequence[str]:
    """All that an item says, in all of its languages; of a reminder what it reminds of."""
    query = select(texts.c.text).where(
        texts.c.subject.in_(["news", "conferences"]), texts.c.key == record_of(item), texts.c.removed_at.is_(None)
    )
    return (await connection.scalars(query)).all()


async def pause(connection: AsyncConnection, item: str, now: dt.datetime, reason: str = "") -> bool:
    """Send no more for the time being; False if there is nothing to pause. What was asked of Telegram already goes out."""
    return await _change(connection, item, [PublicationState.WAITING, *ACTIVE], now, state=PublicationState.PAUSED, reason=reason or None)


async def pause_all(connection: AsyncConnection, now: dt.datetime, reason: str) -> list[str]:
    """Pause whatever is being sent; the items. For the breaker."""
    active = list((await connection.scalars(select(publications.c.item).where(publications.c.state.in_(ACTIVE)))).all())
    return [item for item in active if await pause(connection, item, now, reason)]


async def resume(connection: AsyncConnection, item: str, now: dt.datetime, *, unreachable_since: dt.datetime | None = None) -> bool:
    """Go on with a paused publication; False if it is not paused.

    `unreachable_since` takes the refusals since that moment for an outage: those chats are active again and get the item.
    """
    going_on = case((publications.c.fanned_out_at.is_(None), PublicationState.FANNING_OUT), else_=PublicationState.SENDING)
    if not await _change(connection, item, [PublicationState.PAUSED], now, state=going_on, reason=None):
        return False
    if unreachable_since:
        refused = (
            (deliveries.c.item == item) & (deliveries.c.state == DeliveryState.UNREACHABLE) & (deliveries.c.state_at >= unreachable_since)
        )
        revived = update(chats).where(chats.c.chat_id.in_(select(deliveries.c.chat_id).where(refused)))
        await connection.execute(revived.values(state="active", state_at=now))
        await connection.execute(
            update(deliveries).where(refused).values(state=DeliveryState.QUEUED, not_before=AT_ONCE, reason=None, state_at=now)
        )
    return True


async def cancel(connection: AsyncConnection, item: str, now: dt.datetime) -> bool:
    """Send no more, for good; False if it is over already. Deliveries keep the state they had when it was cancelled."""
    return await _change(connection, item, UNFINISHED, now, state=PublicationState.CANCELLED)


async def withdraw(connection: AsyncConnection, item: str, now: dt.datetime) -> bool:
    """Take an item back: nothing more is sent. What becomes of the messages that brought it is `data.amendments`'s."""
    others = [state for state in PublicationState if state is not PublicationState.WITHDRAWN]
    return await _change(connection, item, others, now, state=PublicationState.WITHDRAWN)


async def finish(connection: AsyncConnection, now: dt.datetime) -> list[str]:
    """Note which publications have an outcome for each chat on their list; their items. What waits for a digest is the digest's."""
    pending = exists().where(deliveries.c.item == publications.c.item, deliveries.c.state.in_(PENDING))
    over = select(publications.c.item).where(publications.c.state == PublicationState.SENDING, ~pending)
    if not list((await connection.scalars(over)).all()):
        return []
    # Somebody else may put receivers into a digest just now: whoever holds its row is waited for, and then it is looked at once more.
    await connection.execute(over.with_for_update(of=publications))
    items = list((await connection.scalars(over)).all())
    return [item for item in items if await _change(connection, item, [PublicationState.SENDING], now, state=PublicationState.DONE)]


async def progress(connection: AsyncConnection, item: str) -> Progress | None:
    """How far the delivery of an item came; None if it was never published to followers."""
    row = (await connection.execute(select(publications).where(publications.c.item == item))).first()
    if row is None:
        return None
    counted = select(deliveries.c.state, func.count()).where(deliveries.c.item == item).group_by(deliveries.c.state)
    counts = {DeliveryState(state): count for state, count in await connection.execute(counted)}
    told = select(texts.c.lang, texts.c.text).where(texts.c.subject == "news", texts.c.key == item, texts.c.field == "title")
    return Progress(
        item=item,
        state=PublicationState(row.state),
        reason=row.reason or "",
        published_by=row.published_by,
        created_at=row.created_at,
        state_at=row.state_at,
        fanned_out=row.fanned_out_at is not None,
        counts=counts,
        titles={Lang(lang): title for lang, title in await connection.execute(told.where(texts.c.removed_at.is_(None)))},
        amending=row.amending_at is not None,
        amended=row.amended,
        unamended=row.unamended,
        told_in_digests=await amendments.count_told_in_digests(connection, item) if row.amending_at else 0,
    )


async def unfinished(connection: AsyncConnection) -> list[str]:
    """Items whose delivery is not over, the oldest first: for the progress cards after a restart."""
    query = select(publications.c.item).where(publications.c.state.in_(UNFINISHED)).order_by(publications.c.created_at)
    return list((await connection.scalars(query)).all())


async def recent(connection: AsyncConnection, by: int, most: int) -> list[Progress]:
    """The newest items that an admin published, or the command line, which is nobody; those that were withdrawn are left out.

    What nobody wrote, such as a reminder or a digest, has a key with a colon, and is not among them.
    """
    theirs = or_(publications.c.published_by == by, publications.c.published_by.is_(None))
    written = ~publications.c.item.contains(":")
    query = select(publications.c.item).where(theirs, written, publications.c.state != PublicationState.WITHDRAWN)
    newest = query.order_by(publications.c.created_at.desc(), publications.c.item.desc()).limit(most)
    found = [await progress(connection, item) for item in (await connection.scalars(newest)).all()]
    return [one for one in found if one]


async def _change(connection: AsyncConnection, item: str, from_states: Collection[str], now: dt.datetime, **values: object) -> bool:
    if "state" in values:
        values["state_at"] = now
    changed = update(publications).where(publications.c.item == item, publications.c.state.in_(from_states))
    return (await connection.execute(changed.values(**values))).rowcount > 0
