"""A fleet in numbers for Prometheus: a file that node_exporter's textfile collector reads."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from armcrawl import clock
from armcrawl.files import write_whole
from armcrawl.fleet.exits import Fate
from armcrawl.reporting.metrics import MODE, check_name

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from armcrawl.fleet.status import FleetStatus


def write_fleet_metrics(status: FleetStatus, path: Path) -> None:
    """Write a fleet's metrics; raises UsageError for a name that would not be read, and ArmcrawlError if it fails."""
    from prometheus_client import CollectorRegistry, Gauge, generate_latest

    check_name(path)
    registry = CollectorRegistry()
    of_site: dict[str, tuple[str, Mapping[str, float]]] = {
        "site_last_run_timestamp_seconds": ("When its last run began", _last_runs(status)),
        "site_exit_code": (
            "Exit code of its last process that ended; 0 is good",
            {one.site: one.exit_code for one in status.sites if one.exit_code is not None},
        ),
        "site_given_up": (
            "1 where its last job is not tried again until somebody says so",
            {one.site: float(one.fate == Fate.GIVEN_UP.value) for one in status.sites},
        ),
        "site_held": ("1 where nothing is begun until somebody resumes it", _held(status)),
        "site_complete_ratio": (
            "Share of what is known that is stored, in the section that lacks most",
            {one.site: one.complete for one in status.sites if one.complete is not None},
        ),
    }
    for name, (meaning, values) in of_site.items():
        gauge = Gauge(f"armcrawl_fleet_{name}", meaning, ["site"], registry=registry)
        for site, value in values.items():
            gauge.labels(site=site).set(value)
    jobs = Gauge(
        "armcrawl_fleet_jobs", "Jobs that wait (todo) or are carried out (doing)", ["status"], registry=registry
    )
    waiting = Counter(row["status"] for row in status.queue)
    for state in ("todo", "doing"):
        jobs.labels(status=state).set(waiting[state])
    workers = Gauge("armcrawl_fleet_workers", "Workers by machine", ["machine", "state"], registry=registry)
    for (machine, is_gone), number in Counter((one.machine, one.is_gone) for one in status.workers).items():
        workers.labels(machine=machine, state="gone" if is_gone else "alive").set(number)
    written = Gauge("armcrawl_fleet_written_timestamp_seconds", "When this was written", registry=registry)
    written.set(clock.now().timestamp())
    write_whole(path, generate_latest(registry), MODE)


def _last_runs(status: FleetStatus) -> dict[str, float]:
    return {one.site: one.last_run_at.timestamp() for one in status.sites if one.last_run_at is not None}


def _held(status: FleetStatus) -> dict[str, float]:
    return {one.site: float(one.held_at is not None) for one in status.sites}
