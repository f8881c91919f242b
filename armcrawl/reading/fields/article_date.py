"""The article's date: the best of several witnesses. The day in the page's header is never one of them.

A printed date that a declared one or the address confirms beats all others. Else, in this order: a date printed where
an article's date stands, the machine-readable date of such a line, what the page declares, the address, a date printed
in a less certain place, one without its day, and last a relative one («вчера»), as a cache may have kept the page for
days.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from armcrawl.items import Evidence, Precision
from armcrawl.reading.body.role import Role
from armcrawl.reading.fields.dated_address import filed_under
from armcrawl.reading.layout.dated_line import MAX_DATE_LINE_LENGTH, MIN_WORDS_OF_HEADLINE, is_date_line
from armcrawl.reading.layout.header import names_a_rate
from armcrawl.reading.layout.prose import is_prose
from armcrawl.russian.dates import examine_date
from armcrawl.russian.dates.incomplete import has_age
from armcrawl.russian.dates.lines import DATELINE, LABEL, PUBLISHED, is_another_date, without_label
from armcrawl.russian.dates.printed import find_date, find_dates, with_year
from armcrawl.russian.dates.values import Fault, RussianDate

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from armcrawl.reading.body.body import Body
    from armcrawl.reading.body.roles import Roles
    from armcrawl.reading.fields.dated_address import Filed
    from armcrawl.reading.fields.structured import Declared
    from armcrawl.reading.layout.document import Line
    from armcrawl.russian.dates.values import Examined

# Lines between a date above the title and the title: a counter, a rubric, buttons to share.
MAX_LINES_ABOVE = 5
# A labelled date among other details of a line: «Просмотров: 12 | Дата: 21.03.2019».
DETAIL = re.compile(r"[|•·]\s*(?:Дата|Опубликовано|Добавлено|Размещено)[^|:]{0,20}:\s*([^|]+)", re.IGNORECASE)
# Characters of a line with a form without a year («30 апреля», «2 часа назад»), a rubric and a counter; a longer line
# is a clause.
MAX_UNUSUAL_DATE_LENGTH = 60
# Lines below and above the title that are searched for such a form: right beside the title only, as any number may look
# like one.
UNUSUAL_BELOW, UNUSUAL_ABOVE = 4, 3
# Lines between the title and a date below it (a caption, a byline), or between the text and a date below it (an
# attribution, tags).
MAX_LINES_BELOW = 8
# Lines of a calendar leaf: day, month and year in elements of their own.
LEAF_LINES = 3
# Paragraphs that may begin with the dateline of a press release: the first, or the one after the lead.
DATELINE_PARAGRAPHS = 2
DIGIT = re.compile(r"\d")
DAY_OF_MONTH = re.compile(r"(?:0?[1-9]|[12]\d|3[01])")
# Characters of a label in a line of its own: «Дата публикации:».
MAX_LABEL_LENGTH = 30
# Roles of lines below the text after which no date is the article's.
ENDS = frozenset({Role.COMMENTS, Role.COMMENT, Role.RELATED, Role.READ_ALSO, Role.TEASER, Role.LEGAL})
# Roles of lines whose date is not looked at; the title's is examined apart.
NEVER_OWN_DATE = frozenset({Role.TEASER, Role.COMMENT, Role.COMMENTS, Role.RELATED, Role.READ_ALSO, Role.TITLE})
# Regions above the title whose dates are the site's. `nav` is not among them, as a breadcrumb trail may end with the
# article's date.
SITE_REGIONS = frozenset({"header", "footer", "aside", "form", "dialog", "menu"})


@dataclass(frozen=True, slots=True)
class DateLine:
    """The date as printed, how it was found, and whether any witness has an impossible date."""

    text: str | None
    evidence: Evidence | None = None
    has_impossible: bool = False


class Place(NamedTuple):
    """A line that may print the article's date, and whether its place alone makes that certain."""

    method: str
    line: Line
    is_certain: bool = True


class Witness(NamedTuple):
    """A text with a date, the method that found it, and the date that was read from it."""

    method: str
    text: str
    found: RussianDate
    is_certain: bool = True


