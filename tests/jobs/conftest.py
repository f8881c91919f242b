"""A database with its archive, of which backups are taken."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from armcrawl.archive.folder import Folder
from armcrawl.archive.reading import read_at
from armcrawl.archive.writing import ArchiveTarget, ArchiveWriter
from armcrawl.store.articles.captures import captures_of
from armcrawl.store.articles.writing import write_batch
from armcrawl.store.base.database import open_database
from tests.archive.conftest import exchange
from tests.sqlite import make_sqlite
from tests.store.conftest import stored

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


class Press:
    """A database with its archive, to which pages come."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url, self.storage = url, Folder(folder)
        self.writer = ArchiveWriter(ArchiveTarget(self.storage, "press"))

    def publish(self, *numbers: int) -> None:
        engine = open_database(self.url)
        for number in numbers:
            body = f"<html><h1>Новость {number}</h1></html>".encode()
            record = self.writer.write(exchange(url=f"https://armtorg.ru/news/{number}", body=body))
            write_batch(engine, [replace(stored(number, title=f"Новость {number}"), record=record)], None)
        engine.dispose()

    def archived(self, number: int) -> tuple[str, int]:
        engine = open_database(self.url)
        [found] = [one for one in captures_of(engine) if one.key.external_id == str(number)]
        engine.dispose()
        return found.file, found.offset


@pytest.fixture
def make_press(tmp_path: Path) -> Iterator[Callable[[str], Press]]:
    made: list[Press] = []

    def make(url: str) -> Press:
        made.append(Press(url, tmp_path / "archive"))
        return made[-1]

    yield make
    for one in made:
        one.writer.close()


@pytest.fixture
def press(make_press: Callable[[str], Press], each_database: str) -> Press:
    """Two pages in a closed file of the archive."""
    made = make_press(each_database)
    made.publish(1, 2)
    made.writer.close()
    return made


@pytest.fixture
def press_file(make_press: Callable[[str], Press], tmp_path: Path) -> Press:
    """The same in an SQLite database."""
    made = make_press(make_sqlite(tmp_path / "test.db"))
    made.publish(1, 2)
    made.writer.close()
    return made


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    return tmp_path / "backup"


@pytest.fixture
def new(tmp_path: Path) -> tuple[str, Folder]:
    """A database and an archive that are not there yet."""
    return f"sqlite:///{tmp_path}/new/armcrawl.db", Folder(tmp_path / "new" / "archive")


def bodies_of(url: str, storage: Folder) -> list[str]:
    """Return the pages of all captures of a database, as its archive has them."""
    engine = open_database(url, create=False)
    found = [read_at(storage, one.file, one.offset).body.decode() for one in captures_of(engine)]
    engine.dispose()
    return sorted(found)
