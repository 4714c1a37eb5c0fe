"""What colleagues told is compared, and a share knows from which angle it was told."""

import sqlalchemy as sa
from alembic import op

revision = "1be7a0fd03fc"
down_revision = "0ad6f9ecf2eb"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("shares", sa.Column("angle", sa.String(length=10), nullable=False, server_default=""))
    # What was told before is not hashed: after thirty days the table is whole.
    op.create_table(
        "share_grams",
        sa.Column("gram", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("share_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["share_id"], ["shares.id"], name=op.f("fk_share_grams_share_id")),
        sa.PrimaryKeyConstraint("gram", "share_id", name=op.f("pk_share_grams")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_share_grams_at_share_id"), "share_grams", ["at", "share_id"])


def downgrade() -> None:
    op.drop_table("share_grams")
    op.drop_column("shares", "angle")
