"""Databases with their archives: to be backed up, and to have pages taken down; on a disk and in S3."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from armcrawl.archive.folder import Folder, files_of
from armcrawl.archive.reading import read_at
from armcrawl.archive.s3.bucket import Bucket
from armcrawl.archive.s3.client import store
from armcrawl.archive.s3.ranges import forget
from armcrawl.archive.writing import ArchiveTarget, ArchiveWriter
from armcrawl.jobs import importing
from armcrawl.store.articles.captures import captures_of
from armcrawl.store.articles.writing import write_batch
from armcrawl.store.base.database import open_database
from tests.archive.conftest import exchange
from tests.jobs.world import OTHER, URL, World, html
from tests.s3_server import BUCKET, S3, s3_server
from tests.sqlite import make_sqlite
from tests.store.conftest import stored

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


def die(*_: object) -> None:
    """Stand for what is killed just then."""
    raise KeyboardInterrupt


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


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    # In this process: others would take longer to start than to read a page.
    monkeypatch.setattr(importing, "spread", lambda task, calls: (task.function(*one) for one in calls))
    engine = open_database(make_sqlite(tmp_path / "test.db"))
    folder = tmp_path / "test-archive"
    folder.mkdir()
    yield World(engine, Folder(folder))
    engine.dispose()


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[S3]:
    """A server of S3 with versions, named by the environment."""
    with s3_server() as made:
        for name, value in made.environment.items():
            monkeypatch.setenv(name, value)
        store.cache_clear()
        forget()
        yield made


@pytest.fixture
def far(world: World, s3: S3, tmp_path: Path) -> World:
    """A database whose archive lies in S3: the page and another one in the same file, and a copy in a later one."""
    assert s3.objects() == {}
    world.record(URL, html())
    world.record("https://armtorg.ru/news/5", html("Шаровые краны собирают в Пензе", OTHER), days=1)
    one = b"".join(path.read_bytes() for path in files_of(world.folder))
    (world.folder / "both.warc.gz").write_bytes(one)
    storage = Bucket.at(f"s3://{BUCKET}/press", tmp_path / "far-archive")
    storage.put(world.folder / "both.warc.gz")
    far = World(world.engine, storage)
    far.read()
    far.record("https://armtorg.ru/news/950", html(), days=2)
    return far
