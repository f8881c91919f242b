"""Where a run is reported: a page or JSON, metrics, and alarms."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from armcrawl.errors import ArmcrawlError, LockedError, UsageError
from armcrawl.redaction import tellable
from armcrawl.reporting.alarms import Alarms
from armcrawl.reporting.metrics import check_name, write_metrics
from armcrawl.reporting.report import check_format, report_without_record, write_report

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from armcrawl.reporting.report import RunReport

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Reports:
    """What is to be written and called when a run has ended."""

    report: Path | None = None
    metrics: Path | None = None
    alarms: Alarms = field(default_factory=Alarms)

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> Reports:
        """Read the settings `ARMCRAWL_REPORT`, `_METRICS` and those of alarms; raises UsageError for what does not fit.

        A file that cannot be written is found out before the run, not after it.
        """
        report, metrics = (writable(settings.get(name)) for name in ("ARMCRAWL_REPORT", "ARMCRAWL_METRICS"))
        if report is not None:
            check_format(report)
        if metrics is not None:
            check_name(metrics)
        return cls(report, metrics, Alarms.of(settings))

    def tell(self, report: RunReport) -> bool:
        """Write and call what is to be; tell what fails, and return whether all files are written."""
        is_written = True
        for path, write in ((self.report, write_report), (self.metrics, write_metrics)):
            if not self._write(path, report, write):
                is_written = False
                report = replace(report, run=replace(report.run, exit_code=report.run.exit_code or 1))
        self.alarms.ended(report)
        return is_written

    @staticmethod
    def _write(path: Path | None, report: RunReport, write: Callable[[RunReport, Path], None]) -> bool:
        if path is None:
            return True
        try:
            write(report, path)
        except ArmcrawlError as error:
            logger.error("%s", error)
            return False
        except Exception:
            logger.exception("%s could not be written.", path)
            return False
        return True


@contextmanager
def telling_failure(site: str, settings: Mapping[str, Any]) -> Iterator[None]:
    """Report a run that cannot begin as one that failed, and raise its error again.

    Where another run is at work, its figures are not written over, nor are they where what was asked for does not fit:
    only alarms are sent.
    """
    reports = Reports(alarms=Alarms(on_failure=settings.get("ARMCRAWL_ON_FAILURE") or None))
    try:
        reports = replace(reports, alarms=Alarms.of(settings))
        reports = Reports.of(settings)
        reports.alarms.began()
        yield
    except ArmcrawlError as error:
        if isinstance(error, (LockedError, UsageError)):
            reports = replace(reports, report=None, metrics=None)
        kind = settings.get("ARMCRAWL_KIND") or "crawl"
        reports.tell(report_without_record(site, kind, error.exit_code, tellable(str(error))))
        raise


def writable(written: str | None) -> Path | None:
    """Return the path of a file that is to be written, if one is named; raises UsageError for a folder, or in none."""
    if not written:
        return None
    path = Path(written)
    if not path.absolute().parent.is_dir():
        raise UsageError(f"{path} cannot be written: there is no folder {path.absolute().parent}.")
    if path.is_dir():
        raise UsageError(f"{path} is a folder: name a file in it.")
    return path
