"""News that admins are writing in a chat: kept as typed, so that a restart loses nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import case, func, insert, select, update

from data import news
from data.tables import drafts

if TYPE_CHECKING:
    import datetime as dt

    from sqlalchemy.ext.asyncio import AsyncConnection


@dataclass(frozen=True, slots=True)
class Written:
    """What an admin typed. `item` is the news that became of it."""

    number: int
    admin: int
    text: str
    url: str
    """Where the text was found, if it was forwarded; a link in the text comes before it."""
    language: str
    """What the admin reads."""
    item: str | None
    message_id: int | None
    cancelled: bool
    corrects: str | None
    """The published item whose words it is to replace."""


async def keep(
    connection: AsyncConnection, admin: int, text: str, url: str, language: str, now: dt.datetime, corrects: str | None = None
) -> int:
    """Keep a new draft, of new news or of a correction; its number, which is never given to another."""
    values = {"admin": admin, "text": text, "url": url, "language": language, "created_at": now, "corrects": corrects}
    result = await connection.execute(insert(drafts).values(values))
    (number,) = result.inserted_primary_key or (0,)
    return int(number)


async def by_number(connection: AsyncConnection, number: int) -> Written | None:
    """The draft that a button names."""
    row = (await connection.execute(select(drafts).where(drafts.c.id == number))).first()
    if row is None:
        return None
    return Written(row.id, row.admin, row.text, row.url, row.language, row.item, row.message_id, row.cancelled_at is not None, row.corrects)


async def published(connection: AsyncConnection) -> list[Written]:
    """Drafts that became news and have a card to keep up to date, the newest first."""
    query = select(drafts.c.id).where(drafts.c.item.is_not(None), drafts.c.message_id.is_not(None)).order_by(drafts.c.id.desc())
    found = [await by_number(connection, number) for number in (await connection.scalars(query)).all()]
    return [one for one in found if one]


async def rewrite(connection: AsyncConnection, number: int, text: str) -> bool:
    """Other words for a draft; False if it is published or cancelled already."""
    return await _change(connection, number, text=text)


async def cancel(connection: AsyncConnection, number: int, now: dt.datetime) -> bool:
    """Leave it; False if it is published or cancelled already."""
    return await _change(connection, number, cancelled_at=now)


async def publish(connection: AsyncConnection, number: int, draft: news.Draft, now: dt.datetime) -> str | None:
    """Make news of a draft and order its delivery, or correct what it corrects; the item.

    None if somebody did so before, or it was cancelled. Raises data.news.WrongNews.

    All of it is one transaction, so that two taps, or a crash between two steps, never make two items.
    """
    if not await _change(connection, number, item="-"):
        return None
    written = await by_number(connection, number)
    if written and written.corrects:
        key = written.corrects
        await news.correct(connection, key, draft, now)
    else:
        key = await news.write(connection, draft, now, published=True, by=written.admin if written else None)
    await connection.execute(update(drafts).where(drafts.c.id == number).values(item=key))
    return key


async def show_on(connection: AsyncConnection, item: str, message_id: int | None) -> None:
    """Which message tells of an item's delivery: that of its newest draft, and no other; None once there is nothing more to tell."""
    newest = select(func.max(drafts.c.id)).where(drafts.c.item == item).scalar_subquery()
    await connection.execute(
        update(drafts).where(drafts.c.item == item).values(message_id=case((drafts.c.id == newest, message_id), else_=None))
    )


async def _change(connection: AsyncConnection, number: int, **values: object) -> bool:
    open_ = update(drafts).where(drafts.c.id == number, drafts.c.item.is_(None), drafts.c.cancelled_at.is_(None))
    return (await connection.execute(open_.values(**values))).rowcount > 0
