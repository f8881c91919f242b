"""The body of an article: its lines of text, joined to paragraphs as the page sets them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from armcrawl.reading.body.reclaimed import reclaimed_lines
from armcrawl.reading.body.role import FREE
from armcrawl.reading.body.text import JudgedLine, Text
from armcrawl.reading.layout.prose import STOPS, is_prose, is_sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from armcrawl.reading.body.roles import Roles
    from armcrawl.reading.layout.document import Line


@dataclass(frozen=True, slots=True)
class Body:
    """The paragraphs, the lines they were made of, and the judgement on each free line, in page order."""

    paragraphs: tuple[str, ...]
    lines: tuple[Line, ...]
    judged_lines: tuple[JudgedLine, ...] = ()

    @property
    def size(self) -> int:
        """The number of characters of the text."""
        return sum(map(len, self.paragraphs))

    @property
    def left_out(self) -> int:
        """The number of characters of prose between title and end of the article that were judged not to be text."""
        return sum(
            len(judged.line.text) for judged in self.judged_lines if not judged.is_text and is_prose(judged.line)
        )


def find_body(roles: Roles) -> Body:
    """Find the body below the title, or on the whole page if no line shows a title."""
    start = roles.title.index + 1 if roles.title is not None else 0
    free = [line for line in roles.document.lines[start:] if roles.of[line.index] is FREE and not line.is_link]
    prose = [line for line in free if is_prose(line)]
    if not prose:
        judged_lines = _short_text(free, roles)
    else:
        text = Text(roles, free, prose, start)
        if reclaimed := reclaimed_lines(text):
            # They are judged anew with the others: they are text only if the lines around them are.
            roles.unmark(reclaimed)
            free = sorted([*free, *reclaimed], key=lambda line: line.index)
            text = Text(roles, free, prose, start)
        judged_lines = text.judge_lines()
    body = [judged.line for judged in judged_lines if judged.is_text]
    return Body(_paragraphs(body), tuple(body), tuple(judged_lines))


def _short_text(free: Sequence[Line], roles: Roles) -> list[JudgedLine]:
    """Return the lines of a body without prose: those from the first paragraph to the end of its parent element."""
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
    """Return the paragraphs; lines separated by a single `<br>` are joined unless it separates two paragraphs.

    It does so after a full stop, but not in an element that also has double `<br>`.
    """
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
