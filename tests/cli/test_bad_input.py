"""Bad input gets one clear sentence and the right exit code, and leaves nothing half-written."""

from __future__ import annotations

import socket
import time
from typing import TYPE_CHECKING

import pytest
from aiohttp import web

from armcrawl.sample.portal import Portal
from armcrawl.sample.server import serving_handler
from tests.conftest import TODAY

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from pathlib import Path

    from tests.forking import Finished

    Command = Callable[..., Finished]
    Query = Callable[[str], list[tuple[object, ...]]]

LOCAL = ("--base-url", "http://127.0.0.1:9", "--delay", "0")
FAST = ("--delay", "0", "--concurrency", "4")


def assert_one_sentence(done: Finished, code: int, *words: str) -> None:
    said = [line for line in done.err.splitlines() if line.strip()]
    assert done.code == code, (done.code, done.out, done.err)
    assert "Traceback" not in done.err + done.out
    assert all(word in done.err for word in words), done.err
    assert len(said) <= 3, said  # a usage error names the usage and the help before it


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("crawl", "--no-such-option"), ("--no-such-option",)),
        (("crawl", "nosuchsite"), ("nosuchsite", "armtorg")),
        (("crawl", "--section", "sport"), ("sport", "news, reviews, articles")),
        (("crawl", "--base-url", "ftp://127.0.0.1"), ("ftp://127.0.0.1", "http")),
        (("crawl", "--base-url", "http://127.0.0.1:port"), ("--base-url",)),
        (("crawl", "--max-requests", "-1"), ("--max-requests",)),
        (("crawl", *LOCAL, "--database", "nonsense"), ("nonsense", "sqlite:///")),
        (("crawl", *LOCAL, "--database", "oracle://x/y"), ("oracle", "sqlite:///")),
        (("crawl",), ("ARMCRAWL_CONTACT",)),
        (("crawl", "--delay", "0.5"), ("--delay", "2 seconds")),
        (("crawl", "--concurrency", "3"), ("--concurrency",)),
        (("crawl", *LOCAL, "--database", "sqlite://"), ("memory", "sqlite:///")),
        (("runs", "show", "99999999999999999999"), ("ID", "from 1 to")),
        (("show", "\udcff"), ("UTF-8",)),
        (("inspect",), ("file", "--jsonl")),
        (("inspect", "page.html", "--jsonl"), ("--jsonl",)),
        (("inspect", "no-such-file.html"), ("no-such-file.html",)),
        (("inspect", "http://zavod/news/5"), ("zavod", "save")),  # no host of the web
        (("inspect", "http://127.0.0.1:99999/news/1"), ("65535",)),
        (("inspect", "https://armtorg.ru/news/1", "--base-url", "nonsense"), ("--base-url", "nonsense")),
        (("inspect", "https://example.com/news/1", "--base-url", "http://127.0.0.1:9"), ("example.com",)),
        (("inspect", "/dev/zero"), ("/dev/zero",)),
        (("trial", "--pages", "0"), ("--pages",)),
        (("trial", "--base-url", "nonsense"), ("--base-url", "nonsense")),
        (("trial", "--base-url", "http://user:secret@127.0.0.1:9"), ("--base-url",)),
    ],
)
def test_arguments_that_do_not_fit_are_a_usage_error(
    armcrawl: Command, tmp_path: Path, arguments: tuple[str, ...], words: tuple[str, ...]
) -> None:
    assert_one_sentence(armcrawl(*arguments), 2, *words)
    assert list(tmp_path.rglob("*.db")) == []


