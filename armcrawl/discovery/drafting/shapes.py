"""The form of an address: pages of one kind have addresses of one form, as `/news/{id:int}`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from armcrawl.sites.addresses import path_of
from armcrawl.sites.patterns import NO_SLUG, NUMBER, PAGE_WORDS, WORD
from armcrawl.sites.site import AMP

if TYPE_CHECKING:
    from collections.abc import Sequence

# With zeros before it a number is a word: they stand in the address, and not in a number.
ID = re.compile(NUMBER)
# What a pattern can have for a folder.
FOLDER = re.compile(rf"(?!.*[{{}}*]){WORD}")
YEAR = re.compile(r"(?:19|20)\d\d")
MONTH, DAY = re.compile(r"0?[1-9]|1[0-2]"), re.compile(r"0?[1-9]|[12]\d|3[01]")
# The parts of a date stand in this order; behind each, by the one before it.
NEXT_PART = {"": ("{year}", YEAR), "{year}": ("{month}", MONTH), "{month}": ("{day}", DAY)}
EXTENSION = re.compile(r"\.(?:html?|php|shtml|aspx?|jsp|cfm)$", re.IGNORECASE)
# Pages of a listing, `index2.html` and `page-3.html`.
PAGE_OF_LISTING = re.compile(r"(?:index|page|pages|p)[-_]?\d*|\d+page", re.IGNORECASE)
# What content systems call the number of an article in a query, wherever it stands; a program may call it anything.
ID_NAMES = frozenset(
    {"p", "id", "newsid", "news_id", "nid", "article", "article_id", "aid", "element_id", "item", "post"}
)
PROGRAM = re.compile(r"\.(?:php|aspx?|cgi|jsp)$|^/$", re.IGNORECASE)
# Numbers of a query that tell no article: pages of a listing, days.
NO_ID = re.compile(
    r"page\w*|pg|start|offset|limit|per_page|year|month|day|from|to|cat\w*|tag|sort|utm_\w+", re.IGNORECASE
)
# `id=12:zavod-pustil-tsekh`
NUMBERED_SLUG = re.compile(rf"({NUMBER})(:[\w-]+)?")
# A parameter that says what is shown: `view=article`, `do=news`. Others, as `utm_source`, tell nothing.
KIND_NAMES = frozenset({"option", "view", "do", "mod", "module", "action", "act", "type", "section"})
ID_FIRST, ID_LAST = re.compile(rf"({NUMBER})([-_]).+"), re.compile(rf".*\D([-_])({NUMBER})")
ID_BEHIND = re.compile(rf"([^\W\d]+[-_]?)({NUMBER})")
# Of all members: a few slugs of a hundred begin with a number, «10-let-zavodu», or end with a year.
NEARLY_ALL = 0.9


@dataclass(frozen=True, slots=True)
class Shape:
    """The form of an address: its folders as a pattern has them, and the kind of its last segment.

    `stem` is `{id:int}` or `{slug}`, `extension` what follows it; a final slash does not matter. `query` is the pattern
    of the query where that alone tells the page.
    """

    folders: tuple[str, ...]
    stem: str
    extension: str = ""
    query: str = ""

    @property
    def words(self) -> tuple[str, ...]:
        """The folders that are words, not numbers, parts of a date, or programs (`/index.php/news/1`)."""
        return tuple(one for one in self.folders if not one.startswith("{") and not EXTENSION.search(one))

    @property
    def folder(self) -> str:
        """The path of the folder that all its pages are in."""
        return "/" + "/".join(takewhile(lambda one: not one.startswith("{"), self.folders))

    @property
    def tail(self) -> tuple[bool, str, str, str]:
        """What is left of it without its words: shapes of one tail are made by one rule of the site."""
        fields = "/".join(folder for folder in self.folders if folder.startswith("{"))
        return bool(self.words), fields, self.stem + self.extension, self.query

    @property
    def is_flat(self) -> bool:
        """Whether its pages stand at the root, beside all other kinds of pages."""
        return not self.folders and not self.query and self.stem == "{slug}"

    def text(self, stems: Sequence[str], folders: Sequence[str] = ()) -> str:
        """Return the pattern that takes the pages with these last segments; `folders` are others than its own."""
        if self.query:
            return ("/".join(("", *self.folders)) or "/") + self.extension + self.query
        # A pattern has one number: behind a folder that is one, `/5/6-zavod`, the other is a part of the slug.
        stem = self.stem if self.stem != "{slug}" or "{id:int}" in self.folders else refined(stems)
        return "/".join(("", *(folders or self.folders), stem)) + self.extension


def shape_of(address: str) -> tuple[Shape, str] | None:
    """Return the form of an address and its last segment, or None for one that can be no article's."""
    path = path_of(address)
    if path is None:
        return None
    if (asked := _asked(path, address)) is not None:
        return asked
    *named, last = AMP.sub("", path).strip("/").split("/")
    extension = ((found := EXTENSION.search(last)) and found[0]) or ""
    stem = last.removesuffix(extension) if extension else last
    folders = _folders(named)
    if not stem or folders is None or NO_SLUG.fullmatch(last) or PAGE_OF_LISTING.fullmatch(stem):
        return None
    if any(folder.lower() in PAGE_WORDS or not FOLDER.fullmatch(folder) for folder in (*named, stem)):
        return None
    if stem.isdecimal() and _is_calendar(folders, stem):
        return None
    if ID.fullmatch(stem):
        # `/12/34`: nothing tells which of them is the article's.
        return None if "{id:int}" in folders else (Shape(folders, "{id:int}", extension), stem)
    return Shape(folders, "{slug}", extension), stem


