"""The command line itself."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.forking import Finished

HEAVY = (
    "scrapy",
    "twisted",
    "sqlalchemy",
    "dateparser",
    "pymorphy3",
    "selectolax",
    "rich",
    "aiohttp",
    "pyarrow",
    "openpyxl",
    "prometheus_client",
    "pythonjsonlogger",
    "datasette",
)


@pytest.mark.parametrize(
    "command", ["demo", "crawl", "status", "inspect", "trial", "tags", "quarantine", "export", "stats", "serve"]
)
def test_every_command_explains_itself(armcrawl: Callable[..., Finished], command: str) -> None:
    done = armcrawl(command, "--help")
    assert done.code == 0
    assert done.out.startswith(f"Usage: python -m armcrawl {command}")


def test_help_imports_nothing_heavy() -> None:
    code = f"import sys, armcrawl.cli; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
