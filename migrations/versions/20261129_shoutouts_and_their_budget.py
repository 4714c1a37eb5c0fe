"""Shout-outs and their budget."""

revision = "a4d0f3e6b845"
down_revision = "f3c9e2d5a734"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
