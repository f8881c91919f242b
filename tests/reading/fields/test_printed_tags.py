"""Tags are found by their place and what is printed beside them, in whatever elements and under whatever addresses."""

from __future__ import annotations

import pytest

from armcrawl.items import Article
from armcrawl.reading.page import read_page
from tests.conftest import FETCHED_AT
from tests.reading.content_systems import HOST, SYSTEMS, Post, System
from tests.reading.content_systems import POSTS as SYSTEM_POSTS

TITLE = "В Ижевске испытали клапан для жидкого азота"
TEXT = (
    "<p>Клапан выдержал сорок циклов охлаждения, и шток ни разу не примёрз к втулке.</p>"
    "<p>Следующую партию испытаний проведут зимой на открытой площадке завода в Ижевске.</p>"
)
DATE = "<div>12 марта 2025</div>"
A = "<a href='/tag/azot/'>жидкий азот</a>"
B = "<a href='/tag/klapany/'>клапаны</a>"
SAID = "<a href='/t/1/' rel='tag'>жидкий азот</a>, <a href='/t/2/' rel='tag'>клапаны</a>"
RUBRIC = "<a href='/category/3/'>Производство</a>"
TAGS = ["жидкий азот", "клапаны"]


def read(below: str = "", above: str = "", head: str = "", beside: str = "") -> Article:
    html = (
        f"<html><head><title>{TITLE} — Листок</title>{head}</head><body>{above}<div><h1>{TITLE}</h1>{DATE}{beside}"
        f"<div>{TEXT}</div>{below}</div></body></html>"
    )
    result = read_page(html.encode(), f"{HOST}/news/klapan/", FETCHED_AT, "text/html").result
    assert isinstance(result, Article), result
    return result


def printed(article: Article) -> list[str]:
    return [tag.printed for tag in article.tags]


@pytest.mark.parametrize(
    "block",
    [
        f"<div>Метки: {A}, {B}</div>",
        f"<div>Метки<span>{A}</span><span>{B}</span></div>",
        f"<div>Метки</div><div>{A}</div><div>{B}</div>",
        f"<div><span>Метки</span><div><p>{A}</p><p>{B}</p></div></div>",
        f"<h4>Теги</h4><ul><li>{A}</li><li>{B}</li></ul>",
        f"<p>Tags: {A} {B}</p>",
        f"<p><b>Keywords</b>: {A}; {B}</p>",
        f"<p>Tagged with {A}, {B}</p>",
        f"<div>Ярлыки: {A}, {B}</div>",
        f"<div>#{A} #{B}</div>",
        f"<div>{A}</div><div>,</div><div>{B}</div>",
        f"<div>Метки: {A} (12), {B} (5)</div>",
        f"<div>{A} (12) {B} (5)</div>",
        f"<ul><li>{A} (3)</li><li>{B} (1)</li></ul>",
        "<div>Теги статьи: <a href='/search/?q=1'>жидкий азот</a>, <a href='/search/?q=2'>клапаны</a></div>",
        "<div>Темы публикации: <a href='/azot/'>жидкий азот</a>, <a href='/klapany/'>клапаны</a></div>",
        "<div><a href='/h/azot'>#жидкий азот</a> <a href='/h/kl'>#клапаны</a></div>",
        "<p><a href='/search/?q=1'>#жидкий азот</a>, <a href='/search/?q=2'>#клапаны</a></p>",
    ],
)
def test_tags_are_found_whatever_the_elements_around_them(block: str) -> None:
    assert printed(read(below=block)) == TAGS


