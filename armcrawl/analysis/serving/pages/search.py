"""`/search`: what a search finds, and by what it can be narrowed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.routing import Route

from armcrawl.analysis.serving.rendering import asked, page
from armcrawl.analysis.serving.search_request import HITS_A_PAGE, MAX_PAGES, SearchRequest, read_request
from armcrawl.analysis.snippets import snippet
from armcrawl.analysis.suggestions import suggestions
from armcrawl.errors import UsageError
from armcrawl.russian.query_hints import hints
from armcrawl.russian.search_query import Zone, parse_query
from armcrawl.store.base.database import reading
from armcrawl.store.queries import faceted_search
from armcrawl.store.queries.article_rows import rows_of

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from starlette.requests import Request
    from starlette.responses import Response

# An excerpt is looked for in the beginning of a text: a megabyte would take a second.
MAX_EXCERPTED = 50_000


async def search(request: Request) -> Response:
    """Show what a search finds."""
    try:
        context = await asked(request, found, read_request(request.query_params.get))
    except UsageError as error:
        return page(request, "search.html", {"fault": str(error)}, status=400)
    return page(request, "search.html", context)


def found(engine: Engine, wanted: SearchRequest) -> dict[str, Any]:
    """Return what a page of hits shows; raises UsageError for words that make no search."""
    query = parse_query(wanted.words) if wanted.words else None
    with reading(engine) as connection:
        ids = faceted_search.browse(connection, query, wanted.choice, HITS_A_PAGE, wanted.first)
        articles = rows_of(connection, ids)
        facets = faceted_search.facets(connection, query, wanted.choice)
        meant = suggestions(connection, wanted.words, {}) if query and not facets.total else []
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
    said = {"dropped": query.dropped if query else (), "hints": hints(wanted.words), "meant": meant}
    return {"asked": wanted, "hits": hits, "facets": facets, "pages": pages, **said}


def _beginning(body: str) -> str:
    """Return the first paragraph, as far as it fits two lines."""
    words = body.partition("\n\n")[0][:1_000].split()
    return " ".join(words[:24]) + (" …" if len(words) > 24 else "")


ROUTES = [Route("/search", search)]
