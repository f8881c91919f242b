"""Hashes that show whether an article changed, and whether another page has the same text."""

from __future__ import annotations

import json
from dataclasses import replace
from hashlib import blake2b
from typing import TYPE_CHECKING

from armcrawl.items import Article
from armcrawl.russian.typography import normal_form

if TYPE_CHECKING:
    from armcrawl.refining.context import Context

# Bytes: the chance that any two of a billion articles share such a hash is below 10^-20.
DIGEST_SIZE = 16
# Fields that are not in `document_hash`: those of the page, those about how others were found, and the hashes.
NOT_OF_DOCUMENT = frozenset(
    {"section", "external_id", "rates", "evidence", "notes", "content_hash", "document_hash", "text_hash"}
)
OF_DOCUMENT = [name for name in Article.__match_args__ if name not in NOT_OF_DOCUMENT]
# Made once: `json.dumps` would make one for each article.
ENCODER = json.JSONEncoder(ensure_ascii=False)


def fingerprint(article: Article, context: Context) -> Article:
    """Return the article with its hashes, each 32 hexadecimal digits.

    `content_hash` covers title, date, paragraphs, attribution and tags as printed; `document_hash` all fields of the
    article that are not empty, so that a field added later changes it only for articles that have it; `text_hash` the
    normal form of title and body.
    """
    del context  # all stages have the same parameters
    published = article.published.printed if article.published else None
    content = (
        article.title,
        published,
        article.paragraphs,
        article.attribution.line if article.attribution else None,
        [tag.printed for tag in article.tags],
    )
    text = normal_form(article.title) + "\n" + "\n".join(map(normal_form, article.paragraphs))
    filled = [(name, value) for name in OF_DOCUMENT if (value := getattr(article, name))]
    return replace(
        article,
        content_hash=_digest(ENCODER.encode(content)),
        document_hash=_digest(repr(filled)),
        text_hash=_digest(text),
    )


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=DIGEST_SIZE).hexdigest()
