"""A text that goes on in a further element beside the first is read whole; what is of something else stays out."""

from __future__ import annotations

import pytest

from armcrawl.items import Article
from armcrawl.reading.page import read_page
from armcrawl.refining.chain import refine
from tests.conftest import FETCHED_AT

TITLE = "Воткинский завод собрал затвор для плотины"
ONE = "Воткинский завод собрал дисковый затвор для плотины на реке Каме."
TWO = "Диск отлили в Перми, а привод к нему поставили сборщики из Тулы."
THREE = "На испытаниях затвор закрыли под напором двести раз, течи не нашли."
FOUR = "В августе его повезут к реке на барже, по дороге он не проходит."
TEXT = (ONE, TWO, THREE, FOUR)
HEAD = f"<h1>{TITLE}</h1><div>12.11.2026</div>"
FIRST, SECOND = f"<p>{ONE}</p><p>{TWO}</p>", f"<p>{THREE}</p><p>{FOUR}</p>"
ADDRESSES = ("https://armtorg.ru/news/4711", "https://example-press.ru/novosti/zatvor/")


def article(body: str, url: str = ADDRESSES[1]) -> Article:
    html = f"<html><head><title>{TITLE} — Вестник</title></head><body>{body}</body></html>"
    result = read_page(html.encode(), url, FETCHED_AT).result
    assert isinstance(result, Article), result
    return refine(result, FETCHED_AT).article


@pytest.mark.parametrize("url", ADDRESSES)
@pytest.mark.parametrize(
    "html",
    [
        "{head}<div class='intro'>{first}</div><div class='full'>{second}</div>",
        "<div class='d'>{head}<div class='preview-text'>{first}</div><div class='detail-text'>{second}</div></div>",
        "{head}<div id='a' class='a'>{first}</div><section>{second}</section>",
        "{head}<table class='a'><tr><td>{first}</table><table class='b'><tr><td>{second}</table>",
        "{head}<div class='a'>{first}</div><div><img src='/a.jpg'></div><div class='b'>{second}</div>",
        "{head}<div class='a'>{first}</div><div><a href='/buy'>Затворы</a></div><div class='b'>{second}</div>",
        "{head}<div class='a'>{first}</div><p>Реклама. ООО «Ромашка», erid: 2VtzqwAb</p><div class='b'>{second}</div>",
        "{head}<div><div class='a'>{first}</div></div><div class='wide'><div class='b'>{second}</div></div>",
        "<article>{head}<div><div class='a'>{first}</div><div class='b'>{classy}</div></div></article>",
        "<header>{head}</header><div class='a'>{one}<br><br>{two}</div><div class='b'>{three}<br><br>{four}</div>",
    ],
)
def test_a_text_in_two_elements_is_read_whole(html: str, url: str) -> None:
    classy = SECOND.replace("<p>", "<p class='k'>")
    made = html.format(head=HEAD, first=FIRST, second=SECOND, classy=classy, one=ONE, two=TWO, three=THREE, four=FOUR)
    assert article(made, url).paragraphs == TEXT


def test_sections_keep_their_headings() -> None:
    html = (
        f"{HEAD}<section class='s1'><h2>Литьё</h2>{FIRST}</section><section class='s2'><h2>Опыты</h2>{SECOND}</section>"
    )
    assert article(html).paragraphs == ("Литьё", ONE, TWO, "Опыты", THREE, FOUR)


def test_a_part_may_begin_with_the_words_of_a_box() -> None:
    told = "О компании из Перми на приёмке говорили больше, чем о затворе."
    html = f"{HEAD}<div class='a'>{FIRST}</div><div class='b'><p>{told}</p><p>{FOUR}</p></div>"
    assert article(html).paragraphs == (ONE, TWO, told, FOUR)


def test_an_advertisement_with_a_sentence_parts_no_text() -> None:
    advertisement = (
        "<div class='x'><p>Реклама. Затворы со склада в Перми за один день, скидки оптовым покупателям.</p></div>"
    )
    html = f"{HEAD}<div class='t1'>{FIRST}</div>{advertisement}<div class='t2'>{SECOND}</div>"
    assert article(html).paragraphs == TEXT


ABOUT = (
    "<p>Журнал «Вестник» выходит с 2005 года и рассказывает о плотинах и людях.</p>"
    "<p>Он печатает обзоры, беседы и чертежи, тираж — пять тысяч экземпляров.</p>"
)
SHOP = (
    "<p>Мы открыли вторую лавку. <a href='/shop'>Приходите посмотреть на затворы и краны</a>.</p>"
    "<p>А ещё у нас скидки. <a href='/sale'>Всё о скидках на краны и затворы</a>.</p>"
)


@pytest.mark.parametrize(
    "box",
    [
        f"<div class='side'>{ABOUT}</div>",
        f"<div class='col'><div id='sidebar'>{ABOUT}</div></div>",
        f"<div class='page-footer'>{ABOUT}</div>",
        f"<aside>{ABOUT}</aside>",
        f"<div class='x'><h3>О журнале</h3>{ABOUT}</div>",
        f"<h3>О журнале</h3><div class='x'>{ABOUT}</div>",
        f"<div class='x'><div>Читайте также</div><h3>Похожие статьи</h3>{ABOUT}</div>",
        "<div class='x'><p>Журнал «Вестник» выходит с 2005 года и рассказывает о плотинах.</p></div>",
        f"<div class='x'>{ABOUT}<p>Подпишитесь на журнал, чтобы не пропустить обзор о затворах.</p></div>",
        f"<div class='x'>{SHOP}</div>",
    ],
)
def test_a_box_below_the_text_in_the_element_of_the_title_stays_out(box: str) -> None:
    assert article(f"{HEAD}<div class='text'>{FIRST}{SECOND}</div>{box}").paragraphs == TEXT


def test_prose_below_the_containers_is_counted_up_to_what_ends_the_article() -> None:
    left = "Журнал «Вестник» выходит с 2005 года и рассказывает о плотинах."
    box = f"<div class='x'><p>{left}</p></div>"
    text = f"{HEAD}<div class='text'>{FIRST}{SECOND}</div>"
    found = article(f"{text}{box}<p>© Вестник</p>{box}")
    assert (found.paragraphs, found.evidence["body"].left_out) == (TEXT, len(left))
    assert "body/left_out" in found.notes
    assert "body/left_out" not in article(f"{text}<p>© Вестник</p>{box}").notes
    assert "body/left_out" not in article(f"{text}<h3>Похожие новости</h3>{box}").notes
