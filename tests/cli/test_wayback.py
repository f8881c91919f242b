"""What a site has deleted comes back from a web archive."""

from __future__ import annotations

import gzip
import itertools
import json
from typing import TYPE_CHECKING

from aiohttp import web

from armcrawl.sample.articles import load_sample
from armcrawl.sample.portal import Portal
from armcrawl.sample.server import serving_handler
from tests.conftest import TODAY

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator
    from pathlib import Path

    from tests.forking import Finished

    Command = Callable[..., Finished]
    Query = Callable[[str], list[tuple[object, ...]]]

KEPT = sorted(article.number for article in load_sample().articles.values() if article.key.section == "reviews")[:4]
# The third one's server is down, the fourth was captured twice.
FAILING, TWICE = KEPT[2:]
FAST = ("--delay", "0", "--section", "reviews")


async def archive(request: web.Request) -> web.Response:
    """Answer as a pywb that captured some reviews in 2016, packed, one of them twice."""
    if request.path == "/robots.txt":
        return web.Response(status=404)
    if request.path.endswith("/cdx"):
        assert request.query["url"] == "https://armtorg.ru/reviews/"
        times = [(number, "20160531100000") for number in KEPT] + [(TWICE, "20170531100000")]
        rows = [
            {"url": f"http://www.armtorg.ru/reviews/{number}/", "timestamp": time, "status": "200", "digest": time}
            for number, time in times
        ]
        index = "\n".join(map(json.dumps, rows)).encode()
        return web.Response(body=gzip.compress(index), headers={"Content-Encoding": "gzip"})
    if request.path.endswith(f"/reviews/{FAILING}/"):
        return web.Response(status=503, headers={"Retry-After": "0"})
    number = request.path.rstrip("/").rpartition("/")[2]
    answer = Portal("bootstrap").respond(f"/reviews/{number}", TODAY)
    headers = {"Content-Type": "text/html; charset=utf-8", "ETag": '"w"', "Content-Encoding": "gzip"}
    return web.Response(body=gzip.compress(answer.body), headers=headers)


def test_captures_come_in_with_their_own_time_and_only_once(armcrawl: Command, database: str, query: Query) -> None:
    with serving_handler(archive) as url:
        where = ("backfill", "--wayback", f"{url}/press", "--database", database, *FAST)
        first = armcrawl(*where)
        again = armcrawl(*where)
    assert first.code == 0, first.err
    stored = [(number, "stored") for number in KEPT if number != FAILING]
    assert query("SELECT number, outcome FROM pages ORDER BY number") == stored
    times = query("SELECT DISTINCT fetched_at FROM captures ORDER BY 1")
    assert [str(moment)[:10] for (moment,) in times] == ["2016-05-31", "2017-05-31"]
    assert query("SELECT DISTINCT cause FROM article_versions") == [("import",)]
    assert query("SELECT count(*) FROM captures WHERE archive_file IS NULL") == [(0,)]
    assert "new 0, changed 0, unchanged 0" in again.out
    assert armcrawl("archive", "verify", "--database", database).code == 0
    assert "Read otherwise: 0." in armcrawl("reparse", "--database", database).out


async def leading_elsewhere(request: web.Request) -> web.Response:
    """Answer as the archive, whose captures of 2016 are those of another day, in an index with rows that cannot be."""
    if request.path.endswith("/cdx"):
        row = {"url": f"http://www.armtorg.ru/reviews/{TWICE}/", "status": "200", "digest": "A"}
        times = ("20000008241731", "20160531100000", "19800101000000", "29990101000000")
        return web.Response(text="".join(json.dumps(row | {"timestamp": time}) + "\n" for time in times))
    if "/20160531100000id_/" in request.path:
        raise web.HTTPFound(request.path.replace("20160531100000", "20160703120000"))
    return await archive(request)


def test_a_capture_that_the_archive_leads_to_has_its_own_time_and_rows_that_cannot_be_are_counted(
    armcrawl: Command, database: str, query: Query, tmp_path: Path
) -> None:
    with serving_handler(leading_elsewhere) as url:
        where = ("backfill", "--wayback", f"{url}/press", "--database", database, "--report", "night.json", *FAST)
        done = armcrawl(*where)
    assert done.code == 0, done.err
    assert [str(moment)[:19] for (moment,) in query("SELECT fetched_at FROM captures")] == ["2016-07-03 12:00:00"]
    report = json.loads((tmp_path / "night.json").read_text(encoding="utf-8"))
    assert report["stats"]["armcrawl/wayback/impossible_time"] == 3
    assert "Read otherwise: 0." in armcrawl("reparse", "--database", database).out


def test_a_server_that_has_no_index_is_told(armcrawl: Command, portal: str, database: str) -> None:
    done = armcrawl("backfill", "--wayback", portal, "--database", database, *FAST)
    assert done.code == 1
    assert "instead of an index" in done.err
    assert "Traceback" not in done.err


def test_a_web_archive_is_asked_politely(armcrawl: Command, database: str) -> None:
    where = ("backfill", "--wayback", "--database", database, "--delay", "0.1")
    done = armcrawl(*where, ARMCRAWL_CONTACT="press@example.org")
    assert done.code == 2
    assert "web.archive.org is not this machine" in done.err


def cutting(lost: Callable[[], int]) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Answer as the archive, of each capture without so many bytes of its end."""

    async def cut(request: web.Request) -> web.Response:
        whole = await archive(request)
        if "/reviews/" not in request.path or not isinstance(whole.body, bytes):
            return whole
        return web.Response(body=whole.body[: len(whole.body) - lost()], headers=whole.headers)

    return cut


def test_captures_that_are_cut_otherwise_each_time_are_not_kept_and_are_asked_for_again(
    armcrawl: Command, database: str, query: Query, tmp_path: Path
) -> None:
    lost: Iterator[int] = itertools.count(30)
    with serving_handler(cutting(lambda: next(lost))) as url:
        where = ("backfill", "--wayback", f"{url}/press", "--database", database, "--archive", "pages", *FAST)
        first = armcrawl(*where)
        assert first.code == 0, first.err
        assert query("SELECT count(*) FROM pages") == [(0,)]
        (file,) = tmp_path.glob("pages/*")
        assert b"/reviews/" not in gzip.decompress(file.read_bytes())
        lost = itertools.repeat(0)
        again = armcrawl(*where)
        assert again.code == 0, again.err
    assert query("SELECT count(*) FROM pages WHERE outcome = 'stored'") == [(3,)]


def test_a_capture_that_was_cut_when_it_was_made_waits_in_quarantine_with_its_bytes_and_is_asked_for_once(
    armcrawl: Command, database: str, query: Query
) -> None:
    with serving_handler(cutting(lambda: 30)) as url:
        where = ("backfill", "--wayback", f"{url}/press", "--database", database, *FAST)
        first = armcrawl(*where)
        assert first.code == 0, first.err
        again = armcrawl(*where)
        assert again.code == 0, again.err
    assert query("SELECT outcome, count(*) FROM pages GROUP BY outcome") == [("quarantined", 3)]
    assert query("SELECT count(*) FROM captures WHERE archive_file IS NULL") == [(0,)]
    assert query("SELECT DISTINCT stage, reason FROM quarantine") == [
        ("decoding", "the answer is gzip that is cut in the middle")
    ]
    # robots.txt, the index, and the failing one three times.
    assert "Requests: 5. " in again.out
    replayed = json.loads(armcrawl("quarantine", "replay", "--apply", "--json", "--database", database).out)
    assert replayed["pages"] == {"quarantined": 3}
