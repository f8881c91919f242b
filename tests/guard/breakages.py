"""Forty ways in which a site breaks, each a function of a page's HTML.

They are made in the HTML of both portals, and what comes of them is read as every page is, so that what the guard sees
is what it would see of a site.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zlib import crc32

from lxml import html as lxml_html

from tests.guard.pages import pages_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lxml.html import HtmlElement

    from tests.guard.pages import SamplePage

TITLE = "//h1"
DATE = "//*[@class='news-item__date' or @class='posted-on']"
TEXT = "//*[@class='news-item__text' or @class='entry-content']"
TAGS = "//*[@class='news-item__tags' or @class='tags-links']"
AUTHOR = "//*[@class='news-item__author' or @class='byline']"
SOURCE = "//*[@class='news-item__source'] | //*[@class='entry-content']/p[em]"
LEAD = "//*[@class='news-item__lead']"
PICTURES = "//*[@class='news-item__image'] | //figure"
DECLARED = "//meta[starts-with(@property, 'og:') or starts-with(@property, 'article:')] | //script[@type]"
NAMES = {"portal": "Армторг", "journal": "Поток и затвор"}
OTHER_DAY = "14 Мая 2019"
TODAY = "23 Ноября 2026"
CONSENT = """<!DOCTYPE html><html lang="ru"><head><meta charset="utf-8">
<title>Согласие на обработку данных</title>
</head><body><form action="/consent" method="post"><p>Мы используем файлы cookie. Нажмите «Принять».</p>
<button>Принять</button></form></body></html>"""
CHALLENGE = """<!DOCTYPE html><html lang="ru"><head><meta charset="utf-8">
<title>Проверка браузера</title></head><body>
<h1>Подтвердите, что вы не робот</h1><p>Выполняется проверка вашего браузера. Подождите несколько секунд.</p>
<form id="challenge-form" action="/cdn-cgi/l/chk_jschl"><input name="captcha"></form></body></html>"""
LOGIN = """<!DOCTYPE html><html lang="ru"><head><meta charset="utf-8">
<title>Вход</title></head><body><h1>Вход</h1>
<form action="/login" method="post"><p><label>Логин <input name="login"></label></p><p><label>Пароль
<input type="password" name="password"></label></p>
<p><button>Войти</button> <a href="/register">Регистрация</a></p></form>
</body></html>"""
NOT_FOUND = """<!DOCTYPE html><html lang="ru"><head><meta charset="utf-8">
<title>404</title></head><body>
<h1>Страница не найдена</h1>
<p>К сожалению, такой страницы нет. Вернитесь на <a href="/">главную</a>.</p></body></html>"""
REPAIRS = """<!DOCTYPE html><html lang="ru"><head><meta charset="utf-8">
<title>Технические работы</title></head><body>
<h1>Ведутся технические работы</h1><p>Сайт обновляется и скоро снова будет доступен. Приносим извинения за неудобства,
загляните к нам через час или напишите в редакцию по электронной почте.</p><p>Мы готовим для читателей новый раздел о
промышленной арматуре и переносим архив публикаций на новый сервер.</p></body></html>"""
PAYWALL = (
    "Полный текст статьи доступен по подписке. Оформите подписку на год, чтобы читать все материалы без ограничений."
)
CHANNEL = "Новости отрасли теперь и в нашем канале: нас читают уже десять тысяч арматуростроителей."
COMMENTS = (
    "Полностью согласен с автором, у нас на станции стояли такие же задвижки, и менять их пришлось уже через год.",
    "А где обещанное продолжение про приводы? Ждём вторую часть, без неё картина неполная и судить рано.",
    "Цены завышены вдвое, мы брали у другого поставщика и не жалеем, спасибо за обзор и удачи редакции.",
)
MENU = ("Главная", "Новости", "Обзоры", "Каталог предприятий", "Доска объявлений", "Форум", "Вакансии", "О портале")


@dataclass(frozen=True)
class Breakage:
    """What a site does to a page; `affects` tells to which pages, and with `nights` the share of them grows."""

    name: str
    change: Callable[[SamplePage], str | bytes]
    affects: Callable[[SamplePage], bool] = lambda _: True
    nights: int = 0


def _tree(page: SamplePage) -> HtmlElement:
    return lxml_html.document_fromstring(page.html)


def _html(tree: HtmlElement) -> str:
    text: str = lxml_html.tostring(tree, encoding="unicode", doctype="<!DOCTYPE html>")
    return text


def _drop(tree: HtmlElement, path: str) -> None:
    for element in tree.xpath(path):
        element.drop_tree()


def _paragraph(text: str, tag: str = "p") -> HtmlElement:
    element = lxml_html.Element(tag)
    element.text = text
    return element


def _texts(tree: HtmlElement) -> list[HtmlElement]:
    """Return the paragraphs of the article's text."""
    return [child for text in tree.xpath(TEXT) for child in text if child.tag == "p"]


