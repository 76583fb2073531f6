"""sources, digests, quiet hours

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
HELD = sa.text("state IN ('daily', 'weekly')")
TIMING = ("quiet_from", "quiet_to", "digest_at", "digest_day")


def upgrade() -> None:
    for name in TIMING:
        op.add_column("chats", sa.Column(name, sa.Integer(), nullable=True))
    op.add_column("follows", sa.Column("pace", sa.String(length=8), nullable=False, server_default="instant"))
    op.add_column("follows", sa.Column("silent", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("follows", sa.Column("words", sa.Text(), nullable=True))
    op.add_column("deliveries", sa.Column("digest", sa.String(length=64), nullable=True))
    op.create_index("ix_deliveries_held", "deliveries", ["not_before"], sqlite_where=HELD, postgresql_where=HELD)
    op.create_table(
        "news_sources",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("lang", sa.String(length=16), nullable=False),
        sa.Column("selectors", sa.JSON(), nullable=False),
        sa.Column("keywords", sa.JSON(), nullable=False),
        sa.Column("trust", sa.String(length=8), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("verified_at", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("modified", sa.Text(), nullable=True),
        sa.Column("next_at", MOMENT, nullable=True),
        sa.Column("fetched_at", MOMENT, nullable=True),
        sa.Column("succeeded_at", MOMENT, nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("told_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_news_sources")),
    )
    op.create_table(
        "entries",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("item", sa.String(length=64), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("date", sa.String(length=10), nullable=True),
        sa.Column("lang", sa.String(length=16), nullable=False),
        sa.Column("cities", sa.JSON(), nullable=False),
        sa.Column("countries", sa.JSON(), nullable=False),
        sa.Column("topics", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(length=64), nullable=True),
        sa.Column("found_at", MOMENT, nullable=False),
        sa.Column("state_at", MOMENT, nullable=False),
        sa.Column("decided_by", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entries")),
        sa.UniqueConstraint("source", "key", name=op.f("uq_entries_source")),
        sqlite_autoincrement=True,
    )
    for columns in (["digest"], ["address"], ["state", "id"]):
        op.create_index(op.f(f"ix_entries_{columns[0]}"), "entries", columns)


def downgrade() -> None:
    op.drop_table("entries")
    op.drop_table("news_sources")
    op.drop_index("ix_deliveries_held", "deliveries")
    with op.batch_alter_table("deliveries") as deliveries:
        deliveries.drop_column("digest")
    with op.batch_alter_table("follows") as follows:
        for name in ("words", "silent", "pace"):
            follows.drop_column(name)
    with op.batch_alter_table("chats") as chats:
        for name in reversed(TIMING):
            chats.drop_column(name)
