"""Work that only one process may do at a time.

A lease belongs to its holder until a moment; whoever comes afterwards may take it. Moments come from the processes' clocks, so these must
agree to within a fraction of the lease. That alone makes nothing safe: what is done under a lease says in its own transaction whose work
it is (see `data.outbox`).
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from sqlalchemy import delete, or_

from data.db import upsert
from data.tables import leases

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection


async def hold(connection: AsyncConnection, name: str, holder: str, now: dt.datetime, seconds: float) -> bool:
    """Take a lease or keep it; False while another holds it.

    One that would last longer than any that is given belongs to a clock that was ahead and has been set right since: anybody may take it.
    """
    until = now + dt.timedelta(seconds=seconds)
    statement = upsert(connection, leases).values(name=name, holder=holder, until=until)
    taken = statement.on_conflict_do_update(
        index_elements=[leases.c.name],
        set_={"holder": holder, "until": until},
        where=or_(leases.c.holder == holder, leases.c.until <= now, leases.c.until > now + dt.timedelta(seconds=2 * seconds)),
    )
    return (await connection.execute(taken)).rowcount > 0


async def let_go(connection: AsyncConnection, name: str, holder: str) -> None:
    """End a lease before its time, so that another need not wait."""
    await connection.execute(delete(leases).where(leases.c.name == name, leases.c.holder == holder))
