"""Each line of a page gets the role of the first rule that recognises it; a line that none recognises stays free."""

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

# Phrases whose label may also be that of a speaker in an interview («Автор:», «Главный редактор:»).
# The name of a site, at most 60 characters, and its years: no sentence ends before them, no «на» makes a term of them.
YEARS_OF_A_SITE = re.compile(
    r"[^.!?:]{0,60}\b(?<!\bна )(?<!\bза )(?<!\bв )(?<!\bпо )(?:19|20)\d\d\s?[-–—]\s?20\d\d(?:\s?гг?\.?)?"
)
SPEAKER_PHRASES = frozenset({Phrase.BYLINE, Phrase.LEGAL})
# Characters of a label for tags without a colon or links, such as «Теги новости»; a longer line is a sentence.
MAX_BARE_LABEL = 20
ROLE_OF_PHRASE = {phrase: Role[phrase.name] for phrase in Phrase}
CHROME_REGIONS = frozenset({"nav", "header", "footer", "aside", "form", "dialog", "menu"})
# A letter or digit: a line without one («* * *», «____») only separates.
LETTER_OR_DIGIT = re.compile(r"[^\W_]")
# Roles that a line consisting of a number or a date gets although it may be a piece of a sentence wrapped by hand.
WRAPPABLE = frozenset({Role.COUNTER, Role.DATE})
# The end of a line that was wrapped inside a sentence: a comma, or a word that never ends a clause.
ENDS_MID_CLAUSE = re.compile(
    r"(?:,|(?<!\w)(?:без|в|во|до|для|за|и|из|или|к|ко|на|не|о|об|от|по|под|при|с|со|у|что))$", re.IGNORECASE
)


def roles_of(document: Document, title: Line | None) -> Roles:
    """Return the roles of a page's lines."""
    roles = Roles(document, title)
    _mark_regions(roles)
    mark_teasers(roles)
    _mark_phrases(roles)
    _mark_years_at_the_end(roles)
    _mark_boxes(roles)
    mark_captions(roles)
    mark_comments(roles)
    if title is not None:
        roles.of[title.index] = Role.TITLE
    return roles


def _mark_regions(roles: Roles) -> None:
    # In page order, so that the role of an inner region replaces that of the region around it.
    for element in roles.document.regions:
        role = Role.CAPTION if element.region == "figcaption" else Role.FREE
        if element.region in CHROME_REGIONS and not _is_of_article(roles, element):
            role = Role.CHROME
        roles.of[element.first : element.end] = [role] * (element.end - element.first)


def _mark_years_at_the_end(roles: Roles) -> None:
    """Mark the last line of a page if it is a name with the years of the site: «Гудок, 2009-2025»."""
    last = roles.document.lines[-1] if roles.document.lines else None
    if last is not None and roles.of[last.index] is Role.FREE and YEARS_OF_A_SITE.fullmatch(last.text):
        roles.of[last.index] = Role.LEGAL


def _mark_boxes(roles: Roles) -> None:
    """Mark all lines of a box that begins with a label («Читайте также») and has a link, such as leads, as teasers."""
    if LABELS_OF_BOXES.isdisjoint(roles.of):
        return
    lines = roles.document.lines
    for label in [lines[index] for index, role in enumerate(roles.of) if role in LABELS_OF_BOXES]:
        for element in label.element.ancestors():
            # A box begins with its label: an element that begins earlier contains more than the box.
            if element.first < label.index or roles.has_title(element):
                break
            inside = lines[element.first : element.end]
            if sum([len(line.text) - line.linked for line in inside]) > MAX_TEASER_LENGTH:
                break
            if any(line.index in roles.targets for line in inside):
                roles.mark(inside, Role.TEASER)


def _is_of_article(roles: Roles, region: Element) -> bool:
    """Tell whether a region contains the title, or is a header or footer in the `<article>` around the title."""
    if roles.has_title(region):
        return True
    own = next((element for element in region.ancestors() if element.tag == "article"), None)
    return region.region in {"header", "footer"} and own is not None and roles.has_title(own)


def _mark_phrases(roles: Roles) -> None:
    # Lines far above the title are menus, whose words say nothing about the article.
    first = max(0, roles.title.index - NEAR_ABOVE_TITLE) if roles.title is not None else 0
    for line, claimed in zip(roles.document.lines[first:], roles.of[first:], strict=True):
        if claimed is not FREE or line.is_link or len(line.text) > MAX_PHRASE_LENGTH:
            continue
        role = _role_by_words(roles, line)
        if role is not None:
            roles.of[line.index] = role


def _role_by_words(roles: Roles, line: Line) -> Role | None:
    """Return the role that a short line has by its words; None for a piece of a paragraph wrapped by hand."""
    if not (line.text[:1].isalnum() or LETTER_OR_DIGIT.search(line.text)):
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
    """Tell whether a line begins with a phrase but is something else: a speaker's words, a date, a sentence."""
    if phrase in SPEAKER_PHRASES and (label := speaker_of(line.text)) and label in roles.speakers:
        return True
    if phrase is Phrase.BYLINE:
        return is_date_line(line)
    return phrase is Phrase.TAGS and not line.anchors and ":" not in line.text and len(line.text) > MAX_BARE_LABEL


def _continues_line_above(roles: Roles, line: Line) -> bool:
    """Tell whether a line is a piece of a paragraph wrapped by hand: the line above it ends inside a clause."""
    above = roles.document.lines[line.index - 1] if line.index else line
    return above.element is line.element and roles.is_free(above) and ENDS_MID_CLAUSE.search(above.text) is not None
