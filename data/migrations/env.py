"""Run by Alembic; the connection is handed over by `data.schema`."""

from typing import Any, Literal

from alembic import context

from data.tables import UtcDateTime, metadata


def render_item(_kind: str, item: Any, _autogen: Any) -> str | Literal[False]:
    """Write our own type as what it is in the database: a migration must outlive the module that the type lives in."""
    return "sa.DateTime(timezone=True)" if isinstance(item, UtcDateTime) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_item=render_item,
    # SQLite cannot alter a column; Alembic copies the table instead. https://alembic.sqlalchemy.org/en/latest/batch.html
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
