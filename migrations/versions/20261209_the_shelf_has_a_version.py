"""The shelf of live stories has a version."""

revision = "4e1ad320362f"
down_revision = "3d09c21f251e"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
