"""People come from a list."""

revision = "c6f2b5a8da67"
down_revision = "b5e1a4f7c956"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
