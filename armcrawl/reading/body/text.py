"""The text: each free line between the title and the end of the article is judged, with a reason.

The text's main look and its container are found first (`container.py`). A line inside the container is text, however
short it is and whatever its element, unless two witnesses say that it belongs to a box: a container or a look of its
own, a label of a box, links, an element without a sentence, a place after the end of the text. A line outside of the
container must be prose. Elements beside the container that continue the text count as parts of it.
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

# Characters: lines are compared with those of about the same length, as quotes, dashes and white space make two prints
# of one text differ by a few characters at most.
LENGTH_STEP = 20
# A section of the text with one line of prose has headings and short lines beside it; a box is shorter.
MIN_SECTION_LINES = 4
# How many witnesses make a line part of a box. One may be wrong: many a paragraph has a look or an element of its own.
WITNESSES = 2
DIGIT = re.compile(r"\d")


@dataclass(slots=True, eq=False)
class JudgedLine:
    """A free line, whether it is text, and why: `reason` is shown by `armcrawl inspect --lines`."""

    line: Line
    is_text: bool
    reason: str


class Text(Container):
    """The search for the text among the free lines of a page that has prose.

    `last` is the index of the text's last sentence, `scope_end` the end of the outermost element around it without the
    title, and `end` the index of the line that ends the article.
    """

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

    def judge_lines(self) -> list[JudgedLine]:
        """Judge each free line between the title and the end of the article, in page order.

        Prose below the containers is not text, but is judged as well, so that its length is counted and no text is lost
        unnoticed.
        """
        found: list[JudgedLine] = []
        after: list[str] = []
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
            if line.index > self.last and not after:
                after = self._ends_between(seen, line.index)
                seen = line.index
            witnesses = [*self._witnesses(line), *after]
            is_text = len(witnesses) < WITNESSES
            found.append(JudgedLine(line, is_text, " and ".join(witnesses) or "in the text's container"))
        return self._without_last_headings(found)

    def _last_prose(self, limit: int) -> int:
        """Return the index of the text's last sentence; after `limit` only sentences of the main look count."""
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
        """Tell whether a label between two lines opens a box that contains the second one."""
        for label in self.lines[last + 1 : line.index]:
            if self.roles.of[label.index] is Role.COMMENT:
                return True
            if self.roles.of[label.index] in LABELS:
                # Comments show by their dates and forms, teasers by their links, even if everything is in one element.
                following = self.lines[label.index + 1 : label.index + 1 + NEAR_LABEL]
                # A label with a number («Комментарии: 5») is one even in the element of the text; without a number it
                # may be a heading there.
                is_counted = label.element is line.element and DIGIT.search(label.text)
                if is_counted or any(
                    one.is_link or self.roles.of[one.index] in IN_BOXES or one.element.region in OTHER_REGIONS
                    for one in following
                ):
                    return True
        return False

    def _scope(self) -> Element:
        """Return the outermost element around the container without the title: lines outside are not the article's."""
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
        """Judge a line above the container: it is text if it is a sentence, or repeats the title or a paragraph."""
        if is_prose(line):
            return JudgedLine(line, is_text=True, reason="prose above the text")
        if is_sentence(line) and not self._is_other_look(line.element):
            return JudgedLine(line, is_text=True, reason="a sentence above the text")
        if self._repeats(line.text):
            return JudgedLine(line, is_text=True, reason="repeats the title or a paragraph")
        return JudgedLine(line, is_text=False, reason="above the text and no sentence")

    def _repeats(self, text: str) -> bool:
        """Tell whether a lead repeats the title or a paragraph; only those of about its length are compared."""
        size = len(text) // LENGTH_STEP
        if size not in self.leads:
            alike = [one for step in (-1, 0, 1) for one in self.repeatable.get(size + step, ())]
            self.leads[size] = set(map(normal_form, alike))
        return bool(self.leads[size]) and normal_form(text) in self.leads[size]

    @cached_property
    def repeatable(self) -> dict[int, list[str]]:
        """The title and the main lines, which a lead may repeat, by their length in steps of LENGTH_STEP."""
        title = self.roles.title
        found: dict[int, list[str]] = {}
        for line in [*self.main, title] if title is not None else self.main:
            found.setdefault(len(line.text) // LENGTH_STEP, []).append(line.text)
        return found

    def _ends_between(self, first: int, last: int) -> list[str]:
        """Return the witnesses against lines after `last`: the first line between the two indexes that ends texts."""
        for line in self.lines[first + 1 : last]:
            role = self.roles.of[line.index]
            if role in ENDS or role is Role.RELATED or (role is Role.DATE and line.index - self.main[0].index > 1):
                return [f"after {_name(role)}", *(["a box's label"] if role in LABELS else [])]
        return []

    def _witnesses(self, line: Line) -> list[str]:
        """Return the witnesses against a line in or below the container, each as a part of the printed reason."""
        if self.look(line) in self.main_looks and self._is_inside(line.index):
            return []
        found = []
        is_short = not is_prose(line)
        branch = self.branch(line)
        if branch is None:
            found.append("outside of the text's container")
            if is_short:
                found.append("no sentence")
        # A banner between two parts of the text is in neither of them, so it is not surrounded.
        is_surrounded = branch is not None and self.main[0].index < line.index < self.last
        box = self._box(branch or line.element)
        if self._is_other_look(line.element) or (branch is not None and box and self._is_other_look(branch)):
            found.append("another look")
        found += box
        if not is_surrounded and is_name(line):
            if line.index > self.main[0].index:
                found += ["a name"] * self._is_other_look(line.element)
            elif self.roles.has_title(self.container):
                found += ["a name", "above the text"]
        # The place of a line between lines of text outweighs one witness, unless it is a short line in a box.
        return found[1:] if is_surrounded and not (box and is_short) else found

    def branch(self, line: Line) -> Element | None:
        """Return the child of a part that contains a line, or the part itself; None if the line is outside of all."""
        element: Element | None = line.element
        if element in self.parts:
            return element
        while element is not None and element.parent not in self.parts:
            element = element.parent
        return element

    def _is_inside(self, index: int) -> bool:
        return any(part.holds(index) for part in self.parts)

    def _box(self, branch: Element) -> tuple[str, ...]:
        """Return the signs that a branch, as `branch` returns it, is a box."""
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
            yield "with lines that boxes contain"

    def _is_section(self, lines: Sequence[Line]) -> bool:
        """Tell whether lines are a section of the text: a box has less prose, and links or calls."""
        if not all(self.roles.is_free(line) and not line.is_link for line in lines):
            return False
        sentences = sum(map(is_prose, lines))
        return sentences >= MIN_SENTENCES or (sentences > 0 and len(lines) >= MIN_SECTION_LINES)

    def _is_like_main(self, branch: Element) -> bool:
        """Tell whether a branch contains the first or the last main line, or looks like the branch that does."""
        for line in (self.main[0], self.main[-1]):
            if branch.holds(line.index):
                return True
            own = self.branch(line)
            if own is not None and own is not line.element and own.is_like(branch):
                # Without classes, branches are alike if they consist of the same elements.
                return bool(own.classes) or [one.tag for one in own.children] == [one.tag for one in branch.children]
        return False

    def _without_last_headings(self, judged_lines: list[JudgedLine]) -> list[JudgedLine]:
        """Remove headings at the end of the text: they head a box of links."""
        for place in range(len(judged_lines) - 1, -1, -1):
            judged = judged_lines[place]
            if not judged.is_text:
                continue
            if not judged.line.heading or is_sentence(judged.line):
                break
            judged_lines[place] = JudgedLine(judged.line, is_text=False, reason="a heading without text below")
        return judged_lines


def _name(role: Role) -> str:
    return role.name.lower().replace("_", " ")
