"""Pages that are not articles: each function recognises one or more kinds of them, and says which."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from armcrawl.items import NotAnArticle, Reason
from armcrawl.reading.body.role import Role
from armcrawl.reading.layout.prose import ends_as_sentence, is_prose, is_sentence
from armcrawl.reading.layout.regions import MAY_HOLD_TEXT
from armcrawl.reading.listing import DATE_NEAR, is_dated, what_is_listed
from armcrawl.reading.statuses import by_status
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
# The first bytes of file formats that are often sent as text/html by mistake.
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
# Control characters that no text has. White space is not among them, nor NUL (in UTF-16) and ESC (in ISO-2022).
CONTROLS = frozenset(range(0x20)) - frozenset(b"\0\t\n\f\r\x1b")
NO_CONTROLS = bytes(set(range(0x100)) - CONTROLS)
# In the first SNIFFED_BYTES: old editors leave a few of them in a text, binary data has hundreds.
MAX_CONTROLS = 20
BLANK = b" \t\r\n\0\xef\xbb\xbf"
# As many as browsers look at: https://mimesniff.spec.whatwg.org/#resource-header
SNIFFED_BYTES = 1445
UTF16_BOMS = (b"\xff\xfe", b"\xfe\xff")
# Bytes: XHTML has its `<html>` within the first lines, other kinds of XML have none.
PROLOGUE = 1000
HTML_TYPES = ("text/html", "application/xhtml", "text/plain", "application/xml", "text/xml")
# Characters: a page that refuses says so in a few sentences.
MAX_REFUSAL_LENGTH = 600
# Such a page has no menu; it links to its rules, its privacy policy and a contact.
MAX_LINKS_OF_REFUSAL = 6
# A page with more lines than this has other content; to search all lines of a hostile page would take long.
MAX_LINES_OF_REFUSAL = 200
# «Ошибка 404: запрошенная вами страница не найдена на этом сервере» has 64 characters; a headline about something that
# was not found is longer.
MAX_REFUSING_TITLE_LENGTH = 70
# Characters of the matching line that the detail of a NotAnArticle repeats: enough to recognise it in a report.
MAX_DETAIL_LENGTH = 80
CHALLENGE = re.compile(
    r"document\.cookie|location\.(?:reload|href|replace)|_challenge|http-equiv=.refresh", re.IGNORECASE
)
# An article page without text that we found may show three teasers; a list shows more.
MAX_TEASERS = 3
# Fewer similar pictures in a row are the illustrations of an article.
MIN_PICTURES = 3
# Characters of the text under a gallery's pictures; an article has more.
MAX_GALLERY_TEXT_LENGTH = 400
# A `<header>` with two lines of prose was never closed and contains the article; others have one slogan at most.
MIN_HEADER_PROSE = 2
# Roles that a rule may have given to a line of the article's text by mistake.
UNSURE_ROLES = frozenset(
    {Role.FREE, Role.CAPTION, Role.DATE, Role.ATTRIBUTION, Role.COMMENT, Role.BYLINE, Role.COUNTER}
)


def _may_be_page(address: str) -> bool:
    """Tell whether an address is an article's: on a host that no site has, every one but that of a home page may be."""
    return identify(address) is not None or (site_of(address) is None and not is_home(address))


def before_parsing(
    body: bytes, url: str, content_type: str | None, status: int, requested_url: str | None
) -> NotAnArticle | None:
    """Return why a page is no article if status, addresses, content type and first bytes prove it, else None."""
    if (refused := by_status(status)) is not None:
        return refused
    if requested_url and _may_be_page(requested_url) and not identify(url) and is_home(url):
        return NotAnArticle(Reason.MISSING, "redirected to the home page")
    # To strip the whole page copies it, so this happens only where its first bytes are blank.
    if not body[:SNIFFED_BYTES].strip(BLANK) and not body.strip(BLANK):
        return NotAnArticle(Reason.EMPTY, "no bytes")
    if content_type and not content_type.lower().lstrip().startswith(HTML_TYPES):
        return NotAnArticle(Reason.NOT_HTML, content_type.partition(";")[0].strip())
    foreign = _foreign_format(body)
    return NotAnArticle(Reason.NOT_HTML, foreign) if foreign else None


def _foreign_format(body: bytes) -> str | None:
    """Return what is wrong with bytes that are not an HTML page, else None."""
    start = body.lstrip()[:16]
    if start.startswith(FOREIGN_SIGNATURES):
        return "the bytes are of another format"
    if len(body[:SNIFFED_BYTES].translate(None, NO_CONTROLS)) > MAX_CONTROLS and not body.startswith(UTF16_BOMS):
        return "binary data"
    if start.startswith((b"<?xml", b"<rss", b"<feed")) and b"<html" not in body[:PROLOGUE].lower():
        return "another kind of XML"
    return "no markup" if start[:1] in {b"{", b"["} or b"<" not in body else None


def garbled(decoded: Decoded) -> NotAnArticle | None:
    """Return why the decoded text cannot be published, as it was corrupted before it was sent; None if it is sound."""
    return NotAnArticle(Reason.GARBLED, decoded.fault) if decoded.fault else None


