"""Where admins write news: drafts that survive a restart, publishing, and how a delivery goes."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from bot.writing import Writer
from data import drafts, entries, follows, news, publications

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.newsdesk import NewsDesk
    from bot.services import Clock
    from data.db import Database
    from data.drafts import Written
    from data.follows import Target
    from data.publications import Progress


class Newsroom:
    """What /publish does, over the database."""

    def __init__(self, db: Database, clock: Clock, open_desk: Callable[[], NewsDesk]) -> None:
        self._db = db
        self._clock = clock
        self._writer = Writer(db, clock)
        self._open_desk = open_desk

    @cached_property
    def desk(self) -> NewsDesk:
        """Where sources of news are looked after. Opened when it is first wanted: a start need not wait for what it brings along."""
        return self._open_desk()

    @property
    def today(self) -> str:
        """The date that news of today carry."""
        return f"{self._clock.now():%Y-%m-%d}"

    async def begin(self, admin: int, text: str, url: str, language: str, corrects: str | None = None) -> int:
        """Keep what an admin typed, as new news or for a published item; the number of the draft."""
        return await self._writer.once("draft", lambda connection, now: drafts.keep(connection, admin, text, url, language, now, corrects))

    async def draft(self, number: int) -> Written | None:
        """A draft, in whatever state."""
        async with self._db.read() as connection:
            return await drafts.by_number(connection, number)

    async def rewrite(self, number: int, text: str) -> bool:
        """Other words; False if it is too late."""
        return await self._writer.once("rewrite", lambda connection, _now: drafts.rewrite(connection, number, text))

    async def drop(self, number: int) -> bool:
        """Leave a draft; False if it is too late."""
        return await self._writer.once("drop", lambda connection, now: drafts.cancel(connection, number, now))

    async def publish(self, number: int, draft: news.Draft) -> str | None:
        """Publish a draft, or correct what it corrects; the item, or None if that was done before. Raises data.news.WrongNews."""

        async def write(connection: AsyncConnection, now: dt.datetime) -> str | None:
            item = await drafts.publish(connection, number, draft, now)
            if item:
                await entries.wrote(connection, number, item, now)
            return item

        return await self._writer.once("publish", write)

    async def show_on(self, item: str, message_id: int | None) -> None:
        """Which message tells how the delivery of an item goes."""
        await self._writer.once("show_on", lambda connection, _now: drafts.show_on(connection, item, message_id))

    async def shown(self) -> list[Written]:
        """Drafts whose delivery a message tells of."""
        async with self._db.read() as connection:
            return await drafts.published(connection)

    async def receivers(self, targets: Sequence[Target]) -> int:
        """How many chats and topics would get it now."""
        async with self._db.read() as connection:
            return await follows.count_receivers(connection, targets)

    async def progress(self, item: str) -> Progress | None:
        """How the delivery of an item goes."""
        async with self._db.read() as connection:
            return await publications.progress(connection, item)

    async def words(self, item: str) -> news.Draft | None:
        """What a published item says now; None if it is withdrawn."""
        async with self._db.read() as connection:
            return await news.present(connection, item)

    async def recent(self, admin: int, most: int) -> list[Progress]:
        """The newest items that an admin may want to look after."""
        async with self._db.read() as connection:
            return await publications.recent(connection, admin, most)

    async def pause(self, item: str) -> bool:
        """Send no more for the time being."""
        return await self._writer.once("pause_item", lambda connection, now: publications.pause(connection, item, now))

    async def resume(self, item: str) -> bool:
        """Go on."""
        return await self._writer.once("resume_item", lambda connection, now: publications.resume(connection, item, now))

    async def stop(self, item: str) -> bool:
        """Send no more, for good; what was sent stays."""
        return await self._writer.once("stop_item", lambda connection, now: publications.cancel(connection, item, now))

    async def withdraw(self, item: str) -> bool:
        """Take an item back: readers do not see it any more, and its messages are deleted little by little."""
        return await news.withdraw(self._db, item, self._clock.now())
