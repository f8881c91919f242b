"""Where a run is reported: a page or JSON, metrics, a command for failures."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from armcrawl.errors import ArmcrawlError, LockedError, UsageError
from armcrawl.redaction import without_secrets
from armcrawl.reporting.metrics import check_name, write_metrics
from armcrawl.reporting.on_failure import call
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
    on_failure: str | None = None

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> Reports:
        """Read the settings `ARMCRAWL_REPORT`, `_METRICS` and `_ON_FAILURE`; raises UsageError for what does not fit.

        A file that cannot be written is found out before the run, not after it.
        """
        report, metrics = (writable(settings.get(name)) for name in ("ARMCRAWL_REPORT", "ARMCRAWL_METRICS"))
        if report is not None:
            check_format(report)
        if metrics is not None:
            check_name(metrics)
        return cls(report, metrics, settings.get("ARMCRAWL_ON_FAILURE") or None)

    def tell(self, report: RunReport) -> bool:
        """Write and call what is to be; tell what fails, and return whether all files are written."""
        is_written = self._write(self.report, report, write_report)
        if not (is_written or report.run.exit_code):
            report = replace(report, run=replace(report.run, exit_code=1))
        if not self._write(self.metrics, report, write_metrics):
            is_written = False
            report = replace(report, run=replace(report.run, exit_code=report.run.exit_code or 1))
        if self.on_failure is not None and report.run.exit_code:
            _call(self.on_failure, report)
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


def _call(command: str, report: RunReport) -> None:
    try:
        said = call(command, report)
    except (ArmcrawlError, OSError) as error:
        logger.error("%s", error)
    else:
        logger.info("--on-failure is done%s", f": {said}" if said else ".")


@contextmanager
def telling_failure(site: str, settings: Mapping[str, Any]) -> Iterator[None]:
    """Report a run that cannot begin as one that failed; the error goes on its way.

    Where another run is at work, its figures are not written over, nor are they where what was asked for does not fit:
    only the command for failures is called.
    """
    reports = Reports(on_failure=settings.get("ARMCRAWL_ON_FAILURE") or None)
    try:
        reports = Reports.of(settings)
        yield
    except ArmcrawlError as error:
        if isinstance(error, (LockedError, UsageError)):
            reports = replace(reports, report=None, metrics=None)
        kind = settings.get("ARMCRAWL_KIND") or "crawl"
        reports.tell(report_without_record(site, kind, error.exit_code, without_secrets(str(error))))
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
