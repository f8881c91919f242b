"""What armcrawl adds to Datasette: its pages, its functions in SQL, and links where a cell names an article."""

from __future__ import annotations

import asyncio
import logging
import re
import sqlite3
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote, urlencode

from datasette import NotFound, Response
from datasette.utils.asgi import Base400
from datasette.views.base import DatasetteError
from markupsafe import Markup, escape
from pluggy import HookimplMarker

from armcrawl.analysis.serving import pages
from armcrawl.analysis.serving.limits import limit
from armcrawl.analysis.serving.search_request import read_request
from armcrawl.analysis.serving.visible_text import UNSHOWABLE, visible
from armcrawl.errors import UsageError
from armcrawl.sites import known_sites
from armcrawl.store.queries.analyst_queries import FUNCTIONS

if TYPE_CHECKING:
    from jinja2 import Environment
    from sqlalchemy import Engine

hookimpl = HookimplMarker("datasette")
log = logging.getLogger(__name__)

BAD_REQUEST, UNFORESEEN = 400, 500
MISREAD = (ValueError, TypeError, KeyError, IndexError, AssertionError, sqlite3.Error)
KEY = re.compile(r"([a-z][a-z0-9_-]*)/[a-z][a-z0-9_-]*/\S+")
# Columns whose values a search can be narrowed to.
FACETS = {"tag": "tag", "source": "source"}
# As much of a cell as Datasette shows by itself.
MAX_OF_CELL = 2_048
KIND_NAMES = {
    "person": "человек",
    "organisation": "организация",
    "place": "место",
    "product": "продукт",
    "event": "событие",
    "topic": "тема",
}
CAUSE_NAMES = {"fetch": "загрузка с сайта", "re-extraction": "новое чтение", "import": "чужой архив"}
WORDS = KIND_NAMES | CAUSE_NAMES | {
    "done": "закончен", "budget": "исчерпал бюджет", "failed": "не удался", "blocked": "сайт отказал",
    "interrupted": "прерван", "died": "погиб", "passed": "проверки прошёл", "not judged": "не проверен",
    "refused": "проверок не прошёл",
    "accepted": "принят человеком", "rejected": "отклонён человеком",
    "link": "ссылка", "attribution": "строка об источнике", "time": "время", "day": "день", "length": "длина",
    "tie": "назвать первого нельзя",
}  # fmt: skip


def _section_titles() -> dict[str, str]:
    """Return the Russian titles of sections by their names, as the sites declare them."""
    sections = (section for site in known_sites().values() for section in site.sections)
    return {section.name: section.title for section in sections if section.title}


