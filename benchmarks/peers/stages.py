"""Where the time of our own reader goes, beside what the whole takes others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.pages import own_pages, real_pages
from benchmarks.reading import STEP
from benchmarks.where_time_goes import where_time_goes

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.peers.rows import Row


def stages(folder: Path) -> list[Row]:
    """Return for each stage the microseconds of a page, and the share of all stages, on our pages and on real ones."""
    rows: dict[str, Row] = {}
    for kind, pages in (("own", own_pages(STEP)), ("real", real_pages("articles", folder=folder))):
        for stage, microseconds, share in where_time_goes(pages) if pages else ():
            row = rows.setdefault(stage, {"stage": stage})
            row |= {f"µs, {kind} pages": round(microseconds, 1), f"share, {kind} pages": round(share, 4)}
    return list(rows.values())
