"""Reminders."""

revision = "d7a3c6b9eb78"
down_revision = "c6f2b5a8da67"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
