"""Each line of a page is claimed by the rule that knows what it is; what no rule claims stays free."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from armcrawl.reading.body.captions import mark_captions
from armcrawl.reading.body.comments import mark_comments
from armcrawl.reading.body.role import FREE, LABELS_OF_BOXES, Role
from armcrawl.reading.body.roles import NEAR_ABOVE_TITLE, Roles
from armcrawl.reading.body.teasers import MAX_TEASER_LENGTH, mark_teasers
from armcrawl.reading.layout.dated_line import is_date_line, is_of_document
from armcrawl.reading.layout.header import names_both_rates
from armcrawl.russian.attribution import read_attribution_line
from armcrawl.russian.phrases import MAX_PHRASE_LENGTH, Phrase, phrase_of, speaker_of

if TYPE_CHECKING:
    from armcrawl.reading.layout.document import Document, Element, Line

# What begins with a label that may be a speaker's.
SPEAKER_PHRASES = frozenset({Phrase.BYLINE, Phrase.LEGAL})
ROLE_OF_PHRASE = {phrase: Role[phrase.name] for phrase in Phrase}
CHROME_REGIONS = frozenset({"nav", "header", "footer", "aside", "form", "dialog", "menu"})
# A row of stars or underscores is a rule.
SAYS_SOMETHING = re.compile(r"[^\W_]")
# Numbers and dates are pieces of sentences as well, and tell it by nothing of their own.
WRAPPABLE = frozenset({Role.COUNTER, Role.DATE})
# A line that was wrapped by hand ends with a comma, or with a word that never ends a clause.
ENDS_MID_CLAUSE = re.compile(
    r"(?:,|(?<!\w)(?:без|в|во|до|для|за|и|из|или|к|ко|на|не|о|об|от|по|под|при|с|со|у|что))$", re.IGNORECASE
)


def roles_of(document: Document, title: Line | None) -> Roles:
    """Return the roles of a page's lines."""
    roles = Roles(document, title)
    _mark_regions(roles)
    mark_teasers(roles)
    _mark_phrases(roles)
    _mark_boxes(roles)
    mark_captions(roles)
    mark_comments(roles)
    if title is not None:
        roles.of[title.index] = Role.TITLE
    return roles


def _mark_regions(roles: Roles) -> None:
    # In page order, so that what is inside another region counts in its place.
    for element in roles.document.regions:
        role = Role.CAPTION if element.region == "figcaption" else Role.FREE
        if element.region in CHROME_REGIONS and not _is_of_article(roles, element):
            role = Role.CHROME
        roles.of[element.first : element.end] = [role] * (element.end - element.first)


def _mark_boxes(roles: Roles) -> None:
    """Mark what a label («Читайте также») and the links below it share a box with: their leads."""
    if LABELS_OF_BOXES.isdisjoint(roles.of):
        return
    lines = roles.document.lines
    for label in [lines[index] for index, role in enumerate(roles.of) if role in LABELS_OF_BOXES]:
        for element in label.element.ancestors():
            # A box begins with its label; what begins earlier holds more than the box.
            if element.first < label.index or roles.has_title(element):
                break
            inside = lines[element.first : element.end]
            if sum([len(line.text) - line.linked for line in inside]) > MAX_TEASER_LENGTH:
                break
            if any(line.index in roles.targets for line in inside):
                roles.mark(inside, Role.TEASER)


def _is_of_article(roles: Roles, region: Element) -> bool:
    """Tell whether a header or footer is the article's own: around the title, or inside `<article>`."""
    if roles.has_title(region):
        return True
    own = next((element for element in region.ancestors() if element.tag == "article"), None)
    return region.region in {"header", "footer"} and own is not None and roles.has_title(own)


def _mark_phrases(roles: Roles) -> None:
    # What is far above the title is menus; their words mean nothing to the article.
    first = max(0, roles.title.index - NEAR_ABOVE_TITLE) if roles.title is not None else 0
    for line in roles.document.lines[first:]:
        if roles.of[line.index] is not FREE or len(line.text) > MAX_PHRASE_LENGTH or line.is_link:
            continue
        role = _role_by_words(roles, line)
        if role is not None:
            roles.of[line.index] = role


def _role_by_words(roles: Roles, line: Line) -> Role | None:
    """Return what a short line is by its words, unless a paragraph that is wrapped by hand goes on through it."""
    if not (line.text[:1].isalnum() or SAYS_SOMETHING.search(line.text)):
        return Role.CHROME
    if names_both_rates(line.text):
        return Role.CHROME
    role = _role_by_phrase(roles, line)
    if role is None and is_date_line(line) and not is_of_document(line):
        role = Role.DATE
    if role is None or (line.gap == 1 and _continues_line_above(roles, line)):
        return None
    return None if role in WRAPPABLE and roles.continues_below(line) else role


def _role_by_phrase(roles: Roles, line: Line) -> Role | None:
    phrase = phrase_of(line.text)
    if phrase is not None and not _is_misleading(roles, phrase, line):
        return ROLE_OF_PHRASE[phrase]
    return Role.ATTRIBUTION if read_attribution_line(line.text, own_names=roles.own_names) else None


def _is_misleading(roles: Roles, phrase: Phrase, line: Line) -> bool:
    """Tell whether a line that begins with a phrase is something else all the same."""
    if phrase in SPEAKER_PHRASES and (label := speaker_of(line.text)) and label in roles.speakers:
        return True
    if phrase is Phrase.BYLINE:
        return is_date_line(line)
    return phrase is Phrase.TAGS and not line.anchors and ":" not in line.text and len(line.text) > 20


def _continues_line_above(roles: Roles, line: Line) -> bool:
    """Tell whether a line is a piece of a paragraph wrapped by hand: the one above it ends amid a clause."""
    above = roles.document.lines[line.index - 1] if line.index else line
    return above.element is line.element and roles.is_free(above) and ENDS_MID_CLAUSE.search(above.text) is not None
