"""The index of a web archive, in both of its dialects."""

from __future__ import annotations

import json

import pytest

from armcrawl.archive.cdx import INTERNET_ARCHIVE, IndexEntry, WebArchive, entries_of, without_repeats
from armcrawl.errors import UsageError

TABLE = [
    ["urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length"],
    ["ru,armtorg)/news/5", "20160531100000", "http://armtorg.ru/news/5", "text/html", "200", "AAA", "1"],
    ["ru,armtorg)/news/5", "20160601100000", "http://armtorg.ru/news/5", "text/html", "301", "BBB", "1"],
    ["ru,armtorg)/news/5", "20160602100000", "http://armtorg.ru/news/5", "warc/revisit", "-", "AAA", "1"],
]
LINE = {"timestamp": "20160531100000", "url": "http://armtorg.ru/news/5", "status": "200", "digest": "AAA"}
ENTRY = IndexEntry("http://armtorg.ru/news/5", "20160531100000", "AAA")


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


def test_a_timestamp_is_a_moment_in_utc() -> None:
    assert ENTRY.fetched_at.isoformat() == "2016-05-31T10:00:00+00:00"


def test_captures_that_bring_nothing_new_are_left_out() -> None:
    digests = {"20160101000000": "A", "20160102000000": "A", "20160103000000": "B", "20160104000000": "A"}
    entries = [IndexEntry("u", timestamp, digest) for timestamp, digest in reversed(digests.items())]
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
