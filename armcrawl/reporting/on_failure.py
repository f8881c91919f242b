"""The operator's command for runs that did not end well."""

from __future__ import annotations

import os
import signal
import subprocess
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any

from armcrawl import config
from armcrawl.errors import ArmcrawlError
from armcrawl.reporting.report import json_of

if TYPE_CHECKING:
    from armcrawl.reporting.report import RunReport

# A mail or a web hook takes seconds; a service that is told to end has 60 (deploy/armcrawl.service), half for the run.
MAX_SECONDS = 30
# The end of what it said tells why it failed.
MAX_SAID = 500
FACTS = ("id", "site", "kind", "outcome", "exit_code", "sentence", "version", "host", "started_at", "finished_at")


def facts_of(told: dict[str, Any]) -> dict[str, str]:
    """Return a report's facts as variables of an environment: `ARMCRAWL_RUN_ID`, `ARMCRAWL_SENTENCE`, ..."""
    known = {name: told[name] for name in FACTS if told[name] is not None}
    if "id" in known:
        known["run_id"] = known.pop("id")
    known |= {"requests": told["requests"] or 0, "breaches": len(told["breaches"]), "withheld": told["withheld"]}
    return {f"ARMCRAWL_{name.upper()}": str(value).replace("\0", "") for name, value in known.items()}


def call(command: str, report: RunReport, seconds: float = MAX_SECONDS) -> str:
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
