"""A share knows the requests that made it."""

revision = "0ad6f9ecf2eb"
down_revision = "f9c5e8dbe1da"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
