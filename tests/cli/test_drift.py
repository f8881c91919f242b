"""The site changes in the middle of a run: it is seen within fifty pages, and nothing of it is shown."""

from __future__ import annotations

import json
from shutil import copytree
from typing import TYPE_CHECKING, Any

import pytest

from armcrawl.sample.server import serving_handler
from tests.cli.conftest import starting
from tests.conftest import COMMAND_SECONDS
from tests.drift import (
    DriftingPortal,
    channel,
    consent,
    logo_as_title,
    page_one_only,
    tags_without_links,
    teasers_in_text,
    telegram,
    without_date,
)
from tests.waiting import wait_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.drift import Change
    from tests.forking import Finished, Forking

    Run = Callable[..., Finished]
    Query = Callable[[str], list[tuple[object, ...]]]

SHOWN = "SELECT key, title, body, published_on FROM v_articles ORDER BY key"
# What the site is known by before it changes: two nights.
NIGHT = 100
# A third of the pages that come after the quiet ones: thirty that are otherwise.
LONG_NIGHT = 120
DATABASE = "sqlite:///test.db"


class Site:
    """The portal on one address, a database, and the command line."""

    def __init__(self, portal: DriftingPortal, url: str, armcrawl: Run, folder: Path) -> None:
        self.portal = portal
        self.armcrawl = armcrawl
        self.folder = folder
        # The two nights' portal had another port.
        self.options = ("--base-url", url, "--delay", "0", "--section", "news", "--mixed-origin")

    def crawl(self, requests: int = NIGHT) -> Finished:
        return self.run("crawl", *self.options, "--max-requests", str(requests))

    def run(self, *arguments: str) -> Finished:
        return self.armcrawl(*arguments, "--database", DATABASE)

    def last_run(self) -> dict[str, Any]:
        done = self.run("runs", "list", "--limit", "1", "--json")
        assert done.code == 0, done.err
        found: list[dict[str, Any]] = json.loads(done.out)
        return found[0]


