"""The ledger is append-only, and its first rules stand in it.

SQLite's INSERT OR REPLACE walks past UPDATE and DELETE triggers, so a third one ignores an insert
whose id, key or reversal is taken. PostgreSQL also refuses TRUNCATE.
"""

from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "b0a1c5f2d7e3"
down_revision = "64c8cb0d5b09"
branch_labels = None
depends_on = None

SQLITE = (
    """CREATE TRIGGER ledger_entries_no_update BEFORE UPDATE ON ledger_entries
    BEGIN SELECT RAISE(ABORT, 'ledger_entries is append-only'); END""",
    """CREATE TRIGGER ledger_entries_no_delete BEFORE DELETE ON ledger_entries
    BEGIN SELECT RAISE(ABORT, 'ledger_entries is append-only'); END""",
    """CREATE TRIGGER ledger_entries_no_replace BEFORE INSERT ON ledger_entries
    WHEN EXISTS (SELECT 1 FROM ledger_entries WHERE id = NEW.id OR key = NEW.key
                 OR (NEW.reverses_id IS NOT NULL AND reverses_id = NEW.reverses_id))
    BEGIN SELECT RAISE(IGNORE); END""",
)
POSTGRESQL = (
    """CREATE FUNCTION ledger_entries_append_only() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'ledger_entries is append-only'; END $$""",
    """CREATE TRIGGER ledger_entries_no_change BEFORE UPDATE OR DELETE ON ledger_entries
    FOR EACH ROW EXECUTE FUNCTION ledger_entries_append_only()""",
    """CREATE TRIGGER ledger_entries_no_truncate BEFORE TRUNCATE ON ledger_entries
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_entries_append_only()""",
)
RULES = (
    ("READ", 1, {"day": 3}),
    ("SHARE", 3, {"day": 1, "week_full": 2, "week_half": 1}),
    ("OWN", 5, {"least_characters": 80, "most_like_percent": 70, "compared_with_last": 10}),
)


def upgrade() -> None:
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


def downgrade() -> None:
    op.execute("DELETE FROM point_rules")
    if op.get_bind().dialect.name == "sqlite":
        for name in ("no_update", "no_delete", "no_replace"):
            op.execute(f"DROP TRIGGER ledger_entries_{name}")
    else:
        op.execute("DROP FUNCTION ledger_entries_append_only() CASCADE")
