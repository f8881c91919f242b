"""What an import makes of others' records: revisits and what they refer to, what is cut, and times that cannot be."""

from __future__ import annotations

import gzip
from base64 import b32encode
from collections import Counter
from datetime import UTC, datetime
from hashlib import sha1
from typing import TYPE_CHECKING, Any

import pytest

from armcrawl.archive.folder import Folder
from armcrawl.archive.writing import ArchiveTarget, ArchiveWriter
from armcrawl.items import Outcome
from armcrawl.jobs import importing
from armcrawl.jobs.importing import OTHER_BYTES, Import
from armcrawl.jobs.rereading import reread_chunk
from armcrawl.sample.articles import load_sample
from armcrawl.sample.portal import Portal
from armcrawl.sites import site_named
from armcrawl.store.articles.reread_pages import Wanted, page_ids
from armcrawl.store.base.database import open_database
from armcrawl.store.base.enumerations import IMPORT
from armcrawl.store.runs import run_record, verdicts
from tests.archive.conftest import arc, foreign
from tests.conftest import TODAY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sqlalchemy import Engine

    Query = Callable[[str], list[tuple[object, ...]]]
    Bring = Callable[..., "Import"]

FIRST, SECOND, THIRD = sorted(one.number or 0 for one in load_sample().articles if one.section == "news")[:3]
CAPTURES = (
    "SELECT external_id, captures.fetched_at, last_seen_at, captures.outcome FROM captures"
    " JOIN pages ON pages.id = page_id ORDER BY external_id, captures.fetched_at"
)
NOT_MODIFIED = "http://netpreserve.org/warc/1.0/revisit/server-not-modified"
IDENTICAL = "http://netpreserve.org/warc/1.0/revisit/identical-payload-digest"
ID, OTHER_ID, DIGEST = "<urn:uuid:1>", "<urn:uuid:2>", "sha1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
LATER, LATEST = "2016-07-01T10:00:00Z", "2016-08-01T10:00:00Z"


def page(number: int) -> bytes:
    return Portal("bootstrap").respond(f"/news/{number}", TODAY).body


def answer(number: int) -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + page(number)


def revisit(number: int, date: str = LATER, block: bytes = b"HTTP/1.1 200 OK\r\n\r\n", **headers: Any) -> bytes:
    return foreign(number, block, WARC_Type="revisit", WARC_Date=date, WARC_Profile=IDENTICAL, **headers)


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    made = open_database(database, create=True)
    yield made
    made.dispose()


