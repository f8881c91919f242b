"""Pages that are not articles, each known by what it is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from armcrawl.items import NotAnArticle, Reason
from armcrawl.reading.body.role import Role
from armcrawl.reading.layout.prose import ends_as_sentence, is_prose, is_sentence
from armcrawl.reading.layout.regions import MAY_HOLD_TEXT
from armcrawl.reading.listing import DATE_NEAR, is_dated, what_is_listed
from armcrawl.russian.phrases import (
    BLOCKED,
    CONSENT,
    KIND_OF_PAGE,
    LEGAL_PAGE,
    NOT_FOUND,
    OUT_OF_ORDER,
    is_about_refusal,
)
from armcrawl.sites import identify, is_gallery, is_home, site_of

if TYPE_CHECKING:
    from armcrawl.reading.body.body import Body
    from armcrawl.reading.body.roles import Roles
    from armcrawl.reading.charset import Decoded
    from armcrawl.reading.fields.structured import Declared
    from armcrawl.reading.layout.document import Document

TITLE_PARTS = re.compile(r"\s+(?:[|—–»/·•-]|::)\s+")
GONE_STATUSES = frozenset({404, 410})
BLOCKING_STATUSES = frozenset({401, 403, 407, 429, 451, 503})
# The first bytes of what is often sent as text/html by mistake.
FOREIGN_SIGNATURES = (
    b"%PDF",
    b"PK\x03\x04",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"RIFF",
    b"\x1f\x8b",
    b"\xd0\xcf\x11\xe0",
    b"Rar!",
)
# A text has no control characters but white space; a few are slips of old editors, and UTF-16 has NULs.
CONTROLS = frozenset(range(0x20)) - frozenset(b"\0\t\n\f\r\x1b")
NO_CONTROLS = bytes(set(range(0x100)) - CONTROLS)
MAX_CONTROLS = 20
BLANK = b" \t\r\n\0\xef\xbb\xbf"
SNIFFED_BYTES = 1445  # as browsers do: https://mimesniff.spec.whatwg.org/#resource-header
UTF16_BOMS = (b"\xff\xfe", b"\xfe\xff")
# XHTML names its root element within the first lines.
PROLOGUE = 1000
HTML_TYPES = ("text/html", "application/xhtml", "text/plain", "application/xml", "text/xml")
# A page that refuses says so in a few sentences, and links to little else than its rules.
MAX_REFUSAL_LENGTH = 600
MAX_LINKS_OF_REFUSAL = 6
# After so many lines of its own a page has said something else.
MAX_LINES_OF_REFUSAL = 200
# «Ошибка 404: запрошенная вами страница не найдена на этом сервере»; a headline that says it of something is longer.
MAX_REFUSING_TITLE_LENGTH = 70
CHALLENGE = re.compile(
    r"document\.cookie|location\.(?:reload|href|replace)|_challenge|http-equiv=.refresh", re.IGNORECASE
)
# An article page shows three teasers; a list is longer.
MIN_TEASERS = 3
MIN_PICTURES = 3
# A text under the pictures of a gallery: an article has more.
MAX_GALLERY_TEXT_LENGTH = 400
# A header that was never closed holds the text; any other has a slogan at most.
MIN_HEADER_PROSE = 2
# What a rule may have taken from a text by mistake.
UNSURE_ROLES = frozenset(
    {Role.FREE, Role.CAPTION, Role.DATE, Role.ATTRIBUTION, Role.COMMENT, Role.BYLINE, Role.COUNTER}
)


def by_status(status: int) -> NotAnArticle | None:
    """Tell what a status makes certain, whatever the body says."""
    if status in GONE_STATUSES:
        return NotAnArticle(Reason.MISSING, f"status {status}")
    return NotAnArticle(Reason.BLOCKED, f"status {status}") if status in BLOCKING_STATUSES else None


def before_parsing(
    body: bytes, url: str, content_type: str | None, status: int, requested_url: str | None
) -> NotAnArticle | None:
    """Tell what status, address and first bytes alone make certain."""
    if (refused := by_status(status)) is not None:
        return refused
    if requested_url and identify(requested_url) and not identify(url) and is_home(url):
        return NotAnArticle(Reason.MISSING, "redirected to the home page")
    # The whole of a page is stripped, which copies it, only where its beginning says nothing.
    if not body[:SNIFFED_BYTES].strip(BLANK) and not body.strip(BLANK):
        return NotAnArticle(Reason.EMPTY, "no bytes")
    if content_type and not content_type.lower().lstrip().startswith(HTML_TYPES):
        return NotAnArticle(Reason.NOT_HTML, content_type.partition(";")[0].strip())
    foreign = _foreign_format(body)
    return NotAnArticle(Reason.NOT_HTML, foreign) if foreign else None


def _foreign_format(body: bytes) -> str | None:
    """Return what the bytes are, if they are no markup of a page."""
    start = body.lstrip()[:16]
    if start.startswith(FOREIGN_SIGNATURES):
        return "the bytes are of another format"
    if len(body[:SNIFFED_BYTES].translate(None, NO_CONTROLS)) > MAX_CONTROLS and not body.startswith(UTF16_BOMS):
        return "binary data"
    if start.startswith((b"<?xml", b"<rss", b"<feed")) and b"<html" not in body[:PROLOGUE].lower():
        return "another kind of XML"
    return "no markup" if start[:1] in {b"{", b"["} or b"<" not in body else None


def garbled(decoded: Decoded) -> NotAnArticle | None:
    """Tell whether the bytes make no text that could be published: what they say was spoilt before they were sent."""
    return NotAnArticle(Reason.GARBLED, decoded.fault) if decoded.fault else None


def challenge(document: Document, html: str) -> NotAnArticle | None:
    """Tell whether a page shows nothing and only has a script that sets a cookie and comes back."""
    if document.lines or not CHALLENGE.search(html):
        return None
    return NotAnArticle(Reason.BLOCKED, "a script asks for a cookie")


def after_layout(roles: Roles, body: Body, stated: Declared) -> NotAnArticle | None:
    """Tell whether a page that was laid out is something else than an article."""
    document = roles.document
    if is_gallery(document.address):
        return NotAnArticle(Reason.PHOTO_LIST, "the address is a gallery's")
    has_date = _has_date(roles, body, stated)
    refusal = _refusal(roles, body, has_date=has_date)
    if refusal is not None:
        return refusal
    listed = len(set(roles.targets.values()))
    is_foreign = identify(document.address) is None and site_of(document.address) is not None
    is_list = not body.lines and len(roles.teased) > MIN_TEASERS
    if listed and (is_foreign or is_list):
        return NotAnArticle(Reason.LISTING, f"{listed} articles are listed")
    found = what_is_listed(roles, body)
    if found is not None:
        return NotAnArticle(Reason.LISTING, found)
    kind = _kind_of_page(roles)
    if kind is not None:
        return NotAnArticle(Reason.SERVICE_PAGE, kind)
    pictures = _pictures_in_rows(roles, body)
    has_dated_prose = has_date and any(map(is_prose, body.lines))
    if (
        pictures >= MIN_PICTURES
        and not has_dated_prose
        and body.size <= MAX_GALLERY_TEXT_LENGTH
        and pictures * 2 > len(body.lines)
    ):
        return NotAnArticle(Reason.PHOTO_LIST, f"{pictures} pictures in rows")
    return None


def _kind_of_page(roles: Roles) -> str | None:
    """Return the part of the title that tells what kind of page this is: rules have a date, others have none."""
    title = roles.document.page_title
    if roles.title is not None:
        # After the title of an article stands its rubric, which may be «Комментарии».
        parts = [TITLE_PARTS.split(title, maxsplit=1)[0].strip(), roles.title.text]
    else:
        parts = [part.strip() for part in TITLE_PARTS.split(title)]
    is_any = None if is_dated(roles) else KIND_OF_PAGE
    return next((part for part in parts if LEGAL_PAGE.fullmatch(part) or (is_any and is_any.fullmatch(part))), None)


def without_text(roles: Roles, *, has_picture: bool) -> NotAnArticle | None:
    """Tell what a page without a paragraph is; a title with a picture is an article.

    Where sentences stand on the page that are neither its frame's nor a teaser's, we have failed to find the text:
    that is a case for quarantine, as an article without paragraphs is.
    """
    if (roles.title is not None and has_picture) or _has_sentences(roles):
        return None
    return NotAnArticle(Reason.EMPTY, "no text under a title")


def _has_sentences(roles: Roles) -> bool:
    sentences = [line for line in roles.document.lines if ends_as_sentence(line.text)]
    if any(roles.of[line.index] in UNSURE_ROLES for line in sentences):
        return True
    chrome = [line for line in sentences if roles.of[line.index] is Role.CHROME]
    of_header = sum(line.element.region == "header" and is_prose(line) for line in chrome)
    return of_header >= MIN_HEADER_PROSE or any(line.element.region in MAY_HOLD_TEXT for line in chrome)


def _has_date(roles: Roles, body: Body, stated: Declared) -> bool:
    """Tell whether a page declares a date of its article, or prints one beside the title or below the text."""
    below = body.lines[-1].index + 1 if body.lines else 0
    return bool(stated.dates) or is_dated(roles) or Role.DATE in roles.of[below : below + DATE_NEAR]


def _refusal(roles: Roles, body: Body, *, has_date: bool) -> NotAnArticle | None:
    """Tell whether the page says that there is nothing to see, or that we may not see it.

    What a dated page with sentences of its own says of scripts, consent or absence is no refusal.
    """
    document = roles.document
    heading = " ".join(filter(None, (document.page_title, roles.title.text if roles.title else "")))
    lowered = heading.lower()
    # A page that asks for a captcha or for consent has no menu around it.
    is_bare = len(document.links) <= MAX_LINKS_OF_REFUSAL
    is_barred = is_bare and bool(BLOCKED.search(lowered) or OUT_OF_ORDER.search(lowered))
    if body.size > MAX_REFUSAL_LENGTH and not is_barred:
        return None
    # To look through a sentence takes as long as it is: the shortest first.
    sentences = sorted([line.text for line in body.lines if is_sentence(line)], key=len)
    says_more = not all(map(is_about_refusal, sentences))
    title_says_not_found = _title_says_not_found(roles)
    # A page that says twice that it is not there is not, whatever else and whatever day it shows.
    is_repeated_in_text = title_says_not_found and any(NOT_FOUND.search(line.text.lower()) for line in body.lines)
    if has_date and says_more and not is_repeated_in_text:
        return None
    if is_barred:
        return NotAnArticle(Reason.BLOCKED, heading[:80])
    own = [line for line in document.lines if roles.of[line.index] not in (Role.TEASER, Role.CHROME, Role.TAGS)]
    short = [line.text for line in own if not line.is_link and len(line.text) <= MAX_REFUSAL_LENGTH]
    said = [(text, text.lower()) for text in (heading, *short[:MAX_LINES_OF_REFUSAL])]
    patterns = [(NOT_FOUND, Reason.MISSING), (BLOCKED, Reason.BLOCKED), (OUT_OF_ORDER, Reason.BLOCKED)]
    patterns += [(CONSENT, Reason.BLOCKED)] * is_bare
    for pattern, reason in patterns:
        found = next((text for text, lowered in said if pattern.search(lowered)), None)
        if found and not (says_more and reason is Reason.MISSING and not title_says_not_found):
            return NotAnArticle(reason, found[:80])
    return None


def _title_says_not_found(roles: Roles) -> bool:
    """Tell whether the title itself says that the page is not there, and no more than that."""
    title = roles.title.text if roles.title is not None else ""
    return len(title) <= MAX_REFUSING_TITLE_LENGTH and NOT_FOUND.search(title.lower()) is not None


def _pictures_in_rows(roles: Roles, body: Body) -> int:
    """Count the larger pictures between title and end of text that stand in like elements one after another."""
    holders: dict[int, set[str]] = {}
    first = roles.title.index if roles.title is not None else 0
    last = body.lines[-1].index + 1 if body.lines else len(roles.of)
    for picture in roles.document.pictures:
        line = min(picture.before, len(roles.of) - 1)
        if (
            first < picture.before <= last
            and not picture.is_small
            and picture.element.region not in {"nav", "header", "footer", "aside"}
            and (line < 0 or roles.of[line] is not Role.TEASER)
        ):
            signature = picture.element.signature
            holders.setdefault(signature, set()).add(picture.address)
    return max(map(len, holders.values()), default=0)
