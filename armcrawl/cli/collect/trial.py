"""`armcrawl trial`: see whether the site is read right."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from armcrawl.cli.options import Number, base_url_option, delay_option, site_argument
from armcrawl.errors import ArmcrawlError, UsageError

if TYPE_CHECKING:
    from armcrawl.cli.reading import Result
    from armcrawl.crawling.look import Look
    from armcrawl.reading.response import SiteResponse

FIELDS = ("title", "date", "body", "tags", "attribution", "author")


@click.command()
@site_argument
@click.option("--pages", type=Number(1), default=20, show_default=True, metavar="N", help="How many pages to read.")
@click.option(
    "--save",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Keep each page and its reading there.",
)
@base_url_option
@delay_option
def trial(site: str, pages: int, save: Path | None, base_url: str | None, delay: float | None) -> None:
    """Read pages spread over the ids of the site and show how each field was found; store nothing."""
    from armcrawl.cli.looking import look_at
    from armcrawl.cli.reading import result_of
    from armcrawl.sites import site_named

    declared = site_named(site)
    if save is not None:
        _make_folder(save)
    looks = look_at(declared, [], base_url, pages=pages, delay=delay)
    read = [(look, understood) for look in looks if (understood := look.understood) is not None]
    results = [(look, result_of(understood)) for look, understood in read]
    if not results:
        raise ArmcrawlError(f"No page could be read: {looks[0].error if looks else 'the site shows no article'}.")
    _print(looks, results)
    if save is not None:
        for (look, understood), (_, result) in zip(read, results, strict=True):
            _save(save, look, understood.response, result)
        click.echo(f"Saved {len(results)} pages to {save}.")


def _print(looks: list[Look], results: list[tuple[Look, Result]]) -> None:
    from armcrawl.cli.tables import print_table

    by_address = {look.address: result for look, result in results}
    print_table(
        "Pages",
        ("page", "outcome", "date", "title", "paragraphs", "tags"),
        [_page_row(look, by_address.get(look.address)) for look in looks],
    )
    articles = [result.article for _, result in results if result.article is not None]
    rows = []
    for field in FIELDS:
        evidence = [article.evidence[field] for article in articles if field in article.evidence]
        methods = Counter(found.method for found in evidence)
        witnesses = Counter(found.witness for found in evidence if found.witness)
        rows.append(
            (
                field,
                f"{len(evidence)} of {len(articles)}",
                _counted(methods),
                _counted(witnesses),
                sum(found.agrees is False for found in evidence),
            )
        )
    print_table("Fields", ("field", "found", "by method", "second witness", "disagree"), rows)


def _page_row(look: Look, result: Result | None) -> tuple[object, ...]:
    if result is None:
        return (look.asked, look.error, "", "", "", "")
    article = result.article
    if article is None:
        return (look.asked, result.outcome, "", "", "", "")
    day = article.published.printed if article.published else ""
    return (look.asked, result.outcome, day, article.title, len(article.paragraphs), len(article.tags))


def _counted(counter: Counter[str]) -> str:
    return ", ".join(f"{name} {number}" for name, number in counter.most_common())


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"--save: {folder} cannot be made: {error.strerror}.") from error


def _save(folder: Path, look: Look, response: SiteResponse, result: Result) -> None:
    """Keep a page and its reading side by side, as fixtures for a person to review."""
    name = look.address.partition("://")[2].strip("/").replace("/", "_")
    (folder / f"{name}.html").write_bytes(response.body)
    facts = {
        "url": look.address,
        "fetched_at": look.fetched_at.isoformat(),
        "content_type": response.content_type,
        "status": response.status,
        "reading": result.as_json(),
    }
    (folder / f"{name}.json").write_text(json.dumps(facts, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
