"""Hostile pages for `read_page` and all that comes behind it, up to what would be stored."""

from __future__ import annotations

import json
import pickle
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from selectolax.lexbor import LexborHTMLParser

from armcrawl.items import Outcome
from armcrawl.reading.charset import decode
from armcrawl.reading.layout.markup import simplified
from armcrawl.reading.response import SiteResponse, header_text, page_of, read_response
from armcrawl.reading.statuses import GONE_STATUSES
from armcrawl.refining.chain import STAGES
from armcrawl.refining.context import Context
from armcrawl.refining.validation import fault_of
from armcrawl.sample.articles import load_sample
from armcrawl.sample.portal import Portal
from armcrawl.sites import Origin, PageKey, address_of, site_named
from tests.conftest import FETCHED_AT, TODAY, TOP
from tests.fuzz.fields import assert_not_after, assert_storable
from tests.fuzz.mutations import mutate

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from random import Random

ARMTORG = site_named("armtorg")

KEY = PageKey("armtorg", "news", "4711")
ORIGIN = Origin.of(ARMTORG, None)
MARKUPS = ("html5", "bootstrap", "tables")
# Reading a page twice only pays for small ones.
READ_TWICE = 20_000
URLS = (address_of(KEY), "https://armtorg.ru/", "https://armtorg.ru/photo/1", "http://[", "https://other.example/%", "")
CHARSETS = (
    "utf-8",
    "cp1251",
    "koi8-r",
    "utf-16",
    "utf-16-le",
    "utf-7",
    "idna",
    "hex",
    "nonsense",
    "iso-2022-jp",
    "punycode",
    "undefined",
    "unicode_escape",
    "rot13",
    "utf-32",
)
CONTENT_TYPES = (None, "", "text/html", "text/html;charset=", "text/plain", "application/json", "\0")
DATES = (None, "", "Mon, 23 Nov 2026 06:00:00 GMT", "Mon, 99999999999999999999 Jan 2020 10:00:00 GMT", "вчера")
MARKUP = (
    "<div>", "</div>", "<p>", "</p>", "<b>", "<b><p>", "<font color=1>", "<a href=/news/{n}>Ссылка {n}</a> ",
    "<a href=/tags/{n}>метка {n}</a>", "<table><tr><td>", "<li>", "<br>", "<h1>Завод «Салют» открыл цех</h1>",
    "<img src=/i/{n}.jpg width=999999 alt='Насосы'>", "<svg><title>", "<math><mi>", "<template>", "<select><option>",
    "<frameset>", "<plaintext>", "<!--", "-->", "<![CDATA[", "<?xml version='1.0'?>", "<!DOCTYPE html>", "<script>",
    "</script>", "<style>", "<title>", "</title>", "<textarea>", "<noscript>", "<p hidden>",
    "<p style='display:none'>", "<base href='https://armtorg.ru/a/b/'>", "<meta charset=utf-7>",
    "<meta property=og:title content='{n}'>", "<meta name=pubdate content='31.02.2016'>",
    "<time datetime='2016-05-31T10:00+99:99'>", "<p a{n}=b c{n}=d ", "<article>", "<header>", "<nav>",
    "<figure><figcaption>", "<form>", "<button>", "<p itemprop=headline>",
)  # fmt: skip
WORDS = (
    "31 Мая 2016", "Вчера, 10:20", "2 часа назад", "99.99.2016 ", "€ 70,1 $ 60,2 ", "Читайте также: ", "Метки: ",
    "Источник: ТАСС. ", "По данным «Газпрома», ", "Пресс-служба МЦ Armtorg по материалам ", "Комментарии (3)",
    "Автор: ", "слово ", "«", "»", '"', "(", "&amp;", "&amp", "amp;", "&#0;", "&#xd800;", "&#x110000;", "&lt;",
    "&nbsp;", "\u0301", "\u0300\u0316", "\u200b", "\u00ad", "\u202e", "\0", "\ufeff", "\ud83d\ude00", "a", "я", " ",
    "\t\n", ".", "-", "Дата: ", " | ", "10:20 - ", "ООО ", "a.ru ", "Иванов-", "И.И. ",
)  # fmt: skip
# What no browser shows, or nobody would call the page's text.
UNSEEN = (
    "script, style, template, noscript, textarea, select, option, svg, title, iframe, object, audio, video, canvas, "
    "[hidden], [style], head, nav, footer, plaintext"
)
NAMES = ("@type", "@graph", "headline", "name", "datePublished", "author", "keywords", "image", "articleBody")


