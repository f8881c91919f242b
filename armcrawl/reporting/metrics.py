"""A run in numbers for Prometheus: a file that node_exporter's textfile collector reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from armcrawl.errors import UsageError
from armcrawl.files import STANDARD_OUTPUT, write_whole
from armcrawl.stats import stat

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from armcrawl.reporting.report import RunReport

WAITS = ("shortest", "mean", "longest", "paused")
LABELS = ("site", "kind")
# node_exporter reads no other files.
SUFFIX = ".prom"
# node_exporter is another user; there is nothing in it that anyone should not know.
MODE = 0o644


def check_name(path: Path) -> None:
    """Raise UsageError for a name that node_exporter would not read."""
    if path != STANDARD_OUTPUT and path.suffix != SUFFIX:
        raise UsageError(f"{path.name!r} would not be read by node_exporter: it must end in {SUFFIX}.")


def write_metrics(report: RunReport, path: Path) -> None:
    """Write a run's metrics; raises ArmcrawlError if that fails."""
    from prometheus_client import CollectorRegistry, Gauge, generate_latest

    registry = CollectorRegistry()
    run = report.run
    own = {"site": run.site, "kind": run.kind}
    for name, meaning, value in _numbers(report):
        if value is not None:
            Gauge(f"armcrawl_run_{name}", meaning, LABELS, registry=registry).labels(**own).set(value)
    for name, label, meaning, counts in _counts(report):
        gauge = Gauge(f"armcrawl_run_{name}", meaning, (*LABELS, label), registry=registry)
        for shown, number in counts.items():
            gauge.labels(**own, **{label: shown}).set(number)
    write_whole(path, generate_latest(registry), MODE)


def _numbers(report: RunReport) -> Iterator[tuple[str, str, float | None]]:
    run = report.run
    finished = run.finished_at.timestamp() if run.finished_at else None
    success = report.last_success.timestamp() if report.last_success else None
    yield "exit_code", "Exit code of the last run; 0 is good", run.exit_code
    yield "started_timestamp_seconds", "When the last run began", run.started_at.timestamp()
    yield "finished_timestamp_seconds", "When the last run ended", finished
    yield "last_success_timestamp_seconds", "When the last run with exit code 0 ended", success
    yield "duration_seconds", "How long the last run took", run.seconds
    yield "requests", "Requests that the last run sent", run.requests
    yield "received_bytes", "Bytes of the answers to the last run", run.received
    yield "breaches", "What the last run saw otherwise than earlier runs", len(run.breaches)
    yield "withheld_versions", "Versions that the last run wrote and nothing shows", run.withheld
    waiting = run.stats.get(stat("clusters/waiting"), 0)
    yield "waiting_articles", "Articles that waited at the end of the last run to be compared with others", waiting


def _counts(report: RunReport) -> Iterator[tuple[str, str, str, Mapping[str, float]]]:
    run = report.run
    waits: dict[str, float] = {name: run.delays[name] for name in WAITS if name in run.delays}
    yield "outcome", "outcome", "How the last run ended", {run.outcome or "under way": 1}
    yield "verdict", "verdict", "What the checks said of the last run", {run.verdict or "not checked": 1}
    yield "answers", "status", "Answers to the last run by status", run.statuses
    yield "pages", "outcome", "Pages of the last run by outcome", run.counts
    yield "articles", "result", "Articles of the last run by what became of them", run.articles
    yield "delay_seconds", "which", "Time between two requests of the last run, and pauses", waits
