"""Values as a page shows them: one that names an article, a tag or a source leads there."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Any

from markupsafe import Markup, escape

from armcrawl.analysis.serving.paths import article_path, search_path
from armcrawl.analysis.serving.visible_text import visible
from armcrawl.sites import known_sites

KEY = re.compile(r"([a-z][a-z0-9_-]*)/[a-z][a-z0-9_-]*/\S+")
# Columns whose values a search can be narrowed to.
FACETS = {"tag": "tag", "source": "source"}
# Letters of a cell; what is longer is a page of its own.
MAX_OF_CELL = 2_000
# A name that is longer is none.
MAX_OF_NAME = 1_000


def cell(value: Any, column: str, *, is_whole: bool = False) -> Markup:
    """Return a value as a page shows it, the beginning of a long one unless it is to be whole."""
    if value is None:
        return Markup('<span class="nothing">—</span>')
    text = as_text(value)
    if isinstance(value, str) and len(value) <= MAX_OF_NAME:
        if (key := KEY.fullmatch(value)) and key[1] in known_sites():
            return _link(article_path(value), text)
        if column in FACETS:
            return _link(search_path(**{FACETS[column]: value}), text)
    if len(text) > MAX_OF_CELL and not is_whole:
        text = f"{text[:MAX_OF_CELL]} …"
    return escape(visible(text))


def _link(path: str, text: str) -> Markup:
    return Markup('<a href="{}"><bdi>{}</bdi></a>').format(path, visible(text))


def as_text(value: Any) -> str:
    """Return a value as text: moments to the second, in UTC."""
    match value:
        case datetime():
            return value.strftime("%Y-%m-%d %H:%M:%S")
        case list() | tuple() if all(isinstance(one, str) for one in value):
            return ", ".join(value)
        case dict() | list():
            return json.dumps(value, ensure_ascii=False)
        case bytes():
            return value.hex()
    return str(value)
