"""Generated articles: paragraphs of the sample in ever new order, with codes of their own, so that none is a copy."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

from armcrawl.items import Article, Outcome, Page, Tag
from armcrawl.refining.chain import refine
from armcrawl.sample.articles import load_sample
from armcrawl.sample.portal import printed_day
from armcrawl.sites import PageKey, address_of

if TYPE_CHECKING:
    from collections.abc import Iterator

FETCHED_AT = datetime(2026, 11, 23, 7, tzinfo=UTC)
FIRST_DAY, DAYS = date(2013, 1, 1), 5_000
PARAGRAPHS = 5


def generated(number: int, seed: int = 1) -> Iterator[Page]:
    """Yield so many pages with refined articles; the same ones for the same seed."""
    random = Random(seed)  # noqa: S311 - a benchmark must repeat itself
    sample = list(load_sample().articles.values())
    paragraphs = [text for article in sample for text in article.paragraphs]
    tags = sorted({(tag.printed, tag.address) for article in sample for tag in article.tags})
    for external_id in range(1, number + 1):
        day = FIRST_DAY + timedelta(days=external_id * DAYS // number)
        article = Article(
            title=f"{of_its_own(random.choice(sample).title, random)} (ТУ {external_id}-{seed})",
            paragraphs=tuple(of_its_own(text, random) for text in random.sample(paragraphs, PARAGRAPHS)),
            date_text=printed_day(day),
            tags=tuple(Tag(*tag) for tag in random.sample(tags, 3)),
        )
        yield page_of(external_id, refine(article, FETCHED_AT).article)


def page_of(external_id: int, refined: Article) -> Page:
    """Return the page that shows an article."""
    key = PageKey("armtorg", "news", str(external_id))
    return Page(
        key, address_of(key), FETCHED_AT, Outcome.STORED, article=refined, http_status=200, digest=refined.content_hash
    )


def of_its_own(text: str, random: Random) -> str:
    """Return a paragraph with a code in place of every fourth word, so that no run of four words is another's."""
    words = text.split()
    words[3::4] = [f"{random.randrange(10**6)}" for _ in words[3::4]]
    return " ".join(words)
