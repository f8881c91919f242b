"""What listings, feeds and sitemaps have shown, for `armcrawl status`."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Self

from armcrawl.cli.output import Table, counted

if TYPE_CHECKING:
    from collections.abc import Iterator

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


def shown_of(seen: Seen) -> Iterator[Table | str]:
    """Yield it for people; nothing where all pages are counted."""
    rows = [
        (
            *(one.site, one.source, one.seen, one.known, f"{one.complete:.2%}"),
            *(one.walked_at, one.pages, one.state),
        )
        for one in seen.sources
    ]
    if rows:
        names = ("site", "source", "seen", "known of them", "complete", "last walk (UTC)", "pages", "state")
        yield Table("Listings, feeds, sitemaps", names, rows)
    for one in seen.sources:
        for gap in one.gaps:
            between = f"between {gap.since} and {gap.until}" if gap.until else f"after {gap.since}"
            yield (
                f"{one.site}, {one.source}: what came {between} was not seen there. "
                f"`armcrawl backfill {one.site} --since {gap.since}` looks for it elsewhere."
            )
    for lost in seen.lost:
        said = counted(lost.number, "stored article is", "stored articles are")
        yield f"{lost.site}: {said} in no source any more, as {', '.join(lost.examples)}."
