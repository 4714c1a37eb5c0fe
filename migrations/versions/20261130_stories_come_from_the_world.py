"""Stories come from the world."""

import sqlalchemy as sa
from alembic import op

revision = "b5e1a4f7c956"
down_revision = "a4d0f3e6b845"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "feeds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=1000), nullable=False),
        sa.Column("address", sa.String(length=1000), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("marks", sa.JSON(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("trouble", sa.String(length=20), nullable=True),
        sa.Column("troubled_since", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('fetching', 'paused', 'silent')", name=op.f("ck_feeds_state")),
        sa.ForeignKeyConstraint(["topic_id"], ["topics.id"], name=op.f("fk_feeds_topic_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feeds")),
        sa.UniqueConstraint("key", name=op.f("uq_feeds_key")),
    )
    op.create_table(
        "story_origins",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=1000), nullable=False),
        sa.Column("story_id", sa.Integer(), nullable=True),
        sa.Column("feed_id", sa.Integer(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["feed_id"], ["feeds.id"], name=op.f("fk_story_origins_feed_id")),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name=op.f("fk_story_origins_story_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_story_origins")),
        sa.UniqueConstraint("address", name=op.f("uq_story_origins_address")),
    )
    with op.batch_alter_table("story_origins", schema=None) as batch_op:
        batch_op.create_index("ix_story_origins_feed_id_found_at", ["feed_id", "found_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_story_origins_story_id"), ["story_id"], unique=False)
    op.add_column("stories", sa.Column("discarded_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("answers", sa.Column("declined_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("answers", sa.Column("note", sa.String(length=400), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("answers", "note")
    op.drop_column("answers", "declined_at")
    op.drop_column("stories", "discarded_at")
    op.drop_table("story_origins")
    op.drop_table("feeds")
