"""Clusters with what tells who was first, similar articles, and two articles side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from armcrawl.analysis.copies import side_by_side
from armcrawl.errors import UsageError
from armcrawl.fingerprints import Grade
from armcrawl.fingerprints.comparing import Rule
from armcrawl.items import Link, PublisherEvidence
from armcrawl.sample.articles import load_sample
from armcrawl.store.base.database import reading
from armcrawl.store.queries.cluster_members import cluster_of
from armcrawl.store.queries.similar_articles import similar_to
from tests.store.conftest import key, stored, write

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Engine

    from armcrawl.items import Page
    from armcrawl.store.queries.cluster_members import ClusterRows

ONE, OTHER, THIRD = [one.paragraphs for one in load_sample().articles.values() if len(one.paragraphs) >= 4][:3]
ORIGINAL, COPY, EDITED, DIGEST, FOLLOWING, ALONE = range(1, 7)
NEWS = (
    "Вчера в Омске открылась очная защита проектов, и жюри впервые собралось в полном составе с участием студентов. "
    "Победителей назовут через неделю, а денежную часть наград выплатят до конца квартала из средств спонсоров, "
    "среди которых два литейных предприятия и областной союз строителей тепловых сетей."
)


def page(number: int, paragraphs: Sequence[str], day: str, **fields: Any) -> Page:
    return stored(number, paragraphs=tuple(paragraphs), date_text=day, **({"title": f"Новость {number}"} | fields))


@pytest.fixture
def filled(engine: Engine) -> Engine:
    link = Link("https://armtorg.ru/news/1", "первоисточник")
    write(
        engine,
        page(ORIGINAL, ONE, "3 мая 2016", title="Новость дня"),
        page(COPY, ONE, "5 мая 2016", title="Новость дня"),
        page(EDITED, (*ONE, "Редакция дополнила текст."), "4 мая 2016", title="Новость дня", links=(link,)),
        page(DIGEST, (*ONE, *OTHER, *THIRD), "6 мая 2016", title="Обзор недели"),
        page(FOLLOWING, (NEWS, *OTHER[-2:]), "7 мая 2016", title="Защита проектов в Омске"),
        page(ALONE, OTHER, "2 мая 2016", title="Другая новость"),
    )
    return engine


def cluster(engine: Engine, number: int, limit: int = 100) -> ClusterRows | None:
    with reading(engine) as connection:
        return cluster_of(connection, str(key(number)), limit)


def test_a_cluster_tells_who_printed_when_and_what_tells_that_another_was_first(filled: Engine) -> None:
    found = cluster(filled, ORIGINAL)
    assert found is not None
    assert (found.key, found.size, found.first, found.reason) == (str(key(1)), 3, str(key(1)), PublisherEvidence.DAY)
    told = {row.key: set(row.evidence) for row in found.rows}
    assert list(told) == [str(key(number)) for number in (ORIGINAL, EDITED, COPY)]
    assert told[str(key(ORIGINAL))] == set()
    assert PublisherEvidence.DAY in told[str(key(COPY))]
    assert PublisherEvidence.LINK not in told[str(key(COPY))]
    assert {PublisherEvidence.LINK, PublisherEvidence.DAY} <= told[str(key(EDITED))]


def test_a_cluster_is_found_by_each_of_its_articles(filled: Engine) -> None:
    assert cluster(filled, COPY) == cluster(filled, ORIGINAL)


def test_of_a_long_cluster_the_earliest_are_shown(filled: Engine) -> None:
    found = cluster(filled, ORIGINAL, 1)
    assert found is not None
    assert ([row.key for row in found.rows], found.size) == ([str(key(ORIGINAL))], 3)


def test_an_article_that_stands_alone_has_no_cluster(filled: Engine) -> None:
    assert cluster(filled, FOLLOWING) is None


def test_copies_excerpts_and_shared_background_are_told_apart(filled: Engine) -> None:
    def found(number: int) -> dict[str, tuple[Grade, bool]]:
        with reading(filled) as connection:
            return {one.key: (one.grade, one.is_in_cluster) for one in similar_to(connection, str(key(number)))}

    assert found(ORIGINAL) == {
        str(key(COPY)): (Grade.SAME, True),
        str(key(EDITED)): (Grade.NEAR, True),
        str(key(DIGEST)): (Grade.EXCERPT, False),
    }
    assert found(FOLLOWING)[str(key(ALONE))] == (Grade.DIFFERENT, False)


def test_shared_background_is_told_by_both_of_the_articles(filled: Engine) -> None:
    with reading(filled) as connection:
        [own] = [one for one in similar_to(connection, str(key(ALONE))) if one.key == str(key(FOLLOWING))]
    assert own.rule in {Rule.NEWS, Rule.LITTLE}
    assert 0 < own.of_own < 1


def test_two_articles_stand_side_by_side_with_the_same_passages_marked(filled: Engine) -> None:
    found = side_by_side(filled, key(ALONE), key(FOLLOWING))
    assert found.passages
    assert found.one.numbers == found.other.numbers == set(range(1, found.passages + 1))
    for side in (found.one, found.other):
        text = "\n\n".join("".join(piece.text for piece in pieces) for pieces in side.paragraphs)
        assert text == side.article.text
    marked = {piece.text for pieces in found.other.paragraphs for piece in pieces if piece.number}
    assert any(OTHER[-1].startswith(text[:40]) for text in marked)


def test_an_article_that_is_not_there_has_no_other_side(filled: Engine) -> None:
    with pytest.raises(UsageError, match="no article"):
        side_by_side(filled, key(ALONE), key(99))
