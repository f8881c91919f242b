"""`armcrawl quarantine`: the pages that could not be understood, why, and reading them again."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from armcrawl import config
from armcrawl.cli.explore.keys import key_of
from armcrawl.cli.options import archive_option, database_option, json_option
from armcrawl.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine

    from armcrawl.cli.progress import Tell
    from armcrawl.jobs.replaying import Replayed
    from armcrawl.store.queries.quarantine import Case, QuarantineGroup

EXAMPLES = 3
PROBLEMS = 5

reason_option = click.option("--reason", metavar="TEXT", help="Only pages whose reason begins so.")


@click.group()
def quarantine() -> None:
    """Look into quarantine: pages that could not be understood, with their bytes, and reading them again."""


@quarantine.command(name="list")
@reason_option
@database_option
@json_option
def list_(reason: str | None, database: str | None, as_json: bool) -> None:
    """List what waits by stage and reason, or the pages with one reason."""
    from armcrawl.store.base.database import open_database
    from armcrawl.store.queries.quarantine import groups

    engine = open_database(database or config.database_url(), create=False)
    try:
        waiting = _waiting(engine, reason)
    finally:
        engine.dispose()
    found = groups(waiting)
    if as_json and reason is None:
        click.echo(json.dumps([asdict(group) for group in found], ensure_ascii=False, indent=2, default=str))
    elif as_json:
        click.echo(json.dumps([_told(case) for case in waiting], ensure_ascii=False, indent=2, default=str))
    elif not waiting:
        click.echo("Quarantine is empty.")
    elif reason is None:
        _print_groups(found)
    else:
        _print_cases(waiting)


@quarantine.command()
@click.argument("key")
@click.option("--raw", is_flag=True, help="Print the raw page, and nothing else.")
@archive_option
@database_option
@json_option
def show(key: str, raw: bool, archive: str | None, database: str | None, as_json: bool) -> None:
    """Tell why a page is in quarantine, and where its bytes are. KEY is SITE/SECTION/ID or an address."""
    from armcrawl.crawling.configuration import archive_of
    from armcrawl.store.base.database import open_database
    from armcrawl.store.queries.quarantine import case_of

    wanted = key_of(key)
    url = database or config.database_url()
    engine = open_database(url, create=False)
    try:
        case = case_of(engine, wanted)
        if case is None:
            raise UsageError(f"{wanted} is not in quarantine: `armcrawl quarantine list` tells what is.")
        if raw:
            sys.stdout.buffer.write(_raw(engine, archive_of(url, archive), case))
            return
    finally:
        engine.dispose()
    if as_json:
        click.echo(json.dumps(_told(case), ensure_ascii=False, indent=2, default=str))
        return
    click.echo(f"{wanted} · {case.target.outcome} · {case.target.address}")
    told = _told(case)
    for name in ("stage", "reason", "quarantined_at", "understood_at", "captured_at", "http_status", "raw"):
        if told[name] is not None:
            click.echo(f"{name.replace('_', ' '):<14} {told[name]}")


@quarantine.command()
@reason_option
@click.option("--dry-run", is_flag=True, help="Tell what would be understood today, and change nothing.")
@archive_option
@database_option
@json_option
def replay(reason: str | None, dry_run: bool, archive: str | None, database: str | None, as_json: bool) -> None:
    """Read the raw pages again with today's parser, store what is understood, and tell what still is not."""
    from contextlib import nullcontext

    from armcrawl.cli.progress import bar_or_lines
    from armcrawl.crawling.configuration import archive_of
    from armcrawl.jobs.replaying import Replayed
    from armcrawl.jobs.replaying import replay as read_again
    from armcrawl.store.base.database import open_database
    from armcrawl.store.base.lock import locking_all

    url = database or config.database_url()
    folder = archive_of(url, archive)
    engine = open_database(url, create=False)
    try:
        with nullcontext() if dry_run else locking_all(url, "replay"), bar_or_lines("pages") as tell:
            waiting = _waiting(engine, reason)
            if not waiting:
                found = Replayed()
            elif dry_run:
                found = read_again(engine, folder, waiting, None, tell=tell)
            else:
                found = _store(engine, folder, waiting, reason, tell)
    finally:
        engine.dispose()
    if as_json:
        click.echo(json.dumps(found.to_json() | {"is_written": not dry_run}, ensure_ascii=False, indent=2))
    elif not waiting:
        click.echo("Quarantine is empty.")
    else:
        _print_replayed(found)
        if dry_run:
            click.echo("Nothing is written yet: leave out --dry-run.")


