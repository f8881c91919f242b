"""A page and what is read on it, as files: the tests compare field by field."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from armcrawl.jobs.rereading import origin_of
from armcrawl.reading.response import shown
from armcrawl.refining.pages import page_from
from armcrawl.store.articles.documents import fields_of

if TYPE_CHECKING:
    from pathlib import Path

    from armcrawl.archive.reading import Captured
    from armcrawl.items import Page
    from armcrawl.sites import PageKey


def save(key: PageKey, captured: Captured, folder: Path) -> Path:
    """Write `<key>.html` and `<key>.json` into a folder, and return the latter's path."""
    name = f"{key.site}-{key.section}-{key.external_id}"
    folder.mkdir(parents=True, exist_ok=True)
    origin = origin_of(key, captured.url)
    response = captured.response(origin.to_site(captured.url))
    saved = shown(response)
    told = {
        "key": str(key),
        "url": captured.url,
        "address": response.address,
        "status": response.status,
        "content_type": response.content_type,
        # Of a page that cannot be unpacked, and is saved as it came.
        "content_encoding": saved.content_encoding,
        "fetched_at": response.fetched_at.isoformat(),
        "expected": expected_of(page_from(key, response, origin)),
    }
    (folder / f"{name}.html").write_bytes(saved.body)
    path = folder / f"{name}.json"
    path.write_text(json.dumps(told, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return path


def expected_of(page: Page) -> dict[str, Any]:
    """Return what a page is expected to be: its outcome, and every field of its article."""
    said = {"outcome": str(page.outcome), "reason": page.reason}
    return said | (fields_of(page.article) if page.article is not None else {})
