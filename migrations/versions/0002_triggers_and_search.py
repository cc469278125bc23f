"""triggers that keep the trail, the counters and sent scores; the full-text index

The same rules on both databases, each in its own words.
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

FINAL_TABLES = ("audit_event", "document_file")

SQLITE_UP = [
    *(
        f"""CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table}
            BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"""
        for table in FINAL_TABLES
        for verb in ("UPDATE", "DELETE")
    ),
    """CREATE TRIGGER register_entry_no_delete BEFORE DELETE ON register_entry
       BEGIN SELECT RAISE(ABORT, 'register_entry keeps every number'); END""",
    """CREATE TRIGGER audit_event_head AFTER INSERT ON audit_event
       BEGIN UPDATE audit_head SET seq = NEW.seq, hash = NEW.hash WHERE id = 1; END""",
    """CREATE TRIGGER entry_count_insert AFTER INSERT ON entry BEGIN
         INSERT INTO entry_count (contest_id, state, n) VALUES (NEW.contest_id, NEW.state, 1)
         ON CONFLICT (contest_id, state) DO UPDATE SET n = n + 1; END""",
    """CREATE TRIGGER entry_count_update AFTER UPDATE OF state ON entry WHEN OLD.state <> NEW.state BEGIN
         UPDATE entry_count SET n = n - 1 WHERE contest_id = OLD.contest_id AND state = OLD.state;
         INSERT INTO entry_count (contest_id, state, n) VALUES (NEW.contest_id, NEW.state, 1)
         ON CONFLICT (contest_id, state) DO UPDATE SET n = n + 1; END""",
    """CREATE TRIGGER entry_count_delete AFTER DELETE ON entry BEGIN
         UPDATE entry_count SET n = n - 1 WHERE contest_id = OLD.contest_id AND state = OLD.state; END""",
    *(
        f"""CREATE TRIGGER score_line_sent_{verb.lower()} BEFORE {verb} ON score_line
            WHEN (SELECT state FROM score_sheet WHERE id = {row}.sheet_id) <> 'draft'
            BEGIN SELECT RAISE(ABORT, 'this sheet is not open'); END"""
        for verb, row in (("INSERT", "NEW"), ("UPDATE", "OLD"), ("DELETE", "OLD"))
    ),
    """CREATE VIRTUAL TABLE entry_fts USING fts5(
         folded, content='entry_search', content_rowid='entry_id', tokenize="unicode61 remove_diacritics 0",
         prefix='2 3')""",
    """CREATE TRIGGER entry_search_insert AFTER INSERT ON entry_search BEGIN
         INSERT INTO entry_fts (rowid, folded) VALUES (NEW.entry_id, NEW.folded); END""",
    """CREATE TRIGGER entry_search_delete AFTER DELETE ON entry_search BEGIN
         INSERT INTO entry_fts (entry_fts, rowid, folded) VALUES ('delete', OLD.entry_id, OLD.folded); END""",
    """CREATE TRIGGER entry_search_update AFTER UPDATE ON entry_search BEGIN
         INSERT INTO entry_fts (entry_fts, rowid, folded) VALUES ('delete', OLD.entry_id, OLD.folded);
         INSERT INTO entry_fts (rowid, folded) VALUES (NEW.entry_id, NEW.folded); END""",
]

SQLITE_DOWN = [
    *(f"DROP TRIGGER {table}_no_{verb}" for table in FINAL_TABLES for verb in ("update", "delete")),
    "DROP TRIGGER register_entry_no_delete",
    "DROP TRIGGER audit_event_head",
    *(f"DROP TRIGGER entry_count_{verb}" for verb in ("insert", "update", "delete")),
    *(f"DROP TRIGGER score_line_sent_{verb}" for verb in ("insert", "update", "delete")),
    *(f"DROP TRIGGER entry_search_{verb}" for verb in ("insert", "update", "delete")),
    "DROP TABLE entry_fts",
]

POSTGRES_UP = [
    """CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
       END $$""",
    *(
        f"""CREATE TRIGGER {table}_final BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION refuse_change()"""
        for table in FINAL_TABLES
    ),
    *(
        f"""CREATE TRIGGER {table}_kept BEFORE TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"""
        for table in (*FINAL_TABLES, "register_entry")
    ),
    """CREATE TRIGGER register_entry_final BEFORE DELETE ON register_entry
       FOR EACH ROW EXECUTE FUNCTION refuse_change()""",
    """CREATE FUNCTION move_audit_head() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN UPDATE audit_head SET seq = NEW.seq, hash = NEW.hash WHERE id = 1; RETURN NULL; END $$""",
    """CREATE TRIGGER audit_event_head AFTER INSERT ON audit_event
       FOR EACH ROW EXECUTE FUNCTION move_audit_head()""",
    """CREATE FUNCTION count_entries() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
         IF TG_OP = 'UPDATE' AND OLD.state = NEW.state THEN RETURN NULL; END IF;
         IF TG_OP <> 'INSERT' THEN
           UPDATE entry_count SET n = n - 1 WHERE contest_id = OLD.contest_id AND state = OLD.state;
         END IF;
         IF TG_OP <> 'DELETE' THEN
           INSERT INTO entry_count (contest_id, state, n) VALUES (NEW.contest_id, NEW.state, 1)
           ON CONFLICT (contest_id, state) DO UPDATE SET n = entry_count.n + 1;
         END IF;
         RETURN NULL; END $$""",
    """CREATE TRIGGER entry_count AFTER INSERT OR UPDATE OF state OR DELETE ON entry
       FOR EACH ROW EXECUTE FUNCTION count_entries()""",
    """CREATE FUNCTION keep_sent_scores() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE sheet integer; BEGIN
         sheet := CASE WHEN TG_OP = 'INSERT' THEN NEW.sheet_id ELSE OLD.sheet_id END;
         IF (SELECT state FROM score_sheet WHERE id = sheet) <> 'draft' THEN
           RAISE EXCEPTION 'this sheet is not open' USING ERRCODE = 'integrity_constraint_violation';
         END IF;
         RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END; END $$""",
    """CREATE TRIGGER score_line_sent BEFORE INSERT OR UPDATE OR DELETE ON score_line
       FOR EACH ROW EXECUTE FUNCTION keep_sent_scores()""",
    "CREATE INDEX ix_entry_search_words ON entry_search USING gin (to_tsvector('simple', folded))",
]

POSTGRES_DOWN = [
    "DROP INDEX ix_entry_search_words",
    "DROP TRIGGER score_line_sent ON score_line",
    "DROP TRIGGER entry_count ON entry",
    "DROP TRIGGER audit_event_head ON audit_event",
    "DROP TRIGGER register_entry_final ON register_entry",
    *(f"DROP TRIGGER {table}_kept ON {table}" for table in (*FINAL_TABLES, "register_entry")),
    *(f"DROP TRIGGER {table}_final ON {table}" for table in FINAL_TABLES),
    *(f"DROP FUNCTION {name}()" for name in ("keep_sent_scores", "count_entries", "move_audit_head", "refuse_change")),
]


def upgrade() -> None:
    """Add triggers and index, and the first (empty) head of the trail."""
    for statement in SQLITE_UP if _is_sqlite() else POSTGRES_UP:
        op.execute(statement)
    op.execute(f"INSERT INTO audit_head (id, seq, hash) VALUES (1, 0, '{'0' * 64}')")


def downgrade() -> None:
    """Take triggers, index and head away."""
    for statement in SQLITE_DOWN if _is_sqlite() else POSTGRES_DOWN:
        op.execute(statement)
    op.execute("DELETE FROM audit_head")


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"
