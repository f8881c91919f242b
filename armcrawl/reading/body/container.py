"""The container of a text: the innermost element with all lines of its main look, and elements that continue it.

The look of a line is what its element shares with others: tags and classes all the way up. The main look is the one
with most of the prose.
"""

from __future__ import annotations

from bisect import bisect_left
from functools import cached_property
from typing import TYPE_CHECKING

from armcrawl.reading.body.boxes import ABOUT_OTHERS, IN_BOXES, LABELS, OTHER_REGIONS, is_called_box, is_mostly_links
from armcrawl.reading.body.limits import ENDS, limit_of
from armcrawl.reading.body.role import Role
from armcrawl.reading.layout.prose import ends_as_sentence, is_prose

if TYPE_CHECKING:
    from collections.abc import Sequence

    from armcrawl.reading.body.roles import Roles
    from armcrawl.reading.layout.document import Element, Line

# Lines after a label within which a box shows its links, dates or forms.
NEAR_LABEL = 4
# Lines of prose: a box has one sentence, a section of the text has at least two.
MIN_SENTENCES = 2
# Roles found in boxes that a text may contain as well.
IN_TEXTS = frozenset({Role.READ_ALSO, Role.DATE, Role.COUNTER})
# Elements that texts consist of: they are never boxes, and never containers unless in CELLS.
TEXT_TAGS = frozenset(
    "p blockquote li ul ol dl dd dt h2 h3 h4 h5 h6 table thead tbody tfoot tr td th pre figure center details".split()
)
# Elements among these that may contain a whole text.
CELLS = frozenset({"td", "center"})
# The cells of a table and the items of a list.
ENTRIES = frozenset({"td", "th", "li", "dd", "dt"})


class Container:
    """The main text among the free lines of a page that has prose, and the elements that contain it.

    `main` are the lines of prose of the main look, `container` is the innermost element around them, and `parts` are
    the container and its neighbours that continue the text, in page order. `limit` is the index of the line that ends
    it.
    """

    def __init__(self, roles: Roles, free: Sequence[Line], prose: Sequence[Line], start: int) -> None:
        self.roles = roles
        self.lines = roles.document.lines
        self.free = free
        self.start = start
        self.indexes = [line.index for line in free]
        limit = self.limit = limit_of(roles, prose, start)
        early = [line for line in prose if line.index < limit]
        if later := self._text_after_tags(early, prose, limit):
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
        self.main_looks = {self.look(line) for line in main}
        self.looks = self._own_looks(main)

    def look(self, line: Line) -> object:
        """Return a value that is equal for lines that look alike."""
        return line.element.signature if self.is_styled else _tags(line.element)

    def _own_looks(self, lines: Sequence[Line]) -> set[tuple[str, str]]:
        return {self._own_look(line.element) for line in lines}

    def _own_look(self, element: Element) -> tuple[str, str]:
        return element.tag, element.classes if self.is_styled else ""

    def _main(self, prose: Sequence[Line]) -> list[Line]:
        """Return the lines of prose with the commonest look by characters; of equally common ones the first.

        Prose in named boxes and in entries of lists is not counted, as a short text may have less of it than they do.
        """
        own = [line for line in prose if not self._is_in_box(line)] or list(prose)
        looks = {line: self.look(line) for line in own}
        if len(set(looks.values())) == 1:
            return list(own)
        sizes: dict[object, int] = {}
        for line in [line for line in own if line.index not in self.listed] or own:
            sizes[looks[line]] = sizes.get(looks[line], 0) + len(line.text)
        main = max(sizes, key=lambda look: sizes[look])
        return [line for line in own if looks[line] == main]

    @cached_property
    def listed(self) -> set[int]:
        """The indexes of the lines in entries that announce other pages of the site."""
        return {index for entry in self.roles.entries for index in range(entry.first, entry.end)}

    def _is_in_box(self, line: Line) -> bool:
        """Tell whether an element around a line, but not around the title, has the name of a box."""
        title = self.roles.title_index
        element: Element | None = line.element
        while element is not None and not element.first <= title < element.end:
            if is_called_box(element):
                return True
            element = element.parent
        return False

    def _text_after_tags(self, early: Sequence[Line], prose: Sequence[Line], limit: int) -> list[Line]:
        """Return the prose after tags, a date or a legal note that follow a single lead, if it is the text."""
        if (
            len(early) != 1
            or limit >= len(self.lines)
            or not {Role.TAGS, Role.DATE, Role.LEGAL}.intersection(self.roles.of[limit : limit + NEAR_LABEL])
        ):
            return []
        end = limit_of(self.roles, prose, limit + 1)
        following = [line for line in prose if limit <= line.index < end]
        if not following:
            return []
        first = following[0].element
        holder = first.parent if first.tag in TEXT_TAGS and first.parent is not None else first
        text = [line for line in following if holder.holds(line.index)]
        # A box of teasers has as many sentences, but each is next to a link.
        is_text = len(text) > 1 and not any(
            line.is_link or self.roles.of[line.index] in IN_BOXES for line in self.lines[holder.first : text[-1].index]
        )
        return text if is_text else []

    def _container(self, main: Sequence[Line]) -> Element:
        """Return the innermost element around all main lines that may be a container; a paragraph or a list may not."""
        element = main[0].element
        while element.parent is not None and not (element.holds(main[-1].index) and self._may_be_container(element)):
            element = element.parent
        return element

    def _may_be_container(self, element: Element) -> bool:
        return element.end - element.first > 1 and (element.tag not in TEXT_TAGS or element.tag in CELLS)

    def _grow(self, limit: int) -> None:
        """Widen the container to its parent while the prose right after it has a known look or no class.

        Widening ends at an element with the title. That element becomes the container only if prose stands directly in
        it, after the container, or also before it if the container has but one line of prose.
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
        """Tell whether prose stands beside the container, directly in the element around both."""
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
        """Return the container and its neighbours that also contain parts of the text, in page order.

        Such parts, which differ in class or tag, are a lead above the text, the sections of a page builder, or the
        halves of a text before and after a banner.
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
        """Add the elements that continue the text to `parts`, up to the first that does not.

        `beside` are siblings, the nearest to the container first. Elements without prose are passed over. Returns
        whether the end of `beside` was reached.
        """
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
        """Tell whether an element beside the container continues its text; None if it has no prose."""
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
        if len(prose) < MIN_SENTENCES or is_mostly_links(lines):
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
        """Tell whether an element has classes, and no line of the main text has the same tag and classes."""
        if not (self.is_styled and element.classes) or element.holds(self.main[0].index):
            return False
        return self._own_look(element) not in self.looks


def _part_of(parent: Element, line: Line) -> Element:
    """Return the child of `parent` that contains a line, or `parent` itself if the line is directly in it."""
    return next((element for element in line.element.ancestors() if element.parent is parent), parent)


def _tags(element: Element) -> object:
    return tuple([one.tag for one in element.ancestors()])


def _is_styled_alike(prose: Sequence[Line]) -> bool:
    """Tell whether classes distinguish looks: some page builders give each element a class of its own."""
    # Elements of one signature have the same tags, so one element for each is enough.
    looks = {line.element.signature: line.element for line in prose}
    return len(looks) - len(set(map(_tags, looks.values()))) <= len(prose) // 2
