"""All views show the same after a rebuild and in a copy, and nothing of what was taken down."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from armcrawl.items import Image, Link, Tag
from armcrawl.store.admin.copying import copy_database
from armcrawl.store.admin.rebuilding import rebuild
from armcrawl.store.articles.removal import remove
from armcrawl.store.base.database import open_database, reading
from armcrawl.store.base.views import VIEWS
from armcrawl.store.queries.view_rows import Selection, rows_of_view
from tests.conftest import TODAY, attributed
from tests.store.base.test_views import copied, printed
from tests.store.conftest import LATER, NEW_TEXT, key, stored, write

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Engine

    Rows = dict[str, list[tuple[Any, ...]]]

# No page of the tests was seen in a listing, a feed or a sitemap.
EMPTY = {"v_seen"}


@pytest.fixture
def filled(engine: Engine) -> Engine:
    """A database in which each view has rows of article 3, and of others."""
    fields: dict[str, Any] = {
        "tags": (Tag("Камклапан"), Tag("приводы"), Tag("задвижки")),
        "attribution": attributed("Источник: Интерфакс", "Интерфакс"),
        "links": (Link("https://gost.example/33259", "стандарт"),),
        "images": (Image("https://armtorg.ru/1.jpg", "Цех"),),
    }
    write(
        engine,
        copied(1, "2 Июня 2016"),
        copied(2, "31 Мая 2016"),
        stored(3, **fields),
        stored(4),
        printed(5, TODAY, "90.1"),
    )
    write(engine, stored(3, **fields, paragraphs=NEW_TEXT, fetched_at=LATER))
    return engine


@pytest.fixture
def other(engine: Engine, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Engine]:
    """A database of the other kind."""
    is_sqlite = engine.dialect.name == "sqlite"
    opened = open_database(
        request.getfixturevalue("postgresql_database") if is_sqlite else f"sqlite:///{tmp_path}/other.db"
    )
    yield opened
    opened.dispose()


def shown(engine: Engine) -> Rows:
    """Return the rows of all views, in the order of an export."""
    with reading(engine) as connection:
        return {
            view.name: [tuple(row) for rows in rows_of_view(connection, Selection(view.name)) for row in rows]
            for view in VIEWS
        }


def test_a_rebuild_changes_no_view(filled: Engine) -> None:
    before = shown(filled)
    assert {name for name, rows in before.items() if not rows} == EMPTY
    rebuild(filled)
    assert shown(filled) == before


def test_a_copy_in_a_database_of_the_other_kind_shows_the_same(filled: Engine, other: Engine) -> None:
    copy_database(filled, other)
    assert shown(other) == shown(filled)


def test_no_view_tells_of_what_was_taken_down(filled: Engine) -> None:
    remove(filled, key(3), "по просьбе")
    after = shown(filled)
    assert not [name for name, rows in after.items() if "news/3" in str(rows) or "Камклапан" in str(rows)]
    assert len(after["v_articles"]) == 3
