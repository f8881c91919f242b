"""A portal that grows night by night, and has moods: each turns an answer into another one, or into none."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from aiohttp import web

from armcrawl.sample.articles import Sample, SampleArticle, load_sample
from armcrawl.sample.portal import MARKUPS, Portal, PortalResponse
from tests.drift import ARTICLE, CONSENT

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    Mood = Callable[[str, PortalResponse], PortalResponse | None]

# Printed, and declared, in the markup `bootstrap`.
DATE = re.compile(
    r'<div class="news-item__date">.*?</div>|<meta property="article:[^>]*>|<script type=.*?</script>', re.DOTALL
)
BAN = b"User-agent: *\nDisallow: /\n"
PARKED = """<!DOCTYPE html><html lang="ru"><head><title>Домен продаётся</title></head><body><h1>Домен продаётся</h1>
<p>Этот адрес свободен. Напишите нам, если хотите его купить.</p></body></html>"""


def healthy(_: str, answer: PortalResponse) -> PortalResponse:
    """Answer as it is."""
    return answer


def away(_path: str, _answer: PortalResponse) -> None:
    """Close each connection without an answer."""


def banning(path: str, answer: PortalResponse) -> PortalResponse:
    """Forbid all in robots.txt, and nothing else: only whoever reads it stays away."""
    return replace(answer, status=200, body=BAN) if path == "/robots.txt" else answer


def truncated(path: str, answer: PortalResponse) -> PortalResponse:
    """End articles in the middle of their text, with a length that fits, as a broken proxy does."""
    return replace(answer, body=answer.body[: len(answer.body) // 2]) if ARTICLE.fullmatch(path) else answer


def undated(path: str, answer: PortalResponse) -> PortalResponse:
    """Show articles in a template that forgot the date: a redesign half-way."""
    if not ARTICLE.fullmatch(path):
        return answer
    return replace(answer, body=DATE.sub("", answer.body.decode()).encode())


def consenting(path: str, answer: PortalResponse) -> PortalResponse:
    """Ask for consent in place of every article."""
    return replace(answer, status=200, body=CONSENT.encode()) if ARTICLE.fullmatch(path) else answer


def parked(path: str, answer: PortalResponse) -> PortalResponse:
    """Show one page whatever is asked for, as a domain that has run out."""
    return answer if path == "/robots.txt" else PortalResponse(200, PARKED.encode(), "text/html; charset=utf-8")


def empty(path: str, answer: PortalResponse) -> PortalResponse:
    """Have nothing but robots.txt, as another server does."""
    return answer if path == "/robots.txt" else PortalResponse(404, b"<h1>404</h1>", "text/html; charset=utf-8")


@dataclass
class GrowingPortal:
    """Serves the part of the sample that is published, in a markup that may be another for each article."""

    day: date
    mood: Mood = healthy
    markup: str = "bootstrap"
    asked: list[str] = field(default_factory=list)
    portals: dict[str, Portal] = field(default_factory=lambda: {name: Portal(name) for name in MARKUPS})

    def publish(self, share: float) -> None:
        """Show the lowest ids of each section, so many of all."""
        whole = load_sample()
        highest = {section: whole.of_section(section)[0].number for section in {key.section for key in whole.articles}}

        def is_shown(article: SampleArticle) -> bool:
            return article.number <= highest[article.key.section] * share

        articles = {key: article for key, article in whole.articles.items() if is_shown(article)}
        for portal in self.portals.values():
            portal.sample = Sample(articles, whole.without_article, whole.redirected_home)
            portal.teasers = portal.sample.newest(len(portal.teasers))

    async def handle(self, request: web.Request) -> web.Response:
        """Answer in tonight's mood."""
        self.asked.append(request.path)
        usual = self.portals[self.markup].respond(request.raw_path, self.day)
        answer = self.mood(request.path, usual)
        if answer is None:
            if request.transport is not None:
                request.transport.abort()
            return web.Response(status=500)
        headers = {"Content-Type": answer.content_type} | ({"Location": answer.location} if answer.location else {})
        return web.Response(status=answer.status, body=answer.body, headers=headers)
