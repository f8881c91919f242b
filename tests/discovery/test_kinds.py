"""A kind of discovery can come from another package, which registers it under an entry point."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from armcrawl.discovery import kinds
from armcrawl.discovery.counted import Counted
from armcrawl.discovery.kinds import kind_named, plan_of
from armcrawl.errors import UsageError
from armcrawl.sites import site_named
from tests.packages import write_package

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


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
    with pytest.raises(UsageError, match="no kind of discovery 'tides': the kinds are counted, feed, listing, sitemap"):
        kind_named("tides")


def test_a_kind_that_cannot_be_loaded_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_package(tmp_path, "raise RuntimeError('no moon')\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(UsageError, match="'listed' cannot be loaded: RuntimeError: no moon"):
        kind_named("listed")


def test_our_own_kinds_need_no_registration() -> None:
    assert set(kinds.OWN) == {"counted", "listing", "feed", "sitemap"}
