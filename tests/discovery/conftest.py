"""A journal without counted ids, and what crawls it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from armcrawl.sample.server import serving_handler
from tests.discovery.gazette import DECLARATION, LISTING, Gazette

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.forking import Finished

    Command = Callable[..., Finished]


class Nights:
    """Runs of armcrawl over a journal, as nights do; `found` is how its pages are declared to be found."""

    def __init__(self, armcrawl: Command, folder: Path, database: str, url: str, gazette: Gazette) -> None:
        self.armcrawl = armcrawl
        self.folder = folder
        self.database = database
        self.url = url
        self.gazette = gazette
        self.declare(LISTING)

    def declare(self, discovery: str, declaration: str = DECLARATION) -> None:
        """Declare how its pages are found."""
        (self.folder / "gazette.toml").write_text(declaration.format(discovery=discovery), encoding="utf-8")

    def crawl(self, *options: str, code: int = 0) -> Finished:
        """Crawl one night."""
        return self.run("crawl", *options, code=code)

    def run(self, command: str, *options: str, code: int = 0) -> Finished:
        """Run a command that asks the journal."""
        self.gazette.asked.clear()
        where = ("--base-url", self.url, "--database", self.database, "--delay", "0")
        done = self.armcrawl(command, "gazette", *where, *options, ARMCRAWL_SITES=str(self.folder))
        assert done.code == code, done.out + done.err
        assert "Traceback" not in done.err
        return done


@pytest.fixture
def gazette() -> Gazette:
    return Gazette()


@pytest.fixture
def nights(armcrawl: Command, tmp_path: Path, database: str, gazette: Gazette) -> Iterator[Nights]:
    folder = tmp_path / "declared"
    folder.mkdir()
    with serving_handler(gazette.handle) as url:
        yield Nights(armcrawl, folder, database, url, gazette)
