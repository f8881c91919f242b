"""What each line of a page is, as far as the line itself and its surroundings tell.

What no rule claims stays free, and may be the body.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

from armcrawl.reading.captions import mark_captions
from armcrawl.reading.comments import mark_comments
from armcrawl.reading.dated_line import is_date_line, is_of_document
from armcrawl.reading.entries import find_entries
from armcrawl.reading.header import names_both_rates
from armcrawl.reading.role import FREE, LABELS_OF_BOXES, Role
from armcrawl.reading.teasers import LEAST_LINKED, LONGEST_TEASER, mark_teasers
from armcrawl.russian.attribution import read_attribution_line
from armcrawl.russian.phrases import LONGEST_PHRASE, Phrase, phrase_of, speaker_of, speakers
from armcrawl.sites import PageKey, identify, own_names

if TYPE_CHECKING:
    from collections.abc import Iterable

    from armcrawl.reading.document import Document, Element, Line
    from armcrawl.reading.entries import Entry


# What begins with a label that may be a speaker's.
SAID = frozenset({Phrase.BYLINE, Phrase.LEGAL})
ROLE_OF_PHRASE = {phrase: Role[phrase.name] for phrase in Phrase}
CHROME_REGIONS = frozenset({"nav", "header", "footer", "aside", "form", "dialog", "menu"})
# A date, an attribution, a rubric may stand above the title, with a few lines between.
NEAR_ABOVE_TITLE = 12
# A row of stars or underscores is a rule.
SAYS_SOMETHING = re.compile(r"[^\W_]")
# What is told is not mostly links.
MOST_LINKED_TOLD = 0.5
# Numbers and dates are pieces of sentences as well, and tell it by nothing of their own.
WRAPPABLE = frozenset({Role.COUNTER, Role.DATE})
# A line that was wrapped by hand ends with a comma, or with a word that never ends a clause.
AMID_CLAUSE = re.compile(
    r"(?:,|(?<!\w)(?:без|в|во|до|для|за|и|из|или|к|ко|на|не|о|об|от|по|под|при|с|со|у|что))$", re.IGNORECASE
)


class Roles:
    """The roles of a page's lines, by index."""

    def __init__(self, document: Document, title: Line | None) -> None:
        self.document = document
        self.title = title
        self.title_index = -1 if title is None else title.index
        self.own = identify(document.address)
        self.own_names = own_names(document.address)
        self.of: list[Role] = [Role.FREE] * len(document.lines)
        self.targets = self._targets()
        self.teased: set[PageKey] = set()
        # How often lines were claimed: what depends on it need not be made again while it stays.
        self.claims = 0
        self._mark_regions()
        mark_teasers(self)
        self._mark_phrases()
        self._mark_boxes()
        mark_captions(self)
        mark_comments(self)
        if title is not None:
            self.of[title.index] = Role.TITLE

    def is_free(self, line: Line) -> bool:
        """Tell whether no rule has claimed the line."""
        return self.of[line.index] is FREE

    def lines_of(self, role: Role) -> list[Line]:
        """Return the lines of a role."""
        if role not in self.of:
            return []
        return [line for line, its in zip(self.document.lines, self.of, strict=True) if its is role]

    def mark(self, lines: Iterable[Line], role: Role) -> None:
        """Claim lines that are still free."""
        for line in lines:
            if self.of[line.index] is FREE:
                self.of[line.index] = role
                self.claims += 1

    @cached_property
    def entries(self) -> list[Entry]:
        """The blocks of the page that announce other pages of its site."""
        return find_entries(self.document, self.title)

    @cached_property
    def told(self) -> str:
        """What the page says beside its links, in lower case and without ё: names are looked for in it."""
        unlinked = [line.text for line in self.document.lines if line.link_share < MOST_LINKED_TOLD]
        return " ".join(unlinked).casefold().replace("ё", "е")

    def give_back(self, lines: Iterable[Line]) -> None:
        """Make lines free that a rule claimed by what they look like alone."""
        for line in lines:
            self.of[line.index] = Role.FREE

    def has_title(self, element: Element) -> bool:
        """Tell whether the title is shown inside an element."""
        return element.first <= self.title_index < element.end

    def _targets(self) -> dict[int, PageKey]:
        """Lines that are mostly a link to another article, and to which."""
        targets: dict[int, PageKey] = {}
        for line in self.document.linked:
            if line.link_share < LEAST_LINKED:
                continue
            for anchor in line.anchors:
                if (key := identify(anchor.address)) is not None:
                    if key != self.own:
                        targets[line.index] = key
                    break
        return targets

    def _mark_regions(self) -> None:
        # In page order, so that what is inside another region counts in its place.
        for element in self.document.regions:
            role = Role.CAPTION if element.region == "figcaption" else Role.FREE
            if element.region in CHROME_REGIONS and not self._is_of_article(element):
                role = Role.CHROME
            self.of[element.first : element.end] = [role] * (element.end - element.first)

    def _mark_boxes(self) -> None:
        """Mark what a label («Читайте также») and the links below it share a box with: their leads."""
        if LABELS_OF_BOXES.isdisjoint(self.of):
            return
        lines = self.document.lines
        for label in [lines[index] for index, role in enumerate(self.of) if role in LABELS_OF_BOXES]:
            for element in label.element.ancestors():
                # A box begins with its label; what begins earlier holds more than the box.
                if element.first < label.index or self.has_title(element):
                    break
                inside = lines[element.first : element.end]
                if sum([len(line.text) - line.linked for line in inside]) > LONGEST_TEASER:
                    break
                if any(line.index in self.targets for line in inside):
                    self.mark(inside, Role.TEASER)

    def _is_of_article(self, region: Element) -> bool:
        """Tell whether a header or footer is the article's own: around the title, or inside `<article>`."""
        if self.has_title(region):
            return True
        own = next((element for element in region.ancestors() if element.tag == "article"), None)
        return region.region in {"header", "footer"} and own is not None and self.has_title(own)

    def _mark_phrases(self) -> None:
        # What is far above the title is menus; their words mean nothing to the article.
        first = max(0, self.title.index - NEAR_ABOVE_TITLE) if self.title is not None else 0
        for line in self.document.lines[first:]:
            if self.of[line.index] is not FREE or len(line.text) > LONGEST_PHRASE or line.is_link:
                continue
            role = self._role_by_words(line)
            if role is not None:
                self.of[line.index] = role

    def _role_by_words(self, line: Line) -> Role | None:
        """Return what a short line is by its words, unless a paragraph that is wrapped by hand goes on through it."""
        if not (line.text[:1].isalnum() or SAYS_SOMETHING.search(line.text)):
            return Role.CHROME
        if names_both_rates(line.text):
            return Role.CHROME
        role = self._role_by_phrase(line)
        if role is None and is_date_line(line) and not is_of_document(line):
            role = Role.DATE
        if role is None or (line.gap == 1 and self._breaks_off_above(line)):
            return None
        return None if role in WRAPPABLE and self.goes_on_below(line) else role

    def _role_by_phrase(self, line: Line) -> Role | None:
        phrase = phrase_of(line.text)
        if phrase is not None and not self._says_otherwise(phrase, line):
            return ROLE_OF_PHRASE[phrase]
        return Role.ATTRIBUTION if read_attribution_line(line.text, own_names=self.own_names) else None

    def _says_otherwise(self, phrase: Phrase, line: Line) -> bool:
        """Tell whether a line that begins with a phrase is something else all the same."""
        if phrase in SAID and (label := speaker_of(line.text)) and label in self.speakers:
            return True
        if phrase is Phrase.BYLINE:
            return is_date_line(line)
        return phrase is Phrase.TAGS and not line.anchors and ":" not in line.text and len(line.text) > 20

    @cached_property
    def speakers(self) -> frozenset[str]:
        """The labels of those who talk in the text: an interview's lines begin as bylines do."""
        return speakers(line.text for line in self.document.lines)

    def _breaks_off_above(self, line: Line) -> bool:
        """Tell whether a line is a piece of a paragraph wrapped by hand: the one above it ends amid a clause."""
        above = self.document.lines[line.index - 1] if line.index else line
        return above.element is line.element and self.is_free(above) and AMID_CLAUSE.search(above.text) is not None

    def goes_on_below(self, line: Line) -> bool:
        """Tell whether the line below goes on amid a clause, in a paragraph wrapped by hand."""
        lines = self.document.lines
        below = lines[line.index + 1] if line.index + 1 < len(lines) else line
        goes_on = below.element is line.element and below.gap == 1 and below.text[:1].islower()
        return goes_on and phrase_of(below.text) is None and not below.is_link
