"""Dates as Russian pages print them. What is not printed is never invented."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from armcrawl.items import Precision
from armcrawl.russian.date_forms import (
    AGE,
    DAY_AND_MONTH,
    DAY_AND_NUMBER,
    GENITIVES,
    LAST_WEEKDAY,
    MONTHS_OF,
    NUMBERS,
    PART_OF_AGE,
    PRINTED,
    SECONDS,
    WEEKDAY,
    WEEKDAYS,
    ZONE,
    even_forms,
    month_number,
    roman_number,
)
from armcrawl.russian.date_lines import (
    IMPOSSIBLE_CLOCK,
    POSSIBLE_CLOCK,
    PUBLISHED,
    SPAN_OF_HOURS,
    is_another_date,
    is_beside_little,
    is_rubric,
    is_span,
    is_telephone,
    without_label,
)
from armcrawl.russian.look_alikes import CYRILLIC, fold_printed
from armcrawl.russian.typography import UNPRINTED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from dateparser.date import DateDataParser

# Before the first Russian web pages, so any earlier date is a slip or a date of history.
EARLIEST_YEAR = 1990
# Clocks of site and crawler differ a little; a date further ahead than this is no date of an article.
CLOCK_DIFFERENCE = timedelta(minutes=10)
# A longer line is a paragraph.
LONGEST_LINE = 200
# White space and entities stretch a line; beyond this it is not even looked at.
LONGEST_UNEVEN_LINE = 1000
# Only a short text is a date in a form that we do not know.
LONGEST_UNKNOWN_FORM = 60
# Every printed date has a year, or a day and a month, in digits, or one of these words: most lines have none.
DATE_HINT = re.compile(r"\d{4}|\d[./-]\d|[Сс]егодня|[Вв]чера|СЕГОДНЯ|ВЧЕРА")
# «Вчера и сегодня» may be a name beside the date; a line of more such words is hostile.
MOST_LOOSE_WORDS = 4
WORDS_OF_AGE = re.compile("назад|сейчас|только что|вчера|сегодня| ago|just now")
CLOCK_FIRST = re.compile(
    rf"(?<![\d:])(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d))?{ZONE}[\s,/|–—-]+$", re.IGNORECASE
)
# As under the site's titles («31 Мая 2016») and in its header («28 Января 2026г, Среда»).
SITE_FORM = re.compile(
    r"(\d{1,2}) ([А-Яа-я]+) (\d{4})(?:г, (Понедельник|Вторник|Среда|Четверг|Пятница|Суббота|Воскресенье))?"
)
# What is declared for machines is nearly always so.
ISO_FORM = re.compile(r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d)?)?")
# «МОСКВА, 5 окт — РИА Новости.»
DATELINE = re.compile(
    r"[А-ЯЁ-]{3,}(?:\s[А-ЯЁ-]+)?, (?P<day>\d{1,2} [а-я.]{3,10}) ?[./—–-]+ ?(?:РИА|ТАСС|ИА|Интерфакс|ПРАЙМ|Прайм)\b.{0,30}"
)
UNSEEN = re.compile(f"[{UNPRINTED}\u0301\u200e\u200f]")


@dataclass(frozen=True, slots=True)
class RussianDate:
    """A date as far as it was printed; `time` is in `zone`.

    `form` names what was printed: words, numbers, iso, roman, month, year, relative, age, day_and_month,
    weekday, dateparser. `relative` dates were counted from the time of fetch.
    """

    year: int
    month: int | None = None
    day: int | None = None
    time: time | None = None
    form: str = "words"
    relative: bool = False
    zone: ZoneInfo | None = field(default=None, compare=False)

    @property
    def date(self) -> date:
        """The first day of what is known."""
        return date(self.year, 1 if self.month is None else self.month, 1 if self.day is None else self.day)

    @property
    def precision(self) -> Precision:
        """How much is known."""
        if self.month is None:
            return Precision.YEAR
        return Precision.MONTH if self.day is None else Precision.DAY

    @property
    def moment(self) -> datetime | None:
        """The printed time of day on that date, aware, or None."""
        return datetime.combine(self.date, self.time, self.zone or UTC) if self.time is not None else None


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a text that is a date cannot be believed."""

    reason: str


