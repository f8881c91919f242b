"""What can be checked and does not fit is damage; what cannot be checked is none."""

from __future__ import annotations

import gzip
import hashlib
from base64 import b32encode, b64encode, urlsafe_b64encode
from typing import TYPE_CHECKING, Any

import pytest

from armcrawl.archive.checking import check_file
from tests.archive.conftest import OK, foreign, stored, told

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

BODY = b"<html><p>" + b"x" * 99
SPELLINGS: list[Callable[[bytes], str]] = [
    lambda digest: digest.hex(),
    lambda digest: digest.hex().upper(),
    lambda digest: b32encode(digest).decode(),
    lambda digest: b32encode(digest).decode().lower().rstrip("="),
    lambda digest: b64encode(digest).decode(),
    lambda digest: urlsafe_b64encode(digest).decode().rstrip("="),
]


def digest(name: str, data: bytes, spelling: int = 2) -> str:
    algorithm = name.lower().replace("-", "")
    return f"{name}:{SPELLINGS[spelling](hashlib.new(algorithm, data, usedforsecurity=False).digest())}"


@pytest.mark.parametrize("name", ["sha1", "SHA-1", "md5", "sha256", "SHA-256", "sha512"])
@pytest.mark.parametrize("spelling", range(len(SPELLINGS)))
def test_a_digest_fits_or_not_however_it_is_spelt(name: str, spelling: int) -> None:
    right, wrong = (digest(name, data, spelling) for data in (BODY, BODY + b"y"))
    assert told(foreign(1, OK + BODY, WARC_Payload_Digest=right)) == ["1"]
    assert told(foreign(1, OK + BODY, WARC_Payload_Digest=wrong)) == ["unreadable"]


@pytest.mark.parametrize("name", ["WARC_Payload_Digest", "WARC_Block_Digest"])
@pytest.mark.parametrize(
    "value",
    [
        "",
        "sha1",
        "sha1:",
        "blake3:" + "a" * 64,
        "xxh3:1",
        "sha1:" + "a" * 7,
        "sha256:" + "A" * 32,
        "a" * 32,
        "md5:\u0439",
    ],
)
def test_a_digest_that_cannot_be_checked_is_no_damage(name: str, value: str) -> None:
    headers: dict[str, Any] = {name: value}
    assert told(foreign(1, OK + BODY, **headers)) == ["1"]


def test_the_payload_may_be_the_body_as_sent_without_chunks_or_unpacked() -> None:
    packed = gzip.compress(BODY, mtime=0)
    sent = b"%x\r\n%b\r\n0\r\n\r\n" % (len(packed), packed)
    block = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n\r\n" + sent
    for payload in (sent, packed, BODY):
        assert told(foreign(1, block, WARC_Payload_Digest=digest("sha1", payload))) == ["1"]
    assert told(foreign(1, block, WARC_Payload_Digest=digest("sha1", BODY[:-1]))) == ["unreadable"]


@pytest.mark.parametrize("forgotten", [0, 2])
def test_a_line_too_many_that_digests_know_nothing_of_is_no_damage(forgotten: int) -> None:
    # As Common Crawl wrote in August 2018.
    block = OK + b"\r\n" + BODY
    digests: dict[str, Any] = {
        "WARC_Payload_Digest": digest("sha1", BODY),
        "WARC_Block_Digest": digest("sha1", OK + BODY),
    }
    record = foreign(1, block, len(block) - forgotten, **digests)
    assert told(record + foreign(2)) == ["1", "2"]
    assert told(gzip.compress(record) + foreign(2)) == ["1", "unreadable"]


def test_a_block_that_is_not_what_it_was_is_damaged() -> None:
    right, wrong = (digest("sha1", data) for data in (OK + BODY, OK + BODY + b"y"))
    assert told(foreign(1, OK + BODY, WARC_Block_Digest=right)) == ["1"]
    assert told(foreign(1, OK + BODY, WARC_Block_Digest=wrong)) == ["unreadable"]


def test_a_revisit_has_the_digest_of_another_record() -> None:
    other = digest("sha1", b"another")
    assert told(foreign(1, OK, WARC_Type="revisit", WARC_Payload_Digest=other)) == ["1"]


def test_verify_and_import_call_the_same_records_damaged(tmp_path: Path) -> None:
    path = tmp_path / "a.warc"
    fine = foreign(1, WARC_Payload_Digest="blake3:x") + foreign(2, OK + BODY, WARC_Payload_Digest=digest("md5", BODY))
    path.write_bytes(fine)
    assert check_file(stored(path)).problems == []
    path.write_bytes(fine + foreign(3, OK + BODY, WARC_Payload_Digest=digest("md5", b"x")))
    assert check_file(stored(path)).problems == [f"at {len(fine)}: a digest is wrong"]
