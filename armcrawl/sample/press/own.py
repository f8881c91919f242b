"""The journal's own texts, which people wrote: `data/sample/press/articles`."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from typing import TYPE_CHECKING, Any

from slugify import slugify

from armcrawl.russian.tags import BACKEND
from armcrawl.sample.articles import folder
from armcrawl.sample.press.articles import RUBRICS, ZONE, Event, History, PressArticle, PressImage, PressTag

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

MAX_SLUG = 64


def press_folder() -> Path:
    """Return where the journal's texts and templates are."""
    return folder() / "press"


def slug_of(title: str) -> str:
    """Return what a content system makes of a title: transliterated, cut at a word's end."""
    return slugify(title, backend=BACKEND, max_length=MAX_SLUG, word_boundary=True)


def cyrillic_slug_of(title: str) -> str:
    """Return what a content system without transliteration makes of a title."""
    words = re.findall(r"[\w]+", title.lower())
    return "-".join(words)[:MAX_SLUG].rsplit("-", 1)[0]


@cache
def own_histories() -> tuple[History, ...]:
    """Load the journal's own articles with what happens to them."""
    found: list[History] = []
    for path in sorted((press_folder() / "articles").glob("*.toml")):
        found += [_history(entry) for entry in tomllib.loads(path.read_text(encoding="utf-8"))["article"]]
    return tuple(found)


def _history(entry: dict[str, Any]) -> History:
    at: datetime = entry["at"].astimezone(ZONE)
    if entry["rubric"] not in RUBRICS:
        raise ValueError(f"{entry['title']}: there is no rubric {entry['rubric']!r}")
    article = PressArticle(
        slug=entry.get("slug") or slug_of(entry["title"]),
        rubric=entry["rubric"],
        at=at,
        title=entry["title"],
        marked=tuple(entry["paragraphs"]),
        tags=tuple(PressTag(*pair) for pair in entry["tags"]),
        author=entry.get("author", ""),
        attribution=entry.get("attribution", ""),
        source=entry.get("source", ""),
        images=tuple(PressImage(image_path(at, name), caption) for name, caption in entry.get("images", ())),
    )
    return History(article, tuple(_event(event) for event in entry.get("events", ())))


def image_path(at: datetime, name: str) -> str:
    """Return where a picture lies."""
    return f"/upload/{at:%Y/%m}/{name}"


def _event(entry: dict[str, Any]) -> Event:
    index_and_text = entry.get("replace")
    return Event(
        at=entry["at"].astimezone(ZONE),
        moved=entry.get("moved", ""),
        title=entry.get("title", ""),
        replaced=(index_and_text[0], index_and_text[1]) if index_and_text else None,
        added=entry.get("add", ""),
        removed=entry.get("removed", 0),
        returned=entry.get("returned", False),
    )
