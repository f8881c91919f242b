"""Pages without their end."""

from __future__ import annotations

import gzip

import pytest
from scrapy import Request
from scrapy.http import HtmlResponse, Response

from armcrawl.crawling.downloading.truncated_html import (
    HABIT,
    MAX_RESPONSES,
    TruncatedBodyError,
    TruncatedHtmlMiddleware,
    is_truncated,
)
from armcrawl.reading.decoding import MAX_BODY

REQUEST = Request("http://127.0.0.1/news/1")


def packed(body: bytes) -> HtmlResponse:
    return HtmlResponse(REQUEST.url, body=body, headers={"Content-Encoding": "gzip"})


def page(body: str, status: int = 200) -> HtmlResponse:
    return HtmlResponse(REQUEST.url, body=body.encode(), status=status)


def answer(middleware: TruncatedHtmlMiddleware, *answers: str | HtmlResponse) -> Request | Response:
    """Answer one request after another, as long as another is made."""
    request: Request | Response = REQUEST
    for one in answers:
        assert isinstance(request, Request)
        request = middleware.process_response(request, page(one) if isinstance(one, str) else one)
    return request


@pytest.mark.parametrize(
    ("body", "truncated"),
    [
        (b"<!DOCTYPE html><html lang=ru><body>x</body></html>", False),
        (b"<HTML><BODY>x</BODY></HTML >\n<!-- 0.01 s -->", False),
        (b"<html><body><p>x", True),
        (b"<html>" + b"x" * 20_000, True),
        (b"<p>a page that names no root at all", False),
        (b"<p>" + b"x" * 2000 + b"<html>", False),
        (b"", False),
        ("<html><p>x".encode("utf-16"), False),
    ],
)
def test_a_page_that_opens_must_close(body: bytes, *, truncated: bool) -> None:
    assert is_truncated(body) is truncated


def test_a_cut_page_is_asked_for_again_and_the_whole_one_taken() -> None:
    done = answer(TruncatedHtmlMiddleware(), "<html><p>Завод", "<html><p>Завод выпустил</html>")
    assert isinstance(done, Response)
    assert done.text.endswith("</html>")


def test_the_same_bytes_twice_are_the_page() -> None:
    assert isinstance(answer(TruncatedHtmlMiddleware(), "<html><p>Завод", "<html><p>Завод"), Response)


def test_what_cannot_be_unpacked_is_asked_for_again_and_the_same_bytes_twice_go_to_their_reader() -> None:
    damaged = packed(gzip.compress(b"<html></html>")[:-9])
    assert isinstance(answer(TruncatedHtmlMiddleware(), damaged), Request)
    assert answer(TruncatedHtmlMiddleware(), damaged, damaged) is damaged


def test_what_is_damaged_otherwise_each_time_is_refused_with_what_is_wrong() -> None:
    whole = gzip.compress(b"<html>" * 100 + b"</html>")
    with pytest.raises(TruncatedBodyError, match="gzip that is cut in the middle"):
        answer(TruncatedHtmlMiddleware(), *(packed(whole[:-lost]) for lost in range(9, 9 + MAX_RESPONSES)))


def test_damaged_bytes_are_the_same_whatever_time_their_packing_tells() -> None:
    answers = [packed(gzip.compress(b"<html></html>", mtime=time)[:-9]) for time in (1, 2)]
    assert answer(TruncatedHtmlMiddleware(), *answers) is answers[1]


def test_a_page_without_its_end_is_the_same_whatever_time_its_packing_tells() -> None:
    answers = (packed(gzip.compress(b"<html><p>", mtime=time)) for time in (1, 2))
    assert isinstance(answer(TruncatedHtmlMiddleware(), *answers), Response)


def test_an_index_may_be_as_large_as_its_request_allows() -> None:
    large = packed(gzip.compress(b"".join(b"%08d" % number for number in range(MAX_BODY // 8 + 1)), 1))
    assert isinstance(TruncatedHtmlMiddleware().process_response(REQUEST, large), Request)
    request = REQUEST.replace(meta={"download_maxsize": 2 * MAX_BODY})
    assert TruncatedHtmlMiddleware().process_response(request, large) is large


def test_a_page_that_ends_elsewhere_each_time_is_refused() -> None:
    with pytest.raises(TruncatedBodyError):
        answer(TruncatedHtmlMiddleware(), *("<html><p>" + "x" * size for size in range(MAX_RESPONSES)))


def test_a_sites_habit_is_not_asked_about_for_ever() -> None:
    middleware = TruncatedHtmlMiddleware()
    for number in range(HABIT):
        answer(middleware, f"<html>{number}", f"<html>{number}")
    assert isinstance(answer(middleware, "<html>one more"), Response)


def test_an_error_page_is_taken_as_it_is() -> None:
    assert isinstance(TruncatedHtmlMiddleware().process_response(REQUEST, page("<html>нет", 404)), Response)
