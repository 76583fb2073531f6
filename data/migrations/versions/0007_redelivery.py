"""writes of updates that may come again; chats that changed

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "ledger",
        sa.Column("update_id", sa.BigInteger(), nullable=False),
        sa.Column("step", sa.String(length=32), nullable=False),
        sa.Column("outcome", sa.JSON(), nullable=True),
        sa.Column("written_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("update_id", "step", name=op.f("pk_ledger")),
    )
    op.create_index(op.f("ix_ledger_written_at"), "ledger", ["written_at"])
    op.create_table(
        "chat_changes",
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("chat_id", name=op.f("pk_chat_changes")),
    )
    op.create_index(op.f("ix_chat_changes_changed_at"), "chat_changes", ["changed_at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_chat_changes_changed_at"), "chat_changes")
    op.drop_table("chat_changes")
    op.drop_index(op.f("ix_ledger_written_at"), "ledger")
    op.drop_table("ledger")