@pytest.mark.parametrize(
    "block",
    [
        f"<div><span>Рубрика: {RUBRIC}</span><span>Метки: {A}, {B}</span></div>",
        f"<div>{RUBRIC} {A} {B}</div>",
        f"<p>Posted in {RUBRIC} | Tagged {A}, {B}</p>",
        f"<p>Filed under: {RUBRIC}. Tags: {A}, {B}</p>",
        f"<div><a href='/n/3/' rel='category tag'>Производство</a> {SAID}</div>",
        f"<footer>Запись от <a href='/2025/03/12/'>12.03.2025</a> в рубрике {RUBRIC} с метками {A}, {B}.</footer>",
        f"<div><a href='/2025/03/12/'>12.03.2025</a>{RUBRIC}{A}, {B}<a href='/author/is/'>Ирина Седых</a></div>",
    ],
)
def test_a_rubric_beside_tags_is_none(block: str) -> None:
    assert printed(read(below=block)) == TAGS


@pytest.mark.parametrize("place", ["below", "above", "beside"])
def test_tags_stand_below_above_or_before_the_text(place: str) -> None:
    assert printed(read(**{place: f"<div>{A} {B}</div>"})) == TAGS


def test_tags_stand_in_one_line_with_the_date() -> None:
    line = f"<div><a href='/2025/03/12/'>12.03.25</a> <a href='/level/3/'>3.1</a> {A} {B}</div>"
    assert printed(read(above=line)) == TAGS


@pytest.mark.parametrize("rel", ["", " rel=tag"])
def test_tags_stand_in_a_nav_beside_the_text(rel: str) -> None:
    nav = f"<nav>{A} {B}</nav>".replace("<a ", f"<a{rel} ")
    assert printed(read(below=nav)) == TAGS
    assert printed(read(above=nav)) == TAGS


def test_a_menu_of_tags_and_pages_is_none() -> None:
    assert printed(read(above=f"<nav><a href='/about/'>О нас</a> {A} {B}</nav>")) == []


def test_tags_that_differ_by_the_fragment_are_several() -> None:
    assert printed(read(below="<div><a href='/tags/#1'>жидкий азот</a><a href='/tags/#2'>клапаны</a></div>")) == TAGS


def test_tags_may_lead_to_pages_of_several_kinds() -> None:
    line = "<a href='/places/izhevsk/'>Ижевск</a> <a href='/orgs/kriogen/'>Криоген</a>"
    assert printed(read(below=f"<div>{line} {B}</div>")) == ["Ижевск", "Криоген", "клапаны"]


def test_a_rubric_behind_the_attribution_does_not_win_over_tags() -> None:
    rubric = "<div><a href='/news/proizvodstvo/'>Клапан</a></div>"
    assert printed(read(below=f"<p>Источник: пресс-служба завода</p>{rubric}<div>{A} {B}</div>")) == TAGS


@pytest.mark.parametrize("label", ["Материалы по теме:", "Читайте также:", "Похожие новости"])
def test_links_of_a_related_box_are_no_tags(label: str) -> None:
    links = "<div><a href='/x/1/'>Жидкий азот</a></div><div><a href='/x/2/'>Клапан</a></div>"
    assert printed(read(below=f"<div><div>{label}</div>{links}</div>")) == []


@pytest.mark.parametrize("link", ["<a href='/2025/03/12/'>12 марта 2025</a>", "<a href='/d/'>вчера, 12:40</a>"])
def test_a_date_is_no_tag(link: str) -> None:
    assert printed(read(below=f"<div>{link}</div>")) == []


@pytest.mark.parametrize(
    "text",
    [
        "Метки: насосы, краны",
        "Tags: насосы, краны",
        "Ключевые слова: насосы; краны",
        "Ключевые слова: насосы, краны.",
        "Теги материала: насосы; краны.",
        "#насосы #краны",
        "#насосы, #краны",
    ],
)
def test_tags_may_be_plain_text(text: str) -> None:
    assert printed(read(below=f"<div>{text}</div>")) == ["насосы", "краны"]


def test_tags_may_be_a_list_of_plain_text() -> None:
    assert printed(read(below="<h4>Метки</h4><ul><li>насосы</li><li>краны</li></ul>")) == ["насосы", "краны"]


