"""A journal of bulletins, tenders, congratulations, follow-ups and copies, over real HTTP: it changes every night.

The texts are pairs of `tests/quality/corpora`, of which it is known whether they are copies. Some articles appear with
another text first, as a note to come or as a copy of another, some are taken down, and copies, follow-ups and further
bulletins come in later nights.
"""

from __future__ import annotations

from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from html import escape
from random import Random
from typing import TYPE_CHECKING

from aiohttp import web

from armcrawl.sample.server import serving_handler
from armcrawl.store.base.graph import connected_components
from tests.quality.corpus import load

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from tests.quality.corpus import Entry

SITE = "series"
DECLARATION = f"""\
name = "{SITE}"
hosts = ["series.example"]
zone = "Europe/Moscow"
own_names = ["Вестник серий"]
delay = 2

[[sections]]
name = "news"
title = "Новости"
listing = "/news/"
addresses = ["/news/{{id:int}}"]

# That series share paragraphs, and that some days bring nothing new, is what this journal is for.
[unjudged]
crawl = ["a paragraph of other pages", "dated on the day of the fetch"]
backfill = ["a paragraph of other pages", "dated on the day of the fetch"]
"""
FIRST_DAY = date(2026, 3, 2)
# In each of them something new appears.
NIGHTS = 3
TO_COME = "Скоро на сайте\n\nРедакция готовит заметку, загляните позже."
# Of so many articles one each has another text at first, or is taken down.
STEP_OF_FIRST, STEP_OF_GONE = 7, 9
LISTED = 20
PAGE = """<!DOCTYPE html><html lang="ru"><head><meta charset="utf-8"><title>{title}</title></head><body>
<header><a href="/">Вестник серий</a> <a href="/news/">Новости</a></header><main>{main}</main></body></html>"""


def pairs() -> list[Entry]:
    """Return pairs of texts of which no two are copies but those of one pair that are called so.

    Of the templates that are filled with names some pairs each: the same few names are in more than one of the others.
    """
    entries = load("copies", "before")
    bulletins_copied = [entry for place, entry in enumerate(entries[150:190]) if place % 20 < 10]
    return [*entries[:110], *bulletins_copied, *entries[190:]]


@dataclass(frozen=True, slots=True)
class Printed:
    """An article: the night in which it appears, its text then and in all later nights, and when it is taken down."""

    night: int
    first: str
    text: str
    gone_in: int | None = None

    @property
    def day(self) -> date:
        """The day that it prints."""
        return FIRST_DAY + timedelta(days=self.night)

    def at(self, night: int) -> str | None:
        """Return what it shows in a night; None if there is no such page yet."""
        if night < self.night:
            return None
        return self.first if night == self.night else self.text


@dataclass
class Series:
    """The journal in a night, and what it has shown of each article last."""

    entries: Sequence[Entry]
    night: int = 1
    shown: dict[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.copies = {frozenset((entry["a"], entry["b"])) for entry in self.entries if entry["label"] == "copy"}
        random = Random(len(self.entries))  # noqa: S311 - a test must repeat itself
        coming = [(random.randint(1, NIGHTS), entry[side]) for entry in self.entries for side in "ab"]
        texts = sorted(coming, key=lambda one: one[0])
        self.printed = {
            number: Printed(
                night,
                self._first(number, text, texts[number - 2][1]),
                text,
                night + 1 if number % STEP_OF_GONE == 0 else None,
            )
            for number, (night, text) in enumerate(texts, 1)
        }

    @staticmethod
    def _first(number: int, text: str, other: str) -> str:
        """Return what an article shows in its first night."""
        return {1: TO_COME, 2: other}.get(number % STEP_OF_FIRST, text)

    @property
    def moment(self) -> datetime:
        """When this night's crawl begins."""
        return datetime.combine(FIRST_DAY + timedelta(days=self.night), time(20), UTC)

    @property
    def newest(self) -> int:
        """The newest article that is there."""
        return max(number for number, one in self.printed.items() if one.night <= self.night)

    def clusters(self) -> set[frozenset[str]]:
        """Return the clusters of all that was shown, by the texts that were shown last."""
        having: dict[str, list[int]] = defaultdict(list)
        for number, text in self.shown.items():
            having[text].append(number)
        edges = [(numbers[0], number) for numbers in having.values() for number in numbers]
        edges += [(having[one][0], having[other][0]) for one, other in self.copies if {one, other} <= having.keys()]
        pieces = connected_components(sorted(self.shown), edges)
        return {frozenset(map(key_of, piece)) for piece in pieces if len(piece) > 1}

    async def handle(self, request: web.Request) -> web.Response:
        """Answer a request in this night."""
        name = request.path.rstrip("/").removeprefix("/news/")
        if request.path in {"/", "/news/"}:
            newest = range(self.newest, max(0, self.newest - LISTED), -1)
            links = "".join(f'<li><a href="/news/{number}">Заметка {number}</a></li>' for number in newest)
            return _page("Вестник серий", f"<ul>{links}</ul>")
        one = self.printed.get(int(name)) if name.isdecimal() else None
        text = one.at(self.night) if one is not None else None
        if one is None or text is None:
            return _page("Страницы нет", "<h1>Страницы нет</h1>", 404)
        if one.gone_in is not None and one.gone_in <= self.night:
            return _page("Снято", "<h1>Заметка снята</h1>", 410 if int(name) % 2 else 404)
        self.shown[int(name)] = text
        title, *paragraphs = map(escape, text.split("\n\n"))
        body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
        day = f'<time datetime="{one.day}">{one.day:%d.%m.%Y}</time>'
        return _page(title, f'<article><h1>{title}</h1>{day}<div class="text">{body}</div></article>')


def key_of(number: int) -> str:
    """Return the key of an article."""
    return f"{SITE}/news/{number}"


def _page(title: str, main: str, status: int = 200) -> web.Response:
    return web.Response(text=PAGE.format(title=title, main=main), content_type="text/html", status=status)


@contextmanager
def serving_series(series: Series, folder: Path) -> Iterator[str]:
    """Serve the journal, declare it in a folder, and yield its address."""
    (folder / f"{SITE}.toml").write_text(DECLARATION, encoding="utf-8")
    with serving_handler(series.handle) as url:
        yield url
