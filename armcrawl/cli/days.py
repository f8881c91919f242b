"""Days on the command line: `--since D` and `--until D`, both included."""

from __future__ import annotations

from datetime import date
from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from armcrawl.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable


class Day(click.ParamType[date]):
    """A day, as 2016-05-31, or the first or the last one of what else a date may name."""

    name = "day"

    def __init__(self, *, is_last: bool) -> None:
        self.is_last = is_last

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Return the day; a usage error for any other text."""
        from armcrawl import clock
        from armcrawl.russian.dates import read_span

        days = read_span(str(value), clock.now())
        return days[self.is_last] if days else self.fail(f"{value!r} is no day: write 2016-05-31.", param, ctx)


def day_options(of: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Add `--since` and `--until`; `of` is what has that day: «Only articles of»."""
    first = click.option("--since", type=Day(is_last=False), metavar="D", help=f"{of} this day (2016-05-31) or later.")
    last = click.option("--until", type=Day(is_last=True), metavar="D", help=f"{of} this day or earlier.")

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(command)
        def in_order(*args: Any, since: date | None, until: date | None, **options: Any) -> Any:
            if since and until and since > until:
                raise UsageError(f"--since {since} is after --until {until}.")
            return command(*args, since=since, until=until, **options)

        return first(last(in_order))

    return decorate