@pytest.mark.parametrize("block", ["<div>Метки:</div>", "<div>Теги</div><p></p>", "<h4>Tags</h4>"])
def test_a_label_without_tags_is_a_doubt(block: str) -> None:
    article = read(below=block)
    assert printed(article) == []
    assert "tags/label_without_tags" in article.notes


def test_an_article_without_a_label_is_no_doubt() -> None:
    assert "tags/label_without_tags" not in read().notes


def test_without_printed_tags_the_declared_ones_count() -> None:
    head = "<meta property='article:tag' content='азот'><meta property='article:tag' content='холод'>"
    assert printed(read(head=head)) == ["азот", "холод"]


@pytest.mark.parametrize("system", [system for system in SYSTEMS if system.shows_tags], ids=lambda system: system.name)
@pytest.mark.parametrize("post", SYSTEM_POSTS, ids=lambda post: post.slug)
def test_the_tags_of_a_content_system_are_its_posts(system: System, post: Post) -> None:
    result = read_page(system.article_page(post).encode(), HOST + post.address, FETCHED_AT, "text/html").result
    assert isinstance(result, Article)
    assert [tag.printed.casefold() for tag in result.tags] == list(post.tags)


def test_a_comma_between_semicolons_is_a_part_of_the_tag() -> None:
    assert printed(read(below="<p>Ключевые слова: клапан, обратный; азот</p>")) == ["клапан, обратный", "азот"]


@pytest.mark.parametrize("label", ["", "Теги: "])
def test_tags_stand_in_an_aside_of_the_article(label: str) -> None:
    html = f"<article><h1>{TITLE}</h1>{DATE}<div>{TEXT}</div><aside>{label}{A} {B}</aside></article>"
    result = read_page(html.encode(), f"{HOST}/news/klapan/", FETCHED_AT, "text/html").result
    assert isinstance(result, Article)
    assert printed(result) == TAGS


CLOUD = "".join(f"<a href='/tags/{n}/'>{name}</a> " for n, name in enumerate("насосы краны литьё сварка цены".split()))


@pytest.mark.parametrize(
    "cloud",
    [
        f"<div class=side><h3>Облако тегов</h3>{CLOUD}</div>",
        f"<div>Популярные метки</div><div>{CLOUD}</div>",
        f"<div><b>Все темы</b><ul><li>{CLOUD.replace('</a> <a', '</a></li><li><a')}</li></ul></div>",
        f"<div>Облако меток: {CLOUD}</div>",
        f"<aside>{CLOUD}</aside>",
    ],
)
def test_the_tags_of_the_site_are_not_the_articles(cloud: str) -> None:
    assert printed(read(below=cloud)) == []
    assert printed(read(below=f"<div>{A}, {B}</div>{cloud}")) == TAGS


@pytest.mark.parametrize("label", ["Темы:", "Ключевые слова", "Теги:"])
def test_a_list_amid_the_text_is_no_list_of_tags_whatever_it_is_called(label: str) -> None:
    beside = (
        f"<p>Совещание о криогенной технике прошло на заводе во вторник.</p><p>{label}</p><ul><li>Литьё<li>Азот</ul>"
    )
    html = (
        f"<html><head><title>{TITLE}</title></head><body><h1>{TITLE}</h1>{DATE}<div>{beside}{TEXT}</div></body></html>"
    )
    result = read_page(html.encode(), f"{HOST}/news/klapan/", FETCHED_AT, "text/html").result
    assert isinstance(result, Article)
    assert printed(result) == []
    assert result.paragraphs[1:4] == (label, "Литьё", "Азот")


@pytest.mark.parametrize("link", ["<a href='/h/azot'>#азот</a>", "<a href='https://t.me/list'>#листок</a>"])
def test_a_hashtag_amid_a_sentence_is_no_tag(link: str) -> None:
    said = f"<p>Видео испытаний завод выложил под меткой {link}, и его посмотрела вся отрасль.</p>"
    assert printed(read(below=said)) == []
