"""The body: the run of text blocks under the title, up to where something else begins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from armcrawl.reading.roles import Role
from armcrawl.russian.typography import normal_form

if TYPE_CHECKING:
    from collections.abc import Sequence

    from armcrawl.reading.document import Element, Line
    from armcrawl.reading.roles import Roles

# What ends the body for good once it has begun. The footer's small print ends it in any case.
ENDS = frozenset({Role.ATTRIBUTION, Role.TAGS, Role.COMMENTS, Role.COMMENT})
# What may stand between two paragraphs.
ASIDES = frozenset({Role.CALL, Role.CREDIT, Role.CAPTION})
# A date this many lines below the first paragraph is a comment's or a teaser's, not the article's.
DATE_NEAR_TITLE = 3
# A sentence: shorter lines are labels, buttons and names unless they stand among paragraphs.
SHORTEST_PROSE = 40
# A text without a full stop at its end is prose only when it is longer than any heading.
SHORTEST_UNSTOPPED_PROSE = 120
MOST_LINKED_PROSE = 0.6
STOPS = (".", "!", "?", "…", "»", ":", ";", ")", "”", '"')
TEXT_TAGS = frozenset({"p", "blockquote", "li", "h2", "h3", "h4", "h5", "h6", "td", "dd", "dt", "pre"})


@dataclass(frozen=True, slots=True)
class Body:
    """The paragraphs, and the lines that they were made of, in page order."""

    paragraphs: tuple[str, ...]
    lines: tuple[Line, ...]

    @property
    def size(self) -> int:
        """Characters of text."""
        return sum(map(len, self.paragraphs))


def is_prose(line: Line) -> bool:
    """Tell whether a line reads as running text."""
    if line.link_share > MOST_LINKED_PROSE:
        return False
    least = SHORTEST_PROSE if line.text.endswith(STOPS) else SHORTEST_UNSTOPPED_PROSE
    return len(line.text) >= least


def find_body(roles: Roles) -> Body:
    """Find the article's body below its title (on the whole page where no line shows a title)."""
    lines = roles.document.lines
    start = roles.title.index + 1 if roles.title is not None else 0
    end = _end(roles, start)
    free = [line for line in lines[start:end] if roles.is_free(line) and not line.is_link]
    prose = [line for line in free if is_prose(line)]
    if not prose:
        short = _short_text(free, roles)
        return Body(_paragraphs(short), tuple(short))
    main = _main_lines(prose, free)
    body = _run(free, main, _root(main), roles)
    body = body[: _flat_end(body, roles)]
    return Body(_paragraphs(body), tuple(body))


def _end(roles: Roles, start: int) -> int:
    """Return the index of the line that ends the body for good."""
    lines = roles.document.lines
    first = None
    for line in lines[start:]:
        role = roles.of[line.index]
        if role is Role.FREE and first is None and is_prose(line):
            first = line
        if role is Role.LEGAL and (start or line.index > len(lines) // 2):
            return line.index
        if first is None:
            continue
        late_date = role is Role.DATE and line.index - first.index > DATE_NEAR_TITLE
        if role in ENDS:
            return line.index
        if (role is Role.DATE and _outside(line, first)) or late_date:
            return _beginning(line, first)
    return len(lines)


def _outside(line: Line, first: Line) -> bool:
    """Tell whether a date below the first paragraph belongs to another item than the article."""
    holder = line.element.parent
    return holder is not None and not holder.holds(first.index)


def _beginning(line: Line, first: Line) -> int:
    """Return where the item begins that a line is part of: the widest one without the first paragraph."""
    beginning = line.index
    for element in line.element.ancestors():
        if element.holds(first.index):
            break
        beginning = min(beginning, element.first)
    return beginning


def _short_text(free: Sequence[Line], roles: Roles) -> list[Line]:
    """A body without one full sentence: a line or two under the title, in one element like a paragraph."""
    return [line for line in free if line.element.tag in {"p", "blockquote"} and roles.title is not None][:2]


def _main_lines(prose: Sequence[Line], free: Sequence[Line]) -> list[Line]:
    """Return the lines that share the look of most of the text; of equals the first."""
    look = _look if _is_styled_alike(prose) else _tags
    sizes: dict[object, int] = {}
    for line in prose:
        sizes[look(line)] = sizes.get(look(line), 0) + len(line.text)
    main = max(sizes, key=lambda key: sizes[key])
    holder = next(line for line in prose if look(line) == main)
    return [line for line in free if look(line) == main and line.index >= holder.index]


def _look(line: Line) -> object:
    return line.element.signature


def _tags(line: Line) -> object:
    return tuple(element.tag for element in line.element.ancestors())


def _is_styled_alike(prose: Sequence[Line]) -> bool:
    """Tell whether class names repeat: some page builders give each element one of its own."""
    return len({line.element.signature for line in prose}) <= max(2, len(prose) // 2)


def _root(main: Sequence[Line]) -> Element:
    """Return the innermost element that holds all main lines, and the block around a lone paragraph."""
    root = main[0].element
    while root.parent is not None and not (root.holds(main[-1].index) and root.tag not in {"p", "li", "blockquote"}):
        root = root.parent
    return root


def _run(free: Sequence[Line], main: Sequence[Line], root: Element, roles: Roles) -> list[Line]:
    """Return the main lines with what belongs to them: a lead before, headings and lists between."""
    first, last = main[0].index, max(line.index for line in main if is_prose(line) or line.element is main[0].element)
    of_main = {line.index for line in main}
    may_repeat = any(line.index < first and not is_prose(line) for line in free)
    repeated = (*main, *((roles.title,) if roles.title else ())) if may_repeat else ()
    leads = {normal_form(line.text) for line in repeated}
    body: list[Line] = []
    for line in free:
        is_main = line.index in of_main and root.holds(line.index)
        if line.index < first:
            belongs = is_prose(line) or normal_form(line.text) in leads
        elif line.index <= last:
            belongs = is_main or (root.holds(line.index) and (is_prose(line) or line.element.tag in TEXT_TAGS))
        else:
            belongs = root.holds(line.index) and _follows(line, body, roles, is_main=is_main)
            if not belongs:
                # Nothing follows behind what does not belong.
                break
        if belongs:
            body.append(line)
    return body


def _follows(line: Line, body: Sequence[Line], roles: Roles, *, is_main: bool) -> bool:
    """Tell whether a line behind the last main paragraph still belongs: only asides may stand between."""
    if not body or not ASIDES.issuperset(roles.of[body[-1].index + 1 : line.index]):
        return False
    return is_main or (is_prose(line) and line.element.tag in TEXT_TAGS and not line.heading)


def _flat_end(body: Sequence[Line], roles: Roles) -> int:
    """Return how many lines come before a label («Смотрите также») that more of the same look follows."""
    for position, line in enumerate(body):
        if not position:
            continue
        between = roles.of[body[position - 1].index + 1 : line.index]
        if Role.RELATED in between and Role.READ_ALSO not in between and line.element is body[position - 1].element:
            return position
    return len(body)


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
