"""A newsroom that works while nobody crawls: it publishes, edits, takes down, and gives out ids before it publishes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from typing import TYPE_CHECKING

from aiohttp import web

from armcrawl.sample.articles import Sample, SampleArticle, load_sample
from armcrawl.sample.portal import Portal
from armcrawl.sites import PageKey

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

# Days between an id and its article: most appear at once, some drafts wait, some are never published.
WAITS: Sequence[int | None] = (0, 0, 0, 0, 0, 1, 1, 2, 3, 6, 12, None)
IDS_A_DAY = (2, 5)
EDITED, DELETED, RESTORED = 0.08, 0.03, 0.2
EDITED_FOR_DAYS = 21


@dataclass
class Newsroom:
    """What is visible at the moment, and what is to come."""

    random: Random
    day: date
    visible: dict[int, SampleArticle] = field(default_factory=dict)
    drafts: dict[int, date] = field(default_factory=dict)
    deleted: dict[int, SampleArticle] = field(default_factory=dict)
    changed_on: dict[int, date] = field(default_factory=dict)
    last_id: int = 0

    def __post_init__(self) -> None:
        self.stock = [article for article in load_sample().articles.values() if article.key.section == "news"]

    def work(self) -> None:
        """Live through one more day."""
        self.day += timedelta(days=1)
        for _ in range(self.random.randint(*IDS_A_DAY)):
            self.last_id += 1
            wait = self.random.choice(WAITS)
            if wait is not None:
                self.drafts[self.last_id] = self.day + timedelta(days=wait)
        for number in [number for number, day in self.drafts.items() if day <= self.day]:
            del self.drafts[number]
            self._show(number, self._written(number))
        for number, article in list(self.visible.items()):
            is_young = (self.day - article.day).days < EDITED_FOR_DAYS
            if is_young and self.random.random() < EDITED:
                about = f"{self.day.day} числа к записи {number}"
                news = f"Дополнено {about}: редакция уточнила сведения, прежние слова оставлены."
                self._show(number, replace(article, marked=(*article.marked, news)))
            elif self.random.random() < DELETED:
                self.deleted[number] = self.visible.pop(number)
        for number in list(self.deleted):
            if self.random.random() < RESTORED:
                self._show(number, self.deleted.pop(number))

    def _show(self, number: int, article: SampleArticle) -> None:
        self.visible[number] = article
        self.changed_on[number] = self.day

    def _written(self, number: int) -> SampleArticle:
        text = self.stock[number % len(self.stock)]
        key = PageKey("armtorg", "news", str(number))
        # No two articles share a paragraph: a run's checks would take it for a part of the page.
        marked = tuple(f"{paragraph} Запись {number}." for paragraph in text.marked)
        return replace(text, key=key, day=self.day, title=f"{text.title} ({number})", marked=marked)

    def last_modified(self, number: int) -> datetime | None:
        """Return when an article was changed; every other page of the site does not say."""
        if number % 2 or number not in self.visible:
            return None
        return datetime.combine(self.changed_on[number], time(12), UTC)


class Front:
    """The newsroom's web server, with conditional requests."""

    def __init__(self, newsroom: Newsroom) -> None:
        self.newsroom = newsroom
        self.portal = Portal("bootstrap")
        self.asked: list[str] = []
        self.unmodified = 0

    async def handle(self, request: web.Request) -> web.Response:
        """Answer as the site looks today."""
        self.asked.append(request.path)
        newsroom = self.newsroom
        articles = {article.key: article for article in newsroom.visible.values()}
        self.portal.sample = Sample(articles, frozenset(), frozenset())
        answer = self.portal.respond(request.raw_path, newsroom.day)
        headers = {"Content-Type": answer.content_type}
        number = request.path.removeprefix("/news/").rstrip("/")
        modified = newsroom.last_modified(int(number)) if number.isdecimal() else None
        if modified is not None:
            headers["Last-Modified"] = format_datetime(modified, usegmt=True)
            since = request.headers.get("If-Modified-Since")
            if since and parsedate_to_datetime(since) >= modified:
                self.unmodified += 1
                return web.Response(status=304, headers=headers)
        return web.Response(status=answer.status, body=answer.body, headers=headers)
