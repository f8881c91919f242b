"""What a backfill would ask for, and how long that takes: told before a long one begins."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from armcrawl.cli.engine import opened
from armcrawl.cli.output import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from armcrawl.crawling.configuration import RunConfiguration

# Who asks for a day of requests by mistake is told before; what ends within the hour is not worth a question.
MAX_UNASKED_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Plan:
    """What the ledger lacks of a goal, in words, how many requests that is, and how long these take at most.

    `is_open` tells that nobody knows how many: no run has seen the newest id yet. The run ends after `limit` seconds,
    if that is not 0.
    """

    parts: tuple[str, ...]
    requests: int
    delay: float
    seconds: float
    is_open: bool
    limit: int

    @property
    def is_long(self) -> bool:
        """Whether it may take more than an hour."""
        return min(self.seconds, self.limit or self.seconds) > MAX_UNASKED_SECONDS

    def in_words(self) -> Iterator[str]:
        """Yield the plan's lines."""
        from armcrawl.reporting.progress import duration_in_words

        yield from self.parts
        if self.is_open:
            yield "How long that takes is not known before a run has seen the newest id."
            return
        requests = counted(self.requests, "request")
        yield f"{requests} at {self.delay:g} s each: {duration_in_words(self.seconds)}."
        if self.limit and self.seconds > self.limit:
            yield f"A run ends after {duration_in_words(self.limit)} (--max-time); the same command goes on from there."
        yield "The heads are those that the ledger knows; a run looks for newer ones first."


def plan_of(site: str, settings: dict[str, Any]) -> Plan:
    """Return the plan of a backfill within its budget, without a request; raises UsageError for what does not fit."""
    from armcrawl.crawling.configuration import configure

    configuration = configure(site, settings)
    with ExitStack() as held:
        engine = held.enter_context(database_to_plan(configuration.database))
        wanted = list(_wanted(engine, configuration))
        delay = _pace(engine, configuration.site.name, settings["DOWNLOAD_DELAY"])
    # Of ids without an end there are as many as the budget allows.
    is_open = any(number is None for _, number in wanted)
    asked = float("inf") if is_open else sum(number or 0 for _, number in wanted)
    requests = min(asked, configuration.max_requests or float("inf"))
    seconds = requests * delay if delay else 0
    parts = tuple(part for part, _ in wanted)
    is_open = requests == float("inf")
    return Plan(parts, 0 if is_open else int(requests), delay, seconds, is_open, configuration.max_time)


def _pace(engine: Engine, site: str, delay: float) -> float:
    """Return the seconds from one request to the next: the delay, or what the last run needed if that was more."""
    from armcrawl.store.queries.runs import last_run

    last = last_run(engine, site, 0)
    needed = last.delays.get("mean", 0.0) if last is not None else 0.0
    return max(delay, round(needed, 1)) if delay else delay


@contextmanager
def database_to_plan(url: str) -> Iterator[Engine]:
    """Open a database; where it has no tables yet, an empty one that knows as much and is gone after the plan."""
    if has_tables(url):
        with opened(url, reads=True) as engine:
            yield engine
        return
    with (
        TemporaryDirectory(prefix="armcrawl-plan-") as folder,
        opened(f"sqlite:///{folder}/empty.db", create=True) as new,
    ):
        yield new


def has_tables(url: str) -> bool:
    """Tell whether there is a database with tables; raises ArmcrawlError for one that cannot be used."""
    from armcrawl.store.base.database import parse_url, reading
    from armcrawl.store.base.shape import is_new

    parsed = parse_url(url)
    if parsed.get_backend_name() == "sqlite" and not Path(parsed.database or "").exists():
        return False
    with opened(url, any_shape=True, reads=True) as engine, reading(engine) as connection:
        return not is_new(connection)


def _wanted(engine: Engine, configuration: RunConfiguration) -> Iterator[tuple[str, int | None]]:
    """Yield each part of the goal in words, with how many pages the ledger lacks of it; None where nobody knows."""
    from armcrawl.store.ledger import ledger

    goal, site = configuration.goal, configuration.site.name
    if goal is None:
        return
    if goal.keys:
        number = len(ledger.unknown_keys(engine, list(goal.keys)))
        yield f"{number} of {counted(len(goal.keys), 'address', 'addresses')} would be asked for.", number
        return
    for section in configuration.sections:
        top = ledger.head(engine, site, section)
        if not top and not goal.ids:
            yield f"{section}: every id up to the newest would be asked for.", None
            continue
        spans = goal.ids or (ledger.span_of_days(engine, site, section, goal.first_day, goal.last_day),)
        for low, high in spans:
            last = min(high, top) if top else high
            number = ledger.count_wanted(engine, site, section, low, last)
            at_most = "at most " if goal.has_days else ""
            skipped = "; large holes are skipped" if goal.has_days else ""
            ids = counted(number, "id")
            yield f"{section} {low}-{last}: {at_most}{ids} would be asked for, newest first{skipped}.", number
