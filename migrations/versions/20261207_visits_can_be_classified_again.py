"""Visits can be classified again."""

revision = "2cf8b10e140d"
down_revision = "1be7a0fd03fc"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
