"""`armcrawl demo`, the first thing that anybody runs."""

from __future__ import annotations

import os
import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from armcrawl.cli.collect.demo import MARKUPS
from armcrawl.sample.portal import MARKUPS as PORTAL_MARKUPS
from tests.conftest import COMMAND_SECONDS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from armcrawl.sample.articles import Sample
    from tests.forking import Finished, Forking


@dataclass(frozen=True)
class Demo:
    """Two demos in one folder, beside a setting that names another database."""

    folder: Path
    first: Finished
    again: Finished

    def query(self, sql: str) -> list[tuple[object, ...]]:
        with sqlite3.connect(self.folder / "data" / "demo.db") as connection:
            rows = connection.execute(sql).fetchall()
        connection.close()
        return rows


@pytest.fixture(scope="module")
def demo(forks: Forking, tmp_path_factory: pytest.TempPathFactory) -> Demo:
    folder = tmp_path_factory.mktemp("demo")
    environment = os.environ | {"ARMCRAWL_DATABASE_URL": "sqlite:///data/mine.db", "ARMCRAWL_ARCHIVE": "data/mine"}
    runs = [forks.run(("demo",), folder=folder, environment=environment, timeout=COMMAND_SECONDS) for _ in range(2)]
    return Demo(folder, *runs)


def test_the_demo_stores_the_sample_and_shows_the_newest(demo: Demo, sample: Sample) -> None:
    assert demo.first.code == 0, demo.first.err
    assert f"new {len(sample.articles)}" in demo.first.out
    assert sample.newest(1)[0].day.isoformat() in demo.first.out
    assert demo.query("SELECT count(*) FROM articles") == [(len(sample.articles),)]


def test_a_second_demo_finds_nothing_new_within_six_requests(demo: Demo) -> None:
    assert demo.again.code == 0
    assert "Nothing new" in demo.again.out
    assert demo.query("SELECT requests <= 6 FROM runs ORDER BY id DESC LIMIT 1") == [(1,)]


def test_the_demo_never_touches_the_real_database(demo: Demo) -> None:
    made = {path.name for path in (demo.folder / "data").iterdir()}
    assert made == {"demo.db", "demo-archive", "demo.db.lock", "demo.db.armtorg.lock"}


def test_an_unknown_markup_is_refused_by_name(armcrawl: Callable[..., Finished]) -> None:
    done = armcrawl("demo", "--markup", "flash")
    assert done.code == 2
    assert all(name in done.err for name in PORTAL_MARKUPS)


def test_all_markups_of_the_portal_may_be_chosen() -> None:
    assert tuple(PORTAL_MARKUPS) == MARKUPS
