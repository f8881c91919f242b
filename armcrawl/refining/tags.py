"""A printed tag gets its name, the key that its spellings share, and a slug."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from slugify import slugify

from armcrawl.russian.tags import tag_key, tag_name

if TYPE_CHECKING:
    from datetime import datetime

    from armcrawl.items import Article, Tag


def normalise_tags(article: Article, fetched_at: datetime) -> Article:
    """Return the article with named tags; a tag that is printed twice is kept once."""
    del fetched_at  # every stage of the chain is given it
    tags: dict[str, Tag] = {}
    for tag in article.tags:
        name, key, slug = _names(tag.printed)
        if key:
            tags.setdefault(key, replace(tag, name=name, key=key, slug=slug))
    notes = ("tags/repeated_or_empty",) if len(tags) < len(article.tags) else ()
    return replace(article, tags=tuple(tags.values())).noting(*notes)


@lru_cache(maxsize=20_000)  # the whole archive has fewer printed forms than that
def _names(printed: str) -> tuple[str, str, str]:
    name = tag_name(printed)
    key = tag_key(name)
    # A tag of signs alone has no slug; its key always has one letter or digit.
    return name, key, slugify(name) or slugify(key) or "tag"
