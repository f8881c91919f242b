"""The command line itself."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from armcrawl.cli import main
from armcrawl.cli.documentation import command_line_page
from armcrawl.errors import EXIT_CODES
from tests.conftest import TOP

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


def test_the_command_line_s_page_is_up_to_date() -> None:
    page = (TOP / "docs" / "cli.md").read_text(encoding="utf-8")
    assert page == command_line_page(main), "`make docs` writes it anew"


def test_the_readme_tells_the_exit_codes() -> None:
    readme = (TOP / "README.md").read_text(encoding="utf-8")
    assert all(f"| {code} | {meaning} |" in readme for code, meaning in EXIT_CODES.items())