class Fetch(NamedTuple):
    """When a text was fetched, in the zone of its site: relative dates are counted from here."""

    moment: datetime
    zone: ZoneInfo

    @property
    def day(self) -> date:
        """The site's day of the fetch."""
        return self.moment.astimezone(self.zone).date()


Examined = RussianDate | Fault | None


def read_date(text: str, fetched_at: datetime, timezone: str = "Europe/Moscow") -> RussianDate | None:
    """Return the date that a short text prints, or None.

    Impossible dates, dates with a wrong weekday, after the time of fetch or before 1990 are None, and so
    are spans of days, and dates of something else («Обновлено: ...»). `fetched_at` is aware; relative
    dates («вчера») are counted from it in `timezone`.
    """
    found = examine_date(text, fetched_at, timezone)
    return found if isinstance(found, RussianDate) else None


def examine_date(text: str, fetched_at: datetime, timezone: str = "Europe/Moscow") -> Examined:
    """Return the date, why it cannot be believed, or None where the text is no date at all."""
    fetch = Fetch(fetched_at, _zone(timezone))
    simple = SITE_FORM.fullmatch(text)
    if simple and (month := GENITIVES.get(simple[2].lower())):
        return _plausible(RussianDate(int(simple[3]), month, int(simple[1])), simple[4], fetch)
    if ISO_FORM.fullmatch(text) and (found := _iso(text, fetch)):
        return _plausible(found, None, fetch)
    plain = _even(text) if len(text) <= LONGEST_UNEVEN_LINE else text
    if len(plain) > LONGEST_LINE:
        return None
    matches = _own_dates(plain)
    if matches is None or _is_span_of_hours(plain, matches):
        return None
    if not matches:
        return _incomplete(without_label(plain), fetch) if not PRINTED.search(plain) else None
    return _one_of([_from_match(match, plain, fetch) for match in matches])


def _iso(text: str, fetch: Fetch) -> RussianDate | None:
    """Return the day, and the time in the site's zone, of a text in ISO 8601, as pages declare it."""
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is not None:
            moment = moment.astimezone(fetch.zone)
    except (ValueError, OverflowError):
        return None
    clock = moment.time() if len(text) > len("2016-05-31") else None
    return RussianDate(moment.year, moment.month, moment.day, clock, "iso", zone=fetch.zone)


@lru_cache(maxsize=4096)  # several rules ask for a line, and most lines of a page are on every page of its site
def find_date(text: str) -> str | None:
    """Return the part of a short line that is a date with its weekday and time, or None."""
    if SITE_FORM.fullmatch(text):
        return text
    printed = _printed(text) if DATE_HINT.search(text) else ()
    match = next((match for match in islice(printed, MOST_LOOSE_WORDS) if not _is_loose_word(match)), None)
    if match is None or match["only_month"] or match["only_year"]:
        return None
    clock = CLOCK_FIRST.search(text, 0, match.start()) if not match["hour"] else None
    return text[clock.start() if clock else match.start() : match.end()].strip(" ,|")


def find_dates(text: str) -> list[str]:
    """Return all parts of a short line that are dates of a day, in their order."""
    if len(text) > LONGEST_LINE or not DATE_HINT.search(text):
        return []
    found = (match for match in _printed(text) if not (match["only_month"] or match["only_year"] or match["relative"]))
    return [match[0].strip(" ,|") for match in found]


def _printed(text: str) -> Iterator[re.Match[str]]:
    """Yield what a text prints in the forms of dates, but for telephone numbers."""
    for match in PRINTED.finditer(text):
        if not (match["numbers"] and len(match["number_year"]) == 2 and _is_telephone(match)):
            yield match


def _is_telephone(match: re.Match[str]) -> bool:
    """Tell «45-12-10», which names no day, and what is printed as a telephone number, from a date of six digits."""
    is_day = int(match["number_day"]) <= 31 and int(match["number_month"]) <= 12
    return (not is_day and match["mark"].strip() == "-") or is_telephone(match.string, match.end("numbers"))


def has_age(text: str) -> bool:
    """Tell quickly whether a text may print a date without digits: «неделю назад», «вчера», «в пятницу»."""
    lowered = text.lower()
    return lowered.startswith(("в ", "во ")) or WORDS_OF_AGE.search(lowered) is not None


