"""Every article of the press portal, in both markups, field by field."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from armcrawl.items import Article, NotAnArticle, Outcome, Reason
from armcrawl.reading.page import read_page
from armcrawl.refining.chain import refine
from armcrawl.russian.tags import canonical_tag
from armcrawl.sample.press.articles import SITE, PressTag
from armcrawl.sample.press.portal import HOST, MARKUPS, MIRROR, PressPortal
from tests.sample.press.moments import NOW

if TYPE_CHECKING:
    from collections.abc import Iterator

    from armcrawl.sample.press.chronicle import Chronicle
    from armcrawl.sample.press.truth import PressTruth

HOME = SITE.home.rstrip("/")
# A name in quotes has stops of its own: «Насосы. Арматура. Приводы».
STOPS_IN_SOURCE = "studenty-na-stende-kak-vuzy-zavoevali-vystavku-nasosov"

pytestmark = pytest.mark.usefixtures("declared_press")


def known(press: PressPortal) -> Iterator[PressTruth]:
    return (one for one in press.truth(NOW).values() if one.outcome is Outcome.STORED)


def read(press: PressPortal, target: str, host: str = HOST) -> Article | NotAnArticle:
    answer = press.respond(target, NOW, host)
    reading = read_page(answer.body, HOME + target, NOW, answer.content_type, answer.status)
    if isinstance(reading.result, NotAnArticle):
        return reading.result
    refined = refine(reading.result, NOW)
    assert refined.fault is None, (target, refined.fault)
    return refined.article


def gold(one: PressTruth) -> dict[str, Any]:
    return {
        "title": one.title,
        "date": one.day,
        "paragraphs": one.paragraphs,
        "tags": [(printed, HOME + PressTag(printed, name).path) for printed, name in one.tags],
        "attribution": one.attribution or None,
        "images": [(address, caption or None) for address, caption in one.images],
        "external_id": one.key.external_id,
    }


def fields(article: Article) -> dict[str, Any]:
    return {
        "title": article.title,
        "date": article.published.date if article.published else None,
        "paragraphs": article.paragraphs,
        "tags": [(tag.printed, tag.address) for tag in article.tags],
        "attribution": article.attribution.line if article.attribution else None,
        "images": [(image.address, image.caption) for image in article.images],
        "external_id": article.external_id,
    }


def wrong(press: PressPortal, suffix: str = "", host: str = HOST, *, without: str = "", every: int = 1) -> list[Any]:
    """Return what is read otherwise than it was written: where, which field, both values."""
    found: list[Any] = []
    for one in list(known(press))[::every]:
        article = read(press, one.address.removeprefix(HOME) + suffix, host)
        assert isinstance(article, Article), one.address
        expected, got = gold(one), fields(article)
        found += [
            (one.address, name, expected[name], got[name])
            for name in expected
            if expected[name] != got[name] and name != without
        ]
    return found


def test_every_article_is_read_as_it_was_written(press: PressPortal) -> None:
    assert wrong(press) == []


def test_the_accelerated_twin_is_read_alike(press: PressPortal) -> None:
    assert wrong(press, "amp/", without="images", every=5) == []


def test_the_mirror_is_read_alike(press: PressPortal) -> None:
    assert wrong(press, host=MIRROR, every=5) == []


@pytest.mark.parametrize(
    "press",
    ["wordpress", pytest.param("static", marks=pytest.mark.xfail(strict=True, reason="an author that only rel tells"))],
    indirect=True,
)
def test_every_author_is_read(press: PressPortal) -> None:
    signed = [one for one in known(press) if one.author]
    read_as = [read(press, one.address.removeprefix(HOME)) for one in signed]
    assert [article.author for article in read_as if isinstance(article, Article)] == [one.author for one in signed]


def test_every_tag_is_put_into_the_nominative(press: PressPortal) -> None:
    tags = {tag for one in known(press) for tag in one.tags}
    assert [(printed, name) for printed, name in sorted(tags) if canonical_tag(printed).name != name] == []


def test_a_source_with_stops_in_its_name_is_read(press: PressPortal) -> None:
    article = read(press, f"/vystavki/{STOPS_IN_SOURCE}/")
    assert isinstance(article, Article)
    assert article.attribution is not None


# What else a page shows, beside its own lines, are the titles of five articles.
@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("/", Reason.LISTING),
        ("/novosti/?PAGEN_1=2", Reason.LISTING),
        ("/tehnologii/page/2/", Reason.LISTING),
        ("/vystavki/?start=10", Reason.LISTING),
        ("/intervyu/?page=2", Reason.LISTING),
        ("/tag/zadvizhki/", Reason.LISTING),
        ("/avtor/olga-zimina/", Reason.LISTING),
        ("/arhiv/2024/05/", Reason.LISTING),
        ("/arhiv/2031/05/", Reason.LISTING),
        ("/o-zhurnale/", Reason.LISTING),
        ("/kontakty/", Reason.LISTING),
        ("/reklama/", Reason.LISTING),
        ("/vhod/", Reason.LISTING),
        ("/zavody/nothing/", Reason.MISSING),
    ],
)
def test_pages_that_are_no_articles_are_known_for_what_they_are(
    press: PressPortal, target: str, reason: Reason
) -> None:
    result = read(press, target)
    assert isinstance(result, NotAnArticle)
    assert result.reason is reason


def test_both_markups_give_the_same_text(chronicle: Chronicle) -> None:
    portals = [PressPortal(markup, chronicle) for markup in MARKUPS]
    for one in list(known(portals[0]))[::7]:
        texts = {read(press, one.address.removeprefix(HOME)) for press in portals}
        bodies = {article.paragraphs for article in texts if isinstance(article, Article)}
        assert bodies == {one.paragraphs}
