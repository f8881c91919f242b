"""`armcrawl add`: single pages of any host, by their addresses."""

from __future__ import annotations

from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Any

import click

from armcrawl.cli import verbosity
from armcrawl.cli.collect.backfill import file_of
from armcrawl.cli.collect.one_after_another import arguments_of, running
from armcrawl.cli.engine import database_url, opened
from armcrawl.cli.options import run_options
from armcrawl.errors import UsageError, worst
from armcrawl.items import Outcome
from armcrawl.redaction import harmless

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from armcrawl.sites import PageKey
    from armcrawl.store.ledger.ledger import Fate


@click.command()
@click.argument("urls", nargs=-1, metavar="[URL]...")
@click.option("--urls", "listed", type=click.Path(allow_dash=True), metavar="FILE",
              help="The addresses in a file, one a line; - is standard input.")  # fmt: skip
@run_options(max_requests=0, max_time=0)
@click.pass_context
def add(context: click.Context, /, urls: tuple[str, ...], listed: str | None, **options: Any) -> None:
    """Fetch single pages, of any host, by their addresses.

    A page of a declared site becomes one of that site, all others are pages of the site that takes any host. What is
    known is not asked for again. The exit code is 1 if a page is not stored in the end; each is named, and why.
    """
    wanted = _read(urls, listed)
    url = database_url(options["database"])
    from armcrawl.store.ledger.ledger import fates

    with opened(url, create=True) as engine:
        before = fates(engine, list(wanted))
    asked: dict[str, dict[PageKey, str]] = {}
    for key, address in wanted.items():
        if key not in before or before[key].outcome is Outcome.FAILED:
            asked.setdefault(key.site, {})[key] = address
    code = _fetch(context, options, asked)
    with opened(url) as engine:
        after = fates(engine, list(wanted))
    problems = list(_tell(wanted, before, after))
    for problem in problems:
        click.echo(f"armcrawl: {harmless(problem)}", err=True)
    context.exit(code or int(bool(problems)))


def _read(urls: Sequence[str], listed: str | None) -> dict[PageKey, str]:
    """Return the pages that are meant, with their addresses; raises UsageError for an address that is none."""
    from armcrawl.discovery.goal import addresses_in, take

    found: dict[PageKey, str] = {}
    for url in urls:
        if url != "-":
            take(found, _page_at(url), url)
    if "-" in urls and listed is not None:
        raise UsageError("- and --urls both name a list of addresses: leave out one of them.")
    with file_of("-" if "-" in urls else listed) as path:
        for number, address in addresses_in(Path(path)) if path is not None else ():
            take(found, _page_at(address, f"{listed or '-'}, line {number}: "), address)
    if not found:
        raise UsageError(
            "Name the pages by their addresses, as https://zavod.example/novosti/5, or in a file with --urls."
        )
    return found


def _page_at(address: str, where: str = "") -> PageKey:
    from armcrawl.sites import any_site, site_of
    from armcrawl.sites.single_pages import is_own_network

    site = site_of(address) or any_site()
    key = site.identify(address) if site is not None else None
    if key is not None:
        return key
    if site is not None and not site.is_any:
        raise UsageError(
            f"{where}{address} is no article of {site.name}: `armcrawl sites show {site.name}` tells what is."
        )
    if is_own_network(address):
        raise UsageError(
            f"{where}{address} is on a network of your own, whose pages are not added singly: `armcrawl inspect` reads "
            "one, and `armcrawl sites new` declares its site."
        )
    raise UsageError(
        f"{where}{address} is no address of a page on the web: write it whole, as https://zavod.example/novosti/5."
    )


def _fetch(context: click.Context, options: dict[str, Any], asked: Mapping[str, Mapping[PageKey, str]]) -> int:
    """Have the pages of each site fetched by a backfill of it, and return the worst exit code."""
    codes: list[int] = []
    is_alone = len(asked) == 1
    arguments = {site: list(arguments_of(context, options, None if is_alone else site)) for site in asked}
    with running() as runs:
        for site, pages in asked.items():
            if not (is_alone or verbosity.is_quiet() or runs.stopped):
                click.echo(f"{site}:", err="-" in {options["report"], options["metrics"]})
            with NamedTemporaryFile("w", prefix="armcrawl-urls-", encoding="utf-8") as file:
                file.write("".join(f"{address}\n" for address in pages.values()))
                file.flush()
                code = runs.carry_out(["backfill", site, "--urls", file.name, "--apply", *arguments[site]])
            codes += [] if code is None else [code]
    return worst(codes)


def _tell(
    wanted: Mapping[PageKey, str], before: Mapping[PageKey, Fate], after: Mapping[PageKey, Fate]
) -> Iterator[str]:
    """Tell what is stored; yield a sentence for each page that is not."""
    for key, address in wanted.items():
        fate, was = after.get(key), before.get(key)
        again = f"`armcrawl recheck {key}` has the next `armcrawl crawl {key.site}` ask for it"
        is_old = was is not None and was.outcome is not Outcome.FAILED
        if fate is None:
            yield f"{address} was not asked for, as the run ended before."
        elif fate.outcome is Outcome.STORED:
            click.echo(harmless(f"{key} is held already: {again} again." if is_old else f"{key} is stored."))
        else:
            where = "in quarantine: " if fate.outcome is Outcome.QUARANTINED else ""
            said = f"{address} is not stored: {where}{fate.reason or fate.outcome}"
            if fate.outcome is Outcome.REMOVED:
                yield f"{said}; it was removed, and is never asked for again."
            elif is_old:
                yield f"{said}, when it was asked for before; {again} again."
            else:
                yield f"{said}."
