"""No line and no element ends or empties a text; what no reader sees is none of it; a page with prose is there."""

from __future__ import annotations

import pytest

from armcrawl.items import Article, NotAnArticle, Outcome, Reason
from armcrawl.reading.page import read_page
from armcrawl.reading.response import SiteResponse, page_of
from armcrawl.refining.chain import refine
from armcrawl.refining.validation import fault_of
from armcrawl.sites import PageKey
from tests.conftest import FETCHED_AT

URL = "https://armtorg.ru/news/4711"
TITLE = "Томский завод поставил клапаны на ледокол"
TEXT = (
    "Томский завод поставил на ледокол сорок клапанов, которые не боятся качки и морской воды.",
    "Их испытывали в соляной камере два месяца, и ни один образец не дал течи.",
    "Следующую партию ждут на верфи весной, договор на неё подписали в пятницу.",
)
DATE = "<div class='when'>12 Марта 2026</div>"


def page(body: str, head: str = "") -> bytes:
    return f"<html><head><title>{TITLE} — Клапан</title>{head}</head><body>{body}</body></html>".encode()


def paragraphs(*between: str) -> str:
    """Return the text in a container, with something before, between and behind its paragraphs."""
    pieces = [f"<p>{text}</p>" for text in TEXT]
    for place, html in zip((3, 2, 1, 0), reversed([*between, "", "", "", ""][:4]), strict=True):
        pieces.insert(place, html)
    return f"<div class='text'>{''.join(pieces)}</div>"


def article(html: bytes) -> Article:
    result = read_page(html, URL, FETCHED_AT).result
    assert isinstance(result, Article), result
    return refine(result, FETCHED_AT).article


@pytest.mark.parametrize(
    "html",
    [
        "<nav><a href='/'>Главная</nav><h1>{title}</h1>{date}{text}",
        "<a href='/news/4710'>Прошлая новость<div><h1>{title}</h1>{date}{text}</div>",
        "<h1>{title}</h1>{date}<a href='/img/1.jpg'><img src='/img/1.jpg'>{text}",
        "<h1>{title}</h1>{date}{text}<p>Ещё: <a href='/news'>все новости</a></p>".replace("<p>", "<p><a name='t'>", 1),
        "<h1><a href='/news/4711'>{title}</h1>{date}{text}<div><a href='/news'>Все новости</a></div>",
    ],
)
def test_a_link_that_nobody_closed_empties_no_page(html: str) -> None:
    found = article(page(html.format(title=TITLE, date=DATE, text=paragraphs())))
    assert (found.title, found.paragraphs) == (TITLE, TEXT)


def test_a_link_that_nobody_closed_ends_at_the_next_one() -> None:
    linked = TEXT[2].replace("договор", "<a href='/news/4600'>договор</a>")
    html = page(f"<h1>{TITLE}</h1>{DATE}<a href='/'><div><p>{TEXT[0]}</p><p>{TEXT[1]}</p><p>{linked}</p></div>")
    found = article(html)
    assert found.paragraphs == TEXT
    assert [link.text for link in found.links] == ["договор"]


def test_a_page_whose_only_sentence_is_a_link_goes_to_quarantine() -> None:
    html = page(f"<h1>{TITLE}</h1>{DATE}<a href='/shop'><p>{TEXT[0]}</p></a>")
    found = read_page(html, URL, FETCHED_AT).result
    assert isinstance(found, Article)
    assert not found.paragraphs


def test_cards_that_are_one_link_each_stay_cards() -> None:
    card = "<a href='/news/{}'><h3>{}</h3><p>{}</p><p>{}</p></a>"
    cards = "".join(card.format(number, TITLE, *TEXT[:2]) for number in (1, 2, 3, 4, 5))
    html = page(f"<div class='cards'>{cards}</div>")
    found = read_page(html, "https://armtorg.ru/news", FETCHED_AT).result
    assert isinstance(found, NotAnArticle)
    assert found.reason is Reason.LISTING


