"""Nobody leads a crawl into the network that it runs in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from aiohttp import web

from armcrawl.sample.server import serving_handler

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.forking import Finished

    Command = Callable[..., Finished]

# The answer of a DNS server that lies, or of one that somebody took over.
LYING_DNS = """
import socket, sys
from armcrawl.cli import main
address = sys.argv.pop(1)

def look_up(name):
    if ":" in address: raise socket.gaierror(socket.EAI_NODATA, "no address of IPv4")
    return address

def look_up_ipv6(name, *_):
    if ":" not in address: raise socket.gaierror(socket.EAI_NODATA, "no address of IPv6")
    return [(socket.AF_INET6, socket.SOCK_STREAM, 0, "", (address, 0, 0, 0))]

socket.gethostbyname, socket.getaddrinfo = look_up, look_up_ipv6
main()
"""
# One that fails, and leads here when it is asked again.
FALTERING_DNS = """
import socket
from armcrawl.cli import main
answers = [None, None]

def look_up(name, *_):
    if answers: raise socket.gaierror(answers.pop() or socket.EAI_AGAIN, "try again")
    return "127.0.0.1"

def look_up_ipv6(name, *_):
    raise socket.gaierror(socket.EAI_NODATA, "no address of IPv6")

socket.gethostbyname, socket.getaddrinfo = look_up, look_up_ipv6
main()
"""


@pytest.fixture
def inner(requests: list[str]) -> Iterator[str]:
    """A server in the private network, which must not be asked."""

    async def handle(request: web.Request) -> web.Response:
        requests.append(request.path)
        return web.Response(text="secret")

    with serving_handler(handle) as url:
        yield url


@pytest.mark.parametrize("address", ["127.0.0.1", "169.254.169.254", "0.0.0.0", "::1", "::ffff:127.0.0.1"])  # noqa: S104 - nobody listens
def test_a_site_whose_name_leads_to_a_private_address_is_not_asked(
    armcrawl: Command, inner: str, requests: list[str], address: str, tmp_path: Path
) -> None:
    port = inner.rpartition(":")[2]
    options = ("--base-url", f"http://armtorg.ru:{port}", "--database", f"sqlite:///{tmp_path}/test.db")
    done = armcrawl(address, "crawl", *options, script=LYING_DNS, ARMCRAWL_CONTACT="desk@armcrawl.test")
    assert done.code == 1
    assert f"armtorg.ru is at {address}, which is no public address" in done.err
    assert "Traceback" not in done.err
    assert requests == []


def test_a_name_that_is_found_only_the_second_time_is_checked_then(
    armcrawl: Command, inner: str, requests: list[str], database: str
) -> None:
    options = ("--base-url", f"http://armtorg.ru:{inner.rpartition(':')[2]}", "--database", database)
    done = armcrawl("crawl", *options, script=FALTERING_DNS, ARMCRAWL_CONTACT="desk@armcrawl.test")
    assert done.code == 1
    assert "armtorg.ru is at 127.0.0.1, which is no public address" in done.err
    assert requests == []


def test_a_robots_txt_that_leads_elsewhere_is_not_followed_and_forbids_all(
    inner: str, requests: list[str], database: str, armcrawl: Command
) -> None:
    asked: list[str] = []

    async def handle(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.Response(status=302, headers={"Location": f"{inner}/rules"})

    with serving_handler(handle) as url:
        done = armcrawl("crawl", "--base-url", url, "--database", database, "--delay", "0")
    assert done.code == 1
    assert "is on another server" in done.err
    assert asked == ["/robots.txt"]
    assert requests == []


def test_an_added_page_whose_host_is_this_machine_under_another_name_is_not_asked_for(
    armcrawl: Command, inner: str, requests: list[str], tmp_path: Path
) -> None:
    address = f"http://127.1:{inner.rpartition(':')[2]}/5"
    database = f"sqlite:///{tmp_path}/test.db"
    done = armcrawl("add", address, "--database", database, ARMCRAWL_CONTACT="desk@armcrawl.test")
    assert done.code == 1
    assert "127.1 is at 127.0.0.1, which is no public address" in done.err
    assert requests == []
