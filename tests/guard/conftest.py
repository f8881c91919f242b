"""Both portals' sites are known here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from armcrawl.sample.press.articles import DECLARATION
from armcrawl.sites.known import forget_sites

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True, scope="module")
def _declared_press() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ARMCRAWL_SITES", str(DECLARATION.parent))
        forget_sites()
        yield
    forget_sites()
