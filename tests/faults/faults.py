"""What the hostile server does: one function a fault, and what is to come of it."""

from __future__ import annotations

import asyncio
import gzip
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import brotli

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.faults.server import Exchange

# The article that most faults concern.
VICTIM = "/news/7"
# A crawl of the healthy portal: robots.txt, the home page, the listing, twelve articles, three ids past the last one.
HEALTHY = 18
# A request that fails is sent three times.
TRIES = 3
HTML = "Content-Type: text/html; charset=utf-8\r\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x02\x00\x00\x00\x01\x00\x08\x02\x00\x00\x00" + bytes(500)
CONSENT = """<!DOCTYPE html><html lang="ru"><head><title>Согласие</title></head><body>
<h1>Мы используем файлы cookie</h1><p>Чтобы продолжить, примите условия использования файлов cookie.</p>
<button>Принять</button></body></html>"""
CAPTCHA = """<!DOCTYPE html><html lang="ru"><head><title>Проверка</title></head><body>
<h1>Подтвердите, что вы не робот</h1><form action="/captcha"><input name="code"></form></body></html>"""
MAINTENANCE = """<!DOCTYPE html><html lang="ru"><head><title>Технические работы</title></head><body>
<h1>Технические работы</h1><p>Сайт временно недоступен, зайдите через час.</p></body></html>"""
CRASH = "Fatal error: Allowed memory size of 134217728 bytes exhausted in /var/www/index.php on line 12"


@dataclass(frozen=True)
class Fault:
    """What the server does, and what is to come of it.

    `ledger` is the victim's outcome after the night of the fault, `requests` how many that night took, `right` how
    many of the twelve articles are as they should be after it, `healed` the same after one more, healthy night,
    `versions` how many versions of articles there are in the end, `code` the exit code, `says` what the operator
    reads: of the run, in `status`, or in `quarantine list`. A silent server is given up soon.
    """

    name: str
    take: Callable[[Exchange], Awaitable[bool] | None]
    ledger: str = "stored"
    requests: int = HEALTHY
    right: int = 12
    healed: int = 12
    versions: int = 12
    code: int = 0
    says: str = ""
    nights_before: int = 0
    is_silent: bool = False


FAULTS: list[Fault] = []


def fault(
    name: str,
    *,
    on: Callable[[Exchange], bool] | None = None,
    nights: tuple[int, ...] = (1,),
    **expected: Any,
) -> Callable[[Callable[[Exchange], Awaitable[bool]]], Callable[[Exchange], Awaitable[bool]]]:
    """Register a fault of the victim, or of the exchanges that `on` picks, in some nights."""

    def register(answer: Callable[[Exchange], Awaitable[bool]]) -> Callable[[Exchange], Awaitable[bool]]:
        def take(exchange: Exchange) -> Awaitable[bool] | None:
            is_meant = on(exchange) if on is not None else exchange.path == VICTIM
            return answer(exchange) if is_meant and exchange.night in nights else None

        FAULTS.append(Fault(name, take, **expected))
        return answer

    return register


def everything(exchange: Exchange) -> bool:
    """Pick all but robots.txt."""
    return exchange.path != "/robots.txt"


def articles(exchange: Exchange) -> bool:
    """Pick all articles."""
    return exchange.path.startswith("/news/") and exchange.usual.status == 200 and exchange.path != "/news/"


def robots(exchange: Exchange) -> bool:
    """Pick robots.txt."""
    return exchange.path == "/robots.txt"


def home(exchange: Exchange) -> bool:
    """Pick the home page."""
    return exchange.path == "/"


LOST: dict[str, Any] = {"ledger": "failed", "requests": HEALTHY + 2, "right": 11}
# What comes in damaged is asked for once more: the same bytes twice are kept, and read as soon as that can be done.
DAMAGED: dict[str, Any] = {"ledger": "quarantined", "requests": HEALTHY + 1, "right": 11}
REFUSED: dict[str, Any] = {"ledger": "failed", "requests": HEALTHY, "right": 11}


