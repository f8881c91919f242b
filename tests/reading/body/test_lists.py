"""Lists of articles are no articles, in whatever system; an article is one, whatever stands around it."""

from __future__ import annotations

from itertools import product

import pytest

from armcrawl.items import Article, NotAnArticle, Reason
from armcrawl.reading.page import read_page
from tests.conftest import FETCHED_AT
from tests.reading.content_systems import HOST, POSTS, SYSTEMS, Post, System

LISTS = [
    pytest.param(system, number, id=f"{system.name}-{number}")
    for system in SYSTEMS
    for number in range(len(system.lists))
]
ADDRESSES = {"Метка: клапаны": "/tag/7/", "Результаты поиска: задвижка": "/?s=x", "Производство": "/rubric/3/"}
ARTICLES = [pytest.param(system, post, id=f"{system.name}-{post.slug}") for system, post in product(SYSTEMS, POSTS)]

TITLE = "Котельную в Кирове перевели на поворотные затворы"
SENTENCES = (
    "Старые задвижки сняли за одну ночь, и утром город получил тепло по расписанию.",
    "Новые затворы открываются за восемь секунд, прежние задвижки приходилось крутить по четыре минуты.",
    "Монтажники говорят, что труднее всего было найти место для приводов в тесном подвале.",
)
HEADLINES = tuple(
    f"{what} {where}"
    for where in ("в Перми", "под Тулой", "на Урале", "в Коврове")
    for what in (
        "Завод открыл новый участок сборки приводов",
        "Насосную станцию остановили на неделю ради ремонта",
        "Конструкторы показали задвижку с прозрачным корпусом",
        "Учебный центр набрал первую группу сварщиков",
    )
)
LEAD = "Подробности рассказали на совещании главных инженеров, которое прошло в начале недели."


def read(html: str, address: str = "/2025/03/zatvory/") -> Article | NotAnArticle:
    return read_page(html.encode(), HOST + address, FETCHED_AT, "text/html").result


def page(*blocks: str, title: str = f"{TITLE} — Листок") -> str:
    return f"<!DOCTYPE html><html><head><title>{title}</title></head><body>{''.join(blocks)}</body></html>"


def teasers(count: int, block: str) -> str:
    return "".join(block.format(n=n, title=HEADLINES[n], lead=LEAD) for n in range(count))


def text(count: int) -> str:
    return "".join(f"<p>{sentence}</p>" for sentence in SENTENCES[:count])


@pytest.mark.parametrize(("system", "number"), LISTS)
@pytest.mark.parametrize("heading", ADDRESSES)
@pytest.mark.parametrize("size", [2, 3, 5])
def test_a_list_of_a_content_system_is_no_article(system: System, number: int, heading: str, size: int) -> None:
    if system.name == "blogger":
        heading = "Метка: клапаны"  # its lists are headed by dates alone
    result = read(system.list_page(number, heading, POSTS[:size]), ADDRESSES[heading])
    assert isinstance(result, NotAnArticle), result
    assert result.reason in {Reason.LISTING, Reason.SERVICE_PAGE, Reason.EMPTY}


@pytest.mark.parametrize("name", ["wp-2012", "wp-2020", "hexo", "drupal", "joomla", "ghost", "papermod", "dle"])
def test_a_list_of_one_article_is_none(name: str) -> None:
    system = next(system for system in SYSTEMS if system.name == name)
    assert isinstance(read(system.list_page(0, "Производство", POSTS[1:2]), "/rubric/3/"), NotAnArticle)


@pytest.mark.parametrize(("system", "post"), ARTICLES)
def test_an_article_of_a_content_system_is_one(system: System, post: Post) -> None:
    result = read(system.article_page(post), post.address)
    assert isinstance(result, Article), result
    assert result.title.startswith(post.title)


CARDS = {
    "card": "<div class=card><h3><a href='/news/{n}/'>{title}</a></h3><p>{lead}</p></div>",
    "link": "<div class=card><a href='/news/{n}/'>{title}</a></div>",
    "dated": "<div><span>1{n} марта 2025</span><a href='/news/{n}/'><b>{title}</b></a><div>{lead}</div></div>",
}


