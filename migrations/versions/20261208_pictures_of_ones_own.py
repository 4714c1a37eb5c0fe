"""Pictures of one's own."""

revision = "3d09c21f251e"
down_revision = "2cf8b10e140d"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
