"""`armcrawl inspect`: what is read on one page, by which method, and what the pipelines make of it."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from armcrawl import clock
from armcrawl.cli.options import base_url_option, json_option
from armcrawl.cli.output import Table, emit
from armcrawl.errors import ArmcrawlError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from armcrawl.cli.reading import Result
    from armcrawl.items import Article
    from armcrawl.reading.response import SiteResponse

# No page of a newspaper is a tenth as large: more is another kind of file.
MAX_FILE = 64 * 1024 * 1024
SUCCESS = 200
# A page that is read from a pipe is a saved one as any file is; no site has such an address.
STANDARD_INPUT = "file:///stdin"


@click.command()
@click.argument("page", required=False, metavar="[URL|FILE|-]")
@click.option("--url", metavar="URL", help="The address that a saved FILE was fetched from.")
@click.option("--site", metavar="NAME", help="Read the page of a server on this machine as one of this site.")
@base_url_option
@click.option("--lines", is_flag=True, help="Print the page line by line, each with its role and the reason for it.")
@click.option(
    "--jsonl",
    is_flag=True,
    help='Read {"url","html"[,"fetched_at"]} a line from stdin, write a reading a line; '
    '"base64", "content_type" and "content_encoding" instead of "html" are a page as it was sent.',
)
@json_option
def inspect(
    page: str | None, url: str | None, site: str | None, base_url: str | None, lines: bool, jsonl: bool, as_json: bool
) -> None:
    """Show what is read on one page, and by which method.

    A live page by its URL, a saved one by its FILE, or - for one on standard input. Nothing is stored.
    """
    from armcrawl.cli.collect.inspect_lines import inspect_lines

    if jsonl and (page is not None or lines or as_json):
        raise UsageError("--jsonl reads its pages from standard input: leave out the page, --lines and --json.")
    if jsonl:
        inspect_lines(sys.stdin, sys.stdout)
    elif page is None:
        raise UsageError("Name a page's URL or a saved file, or pipe lines into --jsonl.")
    else:
        response, result = _fetch(page, base_url, site) if "://" in page else _read(page, url)
        emit(result.as_json(), _shown(response, result, has_lines=lines), as_json=as_json)


def _fetch(url: str, base_url: str | None, site: str | None) -> tuple[SiteResponse, Result]:
    from armcrawl.cli.looking import look_at
    from armcrawl.cli.reading import result_of
    from armcrawl.crawling.downloading.politeness import is_loopback
    from armcrawl.sites import any_site, default_site, site_named, site_of

    is_foreign = base_url is None and not is_loopback(url)
    known = site_named(site) if site else site_of(url) or (any_site() if is_foreign else None) or default_site()
    (look,) = look_at(known, [url], base_url)
    if look.understood is None:
        raise ArmcrawlError(f"{url} cannot be read: {look.error}.")
    return look.understood.response, result_of(look.understood)


def _read(file: str, url: str | None) -> tuple[SiteResponse, Result]:
    """Return a saved page as the answer that it was, when it was saved, at its address; and what is read on it."""
    from armcrawl.cli.reading import result_from
    from armcrawl.reading.response import SiteResponse

    if file == "-":
        body, fetched_at, usual = sys.stdin.buffer.read(MAX_FILE + 1), clock.now(), STANDARD_INPUT
    else:
        body, fetched_at, usual = _open(Path(file))
    if len(body) > MAX_FILE:
        raise UsageError(f"{file} is no file of a page's size.")
    response = SiteResponse(url or usual, SUCCESS, fetched_at, body)
    return response, result_from(response)


def _open(path: Path) -> tuple[bytes, datetime, str]:
    """Return a file's bytes, when it was written, and its address."""
    try:
        size = path.stat().st_size
        if size > MAX_FILE or path.is_char_device() or path.is_fifo():
            raise UsageError(f"{path} is no file of a page's size.")
        return path.read_bytes(), datetime.fromtimestamp(path.stat().st_mtime, UTC), path.absolute().as_uri()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.") from error


def _shown(response: SiteResponse, result: Result, *, has_lines: bool) -> Iterator[Table | str]:
    """Yield the lines of a page if they are wanted, and its reading, unless the article stands in the lines."""
    from armcrawl.reading.account import account

    for line in account(response.body, response.address, response.content_type) if has_lines else ():
        yield f"{line.role:<12} {line.text}\n{'':<12} ({line.reason})"
    article = result.article
    if article is None:
        yield f"Not an article: {result.outcome} ({getattr(result.reading.result, 'detail', '')})"
    elif not has_lines:
        yield from _reading(result, article)


def _reading(result: Result, article: Article) -> Iterator[Table | str]:
    found = result.as_json() | {"author": article.author, "date": article.date_text, "lead": article.lead}
    found["tags"] = "\n".join(f"{tag.printed} → {tag.address}" for tag in article.tags)
    fields = ("title", "date", "published_on", "lead", "attribution", "author", "tags", "body")
    rows = [[field, found[field], *_method(article.evidence.get(field))] for field in fields]
    images = "\n".join(f"{image.address} {image.caption or ''}" for image in article.images)
    rates = article.rates and f"{article.rates.day}: € {article.rates.euro}, $ {article.rates.dollar}"
    rows[-1:-1] = [["images", images, "", "", ""], ["rates", rates, "", "", ""]]
    yield Table(f"Outcome: {result.outcome}", ("field", "value", "method", "witness", "agrees"), rows)
    if article.notes:
        yield "Noted: " + ", ".join(article.notes)


def _method(evidence: Any) -> tuple[str, str, str]:
    if evidence is None:
        return "", "", ""
    agrees = {None: "", True: "yes", False: "NO"}[evidence.agrees]
    return evidence.method, evidence.witness or "", agrees