@pytest.mark.parametrize("card", CARDS)
@pytest.mark.parametrize("sentences", [1, 2, 3])
@pytest.mark.parametrize("label", ["<h2>Читайте также</h2>", "<h2>Ещё на сайте</h2>", ""])
def test_a_short_dated_article_above_a_long_list_is_one(card: str, sentences: int, label: str) -> None:
    below = f"<div>{label}{teasers(9, CARDS[card])}</div>"
    html = page(f"<div><h1>{TITLE}</h1><div>12 марта 2025</div><div>{text(sentences)}</div></div>", below)
    assert isinstance(read(html), Article)


@pytest.mark.parametrize("card", CARDS)
def test_an_article_without_a_date_beside_a_column_of_headlines_is_one(card: str) -> None:
    column = f"<div class=side>{teasers(16, CARDS[card])}</div>"
    main = f"<div class=main><h1>{TITLE}</h1>{text(3)}</div>"
    assert isinstance(read(page(main, column)), Article)
    assert isinstance(read(page(column, main)), Article)


def test_a_digest_with_linked_headings_is_an_article() -> None:
    sections = "".join(
        f"<h2><a href='/news/{n}/'>{HEADLINES[n]}</a></h2><p>{LEAD} {SENTENCES[n % 3]}</p>" for n in range(5)
    )
    html = page(f"<div><h1>Главное за неделю</h1><div>14 марта 2025</div>{sections}</div>", title="Главное за неделю")
    assert isinstance(read(html), Article)


def test_an_article_between_links_to_its_neighbours_is_one() -> None:
    before, after = (f"<div><a href='/news/{n}/'>{HEADLINES[n]}</a></div>" for n in (0, 1))
    assert isinstance(read(page(before, f"<h1>{TITLE}</h1>{text(3)}", after)), Article)


def test_an_article_of_many_links_is_one() -> None:
    linked = "".join(f"<p>{SENTENCES[n % 3]} <a href='/news/{n}/'>{HEADLINES[n]}</a>.</p>" for n in range(12))
    assert isinstance(read(page(f"<h1>{TITLE}</h1>{linked}")), Article)


def test_an_article_with_comments_is_one() -> None:
    comments = "".join(
        f"<div class=comment><div><a href='/user/{n}/'>Пётр Иванов {n}</a> <a href='#c{n}'>1{n}.03.2025</a></div>"
        f"<p>{LEAD}</p></div>"
        for n in range(8)
    )
    html = page(f"<h1>{TITLE}</h1><div>12 марта 2025</div>{text(2)}<div><h3>Комментарии</h3>{comments}</div>")
    assert isinstance(read(html), Article)


@pytest.mark.parametrize("address", ["/", "/index.php", ""])
def test_what_stands_at_the_address_of_the_home_page_is_no_article(address: str) -> None:
    result = read(page(f"<h1>{TITLE}</h1>{text(3)}"), address)
    assert isinstance(result, NotAnArticle)
    assert result.reason is Reason.LISTING


@pytest.mark.parametrize("address", ["/?p=412", "/index.php?newsid=412", "/?article=zatvory"])
def test_an_article_that_is_named_in_the_query_is_one(address: str) -> None:
    assert isinstance(read(page(f"<h1>{TITLE}</h1>{text(3)}"), address), Article)


@pytest.mark.parametrize(
    "head", [f"<link rel='canonical' href='{HOST}/'>", f"<meta property='og:url' content='{HOST}'>"]
)
def test_a_page_that_declares_itself_the_home_page_is_no_article(head: str) -> None:
    html = page(f"<h1>{TITLE}</h1>{text(3)}").replace("</head>", f"{head}</head>")
    assert isinstance(read(html), NotAnArticle)