def without(*paths: str) -> Callable[[SamplePage], str]:
    """Return what removes some elements."""

    def change(page: SamplePage) -> str:
        tree = _tree(page)
        for path in paths:
            _drop(tree, path)
        return _html(tree)

    return change


def instead(html: str) -> Callable[[SamplePage], str]:
    """Return what answers with one page whatever is asked for."""
    return lambda _: html


def dated(text: str) -> Callable[[SamplePage], str]:
    """Return what prints one date everywhere, and declares none."""

    def change(page: SamplePage) -> str:
        tree = _tree(page)
        _drop(tree, DECLARED)
        for element in tree.xpath(DATE):
            for child in list(element):
                child.drop_tree()
            element.text = text
        return _html(tree)

    return change


def titled(text: Callable[[SamplePage, str], str]) -> Callable[[SamplePage], str]:
    """Return what gives every page another title, also in its head, and declares none."""

    def change(page: SamplePage) -> str:
        tree = _tree(page)
        _drop(tree, DECLARED)
        for element in tree.xpath(f"{TITLE} | //title"):
            element.text = text(page, element.text or "")
        return _html(tree)

    return change


def title_elsewhere(page: SamplePage) -> str:
    """Print the title in a plain element."""
    tree = _tree(page)
    for element in tree.xpath(TITLE):
        element.tag = "div"
    return _html(tree)


def into_text(*lines: str, first: bool = False) -> Callable[[SamplePage], str]:
    """Return what puts paragraphs into every text."""

    def change(page: SamplePage) -> str:
        tree = _tree(page)
        for text in tree.xpath(TEXT)[:1]:
            paragraphs = [_paragraph(line) for line in lines]
            if first:
                text[:0] = paragraphs
            else:
                place = list(text).index(_texts(tree)[-1]) + 1
                text[place:place] = paragraphs
        return _html(tree)

    return change


def shortened(keep: int, *more: str) -> Callable[[SamplePage], str]:
    """Return what leaves so many paragraphs, and adds some."""

    def change(page: SamplePage) -> str:
        tree = _tree(page)
        for paragraph in _texts(tree)[keep:]:
            paragraph.drop_tree()
        for text in tree.xpath(TEXT)[:1]:
            place = min(keep, len(_texts(tree)))
            text[place:place] = [_paragraph(line) for line in more]
        return _html(tree)

    return change


def truncated(page: SamplePage) -> str:
    """End in the middle of the text, as a broken proxy does."""
    last = page.html.find("</p>", page.html.find("news-item__text" if page.portal == "portal" else "entry-content"))
    return page.html[: max(last - 40, 0)]


def doubled(page: SamplePage) -> str:
    """Print the text twice, for telephones and for desks."""
    tree = _tree(page)
    for text in tree.xpath(TEXT)[:1]:
        text.extend([_paragraph(one.text_content()) for one in _texts(tree)])
    return _html(tree)


def next_article(page: SamplePage) -> str:
    """Append the text of another article."""
    others = pages_of(page.portal, "bootstrap" if page.portal == "portal" else "wordpress")
    other = others[(crc32(page.address.encode()) + 1) % len(others)]
    lines = [one.text_content() for one in _texts(_tree(other))]
    return into_text(*lines)(page)


def one_article(page: SamplePage) -> str:
    """Show one article whatever is asked for."""
    return pages_of(page.portal, "bootstrap" if page.portal == "portal" else "wordpress")[0].html


def mojibake(page: SamplePage) -> bytes:
    """Send UTF-8 that was taken for Windows-1251 and encoded once more."""
    return page.html.encode().decode("cp1251", "replace").encode()


def question_marks(page: SamplePage) -> str:
    """Send what a database without Cyrillic letters keeps."""
    return re.sub(r"[а-яёА-ЯЁ]", "?", page.html)


def merged(page: SamplePage) -> str:
    """Print the whole text as one paragraph."""
    tree = _tree(page)
    paragraphs = _texts(tree)
    whole = " ".join(one.text_content() for one in paragraphs)
    for paragraph in paragraphs[1:]:
        paragraph.drop_tree()
    if paragraphs:
        for child in list(paragraphs[0]):
            child.drop_tree()
        paragraphs[0].text = whole
    return _html(tree)


def boxed(page: SamplePage) -> str:
    """Put every second paragraph into an inset of its own."""
    tree = _tree(page)
    for paragraph in _texts(tree)[1::2]:
        box = lxml_html.Element("aside")
        box.set("class", "related-box")
        paragraph.addprevious(box)
        box.append(paragraph)
    return _html(tree)


def by_script(page: SamplePage) -> str:
    """Leave the text to a script."""
    tree = _tree(page)
    for text in tree.xpath(f"{TEXT} | {LEAD}"):
        for child in list(text):
            child.drop_tree()
        text.text = ""
    return _html(tree)


