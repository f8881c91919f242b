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


def record(message: str, *args: object) -> logging.LogRecord:
    return logging.LogRecord("armcrawl", logging.ERROR, __file__, 1, message, args, None)


def test_russian_stays_readable() -> None:
    assert "Завод «Салют»" in PlainJson().format(record("Завод «%s»", "Салют"))


def test_the_log_for_people_holds_no_password_either() -> None:
    formatter = PlainText(logging.Formatter("%(levelname)s: %(message)s"))
    told = formatter.format(record("%s is away", "postgresql://me:geheim@db/x"))
    assert told == "ERROR: postgresql://me:***@db/x is away"