LINES = (
    "<p>© ИА «Томский вестник» / Пётр Зимин</p>",
    "<p>Фото: пресс-служба завода</p>",
    "<div class='src'>Источник: Томский вестник</div>",
    "<p>Пресс-служба МЦ Armtorg по материалам Томского завода</p>",
    "<div><a href='/tags/klapany'>клапаны</a> <a href='/tags/flot'>флот</a></div>",
    "<p>18+</p>",
    "<p>14.03.2026 10:15</p>",
    "<div class='copy'>Copyright Клапан, 2026</div>",
)


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("place", range(4))
def test_a_line_above_amid_or_below_the_text_ends_it_only_where_no_text_follows(line: str, place: int) -> None:
    between = [""] * 4
    between[place] = line
    assert article(page(f"<h1>{TITLE}</h1>{DATE}{paragraphs(*between)}")).paragraphs == TEXT


@pytest.mark.parametrize(
    "around",
    [
        "<form action='/p.aspx' method='post'><input type='hidden'>{}</form>",
        "<button class='menu'>Меню{}",
        "<dialog open>{}</dialog>",
        "<dialog>{}",
        "<fieldset>{}</fieldset>",
        "<details open><summary>Новость</summary>{}</details>",
        "<label>Поиск{}",
        "<aside>{}</aside>",
        "<menu>{}</menu>",
        "<form><aside>{}</aside></form>",
    ],
)
def test_an_element_around_title_and_text_empties_no_page(around: str) -> None:
    found = article(page(around.format(f"<h1>{TITLE}</h1>{DATE}{paragraphs()}") + "<footer>Журнал «Клапан»</footer>"))
    assert (found.title, found.paragraphs) == (TITLE, TEXT)


def test_an_aside_that_holds_the_text_below_the_title_is_the_text() -> None:
    assert article(page(f"<h1>{TITLE}</h1>{DATE}<aside>{paragraphs()}</aside>")).paragraphs == TEXT


def test_an_aside_beside_the_text_is_none_of_it() -> None:
    aside = (
        "<aside><p>Журнал «Клапан» выходит с 2009 года и рассказывает о судовой арматуре каждый вторник.</p></aside>"
    )
    assert article(page(f"<h1>{TITLE}</h1>{DATE}{paragraphs()}{aside}")).paragraphs == TEXT
    assert article(page(f"<h1>{TITLE}</h1>{DATE}{paragraphs('', '', aside)}")).paragraphs == TEXT


@pytest.mark.parametrize(
    "unseen",
    [
        "<noscript>Включите сценарии в браузере, чтобы посмотреть этот ролик.</noscript>",
        "<noscript><p>Включите сценарии в браузере, чтобы посмотреть этот ролик.</p></noscript>",
        "<p hidden>Эту строку видят только те, кто читает исходный код.</p>",
        "<p style='display: none'>Эту строку видят только те, кто читает исходный код.</p>",
        "<template><p>Эту строку видят только те, кто читает исходный код.</p></template>",
    ],
)
def test_what_no_reader_sees_is_not_read(unseen: str) -> None:
    assert article(page(f"<h1>{TITLE}</h1>{DATE}{paragraphs('', unseen)}")).paragraphs == TEXT


@pytest.mark.parametrize("sign", ["&shy;", "\u00ad", "&#8203;", "\ufeff", "\u2060"])
def test_signs_without_width_are_in_no_field(sign: str) -> None:
    html = page(f"<h1>{TITLE}</h1>{DATE}{paragraphs()}").decode().replace("завод", f"за{sign}вод")
    found = article(html.encode())
    assert (found.title, found.paragraphs) == (TITLE, TEXT)


@pytest.mark.parametrize(
    ("formula", "shown"),
    [
        ("<math><mi>Q</mi><mo>=</mo><mn>5</mn></math> м<sup>3</sup>/ч", "Q=5 м3/ч"),
        ("<math><semantics><mrow><mi>p</mi></mrow><annotation>p</annotation></semantics></math> бар", "p бар"),
        ("DN<sub>50</sub>", "DN50"),
    ],
)
def test_formulas_are_text(formula: str, shown: str) -> None:
    found = article(
        page(f"<h1>{TITLE}</h1>{DATE}{paragraphs(f'<p>Расход на стенде составил {formula}, пишут в паспорте.</p>')}")
    )
    assert found.paragraphs[0] == f"Расход на стенде составил {shown}, пишут в паспорте."


def test_a_picture_that_a_script_would_load_is_found() -> None:
    picture = "<p><noscript><img src='/uploads/k.jpg'></noscript></p>"
    assert [one.address for one in article(page(f"<h1>{TITLE}</h1>{DATE}{paragraphs('', picture)}")).images] == [
        "https://armtorg.ru/uploads/k.jpg"
    ]


