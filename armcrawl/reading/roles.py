"""What each line of a page is, as far as the line itself and its surroundings tell.

What no rule claims stays free, and may be the body.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from enum import IntEnum, auto
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from armcrawl.addresses import PageKey, identify
from armcrawl.reading.entries import find_entries
from armcrawl.reading.header import names_both_rates
from armcrawl.reading.prose import is_name
from armcrawl.russian.attribution import read_attribution_line
from armcrawl.russian.date_lines import ENTRY, LABEL_AMID, OF_DOCUMENT, is_of_event
from armcrawl.russian.dates import find_date
from armcrawl.russian.phrases import LONGEST_PHRASE, Phrase, phrase_of, speaker_of, speakers

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from armcrawl.reading.document import Document, Element, Line, Picture
    from armcrawl.reading.entries import Entry


class Role(IntEnum):
    """A line's part in the page."""

    FREE = auto()
    CHROME = auto()
    TEASER = auto()
    COMMENT = auto()
    CAPTION = auto()
    TITLE = auto()
    DATE = auto()
    TAGS = auto()
    ATTRIBUTION = auto()
    RELATED = auto()
    READ_ALSO = auto()
    COMMENTS = auto()
    CALL = auto()
    COUNTER = auto()
    BYLINE = auto()
    CREDIT = auto()
    LEGAL = auto()


# What begins with a label that may be a speaker's.
SAID = frozenset({Phrase.BYLINE, Phrase.LEGAL})
LABELS_OF_BOXES = frozenset({Role.READ_ALSO, Role.RELATED})
ROLE_OF_PHRASE = {phrase: Role[phrase.name] for phrase in Phrase}
CHROME_REGIONS = frozenset({"nav", "header", "footer", "aside", "form", "dialog", "menu"})
# A teaser's lead is one or two sentences; 500 characters are more than any seen.
LONGEST_TEASER = 500
# A caption names what is shown: 150 characters are three lines under a picture.
LONGEST_CAPTION = 200
# A name, a date, a few paragraphs, and buttons to answer and to like.
MOST_LINES_OF_COMMENT = 12
# A date, an attribution, a rubric may stand above the title, with a few lines between.
NEAR_ABOVE_TITLE = 12
# A line that holds a date and little else: counters, a rubric, an author.
LONGEST_DATE_LINE = 120
MOST_BESIDE_DATE = 60
# A link that is a date has no more beside it than a clock, or «Опубликовано»; a headline with its date is longer.
MOST_BESIDE_LINKED_DATE = 20
# A link of so many words is a headline; rubrics and names have fewer.
FEWEST_WORDS_OF_HEADLINE = 5
# A row of stars or underscores is a rule.
SAYS_SOMETHING = re.compile(r"[^\W_]")
# A date or a rubric before a headline leaves most of the line a link.
LEAST_LINKED = 0.6
# What ends a text and is followed by comments: behind it like blocks with dates are such.
BEFORE_COMMENTS = frozenset({Role.ATTRIBUTION, Role.TAGS, Role.COMMENTS, Role.LEGAL, Role.RELATED})
# What is told is not mostly links.
MOST_LINKED_TOLD = 0.5
CLOCK = re.compile(r"\d:\d\d")
CAPITAL = re.compile("[А-ЯЁA-Z]")
# Between the line behind a picture and the next sentence stand a short paragraph or two at most.
NEAR_SENTENCE = 3
# Numbers and dates are pieces of sentences as well, and tell it by nothing of their own.
WRAPPABLE = frozenset({Role.COUNTER, Role.DATE})
# A line that was wrapped by hand ends with a comma, or with a word that never ends a clause.
AMID_CLAUSE = re.compile(
    r"(?:,|(?<!\w)(?:без|в|во|до|для|за|и|из|или|к|ко|на|не|о|об|от|по|под|при|с|со|у|что))$", re.IGNORECASE
)
SENTENCE_ENDS = (".", "!", "?", "…", ".»", "!»", "?»", ":", ";")


