"""`armcrawl fleet`: many sites, crawled by many machines."""

from __future__ import annotations

import asyncio
import logging
import socket
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from armcrawl import config
from armcrawl.cli.engine import database_url, opened
from armcrawl.cli.options import archive_option, database_option, json_option, option
from armcrawl.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Engine

    from armcrawl.archive.storage import Storage

site_argument = click.argument("site")


@click.group()
def fleet() -> None:
    """Crawl many sites on many machines, by one PostgreSQL.

    One machine needs nothing of it: `armcrawl crawl --all`. docs/fleet.md tells how a machine becomes ten.
    """


@fleet.command()
@database_option
@archive_option
def init(database: str | None, archive: str | None) -> None:
    """Set up a fleet in a PostgreSQL database, once.

    The archive must be one that all machines reach: s3://BUCKET/PREFIX, or a folder that all of them mount. Say it
    where it is set up and on each machine, best in armcrawl.toml. What is set up already stays as it is.
    """
    from armcrawl.fleet.engine import check_fleet_url
    from armcrawl.fleet.setting_up import set_up

    url = database_url(database)
    check_fleet_url(url)
    storage = _shared_archive(url, archive)
    with opened(url, create=True) as engine:
        is_new = set_up(engine, url, storage)
    click.echo(
        f"The fleet {'is set up' if is_new else 'was set up already'}; its archive is {storage}. Start `armcrawl fleet "
        "work --schedule` once, and `armcrawl fleet work` as often as crawls are to run at a time."
    )


@fleet.command()
@database_option
@archive_option
@click.option("--schedule", "schedules", is_flag=True,
              help="Bring in the nights and rescue what dead workers were at, and crawl nothing.")  # fmt: skip
@option("log_format", help="How it tells of itself: for people, or on standard error as a JSON object a line.")
@click.option("--name", default=None, metavar="NAME", help="What it is called in `fleet status`  [default: worker]")
def work(database: str | None, archive: str | None, name: str | None, log_format: str, *, schedules: bool) -> None:
    """Carry out jobs, one after another, until Ctrl-C or SIGTERM.

    It ends when the database is away for long, and must be started again whatever its exit code: deploy/ has units for
    systemd and a file for compose. A crawl that is under way then ends within a minute, and another worker goes on.
    """
    from armcrawl.fleet.serving import serve
    from armcrawl.fleet.setting_up import check_set_up
    from armcrawl.reporting.logs import set_up_service
    from armcrawl.sites.known import pass_over_faulty

    url = database_url(database)
    storage = _shared_archive(url, archive)
    with _fleet_of(url) as engine:
        check_set_up(engine, storage)
    # A faulty declaration stops no other site.
    pass_over_faulty()
    # For the journal of the machine; what Procrastinate says of each step is of use to nobody else.
    set_up_service(log_format)
    logging.getLogger("procrastinate").setLevel(logging.WARNING)
    serve(url, storage, name or ("scheduler" if schedules else "worker"), schedules=schedules)


@fleet.command()
@database_option
@json_option
@click.option("--metrics", type=click.Path(), metavar="FILE", help="Write its numbers into FILE.prom, for Prometheus.")
@click.argument("site", required=False)
def status(database: str | None, site: str | None, metrics: str | None, as_json: bool) -> None:
    """Show sites, queue, workers and the last attempts; of one SITE with the last lines of their logs."""
    from armcrawl.cli.fleet.showing import shown_of
    from armcrawl.cli.output import emit
    from armcrawl.fleet.engine import Pace
    from armcrawl.fleet.holding import scheduled_sites
    from armcrawl.fleet.metrics import write_fleet_metrics
    from armcrawl.fleet.status import status_of
    from armcrawl.sites import site_named
    from armcrawl.sites.known import pass_over_faulty

    pass_over_faulty()
    with _fleet_of(database_url(database)) as engine:
        if site is not None and site not in scheduled_sites(engine):
            site_named(site)
        found = status_of(engine, Pace.usual().silence, site)
    if metrics is not None:
        write_fleet_metrics(found, Path(metrics))
    emit(found.to_json(), shown_of(found, with_logs=site is not None), as_json=as_json)


