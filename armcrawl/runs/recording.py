"""The end of a run goes into its record, and comes back as its report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from armcrawl.runs.report import RunReport, report_of, report_without_record
from armcrawl.store import decisions, run_records, runs

if TYPE_CHECKING:
    from armcrawl.runs.extension import RunExtension


async def recorded(run: RunExtension) -> RunReport:
    """Record how a run ended, and return its report; raises DatabaseError where the database does not take it."""
    if run.doubtful:
        await run.database.call(decisions.forget, run.doubtful)
    run.count("articles/duplicate", await run.database.call(run_records.duplicates, run.run_id))
    name, sentence = _ending(run)
    told = (name, run.budget.sent, run.counts, _stats(run), run.exit_code, sentence)
    await run.database.call(runs.end_run, run.run_id, *told)
    return await run.database.call(report_of, run.run_id)


def unrecorded(run: RunExtension) -> RunReport:
    """Return the report of a run whose end is not in the database."""
    name, sentence = _ending(run)
    return report_without_record(
        run.configuration.site.name,
        run.configuration.kind,
        run.exit_code,
        sentence,
        run_id=run.run_id,
        outcome=name,
        stats=_stats(run),
        requests=run.budget.sent,
    )


def _ending(run: RunExtension) -> tuple[str, str]:
    return (run.outcome.name, run.outcome.sentence) if run.outcome else ("failed", "")


def _stats(run: RunExtension) -> dict[str, Any]:
    """Return all statistics that JSON can hold, Scrapy's own as well."""
    stats = run.crawler.stats.get_stats()
    return {name: value for name, value in stats.items() if isinstance(value, (int, float, str))}
