"""Somebody is told of what the fleet does not do again by itself."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from armcrawl import config
from armcrawl.errors import ArmcrawlError
from armcrawl.fleet.exits import Fate
from armcrawl.reporting.alarms import ALARMS, Alarms
from armcrawl.reporting.report import report_without_record

if TYPE_CHECKING:
    from armcrawl.fleet.exits import Decision

logger = logging.getLogger(__name__)


def tell(site: str, kind: str, code: int | None, decision: Decision, sentence: str) -> None:
    """Tell the log, and whom armcrawl.toml names for failures; what fails of it is logged."""
    if decision.fate is Fate.HELD:
        what = f"{sentence} Nothing is begun for {site} until `armcrawl fleet resume {site}`."
    else:
        what = f"{sentence} The fleet does not try it again: `armcrawl fleet status {site}` has its log."
    logger.error("%s: %s", site, what)
    try:
        alarms = Alarms.of({f"ARMCRAWL_{name.upper()}": config.value(name, site) for name in ALARMS})
        # A lost worker has no code: what it was at has failed.
        alarms.ended(report_without_record(site, kind, 1 if code is None else code, what))
    except ArmcrawlError as error:
        logger.error("%s", error)
