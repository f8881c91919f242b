"""What a run did, for people and programs: as a page, as JSON, in a few lines."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from socket import gethostname
from typing import TYPE_CHECKING, Any

from armcrawl import __version__, clock
from armcrawl.errors import UsageError
from armcrawl.files import STANDARD_OUTPUT, write_whole
from armcrawl.redaction import all_without_secrets
from armcrawl.reporting.change import change
from armcrawl.reporting.page_lines import Beside, lines_beside
from armcrawl.reporting.rendering import changed_pieces, template
from armcrawl.stats import stat, under
from armcrawl.store.base.enumerations import NOT_JUDGED
from armcrawl.store.queries.run_examples import Example, Examples, examples_of
from armcrawl.store.queries.runs import RunRecord, last_success, run_record, waiting_before

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy import Engine

    from armcrawl.archive.storage import Storage

FORMATS = (".html", ".json")
MEGABYTE = 10**6
# What may make a site's articles look complete when they are not.
DOUBTS = {
    "one_page_only": "listings of one page only",
    "without_articles": "listings, feeds and sitemaps without articles",
    "without_text": "announced pages without a text",
    "unreadable": "listings, feeds and sitemaps that cannot be read",
    "gaps": "gaps since the last walk",
}


@dataclass(frozen=True, slots=True)
class RunReport:
    """A run's record, examples of its pages, and when the last run of its kind that did all it should had ended.

    `lines` has by key, for each page that a breach names, those of the page before and of itself, side by side;
    `waiting` counts the articles of the site with a version of an earlier run that nobody decided on.
    """

    run: RunRecord
    examples: Examples = field(default_factory=lambda: Examples({}, ()))
    lines: dict[str, Beside] = field(default_factory=dict)
    last_success: datetime | None = None
    waiting: int = 0

    def to_json(self) -> dict[str, Any]:
        """Return all of it as plain values, without passwords."""
        examples = {kind: [asdict(page) for page in pages] for kind, pages in self.examples.kinds.items()}
        pages = [
            asdict(page) | {"read_at": page.read_at.isoformat(), "lines": self.lines.get(page.key, Beside()).pairs}
            for page in self.examples.named
        ]
        last = self.last_success.isoformat() if self.last_success else None
        told: dict[str, Any] = {
            "examples": examples,
            "pages_of_breaches": pages,
            "change": list(change(self.run, self.examples, self.lines)),
        }
        told |= {"last_success": last, "waiting": self.waiting}
        return self.run.to_json() | dict(all_without_secrets(told))


def report_of(engine: Engine, run_id: int, archive: Storage | None) -> RunReport:
    """Return the report of a run; raises UsageError for one that there is not. Without an archive it shows no lines."""
    run = run_record(engine, run_id)
    examples = examples_of(engine, run)
    lines = {page.key: lines_beside(engine, archive, page) for page in examples.named} if archive is not None else {}
    success, waiting = last_success(engine, run.site, run.kind), waiting_before(engine, run.site, run_id)
    return RunReport(run, examples, lines, success, waiting)


def report_without_record(
    site: str,
    kind: str,
    exit_code: int,
    sentence: str,
    *,
    run_id: int | None = None,
    outcome: str = "failed",
    stats: dict[str, Any] | None = None,
    requests: int | None = None,
) -> RunReport:
    """Return the report of a run that the database knows nothing of, as it could not begin, or not be recorded."""
    now = clock.now()
    record = RunRecord(
        id=run_id,
        site=site,
        kind=kind,
        arguments={},
        version=__version__,
        host=gethostname(),
        started_at=now,
        finished_at=now,
        outcome=outcome,
        exit_code=exit_code,
        sentence=sentence,
        verdict=None,
        unjudged=None,
        requests=requests,
        counts={},
        breaches=(),
        stats=stats or {},
        withheld=0,
    )
    return RunReport(record)


def check_format(path: Path) -> None:
    """Raise UsageError unless a report can be written under this name."""
    if path != STANDARD_OUTPUT and path.suffix.lower() not in FORMATS:
        raise UsageError(f"{path.name!r} names no report: it must end in {' or '.join(FORMATS)}.")


def write_report(report: RunReport, path: Path) -> None:
    """Write a report in the format of the file's name, JSON on standard output.

    Raises UsageError for another format, ArmcrawlError if it fails.
    """
    check_format(path)
    told = report.to_json()
    text = html_of(told) if path.suffix.lower() == ".html" else json_of(told)
    write_whole(path, text.encode())


def json_of(told: dict[str, Any]) -> str:
    """Return a report as JSON."""
    return json.dumps(told, ensure_ascii=False, indent=2, default=str) + "\n"


def html_of(told: dict[str, Any]) -> str:
    """Return a report as a page that needs nothing beside it."""
    number = f" {told['id']}" if told["id"] is not None else ""
    return template("run.html").render(
        title=f"Run{number}: {told['kind']} of {told['site']}",
        run=told,
        rows=[*facts(told), *summary(told)],
        kinds=told["examples"],
        changes=_changes,
    )


def _changes(page: dict[str, Any]) -> list[tuple[str, str]]:
    example = Example(**page)
    if not example.before:
        return [(" ", piece) for piece in example.after]
    return list(changed_pieces(example.before, example.after))


def facts(told: dict[str, Any]) -> Iterator[tuple[str, object]]:
    """Yield what identifies a run, as names and values."""
    names = ("version", "host", "started_at", "finished_at", "exit_code", "verdict")
    yield from ((name.replace("_", " "), told[name]) for name in names if told[name] is not None)
    yield from ((f"argument {name}", value) for name, value in told["arguments"].items())


def summary(told: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what a run did in few lines, as names and values."""
    yield "requests", str(told["requests"] or 0)
    # By name: PostgreSQL keeps an order of its own.
    yield "pages", _counted(dict(sorted(told["counts"].items()))) or "none"
    yield "articles", _counted(told["articles"])
    if told["statuses"]:
        yield "answers", ", ".join(f"{status} × {number}" for status, number in told["statuses"].items())
    if told["received"]:
        yield "received", f"{told['received'] / MEGABYTE:.1f} MB"
    if waits := {name: told["delays"][name] for name in ("shortest", "mean", "longest") if name in told["delays"]}:
        yield "seconds between requests", ", ".join(f"{name} {value:.2f}" for name, value in waits.items())
    if "pauses" in told["delays"]:
        yield "asked to wait", f"{told['delays']['pauses']} times, {told['delays']['paused']} s"
    if told["unjudged"]:
        yield "checks", f"{NOT_JUDGED}: {told['unjudged']}; what it stored is shown all the same"
    yield from doubts(told)
    if told["withheld"]:
        yield "withheld versions", str(told["withheld"])
    if told.get("waiting"):  # a record alone does not tell
        yield "withheld since earlier runs", f"{told['waiting']} articles, see `armcrawl runs`"


def doubts(told: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what is doubtful about a run, what could not be judged, and what is yet to be compared."""
    stats = told.get("stats") or {}
    if doubtful := _doubtful(stats):
        yield "doubts", doubtful
    if unjudged := stats.get(stat("clusters/not_judged")):
        yield "not judged", unjudged
    if files := stats.get(stat("archive/waiting")):
        yield "files of raw pages that wait to be put into S3", f"{files}, see `armcrawl archive adopt`"
    if waiting := stats.get(stat("clusters/waiting")):
        yield "articles that wait to be compared with others", f"{waiting}, see `armcrawl dedupe join`"


def _doubtful(stats: dict[str, Any]) -> str:
    """Return what listings, feeds and sitemaps leave doubtful, and which clusters and tags are."""
    found = under(stats, "discovery")
    told = [f"{said} {found[name]}" for name, said in DOUBTS.items() if found.get(name)]
    return "; ".join([*told, *filter(None, (stats.get(stat(name)) for name in ("clusters/doubts", "tags/doubts")))])


def _counted(counts: dict[str, int]) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {number}" for name, number in counts.items())
