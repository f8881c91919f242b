"""The central rules, each changed in the way in which somebody may break it by mistake."""

from __future__ import annotations

from tests.mutants.archive_rules import ARCHIVE, OPTIONS
from tests.mutants.counting_rules import COUNTING, FIRMS
from tests.mutants.fleet_rules import FLEET
from tests.mutants.ledger_rules import FRONTIER, HISTORY, LEDGER, ROBOTS, SCHEDULE
from tests.mutants.reading_rules import DATES, NAMES, READING
from tests.mutants.store_rules import BATCHES, CHECKS, CLUSTERS, LOCKS, PUBLISHING

MUTANTS = (
    *READING,
    *DATES,
    *NAMES,
    *LEDGER,
    *HISTORY,
    *SCHEDULE,
    *FRONTIER,
    *ROBOTS,
    *BATCHES,
    *PUBLISHING,
    *CLUSTERS,
    *CHECKS,
    *LOCKS,
    *ARCHIVE,
    *OPTIONS,
    *FLEET,
    *COUNTING,
    *FIRMS,
)
