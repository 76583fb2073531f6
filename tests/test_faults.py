"""The audit behind `make faults` finds whatever delivery must not do: one that finds nothing would prove nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pytest

from data.follows import Receiver
from data.states import DeliveryState
from tests.faults.audit import LEASE_RAN_OUT, SENT, Books, End, Row, Taken, audit

LESIA, ADA, FORUM = Receiver(101), Receiver(102), Receiver(-1003, 7)
BLOCKED: Final = End(DeliveryState.UNREACHABLE, "blocked", taken=False)
GOOD: Final = Books(
    rows=[Row(LESIA, "sent", None, 1), Row(ADA, "unreachable", "blocked", None), Row(FORUM, "sent", None, 5)],
    taken=[Taken(LESIA, 1), Taken(FORUM, 5)],
    ends={LESIA: SENT, ADA: BLOCKED, FORUM: SENT},
)
LOST: Final = Row(LESIA, "uncertain", LEASE_RAN_OUT, None)


def test_books_that_are_as_promised_pass() -> None:
    assert audit(GOOD) == []


@pytest.mark.parametrize("taken", [True, False])
def test_a_request_under_way_at_a_kill_may_be_in_doubt_whether_it_arrived_or_not(taken: bool) -> None:
    books = replace(GOOD, rows=[LOST, *GOOD.rows[1:]], taken=GOOD.taken[0 if taken else 1 :])
    assert audit(replace(books, in_flight=1)) == []
    assert len(audit(books)) == 1, "but not one more than were under way"


@pytest.mark.parametrize(
    ("books", "found"),
    [
        (replace(GOOD, taken=[*GOOD.taken, Taken(LESIA, 2)]), "got it 2 times"),
        (replace(GOOD, rows=[LOST, *GOOD.rows[1:]], taken=[*GOOD.taken, Taken(LESIA, 2)], in_flight=1), "got it 2 times"),
        (replace(GOOD, rows=GOOD.rows[1:]), "has no row"),
        (replace(GOOD, rows=[*GOOD.rows, GOOD.rows[0]]), "has 2 rows"),
        (replace(GOOD, taken=GOOD.taken[1:]), "took no such message"),
        (replace(GOOD, rows=[Row(LESIA, "sent", None, 9), *GOOD.rows[1:]]), "took no such message"),
        (replace(GOOD, rows=[Row(LESIA, "queued", None, None), *GOOD.rows[1:]], taken=GOOD.taken[1:]), "queued, None instead of sent"),
        (replace(GOOD, rows=[Row(LESIA, "uncertain", "PerhapsSent", None), *GOOD.rows[1:]], in_flight=9), "instead of sent"),
        (replace(GOOD, rows=[Row(LESIA, "failed", "BadRequest", None), *GOOD.rows[1:]]), "failed, BadRequest instead of sent"),
        (replace(GOOD, taken=[*GOOD.taken, Taken(ADA, 3)]), "Telegram has the message"),
        (replace(GOOD, taken=[*GOOD.taken, Taken(Receiver(9), 3)]), "follows nothing"),
        (replace(GOOD, rows=[*GOOD.rows, Row(Receiver(9), "unreachable", "gone", None)]), "follows nothing"),
    ],
)
def test_whatever_was_promised_and_not_kept_is_found(books: Books, found: str) -> None:
    assert any(found in line for line in audit(books)), audit(books)
