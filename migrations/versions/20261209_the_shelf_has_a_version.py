"""The shelf of live stories has a version, and a choice may have a second reason."""

import sqlalchemy as sa
from alembic import op

revision = "4e1ad320362f"
down_revision = "3d09c21f251e"
branch_labels = None
depends_on = None


def upgrade() -> None:
    shelf = op.create_table(
        "shelf",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shelf")),
    )
    op.bulk_insert(shelf, [{"id": 1, "version": 1}])
    with op.batch_alter_table("picks", schema=None) as batch_op:
        batch_op.add_column(sa.Column("also", sa.String(length=10), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("picks", schema=None) as batch_op:
        batch_op.drop_column("also")
    op.drop_table("shelf")
