"""Saved pages are read as they were when a person looked: one test for each field (`armcrawl archive save-fixture`)."""

from __future__ import annotations

import json
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from armcrawl.jobs.fixtures import expected_of
from armcrawl.jobs.rereading import origin_of
from armcrawl.reading.response import SiteResponse
from armcrawl.refining.pages import page_from
from armcrawl.sites import PageKey

GOLDEN = Path(__file__).parents[1] / "golden"
SAVED = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(GOLDEN.glob("*.json"))}


@cache
def read(name: str) -> dict[str, Any]:
    saved = SAVED[name]
    key = PageKey(*saved["key"].split("/"))
    body = (GOLDEN / f"{name}.html").read_bytes()
    moment = datetime.fromisoformat(saved["fetched_at"])
    packed = saved.get("content_encoding")
    response = SiteResponse(saved["address"], saved["status"], moment, body, saved["content_type"], packed)
    return expected_of(page_from(key, response, origin_of(key, saved["url"])))


@pytest.mark.parametrize(("name", "field"), [(name, field) for name in SAVED for field in SAVED[name]["expected"]])
def test_a_field_is_read_as_it_was_saved(name: str, field: str) -> None:
    found = json.loads(json.dumps(read(name)[field]))
    assert found == SAVED[name]["expected"][field]


def test_there_are_saved_pages() -> None:
    assert SAVED
