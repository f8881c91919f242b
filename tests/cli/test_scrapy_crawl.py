"""Plain `scrapy crawl armtorg`: the same checks, record and exit codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.forking import Finished

    Scrapy = Callable[..., Finished]
    Query = Callable[[str], list[tuple[object, ...]]]

FAST = ("-s", "DOWNLOAD_DELAY=0", "-s", "CONCURRENT_REQUESTS_PER_DOMAIN=8", "-s", "CONCURRENT_REQUESTS=8")


def test_the_portal_is_crawled_with_a_record(scrapy: Scrapy, portal: str, database: str, query: Query) -> None:
    done = scrapy("armtorg", "-a", f"base_url={portal}", "-a", f"database={database}", "-a", "max_requests=40", *FAST)
    assert done.code == 0, done.err
    assert query("SELECT outcome, requests FROM runs") == [("budget", 40)]
    assert query("SELECT count(*) > 10 FROM articles") == [(1,)]


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("-a", "sections=sport"), "sport"),
        (("-a", "section=news"), "section"),
        (("-a", "base_url=ftp://127.0.0.1"), "base-url"),
        (("-a", "base_url=http://127.0.0.1:9", "-a", "max_requests=-1", *FAST), "MAX_REQUESTS"),
        (("-a", "base_url=http://127.0.0.1:9", "-a", "database=oracle://x", *FAST), "oracle"),
        (("-a", "base_url=http://127.0.0.1:9", "-s", "JOBDIR=job", *FAST), "JOBDIR"),
        (("-a", "base_url=http://127.0.0.1:9", "-s", "HTTPCACHE_ENABLED=1", *FAST), "HTTPCACHE_ENABLED"),
        ((), "ARMCRAWL_CONTACT"),
    ],
)
def test_what_does_not_fit_is_a_usage_error_in_one_sentence(
    scrapy: Scrapy, arguments: tuple[str, ...], word: str
) -> None:
    done = scrapy("armtorg", *arguments)
    assert done.code == 2, (done.out, done.err)
    assert "Traceback" not in done.err
    assert word in done.err + done.out


def test_a_failed_run_has_its_exit_code(scrapy: Scrapy, database: str) -> None:
    done = scrapy("armtorg", "-a", "base_url=http://127.0.0.1:9", "-a", f"database={database}", *FAST)
    assert done.code == 1
    assert "Traceback" not in done.err
    assert "robots.txt cannot be read" in done.err
