"""Compares what Telegram took with what the rows say."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from data.states import DeliveryState

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from data.follows import Receiver

LEASE_RAN_OUT: Final = "lease ran out"
"""Reason of a row whose sender fell silent between its request and the answer."""

ANSWER_TIMED_OUT: Final = "AnswerTimedOut"
"""Reason of a row whose answer did not come in time."""


class Taken(NamedTuple):
    """A message that Telegram took."""

    receiver: Receiver
    message_id: int


class Row(NamedTuple):
    """What the bot says became of the item in one chat or topic."""

    receiver: Receiver
    state: str
    reason: str | None
    message_id: int | None


@dataclass(frozen=True, slots=True)
class End:
    """How a delivery must end: the row's state and reason, and whether Telegram has the message."""

    state: DeliveryState = DeliveryState.SENT
    reason: str | None = None
    taken: bool = True


SENT: Final = End()


@dataclass(frozen=True, slots=True)
class Books:
    """What is compared. Of receivers, those without an `ends` of their own must have the item.

    `in_flight` is how many requests may have been under way when a sender was killed; `doubts` are the reasons that their rows may give.
    """

    rows: Sequence[Row]
    taken: Sequence[Taken]
    ends: Mapping[Receiver, End]
    in_flight: int = 0
    doubts: Collection[str] = (LEASE_RAN_OUT,)

    @property
    def states(self) -> Counter[str]:
        """How many rows are in which state."""
        return Counter(row.state for row in self.rows)

    @property
    def copies(self) -> Counter[Receiver]:
        """How often Telegram took the item for each receiver."""
        return Counter(one.receiver for one in self.taken)

    @property
    def duplicates(self) -> int:
        """Copies beyond the first."""
        return sum(count - 1 for count in self.copies.values())

    def is_lost(self, row: Row) -> bool:
        """Whether it is of a request whose sender fell silent."""
        foreseen = self.ends.get(row.receiver, SENT).reason
        return row.state == DeliveryState.UNCERTAIN and row.reason in self.doubts and row.reason != foreseen


def audit(books: Books) -> list[str]:
    """What is wrong, a line each; nothing if delivery kept its promises."""
    return [*_copied(books), *_left_out(books), *_untrue(books), *_lost(books)]


def _copied(books: Books) -> Iterator[str]:
    for receiver, count in books.copies.items():
        if count > 1:
            yield f"{receiver} got it {count} times"


def _left_out(books: Books) -> Iterator[str]:
    listed = Counter(row.receiver for row in books.rows)
    for receiver, count in listed.items():
        if count > 1:
            yield f"{receiver} has {count} rows"
    for receiver in books.ends.keys() - listed.keys():
        yield f"{receiver} has no row"
    for receiver in (listed.keys() | books.copies.keys()) - books.ends.keys():
        yield f"{receiver} follows nothing"


def _untrue(books: Books) -> Iterator[str]:
    copies = books.copies
    numbers = {(one.receiver, one.message_id) for one in books.taken}
    for row in books.rows:
        says = f"{row.receiver}: the row says {row.state}, {row.reason}"
        if row.state == DeliveryState.SENT and (row.receiver, row.message_id) not in numbers:
            yield f"{says}, and Telegram took no such message"
        if books.is_lost(row):
            continue
        end = books.ends.get(row.receiver, SENT)
        if (row.state, row.reason) != (end.state, end.reason):
            yield f"{says} instead of {end.state}, {end.reason}"
        if bool(copies[row.receiver]) is not end.taken:
            yield f"{says}, and Telegram {'has' if copies[row.receiver] else 'does not have'} the message"


def _lost(books: Books) -> Iterator[str]:
    lost = sum(map(books.is_lost, books.rows))
    if lost > books.in_flight:
        yield f"{lost} rows of requests cut short, though at most {books.in_flight} were under way"
