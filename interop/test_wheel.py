"""The wheel, installed with its dependencies in a folder that knows nothing of this repository, does what it should."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest

from armcrawl import __version__
from armcrawl.sample.articles import load_sample
from armcrawl.sample.server import serving
from tests.conftest import TOP
from tests.forking import Finished

if TYPE_CHECKING:
    from pathlib import Path

# Installation takes a minute on a slow line; this long only passes when a registry hangs.
INSTALL_SECONDS = 900
COMMAND_SECONDS = 120


@dataclass(frozen=True)
class Installed:
    """A wheel, and the programs of the environment that it was installed into."""

    wheel: Path
    programs: Path

    def run(self, folder: Path, program: str, *arguments: str, **environment: str) -> Finished:
        """Run a program of the environment in a folder, as a user would who never saw the repository."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("ARMCRAWL_", "PYTHON"))}
        done = subprocess.run(
            [self.programs / program, *arguments],
            cwd=folder,
            env=clean | {"PYTHONIOENCODING": "utf-8"} | environment,
            capture_output=True,
            encoding="utf-8",
            timeout=COMMAND_SECONDS,
            check=False,
        )
        return Finished(done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """Build the wheel, and install it with its dependencies into a new environment."""
    folder = tmp_path_factory.mktemp("wheel")
    _pip(folder, sys.executable, "wheel", "--no-deps", "--wheel-dir", str(folder), str(TOP))
    (wheel,) = folder.glob("armcrawl-*.whl")
    subprocess.run([sys.executable, "-m", "venv", folder / "venv"], check=True)
    constraints = folder / "constraints.txt"
    constraints.write_bytes((TOP / "constraints.txt").read_bytes())
    python = str(folder / "venv" / "bin" / "python")
    _pip(folder, python, "install", "--upgrade", "pip")
    _pip(folder, python, "install", "--constraint", str(constraints), str(wheel))
    return Installed(wheel, folder / "venv" / "bin")


def _pip(folder: Path, python: str, *arguments: str) -> None:
    done = subprocess.run(
        [python, "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=INSTALL_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_the_wheel_holds_the_packages_and_nothing_else(installed: Installed) -> None:
    with ZipFile(installed.wheel) as wheel:
        names = wheel.namelist()
    assert {name.partition("/")[0] for name in names} == {"armcrawl", "pipelines", f"armcrawl-{__version__}.dist-info"}
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert not [name for name in names if name.endswith((".db", ".pyc"))]


def test_what_is_installed_is_not_the_repository_s(installed: Installed, tmp_path: Path) -> None:
    told = installed.run(tmp_path, "python", "-c", "import armcrawl, pipelines; print(armcrawl.__file__)")
    assert told.out.startswith(str(installed.programs.parent)), told


def test_the_version_is_told(installed: Installed, tmp_path: Path) -> None:
    assert installed.run(tmp_path, "armcrawl", "--version").out == f"armcrawl, version {__version__}\n"


def test_the_demo_runs_in_an_empty_folder_and_finds_nothing_new_the_second_time(
    installed: Installed, tmp_path: Path
) -> None:
    number = len(load_sample().articles)
    first = installed.run(tmp_path, "armcrawl", "demo")
    assert first.code == 0, first.err
    assert f"new {number}, changed 0, unchanged 0" in first.out
    connection = sqlite3.connect(tmp_path / "data" / "demo.db")
    assert connection.execute("SELECT count(*) FROM v_articles WHERE title <> ''").fetchone() == (number,)
    connection.close()
    second = installed.run(tmp_path, "armcrawl", "demo")
    assert second.code == 0, second.err
    assert "new 0, changed 0" in second.out


def test_the_doctor_says_what_is_to_do_and_then_that_nothing_is(installed: Installed, tmp_path: Path) -> None:
    bare = installed.run(tmp_path, "armcrawl", "doctor", "--offline")
    assert bare.code == 1
    assert "ARMCRAWL_CONTACT" in bare.out
    assert "Traceback" not in bare.out + bare.err
    with serving("html5") as url:
        site = ("--base-url", url)
        crawled = installed.run(tmp_path, "armcrawl", "crawl", *site, "--section", "articles", "--delay", "0")
        assert crawled.code == 0, crawled.err
        healthy = installed.run(tmp_path, "armcrawl", "doctor", *site, ARMCRAWL_CONTACT="ops@armtorg-reader.ru")
    assert healthy.code == 0, healthy.out
    assert "TO DO" not in healthy.out
