"""Archives of others: cut, damaged, full of other things. What cannot be read is told, and the rest is read."""

from __future__ import annotations

import gzip
import zlib
from contextlib import suppress
from hashlib import shake_128
from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from armcrawl.archive.checking import check_file
from armcrawl.archive.folder import Folder
from armcrawl.archive.imported_files import captures_in, files_to_import
from armcrawl.archive.reading import Captured, LeftOut, read_at, records_of
from armcrawl.archive.records import Earlier, build, digest_of, packed, record
from armcrawl.errors import ArchiveError, UsageError
from armcrawl.items import Outcome
from armcrawl.jobs.importing import key_of, redirected
from armcrawl.jobs.rereading import recorded_origin
from armcrawl.reading.decoding import MAX_BODY
from armcrawl.reading.response import unpacked
from armcrawl.refining.pages import page_from
from armcrawl.sites import Origin, identify, site_named
from tests.archive.conftest import URL, exchange, stored
from tests.conftest import FETCHED_AT

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

ARMTORG = site_named("armtorg")

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=windows-1251\r\n"
WARC = {"WARC-Target-URI": URL, "WARC-Date": "2016-05-31T10:00:00Z"}
KIND = "application/http; msgtype=response"


def found(data: bytes) -> list[Captured | LeftOut]:
    """Return the responses in some bytes, and what could not be read."""
    return responses(records_of(BytesIO(data)))


def responses(records: Iterable[Captured | LeftOut]) -> list[Captured | LeftOut]:
    others = {"request", "warcinfo", "metadata", "resource", "conversion"}
    return [one for one in records if isinstance(one, Captured) or one.kind not in others]


def answer(block: bytes, **headers: str) -> bytes:
    return record("response", WARC | headers, KIND, block)


def page(number: int) -> bytes:
    return build(exchange(body=f"<p>{number}".encode(), url=f"https://armtorg.ru/news/{number}")).data


def test_a_file_that_is_not_compressed_is_read_too() -> None:
    (captured,) = found(answer(HEAD + b"\r\n<p>\xc7\xe0\xe2\xee\xe4"))
    assert isinstance(captured, Captured)
    assert captured.body == b"<p>\xc7\xe0\xe2\xee\xe4"
    assert captured.content_type == "text/html; charset=windows-1251"
    assert captured.fetched_at.isoformat() == "2016-05-31T10:00:00+00:00"


def test_chunks_are_put_together_and_compression_is_undone() -> None:
    packed_body = gzip.compress(b"<p>body")
    chunked = b"%x\r\n%b\r\n0\r\n\r\n" % (len(packed_body), packed_body)
    head = HEAD + b"Transfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n\r\n"
    (captured,) = found(packed(answer(head + chunked)))
    assert isinstance(captured, Captured)
    assert (captured.body, captured.content_encoding) == (packed_body, "gzip")
    assert unpacked(captured.response(URL)).body == b"<p>body"


def test_records_of_other_types_are_left_out_by_their_names() -> None:
    kinds = ("metadata", "resource", "conversion", "Continuation", "x" * 99)
    others = [record(kind, WARC, "text/plain", b"x") for kind in kinds]
    met = list(records_of(BytesIO(b"".join(others) + answer(HEAD + b"\r\n<p>"))))
    assert [one.kind for one in met[:-1] if isinstance(one, LeftOut)] == [*kinds[:3], "continuation", "x" * 20]
    assert isinstance(met[-1], Captured)


def test_a_cut_file_gives_all_that_is_whole() -> None:
    whole = page(1) + page(2)
    captured = found(whole + page(3)[:-40])
    assert [one.body for one in captured if isinstance(one, Captured)][:2] == [b"<p>1", b"<p>2"]


def test_a_wrong_digest_is_told() -> None:
    (captured,) = found(answer(HEAD + b"\r\n<p>changed", **{"WARC-Payload-Digest": digest_of(b"<p>as it was")}))
    assert isinstance(captured, LeftOut)
    assert "digest" in captured.reason


