"""Stories come from the world."""

revision = "b5e1a4f7c956"
down_revision = "a4d0f3e6b845"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
