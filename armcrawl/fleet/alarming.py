"""Somebody is told of what the fleet does not do again by itself; its processes tell of no failure themselves."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from armcrawl import config
from armcrawl.errors import ArmcrawlError
from armcrawl.fleet.exits import Fate
from armcrawl.reporting.alarms import ALARMS, Alarms

if TYPE_CHECKING:
    from armcrawl.fleet.exits import Decision
    from armcrawl.reporting.report import RunReport

logger = logging.getLogger(__name__)


def tell(report: RunReport, decision: Decision) -> None:
    """Tell the log, and whom armcrawl.toml names for failures; what fails of it is logged."""
    run = report.run
    if decision.fate is Fate.HELD:
        what = f"{run.sentence} Nothing is begun for {run.site} until `armcrawl fleet resume {run.site}`."
    else:
        what = f"{run.sentence} The fleet does not try it again: `armcrawl fleet status {run.site}` has its log."
    logger.error("%s: %s", run.site, what)
    try:
        alarms = Alarms.of({f"ARMCRAWL_{name.upper()}": config.value(name, run.site) for name in ALARMS})
        alarms.ended(replace(report, run=replace(run, sentence=what)))
    except ArmcrawlError as error:
        logger.error("%s", error)
