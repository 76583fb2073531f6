"""What chats follow, in memory for those seen lately, and where each of them stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.memory import Memory
from bot.writing import Writer
from data import chats, digests, follows, moving, outbox
from data.reminders import record_of
from data.states import ChatState

if TYPE_CHECKING:
    import datetime as dt

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.services import Clock
    from data.db import Database
    from data.digests import Upcoming
    from data.follows import Follow, Pace, Receiver, Target, Words
    from data.outbox import HeldBack, Missed
    from data.states import ChatKind

MOST_MISSED = 50
"""Items that a chat missed and is told of at most."""


class FollowBook:
    """The follows of chats and topics. Cards ask at each showing, so those of chats seen lately stay in memory."""

    def __init__(self, db: Database, clock: Clock, most: int, seconds: float = 30) -> None:
        self._db = db
        self._clock = clock
        self._writer = Writer(db, clock)
        self._known: Memory[tuple[Follow, ...]] = Memory(clock, most, seconds)

    async def of(self, receiver: Receiver) -> tuple[Follow, ...]:
        """What a chat or topic follows, paused or not, in the order in which it began: as it is now, whichever process changed it."""
        return await self._of(receiver, anew=True)

    async def targets(self, receiver: Receiver) -> frozenset[Target]:
        """What a chat or topic gets news of, for cards; another process may have changed it just now."""
        return frozenset(one.target for one in await self._of(receiver) if not one.paused)

    async def _of(self, receiver: Receiver, *, anew: bool = False) -> tuple[Follow, ...]:
        async def read() -> tuple[Follow, ...]:
            async with self._db.read() as connection:
                return await follows.of_chat(connection, receiver.chat)

        return tuple(one for one in await self._known.recall(receiver.chat, read, anew=anew) if one.receiver == receiver)

    async def follow(self, receiver: Receiver, target: Target, language: str | None = None) -> bool:
        """Follow something, or go on with what was paused; False if that was so already.

        News comes in `language` unless the chat chose one.
        """

        async def write(connection: AsyncConnection, now: dt.datetime) -> bool:
            _, new = await follows.follow(connection, receiver, target, now)
            if language:
                await chats.take_language(connection, receiver.chat, language)
            return new

        new = await self._writer.once("follow", write, receiver.chat)
        self._known.forget(receiver.chat)
        return new

    async def unfollow(self, receiver: Receiver, target: Target) -> bool:
        """Follow something no longer; False if it was not followed."""
        had = await self._writer.once("unfollow", lambda connection, _now: follows.unfollow(connection, receiver, target), receiver.chat)
        self._known.forget(receiver.chat)
        return had

    async def unfollow_all(self, receiver: Receiver) -> int:
        """Follow nothing any more; how many follows there were."""
        count = await self._writer.once("unfollow_all", lambda connection, _now: follows.unfollow_all(connection, receiver), receiver.chat)
        self._known.forget(receiver.chat)
        return count

    async def pause(self, receiver: Receiver, target: Target) -> None:
        """Get no news by this follow for the time being. One that was ended is made anew for it, so that it can go on."""

        async def write(connection: AsyncConnection, now: dt.datetime) -> None:
            found, _ = await follows.follow(connection, receiver, target, now)
            await follows.pause(connection, receiver, found.number, now)

        await self._writer.once("pause", write, receiver.chat)
        self._known.forget(receiver.chat)

    async def tune(
        self, receiver: Receiver, target: Target, *, pace: Pace | None = None, silent: bool | None = None, words: Words | None = None
    ) -> Follow | None:
        """Change when and how what matches a follow is told, as far as named; the follow as it is then, None if there is none."""

        async def write(connection: AsyncConnection, _now: dt.datetime) -> bool:
            return await follows.tune(connection, receiver, target, pace=pace, silent=silent, words=words) is not None

        await self._writer.once("tune", write, receiver.chat)
        self._known.forget(receiver.chat)
        return next((one for one in await self.of(receiver) if one.target == target), None)

    async def upcoming(self, receiver: Receiver) -> tuple[Upcoming, ...]:
        """The next digests of a chat or topic for which something waits, the earliest first."""
        async with self._db.read() as connection:
            return await digests.upcoming(connection, receiver, self._clock.now())

    async def held_back(self, chat: int) -> tuple[HeldBack, ...]:
        """What waits for the end of a chat's quiet hours, in all of its topics."""
        async with self._db.read() as connection:
            return tuple(await outbox.held_back(connection, chat))

    async def missed(self, receiver: Receiver) -> tuple[Missed, ...]:
        """News that did not reach a chat or topic, or perhaps did not; the newest first."""
        async with self._db.read() as connection:
            found = await outbox.missed(connection, receiver.chat, MOST_MISSED)
        return tuple(one for one in found if one.receiver == receiver)

    async def missed_anywhere(self, chat: int) -> int:
        """How many different items did not reach a chat, in whatever topic."""
        async with self._db.read() as connection:
            return len({record_of(one.item) for one in await outbox.missed(connection, chat, MOST_MISSED)})

    async def note_state(self, chat: int, kind: ChatKind, state: ChatState) -> bool:
        """Telegram said whether a chat can be written to; True if it can again. Nothing is kept of a chat that nothing is known of."""

        async def write(connection: AsyncConnection, now: dt.datetime) -> bool:
            if not await chats.is_known(connection, chat):
                return False
            await chats.meet(connection, chat, now, kind)
            return await chats.change_state(connection, chat, state, now)

        return await self._writer.once("state", write) and state is ChatState.ACTIVE

    async def move(self, old: int, new: int) -> None:
        """A group became a supergroup: all it has goes along."""
        await self._writer.once("move", lambda connection, now: moving.move_chat(connection, old, new, now), old, new)
        self._known.forget(old, new)

    def changed(self, *chats_: int) -> None:
        """Somebody else changed what these chats follow."""
        self._known.forget(*chats_)
