"""Portals that print texts again, crawled in several orders: all copies are clusters, and nothing else is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from armcrawl.sample.press.articles import DECLARATION
from armcrawl.store.admin.reclustering import rebuild_clusters
from armcrawl.store.base.database import open_database, reading
from tests.clock import AHEAD, AT_TIME
from tests.reprinting import Reprinting
from tests.rows import engine_rows
from tests.series import NIGHTS, SITE, Series, key_of, pairs, serving_series

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Collection
    from pathlib import Path

    from sqlalchemy import Engine

    from tests.forking import Finished

    Command = Callable[..., Finished]

# Every fifth pair is of each kind; all are in the soak.
FEW = 5
TABLES = ("texts", "relations", "clusters", "cluster_members")
# Of the sample portal what is printed again, and little else.
NEARLY_NONE = 10
# A night that does not come to all that is new.
BUDGET = ("--max-requests", "15")

DECLARED = {"ARMCRAWL_SITES": str(DECLARATION.parent)}


@pytest.fixture
def database(each_database: str) -> str:
    return each_database


@pytest.fixture
def crawl(armcrawl: Command, database: str, tmp_path: Path) -> Callable[..., None]:
    """Crawl, or backfill, the journal as it is in its night."""

    def run(series: Series, url: str, *further: str, command: str = "crawl") -> None:
        where = ("--base-url", url, "--database", database, "--no-archive", "--delay", "0", "--concurrency", "8")
        told = (series.moment.isoformat(), command, SITE, *where, *further)
        done = armcrawl(*told, script=AT_TIME, ARMCRAWL_SITES=str(tmp_path))
        assert done.code == 0, done.out + done.err

    return run


def ascending(crawl: Callable[..., None], series: Series, url: str) -> None:
    """Crawl each night what is new."""
    for series.night in range(1, NIGHTS + 1):
        crawl(series, url)


def descending(crawl: Callable[..., None], series: Series, url: str) -> None:
    """Fetch what there is, the newest half first, and go on with a night."""
    series.night = NIGHTS - 1
    half = series.newest // 2
    for ids in (f"{half + 1}-{series.newest}", f"1-{half}"):
        crawl(series, url, "--ids", ids, command="backfill")
    series.night = NIGHTS
    crawl(series, url)


def interleaved(crawl: Callable[..., None], series: Series, url: str) -> None:
    """Crawl some of what is new, and fetch some of what is old, until all is there."""
    for series.night in range(1, NIGHTS):
        crawl(series, url, *BUDGET)
        crawl(series, url, "--ids", f"1-{series.newest}", *BUDGET, command="backfill")
    series.night += 1
    crawl(series, url)


@pytest.mark.parametrize("step", [FEW, pytest.param(1, marks=pytest.mark.soak)], ids=["few", "all"])
@pytest.mark.parametrize("order", [ascending, descending, interleaved])
def test_a_journal_of_series_has_its_copies_in_clusters_and_nothing_else(
    armcrawl: Command, database: str, crawl: Callable[..., None], tmp_path: Path, order: Callable[..., None], step: int
) -> None:
    series = Series(pairs()[::step])
    with serving_series(series, tmp_path) as url:
        order(crawl, series, url)
    assert_clusters(armcrawl, database, tmp_path, set(map(key_of, series.shown)), series.clusters())


class Visitor:
    """Crawls the sample portals, both into one database."""

    def __init__(self, armcrawl: Command, database: str, portals: Reprinting) -> None:
        self.armcrawl, self.database, self.portals = armcrawl, database, portals

    def portal(self, night: int, *further: str, command: str = "crawl") -> None:
        """Crawl the first portal, in the second night also what is otherwise there."""
        ahead = self.portals.begin(night)
        if night:
            self.armcrawl("recheck", *self.portals.changed, "--database", self.database)
        self._run(ahead, command, "armtorg", *further)

    def journal(self, night: int) -> None:
        """Crawl the journal."""
        ahead = self.portals.begin(night)
        self._run(ahead, "crawl", "press")
        self.portals.look()

    def _run(self, ahead: str, command: str, site: str, *further: str) -> None:
        where = ("--base-url", self.portals.urls[site], "--database", self.database, "--no-archive")
        told = (ahead, command, site, *where, "--delay", "0", "--concurrency", "8", *further)
        done = self.armcrawl(*told, script=AHEAD, **DECLARED)
        assert done.code == 0, done.out + done.err


def originals_first(visitor: Visitor) -> None:
    visitor.portal(0)
    visitor.journal(0)
    visitor.portal(1)
    visitor.journal(1)


def reprints_first(visitor: Visitor) -> None:
    visitor.journal(0)
    visitor.journal(1)
    visitor.portal(1)


def in_turns(visitor: Visitor) -> None:
    visitor.portal(0, *BUDGET)
    visitor.journal(0)
    visitor.portal(0, "--ids", "1-150", command="backfill")
    visitor.journal(1)
    visitor.portal(1)


@pytest.mark.parametrize("step", [NEARLY_NONE, pytest.param(1, marks=pytest.mark.soak)], ids=["few", "all"])
@pytest.mark.parametrize(
    "order", [originals_first, *(pytest.param(one, marks=pytest.mark.soak) for one in (reprints_first, in_turns))]
)
def test_the_sample_portals_have_their_copies_in_clusters_and_nothing_else(
    armcrawl: Command, database: str, tmp_path: Path, order: Callable[[Visitor], None], step: int
) -> None:
    portals = Reprinting(step)
    with portals.serving():
        order(Visitor(armcrawl, database, portals))
    assert_clusters(armcrawl, database, tmp_path, portals.keys(), portals.clusters())


def assert_clusters(
    armcrawl: Command, database: str, folder: Path, keys: Collection[str], clusters: Collection[frozenset[str]]
) -> None:
    """Compare a database with the articles and clusters that it should have, in views, exports, and after a rebuild."""
    engine = open_database(database, create=False)
    members: dict[str, set[str]] = {}
    with reading(engine) as connection:
        for cluster, key in connection.execute(text("SELECT cluster, key FROM v_reprints")):
            members.setdefault(cluster, set()).add(key)
        assert set(connection.execute(text("SELECT key FROM v_articles")).scalars()) == keys
    assert set(map(frozenset, members.values())) == clusters
    assert clusters
    done = armcrawl("export", "one.jsonl", "--one-per-cluster", "--database", database)
    assert done.code == 0, done.err
    kept = [json.loads(line)["key"] for line in (folder / "one.jsonl").read_text(encoding="utf-8").splitlines()]
    alone = set(keys).difference(*clusters)
    assert len(kept) == len(alone) + len(clusters)
    assert alone <= set(kept)
    assert all(len(cluster.intersection(kept)) == 1 for cluster in clusters)
    before = tables_of(engine)
    rebuild_clusters(engine)
    assert tables_of(engine) == before
    engine.dispose()


def tables_of(engine: Engine) -> dict[str, Counter[str]]:
    rows = engine_rows(engine)
    return {table: rows[table] for table in TABLES}
