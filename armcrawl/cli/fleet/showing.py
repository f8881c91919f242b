"""A fleet's status, for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from armcrawl.cli.output import Table, in_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from armcrawl.fleet.status import FleetStatus


def shown_of(status: FleetStatus, *, with_logs: bool) -> Iterator[Table | str]:
    """Yield what is shown of a fleet, and with the last lines of its attempts' logs, if wanted."""
    sites = [
        (
            one.site,
            one.last_run_at,
            one.outcome,
            one.verdict,
            None if one.complete is None else f"{one.complete:.2%}",
            one.next_run_at,
            None if one.held_at is None else f"since {in_words(one.held_at)}: {one.held_why}",
        )
        for one in status.sites
    ]
    yield Table("Sites", ("site", "last run (UTC)", "outcome", "verdict", "complete", "next run (UTC)", "held"), sites)
    queue = [
        (
            row["job"],
            "cancelled" if row["abort_requested"] else {"todo": "waits", "doing": "is carried out"}[row["status"]],
            " ".join(row["arguments"]),
            row["server"],
            row["scheduled_at"] if row["status"] == "todo" else None,
            f"{row['worker']} on {row['machine']}" if row["worker"] else row["waits_for"],
        )
        for row in status.queue
    ]
    yield Table("Queue", ("job", "state", "armcrawl", "server", "not before (UTC)", "by, or after"), queue)
    workers = [
        (one.name, one.machine, one.pid, one.does, one.started_at, one.last_heartbeat, "gone" if one.is_gone else "")
        for one in status.workers
    ]
    columns = ("worker", "machine", "process", "does", "since (UTC)", "last heard (UTC)", "")
    yield Table("Workers", columns, workers)
    for machine in status.gone:
        yield f"{machine} is gone: no worker of it is heard any more; its jobs are given to others."
    if not status.is_cared_for:
        yield "Nobody brings in nights and rescues jobs: start `armcrawl fleet work --schedule`."
    yield _attempts(status)
    for name, fault in status.faults.items():
        yield f"{name}: {fault}"
    for row in status.attempts if with_logs else ():
        yield f"Attempt {row['id']}, job {row['job']}:"
        yield from (f"  {line}" for line in (row["log"] or "").splitlines())


def _attempts(status: FleetStatus) -> Table:
    rows = [
        (
            row["job"],
            " ".join(row["arguments"]),
            row["machine"],
            row["started_at"],
            row["ended_at"],
            row["exit_code"],
            row["fate"],
            row["sentence"],
        )
        for row in status.attempts
    ]
    columns = ("job", "armcrawl", "machine", "began (UTC)", "ended (UTC)", "exit code", "fate", "what it said")
    return Table("Attempts", columns, rows)
