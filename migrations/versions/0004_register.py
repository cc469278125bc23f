"""register: which series counts a type of paper, who received, books for printing

Revision 0004. The columns and tables stand alone: nothing existing changes.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """New tables, and room for the ninth column of the register."""
    op.execute("ALTER TABLE register_entry ADD COLUMN received_by VARCHAR(200) DEFAULT '' NOT NULL")
    columns = ["organisation_id", "year", "symbol"]
    op.create_index("ix_register_entry_symbol", "register_entry", columns, unique=True)
    op.create_table(
        "series_rule",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("series", sa.String(length=30), nullable=False),
        sa.Column("from_year", sa.Integer(), nullable=False),
        sa.Column("book", sa.String(length=30), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_series_rule_organisation_id_organisation"
        ),
        sa.PrimaryKeyConstraint("organisation_id", "series", "from_year", name="pk_series_rule"),
    )
    op.create_table(
        "register_print",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("made_from", sa.String(length=64), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("asked_by", sa.String(length=100), nullable=False),
        sa.CheckConstraint("state IN ('waiting', 'ready', 'failed')", name="ck_register_print_state"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_register_print_organisation_id_organisation"
        ),
        sa.PrimaryKeyConstraint("organisation_id", "year", name="pk_register_print"),
    )


def downgrade() -> None:
    """Books can be printed anew; numbers stay as they were given."""
    op.drop_table("register_print")
    op.drop_table("series_rule")
    op.drop_index("ix_register_entry_symbol", "register_entry")
    op.execute("ALTER TABLE register_entry DROP COLUMN received_by")
