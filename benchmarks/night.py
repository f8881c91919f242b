"""One night of a fleet with real crawls: how long they wait for one another's locks, and what a page costs.

The same crawl alone, into a database of its own on the same server, is what it is compared with.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import psycopg

from benchmarks.waits import ask, percentile, waits, watch
from tests.postgresql import Databases, OwnServer, server_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.waits import Wait

SITES, PAGES, WORKERS = 60, 40, 8
# Nobody notices it beside the two seconds between two pages of a site.
MAX_WAIT_MS = 200.0
# Beside a crawl alone: to find its neighbours' texts costs nothing that grows with their number.
MAX_STATEMENTS = 1.1
# What waits longer for its crawls is stuck.
MAX_SECONDS = 500.0
DECLARED = """
name = "{name}"
hosts = ["{name}.example"]
zone = "Europe/Moscow"
delay = 2

[[sections]]
name = "news"
addresses = ["/news/{{id:int}}"]
"""
# How often the lock of writers, for which alone there are waits, was asked for: most find it free.
REQUESTS = """
SELECT coalesce(sum(calls), 0) FROM pg_stat_statements
WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database()) AND query ~ 'pg_advisory_xact_lock'
"""
STATEMENTS = """
SELECT coalesce(sum(calls), 0) FROM pg_stat_statements
WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
AND query !~ 'procrastinate|fleet_|pg_stat_statements'
"""


@contextmanager
def portals(folder: Path, sites: int, pages: int) -> Iterator[list[str]]:
    """Serve portals, declare them in a folder, and yield their names."""
    command = [sys.executable, "-m", "benchmarks.portals", str(sites), str(pages)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            ports = process.stdout.readline().split()
            names = [f"portal{number:02}" for number in range(1, sites + 1)]
            lines = ["delay = 0.0"]
            (folder / "sites").mkdir()
            for name, port in zip(names, ports, strict=True):
                (folder / "sites" / f"{name}.toml").write_text(DECLARED.format(name=name), encoding="utf-8")
                lines.append(f'[site.{name}]\nbase_url = "http://127.0.0.1:{port}"')
            (folder / "armcrawl.toml").write_text("\n".join(lines), encoding="utf-8")
            yield names
        finally:
            process.kill()


def measure(sites: int = SITES, pages: int = PAGES, workers: int = WORKERS) -> bool:
    """Print what a night costs, and return whether all is as it must be."""
    with TemporaryDirectory() as name, server_folder() as data, closing(OwnServer(data)) as server:
        watch(server)
        folder, databases = Path(name), Databases(server.address)
        with psycopg.connect(databases.template, autocommit=True) as connection:
            connection.execute("CREATE EXTENSION pg_stat_statements")
        with portals(folder, sites, pages) as names:
            alone = databases.make(databases.template)
            _armcrawl(folder, alone, "crawl", names[0])
            single = ask(alone, STATEMENTS) / pages
            before = len(waits(server)[0])
            begin = time.perf_counter()
            _night(folder, databases.template, names, workers)
            seconds = time.perf_counter() - begin
        url = databases.template
        stored = ask(url, "SELECT count(*) FROM pages WHERE outcome = 'stored'")
        lost = ask(url, "SELECT dealloc FROM pg_stat_statements_info")
        each = ask(url, STATEMENTS) / (sites * pages)
        requests = int(ask(url, REQUESTS))
        found, given_up = waits(server)
    busy = f"the machine has {os.cpu_count()} cores and a load of {os.getloadavg()[1]:.0f}"
    print(f"{stored} pages of {sites} sites by {workers} workers in {seconds:.0f} s; {busy}")
    print(f"{each:.1f} statements a page, in a crawl alone {single:.1f}")
    return (
        _tell(found[before:], given_up, requests)
        and stored == sites * pages
        and not lost
        and each <= MAX_STATEMENTS * single
    )


def _tell(found: list[Wait], given_up: int, requests: int) -> bool:
    times = [one.milliseconds for one in found]
    worst = percentile([*times, *[0.0] * (requests - len(times))], 0.99)
    print(f"{requests} requests for a lock, 99th percentile of their waits {worst:.0f} ms, {given_up} given up")
    print(f"{len(times)} waited more than 1 ms: median {percentile(times, 0.5):.0f} ms,")
    print(f"99th percentile {percentile(times, 0.99):.0f} ms, in all {sum(times) / 1000:.1f} s")
    for lock, number in Counter(one.lock for one in found).most_common(5):
        longest = max(one.milliseconds for one in found if one.lock == lock)
        print(f"  {number} × {lock}, longest {longest:.0f} ms")
    return worst <= MAX_WAIT_MS and not given_up


def _environment(folder: Path, url: str) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("ARMCRAWL_")}
    return clean | {
        "ARMCRAWL_DATABASE_URL": url,
        "ARMCRAWL_ARCHIVE": str(folder / "archive"),
        "ARMCRAWL_CONFIG": str(folder / "armcrawl.toml"),
    }


def _armcrawl(folder: Path, url: str, *words: str) -> None:
    command = [sys.executable, "-m", "armcrawl", *words]
    done = subprocess.run(
        command, cwd=folder, env=_environment(folder, url), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"armcrawl {' '.join(words)}: {done.stdout}{done.stderr}")


def _night(folder: Path, url: str, names: list[str], workers: int) -> None:
    """Have workers crawl all sites."""
    _armcrawl(folder, url, "fleet", "init")
    command = [sys.executable, "-m", "armcrawl", "fleet", "work", "--name"]
    with (folder / "workers.log").open("wb") as log:
        started = [
            subprocess.Popen(
                [*command, f"worker-{number}"], cwd=folder, env=_environment(folder, url), stdout=log, stderr=log
            )
            for number in range(workers)
        ]
    try:
        for name in names:
            _armcrawl(folder, url, "fleet", "run", name)
        over = "SELECT count(*) FROM procrastinate_jobs WHERE status = 'succeeded'"
        end = time.monotonic() + MAX_SECONDS
        while ask(url, over) < len(names):
            if time.monotonic() > end:
                raise RuntimeError((folder / "workers.log").read_text("utf-8"))
            time.sleep(0.2)
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait()
