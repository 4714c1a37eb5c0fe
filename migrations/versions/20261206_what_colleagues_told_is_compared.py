"""What colleagues told can be compared."""

revision = "1be7a0fd03fc"
down_revision = "0ad6f9ecf2eb"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