@pytest.fixture(scope="session")
def two_nights(forks: Forking, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the database and the archive of two good runs."""
    folder = tmp_path_factory.mktemp("two-nights")
    with serving_handler(DriftingPortal().handle) as url:
        for _ in range(2):
            night = ("--section", "news", "--max-requests", str(NIGHT))
            crawl = starting(forks, "--base-url", url, "--database", DATABASE, "--delay", "0", *night, folder=folder)
            _, err = crawl.communicate(timeout=COMMAND_SECONDS)
            assert crawl.returncode == 0, err
    return folder


@pytest.fixture
def site(two_nights: Path, armcrawl: Run, tmp_path: Path) -> Iterator[Site]:
    """A site that two good runs have read."""
    copytree(two_nights, tmp_path, dirs_exist_ok=True)
    portal = DriftingPortal()
    with serving_handler(portal.handle) as url:
        yield Site(portal, url, armcrawl, tmp_path)


@pytest.mark.parametrize(
    ("change", "measure", "value"),
    [
        (logo_as_title, "title", "the site's name"),
        (without_date, "date", "missing"),
        (teasers_in_text, "a paragraph of other pages", "yes"),
        (tags_without_links, "tags", "missing"),
        (consent, "page", None),
        (channel, "a paragraph of other pages", "yes"),
    ],
)
def test_a_change_in_the_middle_of_a_run_is_named_within_fifty_pages(
    site: Site, query: Query, change: Change, measure: str, value: str | None
) -> None:
    shown = query(SHOWN)
    site.portal.change, site.portal.quiet = change, 20
    done = site.crawl(requests=LONG_NIGHT)
    assert done.code == 3, (done.out, done.err)
    assert query(SHOWN) == shown
    found = site.last_run()
    breaches = {(one["measure"], one["value"] if value else None): one for one in found["breaches"]}
    assert (measure, value) in breaches, found["breaches"]
    breach = breaches[measure, value]
    assert breach["first"] in site.portal.changed
    assert set(breach["examples"]) <= set(site.portal.since)
    assert found["verdict"] == "refused"
    assert found["breaches"][0]["sentence"] in found["sentence"]


def test_a_known_block_that_appears_in_every_text_is_read_right(site: Site, query: Query) -> None:
    site.portal.change = telegram
    done = site.crawl()
    assert done.code == 0, done.err
    assert len(site.portal.changed) > 20
    assert query("SELECT count(*) FROM v_articles WHERE body LIKE '%Telegram%'") == [(0,)]


def test_a_listing_of_one_page_hides_nothing(site: Site, query: Query) -> None:
    """Ids are counted down from the head, so a listing only tells where the head is."""
    site.portal.change = page_one_only
    assert site.crawl(requests=0).code == 0
    assert query("SELECT count(*) FROM v_articles") == [(349,)]


def test_a_person_may_accept_what_a_refused_run_stored(site: Site, query: Query) -> None:
    site.portal.change = without_date
    assert site.crawl(requests=LONG_NIGHT).code == 3
    refused = site.last_run()
    assert refused["withheld"] > 0
    assert f"armtorg: {refused['withheld']} articles have a version that is withheld" in site.run("status").out
    site.portal.change = None
    told = site.crawl(requests=5).out
    assert f"Withheld since earlier runs: {refused['withheld']} articles, see `armcrawl runs`." in told
    kept = "article_versions WHERE state = 'withheld'"
    before, waiting = (query(f"SELECT count(*) FROM {rows}")[0][0] for rows in ("v_articles", kept))
    site.portal.change = without_date
    done = site.run("runs", "accept", str(refused["id"]))
    assert done.code == 0, done.err
    assert query("SELECT count(*) FROM v_articles") == [(int(str(before)) + int(str(waiting)),)]
    assert query("SELECT count(*) FROM article_versions WHERE state = 'withheld'") == [(0,)]
    again = site.crawl(requests=LONG_NIGHT)
    assert again.code == 0, again.err


def test_a_refused_run_is_shown_with_the_lines_of_pages_beside_those_of_one_before(site: Site) -> None:
    site.portal.change = without_date
    site.crawl(requests=LONG_NIGHT)
    shown = site.run("runs", str(site.last_run()["id"])).out.splitlines()
    assert any(line.startswith("  title: ") and "│ title: " in line for line in shown)
    assert any(line.startswith("  date: ") and line.endswith(" │") for line in shown)


def test_a_page_that_never_was_an_article_is_shown_beside_one_that_was(site: Site) -> None:
    site.portal.change = lambda _, number: consent("", 3 * number)
    done = site.crawl()
    assert done.code == 3, done.err
    shown = site.run("runs", str(site.last_run()["id"])).out
    assert "shows no article: failed: blocked: Согласие на обработку данных" in shown


def test_what_a_person_rejects_is_asked_for_again(site: Site, query: Query) -> None:
    shown = query(SHOWN)
    site.portal.change = channel
    refused = site.crawl(requests=LONG_NIGHT)
    assert refused.code == 3
    assert "pages of the run have in their text: «Новости отрасли теперь и в нашем канале" in refused.out
    done = site.run("runs", "reject", str(site.last_run()["id"]))
    assert done.code == 0, done.err
    assert query(SHOWN) == shown
    assert query("SELECT count(*) FROM article_versions") == [(len(shown),)]
    site.portal.change = None
    assert site.crawl(requests=0).code == 0
    assert query("SELECT count(*) FROM v_articles") == [(349,)]
    assert query("SELECT count(*) FROM v_articles WHERE body LIKE '%нашем канале%'") == [(0,)]


def test_only_what_was_refused_is_decided_on(site: Site) -> None:
    done = site.run("runs", "accept", "1")
    assert done.code == 2
    assert "Run 1 was not refused" in done.err


# The parser of the day after: it knows the new block. Its processes import this file.
MENDED = """
from dataclasses import replace
from armcrawl.cli import main
from armcrawl.refining import chain
from armcrawl.refining.boilerplate import strip_boilerplate
def without_block(article, fetched_at):
    kept = tuple(one for one in article.paragraphs if "в нашем канале" not in one)
    return strip_boilerplate(replace(article, paragraphs=kept), fetched_at)
chain.STAGES["boilerplate"] = without_block
if __name__ == "__main__":
    main()
"""


def test_a_mended_parser_heals_a_refused_run(site: Site, armcrawl: Run, query: Query) -> None:
    site.portal.change = channel
    assert site.crawl(requests=LONG_NIGHT).code == 3
    refused = site.last_run()["id"]
    assert site.run("reparse", "--apply").code == 0
    assert query(f"SELECT verdict FROM runs WHERE id = {refused}") == [("refused",)]
    mended = armcrawl("reparse", "--apply", "--database", DATABASE, script=MENDED)
    assert mended.code == 0, mended.err
    assert f"Run {refused} is refused no more" in mended.out
    assert query(f"SELECT verdict, unjudged IS NULL FROM runs WHERE id = {refused}") == [("not judged", 0)]
    assert query("SELECT count(*) FROM article_versions WHERE state = 'withheld'") == [(0,)]
    assert query("SELECT count(*) FROM v_articles WHERE body LIKE '%нашем канале%'") == [(0,)]
    assert query("SELECT count(*) FROM v_articles") == query("SELECT count(*) FROM articles")


def test_pages_that_a_dead_run_stored_are_checked_by_the_next(site: Site, forks: Forking, query: Query) -> None:
    shown = query(SHOWN)
    site.portal.seconds = 0.02
    running = starting(forks, *site.options, "--database", DATABASE, folder=site.folder)
    wait_for(lambda: bool(query("SELECT 1 FROM article_versions WHERE state = 'withheld'")))
    running.kill()
    running.communicate(COMMAND_SECONDS)
    assert query(SHOWN) == shown
    died = query("SELECT max(id) FROM runs")[0][0]
    assert site.crawl(requests=5).code == 0
    assert query(f"SELECT outcome, verdict FROM runs WHERE id = {died}") == [("died", "not judged")]
    assert query("SELECT count(*) FROM article_versions WHERE state = 'withheld'") == [(0,)]
    assert len(query(SHOWN)) > len(shown)


def test_plain_scrapy_leaves_the_same_record_and_outcome(site: Site, scrapy: Run) -> None:
    site.portal.change = channel
    arguments = (
        f"base_url={site.options[1]}",
        f"database=sqlite:///{site.folder}/test.db",
        "sections=news",
        f"max_requests={LONG_NIGHT}",
        "mixed_origin=1",
    )
    given = (part for argument in arguments for part in ("-a", argument))
    done = scrapy("armtorg", "-s", "DOWNLOAD_DELAY=0", *given)
    assert done.code == 3, done.err
    by_scrapy = site.last_run()
    site.run("runs", "reject", str(by_scrapy["id"]))
    assert site.crawl(requests=LONG_NIGHT).code == 3
    by_us = site.last_run()
    for name in ("kind", "outcome", "exit_code", "verdict", "arguments"):
        assert by_scrapy[name] == by_us[name]
    for run in (by_scrapy, by_us):
        assert "a paragraph of other pages" in {one["measure"] for one in run["breaches"]}
