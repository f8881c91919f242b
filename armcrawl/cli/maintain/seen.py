"""What listings, feeds and sitemaps have shown, for `armcrawl status`."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Self

import click

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from armcrawl.store.queries.seen import SourceStatus, Unseen


@dataclass(frozen=True, slots=True)
class Seen:
    """What sources have shown, and what they show no more."""

    sources: list[SourceStatus]
    lost: list[Unseen]

    @classmethod
    def of(cls, engine: Engine) -> Self:
        """Ask a database."""
        from armcrawl.store.queries.seen import source_status, unseen

        return cls(source_status(engine), unseen(engine))

    def to_json(self) -> dict[str, Any]:
        """Return it for programs."""
        sources = [{**asdict(one), "complete": one.complete} for one in self.sources]
        return {"sources": sources, "in_no_source": [asdict(one) for one in self.lost]}


def print_seen(seen: Seen) -> None:
    """Print it for people; nothing where all pages are counted."""
    from armcrawl.cli.tables import print_table

    if not seen.sources:
        return
    rows = [
        (
            *(one.site, one.source, one.seen, one.known, f"{one.complete:.2%}"),
            *(f"{one.walked_at:%Y-%m-%d %H:%M}", one.pages, one.state),
        )
        for one in seen.sources
    ]
    names = ("site", "source", "seen", "known of them", "complete", "last walk (UTC)", "pages", "state")
    print_table("Listings, feeds, sitemaps", names, rows)
    for one in seen.sources:
        for gap in one.gaps:
            between = f"between {gap.since} and {gap.until}" if gap.until else f"after {gap.since}"
            click.echo(
                f"{one.site}, {one.source}: what came {between} was not seen there. "
                f"`armcrawl backfill {one.site} --from {gap.since}` looks for it elsewhere."
            )
    for lost in seen.lost:
        some = ", ".join(lost.examples)
        click.echo(f"{lost.site}: {lost.number} stored articles are in no source any more, as {some}.")
