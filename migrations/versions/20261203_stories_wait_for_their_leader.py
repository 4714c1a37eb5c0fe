"""Stories wait for the leader who goes first, and may be for some roles only."""

import sqlalchemy as sa
from alembic import op

revision = "e8b4d7caf0c9"
down_revision = "d7a3c6b9eb78"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("stories", schema=None) as batch_op:
        batch_op.add_column(sa.Column("told_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("overridden_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("for_roles", sa.Integer(), nullable=False, server_default="0"))
        batch_op.create_check_constraint(op.f("ck_stories_for_roles"), "for_roles BETWEEN 0 AND 15")
    op.create_table(
        "leader_overrides",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("story_id", sa.Integer(), nullable=False),
        sa.Column("leader_id", sa.Integer(), nullable=False),
        sa.Column("curator_id", sa.Integer(), nullable=False),
        sa.Column("opened", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name=op.f("fk_leader_overrides_story_id")),
        sa.ForeignKeyConstraint(["leader_id"], ["people.id"], name=op.f("fk_leader_overrides_leader_id")),
        sa.ForeignKeyConstraint(["curator_id"], ["people.id"], name=op.f("fk_leader_overrides_curator_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leader_overrides")),
    )
    with op.batch_alter_table("leader_overrides", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_leader_overrides_story_id"), ["story_id"], unique=False)
    op.execute(
        "UPDATE stories SET told_at = (SELECT at FROM leaders_told WHERE leaders_told.story_id = stories.id"
        " AND leaders_told.person_id = stories.leader_id)"
    )
    # What people see already does not vanish.
    op.execute(
        "UPDATE stories SET overridden_at = publish_at"
        " WHERE state = 'published' AND leader_id IS NOT NULL AND told_at IS NULL"
    )


def downgrade() -> None:
    op.drop_table("leader_overrides")
    with op.batch_alter_table("stories", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_stories_for_roles"), type_="check")
        batch_op.drop_column("for_roles")
        batch_op.drop_column("overridden_at")
        batch_op.drop_column("told_at")