@pytest.fixture
def bring(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bring:
    """Import files into the test's database, each of some bytes."""
    # In this process: others would take longer to start than to read a page.
    monkeypatch.setattr(importing, "spread", lambda task, calls: (task.function(*one) for one in calls))

    def run(*files: bytes) -> Import:
        number = len(list(tmp_path.glob("*.warc")))
        paths = [tmp_path / f"{number + index}.warc" for index in range(len(files))]
        for path, data in zip(paths, files, strict=True):
            path.write_bytes(data)
        storage = Folder(tmp_path / "archive")
        writer = ArchiveWriter(ArchiveTarget(storage, f"x{number}"))
        work = Import(engine, storage, site_named("armtorg"), writer, IMPORT)
        run_id = run_record.begin_run(engine, "armtorg", "import", {})
        for _ in work.run(work.scan(paths, None, ("news",)), run_id):
            pass
        verdicts.note_import(engine, run_id)
        return work

    return run


def seen(query: Query) -> list[tuple[object, ...]]:
    """Return captures: which page, and from when to when it was seen so."""
    return [
        (number, *(str(moment)[:10] for moment in moments), outcome) for number, *moments, outcome in query(CAPTURES)
    ]


def is_read_again(engine: Engine, database: str, tmp_path: Path) -> bool:
    """Tell whether all that was imported is read as before, from our archive alone."""
    chunks = [reread_chunk(database, Folder(tmp_path / "archive"), some) for some in page_ids(engine, Wanted(), 9)]
    return bool(chunks) and not any(chunk.rereads or chunk.problems for chunk in chunks)


# An unchanged page is a capture of its own, with the text of the one before.
TWICE = [
    (str(FIRST), "2016-05-31", "2016-05-31", Outcome.STORED),
    (str(FIRST), "2016-07-01", "2016-07-01", Outcome.STORED),
]
REFERENCES: list[dict[str, Any]] = [
    {"WARC_Refers_To": ID},
    {"WARC_Payload_Digest": DIGEST.replace("AAA", "XXX")},
    {"WARC_Refers_To_Target_URI": f"https://armtorg.ru/news/{FIRST}", "WARC_Refers_To_Date": "2016-05-31T10:00:00Z"},
    {"WARC_Refers_To": ID, "WARC_Refers_To_Date": "2001-01-01T10:00:00Z"},
]


def original(number: int = FIRST, **headers: Any) -> bytes:
    # Its digest is in no spelling that can be checked: here it is a name.
    named = {"WARC_Record_ID": ID, "WARC_Payload_Digest": DIGEST.replace("AAA", "XXX")} | headers
    return foreign(number, answer(number), **named).replace(b"sha1:XXX", b"name:XXX")


def referring(number: int = FIRST, date: str = LATER, **headers: Any) -> bytes:
    return revisit(number, date, **headers).replace(b"sha1:XXX", b"name:XXX")


@pytest.mark.parametrize("reference", REFERENCES)
@pytest.mark.parametrize("apart", [False, True])
def test_a_revisit_of_the_same_page_is_that_page_unchanged(
    bring: Bring, query: Query, engine: Engine, database: str, tmp_path: Path, reference: dict[str, Any], *, apart: bool
) -> None:
    records = (referring(**reference), original())
    work = bring(*records) if apart else bring(b"".join(records))
    assert work.problems == []
    assert seen(query) == TWICE
    assert query("SELECT count(*) FROM article_versions") == [(1,)]
    assert is_read_again(engine, database, tmp_path)


@pytest.mark.parametrize("reference", REFERENCES)
def test_a_revisit_of_another_address_has_the_bytes_of_that(
    bring: Bring, query: Query, engine: Engine, database: str, tmp_path: Path, reference: dict[str, Any]
) -> None:
    # Another page by its address, with the same bytes: the revisit is the only capture of its own.
    work = bring(original() + referring(SECOND, **reference))
    assert work.problems == []
    stored = Outcome.STORED
    assert seen(query) == [
        (str(FIRST), "2016-05-31", "2016-05-31", stored),
        (str(SECOND), "2016-07-01", "2016-07-01", stored),
    ]
    assert is_read_again(engine, database, tmp_path)


@pytest.mark.parametrize("reference", [REFERENCES[1], REFERENCES[2]])
def test_a_revisit_of_what_was_imported_before_is_followed(
    bring: Bring, query: Query, engine: Engine, database: str, tmp_path: Path, reference: dict[str, Any]
) -> None:
    bring(original())
    work = bring(referring(**reference))
    assert work.problems == []
    assert seen(query) == TWICE
    assert query("SELECT count(*) FROM article_versions") == [(1,)]
    assert is_read_again(engine, database, tmp_path)


@pytest.mark.parametrize("number", [FIRST, SECOND])
def test_a_revisit_whose_digest_is_of_other_bytes_has_not_those_to_which_it_refers(
    bring: Bring, query: Query, number: int
) -> None:
    # Its digest is right in form, and no bytes here have it.
    work = bring(original() + revisit(number, WARC_Refers_To=ID, WARC_Payload_Digest=f"sha1:{'A' * 32}"))
    assert [problem.partition(": ")[2] for problem in work.problems] == [OTHER_BYTES]
    assert seen(query) == TWICE[:1]


@pytest.mark.parametrize("profile", [IDENTICAL, NOT_MODIFIED])
def test_a_revisit_may_have_the_digest_of_its_own_empty_answer_where_nothing_was_sent(
    bring: Bring, profile: str
) -> None:
    empty = f"sha1:{b32encode(sha1(b'', usedforsecurity=False).digest()).decode()}"
    one = revisit(SECOND, WARC_Refers_To=ID, WARC_Payload_Digest=empty)
    work = bring(original() + one.replace(IDENTICAL.encode(), profile.encode()))
    assert len(work.problems) == (profile == IDENTICAL)


@pytest.mark.parametrize("block", [b"", b"HTTP/1.1 200 OK\r\n\r\n"])
def test_a_revisit_of_a_revisit_is_followed_to_the_bytes(bring: Bring, query: Query, block: bytes) -> None:
    first = revisit(FIRST, LATER, block, WARC_Refers_To=ID, WARC_Record_ID=OTHER_ID)
    second = revisit(SECOND, LATEST, block, WARC_Refers_To=OTHER_ID)
    work = bring(second + first + original())
    assert work.problems == []
    assert [row[0] for row in seen(query)] == [str(FIRST), str(FIRST), str(SECOND)]
    assert {row[3] for row in seen(query)} == {Outcome.STORED}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"WARC_Refers_To": "<urn:uuid:none>"},
        {"WARC_Refers_To_Date": "2001-01-01T10:00:00Z"},
        {"WARC_Record_ID": "<a>", "WARC_Refers_To": "<a>"},
    ],
)
def test_a_revisit_of_what_is_nowhere_is_unreadable_and_no_empty_page(
    bring: Bring, query: Query, headers: dict[str, Any]
) -> None:
    work = bring(original() + revisit(FIRST, **headers) + revisit(SECOND, **headers))
    assert work.counts["unreadable"] == 2
    assert "nowhere" in work.problems[0]
    assert seen(query) == [(str(FIRST), "2016-05-31", "2016-05-31", Outcome.STORED)]


