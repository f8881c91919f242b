"""The tables of 1.0.0, as they were then, whatever `schema.py` has become since."""

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make all tables; between two statements is an empty line."""
    dialect = op.get_bind().dialect.name
    statements = Path(__file__).with_suffix(f".{dialect}.sql").read_text(encoding="utf-8")
    for statement in statements.split("\n\n"):
        op.get_bind().exec_driver_sql(statement)
