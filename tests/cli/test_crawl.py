"""`armcrawl crawl` over real HTTP into a real database."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from armcrawl.sample.server import serving

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from armcrawl.sample.articles import Sample
    from tests.cli.conftest import Undisturbed
    from tests.forking import Finished

    Command = Callable[..., Finished]
    Query = Callable[[str], list[tuple[object, ...]]]

FAST = ("--delay", "0", "--concurrency", "8")
SMALL = (*FAST, "--section", "reviews")
HASHES = "SELECT key, content_hash FROM articles JOIN article_versions v ON v.article_id = articles.id ORDER BY key"


@pytest.mark.usefixtures("crawled")
def test_a_crawl_stores_exactly_the_articles_of_the_portal(query: Query, half: Sample) -> None:
    stored = {row[0] for row in query("SELECT key FROM articles")}
    assert stored == {str(key) for key in half.articles}


@pytest.mark.usefixtures("crawled")
def test_every_id_up_to_the_head_is_known_afterwards(armcrawl: Command, database: str, half: Sample) -> None:
    status = json.loads(armcrawl("status", "--json", "--database", database).out)
    for section in status["sections"]:
        assert section["never_asked"] == 0
        assert section["head"] == half.of_section(section["section"])[0].number
        assert section["complete"] == 1.0


@pytest.mark.usefixtures("crawled")
def test_a_second_crawl_asks_five_times_and_stores_nothing(
    armcrawl: Command, database: str, undisturbed: Undisturbed
) -> None:
    undisturbed.log.clear()
    again = armcrawl("crawl", "--base-url", undisturbed.url, "--database", database, *FAST)
    assert len(undisturbed.log) == 5, undisturbed.log
    assert "Articles: new 0, changed 0, unchanged 0" in again.out


def test_no_page_is_asked_for_twice(undisturbed: Undisturbed) -> None:
    articles = [target for target in undisturbed.asked if re.search(r"\d", target)]
    assert len(articles) == len(set(articles))


def test_runs_within_a_budget_add_up_to_the_whole(
    armcrawl: Command, portal: str, database: str, requests: list[str], query: Query, sample: Sample
) -> None:
    articles = len(sample.of_section("reviews"))
    budget = articles // 2 + 2
    codes, sent = [], []
    for _ in range(6):
        requests.clear()
        done = armcrawl("crawl", "--base-url", portal, "--database", database, "--max-requests", str(budget), *SMALL)
        codes.append(done.code)
        sent.append(len(requests))
    assert codes == [0] * 6
    assert max(sent) <= budget
    assert query("SELECT count(*) FROM articles") == [(articles,)]


def test_the_newest_come_first(armcrawl: Command, portal: str, database: str, query: Query, sample: Sample) -> None:
    armcrawl("crawl", "--base-url", portal, "--database", database, "--max-requests", "60", "--section", "news", *FAST)
    stored = sorted(
        (int(str(row[0])) for row in query("SELECT number FROM pages WHERE outcome = 'stored'")), reverse=True
    )
    newest = [article.number for article in sample.of_section("news")]
    assert stored == newest[: len(stored)]
    assert len(stored) > 20


def test_only_the_chosen_section_is_asked(armcrawl: Command, portal: str, database: str, query: Query) -> None:
    armcrawl("crawl", "--base-url", portal, "--database", database, "--section", "reviews", *FAST)
    assert query("SELECT DISTINCT section FROM pages") == [("reviews",)]


@pytest.mark.usefixtures("crawled")
def test_stored_addresses_are_the_sites_own(query: Query) -> None:
    addresses = query(
        "SELECT address FROM pages UNION SELECT address FROM images UNION SELECT address FROM article_tags"
    )
    assert [row for row in addresses if "127.0.0.1" in str(row[0])] == []


def test_two_markups_leave_the_same_articles(armcrawl: Command, crawled: Path, half: Sample, tmp_path: Path) -> None:
    second = f"sqlite:///{tmp_path}/second.db"
    with serving("tables", sample=half) as other:
        # A doubled slash and a path below are variants of the same addresses.
        armcrawl("crawl", "--base-url", other + "//", "--database", second, *FAST)
    hashes = [
        subprocess.run(
            [sys.executable, "-c", f"import sqlite3; print(sqlite3.connect({name!r}).execute({HASHES!r}).fetchall())"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for name in (crawled.name, "second.db")
    ]
    assert hashes[0] == hashes[1]
    assert len(hashes[0]) > 10_000


@pytest.mark.usefixtures("crawled")
def test_what_is_no_article_is_in_the_ledger_with_its_reason(query: Query, half: Sample) -> None:
    rows = query("SELECT section || '/' || external_id, reason FROM pages WHERE outcome = 'missing'")
    reasons = {str(page): str(reason) for page, reason in rows}
    for key in half.redirected_home:
        assert reasons[f"{key.section}/{key.external_id}"] == "missing: redirected to the home page"
    for key in half.without_article:
        assert reasons[f"{key.section}/{key.external_id}"].startswith("empty")


@pytest.mark.usefixtures("crawled")
def test_a_run_leaves_its_record(undisturbed: Undisturbed, query: Query) -> None:
    ((kind, outcome, sent, finished),) = query("SELECT kind, outcome, requests, finished_at FROM runs")
    assert (kind, outcome, sent) == ("crawl", "done", undisturbed.requests)
    assert finished is not None


def test_exchange_rates_are_kept_by_day(armcrawl: Command, portal: str, database: str, query: Query) -> None:
    armcrawl("crawl", "--base-url", portal, "--database", database, "--max-requests", "10", *FAST)
    assert len(query("SELECT day, euro, dollar FROM exchange_rates")) == 1


def test_another_origin_is_refused(armcrawl: Command, portal: str, database: str) -> None:
    armcrawl("crawl", "--base-url", portal, "--database", database, "--max-requests", "10", *FAST)
    with serving("tables") as other:
        done = armcrawl("crawl", "--base-url", other, "--database", database, *FAST)
        mixed = armcrawl(
            "crawl", "--base-url", other, "--database", database, "--mixed-origin", "--max-requests", "10", *FAST
        )
    assert done.code == 2
    assert portal in done.err
    assert mixed.code == 0


def test_plain_scrapy_crawls_as_well(tmp_path: Path, portal: str, database: str, query: Query) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", "crawl", "armtorg", "-a", f"base_url={portal}", "-a", f"database={database}",
         "-a", "max_requests=30", "-s", "DOWNLOAD_DELAY=0"],
        env={"PATH": "", "SCRAPY_SETTINGS_MODULE": "armcrawl.settings"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert query("SELECT outcome, requests FROM runs") == [("budget", 30)]
    assert query("SELECT count(*) FROM articles")[0][0]
