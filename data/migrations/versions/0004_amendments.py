"""corrections of what was sent

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    # Columns are added and dropped one by one: SQLite does that in place, and a batch would copy millions of rows.
    op.add_column("publications", sa.Column("revision", sa.Integer(), server_default="0", nullable=False))
    op.add_column("publications", sa.Column("amending_at", MOMENT, nullable=True))
    op.add_column("publications", sa.Column("amended", sa.Integer(), server_default="0", nullable=False))
    op.add_column("publications", sa.Column("unamended", sa.Integer(), server_default="0", nullable=False))
    op.add_column("deliveries", sa.Column("revision", sa.Integer(), server_default="0", nullable=False))
    op.add_column("drafts", sa.Column("corrects", sa.String(length=64), nullable=True))
    op.drop_column("drafts", "withdrawn_to")


def downgrade() -> None:
    op.add_column("drafts", sa.Column("withdrawn_to", sa.BigInteger(), server_default="0", nullable=False))
    op.drop_column("drafts", "corrects")
    op.drop_column("deliveries", "revision")
    for column in ("unamended", "amended", "amending_at", "revision"):
        op.drop_column("publications", column)
