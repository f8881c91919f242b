"""What rewrites shows first, and writes with `--apply`."""

from __future__ import annotations

import click

apply_option = click.option(
    "--apply", "is_applied", is_flag=True, help="Write it; without this only tell what would change."
)
wait_option = click.option(
    "--wait", "waits", is_flag=True, help="Wait until no run goes on, instead of ending with 4; a fleet begins none."
)


def whether_written(*, is_applied: bool) -> str:
    """Return the last sentence of what such a command tells."""
    return "It is written." if is_applied else "Nothing is written yet: add --apply."