@pytest.mark.parametrize(
    "picture", ["<div class='row'><img src='/{}.jpg' width='300'></div>", "<p><img src='/{}.jpg'></p>"]
)
def test_pictures_below_a_dated_news_item_make_no_gallery_of_it(picture: str) -> None:
    pictures = "".join(picture.format(number) for number in range(5))
    short = f"<div class='text'><p>{TEXT[0]}</p></div>"
    assert article(page(f"<h1>{TITLE}</h1>{DATE}{short}{pictures}")).paragraphs == TEXT[:1]


NOWHERE = (
    "Страница не найдена",
    "Запрашиваемая страница не существует или была удалена.",
    "К сожалению, такой страницы у нас больше нет.",
    "Ошибка 404: документ перемещён или удалён.",
    "Новость снята с публикации.",
    "Мы не нашли страницу, которую вы ищете.",
    "Материал, который вы запросили, больше не доступен.",
    "Элемент не найден",
    "Здесь ничего нет, но есть много интересного на главной.",
    "Page not found",
    "The page you are looking for could not be found.",
    "Sorry, this article is no longer available.",
    "Oops! That page can’t be found.",
    "The requested URL was not found on this server.",
    "This content has been removed.",
)


@pytest.mark.parametrize("said", NOWHERE)
@pytest.mark.parametrize(
    "html",
    [
        "<h1>{}</h1>",
        "<h1>Клапан</h1><p>{}</p>",
        "<h1>Клапан</h1><p>{}</p><p>Попробуйте начать с <a href='/'>главной страницы</a> или ищите по сайту.</p>",
    ],
)
def test_a_page_that_says_that_it_is_not_there_is_missing(said: str, html: str) -> None:
    result = read_page(f"<html><body>{html.format(said)}</body></html>".encode(), URL, FETCHED_AT).result
    assert isinstance(result, NotAnArticle)
    assert result.reason is Reason.MISSING


NEWS_OF_ABSENCE = (
    "Документ о приёмке двух клапанов удалён из реестра, сообщили в ведомстве. Завод будет спорить об этом в суде.",
    "Станция осталась без насосов: запись о поставке не найдена. Прокурор дал заводу месяц на ответ.",
    "Новость о закрытии литейного цеха не подтвердилась. Цех работает в две смены, сказал мастер участка.",
)


@pytest.mark.parametrize("text", NEWS_OF_ABSENCE)
def test_news_of_something_missing_are_an_article(text: str) -> None:
    html = page(f"<h1>{TITLE}</h1><div class='text'><p>{text}</p><p>{TEXT[0]}</p></div>")
    assert article(html).paragraphs == (text, TEXT[0])


def test_a_title_with_prose_that_is_no_text_to_us_goes_to_quarantine() -> None:
    # Two comments are all that is left of this page: the text itself is in an element that we do not know.
    html = page(
        f"<h1>{TITLE}</h1><div><div><b>Олег</b> <i>12.03.2026 10:00</i><p>Отличная работа, давно этого ждали.</p></div>"
        "<div><b>Вера</b> <i>12.03.2026 11:00</i><p>А сколько стоит один такой клапан?</p></div></div>"
    )
    key = PageKey("armtorg", "news", "4711")
    response = SiteResponse(URL, 200, FETCHED_AT, html)
    made = page_of(key, response, read_page(html, URL, FETCHED_AT))
    assert made.outcome is Outcome.STORED
    assert made.article is not None
    assert fault_of(made.article) is not None


def test_an_empty_frame_stays_missing() -> None:
    frame = (
        "<nav><a href='/'>Главная</a></nav><h1>Клапан</h1><footer><p>Журнал «Клапан» выходит с 2009 года.</p></footer>"
    )
    result = read_page(f"<html><body>{frame}</body></html>".encode(), URL, FETCHED_AT).result
    assert isinstance(result, NotAnArticle)
    assert result.reason is Reason.EMPTY


HEADERS = {
    "whose title was lost": "<header><p>{0}</p><p>{1}</p></header><footer>© «Клапан»</footer>",
    "that nobody closed": "<header><a href='/'>Главная</a>{0}<br>{1}<footer>© «Клапан»</footer>",
    "by its role": "<div role='banner'><div>{0}</div><div>{1}</div></div><main></main>",
}


