"""The end of a run goes into its record, and comes back as its report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from armcrawl.reporting.report import RunReport, report_of, report_without_record
from armcrawl.store.runs import run_record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from armcrawl.store.base.database_worker import DatabaseWorker


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended: its outcome with a sentence, and what it sent, counted and noted."""

    run_id: int
    site: str
    kind: str
    outcome: str
    sentence: str
    exit_code: int
    requests: int
    counts: Mapping[str, int]
    stats: Mapping[str, Any]

    @property
    def told(self) -> dict[str, Any]:
        """The statistics that JSON can hold, Scrapy's own as well."""
        return {name: value for name, value in self.stats.items() if isinstance(value, (int, float, str))}


async def recorded(database: DatabaseWorker, run: Ended) -> RunReport:
    """Record how a run ended, and return its report; raises DatabaseError where the database does not take it."""
    told = (run.outcome, run.requests, run.counts, run.told, run.exit_code, run.sentence)
    await database.call(run_record.end_run, run.run_id, *told)
    return await database.call(report_of, run.run_id)


def unrecorded(run: Ended) -> RunReport:
    """Return the report of a run whose end is not in the database."""
    return report_without_record(
        run.site,
        run.kind,
        run.exit_code,
        run.sentence,
        run_id=run.run_id,
        outcome=run.outcome,
        stats=run.told,
        requests=run.requests,
    )
