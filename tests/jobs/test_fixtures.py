"""Pages as files."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from armcrawl.archive.reading import Captured
from armcrawl.jobs.fixtures import save
from armcrawl.sites import PageKey
from tests.conftest import FETCHED_AT

if TYPE_CHECKING:
    from pathlib import Path

PAGE = b"<html><h1>page</h1></html>"
PACKED = Captured(
    url="https://armtorg.ru/news/7",
    fetched_at=FETCHED_AT,
    offset=0,
    status=200,
    body=gzip.compress(PAGE, mtime=0),
    content_type="text/html",
    etag=None,
    last_modified=None,
    payload_digest=None,
    content_encoding="gzip",
)
CUT = replace(PACKED, body=PACKED.body[:-9])


@pytest.mark.parametrize(("captured", "body", "encoding"), [(PACKED, PAGE, None), (CUT, CUT.body, "gzip")])
def test_a_page_is_saved_unpacked_or_with_how_its_bytes_are_packed(
    tmp_path: Path, captured: Captured, body: bytes, encoding: str | None
) -> None:
    path = save(PageKey("armtorg", "news", "7"), captured, tmp_path)
    assert json.loads(path.read_text("utf-8"))["content_encoding"] == encoding
    assert path.with_suffix(".html").read_bytes() == body
