"""What holds for every answer: nothing is written, no script runs, and no other site's page has it."""

from __future__ import annotations

import logging
from ipaddress import ip_address
from typing import TYPE_CHECKING

from starlette.datastructures import Headers, MutableHeaders, QueryParams
from starlette.responses import PlainTextResponse

from armcrawl.sites import host_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger(__name__)

# No page has a script; what a hostile text could smuggle into one would not run, load or send anything.
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
}
BROKEN = PlainTextResponse("Что-то сломалось; подробности в журнале сервера.", 500)
# The parameter that has SQL of one's own.
OWN_SQL = "sql"


class Guard:
    """Lets questions through only, and sends the headers of a page that runs no script.

    It answers to its address and to these names: a page of somebody else could have its own name lead here, and
    read all there is.
    """

    def __init__(self, app: ASGIApp, names: Collection[str]) -> None:
        self.app, self.names = app, {"localhost", *map(str.casefold, names)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        has_begun = False

        async def send_with_headers(message: Message) -> None:
            nonlocal has_begun
            if message["type"] == "http.response.start":
                has_begun = True
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        try:
            await (self._refusal(scope) or self.app)(scope, receive, send_with_headers)
        except TimeoutError:
            # A reader took nothing for long: the server shuts the line.
            log.info("%s was not read to its end", scope["path"])
        except Exception:
            log.exception("%s could not be answered", scope["path"])
            if has_begun:
                raise
            await BROKEN(scope, receive, send_with_headers)

    def _refusal(self, scope: Scope) -> PlainTextResponse | None:
        headers = Headers(scope=scope)
        if scope["method"] not in {"GET", "HEAD"}:
            return PlainTextResponse("Этот сервер ничего не меняет: он отвечает на GET и HEAD.", 405)
        if "\0" in scope["path"] or b"%00" in scope["query_string"]:
            return PlainTextResponse("В адресе есть знак NUL, которого нет ни в одном тексте базы: уберите %00.", 400)
        if not self._is_ours(headers.get("host", "")):
            return PlainTextResponse("Этот сервер так не называется: назовите имя в --allow-host.", 421)
        if _is_of_another_site(scope, headers):
            return PlainTextResponse("Об этом спросила страница другого сайта: откройте адрес сами.", 403)
        return None

    def _is_ours(self, host: str) -> bool:
        """Tell whether a request names this server: by an address, as localhost, or by one of its names."""
        name = host.removeprefix("[").partition("]")[0] if host.startswith("[") else host.partition(":")[0]
        try:
            ip_address(name)
        except ValueError:
            return name.casefold() in self.names
        return True


def _is_of_another_site(scope: Scope, headers: Headers) -> bool:
    """Tell whether a page of another site had its reader's browser ask, by an image or a form, say.

    A link that a person follows is none, unless there is SQL in it. https://www.w3.org/TR/fetch-metadata/
    """
    has_own_sql = OWN_SQL in QueryParams(scope["query_string"])
    site = headers.get("sec-fetch-site")
    if site is None:
        # Browsers leave it out where a page came by plain http from another machine; they tell then whose page it is.
        referrer, own = host_of(headers.get("referer", "")), host_of(f"//{headers.get('host', '')}")
        return bool(referrer) and referrer != own and has_own_sql
    if site in {"same-origin", "none"}:
        return False
    is_link = headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") == "document"
    return not is_link or has_own_sql
