"""A crawl that runs beside its test, so that something can happen to it."""

from __future__ import annotations

import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest
from aiohttp import web

from armcrawl.sample.portal import Portal
from armcrawl.sample.server import serving_handler
from tests.conftest import COMMAND_SECONDS, TODAY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    Start = Callable[..., subprocess.Popen[str]]

# Long enough for a crawl of some hundred pages to be in its middle for seconds.
SECONDS_A_PAGE = 0.05


@pytest.fixture
def asked() -> list[str]:
    return []


@pytest.fixture
def slow_portal(asked: list[str]) -> Iterator[str]:
    """The sample portal, a little slower, so that a crawl has a middle."""
    import asyncio

    portal = Portal("bootstrap")

    async def handle(request: web.Request) -> web.Response:
        asked.append(request.path)
        await asyncio.sleep(SECONDS_A_PAGE)
        answer = portal.respond(request.raw_path, TODAY)
        headers = {"Content-Type": answer.content_type} | ({"Location": answer.location} if answer.location else {})
        return web.Response(status=answer.status, body=answer.body, headers=headers)

    with serving_handler(handle) as url:
        yield url


@pytest.fixture
def start(slow_portal: str, database: str, tmp_path: Path) -> Start:
    """Start a crawl of the slow portal, with other arguments for Python if they are given."""

    def crawl(*python: str) -> subprocess.Popen[str]:
        options = ("--base-url", slow_portal, "--database", database, "--delay", "0", "--concurrency", "4")
        return crawling(*options, folder=tmp_path, python=python)

    return crawl


def crawling(*options: str, folder: Path, python: Sequence[str] = ()) -> subprocess.Popen[str]:
    """Start a crawl, with other arguments for Python if they are given."""
    return subprocess.Popen(
        [sys.executable, *(python or ("-m", "armcrawl")), "crawl", *options],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )


def wait_for(condition: Callable[[], bool]) -> None:
    """Wait until something is so; a test that waits for too long fails."""
    end = time.monotonic() + COMMAND_SECONDS
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)