class _Witnesses:
    """Reads the texts that may have the date of one page, and remembers impossible and ambiguous ones."""

    def __init__(self, fetched_at: datetime, timezone: str) -> None:
        self.fetched_at = fetched_at
        self.timezone = timezone
        self.impossible: list[str] = []
        self.examined: dict[str, Examined] = {}
        self.undecided: list[Place] = []

    def read(self, text: str) -> Examined:
        """Return the date in a text; each text is examined only once."""
        if text not in self.examined:
            self.examined[text] = examine_date(text, self.fetched_at, self.timezone)
        return self.examined[text]

    def examine(self, text: str) -> Examined:
        """Return the date in the text of a witness, and remember the text if its date is impossible."""
        found = self.read(text)
        if isinstance(found, Fault):
            self.impossible.append(text)
        return found

    def with_date(self, texts: Iterable[tuple[str, str]]) -> list[Witness]:
        """Return the texts, given with their methods, that have a date."""
        read = [(method, text, self.examine(text)) for method, text in texts]
        return [Witness(method, text, found) for method, text, found in read if isinstance(found, RussianDate)]

    def printed(self, places: Sequence[Place], lines: Sequence[Line]) -> list[Witness]:
        """Return the dates that lines print, and remember the places with no date or with several."""
        witnesses: list[Witness] = []
        for place in places:
            text = _text_of(place, lines)
            found = self.examine(text) if text is not None else None
            if text is not None and isinstance(found, RussianDate):
                shorter = find_date(without_label(text)) or text
                same = shorter == text or self.examine(shorter) == found
                witnesses.append(Witness(place.method, shorter if same else text, found, place.is_certain))
            elif found is None:
                self.undecided.append(place)
        return witnesses

    def one_of_several(self, place: Place, stated: Sequence[Witness]) -> Sequence[Witness]:
        """Return those of several dates in a line that are declared, else the first if only a space follows it."""
        texts = find_dates(place.line.loose)
        if len(texts) < 2:
            return ()
        read = self.with_date((place.method, text) for text in texts)
        declared = [one for one in read if any(_agree(one, other) for other in stated)]
        return declared or (read[:1] if f"{texts[0]} {texts[1]}" in place.line.loose else ())


def find_date_text(
    roles: Roles, title: str, body: Body, declared: Declared, fetched_at: datetime, timezone: str
) -> DateLine:
    """Return the text of the best witness that has a date; the module says in which order they rank.

    If printed dates differ, the one that is also declared wins. If no witness has a possible date, the text is the
    first with an impossible one, without evidence. `title` is the article's title without a date that its heading may
    have.
    """
    witnesses = _Witnesses(fetched_at, timezone)
    lines = roles.document.lines
    places = list(_places(roles, title, body, witnesses))
    filed = filed_under(roles.document.address)
    printed = witnesses.printed(places, lines)
    own = witnesses.with_date(("datetime", place.line.moment) for place in places if place.line.moment)
    stated = witnesses.with_date(declared.dates)
    stated += witnesses.with_date([("address", filed.iso)] if filed and filed.iso else [])
    for place in witnesses.undecided:
        printed += witnesses.one_of_several(place, [*own, *stated])
    printed = [_completed(one, [*own, *stated], filed, witnesses) if one.found.relative else one for one in printed]
    absolute = [one for one in printed if not one.found.relative and one.found.precision is Precision.DAY]
    best = next((one for one in absolute if any(_agree(one, other) for other in stated)), None)
    order = [*(one for one in absolute if one.is_certain), *own, *stated, *absolute]
    order += sorted(printed, key=lambda one: one.found.relative)
    best = best or next(iter(order), None)
    if best is None:
        return DateLine(witnesses.impossible[0] if witnesses.impossible else None)
    second = next((one for one in stated if one.method != best.method), None)
    evidence = Evidence(best.method, second.method, _agree(best, second)) if second else Evidence(best.method)
    return DateLine(best.text, evidence, bool(witnesses.impossible))


def _agree(one: Witness, other: Witness) -> bool:
    return one.found.date == other.found.date and one.found.precision == other.found.precision


