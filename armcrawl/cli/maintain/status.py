"""`armcrawl status`: what the database knows of the site."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from armcrawl import config
from armcrawl.cli.maintain.seen import Seen, print_seen
from armcrawl.cli.options import database_option, json_option

if TYPE_CHECKING:
    from armcrawl.store.queries.status import Failing, SectionStatus

# A site that fails in more ways than these has one trouble, and the list of them would hide it.
MAX_REASONS = 20


@click.command()
@database_option
@json_option
def status(database: str | None, as_json: bool) -> None:
    """Tell for each section what is stored, what is missing, what was never asked for, and what fails and why.

    Where pages are not counted: what listings, feeds and sitemaps have shown, how they were last walked through, and
    where there is a gap.

    Then what is stored and not shown: because a run was refused, was not checked, or is being shown right now.
    """
    from armcrawl.discovery.kinds import completeness
    from armcrawl.store.base.database import open_database
    from armcrawl.store.queries.status import failing
    from armcrawl.store.runs.publishing import backlog
    from armcrawl.store.runs.verdicts import runs_withheld, shares_withheld

    engine = open_database(database or config.database_url(), create=False)
    sections, failures, withheld = completeness(engine), failing(engine), shares_withheld(engine)
    behind, kept, seen = backlog(engine), runs_withheld(engine), Seen.of(engine)
    engine.dispose()
    if as_json:
        rows = [{**asdict(section), "complete": section.complete} for section in sections]
        found = {
            "sections": rows,
            "failing": [asdict(failure) for failure in failures],
            "withheld": withheld,
            "behind": asdict(behind),
            **seen.to_json(),
        }
        click.echo(json.dumps(found, ensure_ascii=False, indent=2, default=str))
    elif not sections:
        click.echo("The database holds no page yet: fill it with `armcrawl crawl`.")
    else:
        _print(sections)
        print_seen(seen)
        _print_failing(failures)
        for site, (number, share) in withheld.items():
            click.echo(f"{site}: {number} articles ({share:.1%}) have a version that is withheld: see `armcrawl runs`.")
        for run, verdict, number in kept:
            click.echo(f"Run {run} {_why_withheld(run, verdict)} ({number} versions).")
        if behind:
            click.echo(f"Not up to date: {behind}. The next run goes on with it, or `armcrawl runs publish`.")


def _why_withheld(run: int, verdict: str | None) -> str:
    if verdict is None:
        return "has not been checked: that is done at its end, or, if it died, when the next run begins"
    return f"was refused: `armcrawl runs {run}` tells why, `runs accept {run}` or `runs reject {run}` decides"


def _print(sections: list[SectionStatus]) -> None:
    from armcrawl.cli.tables import print_table, ranges_in_words

    outcomes = sorted({outcome for section in sections for outcome in section.outcomes})
    print_table(
        "Pages",
        ("section", "head", "known", *outcomes, "never asked", "from", "to", "complete"),
        [
            (
                f"{section.site}/{section.section}",
                section.head,
                section.known,
                *(section.outcomes.get(outcome, 0) for outcome in outcomes),
                section.never_asked,
                section.first_day,
                section.last_day,
                f"{section.complete:.2%}",
            )
            for section in sections
        ],
    )
    print_table(
        "Ids by outcome",
        ("section", "outcome", "ids"),
        [
            (f"{section.site}/{section.section}", outcome.replace("_", " "), ranges_in_words(ranges))
            for section in sections
            for outcome, ranges in sorted(section.ranges.items())
        ],
    )


def _print_failing(failures: list[Failing]) -> None:
    from armcrawl.cli.tables import print_table, ranges_in_words

    if not failures:
        return
    rows = [
        (
            failure.reason,
            failure.pages,
            failure.attempts,
            f"{failure.last_try_at:%Y-%m-%d %H:%M}",
            "; ".join(f"{section} {ranges_in_words(ranges)}" for section, ranges in failure.ranges.items()),
        )
        for failure in failures[:MAX_REASONS]
    ]
    print_table("Failing", ("why", "pages", "runs", "last try (UTC)", "ids"), rows)
    if len(failures) > MAX_REASONS:
        click.echo(f"{len(failures) - MAX_REASONS} more reasons are in --json.")
