"""Where a section ends, on sites that link to more than their articles."""

from __future__ import annotations

import gzip
import json
import re
from typing import TYPE_CHECKING

import pytest
from aiohttp import web

from armcrawl.sample.portal import Portal
from armcrawl.sample.server import serving_handler
from armcrawl.store.base.database import open_database
from tests.conftest import TODAY

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from pathlib import Path

    from armcrawl.sample.articles import Sample
    from tests.forking import Finished

    Command = Callable[..., Finished]
    Query = Callable[[str], list[tuple[object, ...]]]
    Serve = Callable[..., AbstractContextManager[str]]

FAST = ("--delay", "0", "--concurrency", "8", "--section", "news")
# Fewer pages, where it is all the same.
SMALL = ("--delay", "0", "--concurrency", "8", "--section", "reviews")


@pytest.fixture
def serve(half: Sample) -> Serve:
    """Serve half of the sample portal; `change` may give another answer for a path and the usual body."""

    def serving(change: Callable[[str, bytes], web.Response | None]) -> AbstractContextManager[str]:
        portal = Portal("bootstrap", half)

        async def handle(request: web.Request) -> web.Response:
            usual = portal.respond(request.raw_path, TODAY)
            changed = change(request.path, usual.body)
            if changed is not None:
                return changed
            headers = {"Content-Type": usual.content_type} | ({"Location": usual.location} if usual.location else {})
            return web.Response(status=usual.status, body=usual.body, headers=headers)

        return serving_handler(handle)

    return serving


def is_article(path: str) -> bool:
    return path.rpartition("/")[2].isdigit()


def html(body: bytes) -> web.Response:
    return web.Response(body=body, content_type="text/html", charset="utf-8")


@pytest.mark.parametrize(("status", "code"), [(500, 1), (403, 3), (429, 3)])
def test_a_run_whose_newest_articles_cannot_be_read_has_failed(
    armcrawl: Command, serve: Serve, database: str, status: int, code: int
) -> None:
    with serve(lambda path, _: web.Response(status=status, text="нет") if is_article(path) else None) as url:
        done = armcrawl("crawl", "--base-url", url, "--database", database, *FAST)
    assert done.code == code, (done.out, done.err)
    assert ("The newest of news cannot be read" if code == 1 else "5 pages in a row failed") in done.err
    assert str(status) in done.err


def test_a_lone_id_far_above_is_not_the_head_even_if_it_shows_an_article(
    armcrawl: Command, serve: Serve, database: str, query: Query
) -> None:
    def change(path: str, body: bytes) -> web.Response | None:
        if path == "/":
            return html(body.replace(b"</body>", b'<a href="/reviews/99999999">test</a></body>'))
        return html(Portal("bootstrap").respond("/reviews/1", TODAY).body) if path == "/reviews/99999999" else None

    with serve(change) as url:
        done = armcrawl("crawl", "--base-url", url, "--database", database, *SMALL)
    assert done.code == 0, done.err
    assert query("SELECT count(*) FROM pages WHERE number > 1000") == [(0,)]
    assert query("SELECT count(*) > 40 FROM articles") == [(1,)]


