"""Where a run is reported: a page or JSON, metrics, a command for failures."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any

from armcrawl import config
from armcrawl.errors import ArmcrawlError, LockedError, UsageError
from armcrawl.redaction import tellable
from armcrawl.reporting.metrics import check_name, write_metrics
from armcrawl.reporting.report import check_format, json_of, report_without_record, write_report

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from armcrawl.reporting.report import RunReport

logger = logging.getLogger(__name__)

# A mail or a web hook takes seconds; a service that is told to end has 60 (deploy/armcrawl.service), half for the run.
MAX_SECONDS = 30
# The end of what it said tells why it failed.
MAX_SAID = 500
FACTS = ("id", "site", "kind", "outcome", "exit_code", "sentence", "version", "host", "started_at", "finished_at")


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
        is_written = True
        for path, write in ((self.report, write_report), (self.metrics, write_metrics)):
            if not self._write(path, report, write):
                is_written = False
                report = replace(report, run=replace(report.run, exit_code=report.run.exit_code or 1))
        if self.on_failure is not None and report.run.exit_code:
            try:
                said = run_on_failure(self.on_failure, report)
                logger.info("--on-failure is done%s", f": {said}" if said else ".")
            except (ArmcrawlError, OSError) as error:
                logger.error("%s", error)
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


def facts_of(told: dict[str, Any]) -> dict[str, str]:
    """Return a report's facts as variables of an environment: `ARMCRAWL_RUN_ID`, `ARMCRAWL_SENTENCE`, ..."""
    known = {name: told[name] for name in FACTS if told[name] is not None}
    if "id" in known:
        known["run_id"] = known.pop("id")
    known |= {"requests": told["requests"] or 0, "breaches": len(told["breaches"]), "withheld": told["withheld"]}
    return {f"ARMCRAWL_{name.upper()}": str(value).replace("\0", "") for name, value in known.items()}


def run_on_failure(command: str, report: RunReport, seconds: float = MAX_SECONDS) -> str:
    """Run a command line of the shell, with the report on its standard input, and return what it said.

    Its environment is the plain one of a login (`PATH`, `HOME`, ...) and the report's facts: no password is in it.
    Raises ArmcrawlError if it fails, or takes longer than so many seconds.
    """
    told = report.to_json()
    with TemporaryFile() as given, TemporaryFile() as said:
        given.write(json_of(told).encode())
        given.seek(0)
        process = subprocess.Popen(  # noqa: S603 - the command is the operator's own
            ["/bin/sh", "-c", command],
            stdin=given,
            stdout=said,
            stderr=subprocess.STDOUT,
            env=config.plain_environment() | facts_of(told),
            start_new_session=True,
        )
        try:
            code = process.wait(seconds)
        except subprocess.TimeoutExpired as error:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            # Without the command: the address of a web hook is a secret.
            raise ArmcrawlError(f"--on-failure took longer than {seconds:g} seconds, and was ended.") from error
        said.seek(0)
        output = said.read().decode(errors="replace").strip()
    if code:
        rest = f": {output[-MAX_SAID:]}" if output else "."
        raise ArmcrawlError(f"--on-failure ended with exit code {code}{rest}")
    return output


@contextmanager
def telling_failure(site: str, settings: Mapping[str, Any]) -> Iterator[None]:
    """Report a run that cannot begin as one that failed, and raise its error again.

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
