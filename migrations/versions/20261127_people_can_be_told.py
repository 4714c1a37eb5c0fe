"""People can be told: subscriptions, notices and choices."""

import sqlalchemy as sa
from alembic import op

revision = "e2b8d1c4f623"
down_revision = "d1a7c0b3e512"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("words", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("text_number", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_as", sa.String(length=10), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("local_date", sa.Date(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("digest_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("kind IN ('stories', 'shoutout', 'digest', 'test')", name=op.f("ck_notices_kind")),
        sa.CheckConstraint(
            "sent_as IS NULL OR sent_as IN ('push', 'mail', 'digest', 'dropped')",
            name=op.f("ck_notices_sent_as"),
        ),
        sa.ForeignKeyConstraint(["digest_id"], ["notices.id"], name=op.f("fk_notices_digest_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_notices_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("key", name=op.f("uq_notices_key")),
    )
    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notices_created_at"), ["created_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_notices_digest_id"), ["digest_id"], unique=False)
        batch_op.create_index("ix_notices_person_id_local_date", ["person_id", "local_date"], unique=False)
        batch_op.create_index(
            "ix_notices_waiting",
            ["person_id"],
            unique=False,
            sqlite_where=sa.text("sent_as IS NULL"),
            postgresql_where=sa.text("sent_as IS NULL"),
        )

    op.create_table(
        "push_choices",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("stories_a_week", sa.Integer(), nullable=False),
        sa.Column("slot", sa.String(length=5), nullable=True),
        sa.Column("hours", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("at_night", sa.Boolean(), nullable=False),
        sa.Column("shoutouts", sa.Boolean(), nullable=False),
        sa.Column("detail", sa.Boolean(), nullable=False),
        sa.Column("by_mail", sa.Boolean(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("comebacks", sa.Integer(), nullable=False),
        sa.CheckConstraint("stories_a_week BETWEEN 0 AND 5", name=op.f("ck_push_choices_stories_a_week")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_push_choices_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_push_choices")),
    )
    op.create_table(
        "push_subscriptions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("sign_in_id", sa.Integer(), nullable=False),
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(length=65), nullable=False),
        sa.Column("secret", sa.LargeBinary(length=16), nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("suspect_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_push_subscriptions_person_id")),
        sa.ForeignKeyConstraint(
            ["sign_in_id"], ["sign_ins.id"], name=op.f("fk_push_subscriptions_sign_in_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_push_subscriptions")),
        sa.UniqueConstraint("endpoint", name=op.f("uq_push_subscriptions_endpoint")),
    )
    with op.batch_alter_table("push_subscriptions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_push_subscriptions_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_push_subscriptions_sign_in_id"), ["sign_in_id"], unique=False)


def downgrade() -> None:
    op.drop_table("push_subscriptions")
    op.drop_table("push_choices")
    op.drop_table("notices")
