"""A small world for a fleet: portals that notice two who ask at a time, and workers as systemd keeps them."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg

from armcrawl.fleet.engine import Pace
from armcrawl.sample.server import serving_handler
from tests.cli.test_sites import VENTIL, answering
from tests.conftest import COMMAND_SECONDS
from tests.waiting import STEP_SECONDS, wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from aiohttp import web

ARTICLE = re.compile(r"/novosti/\d+")
# A heartbeat each second instead of each ten.
SCALE = "0.1"
# Seconds for a page: a crawl of some pages takes long enough to be killed in its midst.
ANSWER_SECONDS = 0.3
# Until the work of a dead worker is begun by another: the silence after which it is taken for dead, the next look of
# the scheduler, the next one of a worker. As it is usually 30 + 10 + 5 seconds, and with SCALE a tenth of it.
LOST_SECONDS = (Pace().silence + 10 + Pace().polling) * float(SCALE)
# A machine with other work starts a process so many times as slowly as just before.
MOOD = 4


class Portal:
    """A site's server; `overlaps` counts requests that came while another was answered.

    While it `is_held` it answers nothing.
    """

    def __init__(self, newest: int) -> None:
        self.answer = answering(newest)
        self.asked: list[str] = []
        self.moments: list[float] = []
        self.answered = set[str]()
        self.is_held = False
        self.at_work = 0
        self.overlaps = 0
        self.status: int | None = None

    async def respond(self, request: web.Request) -> web.StreamResponse:
        """Answer slowly."""
        from aiohttp import web

        self.asked.append(request.path)
        self.moments.append(time.monotonic())
        self.at_work += 1
        self.overlaps += self.at_work > 1
        try:
            await asyncio.sleep(ANSWER_SECONDS)
            while self.is_held:  # noqa: ASYNC110 - another thread holds and lets go
                await asyncio.sleep(STEP_SECONDS)
            self.answered.add(request.path)
            return web.Response(status=self.status) if self.status else await self.answer(request)
        finally:
            self.at_work -= 1

    @property
    def shown(self) -> int:
        """How many articles it has answered with."""
        return len([path for path in self.answered if ARTICLE.match(path)])

    @property
    def twice(self) -> int:
        """How often articles were asked for once more."""
        return sum(number - 1 for path, number in Counter(self.asked).items() if ARTICLE.match(path))


class World:
    """A fleet of one machine: `start` starts its workers, each as a process of its own.

    `url` is where the test asks the database, `reached` where the processes do; `variables` are further ones of
    their environment.
    """

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder
        self.url = url
        self.reached = url
        self.variables = {"ARMCRAWL_ARCHIVE": str(folder / "shared")}
        self.start_seconds = 0.0
        self.fault_at = 0.0
        self.portals: dict[str, Portal] = {}
        self.stack = ExitStack()
        self.workers: list[subprocess.Popen[bytes]] = []
        self.is_over = threading.Event()
        (folder / "sites").mkdir()
        self.lines = ["delay = 0.0"]

    def add_site(self, name: str, newest: int = 12, *, of: str | None = None, schedule: str = "") -> Portal:
        """Declare a site with a portal of its own, or with that `of` another."""
        portal = self.portals[of] if of else Portal(newest)
        self.portals[name] = portal
        if of:
            server = next(line for line in self.lines if f"site.{of}]" in line).rpartition("= ")[2]
        else:
            server = f'"{self.stack.enter_context(serving_handler(portal.respond))}"'
        (self.folder / "sites" / f"{name}.toml").write_text(VENTIL.replace("ventil", name) + schedule, encoding="utf-8")
        self.lines.append(f"[site.{name}]\nbase_url = {server}")
        self.write()
        return portal

    def write(self) -> None:
        """Write armcrawl.toml."""
        (self.folder / "armcrawl.toml").write_text("\n".join(self.lines), encoding="utf-8")

    @property
    def environment(self) -> dict[str, str]:
        """What each process is told."""
        clean = {name: value for name, value in os.environ.items() if "ARMCRAWL_" not in name}
        return clean | {
            "ARMCRAWL_CONFIG": str(self.folder / "armcrawl.toml"),
            "ARMCRAWL_DATABASE_URL": self.reached,
            "_ARMCRAWL_FLEET_SCALE": SCALE,
            "COLUMNS": "200",
            **self.variables,
        }

    def tell(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Call `armcrawl` and wait for its end."""
        command = [sys.executable, "-m", "armcrawl", *words]
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
        done = self.tell(*words)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def status(self, *words: str) -> dict[str, Any]:
        """Return what `fleet status --json` says."""
        found: dict[str, Any] = json.loads(self.told("fleet", "status", "--json", *words))
        return found

    def spawn(self, *words: str, variables: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
        """Start `armcrawl`, in a session of its own."""
        with (self.folder / "workers.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "armcrawl", *words],
                cwd=self.folder,
                env=self.environment | dict(variables or {}),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.workers.append(process)
        return process

    def start(
        self, name: str, *, schedules: bool = False, variables: Mapping[str, str] | None = None
    ) -> subprocess.Popen[bytes]:
        """Start a worker that nobody starts again."""
        return self.spawn("fleet", "work", "--name", name, *(["--schedule"] if schedules else []), variables=variables)

    def keep(self, name: str, *, schedules: bool = False, variables: Mapping[str, str] | None = None) -> None:
        """Keep a worker alive, as systemd does with Restart=always."""

        def again() -> None:
            while not self.is_over.is_set():
                process = self.start(name, schedules=schedules, variables=variables)
                process.wait()

        threading.Thread(target=again, name=name, daemon=True).start()

    def ask(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Ask the database; nothing while its server is away."""
        try:
            with psycopg.connect(self.url) as connection:
                return connection.execute(sql, values).fetchall()
        except psycopg.OperationalError:
            return []

    def begin(self, site: str, **variables: str) -> int:
        """Have a site crawled by two workers and a scheduler that are kept alive.

        Return the process of the crawl in its midst: a request is under way, and is answered when the portal is let go;
        what was answered before is stored.
        """
        self.told("fleet", "run", site)
        began = time.monotonic()
        self.keep("first", variables=variables)
        self.keep("second", variables=variables)
        self.keep("scheduler", schedules=True, variables=variables)
        self.wait_for_requests(site)
        self.start_seconds = time.monotonic() - began
        self.hold(site)
        return self.process_of(site)

    def hold(self, site: str) -> None:
        """Have a portal answer no more once it has shown an article, and wait until all that it has shown is stored."""
        portal = self.portals[site]
        wait_for(lambda: portal.shown)
        portal.is_held = True
        sql = "SELECT count(*) FROM pages WHERE site = %s AND outcome = 'stored'"
        wait_for(lambda: portal.at_work)
        wait_for(lambda: self.ask(sql, site) == [(portal.shown,)])

    def go_on(self, site: str) -> None:
        """Have a portal answer again, now that the fault has come."""
        self.fault_at = time.monotonic()
        self.portals[site].is_held = False

    def seconds_until_back(self, site: str) -> float:
        """Return how long after the fault the site was asked again."""
        return next(moment for moment in self.portals[site].moments if moment > self.fault_at) - self.fault_at

    @property
    def bound(self) -> float:
        """Seconds within which another worker has begun what a dead one was at."""
        return LOST_SECONDS + MOOD * self.start_seconds

    def wait_for_requests(self, site: str) -> None:
        """Wait until a site was asked for some pages more."""
        portal = self.portals[site]
        before = len(portal.asked)
        wait_for(lambda: len(portal.asked) > before + 3)

    def process_of(self, site: str) -> int:
        """Return the process that crawls a site of this world; raises StopIteration without one."""
        with os.scandir("/proc") as entries:
            return next(
                int(entry.name)
                for entry in entries
                if entry.name.isdecimal() and {"-c", "crawl", site} <= self._words_of(entry.path)
            )

    def _words_of(self, process: str) -> set[str]:
        """Return the command line of a process in this world's folder; nothing of any other."""
        try:
            if Path(process, "cwd").readlink() != self.folder:
                return set()
            return set(Path(process, "cmdline").read_text("utf-8", errors="replace").split("\0"))
        except OSError:  # it has just ended
            return set()

    def jobs(self) -> list[tuple[Any, ...]]:
        """Return the jobs: site and state."""
        sql = "SELECT args->>'site', status::text FROM procrastinate_jobs WHERE task_name = 'armcrawl.run' ORDER BY id"
        return self.ask(sql)

    def wait_until_done(self, number: int = 1) -> None:
        """Wait until so many jobs have succeeded, and no other is there."""
        wait_for(lambda: [state for _, state in self.jobs()] == ["succeeded"] * number)

    def articles(self) -> list[tuple[Any, ...]]:
        """Return what the database has of all articles, whoever brought it."""
        return self.ask("SELECT key, title, body FROM v_articles ORDER BY key")

    def close(self) -> None:
        """End all processes."""
        self.is_over.set()
        for portal in self.portals.values():
            portal.is_held = False
        for process in self.workers:
            with suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGCONT)
            process.terminate()
        for process in self.workers:
            try:
                process.wait(COMMAND_SECONDS)
            finally:
                process.kill()
        self.stack.close()


@contextmanager
def world(folder: Path, url: str) -> Iterator[World]:
    """Yield a world whose processes end with the block."""
    made = World(folder, url)
    try:
        yield made
    finally:
        made.close()
