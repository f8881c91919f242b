"""Whoever answers by https proves that he is the server, or nothing of his is stored."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from aiohttp import web

from armcrawl.sample.portal import Portal
from armcrawl.sample.server import serving_handler
from tests.certificates import write_certificate
from tests.conftest import TODAY
from tests.faults.server import small_sample

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.forking import Finished

    Command = Callable[..., Finished]
    Query = Callable[[str], list[tuple[object, ...]]]

STORED = "SELECT count(*) FROM articles"


@contextmanager
def serving_by_https(file: Path, host: str, *, days: int = 10) -> Iterator[str]:
    """Serve twelve articles with a certificate of `host`, which is written into the file."""
    portal = Portal("bootstrap", small_sample())

    async def handle(request: web.Request) -> web.Response:
        usual = portal.respond(request.raw_path, TODAY)
        return web.Response(status=usual.status, body=usual.body, headers={"Content-Type": usual.content_type})

    with serving_handler(handle, tls=write_certificate(file, host, days=days)) as url:
        yield url


@pytest.mark.parametrize(
    ("host", "days", "trusted", "said"),
    [
        ("other.example", 10, True, "the server's certificate is for another host"),
        ("127.0.0.1", 10, False, "the server's certificate is not trusted"),
        ("127.0.0.1", -1, True, "the server's certificate is not trusted: it has expired"),
    ],
)
def test_a_server_with_a_certificate_that_does_not_hold_is_not_asked(
    armcrawl: Command, query: Query, database: str, tmp_path: Path, host: str, days: int, *, trusted: bool, said: str
) -> None:
    file = tmp_path / "certificate.pem"
    with serving_by_https(file, host, days=days) as url:
        told = {"SSL_CERT_FILE": str(file)} if trusted else {}
        done = armcrawl("crawl", "--base-url", url, "--database", database, "--delay", "0", **told)
    assert done.code == 1
    assert said in done.err
    assert "twisted" not in done.err
    assert query(STORED) == [(0,)]


def test_a_server_whose_authority_the_machine_trusts_is_read(
    armcrawl: Command, query: Query, database: str, tmp_path: Path
) -> None:
    file = tmp_path / "certificate.pem"
    with serving_by_https(file, "127.0.0.1") as url:
        options = ("--base-url", url, "--database", database, "--delay", "0")
        done = armcrawl("crawl", *options, SSL_CERT_FILE=str(file))
    assert done.code == 0, done.err
    assert query(STORED) == [(12,)]


def test_a_mirror_is_read_without_a_certificate_that_holds_if_its_owner_says_so_and_the_run_tells(
    armcrawl: Command, query: Query, database: str, tmp_path: Path
) -> None:
    with serving_by_https(tmp_path / "certificate.pem", "other.example") as url:
        done = armcrawl("crawl", "--base-url", url, "--database", database, "--delay", "0", "--insecure")
    assert done.code == 0, done.err
    assert "certificate of 127.0.0.1 is not verified" in done.err
    assert query(STORED) == [(12,)]
    assert query("SELECT count(*) FROM runs WHERE CAST(arguments AS TEXT) LIKE '%insecure%'") == [(1,)]


def test_the_site_itself_is_never_read_without_a_certificate_that_holds(armcrawl: Command, database: str) -> None:
    done = armcrawl("crawl", "--database", database, "--insecure", ARMCRAWL_CONTACT="desk@armcrawl.test")
    assert done.code == 2
    assert "--insecure is for a mirror of your own" in done.err


def test_a_server_at_an_address_of_ipv6_is_read(armcrawl: Command, query: Query, database: str) -> None:
    portal = Portal("bootstrap", small_sample())

    async def handle(request: web.Request) -> web.Response:
        usual = portal.respond(request.raw_path, TODAY)
        return web.Response(status=usual.status, body=usual.body, headers={"Content-Type": usual.content_type})

    with serving_handler(handle, host="::1") as url:
        done = armcrawl("crawl", "--base-url", url, "--database", database, "--delay", "0")
    assert done.code == 0, done.err
    assert query(STORED) == [(12,)]
