"""Dates as Russian pages print them. What is not printed is never invented."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from armcrawl.items import Precision

if TYPE_CHECKING:
    from dateparser.date import DateDataParser

# Before the first Russian web pages, so any earlier date is a slip or a date of history.
EARLIEST_YEAR = 1990
# Clocks of site and crawler differ a little; a date further ahead than this is no date of an article.
CLOCK_DIFFERENCE = timedelta(minutes=10)

MONTH_STEMS = ("янв", "фев", "мар", "апр", "ма", "июн", "июл", "авг", "сен", "окт", "ноя", "дек")
MONTH = (
    r"(?:янв(?:ар[ьяе])?|фев(?:р(?:ал[ьяе])?)?|март[ае]?|мар|апр(?:ел[ьяе])?|ма[йяе]|июн[ьяе]?|июл[ьяе]?|авг(?:уст[ае]?)?|"
    r"сен(?:т(?:ябр[ьяе])?)?|окт(?:ябр[ьяе])?|ноя(?:б(?:р[ьяе])?)?|дек(?:абр[ьяе])?)"
)
# By their first two letters, which whole names and abbreviations share in most cases.
WEEKDAYS = {"по": 0, "пн": 0, "вт": 1, "ср": 2, "че": 3, "чт": 3, "пя": 4, "пт": 4, "су": 5, "сб": 5, "во": 6, "вс": 6}
WEEKDAY = r"(?:понедельник|вторник|сред[ау]|четверг|пятниц[ау]|суббот[ау]|воскресенье|(?:пн|вт|ср|чт|пт|сб|вс)\b\.?)"
CLOCK = r"(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d)(?:[.,]\d{1,9})?)?(?!\d)"
ZONE = r"(?:\s*\(?(?P<zone>МСК|MSK|по московскому времени|по Москве|Z|UTC|[+-]\d\d:?\d\d)\)?(?!\w))?"

PRINTED = re.compile(
    rf"""(?<![\w.])(?:(?P<weekday_before>{WEEKDAY}),?\s+)?
    (?:
        (?P<iso>(?P<iso_year>\d{{4}})-(?P<iso_month>\d\d)-(?P<iso_day>\d\d))
      | (?P<words>(?P<day>\d{{1,2}})(?:-?го|-?е)?\s+(?P<month>{MONTH})\.?,?\s+
            (?:(?P<weekday_inside>{WEEKDAY}),?\s+)?(?P<year>\d{{4}}))(?!\d)
      | (?P<numbers>(?P<number_day>\d{{1,2}})(?P<mark>[./])(?P<number_month>\d{{1,2}})(?P=mark)(?P<number_year>\d{{4}}|\d\d))(?![\d.]\d)
      | (?P<relative>сегодня|вчера|позавчера)\b
      | (?P<only_month>(?<!\d\ )(?P<named_month>{MONTH})\.?\s+(?P<named_year>\d{{4}}))(?!\d)
      | (?P<only_year>\d{{4}})(?=\s*(?:году|года|год|г)(?!\w))(?<!\d[./]\d{{4}})
    )
    (?:\s*(?:году|года|год|г\.|г)(?!\w))?
    (?:,?\s*\(?(?P<weekday_after>{WEEKDAY})\)?)?
    (?:(?:[\s,|/T]|в|—|–|-)*{CLOCK}{ZONE})?""",
    re.IGNORECASE | re.VERBOSE,
)
# Every printed date has a year, or a day and a month, in digits, or one of these words: most lines have none.
DATE_HINT = re.compile(r"\d{4}|\d[./]\d|[Сс]егодня|[Вв]чера|СЕГОДНЯ|ВЧЕРА")
CLOCK_FIRST = re.compile(rf"(?<!\d){CLOCK}[\s,|]+(?={MONTH}|\d|сегодня|вчера)", re.IGNORECASE)
LABEL = re.compile(
    r"\W{0,3}(?:(?:дата\s+)?(?:опубликован[оа]?|публикации|размещен[оа]?|размещения|добавлен[оа]?|создан[оа]?)|дата|размещено)(?!\w)\s*[:—–-]?\s*",
    re.IGNORECASE,
)
# «Месяц назад» tells no day.
VAGUE_AGE = re.compile(r"(?:недел|месяц|год|лет)\w*\s+назад", re.IGNORECASE)
# As under the site's titles («31 Мая 2016») and in its header («28 Января 2026г, Среда»).
SITE_FORM = re.compile(r"(\d{1,2}) ([А-Яа-я]+) (\d{4})(?:г, ([А-Я][а-я]+))?")
GENITIVES = dict(
    zip(
        [
            "января",
            "февраля",
            "марта",
            "апреля",
            "мая",
            "июня",
            "июля",
            "августа",
            "сентября",
            "октября",
            "ноября",
            "декабря",
        ],
        range(1, 13),
        strict=True,
    )
)


@dataclass(frozen=True, slots=True)
class RussianDate:
    """A date as far as it was printed; `time` is in `zone`."""

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


def read_date(text: str, fetched_at: datetime, timezone: str = "Europe/Moscow") -> RussianDate | None:
    """Return the date that a short text prints, or None.

    Impossible dates, dates with a wrong weekday, after the time of fetch or before 1990 are None.
    `fetched_at` is aware; relative dates («вчера») are counted from it in `timezone`.
    """
    found = examine_date(text, fetched_at, timezone)
    return found if isinstance(found, RussianDate) else None


def examine_date(text: str, fetched_at: datetime, timezone: str = "Europe/Moscow") -> RussianDate | Fault | None:
    """Return the date, why it cannot be believed, or None where the text is no date at all."""
    zone = _zone(timezone)
    simple = SITE_FORM.fullmatch(text)
    if simple:
        month = GENITIVES.get(simple[2].lower())
        if month:
            return _plausible(RussianDate(int(simple[3]), month, int(simple[1])), simple[4], fetched_at, zone)
    plain = without_label(" ".join(text.split()))
    matches = list(PRINTED.finditer(plain))
    # «Сегодня среда, 24 апреля 2024» says which day it means.
    match = next((match for match in matches if not match["relative"]), matches[0] if matches else None)
    if match is None:
        return _second_opinion(plain, fetched_at, zone)
    if _is_loose_word(match):
        return None
    found, weekday = _from_match(match, plain, fetched_at, zone)
    return _plausible(found, weekday, fetched_at, zone)


def without_label(text: str) -> str:
    """Take a label such as «Опубликовано:» from the start of a line."""
    label = LABEL.match(text)
    return text[label.end() :] if label else text


def find_date(text: str) -> str | None:
    """Return the part of a short line that is a date with its weekday and time, or None."""
    if SITE_FORM.fullmatch(text):
        return text
    match = PRINTED.search(text) if DATE_HINT.search(text) else None
    if match is None or match["only_month"] or match["only_year"] or _is_loose_word(match):
        return None
    clock = CLOCK_FIRST.search(text)
    start = clock.start() if clock and clock.end() == match.start() and not match["hour"] else match.start()
    return text[start : match.end()].strip(" ,|")


def _is_loose_word(match: re.Match[str]) -> bool:
    """Tell «Тот же пролёт сегодня», which is no date, from «Сегодня в 10:20» and «Вчера»."""
    return match["relative"] is not None and match.start() > 0 and not match["hour"]


def _from_match(
    match: re.Match[str], text: str, fetched_at: datetime, zone: ZoneInfo
) -> tuple[RussianDate, str | None]:
    weekday = match["weekday_before"] or match["weekday_inside"] or match["weekday_after"]
    clock: re.Match[str] | None = match if match["hour"] else CLOCK_FIRST.match(text)
    moment = time(int(clock["hour"]), int(clock["minute"]), int(clock["second"] or 0)) if clock else None
    if match["relative"]:
        days = {"сегодня": 0, "вчера": 1, "позавчера": 2}[match["relative"].lower()]
        day = fetched_at.astimezone(zone).date() - timedelta(days=days)
        return RussianDate(day.year, day.month, day.day, moment, "relative", relative=True, zone=zone), weekday
    if match["iso"]:
        numbers = (int(match["iso_year"]), int(match["iso_month"]), int(match["iso_day"]))
        return _in_zone(RussianDate(*numbers, moment, "iso", zone=zone), match["zone"], zone), weekday
    if match["words"]:
        numbers = (int(match["year"]), _month(match["month"]), int(match["day"]))
        return _in_zone(RussianDate(*numbers, moment, "words", zone=zone), match["zone"], zone), weekday
    if match["numbers"]:
        year = int(match["number_year"])
        numbers = (year + 2000 if year < 100 else year, int(match["number_month"]), int(match["number_day"]))
        return _in_zone(RussianDate(*numbers, moment, "numbers", zone=zone), match["zone"], zone), weekday
    if match["only_year"]:
        return RussianDate(int(match["only_year"]), form="year"), None
    return RussianDate(int(match["named_year"]), _month(match["named_month"]), form="month"), None


def _month(name: str) -> int:
    lower = name.lower()
    if lower[:3] in {"май", "мая", "мае"}:
        return 5
    return next(number for number, stem in enumerate(MONTH_STEMS, 1) if lower.startswith(stem) and number != 5)


def _in_zone(found: RussianDate, offset: str | None, zone: ZoneInfo) -> RussianDate:
    """Turn a time with an offset of its own into the site's zone, where its day may be another."""
    if offset is None or found.time is None or not re.match(r"[Z+-]|UTC", offset, re.IGNORECASE):
        return found
    sign_and_time = "+00:00" if offset.upper() in {"Z", "UTC"} else offset
    try:
        moment = datetime.fromisoformat(f"{found.date}T{found.time}{sign_and_time}").astimezone(zone)
    except (ValueError, OverflowError):
        return found
    return RussianDate(moment.year, moment.month, moment.day, moment.time(), found.form, zone=zone)


