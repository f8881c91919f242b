"""Pages of the archive as one package: what is in it is told truly, and comes back as it was."""

from __future__ import annotations

import json
from hashlib import sha256
from io import BytesIO
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_STORED, ZipFile

import pytest

from armcrawl.archive.folder import Folder
from armcrawl.archive.imported_files import files_to_import
from armcrawl.archive.reading import captured_at
from armcrawl.archive.wacz import searchable
from armcrawl.archive.writing import ArchiveTarget, ArchiveWriter
from armcrawl.errors import UsageError
from armcrawl.jobs import importing
from armcrawl.jobs.importing import Import
from armcrawl.jobs.packaging import package
from armcrawl.russian.search_query import parse_query
from armcrawl.sample.articles import load_sample
from armcrawl.sample.portal import Portal
from armcrawl.sites import PageKey, site_named
from armcrawl.store.base.database import open_database
from armcrawl.store.base.enumerations import IMPORT
from armcrawl.store.runs import publishing, run_record, verdicts
from tests.archive.conftest import foreign
from tests.conftest import TODAY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sqlalchemy import Engine

    Bring = Callable[[Engine, Path], Import]

NUMBERS = sorted(one.number or 0 for one in load_sample().articles if one.section == "news")[:3]
FIRST, SECOND, THIRD = NUMBERS
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"


def key(number: int) -> PageKey:
    return PageKey("armtorg", "news", str(number))


def body(number: int) -> bytes:
    return Portal("bootstrap").respond(f"/news/{number}", TODAY).body


@pytest.fixture
def bring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bring:
    """Import a file into a database, and into an archive beside it."""
    # In this process: the pages are only to be there.
    monkeypatch.setattr(importing, "spread", lambda task, calls: (task.function(*one) for one in calls))

    def run(engine: Engine, path: Path) -> Import:
        storage = Folder(tmp_path / f"archive-of-{path.name}")
        work = Import(engine, storage, site_named("armtorg"), ArchiveWriter(ArchiveTarget(storage, "x")), IMPORT)
        run_id = run_record.begin_run(engine, "armtorg", "import", {})
        for _ in work.run(work.scan(files_to_import([path]), None, ("news",)), run_id):
            pass
        verdicts.note_import(engine, run_id)
        publishing.carry_out(engine)
        return work

    return run


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    made = open_database(database, create=True)
    yield made
    made.dispose()


@pytest.fixture
def storage(engine: Engine, bring: Bring, tmp_path: Path) -> Folder:
    """An archive of three pages, the first of which was seen unchanged later."""
    unchanged: dict[str, Any] = {
        "WARC_Type": "revisit",
        "WARC_Date": "2016-07-01T10:00:00Z",
        "WARC_Profile": "http://netpreserve.org/warc/1.0/revisit/identical-payload-digest",
        "WARC_Refers_To_Target_URI": f"https://armtorg.ru/news/{FIRST}",
        "WARC_Refers_To_Date": "2016-05-31T10:00:00Z",
    }
    records = [foreign(number, HEAD + body(number)) for number in NUMBERS]
    (tmp_path / "foreign.warc").write_bytes(
        b"".join([*records, foreign(FIRST, b"HTTP/1.1 200 OK\r\n\r\n", **unchanged)])
    )
    assert bring(engine, tmp_path / "foreign.warc").problems == []
    return Folder(tmp_path / "archive-of-foreign.warc")


def members(path: Path) -> dict[str, bytes]:
    with ZipFile(path) as opened:
        assert {member.compress_type for member in opened.infolist()} == {ZIP_STORED}
        return {member.filename: opened.read(member) for member in opened.infolist()}