def _completed(one: Witness, others: Sequence[Witness], filed: Filed | None, witnesses: _Witnesses) -> Witness:
    """Return a printed day and month with the year of another witness with the same day, or of the address, if any."""
    if one.found.form != "day_and_month":
        return one
    day = (one.found.month, one.found.day)
    years = [other.found.year for other in others if (other.found.month, other.found.day) == day]
    if filed is not None and filed.day is None and filed.month in {None, one.found.month}:
        years.append(filed.year)
    for year in years:
        text = with_year(one.text, year)
        found = witnesses.examine(text)
        if isinstance(found, RussianDate):
            return one._replace(text=text, found=found)
    return one


def _text_of(place: Place, lines: Sequence[Line]) -> str | None:
    """Return the text of a line in which the date is to be read, with the label of a line above it."""
    line = place.line
    if place.method == "dateline" and (release := DATELINE.match(line.text)):
        return release["date"]
    if place.method == "in-title":
        return find_date(line.loose)
    if detail := DETAIL.search(line.text):
        return detail[1]
    if DAY_OF_MONTH.fullmatch(line.text) and line.element.parent is not None:
        leaf = lines[line.index : min(line.element.parent.end, line.index + LEAF_LINES)]
        return " ".join(one.text for one in leaf)
    label = _label_above(line, lines)
    return f"{label} {line.loose}" if label else line.loose


def _label_above(line: Line, lines: Sequence[Line]) -> str | None:
    above = lines[line.index - 1] if line.index else None
    if above is None or above.heading or len(above.text) > MAX_LABEL_LENGTH or above.text[-1:].isdigit():
        return None
    is_label = LABEL.fullmatch(above.text) or (len(above.text.split()) <= 3 and is_another_date(above.text, ""))
    return above.text if is_label else None


def _places(roles: Roles, heading: str, body: Body, witnesses: _Witnesses) -> Iterator[Place]:
    """Yield the lines around title and text that may print the article's date, the likeliest place first."""
    lines, title = roles.document.lines, roles.title
    # The text is taken to begin with its first line of prose, as a body may begin with a rubric and a name.
    text = [line for line in body.lines if is_prose(line)] or list(body.lines)
    if title is None:
        first = text[0].index if text else 0
        for line in lines[max(0, first - MAX_LINES_ABOVE) : first]:
            if is_date_line(line) and roles.of[line.index] not in NEVER_OWN_DATE:
                yield Place("near-body", line)
        return
    # The date may also be between a lead and the text; further down it is that of a comment.
    end = text[min(1, len(text) - 1)].index if text else title.index + 1 + MAX_LINES_BELOW
    own = _Surroundings(roles, title, text[0] if text else None)
    below = lines[title.index + 1 : end]
    yield from (Place("below-title", line) for line in below if is_date_line(line) and own.may_hold(line))
    in_title = find_date(title.loose)
    if title.moment or (in_title is not None and (title.loose != title.text or in_title not in heading)):
        yield Place("in-title", title)
    above = lines[max(0, title.index - MAX_LINES_ABOVE) : title.index][::-1]
    yield from (Place("above-title", line) for line in above if is_date_line(line) and own.is_above(line, witnesses))
    for line in below[:UNUSUAL_BELOW]:
        if _is_unusual(line) and own.may_hold(line):
            yield Place("unusual", line)
    for line in above[:UNUSUAL_ABOVE]:
        if _is_unusual(line) and own.is_above(line, witnesses):
            yield Place("unusual", line)
    if text:
        yield from own.below_text(body.lines[-1])
    yield from (
        Place("dateline", line, is_certain=False) for line in text[:DATELINE_PARAGRAPHS] if DATELINE.match(line.text)
    )


