"""Reminders: when each person is next looked at."""

import sqlalchemy as sa
from alembic import op

revision = "d7a3c6b9eb78"
down_revision = "c6f2b5a8da67"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "next_looks",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("to_remind", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_next_looks_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_next_looks")),
    )
    with op.batch_alter_table("next_looks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_next_looks_at"), ["at"], unique=False)


def downgrade() -> None:
    op.drop_table("next_looks")
