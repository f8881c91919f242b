"""A feed may have the whole text of an article: a second witness of what was read on its page."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from armcrawl.fingerprints.shingles import runs, words_of

if TYPE_CHECKING:
    from armcrawl.items import Article

# Of a feed's text: what editors put below it, an attribution, a credit, a call to subscribe, is less than a tenth.
MAX_MISSING = 0.1
# Of the four-word runs of a line: a link or a quotation mark less makes some of them others.
MIN_SHARED = 0.6


def compare_with_feed(article: Article, text: str) -> Article:
    """Return the article with the feed's text as a witness of its body; what is missing in the body is noted."""
    found = article.evidence.get("body")
    if found is None:
        return article
    attribution = article.attribution.line if article.attribution is not None else ""
    captions = [image.caption or "" for image in article.images]
    tags = " ".join(tag.printed for tag in article.tags)
    read = (article.title, article.lead or "", *article.paragraphs, attribution, *captions, tags)
    known = {run for part in read for run in runs(words_of(part))}
    lines = text.split("\n")
    missing = sum(len(line) for line in lines if not _is_in(line, known))
    agrees = missing <= MAX_MISSING * sum(map(len, lines))
    evidence = {**article.evidence, "body": replace(found, witness="feed", agrees=agrees)}
    return replace(article, evidence=evidence).noting(*([] if agrees else ["body/feed_has_more"]))


def _is_in(line: str, known: set[tuple[str, ...]]) -> bool:
    found = runs(words_of(line))
    return not found or sum(run in known for run in found) >= MIN_SHARED * len(found)
