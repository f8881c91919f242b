"""Forty breakages, made in the HTML of both portals, change what is read."""

from __future__ import annotations

import pytest

from tests.guard.breakages import BREAKAGES, Breakage
from tests.guard.pages import pages_of

LAYOUTS = (("portal", "bootstrap"), ("journal", "wordpress"))
# Pages of each portal to look at: enough to meet one with tags, an attribution and a picture.
LOOKED_AT = 12


def test_there_are_forty_breakages_with_a_name_each() -> None:
    assert len({breakage.name for breakage in BREAKAGES}) == len(BREAKAGES) == 40


@pytest.mark.parametrize("breakage", BREAKAGES, ids=lambda breakage: breakage.name)
def test_a_breakage_changes_what_is_read_on_a_portal(breakage: Breakage) -> None:
    changed = 0
    for portal, markup in LAYOUTS:
        affected = [page for page in pages_of(portal, markup) if breakage.affects(page)]
        for page in affected[:: max(1, len(affected) // LOOKED_AT)]:
            if page.read(breakage.change(page)) != page.read():
                changed += 1
                break
    assert changed
