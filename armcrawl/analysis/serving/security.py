"""What holds for every answer: nothing is written, no script runs, and no cell of a CSV file is a formula."""

from __future__ import annotations

import csv
import io
import re
import sys
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

from armcrawl.analysis.cells import EXECUTABLE
from armcrawl.analysis.serving.limits import BusyError, has_own_sql
from armcrawl.sites import host_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, MutableMapping

    from armcrawl.analysis.serving.asgi import Application, Message, Receive, Send

# No page has a script; what a hostile text could smuggle into one would not run, load or send anything.
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = [
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
]
# Datasette's own pages for its makers: settings, permissions, messages. Analysts need none of them.
INNER = "/-/"
# No formula, though it may begin as one.
NUMBER = re.compile(r"[-+]?\d+(\.\d+)?(e[-+]?\d+)?")


def guarded(application: Application, names: Collection[str]) -> Application:
    """Return an application that answers questions only, with the headers of a page that runs no script.

    It answers to its address and to these names: a page of somebody else could have its own name lead here, and
    read all there is.
    """

    async def answer(scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await application(scope, receive, send)
        elif scope["method"] not in {"GET", "HEAD"}:
            await _refuse(send, 405, b"This server is read-only.")
        elif not _is_ours(scope["headers"], names):
            await _refuse(send, 421, b"This server does not go by that name: start it with --allow-host.")
        elif scope["path"].startswith(INNER):
            await _refuse(send, 404, b"There is no such page.")
        elif _is_of_another_site(scope):
            await _refuse(send, 403, b"Another site's page asked for this: open it here, or paste its address.")
        else:
            try:
                await application(scope, receive, _guarded(send) if _is_csv(scope) else _with_headers(send))
            except BusyError:
                await _refuse(send, 503, b"Other questions are being answered: ask again in some seconds.")

    return answer


def _is_of_another_site(scope: Mapping[str, Any]) -> bool:
    """Tell whether a page of another site had its reader's browser ask, by an image or a form, say.

    A link that a person follows is none, unless there is SQL in it. https://www.w3.org/TR/fetch-metadata/
    """
    headers = dict(scope["headers"])
    site = headers.get(b"sec-fetch-site")
    if site is None:
        # Browsers leave it out where a page came by plain http from another machine; they tell then whose page it is.
        referrer = host_of(headers.get(b"referer", b"").decode("latin-1"))
        own = host_of(f"//{headers.get(b'host', b'').decode('latin-1')}")
        return bool(referrer) and referrer != own and has_own_sql(scope)
    if site in {b"same-origin", b"none"}:
        return False
    is_link = headers.get(b"sec-fetch-mode") == b"navigate" and headers.get(b"sec-fetch-dest") == b"document"
    return not is_link or has_own_sql(scope)


def _is_ours(headers: Iterable[tuple[bytes, bytes]], names: Collection[str]) -> bool:
    """Tell whether a request names this server: by an address, as localhost, or by one of its names."""
    given = next((value.decode("latin-1") for name, value in headers if name == b"host"), "")
    name = given.removeprefix("[").partition("]")[0] if given.startswith("[") else given.partition(":")[0]
    try:
        ip_address(name)
    except ValueError:
        return name.casefold() in {"localhost", *map(str.casefold, names)}
    return True


def _is_csv(scope: Mapping[str, Any]) -> bool:
    return scope["path"].endswith(".csv") or b"_format=csv" in scope["query_string"]


def _with_headers(send: Send) -> Send:
    async def pass_on(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = _ours(message["headers"])
        await send(message)

    return pass_on


def _ours(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    return [*((name, value) for name, value in headers if name.lower() != b"set-cookie"), *HEADERS]


async def _refuse(send: Send, status: int, said: bytes) -> None:
    headers = [*HEADERS, (b"content-type", b"text/plain; charset=utf-8")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": said})


def _guarded(send: Send) -> Send:
    """Return a way to send an answer with our headers; CSV is gathered, as a cell may stand in two pieces."""
    held: list[Message] = []
    body = bytearray()

    async def pass_on(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = _ours(message["headers"])
            # Datasette calls CSV text/plain, unless it is to be downloaded.
            if any(value.startswith((b"text/plain", b"text/csv")) for _, value in message["headers"]):
                held.append(message)
                return
        elif held:
            body.extend(message.get("body", b""))
            if not message.get("more_body"):
                start = held.pop()
                whole = _harmless_csv(bytes(body))
                start["headers"] = [(name, value) for name, value in start["headers"] if name != b"content-length"]
                await send(start)
                await send({"type": "http.response.body", "body": whole})
            return
        await send(message)

    return pass_on


def _harmless_csv(body: bytes) -> bytes:
    # A paragraph may be longer than what the reader takes for a cell by itself.
    csv.field_size_limit(sys.maxsize)
    text = io.StringIO(newline="")
    rows = csv.reader(io.StringIO(body.decode("utf-8", "replace"), newline=""))
    csv.writer(text).writerows([[_harmless(cell) for cell in row] for row in rows])
    return text.getvalue().encode()


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(EXECUTABLE) and not NUMBER.fullmatch(cell) else cell
