"""`armcrawl quarantine`: the pages that could not be understood, why, and reading them again."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from armcrawl.cli.applying import apply_option, whether_written
from armcrawl.cli.engine import with_engine
from armcrawl.cli.keys import key_argument
from armcrawl.cli.options import json_option
from armcrawl.cli.output import Table, emit, in_words, listed
from armcrawl.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from armcrawl.archive.storage import Storage
    from armcrawl.jobs.replaying import Replayed
    from armcrawl.sites import PageKey
    from armcrawl.store.queries.quarantine import Case, QuarantineGroup

EXAMPLES = 3
PROBLEMS = 5

reason_option = click.option("--reason", metavar="TEXT", help="Only pages whose reason begins so.")


@click.group()
def quarantine() -> None:
    """List what could not be understood, and read it again.

    The bytes of such pages are kept: after a fix of the parser, `replay` reads them again.
    """


@quarantine.command(name="list")
@reason_option
@with_engine(reads=True)
@json_option
def list_(reason: str | None, engine: Engine, as_json: bool) -> None:
    """List what waits by stage and reason, or the pages with one reason."""
    from armcrawl.store.queries.quarantine import groups

    waiting = _waiting(engine, reason)
    if reason is None:
        found = groups(waiting)
        emit(found, [_groups(found)] if found else ["Quarantine is empty."], as_json=as_json)
    else:
        emit([_told(case) for case in waiting], [_cases(waiting)], as_json=as_json)


@quarantine.command()
@key_argument
@click.option("--raw", is_flag=True, help="Print the raw page, and nothing else.")
@with_engine(reads=True, archive=True)
@json_option
def show(key: PageKey, raw: bool, storage: Storage, engine: Engine, as_json: bool) -> None:
    """Tell why a page is in quarantine, and where its bytes are.

    KEY is 9911, news/9911, SITE/news/9911, or the page's address.
    """
    from armcrawl.store.queries.quarantine import case_of

    case = case_of(engine, key)
    if case is None:
        raise UsageError(f"{key} is not in quarantine: `armcrawl quarantine list` tells what is.")
    if raw:
        sys.stdout.buffer.write(_raw(engine, storage, case))
        return
    emit(_told(case), _lines(case), as_json=as_json)


def _lines(case: Case) -> Iterator[str]:
    yield f"{case.key} · {case.target.outcome} · {case.target.address}"
    for name in ("stage", "reason", "quarantined_at", "understood_at", "captured_at", "http_status", "raw"):
        value = _told(case)[name]
        if value is not None:
            yield f"{name.replace('_', ' '):<14} {in_words(value)}"


@quarantine.command()
@reason_option
@apply_option
@with_engine(job="replay", archive=True)
@json_option
def replay(reason: str | None, is_applied: bool, storage: Storage, engine: Engine, as_json: bool) -> None:
    """Read the raw pages again with today's parser, and tell what is understood now, and what still is not."""
    from armcrawl.cli.progress import bar_or_lines
    from armcrawl.jobs.replaying import Replayed
    from armcrawl.jobs.replaying import replay as read_again
    from armcrawl.jobs.rewriting import write_replayed

    waiting = _waiting(engine, reason)
    with bar_or_lines("pages") as tell:
        if not waiting:
            found = Replayed()
        elif is_applied:
            found = write_replayed(engine, storage, waiting, reason, tell)
        else:
            found = read_again(engine, storage, waiting, None, tell=tell)
    shown = _replayed(found, is_applied=is_applied) if waiting else ["Quarantine is empty."]
    emit(found.to_json() | {"is_written": is_applied}, shown, as_json=as_json)


def _waiting(engine: Engine, reason: str | None) -> list[Case]:
    """Return what waits, the newest first; raises UsageError for a reason that nothing waits for."""
    from armcrawl.store.queries.quarantine import cases

    found = cases(engine, reason)
    if reason is not None and not found:
        raise UsageError(
            f"Nothing in quarantine has a reason that begins with {reason!r}: see `armcrawl quarantine list`."
        )
    return found


def _raw(engine: Engine, storage: Storage, case: Case) -> bytes:
    from armcrawl.errors import ArchiveError
    from armcrawl.jobs.rereading import raw_response
    from armcrawl.reading.response import shown

    try:
        response, _ = raw_response(engine, storage, case)
    except ArchiveError as error:
        raise ArchiveError(f"{case.key}: {str(error).rstrip('.')}.") from error
    return shown(response).body


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


def _groups(found: list[QuarantineGroup]) -> Table:
    rows = [(group.stage, group.reason, group.pages, group.newest, ", ".join(group.examples)) for group in found]
    return Table("Quarantine", ("stage", "reason", "pages", "newest (UTC)", "such as"), rows)


def _cases(waiting: list[Case]) -> Table:
    rows = [(case.key, case.stage, case.reason, case.created_at, _place(case)) for case in waiting]
    return Table("Quarantine", ("page", "stage", "reason", "quarantined (UTC)", "raw page"), rows)


def _replayed(found: Replayed, *, is_applied: bool) -> Iterator[Table | str]:
    yield f"Pages: {listed(found.outcomes)}."
    for problem in found.problems[:PROBLEMS]:
        click.echo(f"  {problem}", err=True)
    rows = [
        (reason, number, found.understood[reason], number - found.understood[reason])
        for reason, number in found.waited.most_common()
    ]
    yield Table("By reason", ("reason", "pages", "understood", "still not understood"), rows)
    if found.quarantined:
        waiting = sorted(found.quarantined.items(), key=lambda item: (-len(item[1]), item[0]))
        by_reason = [(*why, len(keys), ", ".join(keys[:EXAMPLES])) for why, keys in waiting]
        yield Table("Still not understood", ("stage", "reason today", "pages", "such as"), by_reason)
    yield whether_written(is_applied=is_applied)
