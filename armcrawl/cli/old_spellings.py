"""What commands and options were called before: who writes them so is told the new spelling."""

from __future__ import annotations

import click

OLD_COMMANDS = {"forget": "recheck", "tags": "entities", "db backup": "backup"}

# The command, what was written, and what is written now; None where it is left out.
OLD_OPTIONS: dict[tuple[str, str], str | None] = {
    **{(command, "--from"): "--since" for command in ("backfill", "search", "stats", "export")},
    **{(command, "--to"): "--until" for command in ("backfill", "search", "stats", "export")},
    ("search", "--unique"): "--one-per-cluster",
    ("stats", "--top"): "--limit",
    ("runs list", "--most"): "--limit",
    ("doctor", "--least-free"): "--min-free",
    ("backfill", "--dry-run"): "--plan",
    ("dedupe rebuild", "--dry-run"): None,
    ("quarantine replay", "--dry-run"): None,
    ("reparse", "--dry-run"): None,
}


def in_new_words(error: click.NoSuchCommand | click.NoSuchOption) -> str | None:
    """Return the sentence that answers an old spelling; None for what never was one."""
    if isinstance(error, click.NoSuchOption):
        if error.option_name == "--config":
            return "--config stands before the command: armcrawl --config FILE COMMAND."
        return _new_option(_called(error.ctx), error.option_name)
    written = f"{_called(error.ctx)} {error.command_name}".strip()
    new = OLD_COMMANDS.get(written)
    return f"`{written}` is called `{new}` now: write `armcrawl {new}`." if new else None


def _new_option(command: str, written: str) -> str | None:
    if (command, written) not in OLD_OPTIONS:
        return None
    new = OLD_OPTIONS[command, written]
    if new is None:
        return f"Leave out {written}: without --apply, `armcrawl {command}` only shows what would change."
    return f"{written} of `armcrawl {command}` is called {new} now."


def _called(ctx: click.Context | None) -> str:
    """Return the command's name with those of its groups: `dedupe rebuild`."""
    names: list[str] = []
    while ctx is not None and ctx.parent is not None:
        names.insert(0, ctx.info_name or "")
        ctx = ctx.parent
    return " ".join(names)
