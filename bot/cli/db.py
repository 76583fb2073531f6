"""`main.py db`: the tables of the database."""

from __future__ import annotations

import asyncio
import datetime as dt
import sys
from typing import TYPE_CHECKING

from bot.cli.progress import table_bar
from bot.exits import Exit
from bot.logs import reason
from bot.settings import read_settings
from data import copying, schema
from data.db import Database

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Mapping


def upgrade(_options: Namespace, environment: Mapping[str, str]) -> int:
    """Bring the tables up to date."""

    async def work() -> bool:
        async with Database(read_settings(environment).database.value) as db:
            return await schema.upgrade(db)

    print(f"upgraded to {schema.head()}" if asyncio.run(work()) else f"up to date at {schema.head()}")
    return Exit.DONE


def copy(options: Namespace, _environment: Mapping[str, str]) -> int:
    """Copy one database to another; neither address is printed, since it may hold a password."""
    try:
        copied = asyncio.run(copying.copy(options.source, options.target, dt.datetime.now(dt.UTC), table_bar("rows")))
    except copying.Refused as refused:
        print(f"main.py: {refused}", file=sys.stderr)
        return Exit.FAILED
    except copying.Unusable as unusable:
        print(f"main.py: {unusable.end}: the database cannot be used: {reason(unusable.__cause__ or unusable)}", file=sys.stderr)
        return Exit.FAILED
    for one in copied.differences:
        print(f"main.py: {one.table}: {one.source} rows in FROM, {one.target} in TO", file=sys.stderr)
    if copied.differences:
        print("main.py: the copy is not whole; begin again with an empty database", file=sys.stderr)
        return Exit.FAILED
    print(f"{copied.rows} rows in {len(copying.TABLES)} tables copied, counts compared")
    return Exit.DONE