def challenge(document: Document, html: str) -> NotAnArticle | None:
    """Recognise a page without visible text whose script sets a cookie and loads the page again."""
    if document.lines or not CHALLENGE.search(html):
        return None
    return NotAnArticle(Reason.BLOCKED, "a script asks for a cookie")


def after_layout(roles: Roles, body: Body, stated: Declared) -> NotAnArticle | None:
    """Return why a page is no article, judged by its address, lines, links and pictures; None if it may be one."""
    document = roles.document
    if is_gallery(document.address):
        return NotAnArticle(Reason.PHOTO_LIST, "the address is a gallery's")
    has_date = _has_date(roles, body, stated)
    refusal = _refusal(roles, body, has_date=has_date)
    if refusal is not None:
        return refusal
    listed = len(set(roles.targets.values()))
    is_foreign = identify(document.address) is None and site_of(document.address) is not None
    is_list = not body.lines and len(roles.teased) > MAX_TEASERS
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
    """Return the part of the title that names a kind of page that is no article, such as «Контакты»; None if none does.

    Legal pages may have a date. A page of any other kind has none, so a dated page is not checked for them.
    """
    title = roles.document.page_title
    if roles.title is not None:
        # Only the first part: a rubric follows the title of an article, and may be «Комментарии».
        parts = [TITLE_PARTS.split(title, maxsplit=1)[0].strip(), roles.title.text]
    else:
        parts = [part.strip() for part in TITLE_PARTS.split(title)]
    is_any = None if is_dated(roles) else KIND_OF_PAGE
    return next((part for part in parts if LEGAL_PAGE.fullmatch(part) or (is_any and is_any.fullmatch(part))), None)


def without_text(roles: Roles, *, has_picture: bool) -> NotAnArticle | None:
    """Return why a page without a paragraph is no article; None if it has a title and a picture, or sentences.

    Sentences outside of menus and teasers mean that we failed to find the text: the page then stays an article without
    paragraphs, which goes to quarantine.
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
    """Tell whether a page declares the date of its article, or prints one near the title or right below the text."""
    below = body.lines[-1].index + 1 if body.lines else 0
    return bool(stated.dates) or is_dated(roles) or Role.DATE in roles.of[below : below + DATE_NEAR]


def _refusal(roles: Roles, body: Body, *, has_date: bool) -> NotAnArticle | None:
    """Return why a page is no article if it says that it does not exist, or denies us access; else None.

    A dated page with other sentences is no refusal, even if it also mentions scripts, consent or something not found.
    """
    document = roles.document
    heading = " ".join(filter(None, (document.page_title, roles.title.text if roles.title else "")))
    lowered = heading.lower()
    # A page that asks for a captcha or for consent has no menu.
    is_bare = len(document.links) <= MAX_LINKS_OF_REFUSAL
    is_barred = is_bare and bool(BLOCKED.search(lowered) or OUT_OF_ORDER.search(lowered))
    if body.size > MAX_REFUSAL_LENGTH and not is_barred:
        return None
    # The shortest first: the search ends at the first sentence about something else, and long ones take longer.
    sentences = sorted([line.text for line in body.lines if is_sentence(line)], key=len)
    says_more = not all(map(is_about_refusal, sentences))
    title_says_not_found = _title_says_not_found(roles)
    # A page whose title and text both say that it was not found does not exist, even if it has a date and other text.
    is_repeated_in_text = title_says_not_found and any(NOT_FOUND.search(line.text.lower()) for line in body.lines)
    if has_date and says_more and not is_repeated_in_text:
        return None
    if is_barred:
        barred = Reason.BLOCKED if BLOCKED.search(lowered) else Reason.UNAVAILABLE
        return NotAnArticle(barred, heading[:MAX_DETAIL_LENGTH])
    own = [line for line in document.lines if roles.of[line.index] not in (Role.TEASER, Role.CHROME, Role.TAGS)]
    short = [line.text for line in own if not line.is_link and len(line.text) <= MAX_REFUSAL_LENGTH]
    said = [(text, text.lower()) for text in (heading, *short[:MAX_LINES_OF_REFUSAL])]
    patterns = [(NOT_FOUND, Reason.MISSING), (BLOCKED, Reason.BLOCKED), (OUT_OF_ORDER, Reason.UNAVAILABLE)]
    patterns += [(CONSENT, Reason.BLOCKED)] * is_bare
    for pattern, reason in patterns:
        found = next((text for text, lowered in said if pattern.search(lowered)), None)
        if found and not (says_more and reason is Reason.MISSING and not title_says_not_found):
            return NotAnArticle(reason, found[:MAX_DETAIL_LENGTH])
    return None


def _title_says_not_found(roles: Roles) -> bool:
    """Tell whether the title says that the page was not found, and is too short for a headline."""
    title = roles.title.text if roles.title is not None else ""
    return len(title) <= MAX_REFUSING_TITLE_LENGTH and NOT_FOUND.search(title.lower()) is not None


def _pictures_in_rows(roles: Roles, body: Body) -> int:
    """Return how many large pictures between title and end of text share one look; repeated pictures count once."""
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
