"""signatures: a place for who drew a paper up and signs it beside the one in power

Revision 0006. SQLite cannot change a constraint, so there the table is made anew from its own declaration
(https://www.sqlite.org/lang_altertable.html, section 7).
"""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TABLE = "document_signature"
NAME = "CONSTRAINT ck_document_signature_slot"
BEFORE = f"{NAME} CHECK (slot IN ('person', 'number', 'date', 'seal'))"
AFTER = f"{NAME} CHECK (slot IN ('writer', 'person', 'number', 'date', 'seal'))"


def upgrade() -> None:
    """Signatures stay as they are."""
    _replace(BEFORE, AFTER)


def downgrade() -> None:
    """Signatures are never deleted: the older rule refuses the way back once a writer signed."""
    _replace(AFTER, BEFORE)


def _replace(old: str, new: str) -> None:
    bind = op.get_bind()
    if bind.dialect.name != "sqlite":
        op.execute(f"ALTER TABLE {TABLE} DROP {NAME}")
        op.execute(f"ALTER TABLE {TABLE} ADD {new}")
        return
    rows = bind.exec_driver_sql("SELECT type, sql FROM sqlite_master WHERE tbl_name = ? AND sql IS NOT NULL", (TABLE,))
    declared = rows.all()
    text = next(sql for kind, sql in declared if kind == "table")
    text = text.replace(f'CREATE TABLE "{TABLE}"', f"CREATE TABLE {TABLE}")
    if old not in text:
        raise RuntimeError(f"{TABLE} is not declared as expected: {old}")
    op.execute(text.replace(old, new).replace(f"CREATE TABLE {TABLE}", f"CREATE TABLE new_{TABLE}", 1))
    op.execute(f"INSERT INTO new_{TABLE} SELECT * FROM {TABLE}")
    op.execute(f"DROP TABLE {TABLE}")
    op.execute(f"ALTER TABLE new_{TABLE} RENAME TO {TABLE}")
    for kind, sql in declared:
        if kind in ("index", "trigger"):
            op.execute(sql)
