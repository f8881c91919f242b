"""A kind of discovery can come from another package, which registers it under an entry point."""

from __future__ import annotations

import asyncio
import re
import sys
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from armcrawl.discovery import kinds
from armcrawl.discovery.counted import Counted
from armcrawl.discovery.goal import Goal
from armcrawl.discovery.kinds import kind_named, plan_of
from armcrawl.discovery.united import United
from armcrawl.errors import UsageError
from armcrawl.sites import PageKey, Section, Site, site_named
from armcrawl.store.ledger.ledger import Due
from tests.packages import write_package

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from armcrawl.items import Page


@pytest.fixture(autouse=True)
def _forgotten() -> Iterator[None]:
    kind_named.cache_clear()
    yield
    kind_named.cache_clear()
    sys.modules.pop("listed_discovery", None)


def test_a_site_says_how_its_pages_are_found() -> None:
    assert [kind for kind, _ in plan_of(site_named("armtorg")).others] == [Counted]


def test_a_kind_that_another_package_registers_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_package(tmp_path, "class Listed: pass\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert kind_named("listed").__name__ == "Listed"


def test_a_kind_that_nobody_registered_is_told_with_those_that_there_are() -> None:
    with pytest.raises(
        UsageError, match="no kind of discovery 'tides': the kinds are added, counted, feed, listing, s"
    ):
        kind_named("tides")


def test_a_kind_that_cannot_be_loaded_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_package(tmp_path, "raise RuntimeError('no moon')\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(UsageError, match="'listed' cannot be loaded: RuntimeError: no moon"):
        kind_named("listed")


def test_our_own_kinds_need_no_registration() -> None:
    assert set(kinds.OWN) == {"added", "counted", "listing", "feed", "sitemap"}


class Found:
    """A discovery that finds some pages."""

    def __init__(self, witness: Due | None, *found: Page | Due) -> None:
        self.witness = witness
        self.found = found

    async def due(self, goal: Goal | None) -> AsyncIterator[Page | Due]:
        del goal
        for one in self.found:
            yield one


def test_what_two_discoveries_find_is_asked_for_once() -> None:
    one, two, three = (Due(PageKey("armavest", "news", slug)) for slug in "abc")
    discoveries: list[Any] = [Found(None, one, two), Found(three, two, three)]
    united = United(discoveries)

    async def found() -> list[Page | Due]:
        return [due async for due in united.due(None)]

    assert asyncio.run(found()) == [one, two, three]
    assert united.witness == three


def test_a_site_without_counted_ids_has_no_ids_to_ask_for() -> None:
    plan = plan_of(site_named("armavest"))
    with pytest.raises(UsageError, match="The articles of armavest have no ids"):
        plan.check_goal(Goal(ids=((1, 9),)))
    plan.check_goal(Goal(first_day=date(2026, 11, 1)))
    plan_of(site_named("armtorg")).check_goal(Goal(ids=((1, 9),)))


@pytest.mark.parametrize(
    ("discovery", "said"),
    [
        ({"kind": "listing"}, 'gazette: listing discovery has no page to begin with: write listing = "/news/"'),
        ({"kind": "listing", "strat": ["/"]}, "has no option 'strat': write 'start' if that is meant"),
        ({"kind": "listing", "start": ["news"]}, "listing discovery: 'news' must begin with a slash"),
        ({"kind": "listing", "start": ["/news/"], "pages": "/news/2"}, "'/news/2' needs {page} where the number"),
        ({"kind": "listing", "start": ["/news/pusk"]}, "'/news/pusk' would be an article of section 'news'"),
        ({"kind": "sitemap", "start": "/sitemap.xml"}, "sitemap discovery: Expected `array`, got `str`"),
        ({"kind": "counted", "start": ["/"]}, "counted discovery has no option 'start': it has no options"),
        ({"kind": "counted"}, "a number does not tell the address of a page of news"),
    ],
)
def test_options_that_do_not_fit_are_told(discovery: dict[str, object], said: str) -> None:
    sections = (Section(name="news", addresses=("/news/{slug}",)),)
    site = Site(name="gazette", hosts=("gazette.example",), sections=sections, discovery=(discovery,))
    with pytest.raises(UsageError, match=re.escape(said)):
        plan_of(site)
