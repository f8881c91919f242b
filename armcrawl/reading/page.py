"""From the bytes of a page to an Article or a NotAnArticle: all steps in their order."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from armcrawl.items import CUT, Article, Attribution, Evidence, Image, Link, NotAnArticle, Reading, Reason
from armcrawl.reading import not_article
from armcrawl.reading.body.body import find_body
from armcrawl.reading.body.marking import roles_of
from armcrawl.reading.body.role import Role
from armcrawl.reading.charset import decode
from armcrawl.reading.fields.article_date import find_date_text
from armcrawl.reading.fields.listed_tags import opens_list_of_text
from armcrawl.reading.fields.printed_tags import tag_groups, tags_of
from armcrawl.reading.fields.structured import declared
from armcrawl.reading.fields.title import Title, find_title, is_shown
from armcrawl.reading.layout.header import find_rates
from armcrawl.reading.layout.layout import parse
from armcrawl.reading.layout.prose import STOPS
from armcrawl.russian.attribution import read_attribution_line
from armcrawl.russian.phrases import byline_name
from armcrawl.sites import identify, site_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from armcrawl.items import ExchangeRates
    from armcrawl.reading.body.body import Body
    from armcrawl.reading.body.roles import Roles
    from armcrawl.reading.fields.article_date import DateLine
    from armcrawl.reading.fields.link_groups import LinkGroup
    from armcrawl.reading.fields.printed_tags import Tags
    from armcrawl.reading.fields.structured import Declared
    from armcrawl.reading.layout.document import Document, Line

CLOSING = ("</body", "</html")
# Characters at the end of a page in which its closing tags are searched for: servers add counters and comments there.
NEAR_END = 4000
DEFAULT_TIMEZONE = "Europe/Moscow"
# Lines between a title and the text: a date, a counter, a rubric, a picture's caption.
TITLE_NEAR = 6
# Characters: a longer bold line at the beginning of the text is a lead.
MAX_BOLD_TITLE_LENGTH = 160
# Characters: shorter lines above a text are labels and rubrics.
MIN_TITLE_LENGTH = 20
# Lines between the end of the text and its tags: an attribution, a byline, buttons, a vote.
TAGS_NEAR = 14
# Characters: a shorter line may occur in any text by chance, a longer one shows that the page has the text twice.
MIN_COPY_LENGTH = 30
# Lines between an attribution and the text: dates and counters above it, tags and buttons below it.
ATTRIBUTION_NEAR = 12


def read_page(
    body: bytes,
    url: str,
    fetched_at: datetime,
    content_type: str | None = None,
    status: int = 200,
    requested_url: str | None = None,
    map_address: Callable[[str], str] | None = None,
) -> Reading:
    """Read one page; the same input always gives the same reading.

    `body` is the decompressed body in bytes, `url` the address of the page on the site itself (also where a mirror
    answered), `fetched_at` the time of the fetch, with a time zone, `content_type` the HTTP header, `status` the HTTP
    status, `requested_url` the address that was requested before redirects. `map_address` turns the address of a link
    to a mirror into the site's own.

    Raises ValueError if `fetched_at` has no time zone; no page, however broken, raises anything.
    """
    if fetched_at.tzinfo is None:
        raise ValueError("fetched_at must be aware: a page's relative dates are counted from it")
    refused = not_article.before_parsing(body, url, content_type, status, requested_url)
    if refused is not None and refused.reason in {Reason.EMPTY, Reason.NOT_HTML}:
        return Reading(refused)
    decoded = decode(body, content_type)
    site = site_of(url)
    document = parse(decoded, url, map_address, site.hints.selectors if site else None)
    timezone = site.zone if site else DEFAULT_TIMEZONE
    rates = find_rates(document.lines, fetched_at, timezone)
    refused = refused or not_article.garbled(decoded) or not_article.challenge(document, decoded.text)
    result = refused or _read(document, fetched_at, timezone, rates)
    if isinstance(result, Article):
        result = result.noting(*decoded.notes, *((CUT,) if _is_cut(result, document, decoded.text) else ()))
    document.break_cycles()
    return Reading(result, decoded.charset, tuple(dict.fromkeys(document.links)), rates)


def _is_cut(article: Article, document: Document, html: str) -> bool:
    """Tell whether a page ends in the middle of its article's text, without `</body>` and `</html>`."""
    if not article.paragraphs:
        return False
    last = document.lines[-1].text
    # Few pages end with their text, so the closing tags are rarely searched for.
    if last.endswith(STOPS) or not article.paragraphs[-1].endswith(last):
        return False
    end = html[-NEAR_END:].lower()
    return not any(tag in end for tag in CLOSING)


