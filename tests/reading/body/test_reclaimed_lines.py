"""Numbers and dates amid a text, in its tables and its lists are text; counters and dates of the page are none."""

from __future__ import annotations

import pytest

from tests.reading.body.test_parted_text import FOUR, HEAD, ONE, THREE, TITLE, TWO, article

TABLE = "<tr><td>DN<td>Масса, кг<tr><td>50<td>12,5<tr><td>80<td>18"
CELLS = ("DN", "Масса, кг", "50", "12,5", "80", "18")
LISTS = {
    "<li>литьё — март<li>12.06.2025 — опыты<li>отгрузка — осень": (
        "литьё — март",
        "12.06.2025 — опыты",
        "отгрузка — осень",
    ),
    "<li>Воткинск<li>Тула<li>21": ("Воткинск", "Тула", "21"),
    "<li>ГОСТ 33259-2015, введён 01.04.2016<li>ТУ 3742-004 от 02.07.2013": (
        "ГОСТ 33259-2015, введён 01.04.2016",
        "ТУ 3742-004 от 02.07.2013",
    ),
}


@pytest.mark.parametrize(
    "table", ["<table>{}</table>", "<table class='t'><tbody>{}</table>", "<div class='w'><table>{}</table></div>"]
)
def test_a_table_of_numbers_amid_the_text_is_read_with_them(table: str) -> None:
    html = f"{HEAD}<p>{ONE}</p>{table.format(TABLE)}<p>{TWO}</p>"
    assert article(html).paragraphs == (ONE, *CELLS, TWO)


def test_a_table_of_numbers_below_the_last_paragraph_is_read_with_them() -> None:
    html = f"{HEAD}<div class='text'><p>{ONE}</p><p>{TWO}</p><table class='t'>{TABLE}</table></div><p>© Вестник</p>"
    assert article(html).paragraphs == (ONE, TWO, *CELLS)


@pytest.mark.parametrize("items", LISTS)
@pytest.mark.parametrize("behind", ["<p>{}</p>", ""])
def test_a_list_with_a_number_or_a_date_is_read_whole(items: str, behind: str) -> None:
    html = f"{HEAD}<div><p>{ONE}</p><p>{TWO}</p><ul class='l'>{items}</ul>{behind.format(THREE)}</div>"
    assert article(html).paragraphs == (ONE, TWO, *LISTS[items], *([THREE] if behind else []))


@pytest.mark.parametrize(
    "said",
    ["Приказ Ростехнадзора от 12.10.2026 № 345", "Договор подписан 3 марта 2026 года", "Приём заявок до 1 ноября 2026"],
)
def test_a_first_paragraph_that_names_a_document_with_its_date_is_text(said: str) -> None:
    found = article(f"<h1>{TITLE}</h1><p>{said}</p><p>{ONE}</p><p>{TWO}</p>")
    assert (found.paragraphs, found.published) == ((said, ONE, TWO), None)


@pytest.mark.parametrize("form", ["<p>{}</p>", "<h3>{}</h3>"])
def test_dates_amid_the_text_are_the_chronicle_that_it_tells(form: str) -> None:
    dates = ("12 марта 2024 года", "05.09.2025")
    html = f"{HEAD}<div><p>{ONE}</p>{form.format(dates[0])}<p>{TWO}</p>{form.format(dates[1])}<p>{THREE}</p></div>"
    found = article(html)
    assert found.paragraphs == (ONE, dates[0], TWO, dates[1], THREE)
    assert found.date_text == "12.11.2026"


@pytest.mark.parametrize(
    "detail",
    [
        "<p>12.11.2026</p>",
        "<ul class='m'><li>12.11.2026<li>345<li>Новости</ul>",
        "<div class='date'>12.11.2026</div>",
    ],
)
def test_the_first_date_below_a_lead_is_the_publication_s(detail: str) -> None:
    found = article(f"<h1>{TITLE}</h1><div class='x'><p>{ONE}</p>{detail}<p>{TWO}</p><p>{THREE}</p></div>")
    assert (found.paragraphs, found.date_text) == ((ONE, TWO, THREE), "12.11.2026")


@pytest.mark.parametrize(
    "box",
    [
        "<table><tr><td>Просмотров:<td>345</table>",
        "<ul class='m'><li>13.11.2026<li>345<li>Новости</ul>",
        "<div class='views'>345</div>",
        "<p>12.11.2026 10:15</p>",
        "<ul class='n'><li>11.11.2026 <a href='/n/1'>Затвор для Камы</a><li>10.11.2026 <a href='/n/2'>Диск</a></ul>",
        f"<ul class='n'><li><span>11.11.2026</span><p>{FOUR}</p><li><span>10.11.2026</span><p>{FOUR}</p></ul>",
    ],
)
def test_counters_and_dates_of_others_below_the_text_stay_out(box: str) -> None:
    assert article(f"{HEAD}<div class='text'><p>{ONE}</p><p>{TWO}</p><p>{THREE}</p>{box}</div>").paragraphs == (
        ONE,
        TWO,
        THREE,
    )
