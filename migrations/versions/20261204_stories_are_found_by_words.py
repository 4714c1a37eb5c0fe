"""Stories are found by their words; the log of what went without its leader is append-only; and a curator can
answer that a story is right.

SQLite keeps the words in an FTS5 table beside the stories, which triggers keep right; PostgreSQL in a generated
column. A later migration that has SQLite copy `stories` (batch mode) must make the three triggers anew.
"""

import sqlalchemy as sa
from alembic import op

revision = "f9c5e8dbe1da"
down_revision = "e8b4d7caf0c9"
branch_labels = None
depends_on = None

COLUMNS = "title, title_en, why, why_en, body, body_en"
OLD, NEW = (", ".join(f"{row}.{name}" for name in COLUMNS.split(", ")) for row in ("OLD", "NEW"))
FORGET = f"INSERT INTO story_words(story_words, rowid, {COLUMNS}) VALUES ('delete', OLD.id, {OLD});"
KEEP = f"INSERT INTO story_words(rowid, {COLUMNS}) VALUES (NEW.id, {NEW});"
SQLITE = (
    # Danish letters are letters of their own: no å is an a.
    f"""CREATE VIRTUAL TABLE story_words USING fts5({COLUMNS}, content='stories', content_rowid='id',
    tokenize='unicode61 remove_diacritics 0', prefix='2 3')""",
    f"CREATE TRIGGER story_words_insert AFTER INSERT ON stories BEGIN {KEEP} END",
    f"CREATE TRIGGER story_words_delete AFTER DELETE ON stories BEGIN {FORGET} END",
    f"CREATE TRIGGER story_words_update AFTER UPDATE OF id, {COLUMNS} ON stories BEGIN {FORGET} {KEEP} END",
    "INSERT INTO story_words(story_words) VALUES ('rebuild')",
    """CREATE TRIGGER leader_overrides_no_update BEFORE UPDATE ON leader_overrides
    BEGIN SELECT RAISE(ABORT, 'leader_overrides is append-only'); END""",
    """CREATE TRIGGER leader_overrides_no_delete BEFORE DELETE ON leader_overrides
    BEGIN SELECT RAISE(ABORT, 'leader_overrides is append-only'); END""",
    """CREATE TRIGGER leader_overrides_no_replace BEFORE INSERT ON leader_overrides
    WHEN EXISTS (SELECT 1 FROM leader_overrides WHERE id = NEW.id)
    BEGIN SELECT RAISE(IGNORE); END""",
)
# A server that runs in the C locale knows no capital but ASCII's, and PostgreSQL reads addresses and numbers as one
# word; so letters are made small and signs are made spaces before it looks.
CAPITALS, SMALL = "ÆØÅÄÖÜÉÈÁÞÐ", "æøåäöüéèáþð"
SIGNS = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~“”„‘’«»–—…·"
DANISH = "title || ' ' || why || ' ' || body"
ENGLISH = "coalesce(title_en, '') || ' ' || coalesce(why_en, '') || ' ' || coalesce(body_en, '')"


def plain(text: str) -> str:
    signs = SIGNS.replace("'", "''")
    return f"translate({text}, '{CAPITALS}{signs}', '{SMALL}{' ' * len(SIGNS)}')"


POSTGRESQL = (
    f"""ALTER TABLE stories ADD COLUMN story_words tsvector GENERATED ALWAYS AS (
    to_tsvector('simple', {plain(f"{DANISH} || ' ' || {ENGLISH}")})
    || to_tsvector('danish', {plain(DANISH)}) || to_tsvector('english', {plain(ENGLISH)})) STORED""",
    "CREATE INDEX story_words_gin ON stories USING gin (story_words)",
    """CREATE FUNCTION leader_overrides_append_only() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'leader_overrides is append-only'; END $$""",
    """CREATE TRIGGER leader_overrides_no_change BEFORE UPDATE OR DELETE ON leader_overrides
    FOR EACH ROW EXECUTE FUNCTION leader_overrides_append_only()""",
    """CREATE TRIGGER leader_overrides_no_truncate BEFORE TRUNCATE ON leader_overrides
    FOR EACH STATEMENT EXECUTE FUNCTION leader_overrides_append_only()""",
)


def upgrade() -> None:
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(sa.text(statement.replace("\\", "\\\\").replace(":", "\\:")))
    op.create_table(
        "found_right",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("story_id", sa.Integer(), nullable=False),
        sa.Column("curator_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name=op.f("fk_found_right_story_id")),
        sa.ForeignKeyConstraint(["curator_id"], ["people.id"], name=op.f("fk_found_right_curator_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_found_right")),
    )
    with op.batch_alter_table("found_right", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_found_right_story_id"), ["story_id"], unique=False)


def downgrade() -> None:
    op.drop_table("found_right")
    if op.get_bind().dialect.name == "sqlite":
        for name in ("no_update", "no_delete", "no_replace"):
            op.execute(f"DROP TRIGGER leader_overrides_{name}")
        for name in ("insert", "delete", "update"):
            op.execute(f"DROP TRIGGER story_words_{name}")
        op.execute("DROP TABLE story_words")
    else:
        op.execute("DROP FUNCTION leader_overrides_append_only() CASCADE")
        op.execute("ALTER TABLE stories DROP COLUMN story_words")