def _waiting(engine: Engine, reason: str | None) -> list[Case]:
    """Return what waits, the newest first; raises UsageError for a reason that nothing waits for."""
    from armcrawl.store.queries.quarantine import cases

    found = cases(engine, reason)
    if reason is not None and not found:
        raise UsageError(
            f"Nothing in quarantine has a reason that begins with {reason!r}: see `armcrawl quarantine list`."
        )
    return found


def _raw(engine: Engine, folder: Path, case: Case) -> bytes:
    from armcrawl.errors import ArchiveError
    from armcrawl.jobs.raw_pages import raw_response
    from armcrawl.reading.response import shown

    try:
        response, _ = raw_response(engine, folder, case)
    except ArchiveError as error:
        raise ArchiveError(f"{case.key}: {str(error).rstrip('.')}.") from error
    return shown(response).body


def _store(engine: Engine, folder: Path, waiting: list[Case], reason: str | None, tell: Tell) -> Replayed:
    """Replay as a run of its own, which the database remembers."""
    from armcrawl import clock
    from armcrawl.jobs.replaying import replay as read_again
    from armcrawl.store.articles.reread_pages import write_rereadings
    from armcrawl.store.entities.tagging import regroup_tags
    from armcrawl.store.runs import publishing, run_record

    run_record.mark_dead(engine, None)
    run_id = run_record.begin_run(engine, run_record.ALL_SITES, "replay", {"archive": str(folder), "reason": reason})
    outcome, counts = "failed", dict[str, int]()
    try:
        found = read_again(
            engine, folder, waiting, lambda changed: write_rereadings(engine, changed, run_id, clock.now()), tell=tell
        )
        regroup_tags(engine)
        publishing.carry_out(engine)
        outcome, counts = "done", dict(found.outcomes)
    finally:
        run_record.end_run(engine, run_id, outcome, 0, counts, {})
    return found


def _told(case: Case) -> dict[str, Any]:
    """Return a page in quarantine as people and programs want it."""
    return {
        "key": str(case.key),
        "address": case.target.address,
        "outcome": case.target.outcome,
        "stage": case.stage,
        "reason": case.reason,
        "quarantined_at": case.created_at,
        "understood_at": case.resolved_at,
        "captured_at": case.target.fetched_at,
        "http_status": case.http_status,
        "raw": _place(case),
    }


def _place(case: Case) -> str:
    if case.target.archive_file is not None:
        return f"{case.target.archive_file} at {case.target.archive_offset}"
    return "in the database" if case.has_body else "nowhere"


def _print_groups(found: list[QuarantineGroup]) -> None:
    from armcrawl.cli.tables import print_table

    rows = [
        (group.stage, group.reason, group.pages, f"{group.newest:%Y-%m-%d %H:%M}", ", ".join(group.examples))
        for group in found
    ]
    print_table("Quarantine", ("stage", "reason", "pages", "newest (UTC)", "such as"), rows)


def _print_cases(waiting: list[Case]) -> None:
    from armcrawl.cli.tables import print_table

    rows = [
        (str(case.key), case.stage, case.reason, f"{case.created_at:%Y-%m-%d %H:%M}", _place(case)) for case in waiting
    ]
    print_table("Quarantine", ("page", "stage", "reason", "quarantined (UTC)", "raw page"), rows)


def _print_replayed(found: Replayed) -> None:
    from armcrawl.cli.tables import print_table

    counts = ", ".join(f"{name} {number}" for name, number in sorted(found.outcomes.items()))
    click.echo(f"Pages: {counts}.")
    for problem in found.problems[:PROBLEMS]:
        click.echo(f"  {problem}", err=True)
    rows = [
        (reason, number, found.understood[reason], number - found.understood[reason])
        for reason, number in found.waited.most_common()
    ]
    print_table("By reason", ("reason", "pages", "understood", "still not understood"), rows)
    if found.quarantined:
        quarantined = sorted(found.quarantined.items(), key=lambda item: (-len(item[1]), item[0]))
        print_table(
            "Still not understood",
            ("stage", "reason today", "pages", "such as"),
            [(*why, len(keys), ", ".join(keys[:EXAMPLES])) for why, keys in quarantined],
        )
