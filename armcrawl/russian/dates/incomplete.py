"""Dates without a year or a day, and ages: «30 апреля», «в пятницу», «2 часа назад»."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from armcrawl.russian.dates.forms import (
    AGE,
    DAY_AND_MONTH,
    DAY_AND_NUMBER,
    LAST_WEEKDAY,
    MONTHS_OF,
    NUMBERS,
    PART_OF_AGE,
    SECONDS,
    WEEKDAYS,
    month_number,
)
from armcrawl.russian.dates.lines import is_another_date, is_nearly_alone, is_rubric
from armcrawl.russian.dates.values import Fault, RussianDate, has_impossible_clock, plausible, read_clock
from armcrawl.russian.look_alikes import CYRILLIC

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dateparser.date import DateDataParser

    from armcrawl.russian.dates.values import Examined, Fetch

# Characters of a text that is handed to dateparser: a longer one is more than a date.
MAX_UNKNOWN_FORM_LENGTH = 60
WORDS_OF_AGE = re.compile("назад|сейчас|только что|вчера|сегодня| ago|just now")
# «МОСКВА, 5 окт — РИА Новости.»
DATELINE = re.compile(
    r"[А-ЯЁ-]{3,}(?:\s[А-ЯЁ-]+)?, (?P<day>\d{1,2} [а-я.]{3,10}) ?[./—–-]+ ?(?:РИА|ТАСС|ИА|Интерфакс|ПРАЙМ|Прайм)\b.{0,30}"
)
CLOCK_FIRST_OF_LINE = re.compile(
    r"(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d))?[\s,|–—-]+(?=\d|во?\s)"
)


def read_incomplete(text: str, fetch: Fetch) -> Examined:
    """Return the date in a form without a year or a day; it counts only with nothing but counters beside it."""
    clock = CLOCK_FIRST_OF_LINE.match(text)
    rest = text[clock.end() :] if clock else text
    if dateline := DATELINE.fullmatch(rest):
        rest = dateline["day"]
    if (match := DAY_AND_MONTH.match(rest)) and (
        is_nearly_alone("", rest[match.end() :]) or (match["hour"] and is_rubric(rest[match.end() :]))
    ):
        return _without_year(match, clock, fetch)
    if match := DAY_AND_NUMBER.match(rest):
        return _without_year(match, clock, fetch)
    if (match := LAST_WEEKDAY.match(rest)) and is_nearly_alone("", rest[match.end() :]):
        return _last_weekday(match, clock, fetch)
    if has_age(text) and (match := AGE.search(text)) and _is_age(match):
        return _age(match, fetch)
    return _second_opinion(text, fetch)


def has_age(text: str) -> bool:
    """Tell quickly whether a text may have a date in words alone: «неделю назад», «вчера», «в пятницу»."""
    lowered = text.lower()
    return lowered.startswith(("в ", "во ")) or WORDS_OF_AGE.search(lowered) is not None


def _is_age(match: re.Match[str]) -> bool:
    """Tell whether an age is alone, or after a name, or before counters or rubrics, and not in a clause."""
    before, after = match.string[: match.start()].strip(" ,|·•—–-"), match.string[match.end() :]
    names = before.split()
    if is_another_date(before, ""):
        return False
    is_named = not names or (len(names) <= 2 and not any(word[0].islower() and CYRILLIC.match(word) for word in names))
    return is_named and (is_nearly_alone("", after) or is_rubric(after))


def _without_year(match: re.Match[str], clock_before: re.Match[str] | None, fetch: Fetch) -> Examined:
    """Return the last such day that is not after the day of the fetch."""
    number, day = month_number(match["month"]), int(match["day"])
    clock = match if match["hour"] else clock_before
    if has_impossible_clock(match.string):
        return Fault("impossible time")
    # Nine years, as 29 February comes every four years, or eight at the turn of some centuries.
    for year in range(fetch.day.year, fetch.day.year - 9, -1):
        try:
            candidate = date(year, number, day)
        except ValueError:
            continue
        if candidate <= fetch.day:
            found = RussianDate(
                year, number, day, read_clock(clock) if clock else None, "day_and_month", relative=True, zone=fetch.zone
            )
            named = match.groupdict()
            return plausible(found, named.get("weekday_before") or named.get("weekday_after"), fetch)
    return Fault("impossible date")


def _last_weekday(match: re.Match[str], clock_before: re.Match[str] | None, fetch: Fetch) -> Examined:
    """Return the last such weekday before the day of the fetch; None on that weekday, as the page may mean the day itself."""
    days = (fetch.day.weekday() - WEEKDAYS[match["weekday"].lower()[:2]]) % 7
    if days == 0:
        return None
    day = fetch.day - timedelta(days=days)
    clock = match if match["hour"] else clock_before
    return RussianDate(
        day.year, day.month, day.day, read_clock(clock) if clock else None, "weekday", relative=True, zone=fetch.zone
    )


def _age(match: re.Match[str], fetch: Fetch) -> RussianDate | Fault:
    """Return the date that was an age before the fetch, without a time of day, as none was printed.

    An age in weeks or months gives a month, one in years a year, as the rest is not known.
    """
    seconds = months = 0
    coarsest_known = ""
    for part in PART_OF_AGE.finditer(match["parts"] or ""):
        unit, printed = part["unit"].lower(), (part["number"] or "1").lower()
        number = int(printed) if printed.isdecimal() else NUMBERS[printed]
        if (each := _by_beginning(unit, MONTHS_OF)) is not None:
            months += number * each
            coarsest_known = "year" if each == MONTHS_OF["г"] else "month"
        else:
            each = _by_beginning(unit, SECONDS) or 0
            seconds += number * each
            coarsest_known = "month" if each == SECONDS["нед"] else "day"
    day = (fetch.moment - timedelta(seconds=seconds)).astimezone(fetch.zone).date()
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    if coarsest_known == "year":
        return plausible(RussianDate(year, None, None, None, "age", relative=True), None, fetch)
    if coarsest_known == "month" or months:
        return plausible(RussianDate(year, month + 1, None, None, "age", relative=True), None, fetch)
    return RussianDate(day.year, day.month, day.day, None, "age", relative=True, zone=fetch.zone)


def _by_beginning(unit: str, table: Mapping[str, int]) -> int | None:
    """Return the value for the longest beginning of a unit that is a key of the table, or None."""
    return next((table[unit[:end]] for end in range(len(unit), 0, -1) if unit[:end] in table), None)


def _second_opinion(text: str, fetch: Fetch) -> Examined:
    """Return the date that dateparser finds in a short text, if day and year are among its printed numbers."""
    if (
        len(text) > MAX_UNKNOWN_FORM_LENGTH
        or not re.search(r"(?<!\d)(?:19|20)\d\d(?!\d)", text)
        or not CYRILLIC.search(text.lower())
    ):
        return None
    parsed = _dateparser().get_date_data(text)
    if parsed is None or parsed.date_obj is None:
        return None
    moment = parsed.date_obj
    numbers = {int(number) for number in re.findall(r"\d{1,4}", text)}
    if not {moment.day, moment.year} <= numbers:
        return None
    clock = moment.time().replace(microsecond=0) if re.search(r"\d:\d\d", text) else None
    found = RussianDate(moment.year, moment.month, moment.day, clock, "dateparser", zone=fetch.zone)
    return plausible(found, None, fetch)


@lru_cache(maxsize=1)
def _dateparser() -> DateDataParser:
    # Imported only when needed: it takes 60 ms, and the common forms are read without it.
    from dateparser.date import DateDataParser

    return DateDataParser(languages=["ru"], settings={"STRICT_PARSING": True, "DATE_ORDER": "DMY"})
