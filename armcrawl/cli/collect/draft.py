"""`armcrawl sites new` and `sites check`: a declaration is drafted, or held against its site, by looking at that."""

from __future__ import annotations

import tomllib
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from armcrawl.cli.options import base_url_option, delay_option, json_option, site_argument
from armcrawl.cli.output import Table, emit
from armcrawl.errors import ArmcrawlError, UsageError
from armcrawl.redaction import harmless

if TYPE_CHECKING:
    from armcrawl.discovery.drafting.declaring import Draft
    from armcrawl.discovery.drafting.survey import Survey
    from armcrawl.sites import Site

# As many as a name may have.
MAX_NAME_LENGTH = 40
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
    from armcrawl.discovery.drafting.fitting import fit_of
    from armcrawl.discovery.drafting.survey import Named
    from armcrawl.discovery.drafting.writing import declaration_of
    from armcrawl.sites import host_of, site_of
    from armcrawl.sites.known import file_of

    server = _server(url)
    host = host_of(server)
    if (known := site_of(server)) is not None:
        raise UsageError(
            f"{host} is declared already, as {known.name}: `armcrawl sites check {known.name}` tells whether it fits, "
            f"and it can be drafted anew when {file_of(known.name)} is moved away."
        )
    path = output or Path("sites") / f"{_name_of(host)}.toml"
    name = _free_name(path, host)
    survey = look_around(unknown_site(host), server, delay, Named())
    draft = draft_of(survey, name, server)
    if not draft.sections:
        raise ArmcrawlError(f"{server} shows no articles: {_why(survey)}.")
    # What was seen is held against the draft as it will be against the declaration.
    draft.doubts += fit_of(_site(declaration_of(draft)), survey).misfits
    _write(path, declaration_of(draft))
    if path != STANDARD_OUTPUT:
        _tell(draft, path)


def _server(url: str) -> str:
    """Return the server of an address as a person writes it; raises UsageError for what is none."""
    from armcrawl.crawling.survey_spider import unknown_site
    from armcrawl.sites import host_of

    full = url if "://" in url else f"https://{url}"
    try:
        parts = urlsplit(full)
        is_server = parts.scheme in {"http", "https"} and parts.port != 0 and "@" not in parts.netloc
        unknown_site(host_of(full))
    except ValueError:
        is_server = False
    if not is_server:
        raise UsageError(f"{url!r} is no address of a site: write it as https://example.ru.")
    server = f"{parts.scheme}://{parts.netloc.lower()}"
    if parts.path.strip("/"):
        click.echo(f"A site is all that its host has: {server}/ is looked at.", err=True)
    return server


def _free_name(path: Path, host: str) -> str:
    """Return the name of the site, which is that of its file; raises UsageError if file or name are taken."""
    from armcrawl.sites import known_sites

    if path == STANDARD_OUTPUT:
        return _name_of(host)
    if path.suffix != ".toml":
        raise UsageError(f"{path} would not be read: a declaration's file ends in .toml.")
    if path.exists():
        raise UsageError(f"{path} is there already: choose another file with --output, or remove it.")
    name = _name_of(path.stem)
    if name in known_sites():
        raise UsageError(f"There is a site {name} already: choose another name for the file with --output.")
    return name


def _name_of(text: str) -> str:
    """Return the name that a host or a file gives a site."""
    from slugify import slugify

    labels = text.removeprefix("www.").split(".")
    label = labels[-2] if len(labels) > 1 and not text.replace(".", "").isdecimal() else text
    name = slugify(label)[:MAX_NAME_LENGTH].strip("-")
    return name if name[:1].isalpha() else f"site-{name}"[:MAX_NAME_LENGTH].strip("-")


def _site(text: str) -> Site:
    """Return the site that a draft declares; raises ArmcrawlError for one that would be refused."""
    from msgspec import ValidationError, convert

    from armcrawl.discovery.kinds import plan_of
    from armcrawl.sites import Site

    try:
        site = convert(tomllib.loads(text), Site)
        plan_of(site)
    except (ValueError, ValidationError, UsageError) as error:
        raise ArmcrawlError(f"What was seen makes no declaration ({error}): write it by hand.") from error
    return site


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
    if survey.failures:
        address, said = next(iter(survey.failures.items()))
        return f"{address} cannot be read ({said}), and neither can {len(survey.failures) - 1} others"
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
    from armcrawl.discovery.drafting.fitting import fit_of, named_by
    from armcrawl.sites import site_named

    declared = site_named(site)
    fit = fit_of(declared, look_around(declared, base_url, delay, named_by(declared)))
    rows = [(name, number, fit.right[name]) for name, number in fit.seen.items()]
    verdict = f"The declaration of {site} fits." if not fit.misfits else f"The declaration of {site} does not fit:"
    table = Table("Sections", ("section", "articles seen", "looked at and right"), rows)
    said = [verdict, *(f"- {text}." for text in fit.misfits), *(f"Not judged: {text}." for text in fit.unjudged)]
    emit(asdict(fit), [table, *map(harmless, said)], as_json=as_json)
    context.exit(1 if fit.misfits else 0)
