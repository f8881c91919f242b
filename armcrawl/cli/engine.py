"""One decorator opens a command's database, and shuts it whatever happens."""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from functools import wraps
from typing import TYPE_CHECKING, Any

from armcrawl import config
from armcrawl.cli.applying import wait_option
from armcrawl.cli.options import archive_option, database_option
from armcrawl.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from sqlalchemy import Engine

    from armcrawl.archive.storage import Storage
    from armcrawl.processes.pool import Pool

    Command = Callable[..., Any]


def with_engine(
    *,
    create: bool = False,
    any_shape: bool = False,
    reads: bool = False,
    lock: str | None = None,
    job: str | None = None,
    archive: bool = False,
) -> Callable[[Command], Command]:
    """Add `--database`, and hand over an `engine`; keys that need the database are looked up in it.

    `create` makes the tables of a new database, `any_shape` takes the tables as they are. A command that only `reads`
    opens a database that may only be read. `lock` names what needs the whole database at rest, `job` what works on it
    in pieces beside runs: a command that shows first takes the lock with `--apply` only. Whoever needs it at rest may
    `--wait`. `archive` adds `--archive`,
    and hands over its `storage`.
    """

    def decorate(command: Command) -> Command:
        @wraps(command)
        def carry_out(*args: Any, database: str | None, **options: Any) -> Any:
            from armcrawl.analysis.page_keys import ShortKey, key_in

            url = database_url(database)
            if archive:
                options["storage"] = archive_storage(url, options.pop("archive"))
            waits = options.pop("waits", False)
            is_locked = bool(lock or job) and options.get("is_applied", True)
            locking = _locking(url, lock, job, waits=waits) if is_locked else nullcontext()
            with opened(url, create=create, any_shape=any_shape, reads=reads) as engine, locking:
                if archive and is_locked:
                    _catch_up(engine, options["storage"])
                for name, value in options.items():
                    if isinstance(value, ShortKey):
                        options[name] = key_in(engine, value)
                return command(*args, engine=engine, **options)

        with_database = database_option(wait_option(carry_out) if lock else carry_out)
        return archive_option(with_database) if archive else with_database

    return decorate


@contextmanager
def opened(url: str, *, create: bool = False, any_shape: bool = False, reads: bool = False) -> Iterator[Engine]:
    """Open a database, and shut it at the end."""
    from armcrawl.store.base.database import connect, open_database, open_read_only

    if reads:
        engine = open_read_only(url, any_shape=any_shape)
    else:
        engine = (connect if any_shape else open_database)(url, create=create)
    try:
        yield engine
    finally:
        engine.dispose()


def database_url(named: str | None) -> str:
    """Return the database that a command uses: the one that is named, or the usual one."""
    return named or config.database_url()


def url_of(engine: Engine) -> str:
    """Return the URL of an engine with its password, for a process that opens the same database."""
    return engine.url.render_as_string(hide_password=False)


@contextmanager
def reading_pool(
    engine: Engine, cluster: str | None, storage: Storage | None, jobs: int | None = None
) -> Iterator[Pool | None]:
    """Yield where pages are read: a cluster, so many processes of this machine, or None for what is usual here."""
    if cluster is None:
        from armcrawl.processes.pool import local_pool

        yield local_pool(jobs) if storage is not None else None
        return
    from armcrawl.jobs.cluster import cluster_pool

    with cluster_pool(cluster, engine, url_of(engine), storage) as pool:
        yield pool


def archive_storage(url: str, named: str | None) -> Storage:
    """Return where a database's archive lies."""
    from armcrawl.crawling.configuration import archive_of

    return archive_of(url, named)


def existing(storage: Storage) -> Storage:
    """Return an archive; raises UsageError where there is none."""
    if not storage.exists():
        raise UsageError(f"There is no archive at {storage}: name it with --archive.")
    return storage


def _catch_up(engine: Engine, storage: Storage) -> None:
    """Take down what the list beside the archive has and this database, which is an older one, does not."""
    import click

    from armcrawl.store.articles.removal_lists import catch_up

    for one in catch_up(engine, storage):
        click.echo(f"{one.key} is taken down again, as the list beside the archive says: {one.reason}", err=True)


def _locking(url: str, lock: str | None, job: str | None, *, waits: bool) -> AbstractContextManager[None]:
    from armcrawl.store.base.lock import locking_all, locking_jobs

    return locking_all(url, lock, _tell_wait if waits else None) if lock is not None else locking_jobs(url, job or "")


def _tell_wait(why: str) -> None:
    import click

    click.echo(f"{why.removesuffix(': let it end, or stop it.')}: this waits for its end.", err=True)