def test_not_modified_confirms_what_it_refers_to(bring: Bring, query: Query) -> None:
    bring(original() + revisit(FIRST, block=b"HTTP/1.1 304 Not Modified\r\n\r\n", WARC_Refers_To=ID))
    assert seen(query) == [(str(FIRST), "2016-05-31", "2016-07-01", Outcome.STORED)]


CUTS = {
    "truncated": foreign(FIRST, answer(FIRST)[:900], WARC_Date=LATER, WARC_Truncated="length"),
    "a length": foreign(
        FIRST, b"HTTP/1.1 200 OK\r\nContent-Length: 9999999\r\n\r\n" + page(FIRST)[:900], WARC_Date=LATER
    ),
    "missing": foreign(FIRST, b"HTTP/1.1 404 No\r\nContent-Length: 9999\r\n\r\n<p>", WARC_Date=LATER),
    "a part": foreign(FIRST, answer(FIRST).replace(b"200 OK", b"206 Part")[:2000], WARC_Date=LATER),
    "a difference": foreign(FIRST, answer(FIRST).replace(b"200 OK", b"226 IM Used"), WARC_Date=LATER),
    "nothing": foreign(FIRST, b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", WARC_Date=LATER),
    "chunks": foreign(FIRST, b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n<html", WARC_Date=LATER),
    "gzip": foreign(
        FIRST, b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(page(FIRST))[:-40], WARC_Date=LATER
    ),
    "the file": foreign(FIRST, answer(FIRST), WARC_Date=LATER)[:-300],
}


@pytest.mark.parametrize("cut", CUTS.values(), ids=CUTS.keys())
def test_the_whole_page_stays_when_a_newer_one_is_cut_and_that_is_counted(
    bring: Bring, query: Query, cut: bytes
) -> None:
    bring(original())
    before = query("SELECT published_version, current_version FROM articles")
    work = bring(foreign(THIRD, answer(THIRD)) + cut)
    left_out = work.left_out["cut"] + work.counts["failed answers"]
    quarantined = query(f"SELECT count(*) FROM pages WHERE outcome = 'quarantined' AND number = {FIRST}")
    # What only its packing tells to be cut is kept with its bytes, as a crawl keeps it.
    assert (left_out, quarantined) == (1, [(cut is CUTS["gzip"],)])
    key = f"armtorg/news/{FIRST}"
    assert query(f"SELECT count(*) FROM v_articles WHERE key = '{key}'") == [(1,)]
    assert query(f"SELECT published_version, current_version FROM articles WHERE key = '{key}'") == before


@pytest.mark.parametrize("date", ["2999-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "3000"])
def test_a_capture_of_a_time_that_cannot_be_is_left_out_with_a_count(bring: Bring, query: Query, date: str) -> None:
    work = bring(foreign(FIRST, answer(FIRST), WARC_Date=date) + foreign(SECOND, answer(SECOND)))
    assert work.left_out == Counter({"impossible time": 1})
    assert [row[0] for row in seen(query)] == [str(SECOND)]
    assert work.totals["impossible time"] == 1


def test_what_else_an_archive_holds_is_counted_by_kind(bring: Bring) -> None:
    others = foreign(1, b"x", WARC_Type="resource") + foreign(2, b"x", WARC_Type="conversion")
    others += foreign(3, b"1.2.3.4", WARC_Target_URI="dns:armtorg.ru") + foreign(4, b"x", WARC_Type="resource")
    work = bring(others + foreign(FIRST, answer(FIRST)))
    assert work.left_out == Counter({"resource": 2, "conversion": 1, "dns": 1})
    assert work.totals["other records"] == 4
    assert work.problems == []


def test_records_of_one_member_are_told_apart(
    bring: Bring, query: Query, tmp_path: Path, database: str, engine: Engine
) -> None:
    numbers = (FIRST, SECOND, THIRD)
    bring(gzip.compress(b"".join(foreign(number, answer(number)) for number in numbers)))
    assert [row[0] for row in seen(query)] == sorted(map(str, numbers))
    assert is_read_again(engine, database, tmp_path)


def test_arc_is_imported_as_warc_is(bring: Bring, query: Query, tmp_path: Path, database: str, engine: Engine) -> None:
    bring(arc(FIRST, answer(FIRST)))
    moment = datetime(2016, 5, 31, 10, tzinfo=UTC)
    assert seen(query) == [(str(FIRST), str(moment.date()), str(moment.date()), Outcome.STORED)]
    assert is_read_again(engine, database, tmp_path)
