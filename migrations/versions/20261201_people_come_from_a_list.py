"""People come from a list, join when they first sign in, and values retire."""

import sqlalchemy as sa
from alembic import op

revision = "c6f2b5a8da67"
down_revision = "b5e1a4f7c956"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "people_lists",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("file_name", sa.String(length=120), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("counts", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_people_lists_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people_lists")),
    )
    with op.batch_alter_table("people_lists", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_people_lists_person_id"), ["person_id"], unique=False)
    op.add_column("people", sa.Column("joined_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_people_name_id", "people", ["name", "id"], unique=False)
    op.add_column("organisation_values", sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE people SET joined_at = "
        "(SELECT min(sign_ins.created_at) FROM sign_ins WHERE sign_ins.person_id = people.id)"
    )


def downgrade() -> None:
    op.drop_column("organisation_values", "retired_at")
    op.drop_index("ix_people_name_id", table_name="people")
    op.drop_column("people", "joined_at")
    op.drop_table("people_lists")
