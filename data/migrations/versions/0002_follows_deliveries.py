"""follows deliveries

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("chats", sa.Column("kind", sa.String(length=16), nullable=False, server_default="private"))
    op.add_column("chats", sa.Column("state", sa.String(length=16), nullable=False, server_default="active"))
    op.add_column("chats", sa.Column("state_at", MOMENT, nullable=True))
    # Ids of people are positive, those of groups negative, those of supergroups and channels below -10^12.
    op.execute("UPDATE chats SET kind = CASE WHEN chat_id > -1000000000000 THEN 'group' ELSE 'supergroup' END WHERE chat_id < 0")
    op.create_table(
        "follows",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("thread_id", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("target", sa.String(length=64), nullable=False),
        sa.Column("paused_at", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follows")),
        sa.UniqueConstraint("chat_id", "thread_id", "kind", "target", name=op.f("uq_follows_chat_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_follows_kind"), "follows", ["kind", "target", "id"])
    op.create_table(
        "item_targets",
        sa.Column("item", sa.String(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("target", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("item", "position", name=op.f("pk_item_targets")),
    )
    op.create_table(
        "publications",
        sa.Column("item", sa.String(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=64), nullable=True),
        sa.Column("published_by", sa.BigInteger(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("state_at", MOMENT, nullable=False),
        sa.Column("fanned_out_at", MOMENT, nullable=True),
        sa.Column("last_follow", sa.BigInteger(), nullable=False),
        sa.Column("cursor_position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("cursor_follow", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("item", name=op.f("pk_publications")),
    )
    op.create_table(
        "deliveries",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("item", sa.String(length=64), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("thread_id", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("follow", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("not_before", MOMENT, nullable=False),
        sa.Column("attempt", sa.Integer(), server_default="0", nullable=False),
        sa.Column("holder", sa.String(length=64), nullable=True),
        sa.Column("lease_until", MOMENT, nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(length=64), nullable=True),
        sa.Column("state_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("chat_id", "thread_id", "item", name=op.f("uq_deliveries_chat_id")),
    )
    op.create_index(op.f("ix_deliveries_item"), "deliveries", ["item", "state", "not_before"])
    held = sa.text("lease_until IS NOT NULL")
    op.create_index("ix_deliveries_lease_until", "deliveries", ["lease_until"], sqlite_where=held, postgresql_where=held)
    moved = sa.text("state = 'moved'")
    op.create_index("ix_deliveries_moved", "deliveries", ["reason"], sqlite_where=moved, postgresql_where=moved)
    op.create_table(
        "leases",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("holder", sa.String(length=64), nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_leases")),
    )


def downgrade() -> None:
    op.drop_table("leases")
    op.drop_table("deliveries")
    op.drop_table("publications")
    op.drop_table("item_targets")
    op.drop_table("follows")
    with op.batch_alter_table("chats") as chats:
        chats.drop_column("state_at")
        chats.drop_column("state")
        chats.drop_column("kind")