class Examined(NamedTuple):
    """The title, the roles of all lines, the group of links chosen as tags, and the body of a page."""

    title: Title | None
    roles: Roles
    tags: LinkGroup | None
    body: Body


def examine(document: Document, stated: Declared) -> Examined:
    """Find title, tags and body of a parsed page; `stated` is what the page declares."""
    title = find_title(document, stated)
    if title is None or (title.line is None and not is_shown(title.text, document)):
        title = title_above_body(document) or title
    roles = roles_of(document, title.line if title else None)
    return Examined(title, roles, *_tags_and_body(roles))


def _read(
    document: Document, fetched_at: datetime, timezone: str, rates: ExchangeRates | None
) -> Article | NotAnArticle:
    stated = declared(document)
    title, roles, group, body = examine(document, stated)
    tags = tags_of(group, roles, stated)
    refused = not_article.after_layout(roles, body, stated)
    if refused is not None:
        return refused
    images = _images(roles, body)
    if not body.lines and (none := not_article.without_text(roles, has_picture=bool(images))):
        return none
    return _article(roles, title, body, tags, stated, images, fetched_at, timezone, rates)


def _tags_and_body(roles: Roles) -> tuple[LinkGroup | None, Body]:
    """Return the likeliest group of links near the body that may be its tags, if any, and the body.

    Tags and body are found together, as the lines of the tags mark the end of the body.
    """
    for group in tag_groups(roles):
        before = [roles.of[line.index] for line in group.lines]
        for line in group.lines:
            if roles.of[line.index] is not Role.DATE:
                roles.of[line.index] = Role.TAGS
        body = find_body(roles)
        if not body.lines or _is_near(group, body, roles):
            return group, body
        # A cloud of tags in a side column is the site's, not the article's.
        for line, role in zip(group.lines, before, strict=True):
            roles.of[line.index] = role
    body = find_body(roles)
    if labels := [line for line in roles.lines_of(Role.TAGS) if opens_list_of_text(line, roles, body.lines)]:
        for line in labels:
            roles.of[line.index] = Role.FREE
        body = find_body(roles)
    return None, body


def _is_near(group: LinkGroup, body: Body, roles: Roles) -> bool:
    """Tell whether tags are above or shortly below the text, or below a second copy of it, which some pages have."""
    if group.first - body.lines[-1].index <= TAGS_NEAR:
        return True
    above = roles.document.lines[group.first - TAGS_NEAR : group.first]
    body_text = " ".join(body.paragraphs)
    return any(len(line.text) >= MIN_COPY_LENGTH and line.text in body_text for line in above)


def title_above_body(document: Document) -> Title | None:
    """Return the likeliest line above the text as title, for a page without a heading or a declared title."""
    roles = roles_of(document, None)
    body = find_body(roles)
    if not body.lines:
        return None
    first = body.lines[0]
    stands_out = first.emphasis or _looks_apart(first, body)
    if stands_out and len(first.text) <= MAX_BOLD_TITLE_LENGTH and len(body.lines) > 1:
        return Title(first.text, Evidence("above-body"), first)
    above = document.lines[max(0, first.index - TITLE_NEAR) : first.index]
    lines = [line for line in above if roles.is_free(line) and not line.is_link and len(line.text) >= MIN_TITLE_LENGTH]
    line = max(lines, key=lambda line: (line.emphasis, len(line.text)), default=None)
    return Title(line.text, Evidence("above-body"), line) if line else None


def _looks_apart(first: Line, body: Body) -> bool:
    """Tell whether the first line of a body of at least three looks like no other, and does not end in a full stop."""
    looks = [line.element.signature for line in body.lines]
    return looks.count(looks[0]) == 1 < len(looks) - 1 and not first.text.endswith(".")


