"""What is remembered of what people wrote.

In memory are each one's last question and the messages that answered, in the database the words of questions without an answer.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, NamedTuple

from bot.logs import event, reason
from bot.reports import ReportLimit
from bot.writing import Writer
from data import unanswered
from data.db import is_storage_error

if TYPE_CHECKING:
    from bot.screens.pages import Page
    from bot.services import Clock
    from bot.settings import Limits
    from data.db import Database
    from data.follows import Receiver
    from data.questions.reading import Reading
    from data.unanswered import Tally, Unanswered

LOG: Final = logging.getLogger(__name__)

MINUTES: Final = 15.0
"""How long a question may be gone on from."""
REMEMBERED: Final = 10_000
"""Questions, and answers to them, remembered at most; those of the longest silent are forgotten first."""


class Speaker(NamedTuple):
    """Somebody in a chat or a topic: in a group each has a talk of their own."""

    place: Receiver
    user: int


@dataclass(frozen=True, slots=True)
class Turn:
    """A question as it was understood, what opens the next page of its answer, and the turn before it.

    `question` is the number of its message; 0 for a pressed button.
    """

    question: int
    reading: Reading | None
    onward: Page | None = None
    before: Turn | None = None


class Conversations:
    """Last questions and their answers in memory, so that a restart forgets them; nothing of them but words without an answer is stored."""

    def __init__(self, db: Database, clock: Clock, limits: Limits) -> None:
        self.reports = ReportLimit(limits.reports_per_hour)
        self._db = db
        self._clock = clock
        self._writer = Writer(db, clock)
        self._days = limits.unanswered_kept_days
        self._turns: OrderedDict[Speaker, tuple[float, Turn]] = OrderedDict()
        self._answers: OrderedDict[tuple[int, int], int] = OrderedDict()

    def last(self, speaker: Speaker) -> Turn | None:
        """What was asked last, if that was just now."""
        self._drop_old()
        _at, turn = self._turns.get(speaker, (0.0, None))
        return turn

    def note(self, speaker: Speaker, turn: Turn) -> None:
        """Remember what was asked; of the turn before it no more than one."""
        self._drop_old()
        turn = replace(turn, before=turn.before and replace(turn.before, before=None))
        _keep(self._turns, speaker, (self._clock.monotonic(), turn))

    def _drop_old(self) -> None:
        """Forget talks that are over; they stand in the order in which they were last gone on with."""
        while self._turns:
            speaker, (at, _turn) = next(iter(self._turns.items()))
            if self._clock.monotonic() - at < MINUTES * 60:
                break
            del self._turns[speaker]

    def answer_to(self, chat: int, question: int) -> int | None:
        """The message that answered a message."""
        return self._answers.get((chat, question))

    def answered(self, chat: int, question: int, answer: int) -> None:
        """Remember which message answered a message."""
        _keep(self._answers, (chat, question), answer)

    def forget(self, chat: int) -> None:
        """Know no longer what was asked in a chat."""
        for speaker in [speaker for speaker in self._turns if speaker.place.chat == chat]:
            del self._turns[speaker]
        for key in [key for key in self._answers if key[0] == chat]:
            del self._answers[key]

    async def leave_unanswered(self, question: Unanswered) -> None:
        """Keep the words of a question without an answer; if that fails, nobody is the worse for it."""
        try:
            await self._writer.once("unanswered", lambda connection, now: unanswered.note(connection, question, now))
        except Exception as error:
            if not is_storage_error(error):
                raise
            event(LOG, "unanswered_not_kept", logging.WARNING, reason=reason(error))

    async def unanswered(self) -> list[Tally]:
        """What was asked in vain lately, language by language."""
        async with self._db.read() as connection:
            return await unanswered.tallies(connection, self._clock.now() - dt.timedelta(days=self._days))


def _keep(memory: OrderedDict, key: object, value: object) -> None:  # type: ignore[type-arg]
    memory[key] = value
    memory.move_to_end(key)
    if len(memory) > REMEMBERED:
        memory.popitem(last=False)
