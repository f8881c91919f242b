"""Machines of a fleet: each has a home, a working folder, and nothing of another one's but what the network brings."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import sql

from tests.conftest import COMMAND_SECONDS
from tests.fleet.world import SCALE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

ARMCRAWL = (sys.executable, "-m", "armcrawl")


class Machine:
    """Processes with a home and a working folder of their own; `armcrawl.toml` and `sites/` are put there."""

    def __init__(self, folder: Path, variables: Mapping[str, str]) -> None:
        self.folder = folder / "srv"
        self.home = folder / "home"
        self.log = folder / "worker.log"
        self.variables = dict(variables)
        self.processes: list[subprocess.Popen[bytes]] = []
        (self.folder / "sites").mkdir(parents=True)
        self.home.mkdir()

    @property
    def environment(self) -> dict[str, str]:
        """What each of its processes is told."""
        clean = {name: value for name, value in os.environ.items() if "ARMCRAWL_" not in name}
        own = {"HOME": str(self.home), "_ARMCRAWL_FLEET_SCALE": SCALE, "COLUMNS": "200"}
        return clean | own | self.variables

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run any command here, and wait for its end."""
        return subprocess.run(
            command,
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=COMMAND_SECONDS,
        )

    def told(self, *words: str) -> str:
        """Call `armcrawl`, which must succeed, and return what it printed."""
        done = self.run(*ARMCRAWL, *words)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def start(self, *words: str) -> None:
        """Start an `armcrawl` that goes on."""
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                [*ARMCRAWL, *words],
                cwd=self.folder,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.processes.append(process)

    def files(self) -> list[str]:
        """Return all files but settings, declarations and logs that it has made on its own disk."""
        given = {"armcrawl.toml", "worker.log"}
        found = (path for path in self.folder.parent.rglob("*") if path.is_file() and path.parent.name != "sites")
        return sorted(path.name for path in found if path.name not in given)

    def end(self) -> None:
        """End its processes."""
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            try:
                process.wait(COMMAND_SECONDS)
            finally:
                process.kill()


@contextmanager
def machines(folder: Path, number: int, variables: Mapping[str, str]) -> Iterator[list[Machine]]:
    """Yield so many machines, whose processes end with the block."""
    made = [Machine(folder / f"machine{one}", variables) for one in range(1, number + 1)]
    try:
        yield made
    finally:
        for machine in made:
            machine.end()


def asked(url: str, query: str, *values: object) -> list[tuple[Any, ...]]:
    """Ask a database."""
    with psycopg.connect(url) as connection:
        return connection.execute(query, values).fetchall()


def tables_that_name(url: str, words: str) -> list[str]:
    """Return the tables of a database that have some words in any column of any row."""
    found = []
    with psycopg.connect(url) as connection:
        names = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        assert names
        for (name,) in names:
            query = sql.SQL("SELECT count(*) FROM {table} AS t WHERE strpos(t::text, %s) > 0")
            row = connection.execute(query.format(table=sql.Identifier(name)), [words]).fetchone()
            if row is not None and row[0]:
                found.append(name)
    return sorted(found)
