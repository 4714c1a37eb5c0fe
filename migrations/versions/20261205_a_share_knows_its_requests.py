"""A share knows the requests that made it."""

import sqlalchemy as sa
from alembic import op

revision = "0ad6f9ecf2eb"
down_revision = "f9c5e8dbe1da"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "share_requests",
        sa.Column("key", sa.String(length=43), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("share_id", sa.Integer(), nullable=True),
        sa.Column("said", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_share_requests_person_id")),
        sa.ForeignKeyConstraint(["share_id"], ["shares.id"], name=op.f("fk_share_requests_share_id")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_share_requests")),
    )
    op.create_index(op.f("ix_share_requests_at"), "share_requests", ["at"])
    op.create_index(op.f("ix_share_requests_person_id"), "share_requests", ["person_id"])
    op.add_column("shares", sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("shares", "asked_at")
    op.drop_index(op.f("ix_share_requests_person_id"), table_name="share_requests")
    op.drop_index(op.f("ix_share_requests_at"), table_name="share_requests")
    op.drop_table("share_requests")
