"""The command line itself."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import click
import pytest

from armcrawl.cli import main
from armcrawl.cli.documentation import command_line_page
from armcrawl.cli.lazy import LazyGroup
from armcrawl.errors import EXIT_CODES
from tests.conftest import TOP

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.forking import Finished

HEAVY = (
    "scrapy",
    "twisted",
    "sqlalchemy",
    "msgspec",
    "dateparser",
    "pymorphy3",
    "selectolax",
    "rich",
    "aiohttp",
    "pyarrow",
    "openpyxl",
    "prometheus_client",
    "pythonjsonlogger",
    "starlette",
)


ENTRIES = LazyGroup().entries


@pytest.mark.parametrize("command", ENTRIES)
def test_every_command_explains_itself(armcrawl: Callable[..., Finished], command: str) -> None:
    done = armcrawl(command, "--help")
    assert done.code == 0
    assert done.out.startswith(f"Usage: python -m armcrawl {command}")


@pytest.mark.parametrize("name", ENTRIES)
def test_the_list_of_commands_says_what_a_command_says_itself(name: str) -> None:
    command = main.get_command(click.Context(main), name)
    assert command is not None
    assert command.get_short_help_str(limit=200) == ENTRIES[name].help


def test_commands_are_listed_by_what_they_are_for(armcrawl: Callable[..., Finished]) -> None:
    titles = [line for line in armcrawl("--help").out.splitlines() if line.endswith(":") and line[0] != " "]
    assert titles == ["Options:", "Bring pages:", "Care for them:", "Work on many machines:", "Ask the database:"]


def test_help_imports_no_command() -> None:
    code = """
import sys
from armcrawl.cli import main
try:
    main(["--help"])
except SystemExit:
    rooms = ("armcrawl.cli.collect", "armcrawl.cli.maintain", "armcrawl.cli.explore")
    print([name for name in sys.modules if name.startswith(rooms)])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_commands_import_nothing_heavy() -> None:
    code = (
        "import sys, click; from armcrawl.cli import main\n"
        "for name in main.entries: main.get_command(click.Context(main), name)\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_command_that_is_nearly_right_is_guessed(armcrawl: Callable[..., Finished]) -> None:
    done = armcrawl("serch")
    assert done.code == 2
    assert "search" in done.err


def test_config_behind_a_command_is_told_its_place(
    armcrawl: Callable[..., Finished],
) -> None:
    done = armcrawl("search", "x", "--config", "armcrawl.toml")
    assert (done.code, done.err) == (
        2,
        "armcrawl: --config stands before the command: armcrawl --config FILE COMMAND.\n",
    )


def test_the_command_line_s_page_is_up_to_date() -> None:
    page = (TOP / "docs" / "cli.md").read_text(encoding="utf-8")
    assert page == command_line_page(main), "`make docs` writes it anew"


def test_operators_read_what_to_do_for_each_exit_code() -> None:
    page = (TOP / "docs" / "operations.md").read_text(encoding="utf-8")
    chapter = page.partition("## What to do for each exit code")[2]
    assert all(f"\n| {code} |" in chapter for code in EXIT_CODES)