def with_year(text: str, year: int) -> str:
    """Return a text that prints a day and a month with the year behind them."""
    match = DAY_AND_NUMBER.search(text) or DAY_AND_MONTH.search(text)
    if match is None:
        return text
    before, behind = text[: match.end("month")], text[match.end("month") :]
    return f"{before}.{year}{behind}" if match["month"].isdecimal() else f"{before} {year}{behind.removeprefix('.')}"


def _even(text: str) -> str:
    """Return the text with plain spaces, without what cannot be seen, each word in one alphabet."""
    plain = " ".join(UNSEEN.sub("", html.unescape(text) if "&" in text else text).split())
    return even_forms(plain if plain.isascii() else fold_printed(plain))


def _own_dates(text: str) -> list[re.Match[str]] | None:
    """Return the dates that may be of publication; None if the line prints a span of days."""
    found: list[re.Match[str]] = []
    last = 0
    has_label = has_span = False
    for match in _printed(text):
        before, behind = text[last : match.start()], text[match.end() :]
        last = match.end()
        if _is_loose_word(match):
            continue
        if is_span(text[: match.start()], behind) and not (match["relative"] or match["only_month"]):
            has_span = True
            continue
        if is_another_date(before, behind):
            continue
        if not (match["only_month"] or match["only_year"]) or is_beside_little(
            without_label(text[: match.start()]), behind
        ):
            is_labelled = PUBLISHED.search(before) is not None
            if is_labelled and not has_label:
                found.clear()
            if is_labelled or not has_label:
                found.append(match)
            has_label = has_label or is_labelled
    if has_span and not has_label:
        return None
    # «Сегодня среда, 24 апреля 2024» says which day it means.
    absolute = [match for match in found if not match["relative"]]
    return absolute or found


def _is_span_of_hours(text: str, matches: Sequence[re.Match[str]]) -> bool:
    """Tell «10:00-18:00» from the offset of an ISO date."""
    return not any(match["iso"] for match in matches) and SPAN_OF_HOURS.search(text) is not None


def _one_of(found: Iterable[Examined]) -> Examined:
    """Return the date that all agree on; two dates in one line are none."""
    distinct: list[RussianDate] = []
    for one in found:
        if not isinstance(one, RussianDate):
            return one
        if not any(_same_day(one, other) for other in distinct):
            distinct.append(one)
    return distinct[0] if len(distinct) == 1 else None


def _same_day(one: RussianDate, other: RussianDate) -> bool:
    return one.date == other.date and one.precision == other.precision


def _is_loose_word(match: re.Match[str]) -> bool:
    """Tell «Тот же пролёт сегодня», which is no date, from «Сегодня в 10:20» and «Вчера»."""
    before = without_label(match.string[: match.start()]).strip()
    is_alone = not before and len(match.string) - match.end() < SHORTEST_SENTENCE
    return (
        match["relative"] is not None
        and not match["hour"]
        and not is_alone
        and not CLOCK_FIRST.search(match.string, 0, match.start())
    )


# Behind «Сегодня» stand a counter or a weekday; more is a sentence.
SHORTEST_SENTENCE = 25


def _from_match(match: re.Match[str], text: str, fetch: Fetch) -> Examined:
    weekday = match["weekday_before"] or match["weekday_inside"] or match["weekday_after"] or _weekday_beside(match)
    clock = match if match["hour"] else CLOCK_FIRST.search(text, 0, match.start())
    if _has_impossible_clock(text):
        return Fault("impossible time")
    moment = _clock(clock) if clock else None
    if match["relative"]:
        days = {"сегодня": 0, "вчера": 1, "позавчера": 2}[match["relative"].lower()]
        day = fetch.day - timedelta(days=days)
        found = RussianDate(day.year, day.month, day.day, moment, "relative", relative=True, zone=fetch.zone)
        rest = text[match.end() :].strip(" ,")
        beside = _incomplete(rest, fetch)
        numbers = re.match(r"(\d\d?)\.(\d\d)(?!\d)", rest)
        if (isinstance(beside, RussianDate) and beside.date != day) or (
            numbers and (int(numbers[1]), int(numbers[2])) != (day.day, day.month)
        ):
            return Fault("wrong day")
        return _plausible(found, weekday, fetch)
    form, year, month, day_number = _numbers(match, fetch)
    found = RussianDate(year, month, day_number, moment if day_number is not None else None, form, zone=fetch.zone)
    zone = match["zone"] or (clock.groupdict().get("zone") if clock else None)
    examined = _plausible(_in_zone(found, zone, fetch.zone), weekday, fetch)
    if isinstance(examined, Fault) and match["mark"] == "/" and weekday and day_number is not None and day_number <= 12:
        # «Thu, 03/12/2026», as English themes print it: the weekday says which number is the month.
        swapped = _plausible(replace(found, month=day_number, day=month), weekday, fetch)
        return swapped if isinstance(swapped, RussianDate) else examined
    return examined


