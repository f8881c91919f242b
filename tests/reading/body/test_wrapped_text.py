"""A paragraph that was wrapped by hand loses no piece of it, and none behind a picture is taken for its caption."""

from __future__ import annotations

import pytest

from tests.reading.body.test_parted_text import HEAD, ONE, TITLE, TWO, article

WRAPPED = (
    ("Опыты с затвором начались на берегу", "15 октября 2026 года и", "заняли ровно десять дней, течи не нашли."),
    ("За лето завод отгрузил на плотину ровно", "48", "затворов, и все они прошли приёмку."),
    ("Затвор закрыли под напором, после чего,", "12.10.2026,", "Ростехнадзор подписал протокол испытаний."),
    ("Чертежи затвора передали в", "Категория: «судовая арматура»", "и сверили с описью."),
    ("Диск отлили и проточили к сроку.", "12 октября 2026 года", "Его повезли на баржу у завода."),
)


@pytest.mark.parametrize("pieces", WRAPPED)
def test_no_piece_of_a_wrapped_paragraph_is_a_line_of_its_own(pieces: tuple[str, ...]) -> None:
    html = f"{HEAD}<div>{ONE}<br><br>{'<br>'.join(pieces)}<br><br>{TWO}</div>"
    assert article(html).paragraphs == (ONE, " ".join(pieces), TWO)


@pytest.mark.parametrize("around", ["<div>{}{}<br><br>{}</div>", "<table><tr><td>{}{}<br><br>{}</table>"])
def test_the_first_line_beside_a_picture_is_no_caption_where_its_sentence_goes_on_below(around: str) -> None:
    picture = "<img src='/a.jpg' align='left'>"
    wrapped = ("Воткинский завод собрал затвор", "для плотины и опробовал его на реке Каме.")
    found = article(HEAD + around.format(picture, "<br>".join(wrapped), TWO))
    assert found.paragraphs == (" ".join(wrapped), TWO)


LEAD = "Затвор для плотины на Каме ушёл на площадку"


@pytest.mark.parametrize(
    "html",
    [
        "<div><img src='/a.jpg'></div><p>{lead}</p><p>{one}</p><p>{two}</p>",
        "<a href='/a.jpg'><img src='/a.jpg'></a><p>{lead}</p><p>{one}</p><p>{two}</p>",
        "<div class='x'><img src='/a.jpg'></div><p class='t'>{lead}</p><p class='t'>{one}</p><p class='t'>{two}</p>",
    ],
)
def test_a_paragraph_without_a_full_stop_behind_a_picture_is_text(html: str) -> None:
    assert article(HEAD + html.format(lead=LEAD, one=ONE, two=TWO)).paragraphs == (LEAD, ONE, TWO)


@pytest.mark.parametrize(
    "html",
    [
        "<div><img src='/a.jpg'><br>{lead}<br><br>{one}<br><br>{two}</div>",
        "<div class='p'><img src='/a.jpg'></div><div class='c'>{lead}</div><p>{one}</p><p>{two}</p>",
        "<div class='p'><img src='/a.jpg'><p>{lead}</p></div><p>{one}</p><p>{two}</p>",
        "<p><img src='/a.jpg'><br>{lead}</p><p>{one}</p><p>{two}</p>",
        "<div><img src='/a.jpg'></div><p><b>{lead}</b></p><p>{one}</p><p>{two}</p>",
    ],
)
def test_a_caption_stays_a_caption(html: str) -> None:
    found = article(HEAD + html.format(lead=LEAD, one=ONE, two=TWO))
    assert found.paragraphs == (ONE, TWO)
    assert [image.caption for image in found.images] == [LEAD]


def test_a_date_in_the_rows_above_a_text_stays_the_publication_s() -> None:
    html = f"<table><tr><td><b>{TITLE}</b><br>12.11.2026<br>просмотров: 345<br><br>{ONE}<br><br>{TWO}</table>"
    found = article(html)
    assert (found.paragraphs, found.date_text) == ((ONE, TWO), "12.11.2026")


def test_a_date_amid_a_wrapped_sentence_is_text_where_the_page_has_no_other() -> None:
    pieces = WRAPPED[0]
    found = article(f"<h1>{TITLE}</h1><div>{ONE}<br><br>{'<br>'.join(pieces)}<br><br>{TWO}</div>")
    assert found.paragraphs == (ONE, " ".join(pieces), TWO)