def test_a_lone_id_far_above_that_is_met_later_moves_no_head(
    armcrawl: Command, serve: Serve, database: str, query: Query, tmp_path: Path
) -> None:
    nights = 0
    slip = b'<a href="/reviews/20160531">x</a>'

    def change(path: str, body: bytes) -> web.Response | None:
        if path == "/" and nights:
            link = b'<a href="/reviews/%d">x</a>' % (59 + nights) if nights > 1 else b""
            return html(body.replace(b"</body>", slip + link + b"</body>"))
        is_new = path in {f"/reviews/{59 + night}" for night in range(2, nights + 1)}
        return html(Portal("bootstrap").respond("/reviews/1", TODAY).body) if is_new or "20160531" in path else None

    options = ("--database", database, "--archive", "raw", "--delay", "0", "--section", "reviews")
    with serve(change) as url:
        for night in range(4):
            nights = night
            done = armcrawl("crawl", "--base-url", url, *options)
            assert done.code == 0, done.err
            assert ("armtorg/reviews/20160531 is stored, and stands alone" in done.err) == (night == 1)
            assert int(re.findall(r"Requests: (\d+)", done.out)[0]) < 80
    # The new article of each night is there, and so is the other.
    assert query("SELECT number FROM pages WHERE outcome = 'stored' AND number > 60 ORDER BY number") == [
        (61,), (62,), (20_160_531,),
    ]  # fmt: skip
    again = f"sqlite:///{tmp_path}/again.db"
    assert armcrawl("backfill", "--warc", "raw", "--archive", "raw", "--database", again).code == 0
    for filled in (database, again):
        status = json.loads(armcrawl("status", "--json", "--database", filled).out)["sections"][0]
        assert (status["head"], status["never_asked"], status["complete"]) == (62, 0, 1.0)
    doctor = armcrawl("doctor", "--offline", *options[:4], ARMCRAWL_CONTACT="desk@armcrawl.test")
    command = "armcrawl sites head armtorg reviews 62 --apply"
    assert "armtorg/reviews/20160531 stands alone, far above 62, where the others end" in doctor.out
    assert command in doctor.out
    shown = armcrawl(*command.split()[1:-1], "--database", database)
    assert "Articles that do not count above it: 20160531." in shown.out
    assert "Nothing is written yet: add --apply." in shown.out
    assert "It is written." in armcrawl(*command.split()[1:], "--database", database).out
    doctor = armcrawl("doctor", "--offline", *options[:4], ARMCRAWL_CONTACT="desk@armcrawl.test")
    assert doctor.code == 0, doctor.out
    assert query("SELECT count(*) FROM articles a JOIN pages p ON p.id = a.page_id WHERE number IS NULL") == [(1,)]


def test_a_lone_id_that_a_list_names_moves_no_head(
    armcrawl: Command, serve: Serve, database: str, query: Query, tmp_path: Path
) -> None:
    def change(path: str, body: bytes) -> web.Response | None:
        del body
        return html(Portal("bootstrap").respond("/reviews/1", TODAY).body) if "20160531" in path else None

    urls = tmp_path / "urls.txt"
    urls.write_text("https://armtorg.ru/reviews/20160531\n", encoding="utf-8")
    options = ("--database", database, "--delay", "0", "--section", "reviews")
    with serve(change) as url:
        assert armcrawl("backfill", "--urls", str(urls), "--base-url", url, *options).code == 0
        # It is all that is known so far; a run finds what the site shows.
        done = armcrawl("crawl", "--base-url", url, *options)
    assert done.code == 0, done.err
    assert query("SELECT count(*) > 40 FROM articles") == [(1,)]
    assert query("SELECT max(number) FROM pages WHERE number < 20160531") < [(1000,)]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nowhere", "news", "25"), "There is no site 'nowhere'"),
        (("armtorg", "nothing", "25"), "armtorg has no section 'nothing'"),
        (("armtorg", "news", "25"), "The ledger knows no article armtorg/news/25."),
    ],
)
def test_what_has_no_head_is_named(armcrawl: Command, database: str, arguments: tuple[str, ...], said: str) -> None:
    open_database(database).dispose()
    done = armcrawl("sites", "head", *arguments, "--database", database)
    assert (done.code, done.err.strip().startswith(f"armcrawl: {said}")) == (2, True), done.err


def test_links_to_what_is_no_article_do_not_hide_the_articles(
    armcrawl: Command, serve: Serve, database: str, query: Query
) -> None:
    bogus = b"".join(b'<a href="/reviews/%d">x</a>' % number for number in range(700_000, 700_008))

    def change(path: str, body: bytes) -> web.Response | None:
        return html(body.replace(b"</body>", bogus + b"</body>")) if path == "/" else None

    with serve(change) as url:
        done = armcrawl("crawl", "--base-url", url, "--database", database, *SMALL)
    assert done.code == 0, done.err
    assert query("SELECT count(*) > 40 FROM articles") == [(1,)]


