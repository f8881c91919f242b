"""Answers to archive."""

from __future__ import annotations

from typing import Any

from armcrawl.archive.records import Exchange
from tests.conftest import FETCHED_AT

URL = "https://armtorg.ru/news/7?print=1"


def exchange(**fields: Any) -> Exchange:
    """Return the request for a page and its answer."""
    usual: dict[str, Any] = {
        "url": URL,
        "fetched_at": FETCHED_AT,
        "request_headers": (("User-Agent", "armcrawl"), ("Host", "elsewhere")),
        "status": 200,
        "protocol": "HTTP/1.1",
        "headers": (("Content-Type", "text/html; charset=utf-8"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")),
        "body": "<html><h1>Задвижки</h1></html>".encode(),
    }
    return Exchange(**usual | fields)