def _weekday_beside(match: re.Match[str]) -> str | None:
    """Return a weekday that stands behind the time, or apart from the date: «Среда | 5 июня 2016»."""
    before = WEEKDAY_APART.search(match.string, 0, match.start())
    behind = WEEKDAY_BEHIND.match(match.string, match.end())
    found = before or behind
    return found["weekday"] if found else None


# «Окружающая среда | 5 июня 2016» is a rubric.
WEEKDAY_APART = re.compile(rf"(?:^|[|·•,;])\s*(?P<weekday>{WEEKDAY})\s*[|·•,;:–—-]?\s*$", re.IGNORECASE)
WEEKDAY_BEHIND = re.compile(rf"[\s,|(·•–—-]*(?P<weekday>{WEEKDAY})\)?\s*(?:$|[|,;·•])", re.IGNORECASE)


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
    """Return a year; of two digits it is of this century unless it would be to come."""
    number = int(printed.strip("'’"))
    if len(printed) == 4:
        return number
    return number + (2000 if 2000 + number <= fetch.day.year else 1900)


def _clock(match: re.Match[str]) -> time:
    return time(int(match["hour"]), int(match["minute"]), int(match["second"] or 0))


def _has_impossible_clock(text: str) -> bool:
    return any(not POSSIBLE_CLOCK.fullmatch(clock) for clock in IMPOSSIBLE_CLOCK.findall(text))


def _incomplete(text: str, fetch: Fetch) -> Examined:
    """Read a form that names no year or no day: it is a date only where nothing but counters stands beside it."""
    clock = CLOCK_FIRST_OF_LINE.match(text)
    rest = text[clock.end() :] if clock else text
    if dateline := DATELINE.fullmatch(rest):
        rest = dateline["day"]
    if (match := DAY_AND_MONTH.match(rest)) and (
        is_beside_little("", rest[match.end() :]) or (match["hour"] and is_rubric(rest[match.end() :]))
    ):
        return _without_year(match, clock, fetch)
    if match := DAY_AND_NUMBER.match(rest):
        return _without_year(match, clock, fetch)
    if (match := LAST_WEEKDAY.match(rest)) and is_beside_little("", rest[match.end() :]):
        return _last_weekday(match, clock, fetch)
    if has_age(text) and (match := AGE.search(text)) and _is_age(match):
        return _age(match, fetch)
    return _second_opinion(text, fetch)


def _is_age(match: re.Match[str]) -> bool:
    """Tell whether an age stands alone, before counters and rubrics, or behind a name: not in a clause."""
    before, behind = match.string[: match.start()].strip(" ,|·•—–-"), match.string[match.end() :]
    names = before.split()
    if is_another_date(before, ""):
        return False
    is_named = not names or (len(names) <= 2 and not any(word[0].islower() and CYRILLIC.match(word) for word in names))
    return is_named and (is_beside_little("", behind) or is_rubric(behind))


CLOCK_FIRST_OF_LINE = re.compile(
    r"(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d))?[\s,|–—-]+(?=\d|во?\s)"
)