class Roles:
    """The roles of a page's lines, by index."""

    def __init__(self, document: Document, title: Line | None) -> None:
        self.document = document
        self.title = title
        self.title_index = -1 if title is None else title.index
        self.own = identify(document.address)
        self.of: list[Role] = [Role.FREE] * len(document.lines)
        self.targets = self._targets()
        self.teased: set[PageKey] = set()
        # How often lines were claimed: what depends on it need not be made again while it stays.
        self.claims = 0
        self._mark_regions()
        self._mark_teasers()
        self._mark_phrases()
        self._mark_boxes()
        self._mark_pictures()
        self._mark_comments()
        if title is not None:
            self.of[title.index] = Role.TITLE

    def is_free(self, line: Line) -> bool:
        """Tell whether no rule has claimed the line."""
        return self.of[line.index] is Role.FREE

    def lines_of(self, role: Role) -> list[Line]:
        """Return the lines of a role."""
        if role not in self.of:
            return []
        return [line for line, its in zip(self.document.lines, self.of, strict=True) if its is role]

    def mark(self, lines: Iterable[Line], role: Role) -> None:
        """Claim lines that are still free."""
        for line in lines:
            if self.of[line.index] is Role.FREE:
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
                if sum(len(line.text) - line.linked for line in inside) > LONGEST_TEASER:
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
            if self.of[line.index] is not Role.FREE or len(line.text) > LONGEST_PHRASE or line.is_link:
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
        return None if role in WRAPPABLE and self._goes_on_below(line) else role

    def _role_by_phrase(self, line: Line) -> Role | None:
        phrase = phrase_of(line.text)
        if phrase in SAID and (label := speaker_of(line.text)) and label in self.speakers:
            phrase = None
        if phrase is Phrase.BYLINE and is_date_line(line):
            phrase = None
        if phrase is Phrase.TAGS and not line.anchors and ":" not in line.text and len(line.text) > 20:
            phrase = None
        if phrase is not None:
            return ROLE_OF_PHRASE[phrase]
        return Role.ATTRIBUTION if read_attribution_line(line.text) else None

    @cached_property
    def speakers(self) -> frozenset[str]:
        """The labels of those who talk in the text: an interview's lines begin as bylines do."""
        return speakers(line.text for line in self.document.lines)

    def _breaks_off_above(self, line: Line) -> bool:
        """Tell whether a line is a piece of a paragraph wrapped by hand: the one above it ends amid a clause."""
        above = self.document.lines[line.index - 1] if line.index else line
        return above.element is line.element and self.is_free(above) and AMID_CLAUSE.search(above.text) is not None

    def _goes_on_below(self, line: Line) -> bool:
        """Tell whether the line below goes on amid a clause, in a paragraph wrapped by hand."""
        lines = self.document.lines
        below = lines[line.index + 1] if line.index + 1 < len(lines) else line
        goes_on = below.element is line.element and below.gap == 1 and below.text[:1].islower()
        return goes_on and phrase_of(below.text) is None and not below.is_link

    def _mark_pictures(self) -> None:
        lines = self.document.lines
        for picture in self.document.pictures:
            if picture.is_small:
                continue
            holder = _figure(picture, self)
            if holder is not None:
                self.mark(lines[holder.first : holder.end], Role.CAPTION)
                # «Источник: …» beside a picture is the picture's.
                for index in range(holder.first, holder.end):
                    if self.of[index] is Role.ATTRIBUTION:
                        self.of[index] = Role.CREDIT
            following = lines[picture.before] if picture.before < len(lines) else None
            if following is not None and self._is_flat_caption(following, picture):
                self.mark([following], Role.CAPTION)

    def _is_flat_caption(self, line: Line, picture: Picture) -> bool:
        """Tell whether a line right behind a picture is its caption: one that is short and no sentence."""
        if line is self.title or line.is_link or line.heading or len(line.text) > LONGEST_CAPTION:
            return False
        # A picture and a line that each have an element of the same kind are two paragraphs.
        if line.text != picture.alt and picture.element is not line.element and picture.element.is_like(line.element):
            return False
        if line.text == picture.alt:
            return True
        if line.text.endswith(SENTENCE_ENDS) or self._goes_on_below(line) or self.title is None:
            return False
        return line.index > self.title.index and not self._is_set_as_text(line, picture)

    def _is_set_as_text(self, line: Line, picture: Picture) -> bool:
        """Tell whether a line has an element of its own that looks as the next sentence's: a caption has not."""
        if line.element is picture.element or line.emphasis:
            return False
        below = self.document.lines[line.index + 1 : line.index + 1 + NEAR_SENTENCE]
        sentence = next((one for one in below if one.text.endswith(SENTENCE_ENDS)), None)
        return sentence is not None and sentence.element.signature == line.element.signature

    def _mark_teasers(self) -> None:
        indexes, claims = sorted(self.targets), self.claims
        for element in self._around(indexes):
            if claims != self.claims:
                claims = self.claims
                indexes = [index for index in indexes if self.of[index] is not Role.TEASER]
            self._mark_flat_teasers(element, indexes)
            if len(element.children) < 2:
                continue
            run: list[Element] = []
            for child in element.children:
                if child.first == child.end:
                    continue
                is_teaser = self._is_teaser(child, indexes)
                if run and not (is_teaser and child.tag == run[-1].tag):
                    self._mark_run(run)
                    run = []
                if is_teaser:
                    run.append(child)
            self._mark_run(run)

    def _around(self, indexes: Iterable[int]) -> list[Element]:
        """Return all elements around some lines, inside ones before those around them."""
        lines = self.document.lines
        found = {element: None for index in indexes for element in lines[index].element.ancestors()}
        return sorted(found, key=lambda element: -element.depth)

    def _is_teaser(self, element: Element, indexes: Sequence[int]) -> bool:
        """Tell whether an element points to one other article and holds little else."""
        inside = indexes[bisect_left(indexes, element.first) : bisect_left(indexes, element.end)]
        if not inside or self.has_title(element) or len({self.targets[index] for index in inside}) != 1:
            return False
        lines = self.document.lines[element.first : element.end]
        return sum(len(line.text) - line.linked for line in lines) <= LONGEST_TEASER

    def _mark_run(self, run: list[Element]) -> None:
        if len(run) < 2:
            return
        keys = {self.targets[index] for item in run for index in range(item.first, item.end) if index in self.targets}
        if len(keys) < 2:
            return
        self.teased |= keys
        for item in run:
            self.mark(self.document.lines[item.first : item.end], Role.TEASER)

    def _mark_flat_teasers(self, element: Element, indexes: Sequence[int]) -> None:
        """Mark teasers that follow each other without containers: link, lead, link, lead."""
        inside = indexes[bisect_left(indexes, element.first) : bisect_left(indexes, element.end)]
        if len(inside) < 2:
            return
        lines = self.document.lines
        flat = [index for index in inside if lines[index].is_link and lines[index].element.depth - element.depth <= 3]
        if len({self.targets[index] for index in flat}) < 2:
            return
        for run in _close_runs(flat):
            keys = {self.targets[index] for index in run}
            # Two links with one paragraph between them are «Читайте также»; three are a block.
            if len(keys) < 2 or (len(keys) == 2 and run[-1] - run[0] > len(run) - 1):
                continue
            block = lines[run[0] : run[-1] + 1]
            if any(line is self.title or len(line.text) > LONGEST_TEASER for line in block):
                continue
            self.teased |= keys
            self.mark(block, Role.TEASER)
            self._mark_last_lead(run)

    def _mark_last_lead(self, run: list[int]) -> None:
        """The last teaser's lead follows its link as the others' leads follow theirs."""
        has_leads = any(second - first > 1 for first, second in pairwise(run))
        lines = self.document.lines
        if not has_leads or run[-1] + 1 >= len(lines):
            return
        lead, link = lines[run[-1] + 1], lines[run[-1]]
        if lead.element.signature == lines[run[0] + 1].element.signature or lead.element is link.element:
            self.mark([lead], Role.TEASER)

    def _mark_comments(self) -> None:
        """Mark like siblings that each hold a date, some text and another sign: comments, and teasers of other sites.

        A chronicle has dates as well: who wrote, when to the minute, and links are of comments alone.
        """
        if self.title is None or self.of.count(Role.DATE) < 2:
            return
        dated = [index for index, role in enumerate(self.of) if role is Role.DATE]
        lines = self.document.lines
        first_end = next(
            (index for index in range(self.title.index, len(lines)) if self.of[index] in BEFORE_COMMENTS), None
        )
        for element in self._around(dated):
            items = [
                child
                for child in element.children
                if child.first > self.title.index
                and 2 <= child.end - child.first <= MOST_LINES_OF_COMMENT
                and bisect_left(dated, child.end) - bisect_left(dated, child.first) == 1
            ]
            for first, second in pairwise(items):
                is_behind = first_end is not None and first_end < first.first
                if first.is_like(second) and (is_behind or any(map(self._is_signed, (first, second)))):
                    for item in (first, second):
                        for line in lines[item.first : item.end]:
                            if self.of[line.index] in (Role.FREE, Role.DATE):
                                self.of[line.index] = Role.COMMENT

    def _is_signed(self, item: Element) -> bool:
        """Tell whether a dated block says who wrote it, when to the minute, or leads on: a comment, or a teaser."""
        has_name = has_text = False
        for line in self.document.lines[item.first : item.end]:
            if line.is_link or line.link_share >= LEAST_LINKED:
                return True
            if self.of[line.index] is Role.DATE:
                if CLOCK.search(line.loose):
                    return True
                has_name = has_name or CAPITAL.search(line.loose.replace(find_date(line.loose) or "", "")) is not None
            elif not line.heading and is_name(line) and CAPITAL.match(line.text):
                has_name = True
            else:
                has_text = True
        return has_name and has_text