@fault("the connection is reset in the middle of the headers", **LOST, says="the connection was lost")
async def reset_in_headers(exchange: Exchange) -> bool:
    await exchange.send(b"HTTP/1.1 200 OK\r\nContent-Ty")
    return await exchange.reset()


@fault("the connection is reset in the middle of the body", **LOST, says="cut off")
async def reset_in_body(exchange: Exchange) -> bool:
    await exchange.answer(exchange.usual.body[:2000], length=len(exchange.usual.body))
    return await exchange.reset()


@fault("the connection is closed without an answer", **LOST, says="closed without an answer")
async def closed_without_answer(exchange: Exchange) -> bool:
    return await exchange.close()


@fault("the body is shorter than its Content-Length", **LOST, says="cut off")
async def truncated(exchange: Exchange) -> bool:
    await exchange.answer(exchange.usual.body[:2000], length=len(exchange.usual.body))
    return await exchange.close()


@fault("the body is longer than its Content-Length, once", requests=HEALTHY + 1)
async def too_long(exchange: Exchange) -> bool:
    if exchange.times > 1:
        return await exchange.answer()
    await exchange.answer(length=2000)
    return await exchange.close()


@fault("the chunks are garbage", **LOST, says="cut off")
async def chunk_garbage(exchange: Exchange) -> bool:
    await exchange.send(f"HTTP/1.1 200 OK\r\n{HTML}Transfer-Encoding: chunked\r\n\r\nzzz\r\n<html>".encode())
    return await exchange.close()


@fault("the last chunk never comes", **LOST, says="cut off")
async def chunk_missing(exchange: Exchange) -> bool:
    await exchange.send(f"HTTP/1.1 200 OK\r\n{HTML}Transfer-Encoding: chunked\r\n\r\n7\r\n<html>\n\r\n".encode())
    return await exchange.close()


@fault("the answer comes in chunks, with extensions and trailers")
async def chunks(exchange: Exchange) -> bool:
    half = len(exchange.usual.body) // 2
    first, last = exchange.usual.body[:half], exchange.usual.body[half:]
    await exchange.send(f"HTTP/1.1 200 OK\r\n{HTML}Transfer-Encoding: chunked\r\n\r\n".encode())
    await exchange.send(b"%x;a=b\r\n%b\r\n%x\r\n%b\r\n0\r\nX-Trailer: x\r\n\r\n" % (half, first, len(last), last))
    return True


@fault("the answer is no HTTP", **LOST, says="no HTTP")
async def no_http(exchange: Exchange) -> bool:
    await exchange.send(b"SSH-2.0-OpenSSH_9.6\r\n")
    return await exchange.close()


