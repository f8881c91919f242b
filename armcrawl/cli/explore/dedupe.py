"""`armcrawl dedupe`: make all clusters anew, or see what two articles share."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from armcrawl.cli.applying import apply_option, whether_written
from armcrawl.cli.engine import with_engine
from armcrawl.cli.keys import KEY
from armcrawl.cli.options import NumberOfRow, json_option
from armcrawl.cli.output import counted, emit
from armcrawl.errors import UsageError
from armcrawl.options import Option

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from armcrawl.sites import PageKey
    from armcrawl.store.admin.reclustering import Rebuilt

# Less is no copy by any measure (`MIN_EDITED` of fingerprints/comparing.py), whatever share is tried.
SHARE = NumberOfRow(Option(name="threshold", type=float, help="", least=0.3, most=1))
# Clusters gained and lost that are listed; `--json` lists all.
SHOWN = 10


@click.group()
def dedupe() -> None:
    """Compare articles that share a text, or rebuild all clusters.

    A cluster is the articles with one text. It grows as they come; here all are made anew, or looked into.
    """


@dedupe.command()
@click.option("--threshold", type=SHARE, metavar="SHARE",
              help="Try which clusters another share of common text would make.")  # fmt: skip
@apply_option
@with_engine(job="dedupe rebuild")
@json_option
def rebuild(threshold: float | None, is_applied: bool, engine: Engine, as_json: bool) -> None:
    """Compare all stored articles anew, and tell which clusters that makes and unmakes."""
    from armcrawl.cli.progress import bar_or_lines
    from armcrawl.fingerprints.comparing import MIN_SHARED
    from armcrawl.store.admin import reclustering
    from armcrawl.store.clusters.clustering import number_unjoined

    if threshold is not None and is_applied:
        raise UsageError(
            "--threshold is for trying: leave out --apply. What comes in later is compared with the one in the code."
        )
    wanted = MIN_SHARED if threshold is None else threshold
    waiting = number_unjoined(engine)
    with bar_or_lines("articles") as tell:
        found = reclustering.rebuild_clusters(engine, threshold=wanted, is_tried=not is_applied, tell=tell)
    told = asdict(found) | {"waiting": waiting, "is_written": is_applied}
    emit(told, _changes(found, waiting, is_applied=is_applied), as_json=as_json)


def _changes(found: Rebuilt, waiting: int, *, is_applied: bool) -> Iterator[str]:
    yield f"Articles: {found.articles}. Clusters: {found.clusters}; new {len(found.gained)}, gone {len(found.lost)}."
    for sign, changed in (("+", found.gained), ("-", found.lost)):
        yield from (f"{sign} {', '.join(keys)}" for keys in changed[:SHOWN])
        if len(changed) > SHOWN:
            yield f"{sign} {len(changed) - SHOWN} more"
    if waiting:
        waited = counted(waiting, "article waited", "articles waited")
        yield f"{waited} to be compared with others: what comes of that is among it."
    yield whether_written(is_applied=is_applied)


@dedupe.command()
@with_engine()
@json_option
def join(engine: Engine, as_json: bool) -> None:
    """Have articles that wait for it join, found or leave clusters.

    The end of each run does so too. On PostgreSQL, where many write, it may run beside them, every few minutes: it
    waits for nobody long, and whoever comes next goes on where it was stopped.
    """
    from armcrawl.store.runs.publishing import join_waiting

    joined = join_waiting(engine)
    emit({"joined": joined}, [f"{counted(joined, 'article')} compared with others."], as_json=as_json)


@dedupe.command()
@click.argument("one", type=KEY)
@click.argument("other", type=KEY)
@with_engine(reads=True)
@json_option
def explain(one: PageKey, other: PageKey, engine: Engine, as_json: bool) -> None:
    """Show what two articles share, side by side, what decided, and which clusters hold them.

    ONE and OTHER are keys or addresses.
    """
    from armcrawl.cli.explore import explain as explaining
    from armcrawl.store.queries.compared import compared

    if one == other:
        raise UsageError(f"{one} is named twice: name two articles.")
    pair = [compared(engine, key) for key in (one, other)]
    emit(explaining.told(*pair), explaining.shown(*pair), as_json=as_json)
