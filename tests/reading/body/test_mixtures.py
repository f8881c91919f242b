"""Whatever its paragraphs stand in, a text is read whole, and the boxes below it stay out."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from armcrawl.items import Article
from armcrawl.reading.page import read_page
from armcrawl.refining.chain import refine
from armcrawl.sample.portal import MARKUPS
from tests.conftest import FETCHED_AT
from tests.reading.mixtures import BOXES, FORMS, LONG, Mixture, mixture
from tests.reading.themes import FOREIGN, TEXT, THEMES, TITLE

URL = "https://armtorg.ru/news/4711"


def body_of(page: bytes, url: str = URL) -> str:
    """Return the refined body in one line."""
    result = read_page(page, url, FETCHED_AT).result
    assert isinstance(result, Article), result
    return " ".join(refine(result, FETCHED_AT).article.paragraphs)


def assert_whole(made: Mixture) -> None:
    body = body_of(made.page)
    assert [text for text in made.texts if text not in body] == []
    assert [text for text in made.foreign if text in body] == []


@settings(max_examples=150, deadline=None)
@given(
    markup=st.sampled_from(sorted(MARKUPS)),
    forms=st.lists(st.sampled_from(sorted(FORMS)), min_size=2, max_size=len(LONG)),
    shorts=st.sets(st.integers(min_value=0, max_value=len(LONG) - 1)),
    boxes=st.lists(st.sampled_from(sorted(BOXES)), max_size=3, unique=True),
)
def test_a_text_of_any_paragraphs_is_read_whole_and_no_box_with_it(
    markup: str, forms: list[str], shorts: set[int], boxes: list[str]
) -> None:
    # Without a sentence no text can be told from labels.
    assert_whole(mixture(markup, forms, sorted(shorts - {len(forms) // 2}), boxes))


@pytest.mark.parametrize("markup", MARKUPS)
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("place", ["first", "amid", "last"])
def test_one_paragraph_in_another_element_is_not_lost(markup: str, form: str, place: str) -> None:
    forms = ["p"] * 4
    forms[{"first": 0, "amid": 2, "last": 3}[place]] = form
    assert_whole(mixture(markup, forms, [], ["share-class", "teasers"]))


@pytest.mark.parametrize("markup", MARKUPS)
@pytest.mark.parametrize("form", FORMS)
def test_a_last_line_without_a_full_stop_is_not_lost(markup: str, form: str) -> None:
    assert_whole(mixture(markup, ["p", "p", "p", form], [3], ["subscribe"]))


@pytest.mark.parametrize("markup", MARKUPS)
@pytest.mark.parametrize("box", BOXES)
def test_a_box_in_the_element_of_the_text_is_none_of_it(markup: str, box: str) -> None:
    assert_whole(mixture(markup, ["p", "p", "p"], [], [box]))


@pytest.mark.parametrize("theme", THEMES)
def test_the_text_is_whole_and_alone_in_the_markup_of_common_content_systems(theme: str) -> None:
    page = THEMES[theme].encode()
    url = "https://kotel.example/news/uchastok.html"
    article = read_page(page, url, FETCHED_AT).article
    assert article is not None
    assert article.title == TITLE
    body = body_of(page, url)
    assert [text for text in TEXT if text not in body] == []
    assert [text for text in FOREIGN if text in body] == []
