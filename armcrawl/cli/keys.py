"""A page on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from armcrawl.analysis.page_keys import ShortKey, read_key

if TYPE_CHECKING:
    from armcrawl.sites import PageKey


class Key(click.ParamType["PageKey | ShortKey"]):
    """A page; where only the database can tell which, `with_engine` looks there."""

    name = "key"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> PageKey | ShortKey:
        """Return the key; raises UsageError for what cannot be one."""
        del param, ctx
        return read_key(value) if isinstance(value, str) else value


KEY = Key()
key_argument = click.argument("key", type=KEY)
