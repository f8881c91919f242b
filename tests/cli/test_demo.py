"""`armcrawl demo`, the first thing that anybody runs."""

from __future__ import annotations

import os
import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from armcrawl.sample.portal import MARKUPS as PORTAL_MARKUPS
from armcrawl.sample.portals import NUMBERED, PRESS
from armcrawl.sample.press.own import own_histories
from armcrawl.sample.press.portal import MARKUPS as PRESS_MARKUPS
from tests.conftest import COMMAND_SECONDS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from armcrawl.sample.articles import Sample
    from tests.forking import Finished, Forking

FILE = 'max_requests = 3\nreport = "night.json"\non_success = "touch called"\n[site.armtorg]\nmax_requests = 2\n'


@dataclass(frozen=True)
class Demo:
    """Two demos in one folder, beside settings that name another database, and a file that is for the nights."""

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
    (folder / "armcrawl.toml").write_text(FILE, encoding="utf-8")
    environment = os.environ | {"ARMCRAWL_DATABASE_URL": "sqlite:///data/mine.db", "ARMCRAWL_ARCHIVE": "data/mine"}
    environment["ARMCRAWL_CONFIG"] = str(folder / "armcrawl.toml")
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


def test_the_demo_obeys_no_file_and_calls_nobody_whom_the_nights_call(demo: Demo) -> None:
    assert {path.name for path in demo.folder.iterdir()} == {"armcrawl.toml", "data"}


def test_the_demo_of_the_press_keeps_to_a_database_of_its_own(
    armcrawl: Callable[..., Finished], tmp_path: Path
) -> None:
    done = armcrawl("demo", "--portal", "press", "--markup", "static")
    assert done.code == 0, done.err
    assert "demo --portal press    once more: nothing is new" in done.out
    made = {path.name for path in (tmp_path / "data").iterdir()}
    assert made == {"demo-press.db", "demo-press-archive", "demo-press.db.lock", "demo-press.db.press.lock"}
    with sqlite3.connect(tmp_path / "data" / "demo-press.db") as connection:
        known = {row[0] for row in connection.execute("SELECT external_id FROM pages WHERE outcome = 'stored'")}
    connection.close()
    assert known >= {history.article.slug for history in own_histories() if history.events == ()}


def test_an_unknown_markup_is_refused_by_name(armcrawl: Callable[..., Finished]) -> None:
    done = armcrawl("demo", "--markup", "flash")
    assert done.code == 2
    assert all(name in done.err for name in PORTAL_MARKUPS)


def test_a_markup_of_the_other_portal_is_refused_with_those_that_there_are(armcrawl: Callable[..., Finished]) -> None:
    done = armcrawl("demo", "--portal", "press", "--markup", "tables")
    assert done.code == 2
    assert "The portal press has no markup 'tables': it has wordpress, static." in done.err


def test_all_markups_of_the_portals_may_be_chosen() -> None:
    assert NUMBERED.markups == tuple(PORTAL_MARKUPS)
    assert PRESS.markups == PRESS_MARKUPS
