"""`main.py db`: the tables of the database."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.exits import Exit
from bot.settings import read_settings
from data import schema
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
