"""Portals whose links of tags say nothing of what the tags name: they are crawled, and no tags become one by it."""

from __future__ import annotations

import json
import re
from itertools import count
from typing import TYPE_CHECKING

import pytest

from armcrawl.sample.server import serving_handler
from tests.drift import DriftingPortal, is_third

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.drift import Change
    from tests.forking import Finished

    Run = Callable[..., Finished]
    Query = Callable[[str], list[tuple[object, ...]]]

TAGS = re.compile(r'<div class="news-item__tags">.*?</div>', re.DOTALL)
DATABASE = ("--database", "sqlite:///test.db")
MEANT = "SELECT DISTINCT name FROM v_entity_mentions WHERE address LIKE '%/tags/15' ORDER BY name"


def by_position(html: str, _: int) -> str:
    """Let each tag link to its place in the list."""

    def numbered(match: re.Match[str]) -> str:
        numbers = count()
        return re.sub(r'href="[^"]*"', lambda _: f'href="/news/tags/{next(numbers)}/"', match[0])

    return TAGS.sub(numbered, html)


def of_two_firms(html: str, number: int) -> str:
    """Let one tag of each page be one of two firms of one name, both with one id."""
    firm = "АО «Салют-Арматура»" if is_third(number) else "ООО «Салют-Арматура»"

    def first(match: re.Match[str]) -> str:
        return re.sub(r"<a [^>]*>.*?</a>", f'<a href="/tags/15">{firm}</a>', match[0], count=1)

    return TAGS.sub(first, html)


@pytest.fixture
def crawled(armcrawl: Run) -> Callable[[Change], None]:
    def crawl(change: Change) -> None:
        portal = DriftingPortal(change)
        with serving_handler(portal.handle) as url:
            budget = ("--section", "news", "--max-requests", "60", "--delay", "0")
            done = armcrawl("crawl", "--base-url", url, *budget, *DATABASE)
        assert done.code == 0, (done.out, done.err)
        assert len(portal.changed) > 20

    return crawl


def test_tags_that_link_to_their_place_in_a_list_stay_apart_and_the_run_says_so(
    crawled: Callable[[Change], None], armcrawl: Run, query: Query
) -> None:
    crawled(by_position)
    [(address, names)] = query(
        "SELECT address, count(DISTINCT name) FROM v_entity_mentions WHERE address LIKE '%/news/tags/0/' GROUP BY 1"
    )
    assert isinstance(names, int)
    assert names > 10
    review = json.loads(armcrawl("entities", "review", "--json", *DATABASE).out)
    assert address in {found["address"] for found in review["addresses"]}
    shown = armcrawl("runs", "show", "1", *DATABASE).out
    assert "tags with unrelated names link to" in shown


def test_two_firms_of_one_name_with_one_id_stay_two(
    crawled: Callable[[Change], None], armcrawl: Run, query: Query
) -> None:
    crawled(of_two_firms)
    assert query(MEANT) == [("АО «Салют-Арматура»",), ("ООО «Салют-Арматура»",)]
    assert armcrawl("db", "rebuild", *DATABASE).code == 0
    assert query(MEANT) == [("АО «Салют-Арматура»",), ("ООО «Салют-Арматура»",)]
    review = json.loads(armcrawl("entities", "review", "--json", *DATABASE).out)
    assert any(found["address"].endswith("/tags/15") for found in review["addresses"])
