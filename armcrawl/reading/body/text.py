"""The text: each free line between its title and its end, with the reason why it is text or is none.

The text's main look is found first, and the container that holds it. Whatever stands in that container belongs, however
short and whatever its element, unless two witnesses say that it is a box: another container, another look, a label that
opens boxes, links, elements without a sentence, a place behind what ends texts. Outside of the container a line must
be a sentence. A text that goes on in further elements beside its container is read as one with it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from armcrawl.reading.body.boxes import IN_BOXES, LABELS, OTHER_REGIONS, is_mostly_links, unwrapped
from armcrawl.reading.body.container import MIN_SENTENCES, NEAR_LABEL, TEXT_TAGS, Container
from armcrawl.reading.body.limits import ENDS
from armcrawl.reading.body.role import Role
from armcrawl.reading.layout.prose import is_name, is_prose, is_sentence
from armcrawl.russian.typography import normal_form

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from armcrawl.reading.body.roles import Roles
    from armcrawl.reading.layout.document import Element, Line

# Quotes, dashes and white space make two prints of one text differ in length by a few characters at most.
MAX_UNEVEN = 20
MIN_LINES = 4
# One witness may be wrong: a look or an element of its own has many a paragraph.
WITNESSES = 2
DIGIT = re.compile(r"\d")


@dataclass(slots=True, eq=False)
class JudgedLine:
    """What became of a free line, and why."""

    line: Line
    is_text: bool
    reason: str


class Text(Container):
    """The search for the text among the free lines of a page that has prose."""

    def __init__(self, roles: Roles, free: Sequence[Line], prose: Sequence[Line], start: int) -> None:
        super().__init__(roles, free, prose, start)
        limit = self.limit
        self.known = set(free)
        self.boxes: dict[Element, tuple[str, ...]] = {}
        self.leads: dict[int, set[str]] = {}
        self.last = max(line.index for line in self.main)
        self.last = self._last_prose(limit)
        self.scope_end = max(self._scope().end, self.parts[-1].end)
        ending = ENDS | IN_BOXES
        ends = (line.index for line in self.lines[self.last + 1 : limit] if roles.of[line.index] in ending)
        self.end = next(ends, limit)

    def fates(self) -> list[JudgedLine]:
        """Return what becomes of each free line between the title and the end of the article's container.

        Prose further down, up to what ends the article, is of something else, but told: no text is lost in silence.
        """
        found: list[JudgedLine] = []
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
                found.append(JudgedLine(line, is_text=False, reason="below the text's containers"))
                continue
            if line.index > self.last and not behind:
                behind = self._ends_between(seen, line.index)
                seen = line.index
            witnesses = [*self._witnesses(line), *behind]
            is_text = len(witnesses) < WITNESSES
            found.append(JudgedLine(line, is_text, " and ".join(witnesses) or "in the text's container"))
        return self._without_last_headings(found)

    def _last_prose(self, limit: int) -> int:
        """Return the index of the container's last sentence: of the main look behind what ends texts, of any before."""
        last = seen = self.last
        for line in self.free[bisect_right(self.indexes, last) :]:
            if line.index >= self.parts[-1].end or (line.index >= limit and self._is_box_between(seen, line)):
                break
            seen = line.index if line.index >= limit else seen
            is_main = self.look(line) in self.main_looks
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

    def _above(self, line: Line) -> JudgedLine:
        """Judge a line between title and container: a lead is a sentence, or repeats the title or a paragraph."""
        if is_prose(line):
            return JudgedLine(line, is_text=True, reason="prose above the text")
        if is_sentence(line) and not self._is_other_look(line.element):
            return JudgedLine(line, is_text=True, reason="a sentence above the text")
        if self._repeats(line.text):
            return JudgedLine(line, is_text=True, reason="repeats the title or a paragraph")
        return JudgedLine(line, is_text=False, reason="above the text, and no sentence")

    def _repeats(self, text: str) -> bool:
        """Tell whether a lead repeats what is about as long: the title, or a paragraph."""
        size = len(text) // MAX_UNEVEN
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
            found.setdefault(len(line.text) // MAX_UNEVEN, []).append(line.text)
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
        if self.look(line) in self.main_looks and self._is_inside(line.index):
            return []
        found = []
        is_short = not is_prose(line)
        branch = self.branch(line)
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

    def branch(self, line: Line) -> Element | None:
        """Return the part of the container, or of what goes on with it, that a line is in; None outside of all."""
        element: Element | None = line.element
        if element in self.parts:
            return element
        while element is not None and element.parent not in self.parts:
            element = element.parent
        return element

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
        return sentences >= MIN_SENTENCES or (sentences > 0 and len(lines) >= MIN_LINES)

    def _is_like_main(self, branch: Element) -> bool:
        """Tell whether a part of the container holds text of the main look, or looks like one that does."""
        for line in (self.main[0], self.main[-1]):
            if branch.holds(line.index):
                return True
            own = self.branch(line)
            if own is not None and own is not line.element and own.is_like(branch):
                # Without a class of their own, parts are alike when they are made of the same elements.
                return bool(own.classes) or [one.tag for one in own.children] == [one.tag for one in branch.children]
        return False

    def _without_last_headings(self, fates: list[JudgedLine]) -> list[JudgedLine]:
        """Take out the headings below which no text is: a box's, whose links are no text."""
        for place in range(len(fates) - 1, -1, -1):
            fate = fates[place]
            if not fate.is_text:
                continue
            if not fate.line.heading or is_sentence(fate.line):
                break
            fates[place] = JudgedLine(fate.line, is_text=False, reason="a heading without text below")
        return fates


def _name(role: Role) -> str:
    return role.name.lower().replace("_", " ")