def test_a_dated_article_is_one_though_its_head_names_the_home_page() -> None:
    html = page(f"<h1>{TITLE}</h1><div>12 марта 2025</div>{text(3)}")
    head = f"<meta property='og:type' content='website'><meta property='og:url' content='{HOST}/'></head>"
    assert isinstance(read(html.replace("</head>", head)), Article)


@pytest.mark.parametrize("card", CARDS)
def test_the_day_in_the_head_of_the_site_dates_no_list(card: str) -> None:
    today = "<div><div>Пятница, 14 марта 2025</div></div>"
    html = page(today, "<h1>Производство</h1>", teasers(6, CARDS[card]), title="Производство — Листок")
    assert isinstance(read(html, "/rubric/3/"), NotAnArticle)


@pytest.mark.parametrize(
    "title",
    [
        "Пользовательское соглашение",
        "Политика конфиденциальности",
        "Политика конфиденциальности Листка",
        "Правила использования материалов сайта listok.example.ru",
        "Условия пользования порталом «Листок»",
        "Контакты",
        "Результаты поиска",
        "Вакансии",
        "О журнале",
        "Об издании",
        "Рекламодателям",
        "Реклама в журнале",
        "Редакция",
        "Подписка на журнал",
        "Наши партнёры",
        "Требования к статьям",
    ],
)
def test_a_page_that_every_site_has_is_no_article(title: str) -> None:
    menu = "".join(f"<a href='/{n}/'>Раздел {n}</a>" for n in range(8))
    result = read(page(f"<nav>{menu}</nav><h1>{title}</h1>{text(3)}", title=f"{title} — Листок"), "/page/")
    assert isinstance(result, NotAnArticle)
    assert result.reason is Reason.SERVICE_PAGE


@pytest.mark.parametrize("rubric", ["Комментарии", "О компании", "Отзывы"])
def test_a_rubric_behind_the_title_is_not_what_the_page_is(rubric: str) -> None:
    assert isinstance(read(page(f"<h1>{TITLE}</h1>{text(3)}", title=f"{TITLE} — {rubric} — Листок")), Article)


OUT_OF_ORDER = ("Сайт временно недоступен", "502 Bad Gateway", "Домен продаётся")
REFUSALS = (
    "Доступ к запрашиваемому ресурсу ограничен",
    "Ваш IP-адрес заблокирован",
    "Подтвердите, что запросы отправляли вы, а не робот",
    "Attention Required! | Security",
    *OUT_OF_ORDER,
)


@pytest.mark.parametrize("heading", REFUSALS)
def test_a_page_that_shows_none_of_the_site_is_a_block_or_an_outage_however_long_it_is(heading: str) -> None:
    html = page(f"<h1>{heading}</h1>{text(3) * 4}", title=heading)
    result = read(html)
    assert isinstance(result, NotAnArticle)
    assert result.reason is (Reason.UNAVAILABLE if heading in OUT_OF_ORDER else Reason.BLOCKED)


def test_news_of_a_block_are_an_article() -> None:
    title = "Доступ к сайту поставщика ограничен на время ремонта"
    menu = "".join(f"<a href='/{n}/'>Раздел {n}</a>" for n in range(8))
    html = page(f"<nav>{menu}</nav><h1>{title}</h1>{text(3) * 4}", title=f"{title} — Листок")
    assert isinstance(read(html), Article)


ROWS = "".join(
    f"<div class=c><a href='/video/{n}/'><img src='/v{n}.jpg'><span>Сюжет {n}</span></a></div>" for n in range(6)
)


def test_a_link_over_a_card_makes_it_an_entry_and_an_icon_does_not() -> None:
    card = "<div><h2>{title}</h2><p>{lead}</p><a href='/news/{n}/' aria-label='Читать: {title}'></a></div>"
    assert isinstance(read(page(teasers(2, card), title="Листок"), "/page/2/"), NotAnArticle)
    icon = "<a href='/print/412/' aria-label='Напечатать'></a>"
    assert isinstance(read(page(f"<div><h1>{TITLE}</h1>{icon}{text(3)}</div>")), Article)