def is_date_line(line: Line) -> bool:
    """Tell whether a line is a date with at most counters, names, rubrics or tags beside it; it may be a link."""
    if len(line.text) > LONGEST_DATE_LINE:
        return False
    found = find_date(line.loose)
    if found is None:
        return line.moment is not None and not line.is_link and len(line.text) <= MOST_BESIDE_DATE
    before, _, behind = line.loose.partition(found)
    is_entry = ENTRY.match(line.loose) or (LABEL_AMID.search(before) and not line.loose.endswith("."))
    if is_entry and not any(anchor.is_tag for anchor in line.anchors):
        return True
    if is_of_event(before, behind):
        return False
    rest = before + behind if behind else before.rstrip(" ,")
    for anchor in line.anchors:
        if found in anchor.text and len(anchor.text) > len(found) + MOST_BESIDE_LINKED_DATE:
            return False
        # Rubrics and tags say nothing else than that.
        if len(anchor.text.split()) < FEWEST_WORDS_OF_HEADLINE:
            rest = rest.replace(anchor.text, "", 1)
    is_clause = rest.rstrip().endswith((".", "!", "?", ",", ":")) and any(map(str.isalpha, rest))
    return len(rest) <= MOST_BESIDE_DATE and not is_clause and _is_aside(rest)


