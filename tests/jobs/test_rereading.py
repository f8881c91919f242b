"""Reading the archive again."""

from __future__ import annotations

from types import SimpleNamespace

from armcrawl.jobs.rereading import name_chunk
from armcrawl.sites import PageKey


def test_a_chunk_is_named_by_its_first_page_and_its_last() -> None:
    chunk = [SimpleNamespace(key=PageKey("armtorg", "news", number)) for number in ("9", "8", "7")]
    assert name_chunk("folder", chunk) == "the pages from armtorg/news/9 to armtorg/news/7"
