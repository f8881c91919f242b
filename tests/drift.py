"""The sample portal, whose pages change while it is read."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aiohttp import web

from armcrawl.sample.portal import Portal
from tests.conftest import TODAY

if TYPE_CHECKING:
    from collections.abc import Callable

    Change = Callable[[str, int], str]

ARTICLE = re.compile(r"/news/(\d+)/?")
TELEGRAM = "<p>Читайте нас в Telegram</p>"
CHANNEL = "<p>Новости отрасли теперь и в нашем канале: нас читают уже десять тысяч арматуростроителей.</p>"
CONSENT = """<!DOCTYPE html><html lang="ru"><head><title>Согласие на обработку данных</title></head><body>
<form action="/consent" method="post"><p>Мы используем файлы cookie. Нажмите «Принять», чтобы продолжить.</p>
<button>Принять</button></form></body></html>"""


def is_third(number: int) -> bool:
    """Tell whether a page is among the third that changes."""
    return number % 3 == 0


def logo_as_title(html: str, number: int) -> str:
    """Give a third of the pages the name of the site as title."""
    return re.sub(r'(<h1 class="first">|<title>).*?<', r"\1Армторг<", html) if is_third(number) else html


def without_date(html: str, number: int) -> str:
    """Take the date off a third of the pages, as a rubric with its own template may do."""
    return re.sub(r'<div class="news-item__date">.*?</div>', "", html) if is_third(number) else html


def teasers_in_text(html: str, _: int) -> str:
    """Put the teasers into the text as plain paragraphs."""
    leads = re.findall(r'<div class="see-also__text">(.*?)</div>', html)
    teasers = "".join(f"<p>{lead}</p>" for lead in leads)
    return html.replace('<div class="news-item__text">', f'<div class="news-item__text">{teasers}')


def tags_without_links(html: str, _: int) -> str:
    """Take the links of the tags, and leave each in an element of its own."""

    def plain(match: re.Match[str]) -> str:
        return re.sub(r"<a [^>]*>(.*?)</a>", r"<span>\1</span>", match[0])

    return re.sub(r'<div class="news-item__tags">.*?</div>', plain, html, flags=re.DOTALL)


def consent(html: str, number: int) -> str:
    """Answer with a page that asks for consent on a third of the addresses."""
    return CONSENT if is_third(number) else html


def telegram(html: str, _: int) -> str:
    """Put a block that is known from other sites into every text."""
    return _into_text(html, TELEGRAM)


def channel(html: str, _: int) -> str:
    """Put the same sentence into every text, which looks like any other."""
    return _into_text(html, CHANNEL)


def _into_text(html: str, block: str) -> str:
    head, mark, rest = html.partition('<div class="news-item__text">')
    return head + mark + rest.replace("</p>", f"</p>{block}", 1) if mark else html


def page_one_only(html: str, _: int) -> str:
    """Take the links to further pages off a listing."""
    return re.sub(r'<ul class="pagination.*?</ul>', "", html, flags=re.DOTALL)


@dataclass
class DriftingPortal:
    """Serves the sample portal as it is, after `quiet` articles as `change` leaves it; an answer takes some seconds."""

    change: Change | None = None
    quiet: int = 0
    seconds: float = 0.0
    since: list[str] = field(default_factory=list)  # every article after the quiet ones
    changed: list[str] = field(default_factory=list)
    portal: Portal = field(default_factory=lambda: Portal("bootstrap"))

    async def handle(self, request: web.Request) -> web.Response:
        """Answer, changed or not."""
        await asyncio.sleep(self.seconds)
        answer = self.portal.respond(request.raw_path, TODAY)
        headers = {"Content-Type": answer.content_type} | ({"Location": answer.location} if answer.location else {})
        body = answer.body
        match = ARTICLE.fullmatch(request.path)
        if request.path.rstrip("/") == "/news" and self.change is page_one_only:
            body = page_one_only(body.decode(), 0).encode()
        if match and answer.status == 200 and self.change is not None:
            if self.quiet:
                self.quiet -= 1
            else:
                self.since.append(f"armtorg/news/{match[1]}")
                before = body.decode()
                after = self.change(before, int(match[1]))
                if after != before:
                    self.changed.append(f"armtorg/news/{match[1]}")
                body = after.encode()
        return web.Response(status=answer.status, body=body, headers=headers)
