"""Reads a printed date. Parts that are not printed are never filled in."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from armcrawl.russian.dates.forms import GENITIVES, WEEKDAY, month_number, normalise_spellings, roman_number
from armcrawl.russian.dates.incomplete import read_incomplete
from armcrawl.russian.dates.lines import SPAN_OF_HOURS, without_label
from armcrawl.russian.dates.printed import CLOCK_FIRST, MAX_LINE_LENGTH, PLAIN_FORM, has_form, own_dates
from armcrawl.russian.dates.values import Fault, Fetch, RussianDate, has_impossible_clock, plausible, read_clock
from armcrawl.russian.look_alikes import fold_printed
from armcrawl.russian.typography import UNPRINTED

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from armcrawl.russian.dates.values import Examined

# Characters before white space and entities are normalised: a longer text is no date line.
MAX_RAW_LINE_LENGTH = 1000
# The form of nearly all machine-readable dates.
ISO_FORM = re.compile(r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d)?)?")
UNSEEN = re.compile(f"[{UNPRINTED}\u0301\u200e\u200f]")


def read_date(text: str, fetched_at: datetime, timezone: str = "Europe/Moscow") -> RussianDate | None:
    """Return the date in a short text, or None.

    It is None if the date is impossible, has a wrong weekday, or is after the time of the fetch or before 1990; also
    for spans of days, and dates that are not of publication («Обновлено: ...»). `fetched_at` must have a time zone;
    relative dates («вчера») are computed from it in `timezone`, a name such as Europe/Moscow.
    """
    found = examine_date(text, fetched_at, timezone)
    return found if isinstance(found, RussianDate) else None


def examine_date(text: str, fetched_at: datetime, timezone: str = "Europe/Moscow") -> Examined:
    """Return the date in a text, a Fault if it is not plausible, or None if there is no date; arguments as above."""
    fetch = Fetch(fetched_at, _zone(timezone))
    simple = PLAIN_FORM.fullmatch(text)
    if simple and (month := GENITIVES.get(simple[2].lower())):
        return plausible(RussianDate(int(simple[3]), month, int(simple[1])), simple[4], fetch)
    if ISO_FORM.fullmatch(text) and (found := _iso(text, fetch)):
        return plausible(found, None, fetch)
    plain = _normalised(text) if len(text) <= MAX_RAW_LINE_LENGTH else text
    if len(plain) > MAX_LINE_LENGTH:
        return None
    matches = own_dates(plain)
    if matches is None or _is_span_of_hours(plain, matches):
        return None
    if not matches:
        return read_incomplete(without_label(plain), fetch) if not has_form(plain) else None
    return _one_of([_from_match(match, plain, fetch) for match in matches])


def _iso(text: str, fetch: Fetch) -> RussianDate | None:
    """Return the date of a text in ISO 8601, with its time in the site's zone; None if it is invalid."""
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is not None:
            moment = moment.astimezone(fetch.zone)
    except (ValueError, OverflowError):
        return None
    clock = moment.time() if len(text) > len("2016-05-31") else None
    return RussianDate(moment.year, moment.month, moment.day, clock, "iso", zone=fetch.zone)


def _normalised(text: str) -> str:
    """Return the text with normalised white space and spellings, without invisible characters, each word in one alphabet."""
    plain = " ".join(UNSEEN.sub("", html.unescape(text) if "&" in text else text).split())
    return normalise_spellings(plain if plain.isascii() else fold_printed(plain))


def _is_span_of_hours(text: str, matches: Sequence[re.Match[str]]) -> bool:
    """Tell whether a text has opening hours («10:00-18:00»), which are no offset of an ISO date."""
    return not any(match["iso"] for match in matches) and SPAN_OF_HOURS.search(text) is not None


def _one_of(found: Iterable[Examined]) -> Examined:
    """Return the date if all are the same, the first Fault or None among them, or None if there are two dates."""
    distinct: list[RussianDate] = []
    for one in found:
        if not isinstance(one, RussianDate):
            return one
        if not any(_same_day(one, other) for other in distinct):
            distinct.append(one)
    return distinct[0] if len(distinct) == 1 else None


def _same_day(one: RussianDate, other: RussianDate) -> bool:
    return one.date == other.date and one.precision == other.precision