def _is_calendar(folders: Sequence[str], stem: str) -> bool:
    """Tell whether a number behind folders is a year, a month or a day: a page of all that was published then."""
    if not folders:
        return YEAR.fullmatch(stem) is not None
    return (
        ("{month}" in folders or folders[-1] == "{year}") and "{day}" not in folders and DAY.fullmatch(stem) is not None
    )


def _folders(named: Sequence[str]) -> tuple[str, ...] | None:
    """Return folders with numbers and parts of dates as fields; None for more than a pattern can tell apart."""
    found: list[str] = []
    last = ""
    for name in named:
        part, form = NEXT_PART.get(last, ("", YEAR))
        if part and form.fullmatch(name):
            last = part
            found.append(part)
        else:
            if name.isdecimal() and not ID.fullmatch(name):
                return None
            found.append("{id:int}" if name.isdecimal() else name)
    return tuple(found) if found.count("{id:int}") <= 1 else None


def _asked(path: str, address: str) -> tuple[Shape, str] | None:
    """Return the form of an address whose query tells the page, as `/news.php?id=12`."""
    told = parse_qsl(address.partition("#")[0].partition("?")[2])
    is_program = PROGRAM.search(path) is not None
    for name, value in told:
        found = NUMBERED_SLUG.fullmatch(value)
        is_id = name.lower() in ID_NAMES or (is_program and not NO_ID.fullmatch(name))
        if found is None or not is_id or not FOLDER.fullmatch(name):
            continue
        kinds = [one for one in told if one[0].lower() in KIND_NAMES and re.fullmatch(r"\w+", one[1])]
        field = "{id:int}:{slug}" if found[2] else "{id:int}"
        query = "&".join([*(f"{kind}={text}" for kind, text in kinds if kind != name), f"{name}={field}"])
        folders = tuple(part for part in path.split("/") if part)
        if not all(map(FOLDER.fullmatch, folders)):
            return None
        slash = "/" if folders and path.endswith("/") else ""
        return Shape(folders, "{id:int}", slash, f"?{query}"), found[1]
    return None


def refined(stems: Sequence[str]) -> str:
    """Return the pattern of the last segments of one shape: where its numbers stand, if they have any."""
    many = NEARLY_ALL * len(stems)
    for form, number, text in (
        (ID_FIRST, 1, "{{id:int}}{}{{slug}}"),
        (ID_BEHIND, 2, "{}{{id:int}}"),
        (ID_LAST, 2, "{{slug}}{}{{id:int}}"),
    ):
        found = [match for stem in stems if (match := form.fullmatch(stem))]
        beside = {match[3 - number] for match in found}
        if len(stems) > 1 and len(beside) == 1 and len({match[number] for match in found}) >= many:
            return text.format(beside.pop())
    return "{slug}"