@pytest.mark.parametrize("where", ["above", "below", "beside"])
def test_pictures_that_lead_elsewhere_make_no_photo_list(where: str) -> None:
    news = f"<div><h1>{TITLE}</h1><div>12 марта 2025</div>{text(2)}</div>"
    rows = f"<div class=videos>{ROWS}</div>"
    blocks = {"above": (rows, news), "below": (news, rows), "beside": (f"<div>{rows}</div><div>{news}</div>",)}
    assert isinstance(read(page(*blocks[where])), Article)


@pytest.mark.parametrize("number", ["Тел. (3522) 23-10-15", "(8412) 12-11-10", "факс: 23-10-15"])
@pytest.mark.parametrize("title", ["Контакты", "Страница не найдена"])
def test_a_telephone_number_makes_no_article_of_a_page_that_is_none(title: str, number: str) -> None:
    said = "К сожалению, такой страницы на сайте нет." if title != "Контакты" else "Пенза, улица Победы, дом 75."
    assert isinstance(read(page(f"<h1>{title}</h1><p>{said}</p><div>{number}</div>", title=title)), NotAnArticle)


DATED = '<meta property="article:published_time" content="2025-03-12T10:00:00+03:00">'
PHOTOS = "".join(f"<div><img src='/f{n}.jpg'></div>" for n in range(5))
SCRIPTS = "<div>Для работы сайта включите JavaScript в настройках браузера.</div>"
CAPTCHA = "<div>Форма защищена от роботов: введите captcha.</div>"


def news(title: str, above: str = "", below: str = "", beside: str = "", head: str = "") -> Article | NotAnArticle:
    html = page(above, f"<h1>{title}</h1>{beside}{text(2)}", below, title=f"{title} — Листок")
    return read(html.replace("</head>", f"{head}</head>"))


@pytest.mark.parametrize(
    ("title", "above", "below"),
    [
        (TITLE, SCRIPTS, ""),
        (TITLE, "", CAPTCHA),
        (TITLE, "", PHOTOS),
        (TITLE, "<div>Доступ к сайту временно ограничен для старых браузеров.</div>", ""),
        ("В насосной под Тулой идут технические работы", "", ""),
        ("Доступ на сайт закупок временно закрыт", "", ""),
        ("Замена старым уплотнениям не найдена", "", ""),
        ("Паспорт изделия и запись о ремонте больше не нужны, а ошибка 404 осталась", "", ""),
    ],
)
@pytest.mark.parametrize(("beside", "head"), [("", DATED), ("<div>12 марта 2025</div>", ""), ("<p>12.03.2025</p>", "")])
def test_a_dated_page_with_sentences_of_its_own_is_an_article_whatever_it_says(
    title: str, above: str, below: str, beside: str, head: str
) -> None:
    result = news(title, above, below, beside, head)
    assert isinstance(result, Article), result
    assert len(result.paragraphs) >= 2


@pytest.mark.parametrize("day", ["Сегодня 14 марта 2025", "14.03.2025", "Обновление базы: 13.03.2025"])
@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("Страница не найдена", "К сожалению, запрошенная страница не найдена на сайте."),
        ("Ошибка 404", "Такой страницы нет. Наш журнал пишет об арматуре с 2005 года."),
        ("Новость не найдена", "Такой новости нет в нашей базе, воспользуйтесь поиском по сайту."),
    ],
)
@pytest.mark.parametrize("is_above", [True, False])
def test_a_day_beside_it_makes_no_article_of_a_page_that_is_not_there(
    title: str, said: str, day: str, *, is_above: bool
) -> None:
    day = f"<div>{day}</div>"
    html = page(day * is_above, f"<h1>{title}</h1><p>{said}</p>", day * (not is_above), title=title)
    result = read(html)
    assert isinstance(result, NotAnArticle), result
    assert result.reason is Reason.MISSING


