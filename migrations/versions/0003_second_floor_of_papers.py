"""papers: signatures, delegation, stale facts, relations, uploaded templates, batches

Columns and constraints are written once, as the text that either database reads. SQLite cannot change a constraint, so
there the table is made anew from its own declaration (https://www.sqlite.org/lang_altertable.html, section 7).
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

COLUMNS = {
    "document": (
        "sheet_id INTEGER",
        "batch_id INTEGER",
        "signatory_id INTEGER",
        "stale TEXT DEFAULT '' NOT NULL",
        "sign_method VARCHAR(10) DEFAULT '' NOT NULL",
        "relation VARCHAR(10) DEFAULT '' NOT NULL",
    ),
    "signatory": (
        "kind VARCHAR(12) DEFAULT 'head' NOT NULL",
        "principal_id INTEGER",
        "basis VARCHAR(300) DEFAULT '' NOT NULL",
        "scope TEXT DEFAULT '' NOT NULL",
    ),
    "document_file": (),
    "role_grant": (),
}
CONSTRAINTS = {
    "document": (
        "CONSTRAINT ck_document_relation CHECK (relation IN ('', 'replaces', 'corrects', 'revokes'))",
        "CONSTRAINT ck_document_sign_method CHECK (sign_method IN ('', 'digital'))",
        "CONSTRAINT fk_document_batch_id_document_batch FOREIGN KEY(batch_id) REFERENCES document_batch (id)",
        "CONSTRAINT fk_document_signatory_id_signatory FOREIGN KEY(signatory_id) REFERENCES signatory (id)",
    ),
    "signatory": (
        "CONSTRAINT ck_signatory_kind CHECK (kind IN ('head', 'deputy', 'order', 'authorised'))",
        "CONSTRAINT fk_signatory_principal_id_signatory FOREIGN KEY(principal_id) REFERENCES signatory (id)",
    ),
    "document_file": (),
    "role_grant": (),
}
REPLACED = {
    "document": (
        (
            "CONSTRAINT ck_document_state CHECK (state IN ('draft', 'initialled', 'awaiting_signature', 'returned',"
            " 'signed', 'issued', 'replaced', 'revoked'))",
            "CONSTRAINT ck_document_state CHECK (state IN ('draft', 'initialled', 'awaiting_signature', 'returned',"
            " 'signed', 'numbered', 'sealed', 'issued', 'replaced', 'revoked'))",
        ),
    ),
    "signatory": (),
    "document_file": (
        (
            "CONSTRAINT ck_document_file_stage CHECK (stage IN ('draft', 'issued'))",
            "CONSTRAINT ck_document_file_stage CHECK (stage IN ('draft', 'signed', 'issued', 'scan'))",
        ),
    ),
    "role_grant": (
        (
            "CONSTRAINT ck_role_grant_role CHECK (role IN ('unit', 'office', 'secretary', 'judge', 'head_of_jury',"
            " 'chairman', 'clerk', 'upper_clerk', 'admin'))",
            "CONSTRAINT ck_role_grant_role CHECK (role IN ('unit', 'office', 'secretary', 'judge', 'head_of_jury',"
            " 'chairman', 'deputy', 'clerk', 'upper_clerk', 'admin'))",
        ),
    ),
}
KEY = ("fk_document_replaces_id_document", "fk_document_related_id_document")
INDEXES = (
    ("ix_document_related", "document", ["related_id"]),
    ("ix_document_batch", "document", ["batch_id", "id"]),
    ("ix_signatory_user", "signatory", ["user_id"]),
)


def upgrade() -> None:
    """New tables first, since changed ones point to them."""
    _create_tables()
    for table in COLUMNS:
        _change(table, forward=True)
    op.execute("ALTER TABLE document RENAME COLUMN replaces_id TO related_id")
    for name, table, columns in INDEXES:
        op.create_index(name, table, columns)


def downgrade() -> None:
    """Papers on the new steps go back to the step before. Stored signed files and scans are never deleted, so that the
    older rule of stages refuses the way back once there are any."""
    for name, table, _columns in INDEXES:
        op.drop_index(name, table)
    op.execute("UPDATE document SET state = 'signed' WHERE state IN ('numbered', 'sealed')")
    op.execute("DELETE FROM role_grant WHERE role = 'deputy'")
    op.execute("ALTER TABLE document RENAME COLUMN related_id TO replaces_id")
    for table in reversed(COLUMNS):
        _change(table, forward=False)
    for table in (
        "document_template",
        "signing_session",
        "signing_certificate",
        "document_signature",
        "document_batch",
    ):
        op.drop_table(table)


def _change(table: str, *, forward: bool) -> None:
    change = _on_sqlite if op.get_bind().dialect.name == "sqlite" else _on_postgres
    change(table, forward)


def _on_postgres(table: str, forward: bool) -> None:
    replaced = [pair if forward else pair[::-1] for pair in REPLACED[table]]
    added = CONSTRAINTS[table]
    for text in (*(old for old, _new in replaced), *(() if forward else added)):
        op.execute(f"ALTER TABLE {table} DROP {' '.join(text.split()[:2])}")
    for column in COLUMNS[table]:
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column}" if forward else _drop(table, column))
    for text in (*(new for _old, new in replaced), *(added if forward else ())):
        op.execute(f"ALTER TABLE {table} ADD {text}")
    if table == "document":
        old, new = KEY if forward else KEY[::-1]
        op.execute(f"ALTER TABLE {table} RENAME CONSTRAINT {old} TO {new}")


def _drop(table: str, column: str) -> str:
    return f"ALTER TABLE {table} DROP COLUMN {column.split()[0]}"


def _on_sqlite(table: str, forward: bool) -> None:
    bind = op.get_bind()
    before = [column["name"] for column in sa.inspect(bind).get_columns(table)]
    rows = bind.exec_driver_sql("SELECT type, sql FROM sqlite_master WHERE tbl_name = ? AND sql IS NOT NULL", (table,))
    declared = rows.all()
    text = next(sql for kind, sql in declared if kind == "table")
    op.execute(_edited(text, table, forward).replace(f"CREATE TABLE {table}", f"CREATE TABLE new_{table}", 1))
    dropped = [] if forward else [column.split()[0] for column in COLUMNS[table]]
    kept = ", ".join(name for name in before if name not in dropped)
    op.execute(f"INSERT INTO new_{table} ({kept}) SELECT {kept} FROM {table}")
    op.execute(f"DROP TABLE {table}")
    op.execute(f"ALTER TABLE new_{table} RENAME TO {table}")
    for kind, sql in declared:
        if kind in ("index", "trigger"):
            op.execute(sql)


def _edited(text: str, table: str, forward: bool) -> str:
    """The declaration of the table with this step's columns and constraints put in or taken out."""
    text = text.replace(f'CREATE TABLE "{table}"', f"CREATE TABLE {table}", 1)
    for pair in (*REPLACED[table], *([KEY] if table == "document" else [])):
        old, new = pair if forward else pair[::-1]
        if old not in text:
            raise RuntimeError(f"{table} is not declared as expected: {old}")
        text = text.replace(old, new)
    columns = "".join(f"\n\t{column}, " for column in COLUMNS[table])
    constraints = "".join(f", \n\t{constraint}" for constraint in CONSTRAINTS[table])
    if not forward:
        return text.replace(columns, "", 1).replace(constraints, "", 1)
    head, opening, rest = text.partition("(")
    body, closing, tail = rest.rpartition(")")
    return f"{head}{opening}{columns}{body.rstrip()}{constraints}\n{closing}{tail}"


