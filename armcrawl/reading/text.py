"""The text: each free line between its title and its end, with the reason why it is text or is none.

The text's main look is found first, and the container that holds it. Whatever stands in that container belongs, however
short and whatever its element, unless two witnesses say that it is a box: another container, another look, a label that
opens boxes, links, elements without a sentence, a place behind what ends texts. Outside of the container a line must
be a sentence. A text that goes on in further elements beside its container is read as one with it.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from armcrawl.addresses import host_of
from armcrawl.reading.boxes import (
    ABOUT_OTHERS,
    IN_BOXES,
    LABELS,
    OTHER_REGIONS,
    is_called_box,
    is_mostly_links,
    unwrapped,
)
from armcrawl.reading.comments import CLOCK
from armcrawl.reading.entries import own_hosts
from armcrawl.reading.limits import ENDS, limit_of
from armcrawl.reading.prose import ends_as_sentence, is_name, is_prose, is_sentence
from armcrawl.reading.role import Role
from armcrawl.reading.roles import NEAR_ABOVE_TITLE
from armcrawl.russian.phrases import phrase_of
from armcrawl.russian.typography import normal_form

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from armcrawl.reading.document import Element, Line
    from armcrawl.reading.roles import Roles

# Behind a label a box shows within so many lines what it is.
NEAR_LABEL = 4
# Quotes, dashes and white space make two prints of one text differ in length by a few characters at most.
MOST_UNEVEN = 20
# A section of a text has two full sentences, or one among headings and short lines.
FEWEST_SENTENCES = 2
FEWEST_LINES = 4
# What the text itself may hold of it.
IN_TEXTS = frozenset({Role.READ_ALSO, Role.DATE, Role.COUNTER})
# One witness may be wrong: a look or an element of its own has many a paragraph.
WITNESSES = 2
# What a text itself is made of: none of these is a box.
TEXT_TAGS = frozenset(
    "p blockquote li ul ol dl dd dt h2 h3 h4 h5 h6 table thead tbody tfoot tr td th pre figure center details".split()
)
# A text may be set in one of these as a whole.
CELLS = frozenset({"td", "center"})
# The parts of a table or a list.
ENTRIES = frozenset({"td", "th", "li", "dd", "dt"})
DIGIT = re.compile(r"\d")
# Where a page is handed on to friends, and where its newsroom is followed.
SHARING = re.compile(
    r"//(?:[\w-]+\.)?(?:vk\.com|vkontakte\.ru|t\.me|telegram\.me|ok\.ru|max\.ru|dzen\.ru|rutube\.ru|youtube\.com|youtu\.be|twitter\.com|"
    r"x\.com|facebook\.com|instagram\.com|linkedin\.com|whatsapp\.com|wa\.me|viber\.com|pinterest\.com)(?:/|$)|[/?]share",
    re.IGNORECASE,
)
NUMBER = re.compile(r"[\d\s]+")


class Fate(NamedTuple):
    """What became of a free line, and why."""

    line: Line
    is_text: bool
    reason: str


class Text:
    """The search for the text among the free lines of a page that has prose."""

    def __init__(self, roles: Roles, free: Sequence[Line], prose: Sequence[Line], start: int) -> None:
        self.roles = roles
        self.lines = roles.document.lines
        self.free = free
        self.start = start
        self.known = set(free)
        self.indexes = [line.index for line in free]
        limit = limit_of(roles, prose, start)
        early = [line for line in prose if line.index < limit]
        if later := self._text_behind_tags(early, prose, limit):
            early = later
        self.is_styled = _is_styled_alike(early)
        main = self.main = self._main(early)
        self.container = self._container(main)
        self.looks = self._own_looks(main)
        self._grow(limit)
        self.parts = self._parts(limit)
        if len(self.parts) > 1:
            known = set(main)
            others = [part for part in self.parts if part is not self.container]
            main = [line for line in early if line in known or any(part.holds(line.index) for part in others)]
            self.main = main
        self.main_looks = {self._look(line) for line in main}
        self.looks = self._own_looks(main)
        self.boxes: dict[Element, tuple[str, ...]] = {}
        self.leads: dict[int, set[str]] = {}
        self.last = max(line.index for line in main)
        self.last = self._last_prose(limit)
        self.scope_end = max(self._scope().end, self.parts[-1].end)
        ending = ENDS | IN_BOXES
        ends = (line.index for line in self.lines[self.last + 1 : limit] if roles.of[line.index] in ending)
        self.end = next(ends, limit)

    def fates(self) -> list[Fate]:
        """Return what becomes of each free line between the title and the end of the article's container.

        Prose further down, up to what ends the article, is of something else, but told: no text is lost in silence.
        """
        found: list[Fate] = []
        behind: list[str] = []
        seen = self.last
        for line in self.free:
            if line.index < self.parts[0].first and line.index < self.main[0].index:
                found.append(self._above(line))
                continue
            if line.index >= self.scope_end:
                if line.index >= self.end:
                    break
                if line.index in self.listed:
                    continue
                found.append(Fate(line, is_text=False, reason="below the text's containers"))
                continue
            if line.index > self.last and not behind:
                behind = self._ends_between(seen, line.index)
                seen = line.index
            witnesses = [*self._witnesses(line), *behind]
            is_text = len(witnesses) < WITNESSES
            found.append(Fate(line, is_text, " and ".join(witnesses) or "in the text's container"))
        return self._without_last_headings(found)

    def amid(self) -> list[Line]:
        """Return the bare numbers and dates that stand among the text, or in its tables and lists: they are text.

        A date with a clock is a publication's, and so is the first date where none stands above the text.
        """
        of, first = self.roles.of, self.main[0].index
        is_dated = Role.DATE in of[max(0, self.start - NEAR_ABOVE_TITLE) : first]
        found: list[Line] = []
        dated: Element | None = None
        for line in self.lines[first + 1 : self.parts[-1].end]:
            role = of[line.index]
            if role is Role.FREE and line.index < self.last and line.is_link and self._is_linked_text(line):
                found.append(line)
            # What is named in microdata is said of the page.
            if role is Role.COMMENTS and line.index < self.last and not DIGIT.search(line.text):
                # «Обсуждение» heads a part of a paper, where text of the main look goes on behind it.
                found.append(line)
            if role not in (Role.DATE, Role.COUNTER) or line.is_link or line.itemprop:
                continue
            branch = self._branch(line)
            if branch is None:
                continue
            if role is Role.DATE and not is_dated:
                is_dated, dated = True, branch
                continue
            if branch is dated and branch not in self.parts:
                continue
            cell = _cell(line, branch) if branch not in self.parts else None
            is_bare = NUMBER.fullmatch(line.text) if role is Role.COUNTER else cell or not CLOCK.search(line.loose)
            is_set_as_text = cell or line.heading or self._look(line) in self.main_looks or self._is_told(branch)
            is_of_data = cell is line.element and not cell.children and self._is_of_data(branch)
            if is_bare and ((line.index < self.last and is_set_as_text) or is_of_data):
                found.append(line)
        return found

    def _is_linked_text(self, line: Line) -> bool:
        """Tell whether a line that is one link to another site is a heading, an item or a sentence of the text.

        Buttons and banners have other elements, and links to the own site lead to other articles.
        """
        if self._branch(line) is None or phrase_of(line.text) is not None:
            return False
        if any(SHARING.search(one.address) or host_of(one.address) in self.own_hosts for one in line.anchors):
            return False
        is_paragraph = self._look(line) in self.main_looks and ends_as_sentence(line.text)
        return is_paragraph or line.heading > 0 or line.element.tag in ENTRIES - {"td", "th"}

    @cached_property
    def own_hosts(self) -> set[str]:
        """The hosts of the page."""
        return own_hosts(self.roles.document)

    def _is_told(self, branch: Element) -> bool:
        """Tell whether a part of the container tells what was when: dates and sentences, and nothing else."""
        lines = self.lines[branch.first : branch.end]
        is_plain = all(self.roles.of[line.index] in (Role.FREE, Role.DATE) and not line.is_link for line in lines)
        return is_plain and any(map(is_sentence, lines))

    def _is_of_data(self, branch: Element) -> bool:
        """Tell whether a table or list is one of data: it says something beside numbers and dates, and links nowhere.

        A list of details, as date, views and rubric, says less than it counts.
        """
        branch = unwrapped(branch)
        lines = self.lines[branch.first : branch.end]
        said = sum(self.roles.is_free(line) for line in lines)
        is_table = branch.tag == "table"
        return said >= (1 if is_table else len(lines) / 2) and not any(line.linked for line in lines)

    def _look(self, line: Line) -> object:
        return line.element.signature if self.is_styled else _tags(line.element)

    def _own_looks(self, lines: Sequence[Line]) -> set[tuple[str, str]]:
        return {self._own_look(line.element) for line in lines}

    def _own_look(self, element: Element) -> tuple[str, str]:
        return element.tag, element.classes if self.is_styled else ""

    def _main(self, prose: Sequence[Line]) -> list[Line]:
        """Return the lines of prose that share the look of most of it; of equals the first.

        What announces other pages, or stands in a box that is called one, may have more of it than a short text.
        """
        own = [line for line in prose if not self._is_in_box(line)] or list(prose)
        looks = {line: self._look(line) for line in own}
        if len(set(looks.values())) == 1:
            return list(own)
        sizes: dict[object, int] = {}
        for line in [line for line in own if line.index not in self.listed] or own:
            sizes[looks[line]] = sizes.get(looks[line], 0) + len(line.text)
        main = max(sizes, key=lambda look: sizes[look])
        return [line for line in own if looks[line] == main]

    @cached_property
    def listed(self) -> set[int]:
        """The lines that announce other pages of the site."""
        return {index for entry in self.roles.entries for index in range(entry.first, entry.end)}

    def _is_in_box(self, line: Line) -> bool:
        """Tell whether an element around a line, but not around the title, is called a box."""
        for element in line.element.ancestors():
            if self.roles.has_title(element):
                break
            if is_called_box(element):
                return True
        return False

    def _text_behind_tags(self, early: Sequence[Line], prose: Sequence[Line], limit: int) -> list[Line]:
        """Return the prose behind a line of tags or a date that follows a lone lead, if that is the text."""
        if (
            len(early) != 1
            or limit >= len(self.lines)
            or not {Role.TAGS, Role.DATE, Role.LEGAL}.intersection(self.roles.of[limit : limit + NEAR_LABEL])
        ):
            return []
        end = limit_of(self.roles, prose, limit + 1)
        after = [line for line in prose if limit <= line.index < end]
        if not after:
            return []
        first = after[0].element
        holder = first.parent if first.tag in TEXT_TAGS and first.parent is not None else first
        text = [line for line in after if holder.holds(line.index)]
        # A box of teasers has as many sentences, each beside a link.
        is_text = len(text) > 1 and not any(
            line.is_link or self.roles.of[line.index] in IN_BOXES for line in self.lines[holder.first : text[-1].index]
        )
        return text if is_text else []

    def _container(self, main: Sequence[Line]) -> Element:
        """Return the innermost element that holds all main lines, and what is around a lone paragraph or a list."""
        element = main[0].element
        while element.parent is not None and not (element.holds(main[-1].index) and self._may_be_container(element)):
            element = element.parent
        return element

    def _may_be_container(self, element: Element) -> bool:
        return element.end - element.first > 1 and (element.tag not in TEXT_TAGS or element.tag in CELLS)

    def _grow(self, limit: int) -> None:
        """Widen the container while prose of a known or of no look goes on right behind it.

        Where the title is in what is around it, the prose stands in that itself; it may stand above a lone sentence.
        """
        if self.roles.title is None:
            return
        while (parent := self.container.parent) is not None and not self.roles.has_title(self.container):
            if self.roles.has_title(parent):
                if self._stands_beside(parent, limit):
                    self.container = parent
                break
            if not self._goes_on(self.container.end, parent.end, limit):
                break
            self.container = parent

    def _stands_beside(self, parent: Element, limit: int) -> bool:
        """Tell whether sentences stand beside the container, in the element around both."""
        is_lone = sum(self.container.holds(line.index) and is_prose(line) for line in self.free) == 1
        goes_on = self._goes_on(self.container.end, parent.end, limit)
        first = self.start if is_lone else self.container.end
        return any(
            (parent in (line.element, line.element.parent) or (is_lone and not _part_of(parent, line).classes))
            and is_prose(line)
            and not self._is_other_look(line.element)
            and not self.container.holds(line.index)
            and (goes_on or line.index < self.container.first)
            for line in self.free[bisect_left(self.indexes, first) : bisect_left(self.indexes, min(parent.end, limit))]
        )

    def _parts(self, limit: int) -> list[Element]:
        """Return the container and the elements above and below it in which the text stands as well.

        A lead and its text, the sections of a page builder, the halves around a banner differ in class or tag.
        """
        parts = [self.container]
        above = below = self.roles.title is not None
        for element in self.container.ancestors():
            if element.parent is None or self.roles.has_title(element):
                break
            place = element.parent.children.index(element)
            above = above and self._take_parts(element.parent.children[place - 1 :: -1] if place else (), limit, parts)
            below = below and self._take_parts(element.parent.children[place + 1 :], limit, parts)
        return sorted(parts, key=lambda part: part.first)

    def _take_parts(self, beside: Sequence[Element], limit: int, parts: list[Element]) -> bool:
        """Take in elements in which the text goes on, up to one in which it does not; return whether there was none."""
        for part in beside:
            if self.roles.has_title(part) or part.first < self.start or part.first >= limit:
                return False
            if part.region in OTHER_REGIONS and part.region != self.container.region:
                continue
            goes_on = self._goes_on_in(part, limit)
            if goes_on is False:
                return False
            if goes_on:
                parts.append(part)
        return True

    def _goes_on_in(self, part: Element, limit: int) -> bool | None:
        """Tell whether an element beside the container holds more of its text; None where it holds no sentence."""
        lines = self.lines[part.first : min(part.end, limit)]
        prose = [line for line in lines if self.roles.is_free(line) and is_prose(line)]
        if prose and all(line.index in self.listed for line in prose):
            return False
        boxed = (IN_BOXES if prose else LABELS) - IN_TEXTS
        is_about = bool(lines) and ABOUT_OTHERS.match(lines[0].text) and not ends_as_sentence(lines[0].text)
        if is_about or any(self.roles.of[line.index] in boxed for line in lines):
            return False
        if not prose:
            return None
        if len(prose) < FEWEST_SENTENCES or is_mostly_links(lines):
            return False
        around = {one for line in prose for one in line.element.ancestors() if one.depth >= part.depth}
        return not any(map(is_called_box, around))

    def _goes_on(self, first: int, end: int, limit: int) -> bool:
        for line in self.lines[first : min(end, limit)]:
            role = self.roles.of[line.index]
            if role in ENDS or role in IN_BOXES or line.is_link:
                return False
            if role is Role.FREE and is_prose(line):
                return not self._is_other_look(line.element)
        return False

    def _is_other_look(self, element: Element) -> bool:
        """Tell whether an element has a look of its own, that no part of the main text has."""
        if not (self.is_styled and element.classes) or element.holds(self.main[0].index):
            return False
        return self._own_look(element) not in self.looks

    def _last_prose(self, limit: int) -> int:
        """Return the index of the container's last sentence: of the main look behind what ends texts, of any before."""
        last = seen = self.last
        for line in self.free[bisect_right(self.indexes, last) :]:
            if line.index >= self.parts[-1].end or (line.index >= limit and self._is_box_between(seen, line)):
                break
            seen = line.index if line.index >= limit else seen
            is_main = self._look(line) in self.main_looks
            if is_prose(line) and (is_main or (line.index < limit and len(self._witnesses(line)) < WITNESSES)):
                last = line.index
        return last

    def _is_box_between(self, last: int, line: Line) -> bool:
        """Tell whether a label between two lines opens a box that the second one is in."""
        for label in self.lines[last + 1 : line.index]:
            if self.roles.of[label.index] is Role.COMMENT:
                return True
            if self.roles.of[label.index] in LABELS:
                # Comments are known by their dates and forms, teasers by their links, also where all is in one element.
                after = self.lines[label.index + 1 : label.index + 1 + NEAR_LABEL]
                # A bare word in the element of the text may head a part of it.
                is_counted = label.element is line.element and DIGIT.search(label.text)
                if is_counted or any(
                    one.is_link or self.roles.of[one.index] in IN_BOXES or one.element.region in OTHER_REGIONS
                    for one in after
                ):
                    return True
        return False

    def _scope(self) -> Element:
        """Return the widest element around the container that does not hold the title: what is outside is another's."""
        scope = self.container
        while (
            scope.parent is not None
            and self.roles.title is not None
            and not self.roles.has_title(scope)
            and not self.roles.has_title(scope.parent)
        ):
            scope = scope.parent
        return scope

    def _above(self, line: Line) -> Fate:
        """Judge a line between title and container: a lead is a sentence, or repeats the title or a paragraph."""
        if is_prose(line):
            return Fate(line, is_text=True, reason="prose above the text")
        if is_sentence(line) and not self._is_other_look(line.element):
            return Fate(line, is_text=True, reason="a sentence above the text")
        if self._repeats(line.text):
            return Fate(line, is_text=True, reason="repeats the title or a paragraph")
        return Fate(line, is_text=False, reason="above the text, and no sentence")

    def _repeats(self, text: str) -> bool:
        """Tell whether a lead repeats what is about as long: the title, or a paragraph."""
        size = len(text) // MOST_UNEVEN
        if size not in self.leads:
            alike = [one for step in (-1, 0, 1) for one in self.repeatable.get(size + step, ())]
            self.leads[size] = set(map(normal_form, alike))
        return bool(self.leads[size]) and normal_form(text) in self.leads[size]

    @cached_property
    def repeatable(self) -> dict[int, list[str]]:
        """What a lead may repeat, by about how long it is."""
        title = self.roles.title
        found: dict[int, list[str]] = {}
        for line in [*self.main, title] if title is not None else self.main:
            found.setdefault(len(line.text) // MOST_UNEVEN, []).append(line.text)
        return found

    def _ends_between(self, first: int, last: int) -> list[str]:
        """Return what stands between two lines that ends texts, as a witness."""
        for line in self.lines[first + 1 : last]:
            role = self.roles.of[line.index]
            if role in ENDS or role is Role.RELATED or (role is Role.DATE and line.index - self.main[0].index > 1):
                return [f"behind {_name(role)}", *(["a box's label"] if role in LABELS else [])]
        return []

    def _witnesses(self, line: Line) -> list[str]:
        """Return what speaks against a line that stands in the container, or below it."""
        if self._look(line) in self.main_looks and self._is_inside(line.index):
            return []
        found = []
        is_short = not is_prose(line)
        branch = self._branch(line)
        if branch is None:
            found.append("outside of the text's container")
            if is_short:
                found.append("no sentence")
        # What stands between two parts of a text, as a banner, is in none of them.
        is_amid = branch is not None and self.main[0].index < line.index < self.last
        box = self._box(branch or line.element)
        if self._is_other_look(line.element) or (branch is not None and box and self._is_other_look(branch)):
            found.append("another look")
        found += box
        if not is_amid and is_name(line):
            if line.index > self.main[0].index:
                found += ["a name"] * self._is_other_look(line.element)
            elif self.roles.has_title(self.container):
                found += ["a name", "above the text"]
        # Amid the text its place speaks for a line.
        return found[1:] if is_amid and not (box and is_short) else found

    def _branch(self, line: Line) -> Element | None:
        """Return the part of the container, or of what goes on with it, that a line is in; None outside of all."""
        if line.element in self.parts:
            return line.element
        return next((element for element in line.element.ancestors() if element.parent in self.parts), None)

    def _is_inside(self, index: int) -> bool:
        return any(part.holds(index) for part in self.parts)

    def _box(self, branch: Element) -> tuple[str, ...]:
        """Return what speaks for a part of the container being a box."""
        if branch in self.parts or branch.end - branch.first < 1:
            return ()
        if branch not in self.boxes:
            self.boxes[branch] = tuple(self._signs(branch))
        return self.boxes[branch]

    def _signs(self, branch: Element) -> Iterable[str]:
        lines = self.lines[branch.first : branch.end]
        if branch.region in OTHER_REGIONS and branch.region != self.container.region:
            yield f"in <{branch.region}>"
        holds_main = self._is_like_main(branch)
        inner = unwrapped(branch)
        is_nested = inner.tag not in TEXT_TAGS and any(child.end > child.first for child in inner.children)
        if is_nested and len(lines) > 1 and not holds_main and not self._is_section(lines):
            yield "another container"
            if not any(self.roles.is_free(line) and is_prose(line) for line in lines):
                yield "without a sentence"
        if len(lines) > 1 and is_mostly_links([line for line in lines if not (line.is_link and line in self.known)]):
            yield "mostly links"
        if any(self.roles.of[line.index] in IN_BOXES for line in lines) and not holds_main:
            yield "with what boxes hold"

    def _is_section(self, lines: Sequence[Line]) -> bool:
        """Tell whether lines are a section of a text: a box says one thing, and links or calls to more."""
        if not all(self.roles.is_free(line) and not line.is_link for line in lines):
            return False
        sentences = sum(map(is_prose, lines))
        return sentences >= FEWEST_SENTENCES or (sentences > 0 and len(lines) >= FEWEST_LINES)

    def _is_like_main(self, branch: Element) -> bool:
        """Tell whether a part of the container holds text of the main look, or looks like one that does."""
        for line in (self.main[0], self.main[-1]):
            if branch.holds(line.index):
                return True
            own = self._branch(line)
            if own is not None and own is not line.element and own.is_like(branch):
                # Without a class of their own, parts are alike when they are made of the same elements.
                return bool(own.classes) or [one.tag for one in own.children] == [one.tag for one in branch.children]
        return False

    def _without_last_headings(self, fates: list[Fate]) -> list[Fate]:
        """Take out the headings below which no text is: a box's, whose links are no text."""
        for place in range(len(fates) - 1, -1, -1):
            fate = fates[place]
            if not fate.is_text:
                continue
            if not fate.line.heading or is_sentence(fate.line):
                break
            fates[place] = Fate(fate.line, is_text=False, reason="a heading without text below")
        return fates


def _cell(line: Line, branch: Element) -> Element | None:
    """Return the entry of a list or the cell of a table that a line inside a branch is in."""
    around = (one for one in line.element.ancestors() if one.depth >= branch.depth)
    return next((one for one in around if one.tag in ENTRIES), None)


def _part_of(parent: Element, line: Line) -> Element:
    """Return the child of an element that a line inside it is in; the element itself where it is in none."""
    return next((element for element in line.element.ancestors() if element.parent is parent), parent)


def _name(role: Role) -> str:
    return role.name.lower().replace("_", " ")


def _tags(element: Element) -> object:
    return tuple([one.tag for one in element.ancestors()])


def _is_styled_alike(prose: Sequence[Line]) -> bool:
    """Tell whether class names repeat: some page builders give each element one of its own."""
    # Elements of one signature have the same tags, too.
    looks = {line.element.signature: line.element for line in prose}
    return len(looks) - len(set(map(_tags, looks.values()))) <= len(prose) // 2