class _Surroundings:
    """Decides which lines around the title and the text (`first` is its first line) belong to the article."""

    def __init__(self, roles: Roles, title: Line, first: Line | None) -> None:
        self.roles = roles
        self.lines = roles.document.lines
        self.title = title
        self.first = first

    def may_hold(self, line: Line, *, prose: bool = True) -> bool:
        """Tell whether a line may have the article's date: neither it nor its box has a headline of another page.

        With `prose=False` a box with other prose counts as a comment or a teaser, too.
        """
        if self.roles.of[line.index] in NEVER_OWN_DATE:
            return False
        box = line.element
        if self._holds_article(box.first, box.end):
            inside: Sequence[Line] = [line]
        else:
            while box.parent is not None and not self._holds_article(box.parent.first, box.parent.end):
                box = box.parent
            inside = self.lines[box.first : box.end]
        return not any(
            self._is_headline(one) or (one is not line and not prose and _is_sentence_like(one)) for one in inside
        )

    def is_above(self, line: Line, witnesses: _Witnesses) -> bool:
        """Tell whether a line above the title belongs to the article, and not to the site's header or a side column."""
        is_site_chrome = line.element.region in SITE_REGIONS and self.roles.of[line.index] is Role.CHROME
        return (
            not is_site_chrome
            and not self._is_beside(line)
            and self.may_hold(line)
            and not self._is_header(line, witnesses)
        )

    def _is_beside(self, line: Line) -> bool:
        """Tell whether a line is in a side column: outside of the innermost element that contains title and text."""
        if self.first is None or line.element.region == "nav":
            return False
        first, last = self.title.index, self.first.index
        own = next(
            element for element in self.title.element.ancestors() if element.holds(first) and element.holds(last)
        )
        return not own.holds(line.index)

    def _is_header(self, line: Line, witnesses: _Witnesses) -> bool:
        """Tell whether a date above the title is the page header's: rates follow it, or it is the day of the fetch."""
        index = self.title.index
        between = self.lines[line.index : index]
        if any(names_a_rate(one.text) for one in between):
            return True
        read = witnesses.read(line.loose)
        if not isinstance(read, RussianDate) or read.relative:
            return False
        is_today = read.date == witnesses.fetched_at.astimezone(ZoneInfo(witnesses.timezone)).date()
        # An article published on the day of the fetch has its date in the title's block, or at its beginning.
        block = next(element for element in line.element.ancestors() if element.holds(index))
        is_own = block is line.element.parent or 0 < block.first == line.index
        return is_today and not (block.parent is not None and is_own)

    def below_text(self, last: Line) -> Iterator[Place]:
        """Yield the date lines below the text; one without a label and outside of the article is not certain."""
        for line in self.lines[last.index + 1 :][:MAX_LINES_BELOW]:
            role = self.roles.of[line.index]
            ends_article = (
                (line.heading and not line.is_link) or self._is_headline(line) or (role is Role.FREE and is_prose(line))
            )
            is_published_date = find_date(line.loose) is not None and PUBLISHED.search(line.loose) is not None
            if (
                is_published_date
                and not line.is_link
                and role not in NEVER_OWN_DATE
                and len(line.text) <= MAX_DATE_LINE_LENGTH
            ):
                yield Place("below-body", line)
            elif role in ENDS or ends_article:
                return
            elif DETAIL.search(line.text):
                yield Place("details", line)
            elif self._may_be_dated(line) and self.may_hold(line, prose=False):
                label = _label_above(line, self.lines)
                is_own = LABEL.match(line.loose) or label or line.element is last.element or self._is_of_article(line)
                yield Place("below-body", line, bool(is_own))

    def _may_be_dated(self, line: Line) -> bool:
        return is_date_line(line) or (find_date(line.loose) is not None and _is_unusual(line))

    def _is_of_article(self, line: Line) -> bool:
        return any(one.tag == "article" and one.holds(self.title.index) for one in line.element.ancestors())

    def _holds_article(self, first: int, end: int) -> bool:
        holds_text = self.first is not None and first <= self.first.index < end
        return holds_text or first <= self.title.index < end

    def _is_headline(self, line: Line) -> bool:
        if not line.anchors:
            return False
        own = self.roles.document.address.rstrip("/")
        return any(
            len(anchor.text.split()) >= MIN_WORDS_OF_HEADLINE
            and anchor.address.rstrip("/") != own
            and find_date(anchor.text) is None
            for anchor in line.anchors
        )


def _is_sentence_like(line: Line) -> bool:
    return is_prose(line) or line.text.endswith((".", "!", "?", "…"))


def _is_unusual(line: Line) -> bool:
    """Tell whether a short line may be a date in a form without a year: «30 апреля», «2 часа назад»."""
    return (
        len(line.text) <= MAX_UNUSUAL_DATE_LENGTH
        and not is_date_line(line)
        and (DIGIT.search(line.text) is not None or has_age(line.text))
    )
