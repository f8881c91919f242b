"""Where a section ends, on sites that link to more than their articles."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest
from aiohttp import web

from armcrawl.sample.portal import Portal
from armcrawl.sample.server import serving_handler
from tests.conftest import TODAY

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from tests.forking import Finished

    Command = Callable[..., Finished]
    Query = Callable[[str], list[tuple[object, ...]]]
    Serve = Callable[..., AbstractContextManager[str]]

FAST = ("--delay", "0", "--concurrency", "8", "--section", "news")
# Fewer pages, where it is all the same.
SMALL = ("--delay", "0", "--concurrency", "8", "--section", "reviews")


@pytest.fixture
def serve() -> Serve:
    """Serve the sample portal; `change` may give another answer for a path and the usual body."""

    def serving(change: Callable[[str, bytes], web.Response | None]) -> AbstractContextManager[str]:
        portal = Portal("bootstrap")

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


def test_a_compressed_page_that_is_cut_is_asked_for_again_and_never_stored_in_part(
    armcrawl: Command, serve: Serve, database: str, query: Query
) -> None:
    def change(path: str, body: bytes) -> web.Response | None:
        if not is_article(path):
            return None
        packed = gzip.compress(body)
        packed = packed[: len(packed) // 2] if path == "/reviews/5" else packed
        return web.Response(body=packed, headers={"Content-Type": "text/html", "Content-Encoding": "gzip"})

    with serve(change) as url:
        armcrawl("crawl", "--base-url", url, "--database", database, *SMALL)
    assert query("SELECT outcome, last_error LIKE '%cut in the middle%' FROM pages WHERE number = 5") == [("failed", 1)]
    assert query("SELECT count(*) FROM pages WHERE outcome = 'failed'") == [(1,)]


def test_a_site_that_has_moved_is_not_taken_for_an_empty_one(
    armcrawl: Command, serve: Serve, database: str, query: Query
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
    assert query("SELECT count(*) FROM articles") == [(349,)]


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
    armcrawl: Command, serve: Serve, database: str, query: Query
) -> None:
    broken = False

    def change(path: str, body: bytes) -> web.Response | None:
        if path == "/" and broken:
            return html(body.replace(b"</body>", b'<a href="/news/434">x</a></body>'))
        return web.Response(status=500) if path == "/news/434" else None

    options = ("--database", database, "--delay", "0", "--concurrency", "4", "--section", "news")
    with serve(change) as url:
        armcrawl("crawl", "--base-url", url, *options, "--max-requests", "30")
        broken = True
        done = armcrawl("crawl", "--base-url", url, *options)
    assert done.code == 0, done.err
    assert query("SELECT count(*) FROM articles") == [(349,)]
    assert query("SELECT outcome FROM pages WHERE number = 434") == [("failed",)]


def test_an_unasked_for_not_modified_is_a_failure_and_no_article(
    armcrawl: Command, serve: Serve, database: str, query: Query
) -> None:
    with serve(lambda path, _: web.Response(status=304) if path == "/reviews/5" else None) as url:
        armcrawl("crawl", "--base-url", url, "--database", database, *SMALL)
    assert query("SELECT outcome FROM pages WHERE number = 5") == [("failed",)]