def _from_match(match: re.Match[str], text: str, fetch: Fetch) -> Examined:
    weekday = match["weekday_before"] or match["weekday_inside"] or match["weekday_after"] or _weekday_beside(match)
    clock = match if match["hour"] else CLOCK_FIRST.search(text, 0, match.start())
    if has_impossible_clock(text):
        return Fault("impossible time")
    moment = read_clock(clock) if clock else None
    if match["relative"]:
        days = {"сегодня": 0, "вчера": 1, "позавчера": 2}[match["relative"].lower()]
        day = fetch.day - timedelta(days=days)
        found = RussianDate(day.year, day.month, day.day, moment, "relative", relative=True, zone=fetch.zone)
        rest = text[match.end() :].strip(" ,")
        beside = read_incomplete(rest, fetch)
        numbers = re.match(r"(\d\d?)\.(\d\d)(?!\d)", rest)
        if (isinstance(beside, RussianDate) and beside.date != day) or (
            numbers and (int(numbers[1]), int(numbers[2])) != (day.day, day.month)
        ):
            return Fault("wrong day")
        return plausible(found, weekday, fetch)
    form, year, month, day_number = _numbers(match, fetch)
    found = RussianDate(year, month, day_number, moment if day_number is not None else None, form, zone=fetch.zone)
    zone = match["zone"] or (clock.groupdict().get("zone") if clock else None)
    examined = plausible(_in_zone(found, zone, fetch.zone), weekday, fetch)
    if isinstance(examined, Fault) and match["mark"] == "/" and weekday and day_number is not None and day_number <= 12:
        # «Thu, 03/12/2026», as English themes print it: the weekday shows which number is the month.
        swapped = plausible(replace(found, month=day_number, day=month), weekday, fetch)
        return swapped if isinstance(swapped, RussianDate) else examined
    return examined


def _weekday_beside(match: re.Match[str]) -> str | None:
    """Return a weekday after the time, or separated from the date: «Среда | 5 июня 2016»."""
    before = WEEKDAY_APART.search(match.string, 0, match.start())
    after = WEEKDAY_AFTER.match(match.string, match.end())
    found = before or after
    return found["weekday"] if found else None


# Only at the beginning or after a sign: «Окружающая среда | 5 июня 2016» has a rubric.
WEEKDAY_APART = re.compile(rf"(?:^|[|·•,;])\s*(?P<weekday>{WEEKDAY})\s*[|·•,;:–—-]?\s*$", re.IGNORECASE)
WEEKDAY_AFTER = re.compile(rf"[\s,|(·•–—-]*(?P<weekday>{WEEKDAY})\)?\s*(?:$|[|,;·•])", re.IGNORECASE)


def _numbers(match: re.Match[str], fetch: Fetch) -> tuple[str, int, int | None, int | None]:
    """Return form, year, month and day of a match."""
    if match["iso"]:
        return "iso", int(match["iso_year"]), int(match["iso_month"]), int(match["iso_day"])
    if match["words"]:
        return "words", _year(match["year"], fetch), month_number(match["month"]), int(match["day"])
    if match["month_first"]:
        return "words", int(match["last_year"]), month_number(match["first_month"]), int(match["second_day"])
    if match["year_first"]:
        return "words", int(match["first_year"]), month_number(match["last_month"]), int(match["middle_day"])
    if match["numbers"]:
        return "numbers", _year(match["number_year"], fetch), int(match["number_month"]), int(match["number_day"])
    if match["roman"]:
        return "roman", int(match["roman_year"]), roman_number(match["roman_month"]), int(match["roman_day"])
    if match["only_year"]:
        return "year", int(match["only_year"]), None, None
    return "month", int(match["named_year"]), month_number(match["named_month"]), None


def _year(printed: str, fetch: Fetch) -> int:
    """Return a year; one of two digits is in this century, unless it would be in the future."""
    number = int(printed.strip("'’"))
    if len(printed) == 4:
        return number
    return number + (2000 if 2000 + number <= fetch.day.year else 1900)


def _in_zone(found: RussianDate, printed: str | None, zone: ZoneInfo) -> RussianDate:
    """Return a date whose time has a printed offset in the site's zone, in which the day may be another."""
    if printed is None or found.time is None:
        return found
    offset = _offset(printed)
    if offset is None or (found.form != "iso" and offset.startswith("-") and printed.startswith("-")):
        return found
    try:
        moment = datetime.fromisoformat(f"{found.date}T{found.time}{offset}").astimezone(zone)
    except (ValueError, OverflowError):
        return found
    return RussianDate(moment.year, moment.month, moment.day, moment.time(), found.form, zone=zone)


def _offset(printed: str) -> str | None:
    """Return an offset from UTC in ISO 8601 («МСК+2» is +05:00); None for names of Moscow's time alone."""
    name = printed.upper().replace(" ", "")
    if name in {"Z", "UTC", "GMT"}:
        return "+00:00"
    if ahead := re.fullmatch(r"(МСК|UTC|GMT)([+-]\d\d?)(?::?(\d\d))?", name):
        hours = int(ahead[2]) + (3 if ahead[1] == "МСК" else 0)
        return f"{'-' if hours < 0 else '+'}{abs(hours):02}:{ahead[3] or '00'}"
    if not re.match(r"[+-]", name):
        return None
    return name if len(name) > 3 else f"{name}:00"


@lru_cache(maxsize=8)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