@lru_cache(maxsize=1)
def seeds() -> tuple[bytes, ...]:
    """Return real pages: the sample's in several markups, and those that the tests keep."""
    articles = load_sample().newest(4)
    made = [Portal(markup).render_article(article, TODAY) for markup in MARKUPS for article in articles]
    return tuple(made + [path.read_bytes() for path in sorted((TOP / "tests" / "golden").glob("*.html"))])


def generate(random: Random) -> bytes:
    """Return a page behind one line of JSON that tells its address and headers."""
    head = {
        "url": address_of(KEY) if random.random() < 0.8 else random.choice(URLS),
        "content_type": random.choice((*CONTENT_TYPES, f"text/html; charset={random.choice(CHARSETS)}")),
        "status": random.choice((200, 200, 200, 200, 206, 304, 404, 500, 0, -1)),
        "last_modified": random.choice(DATES),
    }
    fragments = [_fragment(random) for _ in range(4)]
    body = mutate(random, random.choice((*seeds(), b"")), fragments)
    if random.random() < 0.1:
        body = body.decode("utf-8", "replace").encode(random.choice(("cp1251", "utf-16", "koi8-r")), "replace")
    return json.dumps(head).encode() + b"\n" + body


def check(data: bytes) -> None:
    """Read the page, refine it, and check what must hold."""
    head, _, body = data.partition(b"\n")
    told = json.loads(head)
    response = SiteResponse(
        address=told["url"],
        status=told["status"],
        fetched_at=FETCHED_AT,
        body=body,
        content_type=header_text(told["content_type"]),
        last_modified=header_text(told["last_modified"]),
    )
    reading = read_response(response, address_of(KEY), ORIGIN)
    if len(body) < READ_TWICE:
        assert read_response(response, address_of(KEY), ORIGIN) == reading, "another reading of the same bytes"
    page = page_of(KEY, response, reading)
    if page.outcome is Outcome.MISSING and told["url"] == address_of(KEY) and told["status"] not in GONE_STATUSES:
        assert not shows_prose(body, response.content_type), f"a page with prose on it is {page.reason}"
    article = page.article
    if article is not None:
        for stage in STAGES.values():
            article = stage(article, Context.of(FETCHED_AT, ORIGIN.site))
        assert_not_after(article, FETCHED_AT)
        assert fault_of(article) is not None or page.outcome is Outcome.STORED
    assert_storable((reading.addresses, article, page.reason, page.last_modified))
    pickle.dumps(replace(page, article=article))


def shows_prose(body: bytes, content_type: str | None) -> bool:
    """Tell whether a reader would see two paragraphs of the articles that the seeds show.

    The check has the time of the reading, so what would cost any parser quadratic time is made plain here as well:
    that leaves all text.
    """
    tree = LexborHTMLParser(simplified(decode(body, content_type).text))
    text = " ".join(" ".join(_seen(tree)).split())
    return sum(paragraph in text for paragraph in paragraphs()) >= 2


def _seen(tree: LexborHTMLParser) -> Iterator[str]:
    """Yield the texts that are in nothing unseen: a page may hide its root, or one such element in another."""
    unseen = {node.mem_id for node in tree.css(UNSEEN)}
    root = tree.root
    waiting = [tree.body] if root is not None and root.mem_id not in unseen else []
    while waiting:
        node = waiting.pop()
        if node is None or node.mem_id in unseen:
            continue
        if node.is_text_node:
            yield node.text_content or ""
        waiting += reversed(list(node.iter(include_text=True)))


@lru_cache(maxsize=1)
def paragraphs() -> tuple[str, ...]:
    """Return the paragraphs of the articles that the seeds show."""
    return tuple(paragraph for article in load_sample().newest(4) for paragraph in article.paragraphs)


def _fragment(random: Random) -> bytes:
    kind = random.random()
    if kind < 0.45:
        text = random.choice(MARKUP).replace("{n}", str(random.randrange(10_000)))
    elif kind < 0.8:
        text = random.choice(WORDS)
    elif kind < 0.9:
        text = f'<script type="application/ld+json">{json.dumps(_linked_data(random), ensure_ascii=False)}</script>'
    else:
        return random.randbytes(random.randint(1, 8))
    return text.encode("utf-8", "surrogatepass")


def _linked_data(random: Random, depth: int = 3) -> Any:
    """Return JSON such as pages declare, with values of every wrong type."""
    if depth and random.random() < 0.6:
        return {name: _linked_data(random, depth - 1) for name in random.sample(NAMES, random.randint(1, len(NAMES)))}
    if depth and random.random() < 0.4:
        return [_linked_data(random, depth - 1) for _ in range(random.randint(0, 3))]
    plain: Sequence[Any] = ("NewsArticle", "Article", "", None, True, -1, 1.5, 10**30, "31 Мая 2016", *WORDS)
    return random.choice(plain)
