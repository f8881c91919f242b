"""`armcrawl sites new` and `sites check`: a declaration is drafted, or held against its site, by looking at that."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from armcrawl.cli.options import base_url_option, delay_option, json_option, site_argument
from armcrawl.cli.output import Table, emit
from armcrawl.errors import ArmcrawlError, UsageError

if TYPE_CHECKING:
    from armcrawl.discovery.drafting.declaring import Draft
    from armcrawl.discovery.drafting.survey import Survey

STANDARD_OUTPUT = Path("-")


@click.command()
@click.argument("url")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Where the draft is written, - for standard output; by default sites/NAME.toml.",
)
@delay_option
def new(url: str, output: Path | None, delay: float | None) -> None:
    """Draft a declaration of a site by looking at it.

    At most 15 pages are requested: robots.txt, the home page, a feed, sitemaps, listings and a few articles. The draft
    tells what was seen, and how sure it is; `armcrawl trial` then shows how the site's pages are read.
    """
    from armcrawl.cli.looking import look_around
    from armcrawl.crawling.survey_spider import unknown_site
    from armcrawl.discovery.drafting.declaring import draft_of
    from armcrawl.discovery.drafting.survey import Starts
    from armcrawl.discovery.drafting.writing import declaration_of
    from armcrawl.sites import host_of, site_of

    server = _server(url)
    host = host_of(server)
    if (known := site_of(server)) is not None:
        raise UsageError(
            f"{host} is declared already, as {known.name}: `armcrawl sites check {known.name}` tells whether it fits."
        )
    name = _name(output, host)
    path = output or Path("sites") / f"{name}.toml"
    if path != STANDARD_OUTPUT and path.exists():
        raise UsageError(f"{path} is there already: choose another file with --output, or remove it.")
    survey = look_around(unknown_site(host), server, delay, Starts())
    draft = draft_of(survey, name, server)
    if not draft.sections:
        raise ArmcrawlError(f"{server} shows no articles: {_why(survey)}.")
    text = declaration_of(draft)
    _check(text)
    _write(path, text)
    if path != STANDARD_OUTPUT:
        _tell(draft, path)


def _server(url: str) -> str:
    """Return the server of an address as a person writes it; raises UsageError for what is none."""
    from armcrawl.sites import host_of

    full = url if "://" in url else f"https://{url}"
    parts = urlsplit(full)
    if parts.scheme not in {"http", "https"} or not host_of(full) or "@" in parts.netloc:
        raise UsageError(f"{url!r} is no address of a site: write it as https://example.ru.")
    return f"{parts.scheme}://{parts.netloc.lower()}"


def _name(output: Path | None, host: str) -> str:
    """Return the name of the site: as its file is called, or by its host."""
    from slugify import slugify

    stem = output.stem if output is not None and output != STANDARD_OUTPUT else ""
    labels = host.removeprefix("www.").split(".")
    label = labels[-2] if len(labels) > 1 and not host.replace(".", "").isdecimal() else "site"
    name = slugify(stem or label)[:40].strip("-")
    return name if name[:1].isalpha() else f"site-{name}"


def _check(text: str) -> None:
    """Raise ArmcrawlError for a draft that would be refused: what is written can be used."""
    from msgspec import ValidationError, convert

    from armcrawl.discovery.kinds import plan_of
    from armcrawl.sites import Site

    try:
        plan_of(convert(tomllib.loads(text), Site))
    except (ValidationError, UsageError) as error:
        raise ArmcrawlError(f"What was seen makes no declaration ({error}): write it by hand.") from error


def _write(path: Path, text: str) -> None:
    if path == STANDARD_OUTPUT:
        click.echo(text, nl=False)
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}.") from error


def _tell(draft: Draft, path: Path) -> None:
    """Show what was found, and what to do next."""
    from armcrawl.discovery.drafting.writing import how_sure

    sections = [(one.name, "\n".join(one.patterns), "\n".join(one.listings), how_sure(one)) for one in draft.sections]
    sources = [(source.kind, source.said) for source in draft.sources]
    tables = [
        Table("Sections", ("section", "addresses", "listing", "seen"), sections),
        Table("Discovery", ("kind", "what it shows"), sources),
    ]
    folder = "" if path.parent.resolve() == Path("sites").resolve() else f"ARMCRAWL_SITES={path.parent} "
    emit(
        None,
        [*tables, f"Written to {path}. See how its pages are read: {folder}armcrawl trial {draft.name}"],
        as_json=False,
    )


def _why(survey: Survey) -> str:
    """Tell why a site shows no articles."""
    home = survey.home
    if home.scripts and len(home.links) <= home.scripts:
        return "its home page has few links, and scripts: if these bring the articles, no crawl can see them"
    looked = [
        f"{one.address} is {one.outcome}" if one.outcome != "article" else f"{one.address} has no date"
        for one in survey.looked
    ]
    return (
        "; ".join(looked[:3])
        or f"none of the {len(home.links)} links of its home page leads to what is announced as one"
    )


@click.command()
@site_argument
@base_url_option
@delay_option
@json_option
@click.pass_context
def check(context: click.Context, /, site: str, base_url: str | None, delay: float | None, as_json: bool) -> None:
    """Tell whether a declaration still fits to its site, by looking at it.

    At most 15 pages are requested, and nothing is stored. The exit code is 1 if something does not fit.
    """
    from armcrawl.cli.looking import look_around
    from armcrawl.discovery.drafting.fitting import fit_of, starts_of
    from armcrawl.sites import site_named

    declared = site_named(site)
    fit = fit_of(declared, look_around(declared, base_url, delay, starts_of(declared)))
    rows = [(name, number, fit.right[name]) for name, number in fit.seen.items()]
    verdict = f"The declaration of {site} fits." if not fit.misfits else f"The declaration of {site} does not fit:"
    table = Table("Sections", ("section", "articles seen", "looked at and right"), rows)
    said = [verdict, *(f"- {text}." for text in fit.misfits)]
    emit({"seen": fit.seen, "right": fit.right, "misfits": fit.misfits}, [table, *said], as_json=as_json)
    context.exit(1 if fit.misfits else 0)
