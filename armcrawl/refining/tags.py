"""A printed tag gets its name in the nominative, the key that its forms share, and a slug."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from armcrawl.russian.tags import DOUBTFUL, canonical_tag

if TYPE_CHECKING:
    from armcrawl.items import Article, Tag
    from armcrawl.refining.context import Context


def retag(printed: str, address: str | None) -> Tag:
    """Return a tag as it is printed and linked, with its canonical name."""
    return replace(canonical_tag(printed), address=address)


def normalise_tags(article: Article, context: Context) -> Article:
    """Return the article with named tags; a tag that is printed twice is kept once."""
    del context  # every stage of the chain is given it
    tags: dict[str, Tag] = {}
    for printed in article.tags:
        tag = retag(printed.printed, printed.address)
        if tag.key:
            tags.setdefault(tag.key, tag)
    notes = ["tags/repeated_or_empty"] if len(tags) < len(article.tags) else []
    notes += ["tags/doubtful" for tag in tags.values() if tag.confidence < DOUBTFUL]
    return replace(article, tags=tuple(tags.values())).noting(*notes)
