"""Stories are found by their words."""

revision = "f9c5e8dbe1da"
down_revision = "e8b4d7caf0c9"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
