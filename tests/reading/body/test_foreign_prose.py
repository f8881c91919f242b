"""A short text stays alone beside more prose of others: teasers of the site, a side column, a box about the journal."""

from __future__ import annotations

import pytest

from tests.reading.body.test_parted_text import ABOUT, ADDRESSES, HEAD, ONE, TITLE, TWO, article

LEAD = "Новый цех номер {} будет отливать пять тысяч тонн корпусов в год, его построили за два года."
TEASERS = {
    "div": "<div class='n'><a href='/novosti/z{0}/'>Завод номер {0} открыл новый цех</a><p>{1}</p></div>",
    "heading": "<div class='n'><h4><a href='/novosti/z{0}/'>Завод номер {0} открыл цех</a></h4><div>{1}</div></div>",
    "item": "<li class='n'><a href='/novosti/z{0}/'>Завод номер {0} открыл новый цех</a><br>{1}</li>",
    "row": "<tr><td class='n'><a href='/novosti/z{0}/'>Завод номер {0} открыл новый цех</a><div>{1}</div></td></tr>",
}
AROUND = {"div": "{}", "heading": "<div class='x'>{}</div>", "item": "<ul>{}</ul>", "row": "<table>{}</table>"}


@pytest.mark.parametrize("kind", TEASERS)
@pytest.mark.parametrize("label", ["<h3>Последние новости</h3>", "<h3>Заводы и люди</h3>", ""])
@pytest.mark.parametrize("url", ADDRESSES)
def test_leads_of_other_pages_are_no_text_however_long_they_are(kind: str, label: str, url: str) -> None:
    teasers = AROUND[kind].format("".join(TEASERS[kind].format(n, LEAD.format(n)) for n in range(1, 6)))
    found = article(f"{HEAD}<div class='text'><p>{ONE}</p><p>{TWO}</p></div>{label}{teasers}", url)
    assert found.paragraphs == (ONE, TWO)
    assert "body/left_out" not in found.notes


@pytest.mark.parametrize(
    "html",
    [
        "<div>{head}<p>{one}</p></div><div class='side'>{about}{about}</div>",
        "<table><tr><td>{head}<p>{one}</p></td><td id='sidebar'>{about}</td></tr></table>",
        "<div class='wrap'><div class='main'>{head}<p>{one}</p></div><div class='b-footer'>{about}</div></div>",
        "<div class='about-box'>{about}</div><div>{head}<p>{one}</p></div>",
    ],
)
def test_a_column_that_is_called_one_is_no_text_however_long_it_is(html: str) -> None:
    assert article(html.format(head=HEAD, one=ONE, about=ABOUT)).paragraphs == (ONE,)


@pytest.mark.parametrize("name", ["side", "article-about", "page-footer"])
def test_a_text_is_read_whatever_its_element_is_called_where_no_other_is_there(name: str) -> None:
    html = f"<h1>{TITLE}</h1><div>12.11.2026</div><div class='{name}'><p>{ONE}</p><p>{TWO}</p></div>"
    assert article(html).paragraphs == (ONE, TWO)


def test_a_digest_of_the_own_site_keeps_its_paragraphs() -> None:
    told = "".join(f"<h3><a href='/novosti/z{n}/'>Цех номер {n}</a></h3><p>{LEAD.format(n)}</p>" for n in range(1, 4))
    found = article(f"{HEAD}<div class='text'><p>{ONE}</p><p>{TWO}</p>{told}</div>")
    assert found.paragraphs == (ONE, TWO, *(LEAD.format(n) for n in range(1, 4)))


def test_a_date_below_a_text_in_the_cell_of_a_table_is_no_text() -> None:
    cells = f"<td><b>{TITLE}</b><br><br>{ONE}<br><br>{TWO}<br><br>12.11.2026</td>"
    found = article(f"<table><tr>{cells}</tr></table>")
    assert (found.paragraphs, found.date_text) == ((ONE, TWO), "12.11.2026")


@pytest.mark.parametrize("line", ["Гудок, 2009-2025", "Издание для своих 1998 – 2026 гг."])
def test_the_years_of_a_site_below_a_text_are_none_of_it(line: str) -> None:
    assert article(f"{HEAD}<p>{ONE}</p><p>{TWO}</p><hr>{line}").paragraphs == (ONE, TWO)


@pytest.mark.parametrize("last", ["Срок программы – 2021–2025 годы.", "Программу приняли на 2021–2025 гг."])
def test_a_sentence_with_years_that_ends_a_text_is_text(last: str) -> None:
    assert article(f"{HEAD}<p>{ONE}</p><p>{last}</p>").paragraphs == (ONE, last)
