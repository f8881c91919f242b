"""`armcrawl recheck`: pages are asked for again by the next run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from armcrawl.analysis.page_keys import key_in, read_key
from armcrawl.cli.days import day_options
from armcrawl.cli.engine import with_engine
from armcrawl.cli.output import counted
from armcrawl.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from sqlalchemy import Engine

    from armcrawl.sites import PageKey


@click.command()
@click.argument("keys", nargs=-1, metavar="[KEY]...")
@click.option("--ids", metavar="1-300", help="Pages with these ids; separate several ranges by commas.")
@day_options("Articles of")
@click.option("--section", "sections", multiple=True, metavar="NAME", help="Only this section; may be repeated.")
@click.option("--site", metavar="NAME", help="The site of those ids, days or sections  [default: the default site]")
@with_engine()
@click.pass_context
def recheck(
    context: click.Context,
    /,
    keys: tuple[str, ...],
    ids: str | None,
    since: date | None,
    until: date | None,
    sections: tuple[str, ...],
    site: str | None,
    engine: Engine,
) -> None:
    """Have the next run request pages again.

    Name pages by KEY (9911, news/9911, SITE/news/9911, or an address), or choose them by --ids, --since, --until
    and --section; a chosen page fits all of these. What is stored stays until the site has answered. A page that is
    not known is named, the others are requested all the same, and the exit code is 1.
    """
    from armcrawl.discovery.goal import ranges_of
    from armcrawl.sites import check_sections, default_site, site_named
    from armcrawl.store.ledger.rechecking import Choice, recheck_chosen, recheck_pages

    declared = site_named(site) if site else default_site()
    check_sections(declared, sections)
    choice = Choice(declared.name, sections, ranges_of(ids) if ids else (), since, until)
    if not (keys or choice.is_narrowed):
        raise UsageError("Say which pages: by KEY, --ids, --since, --until or --section.")
    wanted, problems = _read(engine, keys)
    refused = recheck_pages(engine, wanted)
    problems += refused
    number = recheck_chosen(engine, choice, wanted) if choice.is_narrowed else len(wanted) - len(refused)
    for problem in problems:
        click.echo(f"armcrawl: {problem}", err=True)
    click.echo(f"The next run asks for {counted(number, 'page')} again.")
    context.exit(1 if problems else 0)


def _read(engine: Engine, keys: Iterable[str]) -> tuple[list[PageKey], list[str]]:
    """Return which pages are meant, and a sentence for each text that means none."""
    wanted: list[PageKey] = []
    problems: list[str] = []
    for text in keys:
        try:
            wanted.append(key_in(engine, read_key(text)))
        except UsageError as error:
            problems.append(str(error))
    return list(dict.fromkeys(wanted)), problems
