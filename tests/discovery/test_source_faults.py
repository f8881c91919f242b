"""Every fault of a source comes to what is expected of it, and the night after it brings what it kept back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.discovery.gazette import DECLARATION, Gazette
from tests.discovery.source_faults import FAULTS, SourceFault

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.discovery.conftest import Nights

    Query = Callable[[str], list[tuple[object, ...]]]

STORED = "SELECT count(*) FROM pages WHERE outcome = 'stored'"


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_of_a_source(nights: Nights, gazette: Gazette, query: Query, fault: SourceFault) -> None:
    nights.declare(fault.declared, fault.declaration)
    fault.spoil(gazette)
    done = nights.crawl(code=fault.code)
    told = done.out + done.err
    assert fault.says in told
    assert len(gazette.asked) == fault.requests
    right = {path for path in gazette.asked if "otgruzka" in path} if fault.right else set()
    assert fault.code == 2 or query(STORED) == [(fault.right,)]

    gazette.heal()
    nights.declare(fault.declared, DECLARATION)
    nights.crawl()
    assert query(STORED) == [(12,)]
    assert not right & set(gazette.asked)
