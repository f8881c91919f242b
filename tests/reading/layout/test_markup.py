"""What is taken from hostile markup before a parser sees it; an honest page stays as it is."""

from __future__ import annotations

from armcrawl.reading.charset import Decoded
from armcrawl.reading.layout.layout import parse
from armcrawl.reading.layout.markup import MAX_OPEN, MAX_SEPARATORS, SMALL_PAGE, simplified
from armcrawl.sample.articles import load_sample
from armcrawl.sample.portal import Portal
from tests.conftest import TODAY

URL = "https://armtorg.ru/news/4711"
# More than the longest page that is not looked at.
PADDING = "<!-- -->" * (SMALL_PAGE // 4)


def test_a_page_of_the_trade_press_stays_as_it_is() -> None:
    article = load_sample().newest(1)[0]
    page = Portal("html5").render_article(article, TODAY).decode()
    assert simplified(page) is page
    assert simplified(page + PADDING) == page + PADDING


def test_a_script_that_compares_numbers_hides_no_text() -> None:
    script = f"<script>for(var i=0;i<n;i++){{f(i)}}var all = {{{'k = v, ' * 12_000}}}</script>"
    page = f"<html><body>{script}<h1>Заголовок</h1>{'<p>Абзац о задвижках.</p>' * 600}"
    assert simplified(page) == page
    assert len(parse(Decoded(page, "utf-8"), URL).lines) == 601


def test_what_a_drawing_calls_a_style_is_markup() -> None:
    made = simplified(PADDING + "<svg><style>" + "<div>" * (MAX_OPEN + 3) + "</style>")
    assert made.count("<div") < MAX_OPEN


def test_scripts_without_end_take_no_longer_than_others() -> None:
    assert simplified("<script>" * 100_000).startswith("<script>")


def test_tags_that_are_nested_too_deep_go_and_their_text_stays() -> None:
    made = simplified(PADDING + "<div class=a>" * (MAX_OPEN + 3) + "текст</div>")
    assert made.count("<div") == MAX_OPEN
    assert [line.text for line in parse(Decoded(made, "utf-8"), URL).lines] == ["текст"]


def test_what_is_closed_again_is_not_nested() -> None:
    page = PADDING + "<div>раз</div>" * (2 * MAX_OPEN)
    assert simplified(page) == page


def test_a_tag_with_too_many_attributes_loses_them() -> None:
    many = " ".join(f"a{number}=1" for number in range(MAX_SEPARATORS))
    made = simplified(f'{PADDING}<p {many}>текст</p><p class="b">ещё</p>')
    assert made == f'{PADDING}<p>текст</p><p class="b">ещё</p>'


def test_signs_between_quotes_do_not_end_a_tag() -> None:
    page = PADDING + "<p title=\"a > b\" class='c > d'>текст</p>"
    assert simplified(page) == page
