"""armcrawl.toml, `-q`, `-v` and shell completion, as an operator meets them."""

from __future__ import annotations

import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import SCRAPY
from tests.conftest import TOP

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.forking import Finished

    Command = Callable[..., Finished]
    Query = Callable[[str], list[tuple[object, ...]]]


@pytest.fixture
def configured(tmp_path: Path, portal: str, database: str) -> Path:
    """A file that sends a crawl of five requests to the sample portal, in haste."""
    path = tmp_path / "armcrawl.toml"
    written = f'database = "{database}"\nmax_requests = 5\n[site.armtorg]\nbase_url = "{portal}"\ndelay = 0\n'
    path.write_text(written, encoding="utf-8")
    return path


def test_a_crawl_obeys_the_file(armcrawl: Command, configured: Path, query: Query) -> None:
    del configured
    done = armcrawl("crawl")
    assert done.code == 0, done.err
    assert query("SELECT outcome, requests FROM runs") == [("budget", 5)]


def test_scrapy_obeys_the_file_and_its_own_command_line_more(
    armcrawl: Command, configured: Path, tmp_path: Path, query: Query
) -> None:
    del configured
    shutil.copy(TOP / "scrapy.cfg", tmp_path)
    assert armcrawl("crawl", "armtorg", script=SCRAPY).code == 0
    done = armcrawl("crawl", "armtorg", "-s", "ARMCRAWL_MAX_REQUESTS=7", script=SCRAPY)
    assert done.code == 0, done.err
    assert query("SELECT requests FROM runs ORDER BY id") == [(5,), (7,)]


def test_a_file_elsewhere_is_named(armcrawl: Command, configured: Path, tmp_path: Path, query: Query) -> None:
    (tmp_path / "elsewhere").mkdir()
    there = configured.rename(tmp_path / "elsewhere" / "night.toml")
    assert armcrawl("--config", str(there), "crawl").code == 0
    assert armcrawl("crawl", "--max-requests", "6", ARMCRAWL_CONFIG=str(there)).code == 0
    assert query("SELECT requests FROM runs ORDER BY id") == [(5,), (6,)]


def test_a_file_that_does_not_fit_is_one_sentence(armcrawl: Command, tmp_path: Path) -> None:
    (tmp_path / "armcrawl.toml").write_text("max_request = 5\n", encoding="utf-8")
    shutil.copy(TOP / "scrapy.cfg", tmp_path)
    for done in (armcrawl("crawl"), armcrawl("status"), armcrawl("crawl", "armtorg", script=SCRAPY)):
        assert done.code == 2
        assert "armcrawl.toml, line 1: there is no option 'max_request': write 'max_requests'" in done.err + done.out
        assert "Traceback" not in done.err


def test_a_quiet_crawl_says_nothing(armcrawl: Command, configured: Path) -> None:
    del configured
    done = armcrawl("crawl", "-q")
    assert (done.code, done.out, done.err) == (0, "", "")


def test_a_quiet_crawl_tells_what_fails(armcrawl: Command, database: str) -> None:
    done = armcrawl("-q", "crawl", "--base-url", "http://127.0.0.1:9", "--database", database, "--delay", "0")
    assert done.code == 1
    assert "robots.txt cannot be read" in done.err


@pytest.mark.parametrize(
    ("arguments", "has_info", "has_debug"),
    [(("crawl", "-v"), True, False), (("-v", "crawl", "-v"), True, True)],
)
def test_steps_are_logged_if_asked_for(
    arguments: tuple[str, ...], has_info: bool, has_debug: bool, armcrawl: Command, configured: Path
) -> None:
    del configured
    done = armcrawl(*arguments)
    assert done.code == 0, done.err
    assert ("] INFO: " in done.err, "] DEBUG: " in done.err) == (has_info, has_debug)


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("armcrawl cra", "crawl"),
        ("armcrawl config s", "show"),
        ("armcrawl crawl --max-r", "--max-requests"),
        ("armcrawl crawl ar", "armtorg"),
    ],
)
def test_bash_completes_what_is_typed(typed: str, offered: str, tmp_path: Path) -> None:
    program = tmp_path / "armcrawl"
    program.write_text(f"#!{sys.executable}\nfrom armcrawl.cli import main\nmain()\n", encoding="utf-8")
    program.chmod(0o755)
    script = f"""
        PATH="$PWD:$PATH"
        eval "$(_ARMCRAWL_COMPLETE=bash_source armcrawl)"
        COMP_WORDS=({typed}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))
        "$(complete -p armcrawl | sed 's/.*-F \\([^ ]*\\).*/\\1/')" armcrawl
        printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    done = subprocess.run(["bash", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert offered in done.stdout.split(), done.stderr


@pytest.mark.parametrize(("shell", "word"), [("zsh", "compdef"), ("fish", "complete")])
def test_other_shells_have_their_completion(shell: str, word: str) -> None:
    code = "from armcrawl.cli import main; main(prog_name='armcrawl')"
    environment = {"_ARMCRAWL_COMPLETE": f"{shell}_source"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert word in done.stdout
