"""The parts that pages are made of."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from armcrawl.analysis.meanings import described_tables, described_views, russian
from armcrawl.analysis.serving.charts import HEIGHT, stacked
from armcrawl.analysis.serving.version_diff import MAX_WORDS, Edit, Piece, changed_paragraphs
from armcrawl.analysis.serving.visible_text import visible
from armcrawl.sites import known_sites
from armcrawl.store.base.article_order import section_bits
from armcrawl.store.base.schema import metadata as tables
from armcrawl.store.base.views import VIEWS
from armcrawl.store.queries.analyst_queries import QUERIES

if TYPE_CHECKING:
    import pytest

RUSSIAN = re.compile(r"[А-Яа-яЁё]")


def test_every_table_has_a_meaning_in_russian_and_none_is_left_over() -> None:
    told = {view.name: {"_", *view.columns} for view in VIEWS}
    told |= {table.name: {"_", *table.columns.keys()} for table in tables.tables.values()}
    assert russian().keys() == told.keys()
    assert all("_" in meanings and meanings.keys() <= told[name] for name, meanings in russian().items())
    assert all(RUSSIAN.search(meaning) for meanings in russian().values() for meaning in meanings.values())


def test_a_column_that_nobody_has_translated_has_its_meaning_in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(russian()["v_articles"], "author")
    columns = next(view for view in described_views() if view.name == "v_articles").columns
    assert (columns["author"].russian, columns["author"].english) == ("", "Author as printed")
    assert (columns["title"].russian, columns["title"].english) == ("Заголовок", "Title")


def test_every_table_says_what_it_is_in_english_as_well() -> None:
    for described in (*described_views(), *described_tables()):
        assert described.meaning.english
        assert all(meaning.english for meaning in described.columns.values())


def test_every_query_is_explained_in_both_languages() -> None:
    for query in QUERIES:
        ours, theirs = query.meaning
        assert RUSSIAN.search(ours)
        assert not RUSSIAN.search(theirs)


def test_no_two_sections_share_their_bits_of_a_place() -> None:
    sections = [(site.name, section.name) for site in known_sites().values() for section in site.sections]
    assert len({section_bits(*section) for section in sections}) == len(sections)


def test_a_changed_word_is_told_within_its_paragraph() -> None:
    (paragraph,) = changed_paragraphs(["Как было.", "Дом стоит."], ["Как было.", "Дом снесён."])
    assert paragraph == [
        Piece(Edit.SAME, "Дом "),
        Piece(Edit.REMOVED, "стоит"),
        Piece(Edit.ADDED, "снесён"),
        Piece(Edit.SAME, "."),
    ]


def test_a_paragraph_that_is_new_or_gone_is_told_whole() -> None:
    assert changed_paragraphs(["А."], ["А.", "Б."]) == [[Piece(Edit.ADDED, "Б.")]]
    assert changed_paragraphs(["А.", "Б."], ["А."]) == [[Piece(Edit.REMOVED, "Б.")]]


def test_a_paragraph_that_is_too_long_for_words_is_told_as_a_whole() -> None:
    long = "слово " * MAX_WORDS
    assert changed_paragraphs([long], [long + "конец"]) == [
        [Piece(Edit.REMOVED, long), Piece(Edit.ADDED, long + "конец")]
    ]


def test_bars_stand_on_the_ground_one_upon_the_other() -> None:
    chart = stacked({"2016-05": {"news": 3, "articles": 1}, "2016-06": {"news": 2}}, ["articles", "news"])
    lower, upper = chart.bars[0].boxes
    assert lower.y + lower.height == HEIGHT
    assert upper.y + upper.height == lower.y
    assert (upper.y, upper.height / lower.height) == (0, 3)
    assert chart.bars[1].boxes[0].height == HEIGHT / 2


def test_a_chart_of_nothing_has_no_bars() -> None:
    assert stacked({}, ["news"]).bars == ()


def test_what_html_has_no_sign_for_becomes_visible() -> None:
    assert visible("а\x00б\ud800\tв\n") == "а\N{REPLACEMENT CHARACTER}б\N{REPLACEMENT CHARACTER}\tв\n"
    assert visible(None) == ""
