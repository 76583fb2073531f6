"""Write the next migration: `python -m data.migrations "what changes"`.

Compares `data.tables` with what the migrations make of an empty SQLite database. Read what it wrote, run `make format`, then the
storage tests.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command

from data.db import Database
from data.schema import MIGRATIONS, configuration

if TYPE_CHECKING:
    from sqlalchemy import Connection


def main() -> None:
    """Write it."""
    parser = argparse.ArgumentParser(prog="python -m data.migrations", description="Write the next migration.")
    parser.add_argument("about", help="what changes, in a few words")
    asyncio.run(_write(parser.parse_args().about))


async def _write(about: str) -> None:
    number = 1 + max((int(path.stem[:4]) for path in (MIGRATIONS / "versions").glob("[0-9]*.py")), default=0)

    def write(connection: Connection) -> None:
        # Step by step: `data.schema.upgrade` makes an empty database of the tables themselves, which would leave no difference to write.
        command.upgrade(configuration(connection), "head")
        command.revision(configuration(connection), message=about, autogenerate=True, rev_id=f"{number:04}")

    with tempfile.TemporaryDirectory() as folder:
        async with Database(f"sqlite:///{Path(folder) / 'scratch.db'}") as db, db.write() as connection:
            await connection.run_sync(write)


if __name__ == "__main__":
    main()
