"""`/search`: what a search finds, by what it can be narrowed, and all of it as a file or a feed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from starlette.routing import Route

from armcrawl import clock
from armcrawl.analysis.serving.charts import MAX_BARS, stacked
from armcrawl.analysis.serving.downloads import download
from armcrawl.analysis.serving.rendering import asked, page
from armcrawl.analysis.serving.search_request import FORMATS, HITS_A_PAGE, MAX_PAGES, SearchRequest, read_request
from armcrawl.analysis.snippets import snippet
from armcrawl.analysis.suggestions import count, suggestions
from armcrawl.analysis.unknown_names import unknown_names
from armcrawl.errors import UsageError
from armcrawl.russian.query_hints import hints
from armcrawl.russian.search_query import Zone
from armcrawl.store.base.database import reading_one_moment
from armcrawl.store.queries.article_rows import article_rows_of
from armcrawl.store.queries.choice import NO_YEAR, ONE_OF, Facet
from armcrawl.store.queries.faceted_search import facets, months_found
from armcrawl.store.queries.full_text_search import Finder

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine
    from starlette.requests import Request
    from starlette.responses import Response

    from armcrawl.russian.search_query import SearchQuery
    from armcrawl.store.queries.article_rows import ArticleRow

# An excerpt is looked for in the beginning of a text: a megabyte would take a second.
MAX_EXCERPTED = 50_000
# The words of two lines.
MAX_WORDS = 24
TITLES = {
    Facet.YEAR: "Год",
    Facet.SITE: "Сайт",
    Facet.SECTION: "Раздел",
    Facet.TAG: "Тег",
    Facet.KIND: "Вид тега",
    Facet.SOURCE: "Источник",
}
UNDATED = "без даты"


async def search(request: Request) -> Response:
    """Show what a search finds."""
    try:
        wanted = read_request(request.query_params.multi_items(), clock.now())
        if wanted.format:
            return await download(request, wanted)
        context = await asked(request, found, wanted)
    except UsageError as error:
        return page(request, "search.html", {"fault": str(error)}, status=400)
    # Behind the last page there is nothing, and the page says so.
    status = 404 if context["facets"].total and not context["hits"] else 200
    return page(request, "search.html", context, status)


def found(engine: Engine, wanted: SearchRequest) -> dict[str, Any]:
    """Return what a page of hits shows."""
    with reading_one_moment(engine) as connection:
        finder = Finder(connection, wanted.query, wanted.choice)
        narrowing = facets(finder)
        ids = finder.find(wanted.first + HITS_A_PAGE, wanted.order)[wanted.first :] if narrowing.total else []
        hits = [_hit(article, wanted.query) for article in article_rows_of(connection, ids)]
        instead = {} if narrowing.total else _instead(connection, wanted)
        months = narrowing.months
        if len(months) < 2 and (wanted.choice.first or wanted.choice.last):
            # One bar alone leads nowhere: others stand beside it.
            months = months_found(Finder(connection, wanted.query, replace(wanted.choice, first=None, last=None)))
    return {
        "asked": wanted,
        "hints": hints(wanted.words),
        "hits": hits,
        "facets": narrowing,
        "titles": TITLES,
        "label": label,
        "one_of": ONE_OF,
        "months": stacked({month: {"": number} for month, number in months.items()}, [""]),
        "max_bars": MAX_BARS,
        "pages": min(-(-narrowing.total // HITS_A_PAGE), MAX_PAGES),
        "per_page": HITS_A_PAGE,
        "formats": FORMATS,
        **instead,
    }


def label(facet: str, value: str) -> str:
    """Return how a value of a facet is called; sections and kinds have names in Russian, which the template knows."""
    return UNDATED if (facet, value) == (Facet.YEAR, NO_YEAR) else value


def _hit(article: ArticleRow, query: SearchQuery | None) -> dict[str, Any]:
    """Return an article with its title and an excerpt, in pieces that are marked or not."""
    body = article.body[:MAX_EXCERPTED]
    if query is None:
        return {"article": article, "title": [(article.title, False)], "excerpt": [(_beginning(body), False)]}
    title, excerpt = snippet(article.title, query, Zone.TITLE, whole=True), snippet(body, query)
    return {"article": article, "title": title.pieces(), "excerpt": excerpt.pieces()}


def _beginning(body: str) -> str:
    """Return the first paragraph, as far as it fits two lines."""
    words = body.partition("\n\n")[0][:1_000].split()
    return " ".join(words[:MAX_WORDS]) + (" …" if len(words) > MAX_WORDS else "")


def _instead(connection: Connection, wanted: SearchRequest) -> dict[str, Any]:
    """Return what might be looked for instead of what nobody has."""
    return {
        "meant": suggestions(connection, wanted.words, wanted.choice) if wanted.words else [],
        "unknown": unknown_names(connection, wanted.words, wanted.choice, lambda text: count(connection, text)),
        "unnarrowed": count(connection, wanted.words) if wanted.is_narrowed and wanted.words else 0,
    }


ROUTES = [Route("/search", search)]
