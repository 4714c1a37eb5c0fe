"""Pictures of one's own."""

import sqlalchemy as sa
from alembic import op

revision = "3d09c21f251e"
down_revision = "2cf8b10e140d"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "share_photos",
        sa.Column("share_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=22), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("alt", sa.String(length=250), nullable=False),
        sa.Column("consent", sa.String(length=6), nullable=False),
        sa.Column("consented_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("consent IN ('nobody', 'agreed')", name=op.f("ck_share_photos_consent")),
        sa.ForeignKeyConstraint(
            ["share_id"], ["shares.id"], name=op.f("fk_share_photos_share_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("share_id", name=op.f("pk_share_photos")),
        sa.UniqueConstraint("name", name=op.f("uq_share_photos_name")),
    )


def downgrade() -> None:
    op.drop_table("share_photos")
