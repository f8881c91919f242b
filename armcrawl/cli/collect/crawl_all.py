"""`armcrawl crawl --all`: every site that is set up here, one after another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from armcrawl.cli import verbosity
from armcrawl.cli.collect.one_after_another import FILES, arguments_of, running
from armcrawl.cli.engine import database_url, opened
from armcrawl.cli.output import Table, emit
from armcrawl.errors import ArmcrawlError, UsageError, worst
from armcrawl.sites import faulty_sites

if TYPE_CHECKING:
    from armcrawl.store.queries.runs import RunRecord


def crawl_all(context: click.Context, options: dict[str, Any]) -> int:
    """Crawl the sites, whatever becomes of each, print one table, and return the worst exit code."""
    from armcrawl.cli.running import set_up_log
    from armcrawl.reporting import logs

    if context.get_parameter_source("site") is ParameterSource.COMMANDLINE:
        raise UsageError("--all means every site: leave out the one that is named, or --all.")
    url = database_url(options["database"])
    if is_json := options["log_format"] == "json":
        set_up_log({"ARMCRAWL_LOG_FORMAT": "json"})
    sites, undeclared = sites_set_up(url)
    faults = faulty_sites()
    for fault in faults.values():
        logs.tell(f"armcrawl: {fault} The site is passed over.", is_error=True)
    arguments = {site: ["crawl", site, *arguments_of(context, options, site)] for site in sites}
    is_taken = "-" in {options[name] for name in FILES}
    ended: list[tuple[str, int, RunRecord | None]] = [(site, UsageError.exit_code, None) for site in faults]
    try:
        with running() as runs:
            for site, given in arguments.items():
                if not (verbosity.is_quiet() or is_json) and runs.stopped is None:
                    click.echo(f"{site}:", err=is_taken)
                before = _last_run(url, site)
                code = runs.carry_out(given)
                if code is not None:
                    ended.append((site, code, _last_run(url, site, before.id if before else None)))
    finally:
        # In JSON each run has told its own end.
        if not (verbosity.is_quiet() or is_json):
            emit(None, [_summary(ended)], as_json=False, err=is_taken)
    for site in undeclared:
        said = (
            f"the database has pages of {site}, which no file declares here: put it into sites/, or set ARMCRAWL_SITES."
        )
        logs.tell(f"armcrawl: {said}", is_error=True)
    return worst([*(code for _, code, _ in ended), *([UsageError.exit_code] if undeclared else [])])


def sites_set_up(url: str) -> tuple[list[str], list[str]]:
    """Return the sites that somebody has set up here, by name, and those that the database knows and nobody declares.

    Set up is what is declared outside of the package, named in armcrawl.toml, or has pages in the database; where there
    is none, the site that `crawl` means. The package's other sites must not be crawled by surprise. One of single pages
    has nothing to do before it has some.
    """
    from armcrawl.cli.collect.plan import has_tables
    from armcrawl.sites import default_site, known, known_sites
    from armcrawl.store.ledger.ledger import sites_with_pages

    held: set[str] = set()
    if has_tables(url):
        with opened(url) as engine:
            held = sites_with_pages(engine)
    found = known.sites_set_up(held)
    undeclared = sorted(held - known_sites().keys() - faulty_sites().keys())
    return found or ([] if undeclared or faulty_sites() else [default_site().name]), undeclared


def _last_run(url: str, site: str, after: int | None = None) -> RunRecord | None:
    """Return the record of a site's last run, if there is one after another."""
    from armcrawl.cli.collect.plan import has_tables
    from armcrawl.store.queries.runs import last_run

    try:
        if not has_tables(url):
            return None
        with opened(url) as engine:
            return last_run(engine, site, after or 0)
    except ArmcrawlError:
        # The run itself has said what is wrong with the database.
        return None


def _summary(ended: list[tuple[str, int, RunRecord | None]]) -> Table:
    rows = [
        (site, code, run.outcome, run.requests, run.articles["new"], run.articles["changed"], run.sentence)
        if run is not None
        else (site, code, "did not begin", None, None, None, None)
        for site, code, run in ended
    ]
    return Table("Sites", ("site", "exit code", "outcome", "requests", "new", "changed", "what it said"), rows)
