"""`armcrawl trial`: see whether a site is read right."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from armcrawl.cli.options import Number, base_url_option, delay_option, json_option, site_argument
from armcrawl.cli.output import Table, emit
from armcrawl.errors import ArmcrawlError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from armcrawl.cli.reading import Result
    from armcrawl.crawling.look import Look
    from armcrawl.items import Article
    from armcrawl.reading.response import SiteResponse

FIELDS = ("title", "date", "body", "tags", "attribution", "author")
# What an article must have, and what a second witness must not contradict.
NEEDED, WITNESSED = ("title", "date", "body"), ("title", "date")
# One page of ten may be an odd one; more tell that the site is read otherwise than its editors meant it.
MIN_RIGHT = 0.9


@click.command()
@site_argument
@click.option("--pages", type=Number(1), default=20, show_default=True, metavar="N", help="How many pages to read.")
@click.option(
    "--save",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="Keep each page and its reading there.",
)
@base_url_option
@delay_option
@json_option
@click.pass_context
def trial(
    context: click.Context,
    /,
    site: str,
    pages: int,
    save: Path | None,
    base_url: str | None,
    delay: float | None,
    as_json: bool,
) -> None:
    """Read a few pages of a site and judge whether it is read right.

    The pages are spread over its sections and ids; how each field was found is shown, and nothing is stored. The exit
    code is 1 if more than one page of ten is not read right.
    """
    from armcrawl.cli.looking import look_at
    from armcrawl.cli.reading import result_of
    from armcrawl.sites import site_named

    declared = site_named(site)
    if save is not None:
        _make_folder(save)
    looks = look_at(declared, [], base_url, pages=pages, delay=delay)
    tried = [Tried(look, result_of(look.understood) if look.understood is not None else None) for look in looks]
    if not any(one.result for one in tried):
        raise ArmcrawlError(f"No page could be read: {looks[0].error if looks else 'the site shows no article'}.")
    if save is not None:
        for look in looks:
            _save(save, look)
    judged = [one for one in tried if one.is_judged]
    right = sum(one.doubt is None for one in judged)
    is_right = bool(judged) and right / len(judged) >= MIN_RIGHT
    told = {"pages": [one.to_json() for one in tried], "right": right, "judged": len(judged), "is_right": is_right}
    emit(told, [_pages(tried), _fields(tried), _verdict(right, len(judged), is_right=is_right)], as_json=as_json)
    context.exit(0 if is_right else 1)


@dataclass(frozen=True, slots=True)
class Tried:
    """A page that was looked at, and what was read on it, if it answered."""

    look: Look
    result: Result | None

    @property
    def article(self) -> Article | None:
        """The article, if it is one."""
        return self.result.article if self.result is not None else None

    @property
    def outcome(self) -> str:
        """What the page is, or why nothing is known of it."""
        return self.result.outcome if self.result is not None else str(self.look.error)

    @property
    def is_judged(self) -> bool:
        """Whether the page tells anything: what says itself that it is no article does not."""
        return self.article is not None or self.result is None or ":" in self.outcome

    @property
    def doubt(self) -> str | None:
        """What is not right with the reading, in few words."""
        if self.article is None or (self.result is not None and self.result.fault):
            return self.outcome
        evidence = self.article.evidence
        if missing := [field for field in NEEDED if field not in evidence]:
            return f"no {', no '.join(missing)}"
        if doubted := [field for field in WITNESSED if evidence[field].agrees is False]:
            return f"a second witness says another {' and '.join(doubted)}"
        return None

    def to_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        read = self.result.as_json() if self.result is not None else {"outcome": self.outcome}
        return {"address": self.look.address, "doubt": self.doubt if self.is_judged else None, **read}


def _pages(tried: Sequence[Tried]) -> Table:
    columns = ("page", "outcome", "date", "title", "paragraphs", "tags")
    return Table("Pages", columns, [_row(one) for one in tried])


def _row(one: Tried) -> tuple[object, ...]:
    article = one.article
    if article is None:
        return (one.look.asked, one.outcome, *("",) * 4)
    day = article.published.printed if article.published else ""
    outcome = f"{one.outcome}: {one.doubt}" if one.doubt else one.outcome
    return (one.look.asked, outcome, day, article.title, len(article.paragraphs), len(article.tags))


def _fields(tried: Sequence[Tried]) -> Table:
    columns = ("field", "found", "by method", "second witness", "disagree")
    return Table("Fields", columns, list(_field_rows([one.article for one in tried if one.article is not None])))


def _field_rows(articles: Sequence[Article]) -> Iterator[tuple[object, ...]]:
    for field in FIELDS:
        evidence = [article.evidence[field] for article in articles if field in article.evidence]
        methods = Counter(found.method for found in evidence)
        witnesses = Counter(found.witness for found in evidence if found.witness)
        disagree = sum(found.agrees is False for found in evidence)
        yield field, f"{len(evidence)} of {len(articles)}", _frequent(methods), _frequent(witnesses), disagree


def _frequent(counter: Counter[str]) -> str:
    return ", ".join(f"{name} {number}" for name, number in counter.most_common())


def _verdict(right: int, judged: int, *, is_right: bool) -> str:
    if is_right:
        return f"{right} of {judged} pages are read right: the site can be crawled."
    hint = "`armcrawl inspect ADDRESS --lines` shows why"
    return f"{right} of {judged} pages are read right, too few to crawl the site: {hint}."


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"--save: {folder} cannot be made: {error.strerror}.") from error


def _save(folder: Path, look: Look) -> None:
    """Keep a page and its reading side by side, as fixtures for a person to review."""
    from armcrawl.cli.reading import result_of

    if look.understood is None:
        return
    response: SiteResponse = look.understood.response
    name = look.address.partition("://")[2].strip("/").replace("/", "_")
    (folder / f"{name}.html").write_bytes(response.body)
    facts = {
        "url": look.address,
        "fetched_at": look.fetched_at.isoformat(),
        "content_type": response.content_type,
        "status": response.status,
        "reading": result_of(look.understood).as_json(),
    }
    (folder / f"{name}.json").write_text(json.dumps(facts, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
