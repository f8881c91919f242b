"""The body: the paragraphs of the text, joined as the page sets them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from armcrawl.reading.body.amid import lines_amid
from armcrawl.reading.body.role import FREE
from armcrawl.reading.body.text import JudgedLine, Text
from armcrawl.reading.layout.prose import STOPS, is_prose, is_sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from armcrawl.reading.body.roles import Roles
    from armcrawl.reading.layout.document import Line


@dataclass(frozen=True, slots=True)
class Body:
    """The paragraphs, the lines that they were made of, and what became of each free line, in page order."""

    paragraphs: tuple[str, ...]
    lines: tuple[Line, ...]
    fates: tuple[JudgedLine, ...] = ()

    @property
    def size(self) -> int:
        """Characters of text."""
        return sum(map(len, self.paragraphs))

    @property
    def left_out(self) -> int:
        """Characters of prose that stand between title and end of the article's container, and are not in the text."""
        return sum(len(fate.line.text) for fate in self.fates if not fate.is_text and is_prose(fate.line))


def find_body(roles: Roles) -> Body:
    """Find the article's body below its title (on the whole page where no line shows a title)."""
    start = roles.title.index + 1 if roles.title is not None else 0
    free = [line for line in roles.document.lines[start:] if roles.of[line.index] is FREE and not line.is_link]
    prose = [line for line in free if is_prose(line)]
    if not prose:
        fates = _short_text(free, roles)
    else:
        text = Text(roles, free, prose, start)
        if amid := lines_amid(text):
            # What stands between is text only where what stands around it is.
            roles.give_back(amid)
            free = sorted([*free, *amid], key=lambda line: line.index)
            text = Text(roles, free, prose, start)
        fates = text.fates()
    body = [fate.line for fate in fates if fate.is_text]
    return Body(_paragraphs(body), tuple(body), tuple(fates))


def _short_text(free: Sequence[Line], roles: Roles) -> list[JudgedLine]:
    """A body without one full sentence: the lines of one element under the title, as its first paragraph has them."""
    if roles.title is None:
        return []
    first = next((line for line in free if line.element.tag in {"p", "blockquote"} or is_sentence(line)), None)
    if first is None:
        return []
    holder = first.element.parent or first.element
    below = roles.document.lines[first.index : holder.end]
    end = next((line.index for line in below if not roles.is_free(line)), holder.end)
    return [JudgedLine(line, is_text=True, reason="a short text") for line in free if first.index <= line.index < end]


def _paragraphs(lines: Sequence[Line]) -> tuple[str, ...]:
    """Join the lines that a single `<br>` parts, unless the break stands for a paragraph."""
    blank_lines = {id(line.element) for line in lines if line.gap >= 2}
    paragraphs: list[str] = []
    previous: Line | None = None
    for line in lines:
        joins = (
            previous is not None
            and line.element is previous.element
            and line.gap == 1
            and line.index == previous.index + 1
            and (id(line.element) in blank_lines or not previous.text.endswith(STOPS))
        )
        if joins:
            paragraphs[-1] += " " + line.text
        else:
            paragraphs.append(line.text)
        previous = line
    return tuple(paragraphs)
