"""What must be known of the journal at a moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from armcrawl.items import Outcome

if TYPE_CHECKING:
    from datetime import date, datetime

    from armcrawl.sample.press.articles import PressArticle, Standing
    from armcrawl.sites import PageKey

OUTCOMES = {200: Outcome.STORED, 404: Outcome.MISSING, 410: Outcome.GONE}


@dataclass(frozen=True, slots=True)
class PressTruth:
    """An article that was published by then, as it stands or last stood; `outcome` is what its page answers.

    `former_addresses` lead to it as well. What was published and removed while nobody looked cannot be known:
    `appeared_at` and `changed_at` tell when.
    """

    key: PageKey
    address: str
    outcome: Outcome
    title: str
    day: date
    paragraphs: tuple[str, ...]
    tags: tuple[tuple[str, str], ...]
    author: str
    attribution: str
    source: str
    images: tuple[tuple[str, str], ...]
    rubric: str
    copy_of: tuple[str, ...]
    grade: str
    appeared_at: datetime
    changed_at: datetime
    former_addresses: tuple[str, ...]


def truth_of(standing: Standing, home: str) -> PressTruth:
    """Return what must be known of an article; `home` is the site's, without a last slash."""
    article: PressArticle = standing.article
    return PressTruth(
        key=article.key,
        address=article.address,
        outcome=OUTCOMES[standing.status],
        title=article.title,
        day=article.day,
        paragraphs=article.paragraphs,
        tags=tuple((tag.printed, tag.name) for tag in article.tags),
        author=article.author,
        attribution=article.attribution,
        source=article.source,
        images=tuple((home + image.path, image.caption) for image in article.images),
        rubric=article.rubric,
        copy_of=article.copy_of,
        grade=article.grade,
        appeared_at=article.at,
        changed_at=standing.changed_at,
        former_addresses=tuple(home + path for path in standing.former_paths),
    )
