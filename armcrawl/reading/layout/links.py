"""Links: relative addresses become absolute, and what only an unclosed `<a>` made a link is text."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit, urlunsplit

from armcrawl.reading.layout.prose import MIN_PROSE_LENGTH, reads_as_prose
from armcrawl.sites import site_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from armcrawl.reading.layout.document import Line

# No browser takes much longer ones, and PostgreSQL's indexes none above 2,700 bytes.
MAX_ADDRESS_LENGTH = 2000
# How addresses begin that do not depend on that of their page.
INDEPENDENT = ("/", "https://", "http://")
# What nearly all links look like, of signs that stand for themselves, and what they are relative to: to join the two
# needs no more. The standard library, which knows all others, takes ten times as long.
PLAIN_ROOT = re.compile(r"(https?://([a-zA-Z0-9_.-]+))/?")
PLAIN = re.compile(
    r"(?:(?P<site>https?://(?P<host>[a-zA-Z0-9_.-]+))|(?=/(?!/)))(?P<path>(?:/[!-\"$-:<->@-~]*)?(?:\?[!-\"$-~]+)?)(?:#[!-~]*)?"
)
# A card that is one link has a title and a lead; a text has more paragraphs.
MIN_PROSE = 2


def joined_address(address: str, base: str | None) -> str:
    """Return what relative links are resolved against; the page's own address where `<base>` names none."""
    try:
        joined = urljoin(address, base or "")
    except ValueError:
        return address
    return joined if len(joined) <= MAX_ADDRESS_LENGTH else address


class Resolver:
    """Relative addresses become absolute."""

    def __init__(self, base: str, map_address: Callable[[str], str] | None) -> None:
        self.base = base
        # What is whole, or relative to the site's root, does not depend on the page, and is on every page.
        end = base.find("/", base.find("//") + 2)
        self.root = base if end < 0 else base[: end + 1]
        self.map_address = map_address

    def __call__(self, href: str) -> str | None:
        """Return the absolute http address of a link, or None for any other kind of link."""
        if len(href) > MAX_ADDRESS_LENGTH:
            return None
        address = _absolute(self.root if href.startswith(INDEPENDENT) else self.base, href)
        return address if self.map_address is None or address is None else self.map_address(address)


@lru_cache(maxsize=4096)
def _absolute(base: str, href: str) -> str | None:
    href = href.strip()
    if not href or href.startswith("#"):
        return None
    # `//forum/...` is a doubled slash inside the site, as a host has a dot.
    if href.startswith("//") and "." not in href[2:].partition("/")[0]:
        href = href[1:]
    address, host = _joined_plainly(base, href) or _joined(base, href) or ("", "")
    if not address or len(address.encode()) > MAX_ADDRESS_LENGTH:
        return None
    # One form for all the hosts and schemes under which the site serves itself.
    site = site_of(address)
    return address if site is None else site.home.rstrip("/") + address.partition(host)[2]


def _joined_plainly(root: str, href: str) -> tuple[str, str] | None:
    """Return the address of a link without its fragment, and the host in it; None where that needs a closer look."""
    own, plain = PLAIN_ROOT.fullmatch(root), PLAIN.fullmatch(href)
    # Steps up and down a path are to be gone.
    if own is None or plain is None or "/." in href:
        return None
    return (plain["site"] or own[1]) + plain["path"], plain["host"] or own[2]


def _joined(base: str, href: str) -> tuple[str, str] | None:
    """Return the address of a link without its fragment, and the host in it; None where it leads out of the web."""
    try:
        parts = urlsplit(urljoin(base, href))
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        return None
    return urlunsplit(parts._replace(fragment="")), parts.netloc


def free_text_of_links(lines: Sequence[Line], linked: Sequence[Line]) -> None:
    """Make plain text of what an `<a>` that nobody closed has swallowed: it goes on to the next link.

    The line that such a link began with stays one, unless it is prose itself. Where several links hold paragraphs each
    is a card of a list. `linked` are the lines with links.
    """
    # First what tells most pages: no long line goes on with the link of the one before it.
    long = [line for line in linked if len(line.text) >= MIN_PROSE_LENGTH]
    if not any(one.anchors[-1].address == other.anchors[0].address for one, other in pairwise(long)):
        return
    swallowed = [run for run in _runs_of_one_link(lines) if sum(map(_is_paragraph, run)) >= MIN_PROSE]
    if len(swallowed) == 1:
        (run,) = swallowed
        address = run[0].anchors[-1].address
        for line in run if _is_paragraph(run[0]) else run[1:]:
            _unlink(line, address)


def _runs_of_one_link(lines: Sequence[Line]) -> list[list[Line]]:
    """Return the neighbouring lines that one link goes through, where it goes through several."""
    runs: list[list[Line]] = []
    run: list[Line] = []
    for line in lines:
        is_next = bool(run and line.anchors) and line.anchors[0].address == run[-1].anchors[-1].address
        if is_next:
            run.append(line)
        if not is_next or line.anchors[-1].address != line.anchors[0].address:
            # Another link begins, in this line or in none.
            runs.append(run)
            run = [line] if line.anchors else []
    return [run for run in (*runs, run) if len(run) > 1]


def _is_paragraph(line: Line) -> bool:
    return not line.heading and reads_as_prose(line.text)


def _unlink(line: Line, address: str) -> None:
    line.anchors = tuple(anchor for anchor in line.anchors if anchor.address != address)
    line.linked = sum(len(anchor.text) for anchor in line.anchors)
    line.link_share = line.linked / (len(line.text) or 1)
    line.is_link = False