def test_a_package_tells_the_digests_of_its_members_and_where_each_record_is(
    engine: Engine, storage: Folder, tmp_path: Path
) -> None:
    found = package(engine, storage, tmp_path / "all.wacz")
    assert (found.counts, found.problems) == ({"pages": 3, "captures": 4}, [])
    held = members(tmp_path / "all.wacz")
    told = json.loads(held["datapackage.json"])
    assert told["wacz_version"] == "1.1.1"
    assert {one["path"]: (one["hash"], one["bytes"]) for one in told["resources"]} == {
        path: (f"sha256:{sha256(held[path]).hexdigest()}", len(held[path]))
        for path in ("archive/data.warc.gz", "indexes/index.cdx", "pages/pages.jsonl")
    }
    digest = json.loads(held["datapackage-digest.json"])
    assert digest["hash"] == f"sha256:{sha256(held['datapackage.json']).hexdigest()}"
    lines = held["indexes/index.cdx"].decode().splitlines()
    assert lines == sorted(lines)
    assert len(lines) == 4
    for line in lines:
        name, moment, fields = line.split(" ", 2)
        entry = json.loads(fields)
        captured = captured_at(BytesIO(held["archive/data.warc.gz"]), int(entry["offset"]))
        assert (captured.url, f"{captured.fetched_at:%Y%m%d%H%M%S}") == (entry["url"], moment)
        assert name == searchable(captured.url)
        assert (entry["mime"] == "warc/revisit") == (captured.original is not None)
    _, *pages = map(json.loads, held["pages/pages.jsonl"].decode().splitlines())
    assert [page["url"] for page in pages] == [f"https://armtorg.ru/news/{number}" for number in NUMBERS]
    assert all(page["title"] and page["title"] in body(n).decode() for page, n in zip(pages, NUMBERS, strict=True))


def test_a_package_that_is_imported_gives_the_same_captures(
    engine: Engine, storage: Folder, bring: Bring, tmp_path: Path
) -> None:
    package(engine, storage, tmp_path / "all.wacz")
    other = open_database(f"sqlite:///{tmp_path}/other.db", create=True)
    assert bring(other, tmp_path / "all.wacz").problems == []
    captures = (
        "SELECT external_id, captures.fetched_at, last_seen_at, captures.digest FROM captures"
        " JOIN pages ON pages.id = page_id"
    )
    rows = []
    for one in (engine, other):
        with one.connect() as connection:
            rows.append(sorted(map(tuple, connection.exec_driver_sql(captures))))
    other.dispose()
    assert rows[0] == rows[1]
    assert len(rows[0]) == 4


def test_only_the_pages_that_are_named_or_found_are_in_it(engine: Engine, storage: Folder, tmp_path: Path) -> None:
    path = tmp_path / "some.wacz"
    assert package(engine, storage, path, [key(FIRST)]).counts == {"pages": 1, "captures": 2}
    assert {line.split(" ", 1)[0] for line in members(path)["indexes/index.cdx"].decode().splitlines()} == {
        f"ru,armtorg)/news/{FIRST}"
    }
    title = json.loads(members(path)["pages/pages.jsonl"].decode().splitlines()[1])["title"]
    assert package(engine, storage, path, query=parse_query(f'"{title.replace(chr(34), " ")}"')).counts["pages"] == 1
    before = path.read_bytes()
    with pytest.raises(UsageError, match="nothing was written"):
        package(engine, storage, path, [key(999_999)])
    assert path.read_bytes() == before


def test_a_capture_that_is_lost_is_named_and_the_others_are_packed(
    engine: Engine, storage: Folder, tmp_path: Path
) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql(
            f"UPDATE captures SET archive_offset = 3 WHERE page_id = (SELECT id FROM pages WHERE number = {SECOND})"
        )
    found = package(engine, storage, tmp_path / "all.wacz")
    assert found.counts == {"pages": 2, "captures": 3}
    (problem,) = found.problems
    assert str(key(SECOND)) in problem


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://www.Ventil.example/Novosti/5/", "example,ventil)/novosti/5"),
        ("http://ventil.example:8080/", "example,ventil:8080)/"),
        ("https://ventil.example:443/a?b=2&a=1", "example,ventil)/a?a=1&b=2"),
    ],
)
def test_an_address_is_looked_for_without_what_makes_no_difference(url: str, name: str) -> None:
    assert searchable(url) == name