def tags_without_links(page: SamplePage) -> str:
    """Print the tags as plain words."""
    tree = _tree(page)
    for link in tree.xpath(TAGS + "//a"):
        link.tag = "span"
        link.attrib.clear()
    return _html(tree)


def label_alone(page: SamplePage) -> str:
    """Print the label of the tags, and none of them."""
    tree = _tree(page)
    _drop(tree, TAGS + "//a")
    return _html(tree)


def one_tag(page: SamplePage) -> str:
    """Print the same tag on each page."""
    tree = _tree(page)
    for block in tree.xpath(TAGS):
        for link in block.xpath(".//a")[1:]:
            link.drop_tree()
        for link in block.xpath(".//a"):
            link.text = "Все новости"
            link.set("href", "/tags/vse-novosti")
    return _html(tree)


def teasers_in_text(page: SamplePage) -> str:
    """Print teasers of other articles as paragraphs of the text."""
    tree = _tree(page)
    found = tree.xpath("//*[contains(@class, 'see-also__text')] | //*[@class='jp-relatedposts-post']/p")
    return into_text(*[one.text_content() for one in found][:3], first=True)(page)


def old_template(page: SamplePage) -> str:
    """Show a page in another layout, as one of two servers does after half a release."""
    markup = "html5" if page.portal == "portal" else "static"
    return next(one.html for one in pages_of(page.portal, markup) if one.key == page.key)


def share(part: int, of: int) -> Callable[[SamplePage], bool]:
    """Return what chooses so many of so many pages, always the same ones."""
    return lambda page: crc32(page.address.encode()) % of < part


def in_rubric(page: SamplePage) -> bool:
    """Tell whether a page is in one of the smaller rubrics."""
    return page.rubric in {"reviews", "standarty"}


def of_authors(page: SamplePage) -> bool:
    """Tell whether a page is by one of the house's authors."""
    return bool(page.author)


NO_DATE = without(DATE, DECLARED)
NO_TAGS = without(TAGS)
BREAKAGES = (
    Breakage("the date is gone", NO_DATE),
    Breakage("one date everywhere", dated(OTHER_DAY)),
    Breakage("the day of the request as date", dated(TODAY)),
    Breakage("the date in words that tell none", dated("на прошлой неделе")),
    Breakage("the logo as title", titled(lambda page, _: NAMES[page.portal])),
    Breakage("one rubric as title", titled(lambda _page, _: "Новости отрасли")),
    Breakage("the title in a plain element", title_elsewhere),
    Breakage("titles cut off", titled(lambda _, title: title[:18] + "…")),
    Breakage("the tags are gone", NO_TAGS),
    Breakage("the label of the tags alone", label_alone),
    Breakage("tags without links", tags_without_links),
    Breakage("one tag everywhere", one_tag),
    Breakage("the page ends in the text", truncated),
    Breakage("the first paragraph only", shortened(1)),
    Breakage("a paywall", shortened(1, PAYWALL)),
    Breakage("the text comes by a script", by_script),
    Breakage("the text twice", doubled),
    Breakage("comments in the text", into_text(*COMMENTS)),
    Breakage("the next article in the text", next_article),
    Breakage("teasers in the text", teasers_in_text),
    Breakage("one sentence in every text", into_text(CHANNEL)),
    Breakage("the menu in the text", into_text(*MENU, first=True)),
    Breakage("all paragraphs in one", merged),
    Breakage("every second paragraph in a box", boxed),
    Breakage("encoded twice", mojibake),
    Breakage("question marks for letters", question_marks),
    Breakage("consent to cookies", instead(CONSENT)),
    Breakage("a check of the browser", instead(CHALLENGE)),
    Breakage("a login", instead(LOGIN)),
    Breakage("«not found» with status 200", instead(NOT_FOUND)),
    Breakage("«under repair» with status 200", instead(REPAIRS)),
    Breakage("one article everywhere", one_article),
    Breakage("the attribution is gone", without(SOURCE)),
    Breakage("the pictures are gone", without(PICTURES)),
    Breakage("half of the pages in an old layout", old_template, share(1, 2)),
    Breakage("a third without a date", NO_DATE, share(1, 3)),
    Breakage("a rubric without tags", NO_TAGS, in_rubric),
    Breakage("authors' pages without a date", NO_DATE, of_authors),
    Breakage("one page in twelve encoded twice", mojibake, share(1, 12)),
    Breakage("tags that vanish within thirty nights", NO_TAGS, nights=30),
)


def broken(breakage: Breakage, portal: str, markup: str) -> Iterator[tuple[SamplePage, str | bytes]]:
    """Yield the pages of a portal that a breakage affects, and what the server sends for each."""
    for page in pages_of(portal, markup):
        if breakage.affects(page):
            yield page, breakage.change(page)
