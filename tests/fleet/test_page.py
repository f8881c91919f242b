"""The page of a fleet shows what `armcrawl fleet status` tells."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.request import urlopen

from armcrawl.fleet.presence import enlist
from tests.press import serving

if TYPE_CHECKING:
    from sqlalchemy import Engine


def test_a_fleet_has_a_page_that_names_its_workers_and_what_is_missing(
    engine: Engine, postgresql_database: str
) -> None:
    enlist(engine, 1, "первый <b>", "crawls")
    with serving(postgresql_database) as site:
        with urlopen(f"{site}/fleet") as answer:
            text = answer.read().decode()
        with urlopen(f"{site}/search") as answer:
            assert 'href="/fleet"' in answer.read().decode()
    assert "первый &lt;b&gt;" in text
    assert "Никто не ставит ночные обходы в очередь" in text
    assert "Очередь пуста." in text
