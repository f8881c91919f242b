"""Links: relative addresses become absolute, and text inside an `<a>` without its end tag becomes plain text."""

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

# Bytes: browsers accept little more, and PostgreSQL's indexes take no value above 2,700 bytes.
MAX_ADDRESS_LENGTH = 2000
# The beginnings of addresses that do not depend on the path of their page.
INDEPENDENT = ("/", "https://", "http://")
# The form of nearly all links and of the addresses they are resolved against, without percent-encoding of any kind:
# these are joined by concatenation. All others go to the standard library, which takes ten times as long.
PLAIN_ROOT = re.compile(r"(https?://([a-zA-Z0-9_.-]+))/?")
PLAIN = re.compile(
    r"(?:(?P<site>https?://(?P<host>[a-zA-Z0-9_.-]+))|(?=/(?!/)))(?P<path>(?:/[!-\"$-:<->@-~]*)?(?:\?[!-\"$-~]+)?)(?:#[!-~]*)?"
)
# Paragraphs in one link: a card that is a link has a title and one lead, a swallowed text has more.
MIN_PROSE = 2


def joined_address(address: str, base: str | None) -> str:
    """Return the address that relative links are resolved against: `base`, from `<base href>`, or the page's own."""
    try:
        joined = urljoin(address, base or "")
    except ValueError:
        return address
    return joined if len(joined) <= MAX_ADDRESS_LENGTH else address


class Resolver:
    """Makes relative addresses absolute."""

    def __init__(self, base: str, map_address: Callable[[str], str] | None) -> None:
        self.base = base
        # Addresses that are absolute, or relative to the site's root, are resolved against this: they are the same on
        # every page, so their cache serves the whole site.
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
    # `//forum/...` is a path with a doubled slash, as the name of a host contains a dot.
    if href.startswith("//") and "." not in href[2:].partition("/")[0]:
        href = href[1:]
    address, host = _joined_plainly(base, href) or _joined(base, href) or ("", "")
    if not address or len(address.encode()) > MAX_ADDRESS_LENGTH:
        return None
    # A known site's addresses get one form, whichever of its hosts and schemes the link has.
    site = site_of(address)
    return address if site is None else site.home.rstrip("/") + address.partition(host)[2]


def _joined_plainly(root: str, href: str) -> tuple[str, str] | None:
    """Return the address of a simple link without its fragment, and its host; None for all other links."""
    own, plain = _plain_root(root), PLAIN.fullmatch(href)
    # `.` and `..` in a path need the standard library.
    if own is None or plain is None or "/." in href:
        return None
    return (plain["site"] or own[0]) + plain["path"], plain["host"] or own[1]


@lru_cache(maxsize=64)  # as many sites as one machine reads at a time
def _plain_root(root: str) -> tuple[str, str] | None:
    """Return a site's address without a final slash, and its host; None for one that is not plain."""
    own = PLAIN_ROOT.fullmatch(root)
    return (own[1], own[2]) if own is not None else None


def _joined(base: str, href: str) -> tuple[str, str] | None:
    """Return the address of a link without its fragment, and its host; None if it is not an http address."""
    try:
        parts = urlsplit(urljoin(base, href))
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        return None
    return urlunsplit(parts._replace(fragment="")), parts.netloc


def free_text_of_links(lines: Sequence[Line], linked: Sequence[Line]) -> None:
    """Turn the text inside an `<a>` without its end tag, which extends to the next link, into plain text.

    The first line of that link stays a link, unless it is prose. If several links contain paragraphs, they are the
    cards of a list and stay as they are. `linked` are the lines with links.
    """
    # The quick test first: on most pages no two long lines share a link.
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
    """Return each run of at least two neighbouring lines that one link extends over."""
    runs: list[list[Line]] = []
    run: list[Line] = []
    for line in lines:
        is_next = bool(run and line.anchors) and line.anchors[0].address == run[-1].anchors[-1].address
        if is_next:
            run.append(line)
        if not is_next or line.anchors[-1].address != line.anchors[0].address:
            # The link ended: another one begins in this line, or none does.
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
