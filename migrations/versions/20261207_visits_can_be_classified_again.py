"""Visits can be classified again, and people say whether clicks are counted."""

import sqlalchemy as sa
from alembic import op

revision = "2cf8b10e140d"
down_revision = "1be7a0fd03fc"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("visits", schema=None) as batch_op:
        batch_op.add_column(sa.Column("day", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("rules_version", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("method", sa.String(length=8), nullable=True))
        batch_op.add_column(sa.Column("user_agent", sa.String(length=512), nullable=True))
        batch_op.add_column(sa.Column("purpose", sa.String(length=80), nullable=True))
        batch_op.add_column(sa.Column("fetch_mode", sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column("age", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("by_sharer", sa.Boolean(), nullable=True))
        batch_op.create_index("ix_visits_day_share_id", ["day", "share_id"], unique=False)
    op.add_column("people", sa.Column("counts_clicks", sa.Boolean(), server_default=sa.true(), nullable=False))


def downgrade() -> None:
    op.drop_column("people", "counts_clicks")
    with op.batch_alter_table("visits", schema=None) as batch_op:
        batch_op.drop_index("ix_visits_day_share_id")
        for name in ("by_sharer", "age", "fetch_mode", "purpose", "user_agent", "method", "rules_version", "day"):
            batch_op.drop_column(name)
