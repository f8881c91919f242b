"""Processes of other machines, as dask runs them, in the place of this machine's: they only read, and one writes.

A call may be made twice, when a worker is lost. What kills workers again and again is tried here, page by page.
"""

from __future__ import annotations

from concurrent.futures import BrokenExecutor, CancelledError
from contextlib import contextmanager
from typing import TYPE_CHECKING

from armcrawl import PARSER_VERSION, __version__
from armcrawl.errors import ArmcrawlError, UsageError
from armcrawl.processes.bounds import bound_memory
from armcrawl.processes.collecting import collect_seldom
from armcrawl.processes.pool import Pool
from armcrawl.sites import known_sites
from armcrawl.store.base.database import open_database

if TYPE_CHECKING:
    from collections.abc import Iterator

    from distributed import Client
    from sqlalchemy import Engine

    from armcrawl.archive.storage import Storage

# To find a scheduler: on a network of one's own it answers at once.
CONNECT_SECONDS = 10
# A worker that cannot reach the database for a moment is asked again.
RETRIES = 3


@contextmanager
def cluster_pool(address: str, engine: Engine, database: str, storage: Storage | None) -> Iterator[Pool]:
    """Connect to the scheduler at an address, whose workers reach the same database, and the archive if one is named.

    Raises UsageError for what cannot work, and ArmcrawlError for a scheduler that does not answer, or does no more.
    """
    if engine.dialect.name != "postgresql":
        raise UsageError(
            "--cluster needs a database that all its machines reach, PostgreSQL: `armcrawl db copy` brings one there."
        )
    try:
        from distributed import Client, KilledWorker
        from distributed.comm import CommClosedError
    except ImportError as error:
        raise UsageError("--cluster needs more than is installed: install armcrawl[cluster].") from error
    try:
        client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise ArmcrawlError(f"No scheduler of dask answers at {address}: see whether it is up.") from error
    losses = (KilledWorker, BrokenExecutor, MemoryError)
    gone = ArmcrawlError(
        f"The scheduler at {address} does not answer any more: what was done is kept; run the command again."
    )
    with client:
        try:
            _check_workers(client, address, database, storage)
            workers = len(client.nthreads())
            yield Pool(workers, lambda: client.get_executor(pure=False, retries=RETRIES), losses)
        except (CancelledError, CommClosedError) as error:
            raise gone from error


def _check_workers(client: Client, address: str, database: str, storage: Storage | None) -> None:
    """Have all workers look; raises ArmcrawlError for none, UsageError for one that would read otherwise than we."""
    if not client.nthreads():
        raise ArmcrawlError(f"The scheduler at {address} has no workers: start some with `dask worker {address}`.")
    names = tuple(file.closed_name for file in storage.files()[:1]) if storage is not None else ()
    wanted = (__version__, PARSER_VERSION, sorted(known_sites()))
    found = client.run(look, wanted, database, storage, names, on_error="return")
    problems = {worker: said for worker, said in found.items() if said is not None}
    if problems:
        worker, said = min(problems.items())
        raise UsageError(f"The worker at {worker} cannot help: {said}.")


def look(
    wanted: tuple[str, int, list[str]], database: str, storage: Storage | None, names: tuple[str, ...]
) -> str | None:
    """Return why this process would not read as the one that asks; None if it would. It is prepared for reading."""
    here = (__version__, PARSER_VERSION, sorted(known_sites()))
    if here[:2] != wanted[:2]:
        return f"it has armcrawl {here[0]} with parser {here[1]}, and here are {wanted[0]} and {wanted[1]}"
    if here[2] != wanted[2]:
        return f"it knows the sites {', '.join(here[2])}, and here are {', '.join(wanted[2])}"
    try:
        if storage is not None:
            for name in names:
                storage.open(name).close()
        open_database(database, create=False).dispose()
    except FileNotFoundError:
        return f"it does not see {names[0]} in the archive {storage}: name one that all machines share"
    except ArmcrawlError as error:
        return str(error).rstrip(".")
    collect_seldom()
    bound_memory()
    return None
