"""The records of runs, as people and programs read them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from armcrawl.checks import Breach, breach_from_json
from armcrawl.errors import UsageError
from armcrawl.redaction import all_without_secrets
from armcrawl.stats import stat, under
from armcrawl.store.base import schema
from armcrawl.store.base.database import reading

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection, Engine

runs, versions = schema.runs, schema.article_versions
ARTICLES = ("new", "changed", "unchanged", "duplicate", "quarantined")


@dataclass(frozen=True, slots=True)
class RunRecord:
    """One run; `outcome` is None while it goes on, `withheld` counts versions that it wrote and nothing shows.

    `id` is None for one that could not begin.
    """

    id: int | None
    site: str
    kind: str
    arguments: dict[str, Any]
    version: str
    host: str | None
    started_at: datetime
    finished_at: datetime | None
    outcome: str | None
    exit_code: int | None
    sentence: str | None
    verdict: str | None
    unjudged: str | None
    requests: int | None
    counts: dict[str, int]
    breaches: tuple[Breach, ...]
    stats: dict[str, Any]
    withheld: int

    @property
    def statuses(self) -> dict[str, int]:
        """Answers by HTTP status."""
        return under(self.stats, "requests/status")

    @property
    def articles(self) -> dict[str, int]:
        """Articles new, changed, unchanged, duplicate and quarantined."""
        return dict.fromkeys(ARTICLES, 0) | under(self.stats, "articles")

    @property
    def received(self) -> int:
        """Bytes of all answers, as they came in."""
        return int(self.stats.get(stat("bytes/received"), 0))

    @property
    def delays(self) -> dict[str, float]:
        """Seconds between two requests: shortest, mean, longest; and how often and long the server asked to wait."""
        found = under(self.stats, "delays")
        between = self.stats.get(stat("requests/sent"), 0) - 1
        if between > 0 and "total" in found:
            found["mean"] = round(found["total"] / between, 3)
        return found

    @property
    def seconds(self) -> float | None:
        """How long it took, None while it goes on."""
        return (self.finished_at - self.started_at).total_seconds() if self.finished_at else None

    def to_json(self) -> dict[str, Any]:
        """Return all of it for programs: plain values, times in ISO 8601, no passwords."""
        told = asdict(self) | {
            "started_at": self.started_at.isoformat(),
            "finished_at": self.finished_at.isoformat() if self.finished_at else None,
            "seconds": self.seconds,
            "statuses": self.statuses,
            "articles": self.articles,
            "received": self.received,
            "delays": self.delays,
            "breaches": [asdict(breach) | {"sentence": str(breach)} for breach in self.breaches],
        }
        return dict(all_without_secrets(told))


def newest_runs(engine: Engine, most: int) -> list[RunRecord]:
    """Return the newest runs, the newest first."""
    with reading(engine) as connection:
        return _records(connection, select(runs).order_by(runs.c.id.desc()).limit(most))


def last_run(engine: Engine, site: str, after: int) -> RunRecord | None:
    """Return the newest run of a site with a higher id, if there is one."""
    is_it = (runs.c.site == site) & (runs.c.id > after)
    with reading(engine) as connection:
        return next(iter(_records(connection, select(runs).where(is_it).order_by(runs.c.id.desc()).limit(1))), None)


def run_record(engine: Engine, run_id: int) -> RunRecord:
    """Return the record of one run; raises UsageError for one that there is not."""
    with reading(engine) as connection:
        found = _records(connection, select(runs).where(runs.c.id == run_id))
    if not found:
        raise UsageError(f"There is no run {run_id}: `armcrawl runs` lists them.")
    return found[0]


def last_success(engine: Engine, site: str, kind: str) -> datetime | None:
    """Return when the last run of a kind that did all it should had ended; None without one."""
    is_good = (runs.c.site == site) & (runs.c.kind == kind) & (runs.c.exit_code == 0)
    with reading(engine) as connection:
        found: datetime | None = connection.execute(select(func.max(runs.c.finished_at)).where(is_good)).scalar()
    return found


def waiting_before(engine: Engine, site: str, run_id: int) -> int:
    """Return how many articles of a site have a version of an earlier run that is withheld."""
    query = (
        select(func.count(func.distinct(versions.c.article_id)))
        .join(runs, runs.c.id == versions.c.run_id)
        .where(schema.is_withheld, runs.c.site == site, runs.c.id < run_id)
    )
    with reading(engine) as connection:
        return int(connection.execute(query).scalar_one())


def _records(connection: Connection, query: Any) -> list[RunRecord]:
    rows = connection.execute(query).all()
    kept = (
        select(versions.c.run_id, func.count())
        .where(schema.is_withheld, versions.c.run_id.in_([row.id for row in rows]))
        .group_by(versions.c.run_id)
    )
    aside: dict[int, int] = dict(connection.execute(kept).all())
    return [
        RunRecord(
            **{name: getattr(row, name) for name in _PLAIN},
            arguments=row.arguments or {},
            counts=row.counts or {},
            breaches=tuple(map(breach_from_json, row.breaches or ())),
            stats=row.stats or {},
            withheld=aside.get(row.id, 0),
        )
        for row in rows
    ]


_PLAIN = (
    *("id", "site", "kind", "version", "host", "started_at", "finished_at"),
    *("outcome", "exit_code", "sentence", "verdict", "unjudged", "requests"),
)
