"""batches: who began one, which papers are still to be drawn up, what could not be, what was told

Revision 0005. Columns and constraints are text that either database reads; batches of before are all drawn up.
"""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

COLUMNS = (
    'created_by_id INTEGER CONSTRAINT fk_document_batch_created_by_id_user REFERENCES "user" (id)',
    "subject_type VARCHAR(30) DEFAULT '' NOT NULL",
    "undrawn TEXT DEFAULT '' NOT NULL",
    "refused TEXT DEFAULT '' NOT NULL",
    "told VARCHAR(10) DEFAULT '' NOT NULL",
)


def upgrade() -> None:
    """Nothing existing changes."""
    for column in COLUMNS:
        op.execute(f"ALTER TABLE document_batch ADD COLUMN {column}")


def downgrade() -> None:
    """What was still to be drawn up is begun anew with the same button."""
    for column in reversed(COLUMNS):
        op.execute(f"ALTER TABLE document_batch DROP COLUMN {column.partition(' ')[0]}")