@fault("gzip is cut short", **DAMAGED, says="gzip that is cut in the middle")
async def gzip_cut(exchange: Exchange) -> bool:
    packed = gzip.compress(exchange.usual.body)
    return await exchange.answer(packed[: len(packed) // 2], headers=f"{HTML}Content-Encoding: gzip\r\n")


@fault("gzip is cut short, in another place each time", **LOST, says="gzip that is cut in the middle")
async def gzip_cut_elsewhere(exchange: Exchange) -> bool:
    packed = gzip.compress(exchange.usual.body)
    return await exchange.answer(packed[: 1000 + exchange.times], headers=f"{HTML}Content-Encoding: gzip\r\n")


@fault("gzip with a line break behind its end")
async def gzip_and_more(exchange: Exchange) -> bool:
    packed = gzip.compress(exchange.usual.body) + b"\n"
    return await exchange.answer(packed, headers=f"{HTML}Content-Encoding: gzip\r\n")


@fault("gzip is announced and not sent")
async def gzip_missing(exchange: Exchange) -> bool:
    return await exchange.answer(headers=f"{HTML}Content-Encoding: gzip\r\n")


@fault("an article that turns into 404 with a damaged body", nights_before=1, requests=HEALTHY - 3, ledger="gone")
async def gone_damaged(exchange: Exchange) -> bool:
    headers = f"{HTML}Content-Encoding: gzip\r\n"
    return await exchange.answer(b"no gzip", status="404 Not Found", headers=headers)


@fault("503 with a damaged body to everything", ledger="", requests=7, right=0, code=1, says="status 503",
       on=everything)  # fmt: skip
async def unavailable_damaged(exchange: Exchange) -> bool:
    headers = f"{HTML}Content-Encoding: gzip\r\n"
    return await exchange.answer(b"no gzip", status="503 Service Unavailable", headers=headers)


@fault("an encoding that nobody asked for")
async def brotli_unasked(exchange: Exchange) -> bool:
    return await exchange.answer(brotli.compress(exchange.usual.body), headers=f"{HTML}Content-Encoding: br\r\n")


@fault("an encoding that nobody knows", **DAMAGED, says="encoded as compress")
async def compress(exchange: Exchange) -> bool:
    return await exchange.answer(b"\x1f\x9d\x90<...", headers=f"{HTML}Content-Encoding: compress\r\n")


@fault("a decompression bomb", **DAMAGED, says="100 times its size")
async def bomb(exchange: Exchange) -> bool:
    return await exchange.answer(gzip.compress(bytes(64 << 20)), headers=f"{HTML}Content-Encoding: gzip\r\n")


@fault("silence", **LOST, is_silent=True, says="no answer in time")
async def silence(exchange: Exchange) -> bool:
    await asyncio.sleep(600)
    return await exchange.close()


@fault("one byte at a time, for ever", **LOST, is_silent=True, says="no answer in time")
async def dripping(exchange: Exchange) -> bool:
    await exchange.send(f"HTTP/1.1 200 OK\r\n{HTML}Content-Length: 5000\r\n\r\n".encode())
    while True:
        await exchange.send(b"<")
        await asyncio.sleep(0.1)


@fault("a page of 20 MB", **REFUSED, says="larger than any page")
async def huge(exchange: Exchange) -> bool:
    return await exchange.answer(exchange.usual.body + b" " * (20 << 20))


@fault("429 with Retry-After, once", requests=HEALTHY + 1, says="is not asked for 1.0 seconds")
async def retry_after(exchange: Exchange) -> bool:
    if exchange.times > 1:
        return await exchange.answer()
    return await exchange.answer(b"", status="429 Too Many Requests", headers="Retry-After: 1\r\n")


@fault("429 without Retry-After, for ever", **LOST, says="status 429")
async def too_many(exchange: Exchange) -> bool:
    return await exchange.answer(b"", status="429 Too Many Requests")


@fault("503 to the first three requests", requests=HEALTHY + 3, on=everything)
async def burst(exchange: Exchange) -> bool:
    # robots.txt comes first, and is healthy.
    is_bad = exchange.total in {2, 3, 5}
    return await exchange.answer(b"", status="503 Service Unavailable") if is_bad else await usual(exchange)


@fault("503 to everything", ledger="", requests=7, right=0, code=1, says="gave no usable answer", on=everything)
async def unavailable(exchange: Exchange) -> bool:
    return await exchange.answer(b"", status="503 Service Unavailable")


@fault("503 that asks for an hour", ledger="", requests=2, right=0, code=3, says="60 minutes", on=everything)
async def long_pause(exchange: Exchange) -> bool:
    return await exchange.answer(b"", status="503 Service Unavailable", headers="Retry-After: 3600\r\n")


@fault("503 that asks for ten years", ledger="", requests=2, right=0, code=3, says="10 years", on=everything)
async def pause_of_years(exchange: Exchange) -> bool:
    return await exchange.answer(b"", status="503 Service Unavailable", headers=f"Retry-After: {10 * 365 * 86_400}\r\n")


@fault("500 for ever on one article", **LOST, says="status 500")
async def error_of_one(exchange: Exchange) -> bool:
    return await exchange.answer(b"", status="500 Internal Server Error")


@fault("500 for ever on everything", ledger="", requests=7, right=0, code=1, says="status 500", on=everything)
async def error_of_all(exchange: Exchange) -> bool:
    return await exchange.answer(b"", status="500 Internal Server Error")


@fault("500 for ever on all articles", ledger="", right=0, code=1, requests=3 + 5 * TRIES, says="cannot be read",
       on=articles)  # fmt: skip
async def error_of_articles(exchange: Exchange) -> bool:
    return await exchange.answer(b"", status="500 Internal Server Error")


@fault("status 418 with an article", **REFUSED, says="status 418")
async def teapot(exchange: Exchange) -> bool:
    return await exchange.answer(status="418 I'm a teapot")


@fault("status 203 with an article")
async def changed_on_the_way(exchange: Exchange) -> bool:
    return await exchange.answer(status="203 Non-Authoritative Information")


@fault("status 000 with an article", **REFUSED, says="its status is 0")
async def status_zero(exchange: Exchange) -> bool:
    return await exchange.answer(status="000 Nothing")


@fault("403 on one article", **REFUSED, says="status 403")
async def forbidden(exchange: Exchange) -> bool:
    return await exchange.answer("Доступ запрещён".encode(), status="403 Forbidden")


@fault("403 on everything", ledger="", requests=3, right=0, code=3, says="status 403", on=everything)
async def forbidden_all(exchange: Exchange) -> bool:
    return await exchange.answer(b"", status="403 Forbidden")


@fault("a redirect loop", ledger="failed", requests=HEALTHY + 5, right=11, says="max redirections")
async def loop(exchange: Exchange) -> bool:
    return await exchange.answer(b"", status="302 Found", headers=f"Location: {VICTIM}\r\n")


@fault("a redirect to another host", **REFUSED, says="another server")
async def to_stranger(exchange: Exchange) -> bool:
    return await exchange.answer(b"", status="302 Found", headers="Location: https://example.com/news/7\r\n")


@fault("a redirect to a file", **REFUSED, says="leads to file:///etc/hostname")
async def to_file(exchange: Exchange) -> bool:
    return await exchange.answer(b"", status="302 Found", headers="Location: file:///etc/hostname\r\n")


@fault(
    "a redirect with a password and with control characters",
    **REFUSED,
    says="ftp://reader:***@files.example/7",
)
async def to_secret(exchange: Exchange) -> bool:
    location = "Location: ftp://reader:geheim@files.example/7\x1b]0;x\x07?token=geheim\r\n"
    return await exchange.answer(b"", status="302 Found", headers=location)


@fault("a redirect to a private address", **REFUSED, says="another server")
async def to_private(exchange: Exchange) -> bool:
    return await exchange.answer(b"", status="302 Found", headers="Location: http://10.0.0.1/news/7\r\n")


@fault("a redirect to another port of this machine", **REFUSED, says="another server")
async def to_port(exchange: Exchange) -> bool:
    return await exchange.answer(b"", status="302 Found", headers="Location: http://127.0.0.1:9/news/7\r\n")


@fault("a redirect to the home page", ledger="missing", requests=HEALTHY + 1, right=11)
async def to_home(exchange: Exchange) -> bool:
    return await exchange.answer(b"", status="302 Found", headers="Location: /\r\n")


@fault("a redirect to another article", ledger="not_article", requests=HEALTHY + 1, right=11)
async def to_other(exchange: Exchange) -> bool:
    return await exchange.answer(b"", status="301 Moved Permanently", headers="Location: /news/3\r\n")


@fault("a redirect from one spelling of the address to another", requests=HEALTHY + 1)
async def to_itself(exchange: Exchange) -> bool:
    return await exchange.answer(b"", status="301 Moved Permanently", headers=f"Location: {VICTIM}/?from=www\r\n")


@fault("a charset in the header that is wrong")
async def wrong_charset(exchange: Exchange) -> bool:
    return await exchange.answer(headers="Content-Type: text/html; charset=iso-8859-1\r\n")


@fault("no charset at all")
async def no_charset(exchange: Exchange) -> bool:
    return await exchange.answer(
        exchange.usual.body.replace(b"charset", b"nothing"), headers="Content-Type: text/html\r\n"
    )


@fault("windows-1251 declared as UTF-8")
async def cp1251(exchange: Exchange) -> bool:
    return await exchange.answer(exchange.usual.body.decode().encode("cp1251", "xmlcharrefreplace"))


@fault("UTF-16")
async def utf16(exchange: Exchange) -> bool:
    return await exchange.answer(exchange.usual.body.decode().encode("utf-16"), headers="Content-Type: text/html\r\n")


@fault("an image sent as text/html", ledger="not_article", right=11)
async def image(exchange: Exchange) -> bool:
    return await exchange.answer(PNG)


@fault("an empty page with status 200", ledger="failed", right=11, says="status 200 without a page")
async def empty(exchange: Exchange) -> bool:
    return await exchange.answer(b"")


@fault("the message of a crashed program with status 200", ledger="not_article", right=11)
async def crashed(exchange: Exchange) -> bool:
    return await exchange.answer(CRASH.encode())


@fault("HTTP/1.0 without a length")
async def http_1_0(exchange: Exchange) -> bool:
    await exchange.send(f"HTTP/1.0 200 OK\r\n{HTML}\r\n".encode() + exchange.usual.body)
    return await exchange.close()


@fault("HTTP/1.0 without a length, cut in another place each time", ledger="failed", requests=HEALTHY + 2, right=11,
       says="ends in its middle")  # fmt: skip
async def http_1_0_cut(exchange: Exchange) -> bool:
    cut = exchange.usual.body[: 2000 + 100 * exchange.times]
    await exchange.send(f"HTTP/1.0 200 OK\r\n{HTML}\r\n".encode() + cut)
    return await exchange.close()


@fault("every header twice")
async def doubled(exchange: Exchange) -> bool:
    size = f"Content-Length: {len(exchange.usual.body)}\r\n"
    return await exchange.answer(headers=2 * HTML + size + 2 * 'ETag: "x"\r\n')


@fault("a header of 100 KB", **LOST, says="closed without an answer")
async def long_header(exchange: Exchange) -> bool:
    return await exchange.answer(headers=f"{HTML}X-Long: {'x' * 100_000}\r\n")


@fault("a flood of cookies")
async def cookies(exchange: Exchange) -> bool:
    flood = "".join(f"Set-Cookie: visitor{number}={'x' * 200}; Path=/\r\n" for number in range(300))
    return await exchange.answer(headers=HTML + flood)


@fault("an answer that comes after two interim ones")
async def interim(exchange: Exchange) -> bool:
    await exchange.send(b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n")
    return await exchange.answer()


@fault("a connection that is closed after every answer", on=lambda _: True)
async def no_keep_alive(exchange: Exchange) -> bool:
    await usual(exchange)
    return await exchange.close()


@fault("an ETag that changes although the article does not", nights=(0, 1), nights_before=1, requests=HEALTHY - 3,
       on=articles)  # fmt: skip
async def restless_etag(exchange: Exchange) -> bool:
    return await exchange.answer(headers=f'{HTML}ETag: "{exchange.night}-{exchange.path}"\r\n')


@fault("a Last-Modified in the future, which hides a change", nights=(0, 1), nights_before=1, requests=HEALTHY - 3,
       right=11, versions=14)  # fmt: skip
async def future(exchange: Exchange) -> bool:
    if "if-modified-since" in exchange.headers:
        return await exchange.answer(b"", status="304 Not Modified")
    body = exchange.usual.body
    if exchange.night == 1:
        body = body.replace(b"</h1>", " (дополнено)</h1>".encode()).replace(
            b"</title>", " (дополнено)</title>".encode()
        )
    return await exchange.answer(body, headers=f"{HTML}Last-Modified: Fri, 01 Jan 2100 00:00:00 GMT\r\n")


@fault("ids that swap their content", nights_before=1, requests=HEALTHY - 3, right=10, versions=16,
       on=lambda exchange: exchange.path in {"/news/7", "/news/8"})  # fmt: skip
async def swapped(exchange: Exchange) -> bool:
    other = {"/news/7": "/news/8", "/news/8": "/news/7"}[exchange.path]
    return await exchange.answer(exchange.page(other).body)


@fault("an article that turns into a gallery", nights_before=1, requests=HEALTHY - 3, ledger="gone")
async def gallery(exchange: Exchange) -> bool:
    return await exchange.answer(exchange.page("/photo/12").body)


@fault("an article that turns into 404", nights_before=1, requests=HEALTHY - 3, ledger="gone")
async def gone(exchange: Exchange) -> bool:
    return await exchange.answer(b"<html><h1>404</h1></html>", status="404 Not Found")


@fault("a consent page with status 200 instead of an article", **REFUSED, says="cookie")
async def consent(exchange: Exchange) -> bool:
    return await exchange.answer(CONSENT.encode())


@fault("a notice of maintenance instead of everything", ledger="", requests=3, right=0, code=1,
       says="Технические работы", on=everything)  # fmt: skip
async def maintenance(exchange: Exchange) -> bool:
    return await exchange.answer(MAINTENANCE.encode())


@fault("a captcha instead of everything", ledger="", requests=3, right=0, code=3, says="не робот", on=everything)
async def captcha(exchange: Exchange) -> bool:
    return await exchange.answer(CAPTCHA.encode())


@fault("a listing that never ends", requests=HEALTHY + 2, is_silent=True, on=lambda exchange: exchange.path == "/news/")
async def endless(exchange: Exchange) -> bool:
    await exchange.send(f"HTTP/1.1 200 OK\r\n{HTML}\r\n<html><body>".encode())
    number = 0
    while True:
        number += 1
        await exchange.send(f'<p><a href="/news/?page={number}">ещё</a></p>'.encode() * 50)
        await asyncio.sleep(0.02)


@fault("a calendar without end", on=home)
async def calendar(exchange: Exchange) -> bool:
    days = "".join(f'<a href="/news/calendar/2031/{month}/{day}">{day}</a>' for month in range(12) for day in range(30))
    return await exchange.answer(exchange.usual.body.replace(b"</body>", f"{days}</body>".encode()))


@fault("links to ids that do not exist", requests=HEALTHY + 5, on=home)
async def bogus(exchange: Exchange) -> bool:
    links = "".join(f'<a href="/news/{number}">x</a>' for number in range(500_000, 500_100))
    return await exchange.answer(exchange.usual.body.replace(b"</body>", f"{links}</body>".encode()))


@fault("robots.txt answers 500", ledger="", requests=TRIES, right=0, code=1, says="robots.txt", on=robots)
async def robots_500(exchange: Exchange) -> bool:
    return await exchange.answer(b"", status="500 Internal Server Error")


@fault("robots.txt is silent", ledger="", requests=TRIES, right=0, code=1, is_silent=True, says="robots.txt",
       on=robots)  # fmt: skip
async def robots_silent(exchange: Exchange) -> bool:
    return await silence(exchange)


@fault("robots.txt is 5 MB long", on=robots)
async def robots_long(exchange: Exchange) -> bool:
    return await exchange.answer(b"User-agent: *\nDisallow: /admin/\n" + b"# \n" * 1_700_000, headers="")


@fault("robots.txt does not exist", on=robots)
async def robots_404(exchange: Exchange) -> bool:
    return await exchange.answer(b"", status="404 Not Found")


@fault("robots.txt is gzip that no header tells of", ledger="", requests=1, right=0, code=1,
       says="robots.txt cannot be read", on=robots)  # fmt: skip
async def robots_packed(exchange: Exchange) -> bool:
    return await exchange.answer(gzip.compress(b"User-agent: *\nDisallow: /\n"), headers="Content-Type: text/plain\r\n")


@fault("robots.txt forbids everything", ledger="", requests=1, right=0, code=1, says="forbids all", on=robots)
async def robots_forbids(exchange: Exchange) -> bool:
    return await exchange.answer(b"User-agent: *\nDisallow: /\n", headers="Content-Type: text/plain\r\n")


async def usual(exchange: Exchange) -> bool:
    """Answer as the portal does."""
    status = "200 OK" if exchange.usual.status == 200 else "404 Not Found"
    return await exchange.answer(status=status)
