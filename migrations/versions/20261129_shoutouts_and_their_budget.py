"""Shout-outs and their budget.

The budget ledger has the same guards as the points' (see the migration that made it append-only).
"""

from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "a4d0f3e6b845"
down_revision = "f3c9e2d5a734"
branch_labels = None
depends_on = None

SQLITE = (
    """CREATE TRIGGER budget_entries_no_update BEFORE UPDATE ON budget_entries
    BEGIN SELECT RAISE(ABORT, 'budget_entries is append-only'); END""",
    """CREATE TRIGGER budget_entries_no_delete BEFORE DELETE ON budget_entries
    BEGIN SELECT RAISE(ABORT, 'budget_entries is append-only'); END""",
    """CREATE TRIGGER budget_entries_no_replace BEFORE INSERT ON budget_entries
    WHEN EXISTS (SELECT 1 FROM budget_entries WHERE id = NEW.id OR key = NEW.key
                 OR (NEW.reverses_id IS NOT NULL AND reverses_id = NEW.reverses_id))
    BEGIN SELECT RAISE(IGNORE); END""",
)
POSTGRESQL = (
    """CREATE FUNCTION budget_entries_append_only() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'budget_entries is append-only'; END $$""",
    """CREATE TRIGGER budget_entries_no_change BEFORE UPDATE OR DELETE ON budget_entries
    FOR EACH ROW EXECUTE FUNCTION budget_entries_append_only()""",
    """CREATE TRIGGER budget_entries_no_truncate BEFORE TRUNCATE ON budget_entries
    FOR EACH STATEMENT EXECUTE FUNCTION budget_entries_append_only()""",
)
RULES = (
    ("SHOUT-R", 10, {"group_over": 3, "group_amount": 5, "pair": 2, "pair_days": 30}),
    ("SHOUT-G", 0, {}),
)


def upgrade() -> None:
    _shoutouts()
    _budget()
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(sa.text(statement.replace(":", "\\:")))
    rules = sa.table(
        "point_rules",
        sa.column("code", sa.String),
        sa.column("version", sa.Integer),
        sa.column("amount", sa.Integer),
        sa.column("valid_from", sa.Date),
        sa.column("limits", sa.JSON),
    )
    op.bulk_insert(
        rules,
        [
            {"code": code, "version": 1, "amount": amount, "valid_from": date(2020, 1, 1), "limits": limits}
            for code, amount, limits in RULES
        ],
    )


def _shoutouts() -> None:
    op.create_table(
        "shoutouts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("giver_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("did", sa.Text(), nullable=False),
        sa.Column("led", sa.Text(), nullable=False),
        sa.Column("value_id", sa.Integer(), nullable=True),
        sa.Column("second_value_id", sa.Integer(), nullable=True),
        sa.Column("audience", sa.String(length=12), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("delivers_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "audience IN ('organisation', 'team', 'private')", name=op.f("ck_shoutouts_audience")
        ),
        sa.CheckConstraint(
            "second_value_id IS NULL OR second_value_id <> value_id", name=op.f("ck_shoutouts_values")
        ),
        sa.ForeignKeyConstraint(["giver_id"], ["people.id"], name=op.f("fk_shoutouts_giver_id")),
        sa.ForeignKeyConstraint(["value_id"], ["organisation_values.id"], name=op.f("fk_shoutouts_value_id")),
        sa.ForeignKeyConstraint(
            ["second_value_id"], ["organisation_values.id"], name=op.f("fk_shoutouts_second_value_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shoutouts")),
        sa.UniqueConstraint("giver_id", "key", name=op.f("uq_shoutouts_giver_id_key")),
    )
    with op.batch_alter_table("shoutouts", schema=None) as batch_op:
        batch_op.create_index("ix_shoutouts_giver_id_given_at", ["giver_id", "given_at"], unique=False)
    op.create_table(
        "shoutout_receivers",
        sa.Column("shoutout_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("counted", sa.Boolean(), nullable=False),
        sa.Column("cap", sa.String(length=20), nullable=True),
        sa.Column("audience", sa.String(length=12), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("smiled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "audience IN ('organisation', 'team', 'private')", name=op.f("ck_shoutout_receivers_audience")
        ),
        sa.CheckConstraint(
            "CASE WHEN counted THEN cap IS NULL ELSE cap IS NOT NULL END",
            name=op.f("ck_shoutout_receivers_counted"),
        ),
        sa.ForeignKeyConstraint(
            ["shoutout_id"], ["shoutouts.id"], name=op.f("fk_shoutout_receivers_shoutout_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_shoutout_receivers_person_id")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_shoutout_receivers_team_id")),
        sa.PrimaryKeyConstraint("shoutout_id", "person_id", name=op.f("pk_shoutout_receivers")),
    )
    with op.batch_alter_table("shoutout_receivers", schema=None) as batch_op:
        batch_op.create_index(
            "ix_shoutout_receivers_person_id_shoutout_id", ["person_id", "shoutout_id"], unique=False
        )


def _budget() -> None:
    op.create_table(
        "budget_months",
        sa.Column("giver_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("granted", sa.Integer(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.CheckConstraint("used >= 0", name=op.f("ck_budget_months_used")),
        sa.ForeignKeyConstraint(["giver_id"], ["people.id"], name=op.f("fk_budget_months_giver_id")),
        sa.PrimaryKeyConstraint("giver_id", "month", name=op.f("pk_budget_months")),
    )
    op.create_table(
        "budget_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("giver_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("shoutout_id", sa.Integer(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reverses_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "CASE WHEN reverses_id IS NULL THEN amount > 0 ELSE amount < 0 END",
            name=op.f("ck_budget_entries_reversal"),
        ),
        sa.ForeignKeyConstraint(["giver_id"], ["people.id"], name=op.f("fk_budget_entries_giver_id")),
        sa.ForeignKeyConstraint(
            ["shoutout_id"], ["shoutouts.id"], name=op.f("fk_budget_entries_shoutout_id")
        ),
        sa.ForeignKeyConstraint(
            ["reverses_id"], ["budget_entries.id"], name=op.f("fk_budget_entries_reverses_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget_entries")),
        sa.UniqueConstraint("key", name=op.f("uq_budget_entries_key")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_budget_entries_reverses_id")),
    )
    with op.batch_alter_table("budget_entries", schema=None) as batch_op:
        batch_op.create_index("ix_budget_entries_giver_id_month", ["giver_id", "month"], unique=False)


def downgrade() -> None:
    op.execute("DELETE FROM point_rules WHERE code IN ('SHOUT-R', 'SHOUT-G')")
    op.drop_table("budget_entries")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION budget_entries_append_only()")
    op.drop_table("budget_months")
    op.drop_table("shoutout_receivers")
    op.drop_table("shoutouts")
