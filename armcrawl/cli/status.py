"""`armcrawl status`: what the database knows of the site."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from armcrawl import config
from armcrawl.cli.options import database_option, json_option

if TYPE_CHECKING:
    from armcrawl.store.ledger import SectionStatus


@click.command()
@database_option
@json_option
def status(database: str | None, as_json: bool) -> None:
    """Tell for each section what is stored, what is missing, and what was never asked for."""
    from armcrawl.store import ledger
    from armcrawl.store.database import open_database

    engine = open_database(database or config.database_url(), create=False)
    sections = ledger.status(engine)
    engine.dispose()
    if as_json:
        rows = [{**asdict(section), "complete": section.complete} for section in sections]
        click.echo(json.dumps({"sections": rows}, ensure_ascii=False, indent=2))
    elif not sections:
        click.echo("The database holds no page yet: fill it with `armcrawl crawl`.")
    else:
        _print(sections)


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
