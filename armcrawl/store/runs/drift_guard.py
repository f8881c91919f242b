"""The drift guard: after each batch of a run the last pages are compared with what earlier runs saw."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from armcrawl.checks import Breach, Distribution, judge_new
from armcrawl.checks.judging import MIN_EARLIER, WINDOW
from armcrawl.errors import DatabaseError
from armcrawl.store.articles.writing import Written, write_batch
from armcrawl.store.base import schema
from armcrawl.store.base.database import reading
from armcrawl.store.runs.page_observations import observe
from armcrawl.store.runs.verdicts import pictures

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Engine

    from armcrawl.items import Page


def write_guarded(engine: Engine, pages: Sequence[Page], run_id: int | None) -> Written:
    """Store pages, show nothing of them yet, and look back at the last ones."""
    written = write_batch(engine, pages, run_id, is_judged=True)
    if run_id is None:
        return written
    try:
        written.breaches = check_drift(engine, run_id, len(pages))
    except (DatabaseError, SQLAlchemyError):
        raise
    except Exception as error:  # noqa: BLE001 - the pages are stored, and the run must hear of checks that break
        written.broken = f"{type(error).__name__}: {error}"
    return written


def check_drift(engine: Engine, run_id: int, new: int) -> list[Breach]:
    """Return what the last pages show otherwise than earlier runs, so many of them new."""
    site, earlier = _earlier(engine, run_id)
    if sum(picture.pages for picture in earlier) < MIN_EARLIER:
        return []
    with reading(engine) as connection:
        seen = observe(connection, site, WINDOW + new)
    return judge_new(seen, min(new, len(seen)), earlier)


@lru_cache(maxsize=1)
def _earlier(engine: Engine, run_id: int) -> tuple[str, list[Distribution]]:
    """Return the site of a run, and what earlier runs saw, which does not change while it goes on."""
    runs = schema.runs
    with reading(engine) as connection:
        run = connection.execute(select(runs.c.site, runs.c.kind).where(runs.c.id == run_id)).one()
        return run.site, pictures(connection, run.site, run.kind, run_id)
