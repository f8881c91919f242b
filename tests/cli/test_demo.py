"""`armcrawl demo`, the first thing that anybody runs."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from armcrawl.sample.articles import Sample
    from tests.forking import Finished


def test_the_demo_stores_the_sample_and_shows_the_newest(
    armcrawl: Callable[..., Finished], tmp_path: Path, sample: Sample
) -> None:
    done = armcrawl("demo")
    assert done.code == 0, done.err
    assert f"new {len(sample.articles)}" in done.out
    assert sample.newest(1)[0].day.isoformat() in done.out
    with sqlite3.connect(tmp_path / "data" / "demo.db") as connection:
        assert connection.execute("SELECT count(*) FROM articles").fetchone() == (len(sample.articles),)
    connection.close()


def test_a_second_demo_finds_nothing_new_within_six_requests(armcrawl: Callable[..., Finished], tmp_path: Path) -> None:
    armcrawl("demo")
    again = armcrawl("demo")
    assert again.code == 0
    assert "Nothing new" in again.out
    with sqlite3.connect(tmp_path / "data" / "demo.db") as connection:
        (requests,) = connection.execute("SELECT requests FROM runs ORDER BY id DESC").fetchone()
    connection.close()
    assert requests <= 6


def test_the_demo_never_touches_the_real_database(armcrawl: Callable[..., Finished], tmp_path: Path) -> None:
    armcrawl("demo", ARMCRAWL_DATABASE_URL="sqlite:///data/mine.db")
    made = {path.name for path in (tmp_path / "data").iterdir()}
    assert made == {"demo.db", "demo-archive", "demo.db.lock", "demo.db.armtorg.lock"}


def test_an_unknown_markup_is_refused_by_name(armcrawl: Callable[..., Finished]) -> None:
    done = armcrawl("demo", "--markup", "flash")
    assert done.code == 2
    assert "bootstrap, tables, html5, generated" in done.err