@pytest.mark.parametrize(
    "data", [b"", b"\n\n", b"not an archive at all", b"\x1f\x8b\x08\x00garbage", b"WARC/1.0\r\n\r\n", bytes(5000)]
)
def test_what_is_no_archive_is_no_error(data: bytes) -> None:
    assert not any(isinstance(one, Captured) for one in found(data))


@pytest.mark.parametrize(
    "warc",
    [
        {"WARC-Target-URI": "", "WARC-Date": "2016-05-31T10:00:00Z"},
        {"WARC-Target-URI": URL, "WARC-Date": "yesterday"},
    ],
)
def test_an_answer_without_address_or_date_is_told(warc: dict[str, str]) -> None:
    (captured,) = found(record("response", warc, KIND, HEAD + b"\r\n<p>"))
    assert isinstance(captured, LeftOut)


def test_a_body_larger_than_any_page_is_not_kept_in_memory() -> None:
    (captured,) = found(packed(answer(HEAD + b"\r\n" + bytes(MAX_BODY + 1))))
    assert isinstance(captured, LeftOut)
    assert "larger than 8 MB" in captured.reason


def test_a_body_that_unpacks_to_gigabytes_is_not_unpacked() -> None:
    bomb = gzip.compress(bytes(64 << 20))
    (captured,) = found(answer(HEAD + b"Content-Encoding: gzip\r\n\r\n" + bomb))
    assert isinstance(captured, Captured)
    assert captured.body == bomb
    key = identify(URL)
    assert key is not None
    page = page_from(key, captured.response(URL), Origin.of(ARMTORG, None))
    assert (page.outcome, page.stage) == (Outcome.QUARANTINED, "decoding")
    assert page.reason == "the answer unpacks to more than 100 times its size"


def test_a_body_that_its_writer_unpacked_is_read_whatever_its_header_says() -> None:
    (captured,) = found(answer(HEAD + b"Content-Encoding: br\r\n\r\n\n<!DOCTYPE html><p>body"))
    assert isinstance(captured, Captured)
    assert unpacked(captured.response(URL)).body == b"\n<!DOCTYPE html><p>body"


def test_codings_in_two_headers_are_undone_one_after_another() -> None:
    twice = gzip.compress(zlib.compress(b"<p>body"))
    (captured,) = found(answer(HEAD + b"Content-Encoding: deflate\r\nContent-Encoding: gzip\r\n\r\n" + twice))
    assert isinstance(captured, Captured)
    assert unpacked(captured.response(URL)).body == b"<p>body"


def test_a_revisit_says_when_the_page_was_captured_before() -> None:
    first = build(exchange())
    again = build(exchange(earlier=Earlier(first.payload_digest, FETCHED_AT)))
    captured = found(again.data)[0]
    assert isinstance(captured, Captured)
    assert captured.refers_to == FETCHED_AT


@given(st.binary(max_size=300), st.integers(0, 2000), st.integers(1, 50))
def test_damage_anywhere_is_never_an_error(noise: bytes, start: int, length: int) -> None:
    whole = page(1) + page(2) + page(3)
    data = whole[:start] + noise + whole[start + length :]
    for one in found(data):
        assert isinstance(one, (Captured, LeftOut))


def package(path: Path, members: dict[str, bytes], method: int = 0) -> Path:
    with ZipFile(path, "w", method) as file:
        for name, data in members.items():
            file.writestr(name, data)
    return path


def test_a_package_is_read_as_it_stands(tmp_path: Path) -> None:
    members = {"datapackage.json": b"{}", "archive/data.warc.gz": page(1) + page(2), "pages/pages.jsonl": b""}
    captured = list(captures_in(package(tmp_path / "x.wacz", members)))
    assert [one.body for one in captured if isinstance(one, Captured)] == [b"<p>1", b"<p>2"]


