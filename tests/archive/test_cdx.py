"""The index of a web archive, in both of its dialects."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from armcrawl.archive.cdx import INTERNET_ARCHIVE, IndexEntry, WebArchive, came, entries_of, without_repeats
from armcrawl.errors import UsageError

TABLE = [
    ["urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length"],
    ["ru,armtorg)/news/5", "20160531100000", "http://armtorg.ru/news/5", "text/html", "200", "AAA", "1"],
    ["ru,armtorg)/news/5", "20160601100000", "http://armtorg.ru/news/5", "text/html", "301", "BBB", "1"],
    ["ru,armtorg)/news/5", "20160602100000", "http://armtorg.ru/news/5", "warc/revisit", "-", "AAA", "1"],
]
LINE = {"timestamp": "20160531100000", "url": "http://armtorg.ru/news/5", "status": "200", "digest": "AAA"}
MOMENT = datetime(2016, 5, 31, 10, tzinfo=UTC)
ENTRY = IndexEntry("http://armtorg.ru/news/5", "20160531100000", "AAA", MOMENT)


def test_a_table_is_read_and_what_is_no_page_is_left_out() -> None:
    assert list(entries_of(json.dumps(TABLE).encode())) == [ENTRY]


def test_an_object_a_line_is_read() -> None:
    assert list(entries_of(f"{json.dumps(LINE)}\n\n{json.dumps(LINE)}\n".encode())) == [ENTRY, ENTRY]


@pytest.mark.parametrize("body", [b"", b"[]", b"\n"])
def test_an_index_may_be_empty(body: bytes) -> None:
    assert list(entries_of(body)) == []


@pytest.mark.parametrize("body", [b"<html>not found", b"{", b"\xff\xfe"])
def test_what_is_no_index_is_told(body: bytes) -> None:
    with pytest.raises(UsageError, match="no index of a web archive"):
        list(entries_of(body))


@pytest.mark.parametrize(
    "timestamp", ["20000008241731", "20160231100000", "19700101000000", "99990101000000", "2016", "", "x"]
)
def test_a_row_with_a_time_that_cannot_be_costs_that_row(timestamp: str) -> None:
    body = "".join(json.dumps(row) + "\n" for row in (LINE, LINE | {"timestamp": timestamp}, LINE)).encode()
    assert list(entries_of(body)) == [ENTRY, None, ENTRY]


def test_a_row_that_is_none_costs_that_row() -> None:
    assert list(entries_of(json.dumps([TABLE[0], None, 7, TABLE[1]]).encode())) == [ENTRY]


@pytest.mark.parametrize("archive", [WebArchive(INTERNET_ARCHIVE), WebArchive("http://127.0.0.1:8080/press")])
def test_another_capture_that_an_archive_leads_to_has_its_own_time_and_address(archive: WebArchive) -> None:
    asked = archive.capture_address(ENTRY)
    assert came(asked, ENTRY) == ENTRY
    assert came(asked.replace("://armtorg", ":/armtorg").replace("https", "http"), ENTRY) == ENTRY
    other = came(asked.replace("20160531100000", "20170102030405").replace("://armtorg", ":/armtorg"), ENTRY)
    assert other is not None
    assert (other.url, other.fetched_at) == (ENTRY.url, datetime(2017, 1, 2, 3, 4, 5, tzinfo=UTC))


@pytest.mark.parametrize(
    "place", ["/elsewhere", "/20000008241731id_/http://armtorg.ru/news/5", "/99990101000000id_/http://a/"]
)
def test_what_is_no_capture_has_no_time(place: str) -> None:
    assert came(f"http://127.0.0.1:8080/press{place}", ENTRY) is None


def test_captures_that_bring_nothing_new_are_left_out() -> None:
    digests = {"20160101000000": "A", "20160102000000": "A", "20160103000000": "B", "20160104000000": "A"}
    entries = [IndexEntry("u", timestamp, digest, MOMENT) for timestamp, digest in reversed(digests.items())]
    assert [entry.timestamp[:8] for entry in without_repeats(entries)] == ["20160101", "20160103", "20160104"]


def test_the_internet_archive_has_its_own_paths() -> None:
    archive = WebArchive(INTERNET_ARCHIVE)
    assert archive.index_address("https://armtorg.ru/news/").startswith(f"{INTERNET_ARCHIVE}/cdx/search/cdx?url=https")
    address = f"{INTERNET_ARCHIVE}/web/20160531100000id_/http://armtorg.ru/news/5"
    assert archive.capture_address(ENTRY) == address


def test_a_pywb_has_them_below_its_collection() -> None:
    archive = WebArchive("http://127.0.0.1:8080/press")
    assert "matchType=prefix" in archive.index_address("https://armtorg.ru/news/")
    assert archive.capture_address(ENTRY) == "http://127.0.0.1:8080/press/20160531100000id_/http://armtorg.ru/news/5"
