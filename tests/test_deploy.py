"""What is installed on a server: systemd's own tools must find nothing wrong with it."""

from __future__ import annotations

import configparser
import os
import re
import shutil
import subprocess
import tomllib
from typing import TYPE_CHECKING

import pytest
import yaml

from armcrawl.cli import main
from armcrawl.options import OPTIONS
from tests.conftest import COMMAND_SECONDS, TOP
from tests.waiting import wait_for

if TYPE_CHECKING:
    from pathlib import Path

DEPLOY = TOP / "deploy"
# 0 is shut off, 10 wide open; from 2 on systemd speaks of a "medium" exposure. It must reach the web and write data.
MAX_EXPOSED = 1.5
FLEET = ("armcrawl-fleet@.service", "armcrawl-fleet-scheduler.service")
SERVICES = ("armcrawl.service", "armcrawl-backup.service", *FLEET)
OF_S3 = {"AWS_ENDPOINT_URL", "AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"}
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


@pytest.mark.parametrize("name", ["compose.yaml", "compose-fleet.yaml"])
def test_a_compose_file_is_whole(name: str) -> None:
    found = yaml.safe_load((DEPLOY / name).read_text("utf-8"))
    services, volumes = found["services"], found["volumes"]
    for service in services.values():
        assert "image" in service
        assert set(service.get("depends_on", ())) <= services.keys()
        for mounted in service["volumes"]:
            source, place, *_ = mounted.split(":")
            assert place.startswith("/")
            assert source in volumes or source.startswith(".")
        # Of what is not there Docker makes a folder; `sites/` is the operator's own.
        files = {mounted.split(":")[0] for mounted in service["volumes"]} - volumes.keys() - {"../sites"}
        assert all((DEPLOY / file).is_file() for file in files)


def test_the_fleet_s_containers_do_what_a_fleet_needs() -> None:
    text = (DEPLOY / "compose-fleet.yaml").read_text("utf-8")
    services = yaml.safe_load(text)["services"]
    words = {name: services[name]["command"] for name in ("scheduler", "worker")}
    assert words == {"scheduler": ["fleet", "work", "--schedule"], "worker": ["fleet", "work"]}
    assert all(service["restart"] == "always" for service in services.values())
    variables = services["worker"]["environment"]
    assert variables.keys() >= {"ARMCRAWL_DATABASE_URL", "ARMCRAWL_ARCHIVE", "PGPASSWORD", *OF_S3}
    options = {name for name in variables if name.startswith("ARMCRAWL_")}
    assert options - {"ARMCRAWL_DATABASE_URL"} <= {option.variable for option in OPTIONS.values()}
    garage = tomllib.loads((DEPLOY / "garage.toml").read_text("utf-8"))
    assert garage["s3_api"]["s3_region"] == variables["AWS_REGION"]
    assert variables["ARMCRAWL_ARCHIVE"].split("/")[2] == services["garage"]["environment"]["GARAGE_DEFAULT_BUCKET"]
    # What must be said is said in the .env that the document has made.
    needed = set(re.findall(r"\$\{(\w+):\?", text))
    made = re.search(r"deploy/.env <<END\n(.*?)\nEND", (TOP / "docs" / "fleet.md").read_text("utf-8"), re.DOTALL)
    assert made is not None
    assert needed == {line.partition("=")[0] for line in made[1].splitlines()}
    assert "deploy/.env" in (TOP / ".dockerignore").read_text("utf-8").splitlines()


def pinned(path: Path) -> dict[str, str]:
    """Return the versions that a file of requirements pins, by normal names."""
    lines = path.read_text("utf-8").splitlines()
    found = (re.match(r"([A-Za-z0-9._-]+)==([^\s;\\]+)", line) for line in lines)
    return {re.sub(r"[-_.]+", "-", match[1]).lower(): match[2] for match in found if match}


def test_what_is_installed_by_its_hash_has_the_versions_that_are_tested() -> None:
    locked, tested = pinned(DEPLOY / "requirements.txt"), pinned(TOP / "constraints.txt")
    assert {name: tested[name] for name in locked if name in tested} == {
        name: version for name, version in locked.items() if name in tested
    }, "make lock"


def test_all_that_the_package_needs_has_a_hash() -> None:
    project = tomllib.loads((TOP / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    needed = [*project["dependencies"], *extras["postgres"], *extras["s3"], *extras["analysis"], *extras["fleet"]]
    names = {re.sub(r"[-_.]+", "-", re.split(r"[\[<>=;~! ]", one)[0]).lower() for one in needed} - {"armcrawl"}
    assert names <= pinned(DEPLOY / "requirements.txt").keys(), "make lock"
    for name in ("requirements.txt", "build-requirements.txt"):
        blocks = re.split(r"\n(?=[A-Za-z0-9])", (DEPLOY / name).read_text("utf-8"))
        assert all("--hash=sha256:" in block for block in blocks if not block.startswith("#"))


def test_the_container_is_made_of_what_is_there_and_runs_as_a_plain_user() -> None:
    lines = (TOP / "Dockerfile").read_text("utf-8").splitlines()
    copied = [
        word for line in lines if line.startswith("COPY ") and "--from" not in line for word in line.split()[1:-1]
    ]
    assert copied
    assert all((TOP / path).exists() for path in copied)
    kept = {line[1:] for line in (TOP / ".dockerignore").read_text("utf-8").splitlines() if line.startswith("!")}
    assert all(any(path == one or path.startswith(f"{one}/") for one in kept) for path in copied)
    assert [line for line in lines if line.startswith("USER ")] == ["USER 10001"]


def test_the_container_crawls_at_once_and_a_signal_ends_the_crawl_with_it(tmp_path: Path) -> None:
    program = tmp_path / "armcrawl"
    program.write_text(
        f"#!/bin/sh\ntrap 'echo ended >> {tmp_path}/log; exit 143' TERM\n"
        f'echo "$@" >> {tmp_path}/log\nwhile :; do sleep 0.05; done\n',
        encoding="utf-8",
    )
    program.chmod(0o700)
    environment = os.environ | {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    with subprocess.Popen(["sh", DEPLOY / "nightly.sh", "crawl", "--all"], env=environment) as nightly:
        wait_for(lambda: (tmp_path / "log").exists() and "crawl" in (tmp_path / "log").read_text("utf-8"))
        nightly.terminate()
        assert nightly.wait(COMMAND_SECONDS) == 0
    assert (tmp_path / "log").read_text("utf-8") == "crawl --all\nended\n"
