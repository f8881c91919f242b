"""Pages without their end."""

from __future__ import annotations

import pytest
from scrapy import Request
from scrapy.http import HtmlResponse, Response

from armcrawl.runs.unclosed import HABIT, MOST_ANSWERS, CutBodyError, UnclosedPageMiddleware, is_unclosed

REQUEST = Request("http://127.0.0.1/news/1")


def page(body: str, status: int = 200) -> HtmlResponse:
    return HtmlResponse(REQUEST.url, body=body.encode(), status=status)


def answer(middleware: UnclosedPageMiddleware, *bodies: str) -> Request | Response:
    """Answer one request after another, as long as another is made."""
    request: Request | Response = REQUEST
    for body in bodies:
        assert isinstance(request, Request)
        request = middleware.process_response(request, page(body))
    return request


@pytest.mark.parametrize(
    ("body", "unclosed"),
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
def test_a_page_that_opens_must_close(body: bytes, *, unclosed: bool) -> None:
    assert is_unclosed(body) is unclosed


def test_a_cut_page_is_asked_for_again_and_the_whole_one_taken() -> None:
    done = answer(UnclosedPageMiddleware(), "<html><p>Завод", "<html><p>Завод выпустил</html>")
    assert isinstance(done, Response)
    assert done.text.endswith("</html>")


def test_the_same_bytes_twice_are_the_page() -> None:
    assert isinstance(answer(UnclosedPageMiddleware(), "<html><p>Завод", "<html><p>Завод"), Response)


def test_a_page_that_ends_elsewhere_each_time_is_refused() -> None:
    with pytest.raises(CutBodyError):
        answer(UnclosedPageMiddleware(), *("<html><p>" + "x" * size for size in range(MOST_ANSWERS)))


def test_a_sites_habit_is_not_asked_about_for_ever() -> None:
    middleware = UnclosedPageMiddleware()
    for number in range(HABIT):
        answer(middleware, f"<html>{number}", f"<html>{number}")
    assert isinstance(answer(middleware, "<html>one more"), Response)


def test_an_error_page_is_taken_as_it_is() -> None:
    assert isinstance(UnclosedPageMiddleware().process_response(REQUEST, page("<html>нет", 404)), Response)
