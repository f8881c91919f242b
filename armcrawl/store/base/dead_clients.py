"""What PostgreSQL does with a statement whose client was killed."""

from __future__ import annotations

from typing import Any

# A client that was killed is gone after a second, as its children are.
DEAD_CLIENT_MS = 1_000


def look_for_dead_clients(connection: Any) -> None:
    """Have the server end a statement whose client was killed, instead of holding its locks to the statement's end."""
    try:
        connection.execute(f"SET client_connection_check_interval = {DEAD_CLIENT_MS}")
        connection.commit()
    except connection.Error:  # a server before version 14, or on a system that cannot
        connection.rollback()
