"""`/press`: what the database has, questions that are ready, and SQL of one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from starlette.routing import Route

from armcrawl.analysis.meanings import described_tables, described_views
from armcrawl.analysis.serving.answers import FORMATS, as_file
from armcrawl.analysis.serving.rendering import asked, page
from armcrawl.analysis.unknown_names import unknown_in
from armcrawl.errors import UsageError
from armcrawl.store.queries.analyst_queries import QUERIES, answer_to, sql_of
from armcrawl.store.queries.choice import EVERYTHING, Choice, Facet
from armcrawl.store.queries.own_sql import ask, parameters_of
from armcrawl.store.queries.table_rows import HIDDEN

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from starlette.requests import Request
    from starlette.responses import Response

    from armcrawl.analysis.serving.limits import Asking
    from armcrawl.store.queries.own_sql_child import Answer

# Parameters that are names, of which there may be none but near ones.
NAMES = (Facet.TAG, Facet.SOURCE)
# What the form has at first.
EXAMPLE = "SELECT published_on, title FROM v_articles ORDER BY published_on DESC NULLS LAST LIMIT 20"


async def contents(request: Request) -> Response:
    """Show what there is, or what somebody's own SQL answers."""
    if "sql" in request.query_params:
        return await own_sql(request)
    shown = {
        "queries": QUERIES,
        "views": described_views(),
        "tables": [table for table in described_tables() if table.name not in HIDDEN],
        "example": EXAMPLE,
    }
    return page(request, "data.html", shown)


async def own_sql(request: Request) -> Response:
    """Show what SQL of one's own answers."""
    sql = request.query_params.get("sql", "")
    names = parameters_of(sql)
    given = {name: request.query_params.get(name, "") for name in names}
    files = {form: f"/press.{form}?{urlencode({'sql': sql} | given, errors='replace')}" for form in FORMATS}
    # Its answers keep no page waiting.
    asking: Asking = request.app.state.own_asking
    return await _answered(request, {"sql": sql, "parameters": given, "files": files}, asking.ask(ask, sql, given))


async def query(request: Request) -> Response:
    """Show a query that is ready, and what it answers."""
    name = request.url.path.rpartition("/")[2].partition(".")[0]
    chosen = next(query for query in QUERIES if query.name == name)
    given = {one: request.query_params.get(one, "") for one in chosen.parameters}
    sql = sql_of(chosen, request.app.state.asking.engine.dialect.name)
    files = {form: f"/press/{name}.{form}?{urlencode(given, errors='replace')}" for form in FORMATS}
    edited = f"/press?{urlencode({'sql': sql} | given, errors='replace')}"
    context = {"query": chosen, "sql": sql, "parameters": given, "files": files, "edited": edited}
    named = frozenset((Facet(one), value.strip()) for one, value in given.items() if one in NAMES and value.strip())
    return await _answered(request, context, asked(request, answer_to, chosen, given), Choice(named))


async def _answered(
    request: Request, context: dict[str, Any], asking: Awaitable[Answer], names: Choice = EVERYTHING
) -> Response:
    name, _, form = request.url.path.rpartition("/")[2].partition(".")
    try:
        answer = await asking
    except UsageError as error:
        if form:
            raise
        return page(request, "query.html", context | {"fault": str(error)}, status=400)
    if form:
        return await asked(request, lambda _: as_file(form, name, answer.columns, answer.rows, is_cut=answer.is_cut))
    unknown = [] if answer.rows else await asked(request, unknown_in, "", names)
    return page(request, "query.html", context | {"answer": answer, "unknown": unknown})


ROUTES = [
    Route("/press", contents),
    *(Route(f"/press.{form}", own_sql) for form in FORMATS),
    *(Route(f"/press/{one.name}{form}", query) for one in QUERIES for form in ("", *(f".{one}" for one in FORMATS))),
]
