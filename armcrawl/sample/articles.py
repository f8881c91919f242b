"""The sample portal's articles: one source for the pages and for what must be read on them."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from slugify import slugify

from armcrawl.russian.tags import BACKEND
from armcrawl.sites import PageKey, address_of
from armcrawl.sites.declaration import read_declaration
from armcrawl.sites.known import OWN_FOLDER

if TYPE_CHECKING:
    from datetime import date

# The site that the portal stands in for, whatever else is declared.
SITE = read_declaration(OWN_FOLDER / "armtorg.toml")

# In a wheel the texts are inside the package, in a checkout at the top.
FOLDERS = (Path(__file__).parent / "texts", Path(__file__).parents[2] / "data" / "sample")
LINK = re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)")
LEADS = frozenset({"own", "title", "first", "none"})


@dataclass(frozen=True, slots=True)
class SampleTag:
    """A tag as printed, and in the nominative."""

    printed: str
    name: str

    @property
    def path(self) -> str:
        """Where the tag links to, on the site."""
        return f"/tags/{slugify(self.name, backend=BACKEND)}"

    @property
    def address(self) -> str:
        """The same, absolute."""
        return urljoin(SITE.home, self.path)


@dataclass(frozen=True, slots=True)
class SampleImage:
    """A picture's path on the site, and its caption."""

    path: str
    caption: str


@dataclass(frozen=True, slots=True)
class SampleArticle:
    """An article of the portal; `marked` are its paragraphs with `[text](address)` for links.

    `lead` says what the page prints between date and text: `own` (the first paragraph is a lead of
    its own), `title` or `first` (a repetition of the title or the first paragraph), or `none`. `copy_of` are
    the articles whose text it prints again, and `grade` what it is to them: same, near or excerpt.
    """

    key: PageKey
    day: date
    title: str
    lead: str
    marked: tuple[str, ...]
    attribution: str
    source: str
    tags: tuple[SampleTag, ...]
    author: str
    images: tuple[SampleImage, ...]
    copy_of: tuple[str, ...] = ()
    grade: str = ""

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The paragraphs that must be read, links reduced to their text."""
        return tuple(LINK.sub(r"\1", paragraph) for paragraph in self.marked)

    @property
    def number(self) -> int:
        """The id."""
        return int(self.key.external_id)

    @property
    def path(self) -> str:
        """The page's path on the site."""
        return self.address.removeprefix(SITE.home.rstrip("/"))

    @property
    def address(self) -> str:
        """The page's address on the site."""
        return address_of(self.key)

    @property
    def cut_title(self) -> str:
        """The title as teasers print it a second time."""
        return shorten(self.title, 80)

    @property
    def teaser_lead(self) -> str:
        """The opening words under a teaser, without a full stop."""
        return shorten(self.paragraphs[0], 150, ending="").rstrip(".")


@dataclass(frozen=True, slots=True)
class Sample:
    """The whole portal: articles by key, and ids that are something else."""

    articles: dict[PageKey, SampleArticle]
    without_article: frozenset[PageKey]
    redirected_home: frozenset[PageKey]

    def newest(self, number: int) -> list[SampleArticle]:
        """Return the newest articles of all sections."""
        return sorted(self.articles.values(), key=lambda article: (article.day, article.number), reverse=True)[:number]

    def of_section(self, section: str) -> list[SampleArticle]:
        """Return a section's articles, newest first."""
        chosen = [article for article in self.articles.values() if article.key.section == section]
        return sorted(chosen, key=lambda article: article.number, reverse=True)


def shorten(text: str, length: int, ending: str = "...") -> str:
    """Cut a text at a word's end."""
    return text if len(text) <= length else text[:length].rsplit(" ", 1)[0] + ending


def folder() -> Path:
    """Return where the portal's texts and templates are."""
    found = next((folder for folder in FOLDERS if (folder / "articles").is_dir()), None)
    if found is None:
        raise FileNotFoundError("The sample portal's texts are not installed: install armcrawl again.")
    return found


@cache
def load_sample() -> Sample:
    """Load the portal's articles."""
    articles: dict[PageKey, SampleArticle] = {}
    for path in sorted((folder() / "articles").glob("*.toml")):
        for entry in tomllib.loads(path.read_text(encoding="utf-8"))["article"]:
            article = _article(entry)
            if article.key in articles:
                raise ValueError(f"{path.name}: {article.key} stands twice")
            articles[article.key] = article
    odd = tomllib.loads((folder() / "portal.toml").read_text(encoding="utf-8"))
    return Sample(articles, _keys(odd["without_article"]), _keys(odd["redirected_home"]))


def _keys(numbers: dict[str, list[int]]) -> frozenset[PageKey]:
    return frozenset(PageKey(SITE.name, section, str(number)) for section, ids in numbers.items() for number in ids)


def _article(entry: dict[str, Any]) -> SampleArticle:
    day = entry["date"]
    if entry["lead"] not in LEADS:
        raise ValueError(f"{entry['title']}: there is no lead {entry['lead']!r}")
    return SampleArticle(
        key=PageKey(SITE.name, entry["section"], str(entry["id"])),
        day=day,
        title=entry["title"],
        lead=entry["lead"],
        marked=tuple(entry["paragraphs"]),
        attribution=entry["attribution"],
        source=entry["source"],
        tags=tuple(SampleTag(*pair) for pair in entry["tags"]),
        author=entry.get("author", ""),
        copy_of=tuple(entry.get("copy_of", ())),
        grade=entry.get("grade", ""),
        images=tuple(
            SampleImage(f"/uploads/news-add/{day:%Y-%m}/{day:%d}/{name}", caption)
            for name, caption in entry.get("images", [])
        ),
    )
