"""`armcrawl dedupe`: make all clusters anew, or see what two articles share."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from armcrawl import config
from armcrawl.cli.explore.keys import key_of
from armcrawl.cli.options import database_option, json_option
from armcrawl.errors import UsageError

# Clusters gained and lost that are listed; `--json` lists all.
SHOWN = 10


@click.group()
def dedupe() -> None:
    """Clusters of articles with one text: they grow as articles come; here they are made anew, or looked into."""


@dedupe.command()
@click.option("--threshold", type=click.FloatRange(0.05, 1), help="Try another containment for `near`; with --dry-run.")
@click.option("--dry-run", is_flag=True, help="Tell what would change, and change nothing.")
@database_option
@json_option
def rebuild(threshold: float | None, dry_run: bool, database: str | None, as_json: bool) -> None:
    """Compare all stored articles anew, and tell which clusters that makes and unmakes."""
    from contextlib import nullcontext

    from armcrawl.cli.progress import bar_or_lines
    from armcrawl.fingerprints.comparing import NEAR_MOST
    from armcrawl.store.admin import reclustering as deduping
    from armcrawl.store.base.database import open_database
    from armcrawl.store.base.lock import locking_all

    if threshold is not None and not dry_run:
        raise UsageError(
            "--threshold is for trying: add --dry-run. What comes in later is compared with the one in the code."
        )
    url = database or config.database_url()
    engine = open_database(url, create=False)
    wanted = NEAR_MOST if threshold is None else threshold
    try:
        with nullcontext() if dry_run else locking_all(url, "dedupe rebuild"), bar_or_lines("articles") as tell:
            found = deduping.rebuild_clusters(engine, threshold=wanted, is_tried=dry_run, tell=tell)
    finally:
        engine.dispose()
    if as_json:
        click.echo(json.dumps(asdict(found), ensure_ascii=False, indent=2))
        return
    click.echo(
        f"Articles: {found.articles}. Clusters: {found.clusters}; new {len(found.gained)}, gone {len(found.lost)}."
    )
    for sign, changed in (("+", found.gained), ("-", found.lost)):
        for keys in changed[:SHOWN]:
            click.echo(f"{sign} {', '.join(keys)}")
        if len(changed) > SHOWN:
            click.echo(f"{sign} {len(changed) - SHOWN} more")
    if dry_run:
        click.echo("Nothing is written.")


@dedupe.command()
@click.argument("one")
@click.argument("other")
@database_option
@json_option
def explain(one: str, other: str, database: str | None, as_json: bool) -> None:
    """Show what two articles share, side by side. ONE and OTHER are keys or addresses."""
    from armcrawl.fingerprints import similarity
    from armcrawl.fingerprints.passages import shared_passages
    from armcrawl.store.admin.reclustering import text_by_key
    from armcrawl.store.base.database import open_database

    engine = open_database(database or config.database_url(), create=False)
    try:
        texts = [text_by_key(engine, key_of(key)) for key in (one, other)]
    finally:
        engine.dispose()
    found, passages = similarity(*texts), shared_passages(*texts)
    if as_json:
        told = asdict(found) | {"passages": [asdict(passage) for passage in passages]}
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    from armcrawl.cli.tables import print_table

    click.echo(
        f"{found.grade}: {found.containment_a:.0%} of {one} is in {other}, {found.containment_b:.0%} the other way."
    )
    print_table(
        "Shared passages", ("words", one, other), [(passage.words, passage.in_a, passage.in_b) for passage in passages]
    )
