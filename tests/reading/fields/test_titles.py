"""The title: which of the lines that could be one is it, and what of the line."""

from __future__ import annotations

import pytest

from armcrawl.items import Article
from armcrawl.reading.page import read_page
from tests.conftest import FETCHED_AT
from tests.reading.test_other_markups import PARAGRAPHS

URL = "https://zadvizhka.example/news/412/"
SITE = "Вестник арматурщика"
TITLE = "Завод в Сызрани собрал первую партию кранов"
TEXT = "<div>12 марта 2020</div>" + "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)


def title(body: str, page_title: str = "", head: str = "") -> str:
    html = f"<html><head><title>{page_title}</title>{head}</head><body>{body}{TEXT}</body></html>"
    result = read_page(html.encode(), URL, FETCHED_AT).result
    assert isinstance(result, Article), result
    return result.title


@pytest.mark.parametrize("rubric", ["Эксклюзив | ", "Новости · ", "Фото недели — "])
@pytest.mark.parametrize(
    ("page_title", "head"),
    [
        (f"{TITLE} - {SITE}", ""),
        ("", f'<meta property="og:title" content="{TITLE}">'),
        (
            f"{TITLE} | Новости | {SITE}",
            f'<script type="application/ld+json">{{"@type":"Article","headline":"{TITLE}"}}</script>',
        ),
    ],
)
def test_a_rubric_before_the_declared_title_is_no_part_of_it(rubric: str, page_title: str, head: str) -> None:
    assert title(f"<h1>{rubric}{TITLE}</h1>", page_title, head) == TITLE


@pytest.mark.parametrize(
    ("subtitle", "declared"),
    [
        ("«Мы просто перестали ждать»", "Пётр Зимин: «Мы просто перестали ждать»"),
        ("Разговор с главным инженером", "Пётр Зимин. Разговор с главным инженером"),
        ("О сроках и ценах", "Пётр Зимин о людях. О сроках и ценах"),
    ],
)
def test_the_only_heading_does_not_lose_to_a_part_of_what_is_declared(subtitle: str, declared: str) -> None:
    heading = "Пётр Зимин о кранах, сроках и людях"
    body = f"<h1>{heading}</h1><div class=sub>{subtitle}</div>"
    assert title(body, f"{declared} - {SITE}", f'<meta property="og:title" content="{declared}">') == heading


@pytest.mark.parametrize(
    "site",
    [
        f"<h1><a href=/>{SITE}</a></h1>",
        f"<a href=/><h1>{SITE}</h1></a>",
        f"<a href=/><img src=/logo.png alt='{SITE}'></a><h1>{SITE}</h1>",
        f"<header><h1>{SITE}</h1></header>",
        "<h1>Всё о кранах, задвижках и затворах</h1>",
    ],
)
@pytest.mark.parametrize("page_title", [f"{TITLE} — {SITE}", f"{SITE} | {TITLE}"])
def test_what_the_site_calls_itself_is_no_title_even_in_a_first_heading(site: str, page_title: str) -> None:
    assert title(f"{site}<h2>{TITLE}</h2>", page_title) == TITLE


def test_a_page_title_that_is_only_the_sites_says_nothing() -> None:
    assert title(f"<h1>{SITE}</h1><h2>{TITLE}</h2>", SITE, f'<meta property="og:site_name" content="{SITE}">') == TITLE


@pytest.mark.parametrize("copy", [f"<div>{TITLE} - {SITE}, 12.03.2020</div>", f"<div hidden>{TITLE}!</div>"])
def test_a_copy_for_machines_does_not_win(copy: str) -> None:
    assert (
        title(f"{copy}<div>{TITLE}</div><h1>Сызрань: краны пойдут в теплосети</h1>", f"{TITLE} - {SITE}, 12.03.2020")
        == TITLE
    )


@pytest.mark.parametrize(
    "sign",
    ["<a href='#kran'>¶</a>", "<a href='/news/412/#kran'>#</a>", "<a class=anchor href='#kran'><span>§</span></a>"],
)
def test_a_sign_that_leads_to_the_heading_itself_is_no_part_of_it(sign: str) -> None:
    assert title(f"<h1>{TITLE}{sign}</h1>", f"{TITLE} - {SITE}") == TITLE


def test_a_sign_that_is_printed_stays() -> None:
    assert (
        title("<h1>Станок считает на языке C#</h1>", f"Станок считает на языке C# - {SITE}")
        == "Станок считает на языке C#"
    )


