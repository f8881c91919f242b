"""Tags: each printed tag gets its name in the nominative, the key that all its forms share, and a slug."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from armcrawl.russian.tags import DOUBTFUL, canonical_tag

if TYPE_CHECKING:
    from armcrawl.items import Article, Tag
    from armcrawl.refining.context import Context


def retag(printed: str, address: str | None) -> Tag:
    """Return the canonical tag for a printed text, with the address that it links to."""
    return replace(canonical_tag(printed), address=address)


def normalise_tags(article: Article, context: Context) -> Article:
    """Return the article with canonical tags, each once; repeated, empty and doubtful ones are noted."""
    del context  # all stages have the same parameters
    tags: dict[str, Tag] = {}
    for printed in article.tags:
        tag = retag(printed.printed, printed.address)
        if tag.key:
            tags.setdefault(tag.key, tag)
    notes = ["tags/repeated_or_empty"] if len(tags) < len(article.tags) else []
    notes += ["tags/doubtful" for tag in tags.values() if tag.confidence < DOUBTFUL]
    return replace(article, tags=tuple(tags.values()), notes=(*article.notes, *notes))