def _plausible(found: RussianDate, weekday: str | None, fetched_at: datetime, zone: ZoneInfo) -> RussianDate | Fault:
    try:
        day = found.date
    except ValueError:
        return Fault("impossible date")
    if found.year < EARLIEST_YEAR:
        return Fault(f"before {EARLIEST_YEAR}")
    if found.year >= fetched_at.year and _is_future(found, fetched_at, zone):
        return Fault("after the time of fetch")
    if weekday and WEEKDAYS[weekday.lower()[:2]] != day.weekday():
        return Fault("wrong weekday")
    return found


def _is_future(found: RussianDate, fetched_at: datetime, zone: ZoneInfo) -> bool:
    latest = (fetched_at + CLOCK_DIFFERENCE).astimezone(zone)
    return found.date > latest.date() or (found.moment is not None and found.moment > latest)


def _second_opinion(text: str, fetched_at: datetime, zone: ZoneInfo) -> RussianDate | Fault | None:
    """Ask dateparser, strictly: only a text that prints day, month and year counts."""
    # Without a digit dateparser guesses; a longer text is no date line.
    if len(text) > 60 or not any(letter.isdigit() for letter in text) or VAGUE_AGE.search(text):
        return None
    naive = fetched_at.astimezone(zone).replace(tzinfo=None)
    parsed = _dateparser(naive).get_date_data(text)
    if parsed is None or parsed.date_obj is None:
        return None
    moment = parsed.date_obj
    clock = moment.time().replace(microsecond=0) if re.search(r"\d:\d\d", text) else None
    found = RussianDate(moment.year, moment.month, moment.day, clock, "dateparser", zone=zone)
    return _plausible(found, None, fetched_at, zone)


def _dateparser(base: datetime) -> DateDataParser:
    # Imported when first needed: it takes 60 ms, and the site's own form never comes here.
    from dateparser.date import DateDataParser

    return DateDataParser(
        languages=["ru"],
        settings={
            "STRICT_PARSING": True,
            "DATE_ORDER": "DMY",
            "PREFER_DATES_FROM": "past",
            "RELATIVE_BASE": base,
        },
    )


@lru_cache(maxsize=8)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
