"""`armcrawl inspect`: what is read on one page, by which method, and what the pipelines make of it."""

from __future__ import annotations

import json
import sys
from base64 import b64decode
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from armcrawl import clock
from armcrawl.cli.options import base_url_option
from armcrawl.errors import ArmcrawlError, UsageError

if TYPE_CHECKING:
    from armcrawl.cli.reading import Result
    from armcrawl.reading.response import SiteResponse
    from armcrawl.refining.pages import Understood

# No page of a newspaper is a tenth as large: more is another kind of file.
MAX_FILE = 64 * 1024 * 1024
SUCCESS = 200


@click.command()
@click.argument("page", required=False, metavar="[URL|FILE]")
@click.option("--url", help="The address that a saved FILE was fetched from.")
@click.option("--site", metavar="NAME", help="The site that a server on this machine stands in for.")
@base_url_option
@click.option("--lines", is_flag=True, help="Print the page line by line, each with its role and the reason for it.")
@click.option(
    "--jsonl",
    is_flag=True,
    help='Read {"url","html"[,"fetched_at"]} a line from stdin, write a reading a line; '
    '"base64", "content_type" and "content_encoding" instead of "html" are a page as it was sent.',
)
def inspect(
    page: str | None, url: str | None, site: str | None, base_url: str | None, jsonl: bool, lines: bool
) -> None:
    """Show what is read on one live page or a saved file, and by which method; nothing is stored."""
    if jsonl and (page is not None or lines):
        raise UsageError("--jsonl reads its pages from standard input: leave out the page and --lines.")
    if jsonl:
        inspect_lines(sys.stdin, sys.stdout)
    elif page is None:
        raise UsageError("Name a page's URL or a saved file, or pipe lines into --jsonl.")
    elif page.startswith(("http://", "https://")):
        understood = _fetch(page, base_url, site)
        if lines:
            show_lines(understood.response)
        _show(_result_of(understood), has_lines=lines)
    else:
        response = _open(Path(page), url)
        if lines:
            show_lines(response)
        _show(_read(response), has_lines=lines)


def inspect_lines(lines: TextIO, output: TextIO) -> None:
    """Read a JSON line a page, write a JSON line a reading.

    Raises UsageError, naming the line, for one that is no such object.
    """
    from armcrawl.cli.reading import result_from
    from armcrawl.reading.response import SiteResponse, header_text

    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        page = _parse_line(line, number)
        response = SiteResponse(
            address=page["url"],
            status=page.get("status") or SUCCESS,
            fetched_at=_moment(page.get("fetched_at"), number),
            body=_body(page, number),
            content_type=page.get("content_type"),
            content_encoding=header_text(page.get("content_encoding")),
        )
        result = result_from(response, page.get("requested_url"))
        output.write(json.dumps(result.as_json(), ensure_ascii=False) + "\n")
        output.flush()


def _parse_line(line: str, number: int) -> dict[str, Any]:
    try:
        page = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"Line {number} is not JSON: {error}.") from error
    if not isinstance(page, dict) or not isinstance(page.get("url"), str) or not _has_body(page):
        raise UsageError(f'Line {number} is not an object with the strings "url" and "html" (or "base64").')
    texts = ("fetched_at", "content_type", "content_encoding", "requested_url", "base64")
    optional: dict[str, type] = {**dict.fromkeys(texts, str), "status": int}
    for name, kind in optional.items():
        if page.get(name) is not None and not isinstance(page[name], kind):
            raise UsageError(f"Line {number}: {name} is not a {'number' if kind is int else 'string'}.")
    return page


def _has_body(page: dict[str, Any]) -> bool:
    return isinstance(page.get("html"), str) or isinstance(page.get("base64"), str)


def _body(page: dict[str, Any], number: int) -> bytes:
    """Return the page's bytes: as they were sent, where they are given so."""
    if page.get("base64") is None:
        return bytes(page["html"].encode("utf-8", "surrogatepass"))
    try:
        return b64decode(page["base64"], validate=True)
    except ValueError as error:
        raise UsageError(f"Line {number}: what stands under base64 is no base64 ({error}).") from error


def _moment(text: str | None, number: int) -> datetime:
    """Return the time of fetch: now without one, and UTC without an offset."""
    try:
        moment = datetime.fromisoformat(text) if text else clock.now()
    except (ValueError, TypeError) as error:
        raise UsageError(f"Line {number}: fetched_at is not an ISO 8601 time: {text!r}.") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _open(path: Path, url: str | None) -> SiteResponse:
    """Return a saved page as the answer that it was: when it was saved, at its address."""
    from armcrawl.reading.response import SiteResponse

    try:
        size = path.stat().st_size
        if size > MAX_FILE or path.is_char_device() or path.is_fifo():
            raise UsageError(f"{path} is no file of a page's size.")
        body = path.read_bytes()
        fetched_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.") from error
    return SiteResponse(url or path.absolute().as_uri(), SUCCESS, fetched_at, body)


def _read(response: SiteResponse) -> Result:
    from armcrawl.cli.reading import result_from

    return result_from(response)


def _fetch(url: str, base_url: str | None, site: str | None) -> Understood:
    from armcrawl.cli.looking import look_at
    from armcrawl.sites import default_site, site_named, site_of

    known = site_named(site) if site else site_of(url) or default_site()
    (look,) = look_at(known, [url], base_url)
    if look.understood is None:
        raise ArmcrawlError(f"{url} cannot be read: {look.error}.")
    return look.understood


def _result_of(understood: Understood) -> Result:
    from armcrawl.cli.reading import result_of

    return result_of(understood)


def show_lines(response: SiteResponse) -> None:
    """Print every line of a page with its role and the reason for it."""
    from armcrawl.reading.account import account

    for line in account(response.body, response.address, response.content_type):
        click.echo(f"{line.role:<12} {line.text}\n{'':<12} ({line.reason})")


def _show(result: Result, *, has_lines: bool) -> None:
    """Print a reading; where its lines were shown, only if there is no article in them."""
    if result.article is None or not has_lines:
        show(result)


def show(result: Result) -> None:
    """Print a reading for people."""
    from armcrawl.cli.tables import print_table

    article = result.article
    if article is None:
        not_article = result.reading.result
        click.echo(f"Not an article: {result.outcome} ({getattr(not_article, 'detail', '')})")
        return
    found = result.as_json() | {"author": article.author, "date": article.date_text, "lead": article.lead}
    fields = ("title", "date", "published_on", "lead", "attribution", "author")
    rows = [[field, found[field], *_method(article.evidence.get(field))] for field in fields]
    rows += [
        [
            "tags",
            "\n".join(f"{tag.printed} → {tag.address}" for tag in article.tags),
            *_method(article.evidence.get("tags")),
        ]
    ]
    rows += [["images", "\n".join(f"{image.address} {image.caption or ''}" for image in article.images), "", "", ""]]
    rows += [
        [
            "rates",
            article.rates and f"{article.rates.day}: € {article.rates.euro}, $ {article.rates.dollar}",
            "",
            "",
            "",
        ]
    ]
    rows += [["body", article.body, *_method(article.evidence.get("body"))]]
    print_table(f"Outcome: {result.outcome}", ("field", "value", "method", "witness", "agrees"), rows)
    if article.notes:
        click.echo("Noted: " + ", ".join(article.notes))


def _method(evidence: Any) -> tuple[str, str, str]:
    if evidence is None:
        return "", "", ""
    agrees = {None: "", True: "yes", False: "NO"}[evidence.agrees]
    return evidence.method, evidence.witness or "", agrees
