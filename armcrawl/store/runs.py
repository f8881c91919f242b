"""The record of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, update

from armcrawl import __version__, clock
from armcrawl.store import schema

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Engine


def begin_run(engine: Engine, site: str, kind: str, arguments: Mapping[str, Any]) -> int:
    """Record that a run begins; return its id."""
    row = {
        "site": site,
        "kind": kind,
        "arguments": dict(arguments),
        "version": __version__,
        "started_at": clock.now(),
    }
    statement = insert(schema.runs).values(row).returning(schema.runs.c.id)
    with engine.begin() as connection:
        return int(connection.execute(statement).scalar_one())


def end_run(
    engine: Engine, run_id: int, outcome: str, requests: int, counts: Mapping[str, int], stats: Mapping[str, Any]
) -> None:
    """Record how a run ended."""
    values = {
        "finished_at": clock.now(),
        "outcome": outcome,
        "requests": requests,
        "counts": dict(counts),
        "stats": dict(stats),
    }
    with engine.begin() as connection:
        connection.execute(update(schema.runs).where(schema.runs.c.id == run_id).values(values))
