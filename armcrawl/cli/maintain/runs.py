"""`armcrawl runs`: what earlier runs did, and what a person decides of those that did not pass."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from armcrawl import config
from armcrawl.cli.options import ROW_ID, Number, database_option, json_option

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Engine

    from armcrawl.store.queries.runs import RunRecord

# A month of nights.
MOST = 30


class Runs(click.Group):
    """Commands for runs; a number alone shows the run."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read `runs 7` as `runs show 7`, and `runs` as `runs list`."""
        if args and args[0].isdecimal():
            args = ["show", *args]
        elif not args or (args[0].startswith("-") and args[0] not in ctx.help_option_names):
            args = ["list", *args]
        return super().parse_args(ctx, args)


@click.group(cls=Runs, subcommand_metavar="[ID] | COMMAND [ARGS]...")
def runs() -> None:
    """Show what earlier runs did, and decide on those that did not pass their checks."""


@runs.command("list")
@click.option("--most", type=Number(1), default=MOST, show_default=True, metavar="N", help="Newest runs.")
@database_option
@json_option
def list_runs(most: int, database: str | None, as_json: bool) -> None:
    """List the newest runs."""
    from armcrawl.cli.tables import print_table
    from armcrawl.store.base.database import open_database
    from armcrawl.store.queries.runs import newest_runs

    engine = open_database(database or config.database_url(), create=False)
    found = newest_runs(engine, most)
    engine.dispose()
    if as_json:
        click.echo(json.dumps([run.to_json() for run in found], ensure_ascii=False, indent=2, default=str))
    elif not found:
        click.echo("No run has been recorded yet: start one with `armcrawl crawl`.")
    else:
        columns = ("run", "kind", "site", "began (UTC)", "took", "outcome", "verdict", "requests", "new", "withheld")
        print_table("Runs", columns, [_row(run) for run in found])


def _row(run: RunRecord) -> tuple[object, ...]:
    new = run.articles["new"]
    began = f"{run.started_at:%Y-%m-%d %H:%M}"
    outcome = run.outcome or "under way"
    return (run.id, run.kind, run.site, began, _took(run), outcome, run.verdict, run.requests or 0, new, run.withheld)


def _took(run: RunRecord) -> str | None:
    if run.finished_at is None:
        return None
    return str(run.finished_at - run.started_at).partition(".")[0]


@runs.command()
@click.argument("number", type=ROW_ID, metavar="ID")
@click.option("--report", type=click.Path(), metavar="FILE", help="Write it, with examples, into FILE.html or .json.")
@database_option
@json_option
def show(number: int, report: str | None, database: str | None, as_json: bool) -> None:
    """Show the whole record of a run."""
    from armcrawl.reporting.delivery import writable
    from armcrawl.reporting.report import report_of, write_report
    from armcrawl.store.base.database import open_database

    path = writable(report)
    engine = open_database(database or config.database_url(), create=False)
    try:
        found = report_of(engine, number)
    finally:
        engine.dispose()
    if path is not None:
        write_report(found, path)
        click.echo(f"The report of run {number} is in {path}.")
    elif as_json:
        click.echo(json.dumps(found.run.to_json(), ensure_ascii=False, indent=2, default=str))
    else:
        _print(found.run)


def _print(run: RunRecord) -> None:
    from armcrawl.cli.tables import print_table
    from armcrawl.reporting.report import facts, summary

    told = run.to_json()
    rows: list[tuple[str, object]] = [
        ("run", f"{run.id}, {run.kind} of {run.site}"),
        ("outcome", run.outcome or "under way"),
        ("took", _took(run)),
        ("said", run.sentence),
        *summary(told),
        *facts(told),
    ]
    print_table("Run", ("what", "value"), [(name, value) for name, value in rows if value is not None])
    for breach in run.breaches:
        click.echo(f"! {breach}")
    if run.stats:
        print_table("Statistics", ("name", "value"), sorted(run.stats.items()))


def _decide(decide: Callable[[Engine, int], int], number: int, database: str | None, name: str) -> int:
    """Carry a decision out while no run works, and return how many versions it was about."""
    from armcrawl.store.base.database import open_database
    from armcrawl.store.base.lock import locking_all

    url = database or config.database_url()
    engine = open_database(url, create=False)
    try:
        with locking_all(url, f"runs {name}"):
            decided = decide(engine, number)
            _follow(engine)
    finally:
        engine.dispose()
    return decided


def _follow(engine: Engine) -> None:
    """Do what follows from decisions, whoever made them: what later runs were refused for may have been decided."""
    from armcrawl.cli.progress import carry_out_decided
    from armcrawl.store.runs.verdicts import heal

    # First what is decided: a check that breaks must not hold it up.
    carry_out_decided(engine)
    if healed := heal(engine):
        carry_out_decided(engine)
    for run_id in healed:
        click.echo(f"Run {run_id} passes now: what it stored is shown.")


@runs.command()
@click.argument("number", type=ROW_ID, metavar="ID")
@database_option
def accept(number: int, database: str | None) -> None:
    """Show what a refused run stored: this is how the site looks from now on."""
    from armcrawl.store.runs.verdicts import accept as accept_run

    shown = _decide(accept_run, number, database, "accept")
    click.echo(f"Run {number} is accepted: {shown} versions are shown now, and later runs are held against it.")


@runs.command()
@click.argument("number", type=ROW_ID, metavar="ID")
@database_option
def reject(number: int, database: str | None) -> None:
    """Forget what a refused run stored; its pages are asked for again."""
    from armcrawl.store.runs.verdicts import reject as reject_run

    gone = _decide(reject_run, number, database, "reject")
    click.echo(f"Run {number} is rejected: {gone} versions are forgotten, and their pages will be asked for again.")


@runs.command()
@database_option
def publish(database: str | None) -> None:
    """Go on where showing or forgetting what runs stored was interrupted, as the next run would."""
    from armcrawl.store.base.database import open_database
    from armcrawl.store.base.lock import locking_all
    from armcrawl.store.runs.publishing import backlog

    url = database or config.database_url()
    engine = open_database(url, create=False)
    try:
        with locking_all(url, "runs publish"):
            found = backlog(engine)
            _follow(engine)
    finally:
        engine.dispose()
    versions = f"{found.to_show} versions are shown now, {found.to_forget} forgotten"
    done = f"{versions}, {found.to_compare} articles compared anew, {found.to_judge} clusters judged."
    click.echo(done if found else "Everything that may be shown is shown; `armcrawl status` tells what may not.")
