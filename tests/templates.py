"""A portal of notes from one template, as price bulletins are, or of one note on many pages."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from aiohttp import web

from armcrawl.sample.articles import load_sample
from armcrawl.sample.portal import Portal
from armcrawl.sample.server import serving_handler
from armcrawl.sites import PageKey, site_named
from tests.conftest import TODAY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from armcrawl.sample.articles import SampleArticle

ARMTORG = site_named("armtorg")


def note(number: int) -> SampleArticle:
    """Return a note: its figures are its own, all else is the template's."""
    template = next(article for article in load_sample().articles.values() if len(article.marked) >= 4)
    body = (*template.marked, f"Всего за неделю заключено {number} сделок на {number * 7} единиц арматуры.")
    return replace(
        template,
        key=PageKey(ARMTORG.name, "news", str(number)),
        # Four a day: no site prints hundreds in one.
        day=template.day + timedelta(days=number // 4),
        title=f"Цены недели: выпуск {number}",
        marked=body,
        images=(),
        copy_of=(),
        grade="",
    )


def same_note(number: int) -> SampleArticle:
    """Return the first note, on another page, with another title and a last sentence of its own."""
    body = (*note(1).marked, f"Эта заметка напечатана на странице {number}.")
    return replace(note(number), marked=body)


@contextmanager
def serving_notes(newest: int, write: Callable[[int], SampleArticle] = note) -> Iterator[str]:
    """Serve the notes up to a number, and yield the portal's address."""
    portal = Portal("bootstrap")

    async def handle(request: web.Request) -> web.Response:
        name = request.path.rstrip("/").rpartition("/")[2]
        if request.path == "/":
            return web.Response(text=f'<html><a href="/news/{newest}">Новость</a></html>', content_type="text/html")
        if request.path.startswith("/news/") and name.isdecimal() and 0 < int(name) <= newest:
            return web.Response(body=portal.render_article(write(int(name)), TODAY), content_type="text/html")
        return web.Response(status=404, text="404")

    with serving_handler(handle) as url:
        yield url
