"""Which witness tells the date of an article: what is printed, what is declared, the address, an age."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from armcrawl.items import Article, Precision
from armcrawl.reading.page import read_page
from armcrawl.refining.chain import refine
from tests.reading.test_other_markups import PARAGRAPHS, TITLE

NOON = datetime(2026, 3, 20, 9, tzinfo=UTC)
URL = "https://zadvizhka.example/news/412/"
DAY = date(2026, 3, 12)
TEXT = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
LD = '<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": "%s"}</script>'
META = '<meta property="article:published_time" content="%s">'


def read(inside: str, head: str = "", url: str = URL) -> Article:
    """Read a page with some lines around title and text: `{title}` and `{text}` stand for them."""
    body = inside.replace("{title}", f"<h1>{TITLE}</h1>").replace("{text}", f"<div>{TEXT}</div>")
    page = f"<html><head><meta charset=utf-8><title>{TITLE}</title>{head}</head><body>{body}</body></html>"
    article = read_page(page.encode(), url, NOON).result
    assert isinstance(article, Article), article
    return refine(article, NOON).article


def day(inside: str, head: str = "", url: str = URL) -> date | None:
    published = read(inside, head, url).published
    return published.date if published is not None else None


@pytest.mark.parametrize(
    "inside",
    [
        '{title}<div><a href="/2026/03/12/">12 марта 2026</a></div>{text}',
        '{title}<a href="/arhiv/12-03/">12.03.2026, 07:30</a>{text}',
        '<div><a href="/gaz/">Газ</a> <a href="/2026/03/12/">12 марта 2026 07:30</a></div>{title}{text}',
        '{title}<p><a href="https://zadvizhka.example/news/412/">12 Мар 2026</a></p>{text}',
    ],
)
def test_a_date_line_may_be_a_link(inside: str) -> None:
    assert day(inside) == DAY


@pytest.mark.parametrize(
    "inside",
    [
        "{title}<aside><dl><dt>Подробности</dt><dd>12 марта 2026</dd></dl></aside>{text}",
        "{title}<figure><img src=/1.jpg><figcaption>12.03.2026</figcaption></figure>{text}",
        "<nav><a href=/>Главная</a> » <a href=/news/>Новости</a> » 12.03.2026</nav>{title}{text}",
        "<article>{title}{text}<footer><span>12.03.2026</span> <span>Редакция</span></footer></article>",
        "{title}<div>Новости</div><div>Игорь Лапин, 12 марта 2026, Пермь</div><div>Производство</div>{text}",
        "{title}<ul><li><a href=/r/1/>Производство</a></li><li>12.03.2026</li><li><a href=/a/>И.</a></li></ul>{text}",
        "<article><header><div>By redakciya, March 12, 2026</div></header>{title}{text}</article>",
    ],
)
def test_a_date_line_may_stand_in_whatever_holds_the_articles_lines(inside: str) -> None:
    assert day(inside) == DAY


@pytest.mark.parametrize(
    "inside",
    [
        "{title}{text}<div><time datetime='2026-03-12T10:00:00+03:00'>12.03.2026</time></div>",
        "{title}{text}<p>12 марта 2026</p>",
        "{title}{text}<div>Дата публикации:</div><div>12.03.2026</div>",
        "{title}{text}<p>Запись опубликована 12.03.2026 автором Редакция в рубрике Новости.</p>",
        "{title}{text}<p>Источник: Курганский вестник</p><p>12.03.2026</p>",
        "{title}{text}<div>Просмотров: 45 | Дата: 12.03.2026 | Рейтинг: 0.0</div>",
    ],
)
def test_a_date_directly_below_the_text_is_the_articles(inside: str) -> None:
    assert day(inside) == DAY


@pytest.mark.parametrize(
    "inside",
    [
        "{title}{text}<div><b>Виктор</b> <span>12.03.2026 10:12</span><p>Хорошо бы узнать о цене изделий.</p></div>",
        "{title}{text}<h3>Ещё</h3><div>12.03.2026</div><div><a href=/n/1/>Завод сменил и хозяина, и имя</a></div>",
        "{title}{text}<div><span>12.03.2026</span> <a href=/n/1/>Завод приводов в Перми сменил хозяина</a></div>",
        "<aside><span>12.03.2026</span><a href=/n/1/>Завод приводов в Перми сменил хозяина</a></aside>{title}{text}",
        "{title}{text}<p>Обновлено: 12.03.2026</p>",
        "{title}{text}<div>Изменено:</div><div>12.03.2026</div>",
        "{title}<p>ISBN 5-12-03-2014</p>{text}",
        "{title}<p>Выставка пройдёт 12.03.2026</p>{text}",
    ],
)
def test_the_date_of_something_else_is_not_the_articles(inside: str) -> None:
    assert day(inside) is None


@pytest.mark.parametrize(
    ("line", "head"),
    [
        (
            "Created <time datetime=2026-03-12>12.03.2026</time> | Updated <time datetime=2026-03-15>15.03.2026</time>",
            "",
        ),
        ("Обновлено: 15.03.2026 | Опубликовано: 12.03.2026", ""),
        ("Опубликовано 12 марта 2026 (обновлено 15 марта 2026)", ""),
        ("<span>12.03.2026</span><span>15.03.2026</span>", ""),
        ("10.03.2026 / 12.03.2026", LD % "2026-03-12T10:00:00+03:00"),
        (
            "Обновлено <time datetime=2026-03-15>вчера</time>, вышло <time datetime=2026-03-12>ранее</time>",
            "",
        ),
    ],
)
def test_of_two_dates_the_published_one_counts(line: str, head: str) -> None:
    assert day(f"{{title}}<div>{line}</div>{{text}}", head) == DAY


@pytest.mark.parametrize("line", ["Сегодня, 16:02", "30 февраля 2026", "Понедельник, 12 марта 2026", "25.03.2026"])
@pytest.mark.parametrize("head", [LD % "2026-03-12", META % "2026-03-12T07:30:00+03:00"])
def test_what_cannot_be_falls_to_the_next_witness_and_is_counted(line: str, head: str) -> None:
    article = read(f"{{title}}<div>{line}</div>{{text}}", head)
    assert article.published is not None
    assert article.published.date == DAY
    assert article.notes.count("date/impossible") == 1


@pytest.mark.parametrize("line", ["Сегодня, 16:02", "30 февраля 2026", "Понедельник, 12 марта 2026", "25.03.2026"])
def test_where_all_witnesses_fail_the_article_has_no_date_and_keeps_what_is_printed(line: str) -> None:
    article = read(f"{{title}}<div>{line}</div>{{text}}", LD % "2027-01-01")
    assert (article.published, article.date_text) == (None, line)
    assert article.notes.count("date/impossible") == 1


@pytest.mark.parametrize(
    ("inside", "head", "url", "expected"),
    [
        # What is printed comes before what is declared, and that before the address.
        ("{title}<div>12.03.2026</div>{text}", LD % "2026-03-11", URL, DAY),
        ("{title}<div>12.03.2026</div>{text}", "", "https://zadvizhka.example/2026/03/11/kran/", DAY),
        ("{title}{text}", META % "2026-03-12", "https://zadvizhka.example/2026/03/11/kran/", DAY),
        # What is printed relatively comes last, behind its own datetime.
        (
            "{title}<div><time datetime=2020-09-23T20:12:00+0300>сегодня в 20:12</time></div>{text}",
            "",
            URL,
            date(2020, 9, 23),
        ),
        ("{title}<div>5 минут назад</div>{text}", LD % "2020-09-23", URL, date(2020, 9, 23)),
        ("{title}<div>Вчера, 10:00</div>{text}", "", "https://zadvizhka.example/2020/09/23/kran/", date(2020, 9, 23)),
        ("{title}<div>Вчера, 10:00</div>{text}", "", URL, date(2026, 3, 19)),
        ("<div>kranovod 2 часа назад</div>{title}{text}", "", URL, date(2026, 3, 20)),
    ],
)
def test_witnesses_have_an_order(inside: str, head: str, url: str, expected: date) -> None:
    assert day(inside, head, url) == expected


@pytest.mark.parametrize(
    "path",
    [
        "/news/2026/03/12/kran/",
        "/2026/3/12/kran",
        "/20260312/kran-412.html",
        "/news/2026-03-12-kran/",
        "/a/12/03/2026/kran",
        "/12.03.2026/kran/",
        "/2026/03/12_a_412.shtml",
        "/20260312-kran.html",
    ],
)
def test_an_address_may_hold_the_day(path: str) -> None:
    assert day("{title}{text}", url=f"https://zadvizhka.example{path}") == DAY


@pytest.mark.parametrize(
    "path",
    [
        "/news/20260312/",
        "/news/vystavka-12-03-2026/",
        "/2026/13/12/kran/",
        "/2026/03/kran/",
        "/news/2026/412/",
        "/v2026.03.12.1x/",
    ],
)
def test_what_may_be_another_number_in_an_address_is_no_date(path: str) -> None:
    assert day("{title}{text}", url=f"https://zadvizhka.example{path}") is None


@pytest.mark.parametrize("line", ["14 марта, 14:09", "14 марта, 14:09 / Общество / Фото", "14.03 / Новости", "14 мар."])
@pytest.mark.parametrize(
    ("head", "path"),
    [("", "/2024/kran/"), ("", "/2024/03/kran/"), ("", "/2024/03/14/kran/"), (META % "2024-03-14", "/news/412/")],
)
def test_a_missing_year_is_told_by_another_witness(line: str, head: str, path: str) -> None:
    assert day(f"{{title}}<div>{line}</div>{{text}}", head, f"https://zadvizhka.example{path}") == date(2024, 3, 14)


@pytest.mark.parametrize(
    ("line", "expected", "precision"),
    [
        ("неделю назад", date(2026, 3, 1), Precision.MONTH),
        ("три месяца назад", date(2025, 12, 1), Precision.MONTH),
        ("2 года назад", date(2024, 1, 1), Precision.YEAR),
        ("двое суток назад", date(2026, 3, 18), Precision.DAY),
        ("2 ч. 21 мин. назад", date(2026, 3, 20), Precision.DAY),
        ("только что", date(2026, 3, 20), Precision.DAY),
        ("сен-2012", date(2012, 9, 1), Precision.MONTH),
    ],
)
def test_a_date_is_told_no_finer_than_it_is_printed(line: str, expected: date, precision: Precision) -> None:
    published = read(f"{{title}}<div>{line}</div>{{text}}").published
    assert published is not None
    assert (published.date, published.precision) == (expected, precision)


@pytest.mark.parametrize("head", ["", LD % "2026-03-20"])
def test_the_day_of_the_fetch_in_the_sites_header_is_never_the_articles(head: str) -> None:
    header = "<div><div>20 марта 2026, пятница</div><div><a href=/>Главная</a></div></div>"
    article = read(f"{header}{{title}}{{text}}", head)
    assert (article.published is not None) == bool(head)


@pytest.mark.parametrize(
    "attribute", ["itemprop=datePublished content=2026-03-12", "itemprop='datePublished' datetime='2026-03-12T10:00'"]
)
@pytest.mark.parametrize("tag", ["span", "div", "time"])
def test_microdata_of_a_line_tells_its_day(tag: str, attribute: str) -> None:
    assert day(f"{{title}}<{tag} {attribute}>на прошлой неделе</{tag}>{{text}}") == DAY


@pytest.mark.parametrize("place", ["{title}<div>%s</div>{text}", "<div>%s</div>{title}{text}"])
@pytest.mark.parametrize(
    "line",
    [
        "Thursday, March 12, 2026",
        "12th of March 2026",
        "by <a href=/a/>admin</a> | Mar 12, 2026 | <a href=/r/>Новости</a> | 0 comments",
        "Posted by admin in Новости on March 12, 2026",
        "Submitted by admin on Thu, 03/12/2026 - 10:20",
        "Автор admin На чтение 3 мин Просмотров 15 Опубликовано 12.03.2026",
        "<div>12</div><div>марта</div><div>2026</div>",
        "<span>12</span> <span>мар</span> <span>2026</span>",
    ],
)
def test_themes_have_forms_of_their_own(line: str, place: str) -> None:
    assert day(place % line) == DAY


@pytest.mark.parametrize(
    "line", ["Приказ опубликован 12.03.2026 на сайте ведомства и в газете.", "Статья от 12.03.2026"]
)
def test_a_sentence_that_tells_a_date_stays_in_the_text(line: str) -> None:
    article = read(f"{{title}}<div>{TEXT}<p>{line}</p></div>")
    assert (line in article.paragraphs) == line.endswith(".")


@pytest.mark.parametrize("number", ["(3522) 23-10-15", "Тел. редакции: 23-10-15", "Приёмная: 8 (3522) 23-10-15"])
def test_a_telephone_number_dates_nothing_and_stays_in_the_text(number: str) -> None:
    declared = META % "2026-03-12T10:00:00+03:00"
    assert day(f"<div>{number}</div>{{title}}{{text}}", declared) == DAY
    assert day(f"<div>{number}</div>{{title}}{{text}}") is None
    line = f"Заявки принимает Мария Иванова, {number}"
    told = "{title}<div>" + TEXT.replace("</p>", f"</p><p>{line}</p>", 1) + "</div>"
    assert line in read(told).paragraphs


@pytest.mark.parametrize(
    "dateline",
    [
        "Сызрань, 12 марта 2026 г. — ",
        "<b>СЫЗРАНЬ, 12 марта 2026 года</b> – ",
        "Нижний Новгород, 12.03.2026. — ",
        "г. Сызрань, 12 марта 2026 /ПРЕСС-РЕЛИЗ/ — ",
        "Ростов-на-Дону, Россия, 12 марта 2026 г. — ",
    ],
)
def test_a_press_release_tells_its_day_before_its_first_sentence(dateline: str) -> None:
    text = TEXT.replace("<p>", f"<p>{dateline}", 1)
    told = f"{{title}}<div>{text}</div>"
    assert day(told) == DAY
    assert PARAGRAPHS[0] in read(told).paragraphs[0]
    assert len(read(told).paragraphs) == len(PARAGRAPHS)
    assert day(told, LD % "2026-03-11") == date(2026, 3, 11)


@pytest.mark.parametrize(
    "begin", ["Сызрань, 12 марта 2026 года. ", "В Сызрани 12 марта 2026 г. — ", "12 марта 2026 года — "]
)
def test_a_sentence_that_begins_with_a_day_is_no_press_release(begin: str) -> None:
    text = TEXT.replace("<p>", f"<p>{begin}", 1)
    assert day(f"{{title}}<div>{text}</div>") is None


@pytest.mark.parametrize(
    "above",
    [
        "<div><div>Ближайшие выставки</div><div><span>10.03.2026</span><a href=/e/1/>Арматура Волги</a></div></div>",
        "<div><div>Четверг, 12 марта 2026</div></div><ul><li><a href=/n/>Новости</a></li></ul>",
        "<table><tr><td>12.03.2026</td><td>+3 °C</td></tr></table>",
    ],
)
def test_a_day_outside_of_what_holds_title_and_text_is_not_the_articles(above: str) -> None:
    assert day(f"{above}<div>{{title}}{{text}}</div>") is None
    assert day(f"{above}<div><div>11.03.2026</div>{{title}}{{text}}</div>") == date(2026, 3, 11)


@pytest.mark.parametrize("rates", ["USD ЦБ 12.03.2026: 90,12", "Доллар на 12.03.2026", "12.03.2026: USD 90,12"])
def test_the_day_of_rates_is_not_the_articles(rates: str) -> None:
    assert day(f"<div>{rates}</div><ul><li><a href=/n/>Новости</a></li></ul>{{title}}{{text}}") is None


@pytest.mark.parametrize(
    "line",
    [
        "Москва, Экспоцентр, 10 марта 2026",
        "Гостиница «Волга», Самара, 10 марта 2026 года",
        "Приказ Ростехнадзора от 12.02.2026 № 345",
        "Приём заявок до 1 марта 2026",
        "Дата проведения: 12 марта 2026 года",
    ],
)
def test_a_day_that_the_text_tells_stays_in_the_text(line: str) -> None:
    article = read(f"{{title}}<div><p>{line}</p>{TEXT}</div>")
    assert article.published is None
    assert article.paragraphs[0] == line


@pytest.mark.parametrize(
    "line",
    [
        "Иван Петров, специально для «Арматуры сегодня», 12 марта 2026 года",
        "Источник: «Вчера и сегодня», 12.03.2026",
        "Журнал «Сегодня», 12 марта 2026",
    ],
)
def test_a_word_of_a_name_hides_no_date(line: str) -> None:
    assert day(f"{{title}}<div>{line}</div>{{text}}") == DAY
