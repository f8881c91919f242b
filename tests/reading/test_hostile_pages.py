"""Pages that nobody meant to be read."""

from __future__ import annotations

import json
import time
from datetime import datetime
from urllib.parse import urljoin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from armcrawl.items import Article, NotAnArticle, Reason
from armcrawl.reading.fields.structured import MAX_KEYWORDS
from armcrawl.reading.page import read_page
from armcrawl.reading.response import SiteResponse, header_text, page_of
from armcrawl.refining.chain import refine
from armcrawl.sample.articles import load_sample
from armcrawl.sample.portal import Portal
from armcrawl.settings import DOWNLOAD_MAXSIZE
from armcrawl.sites import identify
from tests.conftest import FETCHED_AT, TODAY
from tests.thoroughness import examples

URL = "https://armtorg.ru/news/4711"
SMALL = (
    "<html><head><title>Заголовок новости завода</title></head><body><h1>Заголовок новости завода</h1>"
    "<p>Длинный абзац о задвижках и кранах для тепловых сетей.</p></body></html>"
)
DEEP_TITLE = "Литейный цех в Пензе перешёл на печи с индукционным нагревом"
DEEP_PARAGRAPHS = (
    "Две печи на шесть тонн заменили вагранку, которая работала с пятидесятых годов. Плавка длится теперь сорок минут.",
    "Мастер участка Анна Громова говорит, что брака стало втрое меньше: состав чугуна известен до разливки.",
    "К осени цех начнёт лить корпуса задвижек до DN 600, которые раньше покупали в соседней области.",
)
DEEP_TEXT = "".join(f"<p>{paragraph}</p>" for paragraph in DEEP_PARAGRAPHS)
PAGE = Portal("html5").render_article(load_sample().newest(1)[0], TODAY)


def reason(body: bytes, content_type: str | None = None, status: int = 200, requested: str | None = None) -> Reason:
    url = URL if requested is None else urljoin(requested, "/")
    result = read_page(body, url, FETCHED_AT, content_type, status, requested).result
    assert isinstance(result, NotAnArticle), result
    return result.reason


@given(st.binary(max_size=2000))
def test_any_bytes_are_read_without_an_exception(body: bytes) -> None:
    result = read_page(body, URL, FETCHED_AT).result
    if isinstance(result, Article):
        refine(result, FETCHED_AT)


@settings(max_examples=examples(60))
@given(st.integers(min_value=0, max_value=len(PAGE)))
def test_a_page_cut_anywhere_is_read_without_an_exception(length: int) -> None:
    read_page(PAGE[:length], URL, FETCHED_AT)


@settings(max_examples=examples(30))
@given(st.binary(min_size=1, max_size=30), st.integers(min_value=0, max_value=len(PAGE)))
def test_the_same_bytes_give_the_same_reading(noise: bytes, place: int) -> None:
    body = PAGE[:place] + noise + PAGE[place:]
    assert read_page(body, URL, FETCHED_AT) == read_page(body, URL, FETCHED_AT)


def test_what_a_terminal_would_obey_is_no_text() -> None:
    page = SMALL.replace("кранах", "&#27;[2Jкра&#7;нах&#x9b;31m").replace("Заголовок", "Заго&#8;ловок")
    article = read_page(page.encode(), URL, FETCHED_AT).result
    assert isinstance(article, Article)
    assert article.title.startswith("Заголовок")
    assert all(text.isprintable() for text in (article.title, *article.paragraphs))


def test_deep_nesting_is_read_without_recursion() -> None:
    read_page(b"<div>" * 20_000 + b"text", URL, FETCHED_AT)


# The second number makes a page so large that it is made plain first.
@pytest.mark.parametrize("times", [700, 12_000])
@pytest.mark.parametrize(
    "unclosed",
    ["<b>", "<math><mi>", "<table><tr><td>", "<div>", "<section><span>", "<x-card>", "<span style=display:block>"],
)
def test_what_stands_behind_elements_that_are_never_closed_is_read(unclosed: str, times: int) -> None:
    page = f"<title>{DEEP_TITLE}</title><h1>{DEEP_TITLE}</h1><p>12 мая 2026</p>{unclosed * times}{DEEP_TEXT}"
    result = read_page(page.encode(), URL, FETCHED_AT).result
    assert isinstance(result, Article)
    assert (result.title, result.paragraphs) == (DEEP_TITLE, DEEP_PARAGRAPHS)


def test_below_the_deepest_element_breaks_and_links_are_what_they_are_above() -> None:
    tags = "<p>Метки: <a href=/tags/liteino>литьё</a> <a href=/tags/zadvizhki>задвижки</a></p>"
    text = "<br><br>".join(DEEP_PARAGRAPHS)
    page = f"<title>{DEEP_TITLE}</title><h1>{DEEP_TITLE}</h1>{'<div>' * 700}<div>{text}</div>{tags}"
    result = read_page(page.encode(), URL, FETCHED_AT).result
    assert isinstance(result, Article)
    assert result.paragraphs == DEEP_PARAGRAPHS
    assert [tag.printed for tag in result.tags] == ["литьё", "задвижки"]


