"""Signing in by mail."""

revision = "f3c9e2d5a734"
down_revision = "e2b8d1c4f623"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