@pytest.mark.parametrize(
    "note",
    [
        "Нажимая кнопку, вы даёте согласие на обработку персональных данных.",
        "Отправляя заявку, вы принимаете условия обработки персональных данных.",
        "Оставляя адрес, вы соглашаетесь с условиями пользовательского соглашения.",
    ],
)
def test_the_small_print_of_a_form_is_no_wall_of_consent(note: str) -> None:
    assert isinstance(news(TITLE, below=f"<div><input type=email><p>{note}</p></div>"), Article)


@pytest.mark.parametrize(
    "wall",
    [
        "Нажимая «Принять», вы даёте согласие на использование cookie.",
        "Чтобы читать дальше, дайте согласие на обработку персональных данных.",
    ],
)
def test_a_wall_of_consent_is_a_block_though_a_day_is_printed(wall: str) -> None:
    result = read(page(f"<h1>Листок</h1><div>14.03.2025</div><p>{wall}</p>", title="Листок"))
    assert isinstance(result, NotAnArticle)
    assert result.reason is Reason.BLOCKED


@pytest.mark.parametrize(
    "title", ["Политика конфиденциальности", "Правила пользования сайтом", "Согласие на обработку персональных данных"]
)
def test_the_rules_of_a_site_are_no_article_though_they_have_a_date(title: str) -> None:
    result = news(title, beside="<div>Редакция от 12.03.2025</div><div>12 марта 2025</div>")
    assert isinstance(result, NotAnArticle)
    assert result.reason is Reason.SERVICE_PAGE


@pytest.mark.parametrize(
    "title",
    [
        "Правила использования клапанов изменились",
        "Условия использования шаровых кранов на Крайнем Севере",
        "Политика использования отечественной арматуры в «Газпроме»",
        "Правила пользования тепловыми сетями",
        "О журнале испытаний задвижки забыли на три года",
        "Редакция ГОСТа о затворах готова",
        "Подписка на журнал подорожала вдвое",
    ],
)
def test_an_article_may_begin_as_a_page_that_every_site_has(title: str) -> None:
    assert isinstance(news(title), Article)


LEADS = {
    "in the lead": "<div><h3>{title}</h3><p>{lead} <a href='/n/{n}/'>Подробнее</a></p></div>",
    "below": "<div><div>{title}</div><div>{lead}</div><div><a href='/n/{n}/'>Читать далее →</a></div></div>",
    "flat": "<h3>{title}</h3><p>{lead}</p><p><a href='/n/{n}/'>Узнать больше</a></p>",
    "dated": "<li><b>0{n}.03.2025</b><h3>{title}</h3><p>{lead}</p><a href='/n/{n}/'>Подробно</a></li>",
}


@pytest.mark.parametrize("card", LEADS)
@pytest.mark.parametrize("count", [3, 8])
def test_a_list_without_linked_headlines_is_none(card: str, count: int) -> None:
    html = page("<h1>Производство</h1>", teasers(count, LEADS[card]), title="Производство — Листок")
    assert isinstance(read(html, "/rubric/3/"), NotAnArticle)


@pytest.mark.parametrize("card", LEADS)
def test_an_article_above_a_list_without_linked_headlines_is_one(card: str) -> None:
    html = page(f"<h1>{TITLE}</h1><div>12 марта 2025</div><div>{text(2)}</div>", teasers(4, LEADS[card]))
    result = read(html)
    assert isinstance(result, Article)
    assert result.title == TITLE


def test_links_that_lead_to_more_amid_a_text_make_no_list() -> None:
    more = "".join(f"<p>{said} <a href='/more/{n}/'>Подробнее</a></p>" for n, said in enumerate(SENTENCES))
    assert isinstance(read(page(f"<h1>{TITLE}</h1><div>12 марта 2025</div>{more}")), Article)
    assert isinstance(read(page(f"<h1>{TITLE}</h1><div>{text(3)}</div>{teasers(2, LEADS['below'])}")), Article)
    amid = "".join(f"{text(3) * 2}<p>О ценах — <a href='/more/{n}/'>подробнее</a></p>" for n in range(3))
    assert isinstance(read(page(f"<h1>{TITLE}</h1><div>{amid}</div>")), Article)
