"""What is remembered of chats agrees with the database, whoever changed it."""

import pytest

from bot.following import FollowBook
from bot.memory import Memory
from bot.services import ChatBook
from bot.settings import Limits
from data.chats import ChatPreferences
from data.db import Database
from data.follows import NETWORK, Kind, Receiver, Target
from tests.fakes.clock import FakeClock
from tests.fakes.databases import engine
from tests.fakes.delivery import db, empty

__all__ = ["db", "empty", "engine"]  # fixtures

LVIV = Target(Kind.CITY, "lviv")


class Source:
    """Something to read, as often as it is asked for."""

    def __init__(self) -> None:
        self.reads = 0
        self.broken = False

    async def __call__(self) -> int:
        """The number of this reading."""
        if self.broken:
            raise OSError("gone")
        self.reads += 1
        return self.reads


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


async def test_what_was_read_lately_is_not_read_again(clock: FakeClock) -> None:
    memory, source = Memory[int](clock, 10, 30), Source()
    assert [await memory.recall(1, source) for _ in range(3)] == [1, 1, 1]
    clock.advance(29)
    assert await memory.recall(1, source) == 1


async def test_what_was_read_long_ago_is_read_again(clock: FakeClock) -> None:
    memory, source = Memory[int](clock, 10, 30), Source()
    await memory.recall(1, source)
    clock.advance(30)
    assert await memory.recall(1, source) == 2


async def test_while_it_cannot_be_read_the_last_is_the_best(clock: FakeClock) -> None:
    memory, source = Memory[int](clock, 10, 30), Source()
    await memory.recall(1, source)
    clock.advance(3600)
    source.broken = True
    assert await memory.recall(1, source) == 1
    with pytest.raises(OSError, match="gone"):
        await memory.recall(2, source)


async def test_what_changes_while_it_is_read_is_not_remembered(clock: FakeClock) -> None:
    memory, source = Memory[int](clock, 10, 30), Source()

    async def reads_too_early() -> int:
        found = await source()
        memory.forget(1)
        return found

    assert await memory.recall(1, reads_too_early) == 1
    assert await memory.recall(1, source) == 2


async def test_those_heard_of_longest_ago_are_forgotten_first(clock: FakeClock) -> None:
    memory, source = Memory[int](clock, 2, 30), Source()
    for chat in (1, 2, 1, 3):
        await memory.recall(chat, source)
    assert await memory.recall(1, source) == 1
    assert await memory.recall(2, source) == 4


async def test_what_one_process_changes_another_knows_at_last_even_if_nobody_tells_it(db: Database, clock: FakeClock) -> None:
    limits = Limits()
    here, there = [FollowBook(db, clock, limits.remembered_chats, limits.remembered) for _ in range(2)]
    chats_here, chats_there = [ChatBook(db, clock, limits.remembered_chats, limits.remembered) for _ in range(2)]
    chat = Receiver(1)
    assert await there.of(chat) == ()
    assert await chats_there.preferences(1) == ChatPreferences()
    await here.follow(chat, NETWORK)
    await here.follow(chat, LVIV)
    await chats_here.choose_language(1, "uk")
    clock.advance(limits.remembered)

    assert await there.targets(chat) == {NETWORK, LVIV}
    assert (await chats_there.preferences(1)).language == "uk"


async def test_chats_heard_of_together_are_not_all_read_anew_together(clock: FakeClock) -> None:
    memory, source = Memory[int](clock, 1_000, 100), Source()
    for chat in range(640):
        await memory.recall(chat, source)
    most = 0
    for _ in range(50):
        clock.advance(2)
        before = source.reads
        for chat in range(640):
            await memory.recall(chat, source)
        most = max(most, source.reads - before)
    assert source.reads >= 1_280, "each is read anew in time"
    assert most <= 40