@pytest.mark.parametrize("header", HEADERS)
def test_a_header_with_sentences_is_no_empty_page(header: str) -> None:
    found = read_page(page(HEADERS[header].format(*TEXT)), URL, FETCHED_AT).result
    assert isinstance(found, Article)
    assert fault_of(found) is not None


@pytest.mark.parametrize(
    "header",
    [
        "<p>Журнал «Клапан» рассказывает об арматуре с 2009 года.</p>",
        "<p>Журнал «Клапан» рассказывает об арматуре с 2009 года.</p><p>Звоните нам по будням.</p>",
        "<p>Журнал об арматуре</p><nav><p>{0}</p><p>{1}</p></nav>",
    ],
)
def test_a_header_with_a_slogan_fills_no_page(header: str) -> None:
    result = read_page(page(f"<header>{header.format(*TEXT)}</header>"), URL, FETCHED_AT).result
    assert isinstance(result, NotAnArticle)
    assert result.reason is Reason.EMPTY


@pytest.mark.parametrize("cut", [TEXT[1][:40], TEXT[1][:12], TEXT[2][:-10]])
def test_a_page_that_ends_in_the_middle_of_a_sentence_is_cut(cut: str) -> None:
    whole = page(f"<h1>{TITLE}</h1>{DATE}{paragraphs()}").decode()
    part = article(whole[: whole.index(cut) + len(cut)].encode())
    assert part.is_cut
    assert "body/cut" in part.notes
    assert not article(whole.encode()).is_cut


@pytest.mark.parametrize("end", ["</p></div>", "", "<p>Конец"])
def test_a_page_without_its_last_tags_whose_text_ends_is_whole(end: str) -> None:
    whole = page(f"<h1>{TITLE}</h1>{DATE}{paragraphs()}").decode()
    part = whole[: whole.index(TEXT[2]) + len(TEXT[2])] + end
    assert article(part.encode()).is_cut is end.startswith("<p>")


TALK = (
    ("Корреспондент: Как прошёл год?", "Корреспондент: Поговорим о кадрах."),
    ("Главный редактор: Как прошёл год?", "Главный редактор: Поговорим о кадрах."),
    ("Автор: Как прошёл год?", "Автор: И последнее."),
)


@pytest.mark.parametrize("asked", TALK)
def test_an_interview_keeps_what_is_asked_and_names_no_author_after_it(asked: tuple[str, str]) -> None:
    answers = ("Зимин: Мы сменили трёх поставщиков литья.", "Зимин: Учим сами, в своём цехе.")
    spoken = (asked[0], answers[0], asked[1], answers[1])
    found = article(page(f"<h1>{TITLE}</h1>{DATE}{paragraphs('', ''.join(f'<p>{line}</p>' for line in spoken))}"))
    assert found.paragraphs == (*TEXT[:1], *spoken, *TEXT[1:])
    assert found.author is None


@pytest.mark.parametrize("heading", ["Обсуждение", "Отзывы", "Комментарий:"])
@pytest.mark.parametrize("form", ["<h2>{}</h2>", "<p><b>{}</b></p>"])
def test_a_heading_amid_the_text_that_comments_have_as_well_ends_nothing(heading: str, form: str) -> None:
    html = page(f"<h1>{TITLE}</h1>{DATE}{paragraphs('', form.format(heading))}")
    assert article(html).paragraphs == (TEXT[0], heading, *TEXT[1:])


def test_a_heading_between_breaks_ends_nothing() -> None:
    pieces = "<br><br>".join((TEXT[0], "Обсуждение", *TEXT[1:]))
    assert article(page(f"<h1>{TITLE}</h1>{DATE}<div>{pieces}</div>")).paragraphs == (TEXT[0], "Обсуждение", *TEXT[1:])


@pytest.mark.parametrize(
    "title",
    [
        "Правила использования клапанов изменились",
        "Условия использования кранов на морозе",
        "Политика использования отечественной арматуры",
    ],
)
def test_rules_for_goods_are_news_and_no_rules_of_a_site(title: str) -> None:
    html = page(f"<h1>{TITLE}</h1>{DATE}{paragraphs()}").decode().replace(TITLE, title)
    assert article(html.encode()).title == title


HIDDEN = (
    "<div style='display:none'><h2>Подписка</h2><p>Раз в неделю мы пришлём на почту всё, что вышло в журнале.</p></div>"
)


