"""Like blocks with a date each are a chronicle of the text, unless something says that they are comments."""

from __future__ import annotations

import pytest

from tests.reading.body.test_parted_text import HEAD, ONE, THREE, TWO, article

DATES = ("12.03.2024", "5 сентября 2025 года")
TOLD = ("На берегу заложили первый камень нового цеха.", "В цехе пустили первую печь, металл пошёл ночью.")
SHAPES = (
    "<div>{}</div>|<div><p>{}</p><p>{}</p></div>",
    "<ul>{}</ul>|<li><p>{}</p><p>{}</p></li>",
    "<table>{}</table>|<tr><td>{}</td><td>{}</td></tr>",
    "{}|<div><h4>{}</h4>{}</div>",
    "<div class='line'>{}</div>|<div class='i'><div class='d'>{}</div><div class='t'>{}</div></div>",
)


def blocks(shape: str) -> str:
    around, one = shape.split("|")
    return around.format("".join(one.format(*both) for both in zip(DATES, TOLD, strict=True)))


@pytest.mark.parametrize("shape", SHAPES)
def test_blocks_with_a_date_and_a_sentence_amid_the_text_are_text(shape: str) -> None:
    found = article(f"{HEAD}<p>{ONE}</p><p>{TWO}</p>{blocks(shape)}<p>{THREE}</p>")
    assert found.paragraphs == (ONE, TWO, DATES[0], TOLD[0], DATES[1], TOLD[1], THREE)
    assert found.date_text == "12.11.2026"


def test_a_date_and_its_sentence_that_a_break_parts_are_text() -> None:
    told = "".join(f"<div><b>{date}</b><br>{text}</div>" for date, text in zip(DATES, TOLD, strict=True))
    found = article(f"{HEAD}<p>{ONE}</p>{told}<p>{TWO}</p>")
    assert [text for text in TOLD if text not in " ".join(found.paragraphs)] == []


def test_a_table_of_terms_is_text_also_below_the_last_paragraph() -> None:
    rows = "<tr><td>Этап<td>Срок<tr><td>Литьё<td>12.06.2025<tr><td>Опыты<td>01.09.2025"
    found = article(f"{HEAD}<div><p>{ONE}</p><p>{TWO}</p><table class='t'>{rows}</table></div>")
    assert found.paragraphs == (ONE, TWO, "Этап", "Срок", "Литьё", "12.06.2025", "Опыты", "01.09.2025")


COMMENTS = (
    "<div><b>Олег</b> <i>12.03.2026 10:00</i><p>{}</p></div>",
    "<div><b>Олег</b> <i>12.03.2026</i><p>{}</p></div>",
    "<div><div>Пётр Зимин</div><div>12.03.2026</div><div>{}</div></div>",
    "<div><div>12.03.2026</div><div>{}</div><a href='#answer'>Ответить</a></div>",
    "<div><span>12.03.2026</span><a href='https://drugoy.example/a'>Как шумит труба</a><p>{}</p></div>",
)


@pytest.mark.parametrize("comment", COMMENTS)
@pytest.mark.parametrize("around", ["<div>{}</div>", "{}"])
def test_comments_and_teasers_of_other_sites_stay_out(comment: str, around: str) -> None:
    said = around.format("".join(comment.format(text) for text in TOLD))
    for text in (f"<div class='text'><p>{ONE}</p><p>{TWO}</p></div>", f"<p>{ONE}</p><p>{TWO}</p>"):
        assert article(f"{HEAD}{text}{said}").paragraphs == (ONE, TWO)


@pytest.mark.parametrize("end", ["<p>Источник: Камский вестник</p>", "<h3>Комментарии</h3>", "<p>© Вестник</p>"])
def test_dated_blocks_behind_what_ends_a_text_are_comments(end: str) -> None:
    assert article(f"{HEAD}<p>{ONE}</p><p>{TWO}</p>{end}{blocks(SHAPES[0])}").paragraphs == (ONE, TWO)
