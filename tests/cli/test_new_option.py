"""An option is one row: that which docs/engineers.md shows, and a field where it is used."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.conftest import COMMAND_SECONDS
from tests.shown_changes import changed_copy

if TYPE_CHECKING:
    from pathlib import Path

    from tests.mutants.__main__ import Copy

# Prints what a run is told, by the command line of `crawl` and by that of Scrapy.
PROGRAM = """
import sys
from armcrawl.cli.collect.crawl import crawl
from armcrawl.cli.options import run_settings
from armcrawl.crawling.configuration import configure
options = crawl.make_context("crawl", ["armtorg", *sys.argv[1:]]).params
print(configure(options.pop("site"), run_settings("armtorg", options)).max_articles)
"""


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """A copy of the project with the option."""
    return changed_copy(tmp_path_factory.mktemp("changed"), "Adding an option")


@pytest.mark.parametrize(
    ("arguments", "variable", "written", "found"),
    [
        (["--max-articles", "7"], "6", "max_articles = 5", "7"),
        ([], "6", "max_articles = 5", "6"),
        ([], "", "max_articles = 5", "5"),
        ([], "", "[site.armtorg]\nmax_articles = 4", "4"),
        ([], "", "", "0"),
    ],
)
def test_a_run_is_told_a_new_option(
    arguments: list[str], variable: str, written: str, found: str, changed: Copy, tmp_path: Path
) -> None:
    (tmp_path / "armcrawl.toml").write_text(written, encoding="utf-8")
    environment = changed.environment | {"ARMCRAWL_MAX_ARTICLES": variable, "ARMCRAWL_CONFIG": ""}
    assert said(tmp_path, environment, "-c", PROGRAM, *arguments) == f"{found}\n"


def test_config_show_and_help_tell_of_a_new_option(changed: Copy, tmp_path: Path) -> None:
    shown = json.loads(said(tmp_path, changed.environment, "-m", "armcrawl", "config", "show", "--json"))
    assert shown["options"]["max_articles"] == {"value": 0, "from": "default"}
    assert "--max-articles N" in said(tmp_path, changed.environment, "-m", "armcrawl", "crawl", "--help")


def said(folder: Path, environment: dict[str, str], *arguments: str) -> str:
    """Return what Python prints in the copy."""
    command = [sys.executable, *arguments]
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=COMMAND_SECONDS, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
