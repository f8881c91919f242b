"""Finds the dates in a line, and which of them may be that of publication."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

from armcrawl.russian.dates.forms import DAY_AND_MONTH, DAY_AND_NUMBER, PRINTED, ZONE
from armcrawl.russian.dates.lines import (
    PUBLISHED,
    is_another_date,
    is_nearly_alone,
    is_span,
    is_telephone,
    without_label,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

# Every date that a line may be named by has a year, or a day and a month in digits, or one of these words: a quick test,
# as most lines have none.
DIGITS_OF_DATE = re.compile(r"\d(?:\d{3}|[./-]\d)")
RELATIVE = ("сегодня", "Сегодня", "вчера", "Вчера", "СЕГОДНЯ", "ВЧЕРА")
# Every form of a date has such digits, or letters of these in any case: another quick test, as captions and counters
# have none.
DIGITS_OF_FORM = re.compile(r"\d(?:\d{3}|\s?[./-]\s?\d)")
LETTERS_OF_FORM = (
    *(
        "сегодня",
        "вчера",
        "янв",
        "фев",
        "мар",
        "апр",
        "май",
        "мая",
        "мае",
        "июн",
        "июл",
        "авг",
        "сен",
        "окт",
        "ноя",
        "дек",
    ),
    *("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"),
)
# Words such as «сегодня» without a time that are skipped in a line: «Вчера и сегодня» may be a name beside the date. A
# line with more of them is hostile.
MAX_LOOSE_WORDS = 4
CLOCK_FIRST = re.compile(
    rf"(?<![\d:])(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d))?{ZONE}[\s,/|–—-]+$", re.IGNORECASE
)
# The plainest form of a date («31 Мая 2016», «28 Января 2026г, Среда»), which is recognised without the large pattern.
PLAIN_FORM = re.compile(
    r"(\d{1,2}) ([А-Яа-я]+) (\d{4})(?:г, (Понедельник|Вторник|Среда|Четверг|Пятница|Суббота|Воскресенье))?"
)
# Characters: a longer line is a paragraph.
MAX_LINE_LENGTH = 200
# Characters after «Сегодня»: a counter or a weekday is shorter, a sentence is longer.
MIN_SENTENCE_LENGTH = 25


@lru_cache(maxsize=4096)  # several rules ask for a line, and most lines of a page are on every page of its site
def find_date(text: str) -> str | None:
    """Return the part of a line that is a date, with its weekday and time; None if it has no day."""
    if PLAIN_FORM.fullmatch(text):
        return text
    printed = _printed(text) if _may_name_date(text) else ()
    match = next((match for match in islice(printed, MAX_LOOSE_WORDS) if not _is_loose_word(match)), None)
    if match is None or match["only_month"] or match["only_year"]:
        return None
    clock = CLOCK_FIRST.search(text, 0, match.start()) if not match["hour"] else None
    return text[clock.start() if clock else match.start() : match.end()].strip(" ,|")


def find_dates(text: str) -> list[str]:
    """Return all parts of a line that are absolute dates of a day, in order; none of a line above MAX_LINE_LENGTH."""
    if len(text) > MAX_LINE_LENGTH or not _may_name_date(text):
        return []
    found = (match for match in _printed(text) if not (match["only_month"] or match["only_year"] or match["relative"]))
    return [match[0].strip(" ,|") for match in found]


def _printed(text: str) -> Iterator[re.Match[str]]:
    """Yield the matches of a text with the form of a date, without telephone numbers."""
    for match in PRINTED.finditer(text):
        if not (match["numbers"] and len(match["number_year"]) == 2 and _is_telephone(match)):
            yield match


def _may_name_date(text: str) -> bool:
    return DIGITS_OF_DATE.search(text) is not None or any(map(text.__contains__, RELATIVE))


def has_form(text: str) -> bool:
    """Tell whether anything in a text has the form of a date."""
    return _may_have_form(text) and PRINTED.search(text) is not None


def _may_have_form(text: str) -> bool:
    return DIGITS_OF_FORM.search(text) is not None or any(map(text.casefold().__contains__, LETTERS_OF_FORM))


def _is_telephone(match: re.Match[str]) -> bool:
    """Tell whether six digits are a telephone number: they are no day («45-12-10»), or follow a code."""
    is_day = int(match["number_day"]) <= 31 and int(match["number_month"]) <= 12
    return (not is_day and match["mark"].strip() == "-") or is_telephone(match.string, match.end("numbers"))


def with_year(text: str, year: int) -> str:
    """Return a text with a day and a month, with the year inserted after them."""
    match = DAY_AND_NUMBER.search(text) or DAY_AND_MONTH.search(text)
    if match is None:
        return text
    before, after = text[: match.end("month")], text[match.end("month") :]
    return f"{before}.{year}{after}" if match["month"].isdecimal() else f"{before} {year}{after.removeprefix('.')}"


def own_dates(text: str) -> list[re.Match[str]] | None:
    """Return the dates that may be that of publication; None if the line has a span of days instead."""
    found: list[re.Match[str]] = []
    if not _may_have_form(text):
        return found
    last = 0
    has_label = has_span = False
    for match in _printed(text):
        before, after = text[last : match.start()], text[match.end() :]
        last = match.end()
        if _is_loose_word(match):
            continue
        if is_span(text[: match.start()], after) and not (match["relative"] or match["only_month"]):
            has_span = True
            continue
        if is_another_date(before, after):
            continue
        if not (match["only_month"] or match["only_year"]) or is_nearly_alone(
            without_label(text[: match.start()]), after
        ):
            is_labelled = PUBLISHED.search(before) is not None
            if is_labelled and not has_label:
                found.clear()
            if is_labelled or not has_label:
                found.append(match)
            has_label = has_label or is_labelled
    if has_span and not has_label:
        return None
    # «Сегодня среда, 24 апреля 2024»: the absolute date counts.
    absolute = [match for match in found if not match["relative"]]
    return absolute or found


def _is_loose_word(match: re.Match[str]) -> bool:
    """Tell whether «сегодня» or the like is a word in a text, and no date as in «Сегодня в 10:20» or «Вчера»."""
    before = without_label(match.string[: match.start()]).strip()
    is_alone = not before and len(match.string) - match.end() < MIN_SENTENCE_LENGTH
    return (
        match["relative"] is not None
        and not match["hour"]
        and not is_alone
        and not CLOCK_FIRST.search(match.string, 0, match.start())
    )
