"""What was written because of an update, so that the same update, brought again, writes nothing a second time.

Telegram brings an update until it gets a 200, and whoever was to give it may have been killed after its transaction. So each write puts
a row here in the same transaction; the update that comes again, perhaps to another process, finds it and gets what came of it then.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from sqlalchemy import delete, select, update

from data.db import upsert
from data.tables import ledger

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from sqlalchemy.ext.asyncio import AsyncConnection

KEPT: Final = dt.timedelta(hours=48)
"""Telegram forgets updates after 24 hours."""

IN_HAND: Final = "in hand"
"""The step of an update that takes long."""

T = TypeVar("T", bound=bool | int | str | None)


class Step(NamedTuple):
    """One write of one update; the name holds 32 characters at most."""

    update: int
    name: str


async def once(connection: AsyncConnection, step: Step | None, act: Callable[[], Awaitable[T]], now: dt.datetime) -> T:
    """Act, unless that was done for this update before: then what came of it. Without a step, act.

    Where two processes do the same step at the same time, the second waits for the first. What `act` raises undoes the step, too, provided
    that it ends the transaction.
    """
    if step is None:
        return await act()
    entry = upsert(connection, ledger).values(update_id=step.update, step=step.name, written_at=now)
    here = (ledger.c.update_id == step.update) & (ledger.c.step == step.name)
    if not (await connection.execute(entry.on_conflict_do_nothing())).rowcount:
        outcome: T = await connection.scalar(select(ledger.c.outcome).where(here))  # type: ignore[assignment]
        return outcome
    outcome = await act()
    await connection.execute(update(ledger).where(here).values(outcome=outcome))
    return outcome


async def prune(connection: AsyncConnection, now: dt.datetime, most: int) -> int:
    """Delete what is so old that its update cannot come again, at most so many; how many are gone."""
    old = select(ledger.c.update_id, ledger.c.step).where(ledger.c.written_at < now - KEPT).limit(most)
    steps = [Step(*row) for row in await connection.execute(old)]
    for step in steps:
        await connection.execute(delete(ledger).where(ledger.c.update_id == step.update, ledger.c.step == step.name))
    return len(steps)


async def note_in_hand(connection: AsyncConnection, number: int, now: dt.datetime, *, handled: bool) -> None:
    """An update takes long: whoever is brought it meanwhile must not handle it, too; or it was handled at last."""
    row = upsert(connection, ledger).values(update_id=number, step=IN_HAND, outcome=handled, written_at=now)
    keys = [ledger.c.update_id, ledger.c.step]
    await connection.execute(row.on_conflict_do_update(index_elements=keys, set_={"outcome": handled, "written_at": now}))


async def let_go(connection: AsyncConnection, number: int) -> None:
    """It was not handled after all: anybody may."""
    await connection.execute(delete(ledger).where(ledger.c.update_id == number, ledger.c.step == IN_HAND))


async def in_hand(connection: AsyncConnection, since: dt.datetime) -> dict[int, bool]:
    """The updates that were noted since then, and whether they were handled."""
    query = select(ledger.c.update_id, ledger.c.outcome).where(ledger.c.step == IN_HAND, ledger.c.written_at >= since)
    return {row.update_id: row.outcome for row in await connection.execute(query)}
