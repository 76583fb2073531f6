"""Alembic revisions: one lineage for both engines."""