def test_a_database_that_cannot_be_written(armcrawl: Command, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    assert_one_sentence(
        armcrawl("crawl", "--base-url", "http://127.0.0.1:9", "--database", "sqlite:///file/x.db", *FAST), 1, "file"
    )


def test_a_file_that_is_no_database(armcrawl: Command, tmp_path: Path) -> None:
    (tmp_path / "letter.db").write_text("Dear editor, " * 100)
    done = armcrawl("crawl", "--base-url", "http://127.0.0.1:9", "--database", "sqlite:///letter.db", *FAST)
    assert_one_sentence(done, 1, "letter.db")
    assert (tmp_path / "letter.db").read_text().startswith("Dear editor")


def test_the_status_of_no_database(armcrawl: Command, tmp_path: Path) -> None:
    assert_one_sentence(armcrawl("status"), 1, "armcrawl.db", "armcrawl crawl")
    assert list(tmp_path.iterdir()) == []


def test_a_server_that_does_not_answer(armcrawl: Command, database: str) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        done = armcrawl("crawl", "--base-url", url, "--database", database, *FAST)
    assert_one_sentence(done, 1, url)


def test_a_portal_that_answers_500_to_everything(armcrawl: Command, database: str, query: Query) -> None:
    async def fail(request: web.Request) -> web.Response:
        del request
        return web.Response(status=500, text="<h1>500</h1>", content_type="text/html")

    with serving_handler(fail) as url:
        done = armcrawl("crawl", "--base-url", url, "--database", database, *FAST)
    assert_one_sentence(done, 1, "500")
    assert query("SELECT count(*) FROM pages") == [(0,)]


@pytest.fixture
def portal_but() -> Callable[..., AbstractContextManager[str]]:
    """Serve the sample portal, with another answer for one target; `heard` gets the moment of each request."""

    def serve(
        target: str, answer: Callable[[], web.Response], heard: list[float] | None = None
    ) -> AbstractContextManager[str]:
        portal = Portal("html5")

        async def handle(request: web.Request) -> web.Response:
            if heard is not None:
                heard.append(time.monotonic())
            if request.path == target:
                return answer()
            usual = portal.respond(request.raw_path, TODAY)
            headers = {"Content-Type": usual.content_type} | ({"Location": usual.location} if usual.location else {})
            return web.Response(status=usual.status, body=usual.body, headers=headers)

        return serving_handler(handle)

    return serve


ODD_ANSWERS: dict[str, tuple[Callable[[], web.Response], str]] = {
    "a page that is no HTML": (
        lambda: web.Response(body=b"%PDF-1.7 " * 50, content_type="application/pdf"),
        "not_article",
    ),
    "an image sent as HTML": (lambda: web.Response(body=b"\x89PNG\r\n" * 50, content_type="text/html"), "not_article"),
    "20 MB of HTML": (lambda: web.Response(body=b"<p>" + b"x" * 20_000_000, content_type="text/html"), "failed"),
    "an id that redirects for ever": (lambda: web.Response(status=302, headers={"Location": "/news/5"}), "failed"),
    "a redirect to another host": (
        lambda: web.Response(status=302, headers={"Location": "http://localhost:1/news/5"}),
        "failed",
    ),
    "a redirect to another article": (lambda: web.Response(status=302, headers={"Location": "/news/1"}), "not_article"),
    "an empty answer": (lambda: web.Response(body=b"", content_type="text/html"), "failed"),
    "500 on one page": (lambda: web.Response(status=500), "failed"),
    "403 on one page": (lambda: web.Response(status=403, text="Доступ запрещён"), "failed"),
}


@pytest.mark.parametrize("case", ODD_ANSWERS)
def test_one_odd_page_is_recorded_and_holds_up_no_other(
    armcrawl: Command,
    portal_but: Callable[..., AbstractContextManager[str]],
    database: str,
    query: Query,
    case: str,
) -> None:
    answer, outcome = ODD_ANSWERS[case]
    few = ("--ids", "1-10", "--section", "news")
    with portal_but("/news/5", answer) as url:
        done = armcrawl("backfill", *few, "--base-url", url, "--database", database, *FAST)
    assert done.code == 0, done.err
    assert "Traceback" not in done.err
    assert query("SELECT outcome FROM pages WHERE section = 'news' AND number = 5") == [(outcome,)]
    assert query("SELECT outcome FROM pages WHERE section = 'news' AND number = 8") == [("stored",)]


def test_a_failed_page_is_asked_for_again_by_the_next_run(
    armcrawl: Command, portal_but: Callable[..., AbstractContextManager[str]], database: str, query: Query
) -> None:
    options = ("--database", database, "--section", "articles", *FAST)
    with portal_but("/articles/item/5", lambda: web.Response(status=500)) as url:
        armcrawl("crawl", "--base-url", url, *options)
        assert query("SELECT attempts, last_error FROM pages WHERE number = 5") == [(1, "status 500")]
        armcrawl("crawl", "--base-url", url, *options)
        assert query("SELECT attempts FROM pages WHERE number = 5") == [(2,)]


def robots(text: str, status: int = 200) -> Callable[[], web.Response]:
    return lambda: web.Response(status=status, text=text)


def test_a_robots_txt_that_cannot_be_read_forbids_everything(
    armcrawl: Command, portal_but: Callable[..., AbstractContextManager[str]], database: str, query: Query
) -> None:
    with portal_but("/robots.txt", robots("", 503)) as url:
        done = armcrawl("crawl", "--base-url", url, "--database", database, *FAST)
    assert_one_sentence(done, 1, "/robots.txt cannot be read (status 503)")
    assert query("SELECT requests FROM runs") == [(3,)]  # robots.txt and two retries


def test_a_robots_txt_that_forbids_everything_ends_the_run(
    armcrawl: Command, portal_but: Callable[..., AbstractContextManager[str]], database: str, query: Query
) -> None:
    with portal_but("/robots.txt", robots("User-agent: *\nDisallow: /\n")) as url:
        done = armcrawl("crawl", "--base-url", url, "--database", database, *FAST)
    assert_one_sentence(done, 1, "/robots.txt forbids all")
    assert query("SELECT requests FROM runs") == [(1,)]


def test_what_robots_txt_forbids_is_counted_and_no_failure(
    armcrawl: Command,
    portal_but: Callable[..., AbstractContextManager[str]],
    portal: str,
    database: str,
    query: Query,
    requests: list[str],
) -> None:
    armcrawl("crawl", "--base-url", portal, "--database", database, "--max-requests", "20", *FAST)
    unknown = "SELECT count(*) FROM pages WHERE section = 'reviews'"
    before = query(unknown)
    assert requests
    with portal_but("/robots.txt", robots("User-agent: armcrawl\nDisallow: /reviews\n")) as url:
        options = ("--mixed-origin", "--section", "reviews", "--section", "articles", *FAST)
        done = armcrawl("crawl", "--base-url", url, "--database", database, *options)
    assert done.code == 0, done.err
    assert "robots.txt forbade" in done.out
    assert query(unknown) == before
    assert query("SELECT count(*) FROM pages WHERE outcome = 'failed'") == [(0,)]


def test_a_missing_robots_txt_allows_everything(
    armcrawl: Command, portal_but: Callable[..., AbstractContextManager[str]], database: str
) -> None:
    with portal_but("/robots.txt", robots("", 404)) as url:
        done = armcrawl("crawl", "--base-url", url, "--database", database, "--max-requests", "20", *FAST)
    assert done.code == 0, done.err


def test_a_site_that_blocks_us_has_an_exit_code_of_its_own(armcrawl: Command, database: str, query: Query) -> None:
    async def refuse(request: web.Request) -> web.Response:
        return web.Response(status=404 if request.path == "/robots.txt" else 403, text="Доступ запрещён")

    with serving_handler(refuse) as url:
        done = armcrawl("crawl", "--base-url", url, "--database", database, *FAST)
    assert_one_sentence(done, 3, "403")
    assert query("SELECT outcome FROM runs") == [("blocked",)]


def test_a_path_that_no_file_system_takes_is_one_sentence(armcrawl: Command, database: str) -> None:
    done = armcrawl("archive", "list", "--archive", "a" * 300, "--database", database)
    assert_one_sentence(done, 1, "aaa", "Name another path")


def test_a_folder_as_a_database_is_one_sentence(armcrawl: Command) -> None:
    assert_one_sentence(armcrawl("archive", "verify", "--database", "sqlite:///."), 1, "cannot be used")


def test_an_archive_in_the_folder_itself_is_read_again(
    armcrawl: Command, portal: str, database: str, tmp_path: Path
) -> None:
    crawl = ("--section", "articles", "--database", database, "--archive", ".")
    assert armcrawl("crawl", "--base-url", portal, *crawl, *FAST).code == 0
    done = armcrawl("reparse", "--archive", ".", "--database", database)
    assert done.code == 0, done.err
    assert "Read otherwise: 0" in done.out
    assert list(tmp_path.glob("*.warc.gz"))


def test_a_dead_server_does_not_claim_the_database(armcrawl: Command, portal: str, database: str) -> None:
    armcrawl("crawl", "--base-url", "http://127.0.0.1:9", "--database", database, *FAST)
    done = armcrawl("crawl", "--base-url", portal, "--database", database, "--max-requests", "20", *FAST)
    assert done.code == 0, done.err


def busy(times: int, status: int, seconds: str) -> tuple[list[float], Callable[[], web.Response]]:
    """An answer that asks for a pause so many times, and when it was asked for."""
    moments: list[float] = []

    def respond() -> web.Response:
        moments.append(time.monotonic())
        if len(moments) <= times:
            return web.Response(status=status, headers={"Retry-After": seconds})
        return web.Response(status=404)

    return moments, respond


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_kept(
    armcrawl: Command, portal_but: Callable[..., AbstractContextManager[str]], database: str, status: int
) -> None:
    moments, respond = busy(1, status, "2")
    with portal_but("/reviews/5", respond) as url:
        done = armcrawl("crawl", "--base-url", url, "--database", database, "--section", "reviews", *FAST)
    assert done.code == 0, done.err
    assert len(moments) == 2
    assert moments[1] - moments[0] >= 2


def test_a_server_that_wants_to_be_left_alone_for_long_is(
    armcrawl: Command, portal_but: Callable[..., AbstractContextManager[str]], database: str, query: Query
) -> None:
    _, respond = busy(100, 429, "7200")
    with portal_but("/reviews/5", respond) as url:
        done = armcrawl("crawl", "--base-url", url, "--database", database, "--section", "reviews", *FAST)
    assert done.code == 3
    assert "left alone for 120 minutes" in done.err
    assert query("SELECT outcome FROM runs") == [("blocked",)]


def test_crawl_delay_is_kept(
    armcrawl: Command, portal_but: Callable[..., AbstractContextManager[str]], database: str, query: Query
) -> None:
    heard: list[float] = []
    answer = robots("User-agent: *\nCrawl-delay: 0.5\n")
    with portal_but("/robots.txt", answer, heard) as url:
        options = ("--delay", "0.01", "--max-requests", "8", "--section", "reviews")
        done = armcrawl("crawl", "--base-url", url, "--database", database, *options)
    assert done.code == 0, done.err
    assert query("SELECT requests FROM runs") == [(8,)]
    # Six pauses lie between the seven pages; a busy server that hears the first page late may see one of them less.
    assert heard[-1] - heard[1] >= 5 * 0.5


@pytest.mark.parametrize(("delay", "told"), [("99999999", "3 years"), ("9" * 300, "ever"), ("86400", "1440 minutes")])
def test_a_crawl_delay_that_no_run_has_room_for_is_one_sentence(
    armcrawl: Command, portal_but: Callable[..., AbstractContextManager[str]], database: str, delay: str, told: str
) -> None:
    with portal_but("/robots.txt", robots(f"User-agent: *\nCrawl-delay: {delay}\n")) as url:
        done = armcrawl("crawl", "--base-url", url, "--database", database, "--delay", "0.01", "--section", "reviews")
    assert done.code == 3
    assert f"robots.txt asks for {told} between two requests (Crawl-delay)" in done.err
    assert "Traceback" not in done.err


def test_a_huge_robots_txt_is_cut(
    armcrawl: Command, portal_but: Callable[..., AbstractContextManager[str]], database: str
) -> None:
    text = "User-agent: *\n" + "# комментарий\n" * 40_000 + "Disallow: /\n"
    with portal_but("/robots.txt", robots(text)) as url:
        done = armcrawl("crawl", "--base-url", url, "--database", database, "--max-requests", "20", *FAST)
    assert done.code == 0, done.err


@pytest.mark.parametrize("command", [("reparse", "--archive", "."), ("db", "rebuild")])
def test_a_cluster_needs_a_database_that_all_its_machines_reach(
    armcrawl: Command, database: str, command: tuple[str, ...]
) -> None:
    assert armcrawl("db", "create", "--database", database).code == 0
    done = armcrawl(*command, "--cluster", "tcp://127.0.0.1:9", "--database", database)
    assert_one_sentence(done, 2, "PostgreSQL", "armcrawl db copy")
