"""The drift guard: after each batch of a run the last pages are judged, beside what earlier runs saw."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from armcrawl.checks import Breach, History, judge_new
from armcrawl.checks.judging import WINDOW
from armcrawl.errors import DatabaseError
from armcrawl.store.articles.writing import Written, write_batch
from armcrawl.store.base.database import reading
from armcrawl.store.base.schema import runs
from armcrawl.store.runs.verdicts import history_of, is_unlike, judged_pages

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Engine

    from armcrawl.items import Page


def write_guarded(engine: Engine, pages: Sequence[Page], run_id: int) -> Written:
    """Store pages, show nothing of them yet, and look back at the last ones."""
    written = write_batch(engine, pages, run_id, is_judged=True)
    try:
        written.breaches = check_drift(engine, run_id, pages)
    except (DatabaseError, SQLAlchemyError):
        raise
    except Exception as error:  # noqa: BLE001 - the pages are stored, and the run must hear of checks that break
        written.broken = f"{type(error).__name__}: {error}"
    return written


def check_drift(engine: Engine, run_id: int, new: Sequence[Page]) -> list[Breach]:
    """Return what the last pages show that they should not, the new ones among them."""
    site, kind, history = _earlier(engine, run_id)
    if is_unlike(site):
        return []
    with reading(engine) as connection:
        pages = judged_pages(connection, site, kind, WINDOW, len(new), run_id, new)
    return judge_new(pages, min(len(new), len(pages)), history)


@lru_cache(maxsize=1)
def _earlier(engine: Engine, run_id: int) -> tuple[str, str, History]:
    """Return the site and the kind of a run, and what earlier runs saw, which does not change while it goes on."""
    with reading(engine) as connection:
        run = connection.execute(select(runs.c.site, runs.c.kind).where(runs.c.id == run_id)).one()
        return run.site, run.kind, history_of(connection, run.site, run_id)