def test_what_is_hidden_below_the_deepest_element_stays_hidden() -> None:
    hidden = "<p hidden>Этого абзаца на странице никто не увидит, пока его не покажет сценарий.</p>"
    hidden += "<div style='display: none'><p>И этого абзаца в глубине страницы тоже никто не увидит.</p></div>"
    page = f"<title>{DEEP_TITLE}</title><h1>{DEEP_TITLE}</h1>{'<div>' * 700}{hidden}{DEEP_TEXT}"
    result = read_page(page.encode(), URL, FETCHED_AT).result
    assert isinstance(result, Article)
    assert result.paragraphs == DEEP_PARAGRAPHS


def test_the_largest_page_that_is_fetched_is_read_in_seconds() -> None:
    # The processor's, as other tests run beside this one.
    before = time.process_time()
    paragraph = b"<p>" + b"word " * 20 + b"</p>"
    read_page(b"<html><body>" + paragraph * (DOWNLOAD_MAXSIZE // len(paragraph)), URL, FETCHED_AT)
    assert time.process_time() - before < 30


def test_a_page_of_links_like_one_another_is_read_in_seconds() -> None:
    # Each goes on with the tags of the line above: to join them anew at each line took ten seconds, and 16 times as
    # long for four times as many.
    links = "".join(f"<p><a href=/tag/{number}>И.И. </a>" for number in range(25_000))
    before = time.process_time()
    reading = read_page(f"{SMALL.removesuffix('</body></html>')}{links}".encode(), URL, FETCHED_AT)
    assert isinstance(reading.result, Article)
    assert reading.result.tags == ()
    assert time.process_time() - before < 6


def test_nul_characters_are_removed_and_noted() -> None:
    body = PAGE.replace("ь".encode(), b"\xd1\x8c\0")
    result = read_page(body, URL, FETCHED_AT).result
    assert isinstance(result, Article)
    assert "\0" not in result.title + result.body
    assert "charset/nul_removed" in result.notes


@pytest.mark.parametrize("charset", ["utf-8", "cp1251", "utf-16", "koi8-r"])
def test_the_charset_of_the_header_is_believed_where_the_bytes_agree(charset: str) -> None:
    result = read_page(SMALL.encode(charset), URL, FETCHED_AT, f"text/html; charset={charset}").result
    assert isinstance(result, Article)
    assert result.title == "Заголовок новости завода"


@pytest.mark.parametrize("declared", [None, "text/html", "text/html; charset=utf-8", "text/html; charset=nonsense"])
def test_windows_1251_is_recognised_whatever_is_declared(declared: str | None) -> None:
    result = read_page(SMALL.encode("cp1251"), URL, FETCHED_AT, declared).result
    assert isinstance(result, Article)
    assert result.title == "Заголовок новости завода"


def test_a_naive_time_of_fetch_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        read_page(PAGE, URL, datetime(2026, 1, 1))  # noqa: DTZ001


@pytest.mark.parametrize("body", [b"", b" \r\n ", b"\xef\xbb\xbf", b"\0\0"])
def test_nothing_is_empty(body: bytes) -> None:
    assert reason(body) is Reason.EMPTY


@pytest.mark.parametrize(
    "body",
    [b"%PDF-1.7 x", b"\x89PNG\r\n", b'{"a": 1}', b"plain words", b"<?xml version='1.0'?><rss></rss>", b"PK\x03\x04x"],
)
def test_other_formats_are_not_html(body: bytes) -> None:
    assert reason(body, "text/html") is Reason.NOT_HTML


@pytest.mark.parametrize("content_type", ["application/pdf", "image/jpeg", "application/json"])
def test_a_content_type_that_is_no_html_is_believed(content_type: str) -> None:
    assert reason(PAGE, content_type) is Reason.NOT_HTML


@pytest.mark.parametrize("status", [404, 410])
def test_404_and_410_are_missing(status: int) -> None:
    assert reason(PAGE, status=status) is Reason.MISSING


@pytest.mark.parametrize("status", [401, 403, 429])
def test_a_refusal_is_blocked(status: int) -> None:
    assert reason(PAGE, status=status) is Reason.BLOCKED


@pytest.mark.parametrize("status", [0, 201, 202, 206, 299, 400, 402, 405, 418, 500, 503, 599, 999])
def test_an_article_comes_with_no_other_status_than_those_of_a_page(status: int) -> None:
    assert reason(PAGE, status=status) is Reason.UNAVAILABLE


def test_an_article_that_came_through_a_proxy_which_changed_it_is_one() -> None:
    assert isinstance(read_page(PAGE, URL, FETCHED_AT, None, 203).result, Article)


def test_a_redirect_to_the_home_page_is_missing() -> None:
    assert reason(PAGE, requested=URL) is Reason.MISSING
    assert reason(PAGE, requested="https://zavod.example/5") is Reason.MISSING


@pytest.mark.parametrize(
    "html",
    [
        "<h1>Проверка браузера</h1><p>Подождите несколько секунд.</p>",
        "<p>Подтвердите, что вы не робот</p><form><input></form>",
        "<p>Продолжая, вы даёте согласие на использование файлов cookie.</p><button>Принять</button>",
        "<script>document.cookie='a=1';location.reload()</script>",
    ],
)
def test_pages_that_ask_for_something_first_are_blocked(html: str) -> None:
    assert reason(f"<html><body>{html}</body></html>".encode()) is Reason.BLOCKED


def test_lone_surrogates_are_removed_and_counted() -> None:
    reading = read_page(SMALL.replace("задвижках", "задви\ud800жках").encode("utf-8", "surrogatepass"), URL, FETCHED_AT)
    assert isinstance(reading.result, Article)
    assert reading.result.paragraphs == ("Длинный абзац о задвижках и кранах для тепловых сетей.",)
    assert "charset/surrogates_removed" in reading.result.notes


@pytest.mark.parametrize("escape", ["\\ud800", "\\u0000"])
def test_what_no_database_takes_is_not_taken_from_json_ld_either(escape: str) -> None:
    script = '{"@type": "NewsArticle", "headline": "Заголовок новости за|вода", "author": "А|втор"}'.replace(
        "|", escape
    )
    page = SMALL.replace("</head>", f'<script type="application/ld+json">{script}</script></head>')
    result = read_page(page.encode(), URL, FETCHED_AT).result
    assert isinstance(result, Article)
    assert (result.title, result.author) == ("Заголовок новости завода", "Автор")


def test_random_bytes_are_no_page() -> None:
    noise = bytes(range(256)) * 8
    assert reason(noise) is Reason.NOT_HTML
    assert reason(noise, "text/html") is Reason.NOT_HTML


def test_a_few_control_characters_do_no_harm() -> None:
    assert isinstance(read_page(SMALL.replace(" ", " \x0b").encode(), URL, FETCHED_AT).result, Article)


def with_head(head: str) -> bytes:
    return SMALL.replace("</head>", f"{head}</head>").encode()


def article(body: bytes, content_type: str | None = None) -> Article:
    result = read_page(body, URL, FETCHED_AT, content_type).result
    assert isinstance(result, Article), result
    return result


@pytest.mark.parametrize("kind", ["[[]]", "[{}]", "{}", "7", "null", '["NewsArticle", []]'])
def test_a_type_of_the_wrong_kind_in_json_ld_is_no_error(kind: str) -> None:
    page = with_head(f'<script type="application/ld+json">{{"@type": {kind}, "headline": 1}}</script>')
    assert article(page).title == "Заголовок новости завода"


def test_a_width_of_five_thousand_digits_is_no_error() -> None:
    page = SMALL.replace("</body>", f"<img src=/a.jpg width={'9' * 5000}></body>").encode()
    assert [image.address for image in article(page).images] == ["https://armtorg.ru/a.jpg"]


@pytest.mark.parametrize("base", ["http://[", "http://[::1", "//[x]/", "https://armtorg.ru/" + "a" * 5000])
def test_a_base_that_is_no_address_is_not_used(base: str) -> None:
    page = with_head(f'<base href="{base}">').replace(b"</p>", b" <a href=next>next</a></p>")
    assert article(page).links[0].address == "https://armtorg.ru/news/next"


def test_addresses_that_no_browser_takes_are_left_out() -> None:
    page = SMALL.replace("</p>", f" <a href=/{'a' * 3000}>x</a> <a href=/{'я' * 1500}>y</a> <a href=/b>z</a></p>")
    reading = read_page(page.encode(), URL, FETCHED_AT)
    assert reading.addresses == ("https://armtorg.ru/b",)


@pytest.mark.parametrize(
    "charset", ["hex", "rot13", "zlib", "idna", "punycode", "undefined", "utf-7", "unicode_escape"]
)
def test_what_python_alone_calls_a_codec_is_no_charset(charset: str) -> None:
    assert article(SMALL.encode("cp1251"), f"text/html; charset={charset}").title == "Заголовок новости завода"


def test_of_thousands_of_keywords_the_first_are_read() -> None:
    data = json.dumps({"@type": "NewsArticle", "keywords": [f"метка {number}" for number in range(5000)]})
    page = with_head(f'<script type="application/ld+json">{data}</script>')
    assert len(article(page).tags) == MAX_KEYWORDS


@pytest.mark.parametrize(
    "printed", ["Mon, 9999999999999999999 Jan 2020 10:00:00 GMT", "1 Jan 2020 10:00:00 +9999999", "\0"]
)
def test_a_last_change_that_is_no_time_is_none(printed: str) -> None:
    response = SiteResponse(URL, 200, FETCHED_AT, SMALL.encode(), last_modified=printed)
    key = identify(URL)
    assert key is not None
    assert page_of(key, response, read_page(response.body, URL, FETCHED_AT)).last_modified is None


def test_headers_lose_what_no_database_takes() -> None:
    assert header_text("text/html\0; charset=\udcffutf-8") == "text/html; charset=utf-8"