def _article(
    roles: Roles,
    title: Title | None,
    body: Body,
    tags: Tags,
    stated: Declared,
    images: tuple[Image, ...],
    fetched_at: datetime,
    timezone: str,
    rates: ExchangeRates | None,
) -> Article:
    key = identify(roles.document.address)
    date = find_date_text(roles, title.text if title else "", body, stated, fetched_at, timezone)
    author, author_evidence = _author(roles, stated)
    attribution = _attribution(roles, body)
    evidence = {
        "title": title.evidence if title else None,
        "date": date.evidence,
        "body": Evidence(body.lines[0].element.tag, left_out=body.left_out) if body.lines else None,
        "tags": tags.evidence,
        "attribution": Evidence("line") if attribution else None,
        "author": author_evidence,
    }
    return Article(
        title=title.text if title else "",
        paragraphs=body.paragraphs,
        lead=body.paragraphs[0] if body.paragraphs else None,
        date_text=date.text,
        attribution=attribution,
        tags=tags.tags,
        author=author,
        images=images,
        links=tuple(Link(anchor.address, anchor.text) for line in body.lines for anchor in line.anchors),
        section=key.section if key else None,
        external_id=key.external_id if key else None,
        rates=rates,
        evidence={field: found for field, found in evidence.items() if found is not None},
        notes=_notes(date, body, tags),
    )


def _notes(date: DateLine, body: Body, tags: Tags) -> tuple[str, ...]:
    doubts = {
        "date/impossible": date.has_impossible,
        "body/left_out": body.left_out > 0,
        "tags/label_without_tags": tags.is_label_empty,
    }
    return tuple(note for note, is_noted in doubts.items() if is_noted)


def _attribution(roles: Roles, body: Body) -> Attribution | None:
    """Return the attribution nearest to the body; one below it is preferred to one above."""
    lines = roles.lines_of(Role.ATTRIBUTION)
    if not lines:
        return None
    last = body.lines[-1].index if body.lines else roles.title.index if roles.title else 0
    first = body.lines[0].index if body.lines else last
    near = [line for line in lines if first - ATTRIBUTION_NEAR <= line.index <= last + ATTRIBUTION_NEAR]
    best = min(near, key=lambda line: (line.index < last, abs(line.index - last)), default=None)
    if best is None:
        return None
    return read_attribution_line(best.text, best.anchors[0].address if best.anchors else None, roles.own_names)


def _author(roles: Roles, stated: Declared) -> tuple[str | None, Evidence | None]:
    for line in roles.lines_of(Role.BYLINE):
        if name := byline_name(line.text):
            if stated.author is None:
                return name, Evidence("byline")
            return name, Evidence("byline", stated.author[0], stated.author[1] == name)
    if stated.author is not None:
        return stated.author[1], Evidence(stated.author[0])
    return None, None


def _images(roles: Roles, body: Body) -> tuple[Image, ...]:
    """Return the pictures between the title and the end of the body, with their captions."""
    document = roles.document
    first = roles.title.index if roles.title else body.lines[0].index if body.lines else 0
    last = body.lines[-1].index + 1 if body.lines else first + 2
    found: dict[str, Image] = {}
    # A caption below several pictures in a row belongs to the last one.
    captioned = {picture.before: picture for picture in document.pictures}
    for picture in document.pictures:
        is_teaser = picture.before < len(roles.of) and roles.of[picture.before] is Role.TEASER
        linked = identify(picture.target) if picture.target else None
        inside = first <= picture.before <= last + 1
        if (
            picture.is_small
            or is_teaser
            or linked
            or not inside
            or picture.element.region in {"nav", "footer", "aside", "form"}
        ):
            continue
        line = picture.before if captioned[picture.before] is picture else None
        found.setdefault(picture.address, Image(picture.address, _caption(line, picture.alt, roles)))
    return tuple(found.values())


def _caption(below: int | None, alt: str, roles: Roles) -> str | None:
    """Return the text of the caption line below a picture, else its `alt`, unless that is the title."""
    lines = roles.document.lines
    if below is not None and below < len(lines) and roles.of[below] is Role.CAPTION:
        return lines[below].text
    is_title = roles.title is not None and alt == roles.title.text
    return alt if alt and not is_title else None
