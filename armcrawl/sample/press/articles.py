"""Articles of the press portal, and what happens to them after they appeared."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote
from zoneinfo import ZoneInfo

from slugify import slugify

from armcrawl.russian.tags import BACKEND
from armcrawl.sample.articles import LINK
from armcrawl.sites import PageKey
from armcrawl.sites.addresses import SAFE
from armcrawl.sites.declaration import read_declaration

if TYPE_CHECKING:
    from datetime import date, datetime

# A folder that `ARMCRAWL_SITES` may name.
DECLARATION = Path(__file__).parent / "press.toml"
SITE = read_declaration(DECLARATION)
SECTION = SITE.sections[0].name
ZONE = ZoneInfo(SITE.zone)
RUBRICS = {
    "zavody": "Заводы",
    "tehnologii": "Технологии",
    "vystavki": "Выставки",
    "intervyu": "Интервью",
    "rynok": "Рынок",
    "standarty": "Стандарты",
}


@lru_cache(maxsize=4096)  # tags and authors stand on every page
def transliterated(name: str) -> str:
    """Return what a name's page is called."""
    return slugify(name, backend=BACKEND)


@dataclass(frozen=True, slots=True)
class PressTag:
    """A tag as printed, and in the nominative."""

    printed: str
    name: str

    @property
    def slug(self) -> str:
        """What its page is called."""
        return transliterated(self.name)

    @property
    def path(self) -> str:
        """Where it links to."""
        return f"/tag/{self.slug}/"


@dataclass(frozen=True, slots=True)
class PressImage:
    """A picture's path on the site, and its caption."""

    path: str
    caption: str


@dataclass(frozen=True)
class PressArticle:
    """An article as it stands; `marked` are its paragraphs with `[text](address)` for links.

    `copy_of` is the article of the first portal whose text it prints again, and `grade` what it is to that one.
    """

    slug: str
    rubric: str
    at: datetime
    title: str
    marked: tuple[str, ...]
    tags: tuple[PressTag, ...] = ()
    author: str = ""
    attribution: str = ""
    source: str = ""
    images: tuple[PressImage, ...] = ()
    copy_of: tuple[str, ...] = ()
    grade: str = ""

    @property
    def key(self) -> PageKey:
        """Its identity, wherever it moves."""
        return PageKey(SITE.name, SECTION, self.slug)

    @property
    def day(self) -> date:
        """The day that is printed on it."""
        return self.at.date()

    @property
    def path(self) -> str:
        """Its path, not encoded."""
        return f"/{self.rubric}/{self.slug}/"

    @property
    def encoded_path(self) -> str:
        """Its path as it stands on the wire."""
        return quote(self.path, safe=SAFE)

    @property
    def address(self) -> str:
        """Its address on the site."""
        return SITE.home.rstrip("/") + self.encoded_path

    @cached_property
    def paragraphs(self) -> tuple[str, ...]:
        """The paragraphs that must be read, links reduced to their text."""
        return tuple(LINK.sub(r"\1", paragraph) for paragraph in self.marked)

    @property
    def author_path(self) -> str:
        """Where its author's articles are listed."""
        return f"/avtor/{transliterated(self.author)}/"


@dataclass(frozen=True, slots=True)
class Event:
    """What happens to an article at a moment: one of these.

    `moved` to another rubric, another `title`, a paragraph `replaced` or `added`, `removed` with a status, `returned`.
    """

    at: datetime
    moved: str = ""
    title: str = ""
    replaced: tuple[int, str] | None = None
    added: str = ""
    removed: int = 0
    returned: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """An article at a moment: as it stands, the status of its page, when it last changed, and where it was before."""

    article: PressArticle
    status: int
    changed_at: datetime
    former_paths: tuple[str, ...] = ()

    @property
    def is_shown(self) -> bool:
        """Whether its page is there."""
        return self.status == 200


@dataclass(frozen=True, slots=True)
class History:
    """An article as it appeared, and its events, the earliest first."""

    article: PressArticle
    events: tuple[Event, ...] = ()

    @property
    def moments(self) -> tuple[datetime, ...]:
        """When something happened."""
        return (self.article.at, *(event.at for event in self.events))

    def at(self, moment: datetime) -> Standing | None:
        """Return how the article stands at a moment; None before it appeared."""
        if moment < self.article.at:
            return None
        standing = Standing(self.article, 200, self.article.at)
        for event in self.events:
            if event.at <= moment:
                standing = _after(standing, event)
        return standing


def _after(before: Standing, event: Event) -> Standing:
    article, status, former = before.article, before.status, before.former_paths
    if event.moved:
        former = tuple(path for path in (*former, article.path) if path != f"/{event.moved}/{article.slug}/")
        article = replace(article, rubric=event.moved)
    if event.title:
        article = replace(article, title=event.title)
    if event.replaced is not None:
        index, text = event.replaced
        article = replace(article, marked=(*article.marked[:index], text, *article.marked[index + 1 :]))
    if event.added:
        article = replace(article, marked=(*article.marked, event.added))
    if event.removed:
        status = event.removed
    if event.returned:
        status = 200
    return Standing(article, status, event.at, former)
