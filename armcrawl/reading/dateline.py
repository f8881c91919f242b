"""The article's date: a short line next to its title. The header's day is never it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from armcrawl.items import Evidence
from armcrawl.reading.header import CURRENCY, DOLLAR, EURO
from armcrawl.reading.roles import Role
from armcrawl.russian.date_lines import LABEL, without_label
from armcrawl.russian.dates import examine_date, find_date, read_date

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from armcrawl.reading.body import Body
    from armcrawl.reading.document import Line
    from armcrawl.reading.roles import Roles
    from armcrawl.reading.structured import Declared

# Between a date above the title and the title stand a counter, a rubric, a share line.
MOST_LINES_ABOVE = 5
# One of several details in a line: «Просмотров: 12 | Дата: 21.03.2019».
DETAIL = re.compile(r"[|•·]\s*(?:Дата|Опубликовано|Добавлено|Размещено)[^|:]{0,20}:\s*([^|]+)", re.IGNORECASE)
DETAILS = frozenset({Role.FREE, Role.COUNTER, Role.DATE, Role.TAGS, Role.BYLINE})
# «Понедельник, 30 сентября, 12:20 | Экономика» and a counter; what is longer is a clause.
LONGEST_UNUSUAL_DATE = 60
# Below the title a picture's caption and a byline may come first.
MOST_LINES_BELOW = 8


@dataclass(frozen=True, slots=True)
class DateLine:
    """The date as printed, and how it was found."""

    text: str | None
    evidence: Evidence | None = None


def find_date_text(roles: Roles, body: Body, declared: Declared, fetched_at: datetime, timezone: str) -> DateLine:
    """Return the printed date of the article, or the declared one where none is printed."""
    stated = [(method, text) for method, text in declared.dates if read_date(text, fetched_at, timezone) is not None]
    for method, line in _candidates(roles, body, fetched_at, timezone):
        printed = find_date(line.loose) if method == "in-title" else _printed(line, fetched_at, timezone)
        if printed is None:
            continue
        if not stated:
            return DateLine(printed, Evidence(method))
        ours = read_date(printed, fetched_at, timezone)
        theirs = read_date(stated[0][1], fetched_at, timezone)
        agrees = ours is not None and theirs is not None and ours.date == theirs.date
        return DateLine(printed, Evidence(method, stated[0][0], agrees))
    if stated:
        return DateLine(stated[0][1], Evidence(stated[0][0]))
    return DateLine(None)


def _printed(line: Line, fetched_at: datetime, timezone: str) -> str | None:
    """Return the date that a line prints; a `<time>` completes one that lacks its year.

    The line is judged as a whole: it may be a span of days, or the date of something else.
    """
    detail = DETAIL.search(line.text)
    text = detail[1] if detail else line.loose
    whole = examine_date(text, fetched_at, timezone)
    if whole is not None:
        found = find_date(without_label(text))
        return found if found is not None and examine_date(found, fetched_at, timezone) == whole else text
    if line.moment is not None and read_date(line.moment, fetched_at, timezone) is not None:
        return line.moment
    return None


def _candidates(roles: Roles, body: Body, fetched_at: datetime, timezone: str) -> Iterator[tuple[str, Line]]:
    """Yield the date lines around the title, the most certain place first."""
    lines, title = roles.document.lines, roles.title
    if title is None:
        first = body.lines[0].index if body.lines else 0
        yield from (
            ("near-body", line) for line in lines[max(0, first - MOST_LINES_ABOVE) : first] if _is_date(line, roles)
        )
        return
    # The date may also stand between a lead and the text; further down it is a comment's.
    end = body.lines[min(1, len(body.lines) - 1)].index if body.lines else title.index + 1 + MOST_LINES_BELOW
    below = lines[title.index + 1 : end]
    yield from (("below-title", line) for line in below if _is_date(line, roles))
    if title.moment is not None or (find_date(title.loose) is not None and title.loose != title.text):
        yield "in-title", title
    above = lines[max(0, title.index - MOST_LINES_ABOVE) : title.index]
    yield from (
        ("above-title", line)
        for line in reversed(above)
        if _is_date(line, roles) and not _is_header(line, roles, fetched_at, timezone)
    )
    if title.index + 1 < end:
        yield from (("unusual", line) for line in _unusual(lines[title.index + 1 : min(end, title.index + 4)], roles))
    yield from (("unusual", line) for line in _unusual(lines[max(0, title.index - 2) : title.index], roles))
    if body.lines:
        after = lines[body.lines[-1].index + 1 :][:MOST_LINES_BELOW]
        yield from (("details", line) for line in after if roles.of[line.index] in DETAILS and DETAIL.search(line.text))
        yield from (("below-body", line) for line in after if _is_date(line, roles) and _belongs(line, body))


def _unusual(lines: Sequence[Line], roles: Roles) -> Iterator[Line]:
    """Yield short lines that may be a date in a form without a year: «30 апреля», «2 часа назад»."""
    for line in lines:
        if roles.of[line.index] is Role.FREE and not line.is_link and len(line.text) <= LONGEST_UNUSUAL_DATE:
            yield line


def _is_date(line: Line, roles: Roles) -> bool:
    return roles.of[line.index] is Role.DATE


def _belongs(line: Line, body: Body) -> bool:
    """A date below the body is the article's only where it says so, or shares its element."""
    return bool(LABEL.match(line.text)) or line.element is body.lines[-1].element


def _is_header(line: Line, roles: Roles, fetched_at: datetime, timezone: str) -> bool:
    """Tell whether a date above the title is the page header's: rates follow it, or it is the day of the fetch."""
    title = roles.title
    if title is None:
        return True
    between = roles.document.lines[line.index : title.index]
    if any(CURRENCY.search(other.text) and (EURO.search(other.text) or DOLLAR.search(other.text)) for other in between):
        return True
    read = read_date(line.loose, fetched_at, timezone)
    is_today = read is not None and read.date == fetched_at.astimezone(ZoneInfo(timezone)).date()
    # An article of the day of the fetch shows its date in the title's own block.
    holder = line.element.parent
    return is_today and not (holder is not None and holder.parent is not None and holder.holds(title.index))
