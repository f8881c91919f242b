"""All that the journal ever published, and what it shows at a moment."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from armcrawl.sample.press.articles import ZONE, History, PressArticle, PressTag, Standing
from armcrawl.sample.press.generator import histories_of
from armcrawl.sample.press.own import own_histories
from armcrawl.sample.press.reprints import reprint_histories

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

Group = TypeVar("Group")

# From here on days have generated articles as well, unless it is said otherwise.
DAILY_SINCE = date(2026, 1, 1)
# A run asks for the present, and a test compares with a moment before.
MAX_EDITIONS = 4
TAGS_IN_CLOUD, POPULAR, OF_POPULAR = 12, 5, 60


@dataclass(frozen=True)
class Edition:
    """What the journal shows between two changes."""

    standings: dict[str, Standing]
    changed_at: datetime

    @cached_property
    def articles(self) -> list[PressArticle]:
        """The articles that are shown, the newest first."""
        shown = [standing.article for standing in self.standings.values() if standing.is_shown]
        return sorted(shown, key=lambda article: (article.at, article.slug), reverse=True)

    @cached_property
    def rubrics(self) -> dict[str, list[PressArticle]]:
        """The same by rubric."""
        return _grouped((article.rubric, article) for article in self.articles)

    @cached_property
    def tags(self) -> dict[str, list[PressArticle]]:
        """The same by a tag's slug."""
        return _grouped((slug, article) for article in self.articles for slug in _slugs(article))

    @cached_property
    def authors(self) -> dict[str, list[PressArticle]]:
        """The same by the path of an author's page."""
        return _grouped((article.author_path, article) for article in self.articles if article.author)

    @cached_property
    def months(self) -> dict[tuple[int, int], list[PressArticle]]:
        """The same by year and month."""
        return _grouped(((article.at.year, article.at.month), article) for article in self.articles)

    @cached_property
    def tag_names(self) -> dict[str, PressTag]:
        """The tags by slug."""
        return {tag.slug: tag for article in self.articles for tag in article.tags}

    @cached_property
    def common_tags(self) -> list[PressTag]:
        """The tags of most articles, as a cloud shows them."""
        slugs = sorted(self.tags, key=lambda slug: (-len(self.tags[slug]), slug))[:TAGS_IN_CLOUD]
        return [self.tag_names[slug] for slug in slugs]

    @cached_property
    def popular(self) -> list[PressArticle]:
        """Some of the newest, in an order of their own."""
        return sorted(self.articles[:OF_POPULAR], key=lambda article: article.slug[::-1])[:POPULAR]

    def changed(self, article: PressArticle) -> datetime:
        """Return when an article last changed."""
        return self.standings[article.slug].changed_at


@dataclass
class Chronicle:
    """All histories up to the day that was last asked for; days before `since` have no generated articles."""

    since: date = DAILY_SINCE
    histories: dict[str, History] = field(default_factory=dict)
    moments: list[datetime] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._editions: dict[int, Edition] = {}
        self._written_to = self.since - timedelta(days=1)
        self._add(own_histories())
        self._add(reprint_histories())
        self.moments.sort()

    def at(self, moment: datetime) -> Edition:
        """Return what is shown at a moment."""
        self._write_to(moment.astimezone(ZONE).date())
        number = bisect_right(self.moments, moment)
        if number not in self._editions:
            if len(self._editions) >= MAX_EDITIONS:
                del self._editions[next(iter(self._editions))]
            self._editions[number] = self._edition(moment, number)
        return self._editions[number]

    def _edition(self, moment: datetime, number: int) -> Edition:
        found = {slug: history.at(moment) for slug, history in self.histories.items()}
        changed_at = self.moments[number - 1] if number else moment
        return Edition({slug: standing for slug, standing in found.items() if standing is not None}, changed_at)

    def _write_to(self, day: date) -> None:
        if day <= self._written_to:
            return
        while self._written_to < day:
            self._written_to += timedelta(days=1)
            self._add(histories_of(self._written_to))
        self.moments.sort()
        self._editions.clear()

    def _add(self, histories: Iterable[History]) -> None:
        for history in histories:
            slug, article = history.article.slug, history.article
            # As a content system does with a second article of the same title.
            number = 2
            while slug in self.histories:
                slug, number = f"{article.slug}-{number}", number + 1
            named = history if slug == article.slug else replace(history, article=replace(article, slug=slug))
            self.histories[slug] = named
            self.moments += named.moments


def _grouped(pairs: Iterable[tuple[Group, PressArticle]]) -> dict[Group, list[PressArticle]]:
    found: defaultdict[Group, list[PressArticle]] = defaultdict(list)
    for group, article in pairs:
        found[group].append(article)
    return dict(found)


def _slugs(article: PressArticle) -> list[str]:
    return list(dict.fromkeys(tag.slug for tag in article.tags))