@pytest.mark.parametrize(
    "address", ["http://zadvizhka.example/news/412", "https://www.zadvizhka.example/news/412/?from=main"]
)
def test_a_heading_may_lead_to_its_own_page(address: str) -> None:
    assert title(f"<h2><a href='{address}'>{TITLE}</a></h2>", f"{TITLE} - {SITE}") == TITLE


MENU = "".join(f"<a href='/{n}/'>{name}</a> " for n, name in enumerate(("Заводы", "Новинки недели", "Цены", "Журнал")))
DAY = "<div>12 марта 2020</div>"


@pytest.mark.parametrize(
    ("above", "page_title"),
    [
        ("<h1>Новости</h1>", f"Новости - {SITE}"),
        ("<h1>Новости отрасли</h1>", f"Новости отрасли - {SITE}"),
        ("<h1>Пресс-центр</h1>", "Пресс-центр"),
        (f"<div>{MENU}</div><h1>Новинки недели</h1>", f"Новинки недели | {SITE}"),
        (
            f"<h1>Портал трубопроводной арматуры</h1><ul><li>{MENU}</li></ul>",
            f"{SITE} - портал трубопроводной арматуры",
        ),
        (f"<h1>Портал трубопроводной арматуры</h1><div>{MENU}</div>", "Портал трубопроводной арматуры"),
        ("", f"{SITE} | Новости"),
    ],
)
@pytest.mark.parametrize(
    "heading", [f"<h2>{TITLE}</h2>", f"<div class=n><h3>{TITLE}</h3></div>", f"<p><b>{TITLE}</b></p>"]
)
@pytest.mark.parametrize("place", ["{heading}", f"{DAY}{{heading}}", "{heading}<span>1208 просмотров</span>"])
def test_a_rubric_or_a_slogan_loses_to_the_heading_beside_date_and_text(
    above: str, page_title: str, heading: str, place: str
) -> None:
    assert title(above + place.format(heading=heading), page_title) == TITLE


@pytest.mark.parametrize(
    ("heading", "between"),
    [
        ("Материалы для седла клапана", ""),
        ("Интервью с Петром Зиминым", ""),
        ("Краны для Сызрани", "<div><a href='/t/1/'>краны</a> <a href='/t/2/'>Сызрань</a></div>"),
        ("Краны для Сызрани", f"<div>{MENU.replace('href=', 'href=https://share.example')}</div>"),
        ("Краны для Сызрани", f"{DAY}<p>{PARAGRAPHS[0]}</p>"),
    ],
)
def test_a_title_does_not_lose_to_its_subtitle(heading: str, between: str) -> None:
    body = f"<h1>{heading}</h1>{between}<h2>Двести изделий отгрузят до конца весны</h2>"
    assert title(body, f"{heading} — {SITE}") == heading


def test_a_rubric_above_a_list_stays_the_heading() -> None:
    entries = "".join(f"<h3>{TITLE}, {n}</h3>{DAY}<p>{text}</p>" for n, text in enumerate(PARAGRAPHS))
    html = f"<html><head><title>Новости</title></head><body><h1>Новости</h1>{entries}</body></html>"
    result = read_page(html.encode(), URL, FETCHED_AT).result
    assert not isinstance(result, Article) or result.title == "Новости"


@pytest.mark.parametrize(
    "heading",
    [
        f"12.03.2020 — {TITLE}",
        f"12.03.2020. {TITLE}",
        f"12.03.2020 {TITLE}",
        f"<small>12 марта 2020</small> {TITLE}",
        f"<span>12.03.2020</span> {TITLE}",
        f"{TITLE} (12.03.2020)",
        f"{TITLE} <small>12 марта 2020 г.</small>",
    ],
)
def test_a_date_at_either_end_of_the_heading_is_the_articles_and_no_part_of_the_title(heading: str) -> None:
    text = TEXT.removeprefix(DAY)
    html = f"<html><head><title>{TITLE} - {SITE}</title></head><body><h1>{heading}</h1>{text}</body></html>"
    result = read_page(html.encode(), URL, FETCHED_AT).result
    assert isinstance(result, Article)
    assert result.title == TITLE
    assert result.date_text is not None
    assert result.date_text.startswith("12")


@pytest.mark.parametrize(
    "heading", ["12 марта 2020 года — день арматурщика", "Что изменится на заводе 12 марта 2020 года"]
)
def test_a_day_that_the_declared_title_has_is_a_part_of_it_and_dates_nothing(heading: str) -> None:
    text = TEXT.removeprefix(DAY)
    html = f"<html><head><title>{heading} - {SITE}</title></head><body><h1>{heading}</h1>{text}</body></html>"
    result = read_page(html.encode(), URL, FETCHED_AT).result
    assert isinstance(result, Article)
    assert result.title == heading
    assert result.date_text is None