def _without_year(match: re.Match[str], clock_before: re.Match[str] | None, fetch: Fetch) -> Examined:
    """Return the latest such day that is not after the fetch."""
    number, day = month_number(match["month"]), int(match["day"])
    clock = match if match["hour"] else clock_before
    if _has_impossible_clock(match.string):
        return Fault("impossible time")
    # A leap day comes every four years, or eight round a century.
    for year in range(fetch.day.year, fetch.day.year - 9, -1):
        try:
            candidate = date(year, number, day)
        except ValueError:
            continue
        if candidate <= fetch.day:
            found = RussianDate(
                year, number, day, _clock(clock) if clock else None, "day_and_month", relative=True, zone=fetch.zone
            )
            named = match.groupdict()
            return _plausible(found, named.get("weekday_before") or named.get("weekday_after"), fetch)
    return Fault("impossible date")


def _last_weekday(match: re.Match[str], clock_before: re.Match[str] | None, fetch: Fetch) -> Examined:
    """Return the latest such weekday before the day of the fetch; on that weekday itself nobody can tell."""
    days = (fetch.day.weekday() - WEEKDAYS[match["weekday"].lower()[:2]]) % 7
    if days == 0:
        return None
    day = fetch.day - timedelta(days=days)
    clock = match if match["hour"] else clock_before
    return RussianDate(
        day.year, day.month, day.day, _clock(clock) if clock else None, "weekday", relative=True, zone=fetch.zone
    )


def _age(match: re.Match[str], fetch: Fetch) -> RussianDate | Fault:
    """Return the day that so much time before the fetch was, without a time of day, as none was printed.

    Weeks and months do not tell the day, nor years the month: none is invented.
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
        return _plausible(RussianDate(year, None, None, None, "age", relative=True), None, fetch)
    if coarsest_known == "month" or months:
        return _plausible(RussianDate(year, month + 1, None, None, "age", relative=True), None, fetch)
    return RussianDate(day.year, day.month, day.day, None, "age", relative=True, zone=fetch.zone)


def _by_beginning(unit: str, table: Mapping[str, int]) -> int | None:
    """Return what belongs to the longest beginning of a unit that a table knows."""
    return next((table[unit[:end]] for end in range(len(unit), 0, -1) if unit[:end] in table), None)


def _in_zone(found: RussianDate, printed: str | None, zone: ZoneInfo) -> RussianDate:
    """Turn a time with an offset of its own into the site's zone, where its day may be another."""
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
    """Return an offset from UTC as ISO 8601 writes it: «МСК+2» is five hours ahead; Moscow's own is None."""
    name = printed.upper().replace(" ", "")
    if name in {"Z", "UTC", "GMT"}:
        return "+00:00"
    if ahead := re.fullmatch(r"(МСК|UTC|GMT)([+-]\d\d?)(?::?(\d\d))?", name):
        hours = int(ahead[2]) + (3 if ahead[1] == "МСК" else 0)
        return f"{'-' if hours < 0 else '+'}{abs(hours):02}:{ahead[3] or '00'}"
    if not re.match(r"[+-]", name):
        return None
    return name if len(name) > 3 else f"{name}:00"


def _plausible(found: RussianDate, weekday: str | None, fetch: Fetch) -> RussianDate | Fault:
    try:
        day = found.date
    except ValueError:
        return Fault("impossible date")
    if found.year < EARLIEST_YEAR:
        return Fault(f"before {EARLIEST_YEAR}")
    if found.year >= fetch.moment.year and _is_future(found, fetch):
        return Fault("after the time of fetch")
    if weekday and WEEKDAYS[weekday.lower()[:2]] != day.weekday():
        return Fault("wrong weekday")
    return found


def _is_future(found: RussianDate, fetch: Fetch) -> bool:
    latest = (fetch.moment + CLOCK_DIFFERENCE).astimezone(fetch.zone)
    return found.date > latest.date() or (found.moment is not None and found.moment > latest)


def _second_opinion(text: str, fetch: Fetch) -> Examined:
    """Ask dateparser, strictly: only a text that prints day, month and year counts, with those very numbers."""
    if (
        len(text) > LONGEST_UNKNOWN_FORM
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
    return _plausible(found, None, fetch)


@lru_cache(maxsize=1)
def _dateparser() -> DateDataParser:
    # Imported when first needed: it takes 60 ms, and the site's own form never comes here.
    from dateparser.date import DateDataParser

    return DateDataParser(languages=["ru"], settings={"STRICT_PARSING": True, "DATE_ORDER": "DMY"})


@lru_cache(maxsize=8)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