def test_a_package_whose_names_lead_out_of_it_writes_nothing(tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    captured = responses(captures_in(package(inner / "x.wacz", {"../../evil.warc.gz": page(1), "/evil.warc": page(2)})))
    assert len(captured) == 2
    assert [path.name for path in tmp_path.rglob("*")] == ["inner", "x.wacz"]


def test_a_bomb_in_a_package_is_told_and_not_unpacked(tmp_path: Path) -> None:
    bomb = package(tmp_path / "x.wacz", {"archive/bomb.warc": bytes(200 << 20), "a.warc.gz": page(1)}, ZIP_DEFLATED)
    first, second = responses(captures_in(bomb))
    assert isinstance(first, LeftOut)
    assert "that is no archive" in first.reason
    assert isinstance(second, Captured)


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 cut", zlib.compress(b"x")])
def test_a_damaged_package_is_told(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "x.wacz").write_bytes(data)
    (captured,) = captures_in(tmp_path / "x.wacz")
    assert isinstance(captured, LeftOut)


def test_folders_are_searched_for_archives(tmp_path: Path) -> None:
    names = ("a.warc.gz", "b.warc", "c.wacz", "d.arc.gz", "deep/e.warc.gz", "f.warc.gz.open", "g.txt")
    for name in names:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"")
    assert [path.name for path in files_to_import((tmp_path,))] == [name.rpartition("/")[2] for name in names[:-1]]


@pytest.mark.parametrize("name", ["missing", "empty"])
def test_what_is_not_there_is_a_usage_error(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match=name):
        files_to_import((tmp_path / name,))


@pytest.mark.parametrize("date", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "1969-12-31T23:59:59Z"])
def test_a_time_at_which_nothing_was_captured_is_told(date: str) -> None:
    (captured,) = found(record("response", WARC | {"WARC-Date": date}, KIND, HEAD + b"\r\n<p>"))
    assert isinstance(captured, LeftOut)


@pytest.mark.parametrize("location", ["http://[", "//[x", "http://[::1"])
def test_a_redirect_to_what_is_no_address_says_nothing(location: str) -> None:
    (captured,) = found(answer(HEAD.replace(b"200 OK", b"301 Moved") + f"Location: {location}\r\n\r\n".encode()))
    key = identify(URL)
    assert isinstance(captured, Captured)
    assert key is not None
    assert list(redirected(key, captured, None)) == []


@pytest.mark.parametrize("url", ["http://[", "https://user:secret@armtorg.ru/news/7", "http://armtorg.ru:port/news/7"])
def test_a_record_of_what_is_no_address_is_an_archive_error(url: str) -> None:
    (captured,) = found(record("response", WARC | {"WARC-Target-URI": url}, KIND, HEAD + b"\r\n<p>"))
    key = identify(URL)
    assert isinstance(captured, Captured)
    assert key is not None
    assert key_of(captured, Origin.of(ARMTORG, "http://127.0.0.1:9")) in (None, key)
    with pytest.raises(ArchiveError, match="no address"):
        recorded_origin(key, captured.url)


@pytest.mark.parametrize("length", ["9" * 19, "9" * 20, "9" * 5000, "-5", "x"])
def test_a_record_of_a_length_that_lies_is_no_error(length: str) -> None:
    made = answer(HEAD + b"\r\n<p>body")
    start = made.index(b"Content-Length: ")
    end = made.index(b"\r\n", start)
    for one in found(made[:start] + f"Content-Length: {length}".encode() + made[end:] + page(2)):
        assert isinstance(one, (Captured, LeftOut))


def test_headers_lose_their_nuls() -> None:
    (captured,) = found(answer(HEAD + b'ETag: "a\0b"\r\n\r\n<p>'))
    assert isinstance(captured, Captured)
    assert captured.etag == '"ab"'


def test_damage_prints_nothing(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    # Long enough that a reader has handed some of it out before it meets the damage at its end.
    whole = packed(answer(HEAD + b"\r\n" + shake_128(b"x").digest(100_000)))
    path = tmp_path / "a.warc.gz"
    path.write_bytes(whole[:-8] + b"\xff\0\xff" + whole[-5:] + page(2))
    list(captures_in(path))
    check_file(stored(path))
    with suppress(ArchiveError):
        read_at(Folder(tmp_path), path.name, 0)
    assert capfd.readouterr() == ("", "")
