"""What our own pages show: the dashboard, the search, an article. Everything is asked of the store."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from armcrawl import clock
from armcrawl.analysis.serving.charts import shares, stacked
from armcrawl.analysis.serving.search_request import HITS_A_PAGE, MAX_PAGES, SearchRequest
from armcrawl.analysis.serving.version_diff import changed_paragraphs
from armcrawl.analysis.snippets import snippet
from armcrawl.analysis.suggestions import suggestions
from armcrawl.discovery.kinds import completeness
from armcrawl.russian.query_hints import hints
from armcrawl.russian.search_query import Zone, parse_query
from armcrawl.sites import PageKey, known_sites
from armcrawl.store.base.database import reading
from armcrawl.store.queries import faceted_search
from armcrawl.store.queries.article_rows import rows_of
from armcrawl.store.queries.dashboard_figures import figures
from armcrawl.store.queries.history import article_details, history
from armcrawl.store.queries.runs import newest_runs

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from armcrawl.analysis.serving.version_diff import Piece
    from armcrawl.store.queries.history import ArticleDetails, History, Version

# An excerpt is looked for in the beginning of a text: a megabyte would take a second.
MAX_EXCERPTED = 50_000
RUNS = 10


@dataclass(frozen=True, slots=True)
class Revision:
    """A version, whether the views show it or an older one did, and what it changed in the one before."""

    version: Version
    is_shown: bool
    changes: list[list[Piece]]


def dashboard(engine: Engine) -> dict[str, Any]:
    """Return what the first page shows."""
    with reading(engine) as connection:
        found = figures(connection)
    sections = sorted({section for counts in found.months.values() for section in counts})
    reprints = {
        str(year): {"reprints": 100 * found.reprints.get(year, 0) / number}
        for year, number in sorted(found.years.items())
    }
    return {
        "figures": found,
        "months": stacked(found.months, sections),
        "reprints": stacked(reprints, ["reprints"]),
        "reprint_share": 100 * sum(found.reprints.values()) / max(sum(found.years.values()), 1),
        "sources": shares(found.sources),
        "most_of_tag": max((max(rise.now, rise.before) for rise in found.tags), default=1),
        "sections": completeness(engine),
        "runs": newest_runs(engine, RUNS),
        "counted_at": clock.now(),
    }


def search(engine: Engine, asked: SearchRequest) -> dict[str, Any]:
    """Return what a page of hits shows; raises UsageError for words that make no search."""
    query = parse_query(asked.words) if asked.words else None
    with reading(engine) as connection:
        found = faceted_search.browse(connection, query, asked.choice, HITS_A_PAGE, asked.first)
        articles = rows_of(connection, found)
        facets = faceted_search.facets(connection, query, asked.choice)
        meant = suggestions(connection, asked.words, {}) if query and not facets.total else []
    pages = min(-(-facets.total // HITS_A_PAGE), MAX_PAGES)
    hits = []
    for article in articles:
        body = article.body[:MAX_EXCERPTED]
        title, excerpt = (
            (snippet(article.title, query, Zone.TITLE, whole=True), snippet(body, query)) if query else (None, None)
        )
        hits.append(
            {
                "article": article,
                "title": title.pieces() if title else [(article.title, False)],
                "excerpt": excerpt.pieces() if excerpt else [(_beginning(body), False)],
            }
        )
    said = {"dropped": query.dropped if query else (), "hints": hints(asked.words), "meant": meant}
    return {"asked": asked, "hits": hits, "facets": facets, "pages": pages, **said}


def _beginning(body: str) -> str:
    """Return the first paragraph, as far as it fits two lines."""
    words = body.partition("\n\n")[0][:1_000].split()
    return " ".join(words[:24]) + (" …" if len(words) > 24 else "")


def article(engine: Engine, site: str, section: str, external_id: str) -> dict[str, Any] | None:
    """Return what the page of an article shows; None for one that the database does not show."""
    if site not in known_sites():
        return None
    with reading(engine) as connection:
        more = article_details(connection, f"{site}/{section}/{external_id}")
    # Second, so that a version that is published meanwhile is among those that it tells of.
    found = history(engine, PageKey(site, section, external_id))
    if found is None or more is None or more.published_version is None:
        return None
    version = next((version for version in found.versions if version.number == more.published_version), None)
    if version is None:
        return None
    return {
        "page": found,
        "article": version,
        "details": more,
        "section": section,
        "revisions": _revisions(found, more),
        "paragraphs": version.body.split("\n\n"),
    }


def _revisions(found: History, more: ArticleDetails) -> list[Revision]:
    """Return the versions, the newest first, each with what it changed."""
    first, *_ = found.versions
    revisions = [Revision(first, first.number not in more.withheld, [])]
    for older, newer in pairwise(found.versions):
        changes = changed_paragraphs(older.paragraphs, newer.paragraphs)
        revisions.append(Revision(newer, newer.number not in more.withheld, changes))
    return revisions[::-1]
