"""What chats follow, in memory for those seen lately, and where each of them stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.memory import Memory
from data import chats, digests, follows, moving, outbox
from data.reminders import record_of
from data.states import ChatState

if TYPE_CHECKING:
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
        self._known: Memory[tuple[Follow, ...]] = Memory(clock, most, seconds)

    async def of(self, receiver: Receiver) -> tuple[Follow, ...]:
        """What a chat or topic follows, paused or not, in the order in which it began."""

        async def read() -> tuple[Follow, ...]:
            async with self._db.read() as connection:
                return await follows.of_chat(connection, receiver.chat)

        return tuple(one for one in await self._known.recall(receiver.chat, read) if one.receiver == receiver)

    async def targets(self, receiver: Receiver) -> frozenset[Target]:
        """What a chat or topic gets news of."""
        return frozenset(one.target for one in await self.of(receiver) if not one.paused)

    async def follow(self, receiver: Receiver, target: Target, language: str | None = None) -> bool:
        """Follow something, or go on with what was paused; False if that was so already.

        News comes in `language` unless the chat chose one.
        """
        async with self._db.write() as connection:
            _, new = await follows.follow(connection, receiver, target, self._clock.now())
            if language:
                await chats.take_language(connection, receiver.chat, language)
        self._known.forget(receiver.chat)
        return new

    async def unfollow(self, receiver: Receiver, target: Target) -> bool:
        """Follow something no longer; False if it was not followed."""
        async with self._db.write() as connection:
            had = await follows.unfollow(connection, receiver, target)
        self._known.forget(receiver.chat)
        return had

    async def unfollow_all(self, receiver: Receiver) -> int:
        """Follow nothing any more; how many follows there were."""
        async with self._db.write() as connection:
            count = await follows.unfollow_all(connection, receiver)
        self._known.forget(receiver.chat)
        return count

    async def pause(self, receiver: Receiver, target: Target) -> None:
        """Get no news by this follow for the time being. One that was ended is made anew for it, so that it can go on."""
        async with self._db.write() as connection:
            found, _ = await follows.follow(connection, receiver, target, self._clock.now())
            await follows.pause(connection, receiver, found.number, self._clock.now())
        self._known.forget(receiver.chat)

    async def tune(
        self, receiver: Receiver, target: Target, *, pace: Pace | None = None, silent: bool | None = None, words: Words | None = None
    ) -> Follow | None:
        """Change when and how what matches a follow is told, as far as named; the follow as it is then, None if there is none."""
        async with self._db.write() as connection:
            tuned = await follows.tune(connection, receiver, target, pace=pace, silent=silent, words=words)
        self._known.forget(receiver.chat)
        return tuned

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
        async with self._db.write() as connection:
            if not await chats.is_known(connection, chat):
                return False
            await chats.meet(connection, chat, self._clock.now(), kind)
            changed = await chats.change_state(connection, chat, state, self._clock.now())
        return changed and state is ChatState.ACTIVE

    async def move(self, old: int, new: int) -> None:
        """A group became a supergroup: all it has goes along."""
        async with self._db.write() as connection:
            await moving.move_chat(connection, old, new, self._clock.now())
        self._known.forget(old, new)

    def changed(self, *chats_: int) -> None:
        """Somebody else changed what these chats follow."""
        self._known.forget(*chats_)
