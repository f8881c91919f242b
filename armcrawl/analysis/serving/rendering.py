"""How an endpoint answers: it asks the store in a thread, and shows what it has got as a page."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from jinja2 import Environment, FileSystemLoader
from starlette.responses import HTMLResponse

from armcrawl.analysis.serving.paths import PATHS
from armcrawl.analysis.serving.values import cell
from armcrawl.analysis.serving.visible_text import visible
from armcrawl.errors import ArmcrawlError
from armcrawl.sites import known_sites

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import Receive, Scope, Send

    from armcrawl.analysis.serving.limits import Asking

T = TypeVar("T")

KIND_NAMES = {
    "person": "человек",
    "organisation": "организация",
    "place": "место",
    "product": "продукт",
    "event": "событие",
    "topic": "тема",
}
CAUSE_NAMES = {"fetch": "загрузка с сайта", "re-extraction": "новое чтение", "import": "чужой архив"}
RUN_NAMES = {
    "crawl": "обход", "backfill": "обход архива", "demo": "показ", "wayback": "из архива интернета",
    "reparse": "новое чтение", "replay": "повтор",
}  # fmt: skip
WORDS = KIND_NAMES | CAUSE_NAMES | RUN_NAMES | {
    "done": "закончен", "budget": "исчерпал бюджет", "failed": "не удался", "blocked": "сайт отказал",
    "interrupted": "прерван", "died": "погиб", "passed": "проверки прошёл", "not judged": "не проверен",
    "refused": "проверок не прошёл",
    "accepted": "принят человеком", "rejected": "отклонён человеком",
    "link": "ссылка", "attribution": "строка об источнике", "time": "время", "day": "день", "length": "длина",
    "tie": "назвать первого нельзя",
}  # fmt: skip


class NotFound(ArmcrawlError):  # noqa: N818 - as the answer is called
    """There is nothing at an address; the message says what is not there."""


async def asked(request: Request, function: Callable[..., T], *args: Any) -> T:
    """Return what `function(engine, *args)` answers, in one of the few threads that may ask at a time.

    Raises UsageError for what takes too long or too much memory, BusyError where too many wait, and what the
    function raises; `application` makes pages of them.
    """
    asking: Asking = request.app.state.asking
    return await asking.ask(function, *args)


def page(request: Request, template: str, context: dict[str, Any], status: int = 200) -> Response:
    """Return a page; it is drawn in a thread when it is sent.

    Templates have the words in the search box, `article_path`, `search_path`, and the filters `visible`,
    `in_russian`, `figure`, and `cell(column)` for a value of any kind.
    """
    common = {
        "words": request.query_params.get("q", ""),
        "request": request,
        "has_fleet": request.app.state.fleet is not None,
    }
    return DrawnPage(template, common | context, status)


class DrawnPage(HTMLResponse):
    """A page that is drawn when it is sent, so that who draws a long one does not keep others waiting."""

    def __init__(self, template: str, context: dict[str, Any], status: int) -> None:
        super().__init__(status_code=status)
        self.template, self.context = template, context

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Draw it, and send it."""
        asking: Asking = scope["app"].state.asking
        self.body = await asking.run(self._draw)
        self.headers["content-length"] = str(len(self.body))
        await super().__call__(scope, receive, send)

    def _draw(self) -> bytes:
        # A lone surrogate is no letter of UTF-8.
        return environment().get_template(self.template).render(self.context).encode("utf-8", "replace")


@cache
def environment() -> Environment:
    """Return what draws the templates; each text is escaped."""
    made = Environment(loader=FileSystemLoader(Path(__file__).with_name("templates")), autoescape=True)
    words = _section_titles() | WORDS
    made.filters["visible"] = visible
    made.filters["in_russian"] = lambda word: words.get(word, word)
    made.filters["figure"] = _figure
    made.filters["cell"] = cell
    made.globals |= {path.__name__: path for path in PATHS}
    return made


def _section_titles() -> dict[str, str]:
    """Return the Russian titles of sections by their names, as the sites declare them."""
    sections = (section for site in known_sites().values() for section in site.sections)
    return {section.name: section.title for section in sections if section.title}


def _figure(number: float) -> str:
    """Write a figure as Russian print does: 12 345,6."""
    whole = int(number) if number == int(number) else number
    return f"{whole:,}".replace(",", "\N{NARROW NO-BREAK SPACE}").replace(".", ",")