def test_a_server_that_shows_no_article_is_a_failed_run(armcrawl: Command, portal: str, database: str) -> None:
    done = armcrawl("crawl", "--base-url", f"{portal}/below", "--database", database, *FAST)
    assert done.code == 1
    assert "gave no usable answer (missing: status 404)" in done.err


def test_a_compressed_page_that_is_cut_each_time_is_kept_as_it_is_and_never_stored_in_part(
    armcrawl: Command, serve: Serve, database: str, query: Query
) -> None:
    def change(path: str, body: bytes) -> web.Response | None:
        if not is_article(path) or not body:
            return None
        packed = gzip.compress(body)
        packed = packed[: len(packed) // 2] if path == "/reviews/5" else packed
        return web.Response(body=packed, headers={"Content-Type": "text/html", "Content-Encoding": "gzip"})

    with serve(change) as url:
        armcrawl("crawl", "--base-url", url, "--database", database, *SMALL)
    assert query("SELECT outcome, reason LIKE '%cut in the middle%' FROM pages WHERE number = 5") == [
        ("quarantined", 1)
    ]
    assert query("SELECT count(*) FROM pages WHERE outcome IN ('failed', 'quarantined')") == [(1,)]


def test_a_site_that_has_moved_is_not_taken_for_an_empty_one(
    armcrawl: Command, serve: Serve, half: Sample, database: str, query: Query
) -> None:
    has_moved = False

    def change(path: str, body: bytes) -> web.Response | None:
        del body
        return web.Response(status=404, text="нет") if has_moved and is_article(path) else None

    options = ("--database", database, "--delay", "0", "--section", "news")
    with serve(change) as url:
        armcrawl("crawl", "--base-url", url, *options, "--max-requests", "30")
        has_moved = True
        done = armcrawl("crawl", "--base-url", url, *options)
        assert done.code == 1
        assert "has the site moved?" in done.err
        has_moved = False
        again = armcrawl("crawl", "--base-url", url, *options)
    assert again.code == 0, again.err
    assert query("SELECT count(*) FROM articles") == [(len(half.of_section("news")),)]


def test_a_site_whose_home_page_is_missing_is_a_failed_run_and_settles_nothing(
    armcrawl: Command, serve: Serve, database: str, query: Query
) -> None:
    gone = False

    def change(path: str, body: bytes) -> web.Response | None:
        del body
        return web.Response(status=404, text="нет") if gone and path != "/robots.txt" else None

    options = ("--database", database, "--delay", "0", "--section", "news")
    with serve(change) as url:
        armcrawl("crawl", "--base-url", url, *options, "--max-requests", "30")
        before = query("SELECT count(*) FROM pages")
        gone = True
        assert armcrawl("crawl", "--base-url", url, *options).code == 1
    assert query("SELECT count(*) FROM pages") == before


def test_a_newest_page_that_is_broken_does_not_stop_the_others(
    armcrawl: Command, serve: Serve, half: Sample, database: str, query: Query
) -> None:
    broken = False

    def change(path: str, body: bytes) -> web.Response | None:
        if path == "/" and broken:
            return html(body.replace(b"</body>", b'<a href="/news/172">x</a></body>'))
        return web.Response(status=500) if path == "/news/172" else None

    options = ("--database", database, "--delay", "0", "--concurrency", "4", "--section", "news")
    with serve(change) as url:
        armcrawl("crawl", "--base-url", url, *options, "--max-requests", "30")
        broken = True
        done = armcrawl("crawl", "--base-url", url, *options)
    assert done.code == 0, done.err
    assert query("SELECT count(*) FROM articles") == [(len(half.of_section("news")),)]
    assert query("SELECT outcome FROM pages WHERE number = 172") == [("failed",)]


def test_an_unasked_for_not_modified_is_a_failure_and_no_article(
    armcrawl: Command, serve: Serve, database: str, query: Query
) -> None:
    with serve(lambda path, _: web.Response(status=304) if path == "/reviews/5" else None) as url:
        armcrawl("crawl", "--base-url", url, "--database", database, *SMALL)
    assert query("SELECT outcome FROM pages WHERE number = 5") == [("failed",)]
