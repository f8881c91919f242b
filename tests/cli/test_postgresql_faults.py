"""What a crawl does when its PostgreSQL server goes away, and when the crawl does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.conftest import COMMAND_SECONDS
from tests.waiting import wait_for

if TYPE_CHECKING:
    from collections.abc import Callable

    from armcrawl.sample.articles import Sample
    from tests.cli.conftest import Start
    from tests.forking import Finished
    from tests.postgresql import OwnServer

    Command = Callable[..., Finished]
    Query = Callable[[str], list[tuple[object, ...]]]

IMPATIENT = (
    "from armcrawl.store.base import database_worker; database_worker.WAITS_SECONDS = (0.2,) * 3; "
    "from armcrawl.cli import main; main()"
)


@pytest.fixture
def database(own_database: str) -> str:
    return own_database


def counts(query: Query) -> list[int]:
    """Count the rows of what a crawl fills."""
    tables = ("articles", "article_versions", "search_documents")
    return [count for table in tables for (count,) in query(f"SELECT count(*) FROM {table}") if isinstance(count, int)]


def test_a_server_that_restarts_in_mid_crawl_costs_nothing(
    start: Start, asked: list[str], own_server: OwnServer, query: Query, half: Sample
) -> None:
    crawl = start()
    wait_for(lambda: len(asked) > 60)
    own_server.stop()
    wait_for(lambda: "Trying again" in crawl.printed())
    own_server.start()
    _, err = crawl.communicate(timeout=COMMAND_SECONDS)
    assert crawl.returncode == 0, err
    assert counts(query) == [len(half.articles)] * 3
    assert query("SELECT outcome FROM runs") == [("done",)]


@pytest.mark.soak
def test_a_server_that_stays_away_ends_the_run_and_the_next_one_completes_it(
    start: Start, asked: list[str], own_server: OwnServer, query: Query, half: Sample
) -> None:
    crawl = start(IMPATIENT)
    wait_for(lambda: len(asked) > 60)
    own_server.stop()
    _, err = crawl.communicate(timeout=COMMAND_SECONDS)
    assert crawl.returncode == 1, err
    assert "Traceback" not in err
    own_server.start()
    assert counts(query)[0] < len(half.articles)
    again = start()
    _, err = again.communicate(timeout=COMMAND_SECONDS)
    assert again.returncode == 0, err
    assert counts(query) == [len(half.articles)] * 3


@pytest.mark.soak
def test_a_killed_crawl_leaves_whole_batches_and_the_next_one_completes_it(
    start: Start, asked: list[str], query: Query, half: Sample
) -> None:
    crawl = start()
    wait_for(lambda: len(asked) > 160)
    crawl.kill()
    crawl.communicate(COMMAND_SECONDS)
    articles, versions, documents = counts(query)
    assert 0 < articles < len(half.articles)
    assert articles == versions
    assert documents == 0, "what no verdict has published is shown"
    again = start()
    _, err = again.communicate(timeout=COMMAND_SECONDS)
    assert again.returncode == 0, err
    assert counts(query) == [len(half.articles)] * 3


def test_a_password_reaches_neither_the_terminal_nor_the_database(
    armcrawl: Command, portal: str, database: str, own_server: OwnServer, query: Query
) -> None:
    url = database.replace("postgres:@", "postgres:verysecret@")
    options = ("--base-url", portal, "--delay", "0", "--max-requests", "20", "--verbose")
    crawl = armcrawl("crawl", "--database", url, *options)
    assert crawl.code == 0, crawl.err
    assert query("SELECT count(*) FROM runs WHERE CAST(runs AS text) LIKE '%verysecret%'") == [(0,)]
    own_server.stop()
    refused = armcrawl("crawl", "--database", url, *options)
    assert refused.code == 1
    assert "***" in refused.err
    assert "verysecret" not in crawl.out + crawl.err + refused.out + refused.err
    own_server.start()
