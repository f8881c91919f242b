"""Which tags of the last twelve months rise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from armcrawl.items import Tag
from armcrawl.store.articles.writing import write_batch
from armcrawl.store.base.database import reading
from armcrawl.store.queries.dashboard_figures import figures
from tests.store.conftest import stored

if TYPE_CHECKING:
    from sqlalchemy import Engine


def test_a_tag_rises_only_if_its_share_of_the_year_does(engine: Engine) -> None:
    dates = ("4 марта 2014", "1 мая 2015", "2 мая 2015", "3 мая 2015", "4 мая 2015")
    tagged = (1, 2, 3)
    pages = [
        stored(number, date_text=day, title=f"Заметка {number}", tags=(Tag("приводы"),) if number in tagged else ())
        for number, day in enumerate(dates, 1)
    ]
    write_batch(engine, pages, None)
    with reading(engine) as connection:
        found = figures(connection)
    assert found.year is not None
    assert found.year_before is not None
    assert (found.year.articles, found.year_before.articles) == (4, 1)
    [rise] = found.tags
    assert (rise.now, rise.before) == (2, 1)
    assert (rise.share, rise.share_before, rise.growth) == (500, 1000, -500)


def test_without_a_year_before_no_growth_is_told(engine: Engine) -> None:
    write_batch(engine, [stored(1, tags=(Tag("приводы"),))], None)
    with reading(engine) as connection:
        [rise] = figures(connection).tags
    assert (rise.now, rise.growth) == (1, None)
