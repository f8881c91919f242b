"""A world with a fleet on a PostgreSQL of its own, and what an undisturbed crawl brings."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

import pytest

from armcrawl.archive.folder import Folder
from armcrawl.fleet.setting_up import set_up
from armcrawl.store.base.database import connect
from tests.fleet.world import World, world

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Engine

SITE = "ventil"
# Pages at a time, as no option says otherwise.
CONCURRENCY = 1


@pytest.fixture
def engine(postgresql_database: str, tmp_path: Path) -> Iterator[Engine]:
    """The database of a fleet."""
    engine = connect(postgresql_database)
    set_up(engine, postgresql_database, Folder(tmp_path / "shared"))
    yield engine
    engine.dispose()


@pytest.fixture
def fleet(tmp_path: Path, own_database: str) -> Iterator[World]:
    """A fleet that is set up, with the site `ventil`, and nobody who works."""
    with world(tmp_path, own_database) as made:
        made.add_site(SITE)
        made.told("fleet", "init")
        yield made


def check(fleet: World, undisturbed: list[tuple[Any, ...]], *, kills: int | None = 0, away: float = 0.0) -> None:
    """Wait for the end, and see that nobody would notice that anything had happened.

    A crawl that was killed while its portal was held asks once more for what was under way. With None it was killed at
    any moment, maybe while it waited for the database: then it asks once more for all that was not yet stored. What was
    away for so many seconds, a crawl looks for again at last after as many more.
    """
    fleet.wait_until_done()
    portal = fleet.portals[SITE]
    assert fleet.articles() == undisturbed
    assert portal.overlaps == 0
    if kills is None:
        assert fleet.ask("SELECT count(*) FROM captures WHERE last_seen_at > fetched_at") == [(0,)]
    else:
        assert portal.twice <= kills * CONCURRENCY
    if fleet.fault_at:
        assert fleet.seconds_until_back(SITE) <= fleet.bound + away


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Any, ...]]:
    """The articles of `ventil` as one crawl without any fault brings them."""
    folder = tmp_path_factory.mktemp("undisturbed")
    with world(folder, f"sqlite:///{folder}/press.db") as made:
        made.add_site(SITE)
        made.told("crawl", SITE)
    with sqlite3.connect(folder / "press.db") as connection:
        return connection.execute("SELECT key, title, body FROM v_articles ORDER BY key").fetchall()