@pytest.mark.parametrize(
    "veil",
    [
        "<div id=loader></div><div id=page style='display:none'>{all}</div>",
        "<div class=wait>Загрузка…</div><main hidden>{all}</main>",
        "<div style='visibility: hidden'>{all}</div><p>© 2008–2026 «Клапан». Все права на тексты защищены.</p>",
        "<p>Подождите, страница открывается.</p><div hidden><div>Меню</div><div>{all}</div></div>{hidden}",
    ],
)
def test_a_page_that_a_script_shows_when_it_is_loaded_is_read(veil: str) -> None:
    found = article(page(veil.format(all=f"<h1>{TITLE}</h1>{DATE}{paragraphs()}", hidden=HIDDEN)))
    assert (found.title, found.paragraphs) == (TITLE, TEXT)


@pytest.mark.parametrize("tag", ["h1", "h2", "h3"])
def test_what_is_hidden_beside_a_page_that_is_shown_is_not_read(tag: str) -> None:
    html = f"{HIDDEN * 6}<{tag}>{TITLE}</{tag}>{DATE}{paragraphs(HIDDEN * 6)}"
    found = article(page(html))
    assert (found.title, found.paragraphs) == (TITLE, TEXT)


@pytest.mark.parametrize(
    "question",
    [
        "<h3><button>Чем болен старый клапан?</button></h3>",
        "<button class=acc><h3>Чем болен старый клапан?</h3></button>",
        "<h4><button type=button><span>Чем болен старый клапан?</span><svg></svg></button></h4>",
    ],
)
def test_a_heading_that_opens_what_is_below_it_is_text(question: str) -> None:
    found = article(page(f"<h1>{TITLE}</h1>{DATE}{paragraphs('', question)}"))
    assert found.paragraphs == (TEXT[0], "Чем болен старый клапан?", *TEXT[1:])


@pytest.mark.parametrize(
    "button",
    ["<button>Отправить нам письмо сейчас</button>", "<h3><button>Меню</button></h3>"],
)
def test_any_other_button_is_none(button: str) -> None:
    assert article(page(f"<h1>{TITLE}</h1>{DATE}{paragraphs('', button)}")).paragraphs == TEXT
    beside = "<br> <button>Скопировать адрес этой страницы</button>"
    assert article(page(f"<h1>{TITLE}{beside}</h1>{DATE}{paragraphs()}")).title == TITLE


@pytest.mark.parametrize(
    "inline",
    [
        "<span style='display:block'>{text}</span>",
        "<font style='color:red; display : block;'>{text}</font>",
        "<span style='display:table'><i>{text}</i></span>",
        "<em style='DISPLAY:BLOCK'>{text}</em>",
    ],
)
def test_an_inline_element_that_a_style_makes_a_block_is_a_paragraph(inline: str) -> None:
    text = "".join(inline.format(text=one) for one in TEXT)
    assert article(page(f"<h1>{TITLE}</h1>{DATE}<div>{text}</div>")).paragraphs == TEXT


def test_an_inline_element_that_stays_in_the_line_parts_nothing() -> None:
    text = "".join(f"<p><span style='display:inline-block'>{one[:10]}</span>{one[10:]}</p>" for one in TEXT)
    assert article(page(f"<h1>{TITLE}</h1>{DATE}<div>{text}</div>")).paragraphs == TEXT


@pytest.mark.parametrize("caption", ["<figcaption>Клапан на стенде", "<figcaption>Клапан на стенде, фото завода</p>"])
@pytest.mark.parametrize("place", [0, 1])
def test_a_caption_that_nobody_closed_swallows_no_text(caption: str, place: int) -> None:
    figure = f"<figure><img src='/img/1.jpg'>{caption}"
    found = article(page(f"<h1>{TITLE}</h1>{DATE}{paragraphs(*[''] * place, figure)}"))
    assert found.paragraphs[-2:] == TEXT[-2:]
    assert set(TEXT) <= set(found.paragraphs)


def test_a_caption_that_is_closed_is_none_of_the_text() -> None:
    said = "<p>На стенде клапан держат под давлением двое суток подряд.</p>"
    figure = f"<figure><img src='/img/1.jpg'><figcaption>{said * 2}</figcaption></figure>"
    assert article(page(f"<h1>{TITLE}</h1>{DATE}{paragraphs('', figure)}")).paragraphs == TEXT
