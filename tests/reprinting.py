"""The two sample portals over real HTTP, of which the second prints texts of the first: both change every night."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from aiohttp import web

from armcrawl.sample.articles import SITE, Sample, load_sample
from armcrawl.sample.portal import Portal
from armcrawl.sample.press.articles import SITE as PRESS
from armcrawl.sample.press.articles import ZONE
from armcrawl.sample.press.chronicle import Chronicle
from armcrawl.sample.press.portal import PressPortal
from armcrawl.sample.press.reprints import reprint_histories
from armcrawl.sample.server import serving_handler, serving_press
from armcrawl.store.base.graph import connected_components
from tests.clock import Shifted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from armcrawl.sample.articles import SampleArticle
    from armcrawl.sample.press.truth import PressTruth
    from armcrawl.sites import PageKey

# Behind the days of all articles of the first portal.
FIRST = datetime(2026, 11, 19, 12, tzinfo=ZONE)
# From here on the journal has daily articles as well.
SINCE = date(2026, 11, 10)
NIGHT = timedelta(days=4)
JOINING = ("same", "near")
# Of so many articles of the first portal one each is longer in the second night, another one, taken down, or new.
STEP_OF_LONGER, STEP_OF_OTHER, STEP_OF_GONE, STEP_OF_NEW = 5, 6, 7, 8
# Of so many articles that are no copies one lends its text to another one, and is not published itself.
STEP_OF_LENT = 20


class Reprinting:
    """Both portals in a night, and what the first has shown of each article last.

    Of articles that no other one prints again, only each `step`-th is published.
    """

    def __init__(self, step: int) -> None:
        articles = load_sample().articles
        copied = {key for one in articles.values() for key in one.copy_of} | _reprinted()
        related = {key for key, one in articles.items() if one.copy_of or str(key) in copied}
        alone = [key for key in articles if key not in related]
        lent = alone[::STEP_OF_LENT]
        self.texts = [articles[key] for key in lent]
        self.related = sorted(related)
        published = related.union(alone[::step]).difference(lent)
        self.articles = {key: one for key, one in articles.items() if key in published}
        self.portal = Portal("bootstrap", Sample(self.articles, frozenset(), frozenset()))
        self.journal = PressPortal("static", Chronicle(SINCE))
        self.clock = Shifted(FIRST)
        self.night = 0
        self.looks: list[datetime] = []
        self.shown: dict[PageKey, SampleArticle] = {}
        self.urls: dict[str, str] = {}

    def begin(self, night: int) -> str:
        """Have a night begin, and return by how many seconds the clocks are ahead then."""
        self.night, self.clock = night, Shifted(FIRST + night * NIGHT)
        return self.clock.ahead

    def now(self) -> datetime:
        """Return the portals' time."""
        return self.clock()

    def look(self) -> None:
        """Note that all of the journal is read in this night."""
        self.looks.append(self.now())

    @property
    def changed(self) -> list[str]:
        """The keys of articles of the first portal that the second night shows otherwise than the first."""
        return [str(key) for key in self.articles if self.article(key, 0) not in (None, self.article(key, 1))]

    def article(self, key: PageKey, night: int) -> SampleArticle | None:
        """Return what the first portal has under a key in a night."""
        one = self.articles.get(key)
        if one is None or key not in self.related:
            return one
        place = self.related.index(key)
        if night == 0:
            return None if place % STEP_OF_NEW == 0 else one
        if place % STEP_OF_GONE == 0:
            return None
        if place % STEP_OF_OTHER == 0:
            text = self.texts[place // STEP_OF_OTHER]
            return replace(one, title=text.title, marked=text.marked, images=(), copy_of=(), grade="")
        if place % STEP_OF_LONGER == 0:
            return replace(one, marked=(*one.marked, f"Дополнено: к записи {one.number} редакция вернётся."))
        return one

    def clusters(self) -> set[frozenset[str]]:
        """Return the clusters of all that was shown, as it was shown last."""
        rewritten = {str(key) for key, one in self.shown.items() if one.title != self.articles[key].title}
        there = self.keys().difference(rewritten)
        told: dict[PageKey, SampleArticle | PressTruth] = {**self.shown, **self.journal.seen(self.looks)}
        edges = [
            (original, str(key))
            for key, one in told.items()
            for original in one.copy_of
            if one.grade in JOINING and {original, str(key)} <= there
        ]
        names = sorted({name for edge in edges for name in edge})
        numbers = {name: number for number, name in enumerate(names)}
        pieces = connected_components(numbers.values(), [(numbers[one], numbers[other]) for one, other in edges])
        return {frozenset(names[number] for number in piece) for piece in pieces}

    def keys(self) -> set[str]:
        """Return the keys of all articles that were shown."""
        return {str(key) for key in (*self.shown, *self.journal.seen(self.looks))}

    async def handle(self, request: web.Request) -> web.Response:
        """Answer a request to the first portal."""
        found = {key: one for key in self.articles if (one := self.article(key, self.night)) is not None}
        self.portal.sample = Sample(found, frozenset(), frozenset())
        answer = self.portal.respond(request.raw_path, self.now().date())
        key = SITE.identify(SITE.home.rstrip("/") + request.path)
        if key in found and answer.status == 200:
            self.shown[key] = found[key]
        headers = {"Content-Type": answer.content_type} | ({"Location": answer.location} if answer.location else {})
        return web.Response(status=answer.status, body=answer.body, headers=headers)

    @contextmanager
    def serving(self) -> Iterator[None]:
        """Serve both portals."""
        with ExitStack() as served:
            journal = serving_press("static", now=self.now, portal=self.journal)
            self.urls[PRESS.name] = served.enter_context(journal)
            self.urls[SITE.name] = served.enter_context(serving_handler(self.handle))
            yield


def _reprinted() -> set[str]:
    """Return the keys of the articles that the journal prints again."""
    return {key for history in reprint_histories() for key in history.article.copy_of}
