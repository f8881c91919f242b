"""What is stored of an article is what comes back."""

from __future__ import annotations

import json
from datetime import UTC, date
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from armcrawl.items import (
    Article,
    Attribution,
    Evidence,
    Image,
    Kind,
    Link,
    Precision,
    Published,
    Source,
    SourceKind,
    Tag,
)
from armcrawl.store.articles.documents import COLUMNS, PARTS, SCALARS, DocumentError, article_of, row_of
from armcrawl.store.base.schema import article_versions

WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\n"), min_size=1, max_size=20)
MAYBE = st.none() | WORDS
MOMENTS = st.datetimes(timezones=st.just(UTC))
SOURCES = st.builds(Source, WORDS, WORDS, st.none() | st.sampled_from(SourceKind), MAYBE)
TAGS = st.builds(
    Tag, WORDS, MAYBE, WORDS, WORDS, WORDS, st.none() | st.sampled_from(Kind), st.floats(0, 1, allow_nan=False)
)
DATES = st.dates(date(1990, 1, 1), date(2026, 1, 1))
ARTICLES = st.builds(
    Article,
    title=WORDS,
    paragraphs=st.lists(WORDS, max_size=3).map(tuple),
    lead=MAYBE,
    date_text=MAYBE,
    attribution=st.none() | st.builds(Attribution, WORDS, st.lists(SOURCES, max_size=2).map(tuple)),
    tags=st.lists(TAGS, max_size=3).map(tuple),
    author=MAYBE,
    images=st.lists(st.builds(Image, WORDS, MAYBE), max_size=2).map(tuple),
    links=st.lists(st.builds(Link, WORDS, WORDS), max_size=2).map(tuple),
    published=st.none() | st.builds(Published, DATES, st.sampled_from(Precision), st.none() | MOMENTS),
    content_hash=WORDS,
    text_hash=WORDS,
    evidence=st.dictionaries(
        WORDS, st.builds(Evidence, WORDS, MAYBE, st.none() | st.booleans(), st.none()), max_size=2
    ),
    notes=st.lists(WORDS, max_size=2).map(tuple),
)


@given(ARTICLES)
def test_an_article_comes_back_as_it_was_stored(article: Article) -> None:
    row = row_of(article)
    back = article_of(SimpleNamespace(**row | {"document": json.loads(json.dumps(row["document"]))}))
    assert back == article
    assert (back.evidence, back.notes) == (article.evidence, article.notes)


def test_every_column_of_an_article_is_one_of_the_table() -> None:
    assert set(COLUMNS) <= set(article_versions.c.keys())


def test_a_document_says_nothing_of_what_is_empty() -> None:
    assert row_of(Article("Новый цех"))["document"] == {}


def test_no_part_stands_in_two_places() -> None:
    assert not set(SCALARS) & set(PARTS)


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (None, "damaged"),
        ("{", "damaged"),
        ([], "damaged"),
        ({"tags": {}}, "damaged"),
        ({"notes": "cut"}, "damaged"),
        ({"forecast": "рост"}, "a part that is not known here: forecast"),
        ({"tags": [["цех", None, "цех", "цех", "tsekh", "colour", 1.0]]}, "tags that are none here: .*'colour'"),
        ({"tags": [["цех", None, "цех", "цех", "tsekh", None, 1.0, "more"]]}, "tags that are none here"),
        ({"images": ["ab"]}, "images that are none here: ab"),
        ({"images": [[5]]}, "images that are none here: .*address"),
        ({"links": [["https://example.ru"]]}, "links that are none here"),
        ({"evidence": []}, "evidence that is none here"),
        ({"evidence": {"title": {"method": "heading", "age": 1}}}, "evidence that is none here: age"),
    ],
)
def test_a_document_that_is_not_ours_is_refused_and_nothing_of_it_dropped(document: object, reason: str) -> None:
    row = row_of(Article("Новый цех")) | {"document": document}
    with pytest.raises(DocumentError, match=reason):
        article_of(SimpleNamespace(**row))


def test_a_precision_that_is_not_ours_is_refused() -> None:
    row = row_of(Article("Новый цех")) | {"published_on": date(2016, 5, 31), "date_precision": "century"}
    with pytest.raises(DocumentError, match="century"):
        article_of(SimpleNamespace(**row))
