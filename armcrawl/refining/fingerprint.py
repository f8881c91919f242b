"""Hashes by which a change of an article, and the same text on another page, are seen."""

from __future__ import annotations

import json
from dataclasses import replace
from hashlib import blake2b
from typing import TYPE_CHECKING

from armcrawl.russian.typography import normal_form

if TYPE_CHECKING:
    from armcrawl.items import Article
    from armcrawl.refining.context import Context

# 16 bytes: by the birthday bound a chance collision among a billion articles is below 10^-20.
DIGEST_SIZE = 16


def fingerprint(article: Article, context: Context) -> Article:
    """Return the article with its hashes.

    `content_hash` covers title, date, paragraphs, attribution and printed tags as printed;
    `text_hash` the normal form of title and body.
    """
    del context  # every stage of the chain is given it
    published = article.published.printed if article.published else None
    content = (
        article.title,
        published,
        article.paragraphs,
        article.attribution.line if article.attribution else None,
        [tag.printed for tag in article.tags],
    )
    text = normal_form(article.title) + "\n" + "\n".join(map(normal_form, article.paragraphs))
    return replace(article, content_hash=_digest(json.dumps(content, ensure_ascii=False)), text_hash=_digest(text))


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=DIGEST_SIZE).hexdigest()