def _create_tables() -> None:
    op.create_table(
        "document_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("template_code", sa.String(length=40), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("made_from", sa.String(length=64), nullable=False),
        sa.Column("merged_sha256", sa.String(length=64), nullable=False),
        sa.Column("merged_size", sa.Integer(), nullable=False),
        sa.Column("merged_pages", sa.Integer(), nullable=False),
        sa.Column("zip_sha256", sa.String(length=64), nullable=False),
        sa.Column("zip_size", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("created_by", sa.String(length=100), nullable=False),
        sa.Column("finished_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], name="fk_document_batch_contest_id_contest"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_document_batch_organisation_id_organisation"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_document_batch"),
        sa.UniqueConstraint("code", name="uq_document_batch_code"),
    )
    op.create_index("ix_document_batch_contest", "document_batch", ["contest_id", "id"])
    op.create_table(
        "document_signature",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("slot", sa.String(length=10), nullable=False),
        sa.Column("method", sa.String(length=12), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("on_behalf_of", sa.String(length=200), nullable=False),
        sa.Column("certificate", sa.String(length=400), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("signed_at", sa.DateTime(), nullable=False),
        sa.Column("shown_sha256", sa.String(length=64), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("voided_at", sa.DateTime(), nullable=True),
        sa.Column("void_reason", sa.String(length=300), nullable=False),
        sa.CheckConstraint("slot IN ('person', 'number', 'date', 'seal')", name=op.f("ck_document_signature_slot")),
        sa.CheckConstraint(
            "method IN ('application', 'server', 'client', 'upload', 'paper')",
            name=op.f("ck_document_signature_method"),
        ),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name="fk_document_signature_document_id_document"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_document_signature_user_id_user"),
        sa.PrimaryKeyConstraint("id", name="pk_document_signature"),
    )
    op.create_index("ix_document_signature_document", "document_signature", ["document_id", "id"])
    op.create_table(
        "signing_certificate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=400), nullable=False),
        sa.Column("serial", sa.String(length=80), nullable=False),
        sa.Column("der", sa.LargeBinary(), nullable=False),
        sa.Column("place", sa.String(length=10), nullable=False),
        sa.Column("locator", sa.String(length=200), nullable=False),
        sa.Column("valid_from", sa.DateTime(), nullable=False),
        sa.Column("valid_to", sa.DateTime(), nullable=False),
        sa.Column("retired_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint("place IN ('pkcs12', 'pkcs11', 'external')", name=op.f("ck_signing_certificate_place")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_signing_certificate_organisation_id_organisation"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_signing_certificate_user_id_user"),
        sa.PrimaryKeyConstraint("id", name="pk_signing_certificate"),
        sa.UniqueConstraint("organisation_id", "fingerprint", name="uq_signing_certificate_organisation_id"),
    )
    op.create_table(
        "signing_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("document_version", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("slot", sa.String(length=10), nullable=False),
        sa.Column("shown_sha256", sa.String(length=64), nullable=False),
        sa.Column("prepared_sha256", sa.String(length=64), nullable=False),
        sa.Column("prepared", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.Column("used_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name="fk_signing_session_document_id_document"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_signing_session_user_id_user"),
        sa.PrimaryKeyConstraint("id", name="pk_signing_session"),
        sa.UniqueConstraint("token", name="uq_signing_session_token"),
    )
    op.create_index("ix_signing_session_document_id", "signing_session", ["document_id"])
    op.create_table(
        "document_template",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("template_code", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("preview_sha256", sa.String(length=64), nullable=False),
        sa.Column("preview_pages", sa.Integer(), nullable=False),
        sa.Column("uploaded_by_id", sa.Integer(), nullable=False),
        sa.Column("uploaded_by", sa.String(length=100), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(), nullable=False),
        sa.Column("activated_by_id", sa.Integer(), nullable=True),
        sa.Column("activated_by", sa.String(length=100), nullable=False),
        sa.Column("activated_at", sa.DateTime(), nullable=True),
        sa.Column("state", sa.String(length=30), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('checking', 'proposed', 'active', 'refused', 'retired')", name=op.f("ck_document_template_state")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_document_template_organisation_id_organisation"
        ),
        sa.ForeignKeyConstraint(["uploaded_by_id"], ["user.id"], name="fk_document_template_uploaded_by_id_user"),
        sa.ForeignKeyConstraint(["activated_by_id"], ["user.id"], name="fk_document_template_activated_by_id_user"),
        sa.PrimaryKeyConstraint("id", name="pk_document_template"),
        sa.UniqueConstraint("organisation_id", "template_code", "number", name="uq_document_template_organisation_id"),
    )
    op.create_index("ix_document_template_state", "document_template", ["organisation_id", "template_code", "state"])
