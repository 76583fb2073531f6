"""Questions that had no answer, as far as whoever mends the word lists needs them: no text, no chat, no person."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, func, insert, select

from data.tables import unanswered

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection

MOST_WORDS: Final = 12
LONGEST_WORD: Final = 40
LONGEST_REFUSAL: Final = 64


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A question without an answer: what its asker reads, why it was refused, and the normalised words that nothing accounted for."""

    language: str
    refusal: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """What was asked in vain in one language: how many questions, how often each word and each kind of refusal, most frequent first."""

    language: str
    questions: int
    words: Sequence[tuple[str, int]]
    refusals: Sequence[tuple[str, int]]


async def note(connection: AsyncConnection, question: Unanswered, now: dt.datetime) -> None:
    """Keep a question; words beyond the twelfth, and those longer than 40 letters, are left out."""
    words = [word for word in question.words if len(word) <= LONGEST_WORD][:MOST_WORDS]
    values = {"language": question.language, "refusal": question.refusal[:LONGEST_REFUSAL], "words": " ".join(words), "asked_at": now}
    await connection.execute(insert(unanswered).values(**values))


async def tallies(connection: AsyncConnection, since: dt.datetime, language: str | None = None) -> list[Tally]:
    """What was asked in vain since then, language by language, the one with most questions first."""
    times = func.count().label("times")
    query = select(unanswered.c.language, unanswered.c.refusal, unanswered.c.words, times).where(unanswered.c.asked_at >= since)
    if language:
        query = query.where(unanswered.c.language == language)
    asked, words, refusals = Counter[str](), dict[str, Counter[str]](), dict[str, Counter[str]]()
    for row in await connection.execute(query.group_by(unanswered.c.language, unanswered.c.refusal, unanswered.c.words)):
        asked[row.language] += row.times
        refusals.setdefault(row.language, Counter())[row.refusal] += row.times
        for word in set(row.words.split()):
            words.setdefault(row.language, Counter())[word] += row.times
    return [Tally(lang, asked[lang], _ranked(words.get(lang, {})), _ranked(refusals[lang])) for lang, _ in _ranked(asked)]


async def listed(connection: AsyncConnection, since: dt.datetime, language: str | None = None) -> list[tuple[Unanswered, dt.datetime]]:
    """Each question since then and when it was asked, the newest first."""
    query = select(unanswered).where(unanswered.c.asked_at >= since).order_by(unanswered.c.asked_at.desc(), unanswered.c.id.desc())
    if language:
        query = query.where(unanswered.c.language == language)
    rows = await connection.execute(query)
    return [(Unanswered(row.language, row.refusal, tuple(row.words.split())), row.asked_at) for row in rows]


async def prune(connection: AsyncConnection, before: dt.datetime, most: int) -> int:
    """Delete what was asked before that moment, and all but the newest `most`; how many are gone."""
    old = await connection.execute(delete(unanswered).where(unanswered.c.asked_at < before))
    last = select(unanswered.c.id).order_by(unanswered.c.id.desc()).offset(most).limit(1).scalar_subquery()
    beyond = await connection.execute(delete(unanswered).where(unanswered.c.id <= last))
    return old.rowcount + beyond.rowcount


def _ranked(counted: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(counted.items(), key=lambda row: (-row[1], row[0]))
