"""From the bytes as received to the page: one way, however they are packed."""

from __future__ import annotations

import gzip
from dataclasses import replace

import brotli
import pytest

from armcrawl.items import TRAILING, Outcome
from armcrawl.reading.response import SiteResponse, shown, unread_page
from armcrawl.refining.pages import page_from, page_to_store, understand
from armcrawl.sites import Origin, PageKey, site_named
from tests.conftest import FETCHED_AT

URL = "https://armtorg.ru/news/9911"
KEY = PageKey("armtorg", "news", "9911")
ORIGIN = Origin.of(site_named("armtorg"), None)
HTML = """<!DOCTYPE html><html lang="ru"><head><title>Завод «Салют» открыл новый цех</title></head><body>
<h1>Завод «Салют» открыл новый цех</h1><p>31 мая 2016</p>
<p>Новый цех рассчитан на три тысячи электроприводов в год, сообщил главный инженер завода.</p>
<p>Вложено четыреста миллионов рублей, линия набирает ход до конца лета.</p></body></html>""".encode()
PLAIN = SiteResponse(URL, 200, FETCHED_AT, HTML, "text/html; charset=utf-8", etag='"a"')
GZIP = replace(PLAIN, body=gzip.compress(HTML), content_encoding="gzip")
CUT = replace(GZIP, body=GZIP.body[:-20])


@pytest.mark.parametrize(
    "response", [GZIP, replace(PLAIN, body=brotli.compress(gzip.compress(HTML)), content_encoding="gzip, br")]
)
def test_a_packed_page_is_the_page_to_the_last_field_and_the_digest(response: SiteResponse) -> None:
    page = page_from(KEY, response, ORIGIN)
    assert page == page_from(KEY, PLAIN, ORIGIN)
    assert page.outcome is Outcome.STORED
    assert page.body == HTML


def test_what_inspect_shows_is_what_a_crawl_stores() -> None:
    refined = understand(GZIP).refined
    assert refined is not None
    assert refined.article == page_to_store(KEY, GZIP, ORIGIN).article


def test_what_cannot_be_unpacked_goes_to_quarantine_with_its_reason_and_its_bytes() -> None:
    page = page_to_store(KEY, CUT, ORIGIN)
    assert (page.outcome, page.stage) == (Outcome.QUARANTINED, "decoding")
    assert page.reason == "the answer is gzip that is cut in the middle"
    assert (page.body, page.content_encoding) == (CUT.body, "gzip")
    assert not page.shows_article


def test_of_a_damaged_body_nobody_asks_whether_it_has_changed() -> None:
    assert page_to_store(KEY, CUT, ORIGIN).etag is None


@pytest.mark.parametrize(("status", "outcome"), [(404, Outcome.MISSING), (410, Outcome.MISSING), (403, Outcome.FAILED)])
def test_a_status_that_says_it_all_is_heard_whatever_came_of_the_body(status: int, outcome: Outcome) -> None:
    page = page_from(KEY, replace(CUT, status=status), ORIGIN)
    assert page.outcome is outcome
    assert (page.reason or "").endswith(f"status {status}")


def test_bytes_behind_a_packed_page_are_a_note_of_its_article() -> None:
    article = page_from(KEY, replace(GZIP, body=GZIP.body + b"\n"), ORIGIN).article
    assert article == page_from(KEY, PLAIN, ORIGIN).article
    assert article is not None
    assert TRAILING in article.notes


def test_a_failing_server_is_named_before_its_damaged_body() -> None:
    page = page_from(KEY, replace(CUT, status=502), ORIGIN)
    assert (page.outcome, page.reason, page.body) == (Outcome.FAILED, "status 502", b"")


def test_a_page_that_is_stored_needs_no_body() -> None:
    assert page_to_store(KEY, GZIP, ORIGIN).body == b""


def test_a_page_that_kills_its_reader_is_kept_unpacked() -> None:
    page = unread_page(KEY, GZIP, "the page crashes its reader")
    assert (page.body, page.digest) == (HTML, page_from(KEY, PLAIN, ORIGIN).digest)


def test_what_cannot_be_unpacked_is_shown_as_it_came() -> None:
    assert shown(CUT) == CUT
    assert shown(GZIP) == PLAIN
