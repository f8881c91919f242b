"""Which groups of addresses are articles: by what feeds, dated headlines and sitemaps show, and by looking at some."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import astuple, dataclass, field
from typing import TYPE_CHECKING
from unicodedata import normalize

from armcrawl.discovery.drafting.shapes import Shape, shape_of
from armcrawl.sites.addresses import path_of

if TYPE_CHECKING:
    from armcrawl.discovery.drafting.looks import FeedSeen, LinkSeen, PageSeen, SitemapSeen

# Folders of articles, whatever they stand below: `/about/news/`.
PRESS = re.compile(
    r"news|novosti|novost|blog|articles?|stat[jyi]+i?|posts?|publi[ck]\w+|press\w*|press-\w+|interv\w+|analiti\w+|новости|"
    r"статьи|блог|публикации",
    re.IGNORECASE,
)
# Folders of what no press calls its articles: lists, people,
# and what every system has.
SERVICE = re.compile(
    r"tags?|topics?|met[ck][aiu]|teg[iy]?|categor(?:y|ies)|kategori[iy]\w*|rubric?s?|taxonomy|authors?|avtor\w*|users?|"
    r"profiles?|members?|staff|team|search|poisk|login|register|cart|upload\w*|wp-\w+|comments?|feeds?|rss|amp|print|"
    r"pages?|stranic\w+|files?|about|o-\w+|contacts?|kontakt\w*|faq|help|метк[аи]|тег[и]?|автор\w*|рубрик[аи]",
    re.IGNORECASE,
)
# Folders of the same pages in another language.
FOREIGN = re.compile(r"en|eng|english|de|fr|cn|zh|es", re.IGNORECASE)
# Folders of pages that look like articles and seldom are: goods, events, vacancies, pictures. A feed tells.
DOUBTFUL = re.compile(
    r"shop|store|catalog(?:ue)?|katalog|products?|tovar\w*|goods|forum\w*|events?|afisha|"
    r"kalendar|calendar|vakansi\w+|vacanc(?:y|ies)|jobs?|compan(?:y|ies|iya|ii)|careers?|karera|kompani[iy]a?|photo\w*|foto\w*|"
    r"galler(?:y|ies)|gallereya|video\w*|docs?|documents?|dokument\w*|services?|uslugi|projects?|proekt\w*|"
    r"partner\w*|otzyv\w*|equipment|oborudovanie",
    re.IGNORECASE,
)
# What sitemaps call their files of articles, and all other files: «posts» is what one system calls all of them.
POSTS = frozenset("post news novosti article articles blog stati statji publications publikacii materials".split())
OTHERS = re.compile(
    r"pages?|categor\w*|tags?|taxonom\w*|authors?|users?|products?|images?|videos?|attachments?|catalog\w*|forum\w*|"
    r"static|misc|shop|rss|archive\w*"
)
# A headline has more words than an entry of a menu.
MIN_HEADLINE_WORDS = 4
# With a day beside it a headline may be short, «Пущена линия»; a rubric has one word.
MIN_DATED_WORDS = 2
# What one page links to by a few words may be an article with a short headline; menus are on all pages.
MIN_PAGES_OF_MENU = 2
# A press has some rubrics, each with a folder; where each article has its own, the likeliest tell as much as all.
MAX_FAMILIES = 60
# Two announcements with days may stand beside any text; three are a list.
MIN_ANNOUNCED = 3


@dataclass(slots=True)
class Family:
    """Addresses of one shape, by path, and what speaks for their being articles.

    `fed`, `dated`, `titled`, `posted` and `mapped` are the paths that feeds, dated headlines, headlines, files of
    articles and other sitemaps show; `menus` and `furniture` tell how many pages link to a path by a few words, and
    how many in their menu; `has_lower` whether there
    are articles with lower numbers than any that is shown, if that was tried. `right` and `wrong` are those that
    were looked at.
    """

    shape: Shape
    stems: dict[str, str] = field(default_factory=dict)
    slashed: set[str] = field(default_factory=set)
    addresses: dict[str, str] = field(default_factory=dict)
    fed: set[str] = field(default_factory=set)
    dated: set[str] = field(default_factory=set)
    titled: set[str] = field(default_factory=set)
    posted: set[str] = field(default_factory=set)
    mapped: set[str] = field(default_factory=set)
    menus: Counter[str] = field(default_factory=Counter)
    furniture: Counter[str] = field(default_factory=Counter)
    has_lower: bool | None = None
    right: set[str] = field(default_factory=set)
    wrong: dict[str, str] = field(default_factory=dict)

    @property
    def shown(self) -> set[str]:
        """The paths that something shows as articles."""
        return self.fed | self.dated | self.posted | self.right

    @property
    def in_menus(self) -> set[str]:
        """The paths that menus of pages link to: of those at the root also what more than one links to by few words."""
        return {
            path
            for path, times in self.menus.items()
            if path not in self.titled | self.shown
            and (self.furniture[path] >= MIN_PAGES_OF_MENU or (self.shape.is_flat and times >= MIN_PAGES_OF_MENU))
        }

    @property
    def is_service(self) -> bool:
        """Whether a folder names what is no article, or seldom one and nothing else says so."""
        words = self.shape.words
        press = max((place for place, word in enumerate(words) if PRESS.fullmatch(word)), default=-1)
        if any(map(SERVICE.fullmatch, words[press + 1 :])) or any(map(FOREIGN.fullmatch, words)):
            return not self.fed
        return not (self.fed or self.posted) and any(map(DOUBTFUL.fullmatch, words[press + 1 :]))

    @property
    def promise(self) -> int:
        """How much speaks for it before it is looked at: a feed and a file of articles most, a headline least.

        A sitemap has all kinds of pages, so that it only decides between those of which nothing else is known.
        """
        if self.is_service:
            return 0
        strong = 3 * len(self.fed) + 3 * len(self.posted) + 2 * len(self.dated)
        return strong + len(self.titled) + (min(len(self.mapped), MIN_ANNOUNCED) if not self.shape.is_flat else 0)


def plain(address: str) -> str:
    """Return what tells an address from others: its path and query, without a final slash."""
    path = normalize("NFC", path_of(address) or "").rstrip("/") or "/"
    query = address.partition("#")[0].partition("?")[2]
    return f"{path}?{query}" if query else path


class Families:
    """All addresses that were seen, by their shape."""

    def __init__(self) -> None:
        self.by_shape: dict[Shape, Family] = {}

    def of(self, address: str) -> tuple[Family, str] | None:
        """Return the family of an address, with its path, which becomes a member; None if it can be no article."""
        found = shape_of(address)
        if found is None:
            return None
        shape, stem = found
        family = self.by_shape.setdefault(shape, Family(shape))
        path = plain(address)
        family.stems[path] = stem
        if (path_of(address) or "").endswith("/"):
            family.slashed.add(path)
        family.addresses.setdefault(path, address)
        return family, path

    def take_page(self, page: PageSeen) -> None:
        """Take what a page links to."""
        dated = [link for link in page.links if link.day is not None and link.words >= MIN_DATED_WORDS]
        is_list = len(dated) >= MIN_ANNOUNCED
        for link in page.links:
            if (found := self.of(link.address)) is None:
                continue
            family, path = found
            is_headline = link.words >= _min_words(link) and not link.is_furniture
            if is_headline:
                family.titled.add(path)
                if is_list and link.day is not None:
                    family.dated.add(path)
            else:
                family.menus[path] += 1
                family.furniture[path] += link.is_furniture

    def take_feed(self, feed: FeedSeen) -> None:
        """Take the entries of a feed."""
        for address in feed.entries:
            if (found := self.of(address)) is not None:
                found[0].fed.add(found[1])

    def take_sitemap(self, sitemap: SitemapSeen) -> None:
        """Take the pages of a sitemap."""
        is_of_posts = holds_articles(sitemap.address)
        for address in sitemap.pages:
            if (found := self.of(address)) is not None:
                (found[0].posted if is_of_posts else found[0].mapped).add(found[1])

    def take_look(self, page: PageSeen, address: str) -> None:
        """Take what a page is that was looked at as an article."""
        if (found := self.of(address)) is not None:
            family, path = found
            if page.outcome == "article" and page.is_dated:
                family.right.add(path)
            else:
                family.wrong[path] = page.outcome if page.outcome != "article" else "no date"

    def by_promise(self) -> list[Family]:
        """Return the families of which something is shown, the likeliest first."""
        found = [family for family in self.by_shape.values() if family.promise]
        return sorted(found, key=lambda one: (-one.promise, astuple(one.shape)))[:MAX_FAMILIES]

    def articles(self) -> list[Family]:
        """Return the families that are articles, the largest first."""
        sure = [family for family in self.by_promise() if _is_right(family)]
        more = [
            family
            for family in self.by_promise()
            if family not in sure and any(_is_sibling(family, right) for right in sure if right.right)
        ]
        return sorted(sure + more, key=lambda one: -len(one.shown | one.mapped))


def _min_words(link: LinkSeen) -> int:
    return MIN_HEADLINE_WORDS if link.day is None else MIN_DATED_WORDS


def holds_articles(address: str) -> bool:
    """Tell whether a file of a sitemap is one of articles alone, by its name."""
    words = _words(address)
    return bool(words & POSTS) or ("posts" in words and not is_of_others(address))


def is_of_others(address: str) -> bool:
    """Tell whether a file of a sitemap has no articles, by its name."""
    words = _words(address)
    return not words & POSTS and any(OTHERS.fullmatch(word) for word in words)


def _words(address: str) -> set[str]:
    return set(re.findall(r"[^\W\d_]+", (path_of(address) or "").lower()))


def _is_right(family: Family) -> bool:
    """Tell whether a family reads as articles; one that was not looked at is in a feed."""
    if family.right:
        return len(family.right) >= len(family.wrong)
    return bool(family.fed) and not family.wrong


def _is_sibling(family: Family, right: Family) -> bool:
    """Tell whether a family that was not looked at is made as one that is right, in another folder."""
    if family.right or family.wrong or family.is_service or not family.shape.words:
        return False
    is_below_one = len(family.shape.words) > 1 and family.shape.words[:-1] == right.shape.words[:-1]
    has_id = bool(family.titled) and "{id:int}" in right.shape.text(list(right.stems.values()))
    is_shown = bool(family.fed or family.dated or family.posted or len(family.titled) > 1 or is_below_one or has_id)
    return family.shape.tail == right.shape.tail and is_shown
