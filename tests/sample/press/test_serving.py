"""The press portal over HTTP."""

from __future__ import annotations

from http.client import HTTPConnection

import pytest

from armcrawl.sample.press.portal import MIRROR
from armcrawl.sample.server import serving_press
from tests.sample.press.moments import NOW

pytestmark = pytest.mark.store


def ask(base_url: str, target: str, **headers: str) -> tuple[int, dict[str, str], str]:
    connection = HTTPConnection(base_url.removeprefix("http://"), timeout=30)
    try:
        connection.request("GET", target, headers={name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read().decode()
    finally:
        connection.close()


def test_the_mirror_is_told_by_the_host_or_by_a_port_of_its_own() -> None:
    with (
        serving_press("static", now=lambda: NOW) as home,
        serving_press("static", now=lambda: NOW, host=MIRROR) as mirror,
    ):
        whole, small = ask(home, "/")[2], ask(mirror, "/")[2]
        assert "Самое читаемое" in whole
        assert "Самое читаемое" not in small
        assert ask(home, "/", Host=MIRROR)[2] == small


def test_a_file_that_did_not_change_is_not_sent_again() -> None:
    log: list[str] = []
    with serving_press("static", now=lambda: NOW, log=log) as home:
        status, headers, _ = ask(home, "/rss.xml")
        assert status == 200
        assert ask(home, "/rss.xml", If_None_Match=headers["ETag"])[0] == 304
    assert log == ["/rss.xml", "/rss.xml"]


def test_links_lead_to_the_server_itself_if_that_is_wanted() -> None:
    with serving_press("wordpress", now=lambda: NOW, links_to_itself=True) as home:
        assert f"Sitemap: {home}/sitemap.xml" in ask(home, "/robots.txt")[2]