def is_of_document(line: Line) -> bool:
    """Tell whether a line names a document or a term with its date: «Приказ от 12.10.2026 № 345»."""
    found = find_date(line.loose)
    return found is not None and OF_DOCUMENT.search(line.loose.partition(found)[0]) is not None


def _is_aside(rest: str) -> bool:
    """Tell whether what stands beside a date is labels, numbers and names, not a clause."""
    words = [word for word in rest.split() if word.isalpha() and word.islower()]
    return len(words) <= 3


def _figure(picture: Picture, roles: Roles) -> Element | None:
    """Return the element that holds a picture and its caption, and nothing else, if there is one."""
    lines = roles.document.lines
    found: Element | None = None
    for element in picture.element.ancestors():
        if element.images != 1 or element.parent is None or roles.has_title(element):
            break
        inside = lines[element.first : element.end]
        if not inside:
            continue
        text = " ".join(line.text for line in inside)
        if len(inside) > 2 or len(text) > LONGEST_CAPTION or any(line.is_link for line in inside):
            break
        is_said = any(line.text.endswith(SENTENCE_ENDS) for line in inside)
        if element.region == "figure" or text == picture.alt or not is_said:
            found = element
    return found


def _close_runs(indexes: Sequence[int]) -> list[list[int]]:
    """Part rising line numbers into runs with at most two other lines between neighbours."""
    runs: list[list[int]] = []
    for index in indexes:
        if runs and index - runs[-1][-1] <= 3:
            runs[-1].append(index)
        else:
            runs.append([index])
    return runs
