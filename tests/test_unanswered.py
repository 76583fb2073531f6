"""What is kept of questions without an answer, on SQLite and on PostgreSQL alike: few words, for a while, and never who asked."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from bot.delivery import service
from bot.refusals import left_unanswered
from bot.settings import Limits
from data import schema
from data.db import Database
from data.names import tokens
from data.tables import unanswered as table
from data.unanswered import LONGEST_WORD, MOST_WORDS, Tally, Unanswered, listed, note, prune, tallies
from tests.fakes.clock import START as NOW
from tests.fakes.databases import address, engine

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from data.catalogue import Catalogue

__all__ = ["address", "engine"]  # fixtures

DAY = dt.timedelta(days=1)


@pytest_asyncio.fixture
async def db(address: str) -> AsyncIterator[Database]:
    """A database with all its tables and nothing in them."""
    async with Database(address) as database:
        await schema.upgrade(database)
        yield database


async def asks(db: Database, *words: str, language: str = "en", refusal: str = "unknown", at: dt.datetime = NOW) -> None:
    """A question without an answer is kept."""
    async with db.write() as connection:
        await note(connection, Unanswered(language, refusal, words), at)


async def tallied(db: Database, since: dt.datetime = NOW - DAY, language: str | None = None) -> list[Tally]:
    async with db.read() as connection:
        return await tallies(connection, since, language)


async def test_words_and_refusals_are_counted_by_language_the_most_frequent_first(db: Database) -> None:
    await asks(db, "zoo", "fee")
    await asks(db, "fee", "fee")
    await asks(db, refusal="other foreign")
    await asks(db, "збір", language="uk")

    assert await tallied(db) == [
        Tally("en", 3, [("fee", 2), ("zoo", 1)], [("unknown", 2), ("other foreign", 1)]),
        Tally("uk", 1, [("збір", 1)], [("unknown", 1)]),
    ]
    assert [tally.language for tally in await tallied(db, language="uk")] == ["uk"]
    assert await tallied(db, since=NOW + DAY) == []


async def test_long_words_and_more_than_twelve_are_left_out(db: Database) -> None:
    await asks(db, "x" * (LONGEST_WORD + 1), *(f"w{number}" for number in range(20)), refusal="r" * 100)

    async with db.read() as connection:
        ((question, asked_at),) = await listed(connection, NOW)
    assert question.words == tuple(f"w{number}" for number in range(MOST_WORDS))
    assert asked_at == NOW


async def test_the_newest_come_first_in_the_list(db: Database) -> None:
    for number in range(3):
        await asks(db, f"w{number}", at=NOW + number * DAY)

    async with db.read() as connection:
        assert [question.words for question, _ in await listed(connection, NOW + DAY)] == [("w2",), ("w1",)]


async def test_what_is_old_is_deleted_and_so_is_what_is_too_much(db: Database) -> None:
    for number in range(10):
        await asks(db, f"w{number}", at=NOW + number * DAY)
    async with db.write() as connection:
        assert await prune(connection, NOW + 2 * DAY, 5) == 5
        assert await prune(connection, NOW + 2 * DAY, 5) == 0

    async with db.read() as connection:
        assert [question.words for question, _ in await listed(connection, NOW)] == [(f"w{number}",) for number in range(9, 4, -1)]


async def test_a_running_bot_forgets_them_after_thirty_days(db: Database) -> None:
    await asks(db, "old")
    await asks(db, "new", at=NOW + DAY)
    await service.tidy(db, NOW + 30 * DAY + dt.timedelta(hours=1), Limits())

    async with db.read() as connection:
        assert await connection.scalar(select(func.count()).select_from(table)) == 1


@given(st.text(max_size=200))
def test_nothing_with_an_at_sign_or_more_than_four_digits_is_ever_kept(catalogue: Catalogue, text: str) -> None:
    kept = left_unanswered(text, catalogue.read(text), catalogue.lexicon, "en")  # type: ignore[arg-type]
    hidden = {token.norm for part in text.split() if "@" in part or sum(map(str.isdecimal, part)) > 4 for token in tokens(part)}

    assert not hidden & set(kept.words)
    assert not any("@" in word or sum(map(str.isdecimal, word)) > 4 for word in kept.words)
