"""The press portal in each of its markups, and its site declared."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from armcrawl.sample.press.articles import DECLARATION
from armcrawl.sample.press.chronicle import Chronicle
from armcrawl.sample.press.portal import MARKUPS, PressPortal
from armcrawl.sites.known import forget_sites

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def chronicle() -> Chronicle:
    return Chronicle(date(2026, 7, 1))


@pytest.fixture(params=MARKUPS)
def press(request: pytest.FixtureRequest, chronicle: Chronicle) -> PressPortal:
    return PressPortal(request.param, chronicle)


@pytest.fixture
def declared_press(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Have the press portal's site known, for one test."""
    monkeypatch.setenv("ARMCRAWL_SITES", str(DECLARATION.parent))
    forget_sites()
    yield
    monkeypatch.undo()
    forget_sites()
