"""What the dashboard counts is what the views say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

from armcrawl.store.base.database import open_read_only, reading
from armcrawl.store.queries.dashboard_figures import figures

if TYPE_CHECKING:
    from pathlib import Path


def test_the_dashboard_counts_what_the_views_hold(press_file: Path) -> None:
    engine = open_read_only(f"sqlite:///{press_file}")
    with reading(engine) as connection:
        found = figures(connection)
        months = connection.execute(text("SELECT substr(published_on, 1, 7), count(*) FROM v_articles GROUP BY 1"))
        assert {month: sum(counts.values()) for month, counts in found.months.items()} == dict(map(tuple, months))
        sources = connection.execute(text("SELECT source, articles FROM v_sources"))
        assert found.sources == dict(map(tuple, sources))
        assert found.reprints == {2016: 1}
    engine.dispose()
