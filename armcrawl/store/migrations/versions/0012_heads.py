"""The view of completeness leaves out an id that stands alone, far above all others; no table changes."""

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Do nothing: all views are made anew after every migration."""
