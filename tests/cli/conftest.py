"""A crawl that runs beside its test, so that something can happen to it."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from aiohttp import web

from armcrawl.sample.articles import Sample, load_sample
from armcrawl.sample.portal import Portal
from armcrawl.sample.server import serving, serving_handler
from tests.conftest import COMMAND_SECONDS, TODAY, TOP
from tests.rows import rows_of

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from armcrawl.sites import PageKey
    from tests.forking import Finished, Forking, Started

    Start = Callable[..., Started]

# Long enough for a crawl of some hundred pages to be in its middle for seconds.
SECONDS_A_PAGE = 0.04
# Half of the sample's pages are as good as all of them where they only are there to be crawled.
LAST_NEWS = 171
CONCURRENCY = 4
SCRAPY = "from scrapy.cmdline import execute; execute()"


@dataclass(frozen=True)
class Undisturbed:
    """A crawl of half of the sample portal that nobody disturbs: where, its database and rows, and what it asked for.

    The portal goes on, and so does `log`, the list of what it is asked for.
    """

    url: str
    database: Path
    rows: dict[str, Counter[str]]
    asked: list[str]
    log: list[str]

    @property
    def requests(self) -> int:
        return len(self.asked)

    @property
    def archive(self) -> Path:
        return self.database.with_name("test-archive")


@pytest.fixture(scope="session")
def half() -> Sample:
    """All sections of the sample, with copies and holes, but only the first of its news."""

    def is_in(key: PageKey) -> bool:
        return key.section != "news" or (key.number or 0) <= LAST_NEWS

    whole = load_sample()
    articles = {key: article for key, article in whole.articles.items() if is_in(key)}
    return Sample(
        articles, frozenset(filter(is_in, whole.without_article)), frozenset(filter(is_in, whole.redirected_home))
    )


@pytest.fixture(scope="session")
def undisturbed(half: Sample, forks: Forking, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Undisturbed]:
    folder = tmp_path_factory.mktemp("undisturbed")
    database, requests = f"sqlite:///{folder}/test.db", list[str]()
    with serving("bootstrap", log=requests, today=lambda: TODAY, sample=half) as url:
        crawl = starting(forks, "--base-url", url, "--database", database, "--delay", "0", folder=folder)
        _, err = crawl.communicate(timeout=COMMAND_SECONDS)
        assert crawl.returncode == 0, err
        yield Undisturbed(url, folder / "test.db", rows_of(database), list(requests), requests)


@pytest.fixture
def crawled(undisturbed: Undisturbed, tmp_path: Path) -> Path:
    """A copy of its database, where `database` says."""
    copy = tmp_path / "test.db"
    shutil.copy(undisturbed.database, copy)
    return copy


@pytest.fixture
def asked() -> list[str]:
    return []


@pytest.fixture
def slow_portal(asked: list[str], half: Sample) -> Iterator[str]:
    """Half of the sample portal, a little slower, so that a crawl has a middle."""
    portal = Portal("bootstrap", half)

    async def handle(request: web.Request) -> web.Response:
        asked.append(request.path)
        await asyncio.sleep(SECONDS_A_PAGE)
        answer = portal.respond(request.raw_path, TODAY)
        headers = {"Content-Type": answer.content_type} | ({"Location": answer.location} if answer.location else {})
        return web.Response(status=answer.status, body=answer.body, headers=headers)

    with serving_handler(handle) as url:
        yield url


@pytest.fixture
def slow_options(slow_portal: str, database: str) -> Sequence[str]:
    """Options of a crawl of the slow portal."""
    return ("--base-url", slow_portal, "--database", database, "--delay", "0", "--concurrency", str(CONCURRENCY))


@pytest.fixture
def start(forks: Forking, slow_options: Sequence[str], tmp_path: Path) -> Start:
    """Start a crawl of the slow portal, by another script if one is given."""
    return lambda script=None: starting(forks, *slow_options, folder=tmp_path, script=script)


def starting(forks: Forking, *options: str, folder: Path, script: str | None = None) -> Started:
    """Start a crawl as a fork."""
    return forks.start(("crawl", *options), folder=folder, environment=os.environ, script=script)


@pytest.fixture
def scrapy(forks: Forking, tmp_path: Path) -> Callable[..., Finished]:
    """Run `scrapy crawl` where its configuration names our settings."""
    shutil.copy(TOP / "scrapy.cfg", tmp_path)
    clean = {name: value for name, value in os.environ.items() if not name.startswith("ARMCRAWL_")}

    def run(*arguments: str) -> Finished:
        told = ("crawl", *arguments)
        return forks.run(told, folder=tmp_path, environment=clean, timeout=COMMAND_SECONDS, script=SCRAPY)

    return run


def crawling(*options: str, folder: Path, program: str) -> subprocess.Popen[str]:
    """Start a crawl in a Python of its own, by a program that ends as `armcrawl` does."""
    return subprocess.Popen(
        [sys.executable, "-c", program, "crawl", *options],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
