"""What is installed on a server: systemd's own tools must find nothing wrong with it."""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from armcrawl.cli import main
from tests.conftest import TOP

if TYPE_CHECKING:
    from pathlib import Path

DEPLOY = TOP / "deploy"
# 0 is shut off, 10 wide open; from 2 on systemd speaks of a "medium" exposure. It must reach the web and write data.
MAX_EXPOSED = 1.5
FLEET = ("armcrawl-fleet@.service", "armcrawl-fleet-scheduler.service")
SERVICES = ("armcrawl.service", "armcrawl-backup.service", *FLEET)
MUST_HOLD = {
    "NoNewPrivileges": "true",
    "ProtectSystem": "strict",
    "PrivateTmp": "true",
    "ReadWritePaths": "/srv/armcrawl/data",
    "CapabilityBoundingSet": "",
    "User": "armcrawl",
}


@pytest.fixture
def units(tmp_path: Path) -> Path:
    """The units as they would stand on a server, with a program that there is on this machine."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip("NOT TESTED: deploy/, as there is no systemd-analyze on this machine.")
    for path in DEPLOY.glob("armcrawl*"):
        text = re.sub(
            r"^ExecStart=\S+", f"ExecStart={shutil.which('true')}", path.read_text("utf-8"), flags=re.MULTILINE
        )
        (tmp_path / path.name).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("name", [*SERVICES, "armcrawl.timer", "armcrawl-backup.timer"])
def test_systemd_understands_every_line(units: Path, name: str) -> None:
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", units / name],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", SERVICES)
def test_systemd_finds_the_service_shut_off(units: Path, name: str) -> None:
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=yes", "--no-pager", units / name],
        capture_output=True,
        text=True,
        check=True,
    )
    level = re.search(r"Overall exposure level .*: ([0-9.]+)", done.stdout)
    assert level is not None, done.stdout
    assert float(level[1]) <= MAX_EXPOSED


@pytest.mark.parametrize("name", SERVICES)
def test_the_service_holds_what_it_promises(name: str) -> None:
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(DEPLOY / name, encoding="utf-8")
    service = parser["Service"]
    assert {name: service[name] for name in MUST_HOLD} == MUST_HOLD
    # With it, no https page can be fetched: https://cffi.readthedocs.io/en/latest/using.html#callbacks
    assert "MemoryDenyWriteExecute" not in service


def test_the_crontab_runs_commands_that_there_are() -> None:
    lines = (DEPLOY / "crontab").read_text("utf-8").splitlines()
    jobs = [line for line in lines if line and not line.startswith("#") and not re.match(r"\w+=", line)]
    assert jobs
    for job in jobs:
        command = re.match(r"[\d*]+ [\d*]+ \S+ \S+ \S+  cd /srv/armcrawl && \.venv/bin/armcrawl (\w+) ", job)
        assert command is not None, job
        assert command[1] in main.entries


@pytest.mark.parametrize("name", FLEET)
def test_whoever_works_for_a_fleet_is_started_again_whatever_its_exit_code(name: str) -> None:
    text = (DEPLOY / name).read_text("utf-8")
    assert "\nRestart=always\n" in text
    assert "\nStartLimitIntervalSec=0\n" in text
    words = re.findall(r"^ExecStart=\S+ fleet (\w+)", text, flags=re.MULTILINE)
    assert words == ["work"]