@fleet.command(context_settings={"ignore_unknown_options": True})
@database_option
@site_argument
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def run(database: str | None, site: str, arguments: Sequence[str]) -> None:
    """Have a worker crawl a site now, or carry out `backfill` or `reparse` with what they are told.

    For example: `armcrawl fleet run SITE backfill --ids 1-30000`. A backfill lets the nights of its server go first.
    """
    from armcrawl.fleet.engine import app_of
    from armcrawl.fleet.enqueuing import Order, enqueue
    from armcrawl.fleet.holding import held
    from armcrawl.sites.known import pass_over_faulty

    pass_over_faulty()
    order = Order.of(site, arguments)
    _check_arguments(order.arguments)
    url = database_url(database)
    with _fleet_of(url) as engine:
        if (why := held(engine, site)) is not None:
            raise UsageError(f"{site} is held ({why}): `armcrawl fleet resume {site}` first.")

    async def bring_in() -> int | None:
        async with app_of(url).open_async() as app:
            return await enqueue(app, order)

    job = asyncio.run(bring_in())
    words = " ".join(order.arguments)
    if job:
        click.echo(f"Job {job} is brought in: armcrawl {words}.")
    else:
        what = f"A crawl of {site}" if order.command == "crawl" else f"armcrawl {words}"
        click.echo(f"{what} waits already, or is carried out, and is not brought in again.")


@fleet.command()
@database_option
@site_argument
def pause(database: str | None, site: str) -> None:
    """Begin nothing more for a site; what is under way ends as it would, and what waits goes on waiting."""
    from getpass import getuser

    from armcrawl.fleet.holding import hold
    from armcrawl.sites import site_named
    from armcrawl.sites.known import pass_over_faulty

    pass_over_faulty()
    site_named(site)
    with _fleet_of(database_url(database)) as engine:
        hold(engine, site, f"paused by {getuser()} on {socket.gethostname()}")
    click.echo(f"Nothing is begun for {site} until `armcrawl fleet resume {site}`.")


@fleet.command()
@database_option
@site_argument
def resume(database: str | None, site: str) -> None:
    """Go on with a site that was paused, or that is held because it blocked us or showed something else."""
    from armcrawl.fleet.holding import release, scheduled_sites
    from armcrawl.sites import site_named
    from armcrawl.sites.known import pass_over_faulty

    pass_over_faulty()
    with _fleet_of(database_url(database)) as engine:
        # One that is not declared any more may still be held.
        if site not in scheduled_sites(engine):
            site_named(site)
        was_held = release(engine, site)
    click.echo(f"{site} goes on with its next night." if was_held else f"{site} was not held.")


@fleet.command()
@database_option
@click.argument("job", type=click.IntRange(min=1))
def cancel(database: str | None, job: int) -> None:
    """Take a job out of the queue, or end it where it is carried out; what it has stored stays."""
    from armcrawl.fleet.engine import app_of

    url = database_url(database)
    with _fleet_of(url), app_of(url).open() as app:
        is_known = app.job_manager.cancel_job_by_id(job, abort=True)
    if not is_known:
        raise UsageError(f"No job {job} waits or is carried out: `armcrawl fleet status` lists them.")
    click.echo(f"Job {job} is cancelled; one that is carried out ends within a minute.")


def _check_arguments(arguments: Sequence[str]) -> None:
    """Raise what the command itself would say of words that it does not understand: here somebody reads it at once."""
    context = click.get_current_context()
    root = context.find_root()
    name, *words = arguments
    if isinstance(root.command, click.Group) and (command := root.command.get_command(root, name)) is not None:
        with command.make_context(name, words, parent=root):
            pass


@contextmanager
def _fleet_of(url: str) -> Iterator[Engine]:
    """Open the database of a fleet; raises UsageError where there is none."""
    from armcrawl.fleet.engine import check_fleet_url
    from armcrawl.fleet.setting_up import check_fleet

    check_fleet_url(url)
    with opened(url) as engine:
        check_fleet(engine)
        yield engine


def _shared_archive(url: str, named: str | None) -> Storage:
    """Return the archive that is named; raises UsageError where nobody has said which one all machines reach."""
    from armcrawl.archive.folder import Folder
    from armcrawl.crawling.configuration import archive_of
    from armcrawl.fleet.engine import check_fleet_url

    check_fleet_url(url)
    if not (named or config.archive()):
        raise UsageError(
            "A fleet needs an archive that all machines reach: say --archive s3://BUCKET/PREFIX, or a folder that all "
            "of them mount, or `archive` in armcrawl.toml; `armcrawl archive move` brings what is there (docs/fleet.md)"
            "."
        )
    storage = archive_of(url, named)
    # Each job's process has another working folder's word for it.
    return Folder(storage.path.absolute()) if isinstance(storage, Folder) else storage
