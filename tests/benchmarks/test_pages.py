"""The pages that benchmarks read."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

from benchmarks.pages import real_pages

if TYPE_CHECKING:
    from pathlib import Path


def test_where_the_real_pages_are_not_there_none_are_read(tmp_path: Path) -> None:
    assert real_pages("articles", folder=tmp_path / "real-pages") == []


def test_a_real_page_comes_with_its_address_and_the_time_it_was_fetched(tmp_path: Path) -> None:
    (tmp_path / "articles.jsonl").write_text(
        '{"id": "a", "url": "https://example.ru/1", "fetched_at": "2026-03-20T12:00:00+03:00"}\n', encoding="utf-8"
    )
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "a.html.gz").write_bytes(gzip.compress("<p>Кран".encode()))
    (page,) = real_pages("articles", folder=tmp_path)
    assert (page.address, page.fetched_at.isoformat()) == ("https://example.ru/1", "2026-03-20T12:00:00+03:00")
    assert (page.body.decode(), page.text) == ("<p>Кран", "<p>Кран")
