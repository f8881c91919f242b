"""A log for programs: each line an object, whatever happens."""

from __future__ import annotations

import json
import logging
import subprocess
import sys

from armcrawl.reporting.logs import PlainJson, PlainText

EVERYTHING = """
import logging, warnings
from scrapy.settings import Settings
from armcrawl.reporting import logs
logs.set_up(Settings({"ARMCRAWL_LOG_FORMAT": "json", "LOG_LEVEL": "WARNING"}))
logging.getLogger("scrapy.core").info("not told at this level")
logging.getLogger("scrapy.core").error("asked http://me:geheim@proxy/ for %s", "/?token=geheim")
logs.tell("5 of 9 pages")
warnings.warn("old\\nways", DeprecationWarning, stacklevel=1)
try:
    raise ValueError("two\\nlines, password='geheim'")
except ValueError:
    logging.getLogger("armcrawl").exception("a batch could not be written")
raise KeyError("the end")
"""


def test_every_line_is_an_object_with_warnings_and_tracebacks_inside() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "always", "-c", EVERYTHING], capture_output=True, encoding="utf-8", check=False
    )
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert done.returncode == 1
    assert [line["level"] for line in lines] == ["ERROR", "INFO", "WARNING", "ERROR", "CRITICAL"]
    assert lines[1]["message"] == "5 of 9 pages"
    assert "DeprecationWarning: old" in lines[2]["message"]
    assert "ValueError: two\nlines" in lines[3]["exc_info"]
    assert "KeyError: 'the end'" in lines[4]["exc_info"]
    assert "geheim" not in done.stderr


SERVICE = """
import logging, sys
from armcrawl.reporting.logs import set_up_service
set_up_service(sys.argv[1])
logging.getLogger("armcrawl.fleet").info("job 7 begins")
logging.getLogger("armcrawl.fleet").debug("not told")
logging.getLogger("armcrawl.fleet").error("postgresql://me:geheim@db/x is away")
"""


def of_service(log_format: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", SERVICE, log_format], capture_output=True, encoding="utf-8", check=True
    )
    assert "geheim" not in done.stderr
    return done.stderr.splitlines()


def test_what_works_for_days_logs_for_people_with_moments() -> None:
    first, second = of_service("text")
    assert (first.endswith("INFO: job 7 begins"), first[:2], second.endswith("is away")) == (True, "20", True)


def test_what_works_for_days_logs_for_programs_as_well() -> None:
    told = [json.loads(line) for line in of_service("json")]
    assert [(line["level"], line["message"]) for line in told] == [
        ("INFO", "job 7 begins"),
        ("ERROR", "postgresql://me:***@db/x is away"),
    ]


def record(message: str, *args: object) -> logging.LogRecord:
    return logging.LogRecord("armcrawl", logging.ERROR, __file__, 1, message, args, None)


def test_russian_stays_readable() -> None:
    assert "Завод «Салют»" in PlainJson().format(record("Завод «%s»", "Салют"))


def test_the_log_for_people_holds_no_password_either() -> None:
    formatter = PlainText(logging.Formatter("%(levelname)s: %(message)s"))
    told = formatter.format(record("%s is away", "postgresql://me:geheim@db/x"))
    assert told == "ERROR: postgresql://me:***@db/x is away"
