"""Pages in markups that the sample portal has not: blocks in any reasonable order, read all the same."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest

from armcrawl.items import Article
from armcrawl.reading.page import read_page
from armcrawl.refining.chain import refine
from tests.conftest import FETCHED_AT

TITLE = "Курганский завод собрал первую задвижку с цифровым паспортом"
PARAGRAPHS = (
    "На участке сборки Курганского завода испытали задвижку DN 300, данные о которой записаны в метку на корпусе.",
    "По словам главного конструктора Павла Тихомирова, паспорт читается обычным телефоном и не боится мороза.",
    "Серию из двухсот изделий обещают отгрузить до конца квартала, о ценах на предприятии пока не говорят.",
)
ATTRIBUTION = "Пресс-служба МЦ Armtorg по материалам Курганского завода"
TAGS = [("Курганского завода", "https://armtorg.ru/tema/17"), ("цифровой паспорт", "https://armtorg.ru/tema/230")]
URL = "https://armtorg.ru/news/4711"

HEADER = "<div>23 Ноября 2026г, Понедельник</div><div>€ — 91.2030, $ — 78.1144</div><div><a href='/'>Главная</a></div>"
TEASERS = "".join(
    f"<div><div><a href='/news/{number}'>{title}</a></div><div>{lead}</div></div>"
    for number, title, lead in (
        (
            5001,
            "В Перми открыли стенд для испытаний затворов",
            "Стенд позволяет проверять изделия до DN 1200 без кранов.",
        ),
        (5002, "Поставщики литья пересмотрели цены на заготовки", "Рост составил от трёх до семи процентов за месяц."),
        (
            5003,
            "Студенты защитили проекты по трубопроводной арматуре",
            "Лучшие работы отправят на отраслевой конкурс в мае.",
        ),
    )
)
READ_ALSO = "<div>Читайте также: <a href='/news/4000'>Как завод менял станки и что из этого вышло</a></div>"
CALL = "<div>Подпишитесь на наш Telegram-канал, чтобы первыми узнавать новости отрасли.</div>"
PHOTO = "<div><img src='/uploads/z300.jpg'><div>Задвижка на стенде завода</div></div>"
COMMENTS = (
    "<div><div>Комментарии</div>"
    "<div><b>Виктор</b> <span>24.11.2020, 10:12</span>"
    "<div>Хорошая новость, ждём подробностей о сроках и цене изделия.</div></div>"
    "<div><b>Ольга С.</b> <span>25.11.2020, 18:40</span>"
    "<div>Интересно, кто ещё из заводов готов к такой маркировке?</div></div></div>"
)
FOOTER = "<div>© 2007–2026 Армторг</div><div>Портал рассказывает о трубопроводной арматуре и её производителях.</div>"


def page(tag: str, *, date_above: bool, teasers_above: bool, with_asides: bool, with_comments: bool) -> str:
    when = "<div>20 Ноября 2020 <span>1345</span></div>"
    heading = f"{when}<h2>{TITLE}</h2>" if date_above else f"<h2>{TITLE}</h2>{when}"
    first, second, third = (f"<{tag}>{text}</{tag}>" for text in PARAGRAPHS)
    linked = second.replace("обычным телефоном", "<a href='https://example.org/app'>обычным телефоном</a>")
    asides = (PHOTO, READ_ALSO, CALL) if with_asides else ("", "", "")
    body = f"<div>{asides[0]}{first}{asides[1]}{linked}{asides[2]}{third}</div>"
    tags = " ".join(f"<a href='{address.removeprefix('https://armtorg.ru')}'>{name}</a>" for name, address in TAGS)
    end = f"<div>{ATTRIBUTION}</div><div>{tags}</div>"
    above, below = (f"<div>{TEASERS}</div>", "") if teasers_above else ("", f"<div>{TEASERS}</div>")
    comments = COMMENTS if with_comments else ""
    return (
        f"<html><head><title>{TITLE} — Армторг</title></head><body><div>{HEADER}</div>{above}"
        f"<div>{heading}{body}{end}</div>{below}{comments}<div>{FOOTER}</div></body></html>"
    )


def read(html: str) -> Article:
    result = read_page(html.encode(), URL, FETCHED_AT).result
    assert isinstance(result, Article), result
    return refine(result, FETCHED_AT).article


ORDERS = list(product(("p", "div", "section"), (True, False), (True, False), (True, False), (True, False)))


@pytest.fixture(params=ORDERS, ids=lambda order: "-".join(map(str, order)))
def article(request: pytest.FixtureRequest) -> Article:
    tag, date_above, teasers_above, with_asides, with_comments = request.param
    html = page(
        tag,
        date_above=date_above,
        teasers_above=teasers_above,
        with_asides=with_asides,
        with_comments=with_comments,
    )
    return read(html)


def test_the_title_is_the_heading(article: Article) -> None:
    assert article.title == TITLE


def test_the_date_is_the_articles_own(article: Article) -> None:
    assert article.published is not None
    assert article.published.date == date(2020, 11, 20)


def test_the_body_is_the_paragraphs_and_nothing_else(article: Article) -> None:
    assert article.paragraphs == PARAGRAPHS


def test_the_attribution_is_the_line_as_printed(article: Article) -> None:
    assert article.attribution is not None
    assert article.attribution.line == ATTRIBUTION


def test_tags_are_found_without_a_label(article: Article) -> None:
    assert [(tag.printed, tag.address) for tag in article.tags] == TAGS


def test_without_a_date_of_its_own_an_article_has_none() -> None:
    html = page("p", date_above=True, teasers_above=False, with_asides=True, with_comments=True)
    assert read(html.replace("20 Ноября 2020 <span>1345</span>", "")).published is None
