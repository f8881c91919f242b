"""Whose rules in robots.txt are ours, and whose server they are for."""

from __future__ import annotations

import gzip

import pytest
from scrapy.http import Response

from armcrawl.crawling.downloading.hosts import server_of
from armcrawl.crawling.downloading.robots import ProductTokenParser, rules_in
from armcrawl.reading.decoding import UndecodableError

PAGE = "https://armtorg.ru/news/7"


def sent(body: bytes, encoding: str = "", status: int = 200) -> Response:
    return Response("https://armtorg.ru/robots.txt", status, {"Content-Encoding": encoding}, body)


@pytest.mark.parametrize(
    "body", [gzip.compress(b"User-agent: *", mtime=0), "User-agent: *".encode("utf-16"), b"Allow: /\0"]
)
def test_rules_that_are_no_text_cannot_be_read(body: bytes) -> None:
    with pytest.raises(UndecodableError, match="no text"):
        rules_in(sent(body))


def test_bytes_behind_packed_rules_change_nothing() -> None:
    body = gzip.compress(b"User-agent: *\nDisallow: /\n") + b"\n"
    assert rules_in(sent(body, "gzip")) == b"User-agent: *\nDisallow: /\n"


def test_an_answer_that_is_no_success_has_no_rules_whatever_came_of_its_body() -> None:
    assert rules_in(sent(b"no gzip", "gzip", 404)) == b""


def rules(text: str) -> ProductTokenParser:
    return ProductTokenParser(text.encode(), None)


def is_forbidden(text: str) -> bool:
    return not rules(text).allowed(PAGE, "armcrawl")


@pytest.mark.parametrize(
    "line",
    [
        "User-agent: armcrawl",
        "User-agent: armcrawl/1.0",
        "User-agent: ArmCrawl/2.0 (+https://example.org)",
        "user-agent:ARMCRAWL# us",
        "  User-Agent :\tarmcrawl",
        "Useragent: armcrawl*",
        "User agent armcrawl",
        "User-agent: other\nUser-agent: armcrawl/1.0",
        "User-agent: *",
        "User-agent: *# all",
    ],
)
def test_our_own_group_is_ours_however_it_is_written(line: str) -> None:
    assert is_forbidden(f"{line}\nDisallow: /\n")


@pytest.mark.parametrize(
    "name",
    [
        "arm",
        "crawl",
        "a",
        "armcrawler",
        "arm-crawl",
        "armcrawl-news",
        "armcrawl_x",
        "news-armcrawl",
        "*crawl",
        "1",
        "/",
    ],
)
def test_the_group_of_a_name_that_looks_like_ours_is_not_ours(name: str) -> None:
    assert not is_forbidden(f"User-agent: {name}\nDisallow: /\n")


def test_all_groups_of_ours_are_one() -> None:
    found = rules(
        "User-agent: armcrawl\nDisallow: /news/\n\nUser-agent: ARMCRAWL/1.0\nDisallow: /go/\nAllow: /news/7\n"
    )
    assert found.allowed(PAGE, "armcrawl/1.0")
    assert not found.allowed("https://armtorg.ru/news/8", "armcrawl")
    assert not found.allowed("https://armtorg.ru/go/7", "armcrawl")


def test_the_rules_for_all_are_not_for_whom_others_are_meant() -> None:
    assert not is_forbidden("User-agent: *\nDisallow: /\n\nUser-agent: armcrawl/1.0\nDisallow:\n")
    assert is_forbidden("User-agent: *\nDisallow: /\n\nUser-agent: arm\nDisallow:\n")


def test_a_delay_is_asked_of_exactly_us_as_well() -> None:
    text = "User-agent: arm\nCrawl-delay: 60\n\nUser-agent: armcrawl/1.0\nCrawl-delay: 5\n"
    assert rules(text).crawl_delay("armcrawl") == 5
    assert rules("User-agent: arm\nCrawl-delay: 60\n").crawl_delay("armcrawl") is None


@pytest.mark.parametrize(
    ("url", "server"),
    [
        (PAGE, "https://armtorg.ru"),
        ("https://ARMTORG.ru.:443/", "https://armtorg.ru"),
        ("http://armtorg.ru:443/", "http://armtorg.ru:443"),
        ("http://user:word@armtorg.ru:8000/x", "http://armtorg.ru:8000"),
        ("http://[::1]:8000/", "http://[::1]:8000"),
    ],
)
def test_a_server_is_its_scheme_its_host_and_its_port(url: str, server: str) -> None:
    assert server_of(url) == server
