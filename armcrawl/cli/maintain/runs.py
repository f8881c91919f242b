"""`armcrawl runs`: what earlier runs did, and what a person decides of those that did not pass."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from armcrawl.cli.applying import apply_option, whether_written
from armcrawl.cli.engine import with_engine
from armcrawl.cli.options import ROW_ID, Number, json_option
from armcrawl.cli.output import Table, counted, emit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from armcrawl.archive.storage import Storage
    from armcrawl.reporting.report import RunReport
    from armcrawl.store.queries.runs import RunRecord

# A month of nights.
SHOWN = 30

id_argument = click.argument("number", type=ROW_ID, metavar="ID")


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
    """Show earlier runs, and decide on those that were refused.

    A run whose pages do not look like those of earlier runs is refused: what it stored is withheld until a person, or
    a better parser, decides. `runs 12` is `runs show 12`.
    """


@runs.command("list")
@click.option("--limit", type=Number(1), default=SHOWN, show_default=True, metavar="N", help="At most so many.")
@with_engine(reads=True)
@json_option
def list_runs(limit: int, engine: Engine, as_json: bool) -> None:
    """List the newest runs."""
    from armcrawl.store.queries.runs import newest_runs

    found = newest_runs(engine, limit)
    columns = ("run", "kind", "site", "began (UTC)", "took", "outcome", "verdict", "requests", "new", "withheld")
    empty = "No run has been recorded yet: start one with `armcrawl crawl`."
    shown = Table("Runs", columns, [_row(run) for run in found]) if found else empty
    emit([run.to_json() for run in found], [shown], as_json=as_json)


def _row(run: RunRecord) -> tuple[object, ...]:
    outcome, new = run.outcome or "under way", run.articles["new"]
    told = (run.id, run.kind, run.site, run.started_at, _took(run), outcome, run.verdict)
    return (*told, run.requests or 0, new, run.withheld)


def _took(run: RunRecord) -> str | None:
    if run.finished_at is None:
        return None
    return str(run.finished_at - run.started_at).partition(".")[0]


@runs.command()
@id_argument
@click.option("--report", type=click.Path(), metavar="FILE",
              help="Write it, with examples, into FILE.html or FILE.json; - is JSON on standard output.")  # fmt: skip
@with_engine(reads=True, archive=True)
@json_option
def show(number: int, report: str | None, storage: Storage, engine: Engine, as_json: bool) -> None:
    """Show the whole record of a run."""
    from armcrawl.reporting.delivery import writable
    from armcrawl.reporting.report import report_of, write_report

    path = writable(report)
    found = report_of(engine, number, storage)
    if path is None:
        emit(found.to_json(), _record(found), as_json=as_json)
        return
    write_report(found, path)
    if report != "-":
        click.echo(f"The report of run {number} is in {path}.")


def _record(report: RunReport) -> Iterator[Table | str]:
    from armcrawl.reporting.report import facts, summary

    run, told = report.run, report.to_json()
    rows: list[tuple[str, object]] = [
        ("run", f"{run.id}, {run.kind} of {run.site}"),
        ("outcome", run.outcome or "under way"),
        ("took", _took(run)),
        ("said", run.sentence),
        *summary(told),
        *facts(told),
    ]
    yield Table("Run", ("what", "value"), [(name, value) for name, value in rows if value is not None])
    yield from told["change"]
    if run.stats:
        yield Table("Statistics", ("name", "value"), sorted(run.stats.items()))


def _follow(engine: Engine) -> None:
    """Do what follows from decisions, whoever made them: what later runs were refused for may have been decided."""
    from armcrawl.cli.progress import carry_out_decided
    from armcrawl.reporting.outcome import healed
    from armcrawl.store.runs.verdicts import heal

    # First what is decided: a check that breaks must not hold it up.
    carry_out_decided(engine)
    if found := heal(engine):
        carry_out_decided(engine)
    for run_id, unjudged in found.items():
        click.echo(healed(run_id, unjudged))


@runs.command()
@id_argument
@with_engine(job="runs accept")
def accept(number: int, engine: Engine) -> None:
    """Publish what a refused run stored: the site looks so from now on, in what the run was refused for."""
    from armcrawl.store.queries.runs import run_record
    from armcrawl.store.runs.verdicts import accept as accept_run

    shown = counted(accept_run(engine, number), "version is", "versions are")
    _follow(engine)
    breaches = run_record(engine, number).breaches
    measures = ", ".join(dict.fromkeys(breach.measure for breach in breaches))
    click.echo(f"Run {number} is accepted: {shown} shown now. The site looks so from now on ({measures}).")


@runs.command()
@id_argument
@with_engine(job="runs reject")
def reject(number: int, engine: Engine) -> None:
    """Forget what a refused run stored; its pages are asked for again."""
    from armcrawl.store.runs.verdicts import reject as reject_run

    gone = counted(reject_run(engine, number), "version is", "versions are")
    _follow(engine)
    click.echo(f"Run {number} is rejected: {gone} forgotten, and their pages will be asked for again.")


@runs.command()
@with_engine(job="runs publish")
def publish(engine: Engine) -> None:
    """Finish publishing or forgetting what runs stored, if that was interrupted. The next run would do so too."""
    from armcrawl.store.runs.publishing import backlog

    found = backlog(engine)
    _follow(engine)
    versions = f"{counted(found.to_show, 'version is', 'versions are')} shown now, {found.to_forget} forgotten"
    rest = f"{counted(found.to_index, 'article')} found by new names, {found.to_join} compared with others"
    everything = "Everything that may be shown is shown; `armcrawl status` tells what may not."
    click.echo(f"{versions}, {rest}." if found else everything)


@runs.command("repair-clock")
@apply_option
@with_engine(lock="runs repair-clock")
def repair(is_applied: bool, engine: Engine) -> None:
    """Mend what a run left whose clock was wrong.

    What lies in the future, or before there was armcrawl, gets the time that it must have had, between the runs before
    and after. All that was fetched stays, and the next night runs as usual. Set the clock right first.
    """
    from armcrawl.store.admin.clock_repair import plan_repair, repair_clock

    found = repair_clock(engine) if is_applied else plan_repair(engine)
    if not found.moments:
        click.echo("No moment lies in the future, or before there was armcrawl: nothing is to be mended.")
        return
    for run in reversed(found.runs):
        click.echo(f"Run {run.id} of {run.site}: {run.began:%Y-%m-%d %H:%M} becomes {run.began_really:%Y-%m-%d %H:%M}.")
    rows = ", ".join(counted(number, f"row of {table}", f"rows of {table}") for table, number in found.counts.items())
    click.echo(f"Moments of {rows}. {whether_written(is_applied=is_applied)}")
    if found.runs:
        click.echo(
            "Dates that pages print as «вчера» were read by the wrong clock: `armcrawl reparse` shows those that it "
            "reads otherwise now. The archive's files keep the times that they were written with."
        )
