"""What one page's redirect leads to is that page's trouble: robots.txt, refusals and failures are each server's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from aiohttp import web

from armcrawl.sample.portal import Portal
from armcrawl.sample.server import serving_handler
from tests.faults.server import ARTICLES, TODAY, small_sample

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from pathlib import Path

    from tests.forking import Finished

    Command = Callable[..., Finished]
    Query = Callable[[str], list[tuple[object, ...]]]
    Answer = Callable[[], web.Response]

# The site's own hosts on this machine; names behind the first argument do not exist.
HERE = """
import socket, sys
from armcrawl.cli import main
from armcrawl.crawling.downloading import download_handler

async def is_public(request, origin): pass

def lookup(name):
    if name in unknown: raise socket.gaierror(socket.EAI_NONAME, "unknown")
    return "127.0.0.1"

def lookup_ipv6(name, *_):
    raise socket.gaierror(socket.EAI_NODATA, "no address of IPv6")

unknown = sys.argv.pop(1).split(",")
download_handler.check_public, socket.gethostbyname, socket.getaddrinfo = is_public, lookup, lookup_ipv6
main()
"""
LEDGER = "SELECT number, outcome, attempts, last_error FROM pages ORDER BY number"
FORBIDS_ALL = "User-agent: *\nDisallow: /\n"


class Site:
    """Twelve articles under `armtorg.ru` and `www.armtorg.ru`, both on one port of this machine.

    `redirects` tells where articles, or other paths, lead to, `{}` in them is the port; `changed` what a host
    answers otherwise.
    """

    def __init__(self, redirects: dict[int | str, str], changed: dict[tuple[str, str], Answer]) -> None:
        self.redirects = {
            f"/news/{place}" if isinstance(place, int) else place: location for place, location in redirects.items()
        }
        self.changed = changed
        self.portal = Portal("bootstrap", small_sample())
        self.asked: list[str] = []
        self.authorizations: set[str] = set()

    async def handle(self, request: web.Request) -> web.Response:
        host, _, port = request.host.partition(":")
        self.asked.append(f"{host}{request.path}")
        self.authorizations |= {value for name, value in request.headers.items() if "auth" in name.lower()}
        if changed := self.changed.get((host, request.path)):
            return changed()
        if host == "armtorg.ru" and (location := self.redirects.get(request.path)):
            return web.Response(status=302, headers={"Location": location.replace("{}", port)})
        usual = self.portal.respond(request.raw_path, TODAY)
        return web.Response(status=usual.status, body=usual.body, headers={"Content-Type": usual.content_type})

    def serving(self) -> AbstractContextManager[str]:
        return serving_handler(self.handle)


@pytest.fixture
def night(armcrawl: Command, database: str) -> Callable[..., Finished]:
    def run(site: Site, *command: str, unknown: str = "") -> Finished:
        site.asked.clear()
        with site.serving() as url:
            base = url.replace("127.0.0.1", "armtorg.ru")
            options = ("--base-url", base, "--database", database, "--delay", "0", "--impolite", "--section", "news")
            return armcrawl(
                unknown, *(command or ("crawl",)), *options, script=HERE, ARMCRAWL_CONTACT="desk@armcrawl.test"
            )

    return run


def text(body: str, status: int = 200, **headers: str) -> Answer:
    return lambda: web.Response(status=status, text=body, headers=headers)


def failures(query: Query) -> dict[object, object]:
    """Return the pages that failed with the reason; every other article is stored, and none has an attempt."""
    rows = query(LEDGER)
    assert {row[0] for row in rows} == set(range(1, ARTICLES + 1))
    assert {row[1:3] for row in rows if row[1] != "failed"} == {("stored", 0)}
    assert {row[2] for row in rows if row[1] == "failed"} <= {1}
    return {row[0]: row[3] for row in rows if row[1] == "failed"}


def test_a_target_that_cannot_be_asked_is_the_failure_of_its_page_alone(
    night: Callable[..., Finished], query: Query
) -> None:
    targets = {
        2: ("http://www.armtorg.ru:{}/news/2", "/robots.txt cannot be read (status 500)"),
        3: ("http://user:pass-word@armtorg.ru:{}/news/3", "was to be asked with a user name"),
        4: ("http://user@armtorg.ru:{}/news/4", "was to be asked with a user name"),
        5: ("http://armtorg.ru:9/news/5", "is on another server"),
        6: ("https://armtorg.ru:{}/news/6", "/robots.txt cannot be read ("),
        7: ("http://127.0.0.1:{}/news/7", "is on another server"),
        8: ("http://armtorg.ru:99999/news/8", ""),
        9: ("http://[armtorg.ru/news/9", ""),
        10: ("http://armtorg.ru:{}@www.armtorg.ru:{}/news/10", "was to be asked with a user name"),
        11: ("http://www.armtorg.ru:{}/news/11", "/robots.txt cannot be read (status 500)"),
    }
    redirects: dict[int | str, str] = {number: location for number, (location, _) in targets.items()}
    site = Site(redirects, {("www.armtorg.ru", "/robots.txt"): text("", 500)})
    done = night(site)
    assert done.code == 0, done.err
    found = failures(query)
    assert found.keys() == targets.keys()
    assert {number: said for number, (_, said) in targets.items() if said not in str(found[number])} == {}
    # The second page that leads there costs no more requests: it is sent three times, as all that fails.
    assert site.asked.count("www.armtorg.ru/robots.txt") == 3
    assert site.asked.count("armtorg.ru/robots.txt") == 1
    assert "pass-word" not in f"{found}{done.out}{done.err}"
    assert site.authorizations == set()
    assert query("SELECT count(*) FROM pages WHERE next_check_at IS NULL AND outcome = 'failed'") == [(10,)]


def test_the_host_with_a_dot_behind_it_is_the_same_one(night: Callable[..., Finished], query: Query) -> None:
    site = Site({7: "http://armtorg.ru.:{}/news/7"}, {("armtorg.ru.", "/robots.txt"): text("", 500)})
    assert night(site).code == 0
    assert failures(query) == {}
    assert "armtorg.ru./news/7" in site.asked
    assert [path for path in site.asked if path.endswith("robots.txt")] == ["armtorg.ru/robots.txt"]


def test_another_host_is_asked_by_its_own_rules(night: Callable[..., Finished], query: Query) -> None:
    rules = {
        ("armtorg.ru", "/robots.txt"): text("User-agent: *\nDisallow: /go/\nDisallow: /news/9$\n"),
        ("www.armtorg.ru", "/robots.txt"): text(
            "User-agent: armcrawl/1.0\nDisallow: /news/3\n\nUser-agent: arm\n" + "Disallow: /\n"
        ),
    }
    site = Site({3: "http://www.armtorg.ru:{}/news/3", 4: "http://www.armtorg.ru:{}/news/4", 5: "/go/5"}, rules)
    done = night(site)
    assert done.code == 0, done.err
    rows = {row[0]: row[1:3] for row in query(LEDGER)}
    # Both were asked for; the ninth was not.
    assert {number for number, row in rows.items() if row == ("failed", 1)} == {3, 5}
    assert rows.keys() == {*range(1, ARTICLES + 1)} - {9}
    assert rows[4] == ("stored", 0)
    assert "armtorg.ru/news/9" not in site.asked
    assert "robots.txt forbade 3 requests" in done.out


def test_a_host_that_does_not_exist_is_the_failure_of_its_page_alone(
    night: Callable[..., Finished], query: Query
) -> None:
    site = Site({7: "http://www.armtorg.ru:{}/news/7"}, {})
    assert night(site, unknown="www.armtorg.ru").code == 0
    assert "there is no such host" in str(failures(query)[7])


@pytest.mark.parametrize("path", ["/robots.txt", "/news/7"])
def test_another_host_that_asks_to_be_left_alone_holds_up_nothing_else(
    night: Callable[..., Finished], query: Query, path: str
) -> None:
    refusal = text("", 503, **{"Retry-After": "3600"})
    site = Site({7: "http://www.armtorg.ru:{}/news/7"}, {("www.armtorg.ru", path): refusal})
    done = night(site)
    assert done.code == 0, done.err
    assert "asks to be left alone for 60 minutes" in str(failures(query)[7])
    assert site.asked.count(f"www.armtorg.ru{path}") == 1


def test_without_the_site_s_own_robots_txt_the_run_ends_and_no_page_has_an_attempt(
    night: Callable[..., Finished], query: Query, tmp_path: Path
) -> None:
    urls = tmp_path / "urls.txt"
    urls.write_text("\n".join(f"https://armtorg.ru/news/{number}" for number in range(1, 6)), encoding="utf-8")
    site = Site({}, {("armtorg.ru", "/robots.txt"): text("", 500)})
    for command in (("crawl",), ("backfill", "--urls", str(urls))):
        done = night(site, *command)
        assert done.code == 1
        assert done.err.count("/robots.txt cannot be read (status 500): see whether") == 1
        assert "Traceback" not in done.err
        assert set(site.asked) == {"armtorg.ru/robots.txt"}
    assert query(LEDGER) == []


def test_a_site_that_lives_on_a_host_without_readable_rules_ends_the_run_at_once(
    night: Callable[..., Finished], query: Query
) -> None:
    redirects: dict[int | str, str] = {path: f"http://www.armtorg.ru:{{}}{path}" for path in ("/", "/news/")}
    site = Site(redirects, {("www.armtorg.ru", "/robots.txt"): text("", 500)})
    done = night(site)
    assert done.code == 1
    assert "gave no usable answer (http://www.armtorg.ru:" in done.err
    assert query(LEDGER) == []


def test_a_missing_robots_txt_has_no_rules_whatever_its_page_says(night: Callable[..., Finished], query: Query) -> None:
    assert night(Site({}, {("armtorg.ru", "/robots.txt"): text(FORBIDS_ALL, 404)})).code == 0
    assert failures(query) == {}
