"""Every fault of a server comes to what is expected of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.faults.faults import FAULTS, HEALTHY, Fault
from tests.faults.nights import Content, Nights, suffer
from tests.faults.server import ARTICLES, FaultyServer, serving_faults
from tests.faults.table import PAGE, render, row_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.forking import Forking

# What the project promises at least.
MIN_FAULTS = 38


@pytest.fixture(scope="session")
def gold(forks: Forking, tmp_path_factory: pytest.TempPathFactory) -> Content:
    """What a crawl of the healthy server stores."""
    nights = Nights(forks, tmp_path_factory.mktemp("gold"))
    with serving_faults(FaultyServer(lambda _: None)) as url:
        done = nights.crawl(url)
    assert f"Requests: {HEALTHY}. " in done.out
    return nights.content()


# One or two of each kind; `make soak` plays all the others as well.
SAMPLE = {
    "the connection is reset in the middle of the headers",
    "the connection is reset in the middle of the body",
    "the body is longer than its Content-Length, once",
    "the answer comes in chunks, with extensions and trailers",
    "gzip is cut short",
    "a decompression bomb",
    "silence",
    "429 with Retry-After, once",
    "503 to the first three requests",
    "503 that asks for an hour",
    "500 for ever on everything",
    "a redirect loop",
    "a redirect with a password and with control characters",
    "a redirect to a private address",
    "status 418 with an article",
    "status 000 with an article",
    "a notice of maintenance instead of everything",
    "a redirect to another article",
    "windows-1251 declared as UTF-8",
    "HTTP/1.0 without a length, cut in another place each time",
    "a Last-Modified in the future, which hides a change",
    "an article that turns into 404",
    "a captcha instead of everything",
    "a listing that never ends",
    "links to ids that do not exist",
    "robots.txt is silent",
    "robots.txt forbids everything",
}


def marked(fault: Fault) -> object:
    return pytest.param(fault, id=fault.name, marks=() if fault.name in SAMPLE else pytest.mark.soak)


@pytest.mark.parametrize("fault", [marked(fault) for fault in FAULTS])
def test_a_fault_comes_to_what_is_expected(
    fault: Fault, gold: Content, forks: Forking, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    assert len(gold) == ARTICLES
    row = suffer(fault, gold, forks, tmp_path)
    record_property("fault", row_of(fault, row))
    assert "Traceback" not in row.said
    assert "geheim" not in row.said
    assert "\x1b" not in row.said
    assert fault.says in row.said, row.said
    found = (row.ledger, row.requests, row.right, row.healed, row.versions, row.code)
    assert found == (fault.ledger, fault.requests, fault.right, fault.healed, fault.versions, fault.code), row.said


def test_a_server_that_refuses_the_connection_is_named(forks: Forking, tmp_path: Path) -> None:
    nights = Nights(forks, tmp_path)
    done = nights.crawl("http://127.0.0.1:9")
    assert done.code == 1
    assert "http://127.0.0.1:9/robots.txt cannot be read (" in done.err
    assert "Traceback" not in done.err
    assert nights.query("SELECT outcome, requests FROM runs") == [("failed", 3)]


def test_there_are_enough_faults() -> None:
    names = {fault.name for fault in FAULTS}
    assert len(names) >= MIN_FAULTS
    assert names >= SAMPLE


def test_the_table_of_faults_is_the_one_in_the_documentation() -> None:
    assert PAGE.read_text(encoding="utf-8") == render()