class Pages:
    """The plugin of one server, which shows one database."""

    __name__ = "armcrawl"

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @hookimpl
    def prepare_connection(self, conn: sqlite3.Connection) -> None:
        """Let SQL use our functions, and no more memory than there is for it."""
        limit(conn)
        for name, function in FUNCTIONS.items():
            conn.create_function(name, 1, _of_text(function), deterministic=True)

    @hookimpl
    def prepare_jinja2_environment(self, env: Environment) -> None:
        """Let templates show any stored text."""
        env.filters["visible"] = visible
        words = _section_titles() | WORDS
        env.filters["in_russian"] = lambda word: words.get(word, word)
        env.filters["figure"] = _figure
        env.globals["article_path"] = article_path
        env.globals["search_path"] = search_path

    @hookimpl
    def extra_template_vars(self, request: Any) -> dict[str, str]:
        """Keep the words in the search box of every page."""
        return {"words": (request.args.get("q") or "") if request else ""}

    @hookimpl
    def render_cell(self, value: object, column: str) -> Markup | None:
        """Link what names an article, a tag or a source; show what HTML has no sign for."""
        if not isinstance(value, str):
            return None
        if (key := KEY.fullmatch(value)) and key[1] in known_sites():
            return _link(article_path(value), value)
        if column in FACETS and len(value) < MAX_OF_CELL:
            return _link(search_path(**{FACETS[column]: value}), value)
        return escape(visible(value[:MAX_OF_CELL])) if UNSHOWABLE.search(value) else None

    @hookimpl
    def handle_exception(self, datasette: Any, request: Any, exception: Exception) -> Any:
        """Say in one sentence what was wrong; what nobody foresaw is told in the log, and not to the reader."""

        async def answer() -> Any:
            status, said = _fault(exception, is_narrowed=any(name.startswith("_") for name in request.args))
            if status == UNFORESEEN:
                log.error("%s could not be answered", request.path, exc_info=exception)
            if request.path.endswith(".json"):
                return Response.json({"ok": False, "error": said, "status": status}, status=status)
            context = {"error": said, "status": status}
            return await _page(datasette, request, "error.html", context, status)

        return answer

    @hookimpl
    def register_routes(self) -> list[tuple[str, object]]:
        """Add our pages, before Datasette's own."""
        return [
            (r"^/$", self.home),
            (r"^/search$", self.search),
            (r"^/article/(?P<site>[^/]+)/(?P<section>[^/]+)/(?P<external_id>.+)$", self.article),
        ]

    async def home(self, request: Any, datasette: Any) -> Any:
        """Show the dashboard."""
        context = await asyncio.to_thread(pages.dashboard, self.engine)
        return await _page(datasette, request, "home.html", context)

    async def search(self, request: Any, datasette: Any) -> Any:
        """Show what a search finds, and by what it can be narrowed."""
        try:
            context = await asyncio.to_thread(pages.search, self.engine, read_request(request.args.get))
        except UsageError as error:
            return await _page(datasette, request, "search.html", {"fault": str(error)}, status=400)
        return await _page(datasette, request, "search.html", context)

    async def article(self, request: Any, datasette: Any) -> Any:
        """Show an article with its history."""
        # Datasette leaves what stands in a path as it was sent.
        key = {name: unquote(value) for name, value in request.url_vars.items()}
        context = await asyncio.to_thread(pages.article, self.engine, **key)
        if context is None:
            raise NotFound("Такой статьи здесь нет · There is no such article")
        return await _page(datasette, request, "article.html", context)


def _fault(exception: Exception, *, is_narrowed: bool) -> tuple[int, str]:
    """Return the status of an answer to what failed, and a sentence; `is_narrowed` by parameters of Datasette's."""
    if isinstance(exception, Base400):
        return exception.status, str(exception)
    if isinstance(exception, DatasetteError) and exception.message_is_html:
        # Datasette's own words for this are HTML with a script.
        return exception.status, "Запрос не уложился в отведённые секунды · The query took too long"
    if isinstance(exception, DatasetteError):
        # It calls its reader's mistakes its own.
        return BAD_REQUEST if exception.status == UNFORESEEN else exception.status, str(exception.message)
    if isinstance(exception, MemoryError | sqlite3.DataError):
        return BAD_REQUEST, "Ответ слишком велик · The answer is too large"
    if is_narrowed and isinstance(exception, MISREAD):
        # Datasette takes its parameters apart without looking at them.
        return BAD_REQUEST, "В адресе что-то не так · Something in the address makes no sense"
    return UNFORESEEN, "Что-то сломалось; подробности в журнале сервера · Something broke, the log tells more"


def article_path(key: str) -> str:
    """Return the address of an article's page."""
    return f"/article/{quote(key)}"


def search_path(**values: str) -> str:
    """Return the address of a search."""
    return f"/search?{urlencode(values, errors='replace')}"


def _link(path: str, text: str) -> Markup:
    return Markup('<a href="{}"><bdi>{}</bdi></a>').format(path, visible(text))


async def _page(datasette: Any, request: Any, template: str, context: dict[str, Any], status: int = 200) -> Any:
    return Response.html(await datasette.render_template(template, context, request=request), status=status)


def _figure(number: float) -> str:
    """Write a figure as Russian print does: 12 345,6."""
    whole = int(number) if number == int(number) else number
    return f"{whole:,}".replace(",", "\N{NARROW NO-BREAK SPACE}").replace(".", ",")


def _of_text(function: Any) -> Any:
    return lambda value: None if value is None else function(str(value))
