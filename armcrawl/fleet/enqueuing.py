"""Jobs come into the queue: told by hand, or as the sites' schedules say."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from armcrawl import config
from armcrawl.errors import UsageError
from armcrawl.fleet.engine import BY_HAND, CRAWLS, RUN_TASK
from armcrawl.sites import Origin, site_named
from armcrawl.store.base.lock import holder_of, waiting_for_all

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from procrastinate import App
    from sqlalchemy import Engine

# What a job may be.
COMMANDS = ("crawl", "backfill", "reparse")
# They name files of one machine, or what a fleet says for all its jobs.
OF_ONE_MACHINE = ("--urls", "--warc", "--report", "--metrics")
OF_THE_FLEET = ("--database", "--archive", "--no-archive")
OF_MANY_SITES = (("crawl", "--all"), ("reparse", "--site"))
# Jobs that are not over, in Procrastinate's words; and what `list_jobs` may ask for.
ALIVE = {"todo", "doing"}
ANY = dict.fromkeys(("id", "queue_name", "task_name", "status", "lock", "queueing_lock", "worker_id"))
# Where a backfill from a web archive asks if nothing else is said, as `backfill --wayback` has it.
WEB_ARCHIVE = "web.archive.org"


@dataclass(frozen=True, slots=True)
class Order:
    """A job: `arguments` of one `armcrawl` process, for a site. Of one `lock` never more than one is carried out."""

    site: str
    arguments: tuple[str, ...]
    lock: str

    @classmethod
    def of(cls, site: str, arguments: Sequence[str]) -> Order:
        """Return the order of a command such as `backfill --ids 1-100`; `crawl` without one.

        Raises UsageError for an unknown site, and for what another machine could not carry out.
        """
        is_named = bool(arguments) and not arguments[0].startswith("-")
        command, *rest = arguments if is_named else ("crawl", *arguments)
        if command not in COMMANDS:
            raise UsageError(f"{command!r} is no job: write {', '.join(COMMANDS)}, and then what it is told.")
        for word in rest:
            flag = word.partition("=")[0]
            if flag in OF_ONE_MACHINE:
                raise UsageError(f"{flag} names a file of one machine, and another may carry out the job.")
            if (command, flag) in OF_MANY_SITES:
                raise UsageError(f"{flag} names other sites, and a job is for one: bring in a job for each.")
            if flag in OF_THE_FLEET:
                raise UsageError(f"{flag} is said once for all jobs: to `armcrawl fleet work`, or in armcrawl.toml.")
        own = ("--site", site) if command == "reparse" else (site,)
        # A job has nobody who could say it after the plan.
        begin = ("--apply",) if command == "backfill" and not {"--apply", "--plan"} & set(rest) else ()
        return cls(site, (command, *own, *rest, *begin), _web_archive(rest) or lock_of(site))

    @property
    def command(self) -> str:
        """Which command it is."""
        return self.arguments[0]

    def is_like(self, told: Mapping[str, Any]) -> bool:
        """Tell whether a job does the same: of one site one crawl is enough, whatever its budget."""
        if told["site"] != self.site or told["arguments"][0] != self.command:
            return False
        return self.command == "crawl" or told["arguments"] == list(self.arguments)

    @property
    def told(self) -> dict[str, Any]:
        """What Procrastinate keeps of it."""
        return {"site": self.site, "arguments": list(self.arguments)}


def _web_archive(words: Sequence[str]) -> str | None:
    """Return the host of the web archive that a backfill asks instead of the site, if it does."""
    for number, word in enumerate(words):
        flag, _, value = word.partition("=")
        if flag == "--wayback":
            following = "".join(words[number + 1 : number + 2])
            return urlsplit(value or following).netloc or WEB_ARCHIVE
    return None


def lock_of(site: str) -> str:
    """Return the name of the lock of a site: the server that it asks, so that two sites of one server share it."""
    return (servers_of(site) or (site,))[0]


def servers_of(site: str) -> tuple[str, ...]:
    """Return the servers that a crawl of a site locks; raises UsageError for an address that is none."""
    declared = site_named(site)
    said = config.said("base_url", site)
    try:
        origin = Origin.of(declared, str(said.value) if said else declared.base_url)
    except ValueError as error:
        raise UsageError(f"base_url of {site}: {error}.") from error
    return origin.servers


def other_run(engine: Engine, site: str, command: str) -> str | None:
    """Return for whom a job waits, outside of the queue's own locks; None for nobody.

    That is who asks its site's server just now, and who waits for the whole database: that one goes first.
    """
    if (waiting := waiting_for_all(engine)) is not None:
        return waiting
    if command == "reparse":
        return None
    try:
        return holder_of(engine, site, servers_of(site))
    except UsageError:
        # A site that is not known here: a job's own process tells that.
        return None


async def enqueue(app: App, order: Order, priority: int = BY_HAND) -> int | None:
    """Bring in a job, unless the same waits or is carried out; return its number, or None.

    Whoever asks twice, or at the same time as another, brings in one. Raises TypeError for an app without PostgreSQL.
    """
    from procrastinate import PsycopgConnector, sql

    connector = app.connector
    if not isinstance(connector, PsycopgConnector):
        raise TypeError("a fleet speaks to PostgreSQL by psycopg")
    async with connector.pool.connection() as connection, connection.transaction():
        # Two who ask at the same time do so one after another.
        await connection.execute("SELECT pg_advisory_xact_lock(%s)", [_number(order.lock)])
        # As `list_jobs` asks, but over this connection: who holds one and waits for another may wait for ever.
        jobs = await connector.execute_query_all_async_with_connection(
            connection,
            query=sql.queries["list_jobs"],
            **{**ANY, "task_name": RUN_TASK, "lock": order.lock},
        )
        if any(job["status"] in ALIVE and order.is_like(job["args"]) for job in jobs):
            return None
        deferrer = app.configure_task(RUN_TASK, queue=CRAWLS, lock=order.lock, priority=priority, connection=connection)
        return await deferrer.defer_async(**order.told)


def _number(lock: str) -> int:
    """Return the number of the lock that is held while somebody brings in a job; below 2^63."""
    return int.from_bytes(hashlib.blake2b(f"armcrawl/enqueue/{lock}".encode(), digest_size=8).digest()) >> 1
