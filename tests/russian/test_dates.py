"""Dates as Russian pages print them; what is not printed is never invented."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from armcrawl.items import Precision
from armcrawl.russian.dates import examine_date, read_date
from armcrawl.russian.dates.forms import GENITIVES
from armcrawl.russian.dates.lines import without_label
from armcrawl.russian.dates.printed import find_date
from armcrawl.russian.dates.values import Fault, RussianDate
from tests.conftest import FETCHED_AT, TODAY

MOSCOW = ZoneInfo("Europe/Moscow")
WEEKDAYS = ("понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье")
PIECES = (
    "31",
    "0",
    "99",
    "2016",
    "0000",
    "9999",
    "99999999999",
    " ",
    "\u00a0",
    ".",
    "/",
    "-",
    ":",
    ",",
    "T",
    "Z",
    "+03:00",
    "мая",
    "Май",
    "сентября",
    "вторник",
    "сегодня",
    "вчера",
    "в",
    "г.",
    "года",
    "назад",
    "лет",
    "дней",
    "часа",
    "10:20",
    "25:61",
    "²",
    "٣١",
    "Опубликовано: ",
    "МСК",
)
wild_texts = st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=10).map("".join))
# The first use of dateparser takes longer than Hypothesis allows an example.
unhurried = settings(deadline=None)


def read(text: str, fetched_at: datetime = FETCHED_AT) -> RussianDate:
    found = read_date(text, fetched_at)
    assert found is not None, examine_date(text, fetched_at)
    return found


def reason(text: str, fetched_at: datetime = FETCHED_AT) -> str:
    found = examine_date(text, fetched_at)
    assert isinstance(found, Fault), found
    return found.reason


@pytest.mark.parametrize(
    "text",
    [
        "31 Мая 2016",
        "31 мая 2016",
        "31 МАЯ 2016",
        " 31\u00a0мая\n2016 ",
        "31 мая 2016г",
        "31 мая 2016 г.",
        "31 мая 2016 года",
        "31-го мая 2016 года",
        "31 мая, 2016",
        "31.05.2016",
        "31.5.2016",
        "31/05/2016",
        "31.05.16",
        "31-05-2016",
        "2016-05-31",
        "Вторник, 31 мая 2016",
        "31 Мая 2016г, Вторник",
        "31 мая 2016 года (вторник)",
        "Опубликовано: 31 мая 2016",
        "Дата публикации — 31.05.2016",
        "Размещено 31 мая 2016",
        "31 мая 2016 393",
    ],
)
def test_a_day_is_read_in_every_form_that_the_trade_prints(text: str) -> None:
    assert read(text).date == date(2016, 5, 31)


@pytest.mark.parametrize("text", ["31.05.94", "31 мая '94", "31 мая 94 г."])
def test_a_year_of_two_digits_that_would_be_to_come_is_of_the_last_century(text: str) -> None:
    assert read(text).date == date(1994, 5, 31)


@pytest.mark.parametrize(("text", "year"), [("22 ноября", 2026), ("23 ноября", 2026), ("24 ноября", 2025)])
def test_a_day_without_a_year_is_the_last_one_up_to_the_fetch(text: str, year: int) -> None:
    assert read(text).date.year == year


@pytest.mark.parametrize("text", ["31.05.2016 02.06.2016", "31 мая 2016 | 2 июня 2016"])
def test_of_two_days_in_one_line_neither_is_the_date(text: str) -> None:
    assert read_date(text, FETCHED_AT) is None


def test_one_day_that_is_printed_twice_is_the_date() -> None:
    assert read("31 мая 2016 31.05.2016").date == date(2016, 5, 31)


@pytest.mark.parametrize(("month", "number"), GENITIVES.items())
def test_every_month_is_known_in_the_genitive(month: str, number: int) -> None:
    assert read(f"9 {month} 2019").date == date(2019, number, 9)


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("9 янв. 2019", 1),
        ("9 фев 2019", 2),
        ("9 мар. 2019", 3),
        ("9 апр 2019", 4),
        ("9 июн 2019", 6),
        ("9 июл. 2019", 7),
        ("9 авг 2019", 8),
        ("9 сент. 2019", 9),
        ("9 окт. 2019", 10),
        ("9 нояб. 2019", 11),
        ("9 дек 2019", 12),
    ],
)
def test_a_shortened_month_is_known(text: str, month: int) -> None:
    assert read(text).date == date(2019, month, 9)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("08.07.2018 20:21", datetime(2018, 7, 8, 20, 21, tzinfo=MOSCOW)),
        ("2019-11-07 17:37", datetime(2019, 11, 7, 17, 37, tzinfo=MOSCOW)),
        ("Опубликовано 27 Мая 2023 года в 08:50:19", datetime(2023, 5, 27, 8, 50, 19, tzinfo=MOSCOW)),
        ("27 мая 2023 | 8:50", datetime(2023, 5, 27, 8, 50, tzinfo=MOSCOW)),
        ("8:50, 27 мая 2023", datetime(2023, 5, 27, 8, 50, tzinfo=MOSCOW)),
        ("27 мая 2023, 08:50 МСК", datetime(2023, 5, 27, 8, 50, tzinfo=MOSCOW)),
        ("27 мая 2023, 08:50 (по московскому времени)", datetime(2023, 5, 27, 8, 50, tzinfo=MOSCOW)),
    ],
)
def test_a_printed_time_is_the_sites_own(text: str, moment: datetime) -> None:
    assert read(text).moment == moment


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2019-11-07T17:37:00+03:00", datetime(2019, 11, 7, 14, 37, tzinfo=UTC)),
        ("2019-11-07T17:37:00+0300", datetime(2019, 11, 7, 14, 37, tzinfo=UTC)),
        ("2019-11-07 17:37 +05:00", datetime(2019, 11, 7, 12, 37, tzinfo=UTC)),
        ("2019-11-07T17:37Z", datetime(2019, 11, 7, 17, 37, tzinfo=UTC)),
        ("7 ноября 2019, 17:37 МСК+2", datetime(2019, 11, 7, 12, 37, tzinfo=UTC)),
        ("7 ноября 2019, 17:37 UTC+5", datetime(2019, 11, 7, 12, 37, tzinfo=UTC)),
        ("2019-11-07T17:37:00.000Z", datetime(2019, 11, 7, 17, 37, tzinfo=UTC)),
        ("2019-11-07T17:37:00.123456+05:00", datetime(2019, 11, 7, 12, 37, tzinfo=UTC)),
        ("07.11.2019 17:37 UTC", datetime(2019, 11, 7, 17, 37, tzinfo=UTC)),
        ("7 ноября 2019, 17:37 +05:00", datetime(2019, 11, 7, 12, 37, tzinfo=UTC)),
    ],
)
def test_a_printed_offset_counts(text: str, moment: datetime) -> None:
    found = read(text).moment
    assert found is not None
    assert found.replace(microsecond=0) == moment


def test_an_offset_may_move_the_day() -> None:
    assert read("2019-11-07T22:37:00Z").date == date(2019, 11, 8)


def test_without_a_time_there_is_no_moment() -> None:
    assert read("31 мая 2016").moment is None


def test_a_view_counter_is_no_time() -> None:
    found = read("08 ноября, 2019 393")
    assert (found.date, found.time) == (date(2019, 11, 8), None)


@pytest.mark.parametrize("clock", ["24:00", "25:61", "10:75"])
def test_an_impossible_time_refuses_the_date(clock: str) -> None:
    assert reason(f"31 мая 2016, {clock}") == "impossible time"


@pytest.mark.parametrize(
    ("text", "first_day"),
    [
        ("май 2016", date(2016, 5, 1)),
        ("Сентябрь 2019 г.", date(2019, 9, 1)),
        ("в феврале 2020 года", date(2020, 2, 1)),
        ("Опубликовано: август 2021", date(2021, 8, 1)),
    ],
)
def test_a_month_without_a_day_keeps_its_precision(text: str, first_day: date) -> None:
    found = read(text)
    assert (found.date, found.precision) == (first_day, Precision.MONTH)


@pytest.mark.parametrize("text", ["2016 год", "2016 г.", "Опубликовано в 2016 году"])
def test_a_year_alone_keeps_its_precision(text: str) -> None:
    found = read(text)
    assert (found.date, found.precision) == (date(2016, 1, 1), Precision.YEAR)


def test_a_whole_date_has_the_precision_of_a_day() -> None:
    assert read("31 мая 2016").precision is Precision.DAY


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Сегодня", date(2026, 11, 23)),
        ("вчера", date(2026, 11, 22)),
        ("Позавчера", date(2026, 11, 21)),
        ("Сегодня, 9:30", date(2026, 11, 23)),
        ("Вчера в 23:50", date(2026, 11, 22)),
    ],
)
def test_a_relative_day_is_counted_from_the_fetch(text: str, day: date) -> None:
    found = read(text)
    assert (found.date, found.relative) == (day, True)


def test_today_is_the_sites_day_not_the_servers() -> None:
    late_in_utc = datetime(2026, 11, 22, 22, 30, tzinfo=UTC)
    assert read("Сегодня", late_in_utc).date == date(2026, 11, 23)


def test_a_site_may_have_another_zone() -> None:
    late_in_utc = datetime(2026, 11, 22, 22, 30, tzinfo=UTC)
    found = read_date("Сегодня", late_in_utc, "Europe/London")
    assert found is not None
    assert found.date == date(2026, 11, 22)


def test_a_printed_date_wins_over_the_word_today() -> None:
    a_wednesday = datetime(2026, 11, 25, 7, 0, tzinfo=UTC)
    found = read_date("Сегодня среда 24 апреля 2024 г. 20:57", a_wednesday)
    assert found is None or found.date == date(2024, 4, 24)


@pytest.mark.parametrize(
    "text",
    [
        "30 февраля 2016",
        "29 февраля 2019",
        "31 апреля 2016",
        "32 мая 2016",
        "31.02.2016",
        "05/31/2016",
        "2016-02-30",
        "2016-13-01",
    ],
)
def test_an_impossible_date_is_refused(text: str) -> None:
    assert reason(text) == "impossible date"


@pytest.mark.parametrize("text", ["00.00.0000", "00.05.2016", "10.00.2016", "0 мая 2016", "2016-00-00", "2016-05-00"])
def test_a_zero_is_no_day_and_no_month(text: str) -> None:
    assert read_date(text, FETCHED_AT) is None


def test_a_leap_day_is_a_day() -> None:
    assert read("29 февраля 2020").date == date(2020, 2, 29)


@pytest.mark.parametrize(
    "text",
    [
        "Понедельник, 31 мая 2016",
        "31 Мая 2016г, Среда",
        "31 мая 2016 (пятница)",
        "в субботу, 31.05.2016",
        "2016-05-31, воскресенье",
    ],
)
def test_a_weekday_that_is_wrong_refuses_the_date(text: str) -> None:
    assert reason(text) == "wrong weekday"


@pytest.mark.parametrize("text", ["Пн, 31 мая 2016", "31.05.2016, ср", "31 мая 2016 (пт.)", "31 мая, пятница, 2016"])
def test_a_wrong_weekday_refuses_the_date_however_it_is_printed(text: str) -> None:
    assert reason(text) == "wrong weekday"


@pytest.mark.parametrize("text", ["Вт, 31 мая 2016", "31.05.2016, вт", "31 мая 2016 (вт.)", "31 мая, вторник, 2016"])
def test_a_right_weekday_is_welcome_however_it_is_printed(text: str) -> None:
    assert read(text).date == date(2016, 5, 31)


@given(st.dates(date(1990, 1, 1), TODAY), st.sampled_from(WEEKDAYS))
@unhurried
def test_a_date_stands_exactly_with_its_own_weekday(day: date, weekday: str) -> None:
    found = read_date(f"{weekday.title()}, {day:%d.%m.%Y}", FETCHED_AT)
    assert (found is not None) == (weekday == WEEKDAYS[day.weekday()])


@pytest.mark.parametrize(
    "text", ["24 ноября 2026", "31.12.2030", "декабрь 2026", "23.11.2026 10:30", "Сегодня в 23:00"]
)
def test_a_date_after_the_fetch_is_refused(text: str) -> None:
    assert reason(text) == "after the time of fetch"


@pytest.mark.parametrize("text", ["23 ноября 2026", "ноябрь 2026", "23.11.2026 10:00"])
def test_the_day_of_the_fetch_is_allowed(text: str) -> None:
    assert read(text).date <= TODAY


def test_clocks_may_differ_by_minutes() -> None:
    assert read("23.11.2026 10:05").time == time(10, 5)


@pytest.mark.parametrize("text", ["31 декабря 1989", "7 мая 1945 года", "01.01.1970", "май 1985", "0001-01-01"])
def test_a_date_before_1990_is_refused(text: str) -> None:
    assert reason(text) == "before 1990"


def test_the_first_day_of_1990_is_allowed() -> None:
    assert read("1 января 1990").date == date(1990, 1, 1)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "31.05",
        "10:20",
        "вторник",
        "мая",
        "завтра",
        "5",
        "393",
        "42 просмотра",
        "№ 6 (93)",
        "90.9329",
        "8 800 555-35-35",
        "192.168.10.16",
        "ГОСТ 9544-2015",
        "ГОСТ Р 55018-2012",
        "31 мая 20160",
        "131 мая 2016",
        "1231.05.2016",
        "Завод отгрузил задвижки",
        "Цены на сегодня выросли",
        "E.S.T.E.R",
    ],
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert examine_date(text, FETCHED_AT) is None


@pytest.mark.parametrize("text", ["1 месяц назад", "3 недели назад", "2 года назад", "5 лет назад"])
def test_a_vague_age_makes_no_day(text: str) -> None:
    found = read_date(text, FETCHED_AT)
    assert found is None or found.precision is not Precision.DAY


@pytest.mark.parametrize("text", ["в 2016 году", "за 2016", "2016", "в 2016", "май"])
def test_a_part_of_a_date_is_never_filled_up_with_today(text: str) -> None:
    found = examine_date(text, FETCHED_AT)
    assert found is None or (isinstance(found, RussianDate) and found.precision is not Precision.DAY)


def test_a_refused_date_is_none_to_who_only_wants_dates() -> None:
    assert read_date("30 февраля 2016", FETCHED_AT) is None


@pytest.mark.parametrize("day", ["5 мая 2016", "15.05.2016", "2016-05-05", "вчера"])
def test_the_same_text_read_a_second_later_is_the_same_date(day: str) -> None:
    assert read(day) == read(day, FETCHED_AT + timedelta(seconds=1))


@given(st.dates(date(1990, 1, 1), TODAY))
@unhurried
def test_every_day_is_read_back_from_the_sites_own_form(day: date) -> None:
    month = list(GENITIVES)[day.month - 1].title()
    assert read(f"{day.day} {month} {day.year}").date == day


@given(wild_texts)
@example("99999999999 лет назад")
@example("9999-12-31T23:59:59-12:00")
@example("0001-01-01T00:00:00+14:00")
@unhurried
def test_any_string_may_be_examined(text: str) -> None:
    found = examine_date(text, FETCHED_AT)
    assert found is None or isinstance(found, (Fault, RussianDate))


@given(wild_texts)
@unhurried
def test_every_date_that_is_read_lies_between_1990_and_the_fetch(text: str) -> None:
    found = read_date(text, FETCHED_AT)
    assert found is None or date(1990, 1, 1) <= found.date <= TODAY


@given(wild_texts)
def test_a_date_found_in_a_line_is_printed_there(text: str) -> None:
    found = find_date(text)
    assert found is None or found in text


@pytest.mark.parametrize(
    ("line", "printed"),
    [
        ("31 Мая 2016", "31 Мая 2016"),
        ("31 мая 2016 | Просмотров: 15", "31 мая 2016"),
        ("Просмотров: 15, 31.05.2016 10:20", "31.05.2016 10:20"),
        ("10:20, 31 мая 2016", "10:20, 31 мая 2016"),
        ("Вторник, 31 мая 2016 года", "Вторник, 31 мая 2016 года"),
        ("Вчера, 10:20", "Вчера, 10:20"),
    ],
)
def test_the_date_of_a_line_is_found_with_its_weekday_and_time(line: str, printed: str) -> None:
    assert find_date(line) == printed


@pytest.mark.parametrize("line", ["Вид на завод сегодня", "План на 2016 год", "в мае 2016 года", "Тираж 2 000"])
def test_a_line_without_a_day_has_no_date(line: str) -> None:
    assert find_date(line) is None


@pytest.mark.parametrize(
    ("line", "rest"),
    [
        ("Опубликовано: 31 мая 2016", "31 мая 2016"),
        ("Дата размещения — 31.05.2016", "31.05.2016"),
        ("31 мая 2016", "31 мая 2016"),
    ],
)
def test_a_label_is_taken_from_a_date(line: str, rest: str) -> None:
    assert without_label(line) == rest


@pytest.mark.parametrize(
    "printed",
    [
        "Обновлено, 31.05.2016",
        "28.05.-02.06.2016",
        "28 мая (сб) - 2 июня 2016",
        "+7 (495) 12-12-16",
        "8 (495) 12-12-16",
        "Кран 10 х 2000",
        "5 дек. 12 городов",
        "31 мая 2016 10:00-18:00",
    ],
)
def test_what_only_looks_like_a_date_is_none(printed: str) -> None:
    assert read_date(printed, FETCHED_AT) is None


@pytest.mark.parametrize(
    "printed",
    [
        "5 июня 2016 10:20, понедельник",
        "Понедельник | 5 июня 2016",
        "Monday, 5 June 2016",
        "5 июня 2016 (понедельник)",
        "Сегодня 31.05",
    ],
)
def test_a_weekday_or_a_day_that_belies_the_date_refuses_it_wherever_it_stands(printed: str) -> None:
    assert isinstance(examine_date(printed, FETCHED_AT), Fault)


def test_a_rubric_that_ends_in_a_weekdays_name_refuses_nothing() -> None:
    found = read_date("Окружающая среда | 5 июня 2016", FETCHED_AT)
    assert found is not None
    assert found.date == date(2016, 6, 5)


def test_hours_behind_a_dash_are_an_offset_in_an_iso_date_only() -> None:
    found = read_date("2016-05-31T10:00-05:00", FETCHED_AT)
    assert found is not None
    assert found.time == time(18, 0)


def test_a_word_behind_the_sites_form_that_is_no_weekday_is_no_weekday() -> None:
    assert read_date("23 Ноября 2026г, Понедельник", FETCHED_AT) == read_date("23 Ноября 2026г", FETCHED_AT)
    assert read_date("23 Ноября 2026г, Вторник", FETCHED_AT) is None
    for word in ("Продавец", "Средний Урал"):
        assert read_date(f"23 Ноября 2026г, {word}", FETCHED_AT) == read_date(f"23 Ноября 2026, {word}", FETCHED_AT)


TELEPHONES = (
    "(3522) 23-10-15",
    "Редакция: (3522) 23-10-15",
    "Отдел сбыта: (8412) 45-12-10, Мария Иванова",
    "тел. 23-10-15, факс 23-10-16",
    "Телефон горячей линии: 23-10-15",
    "факс (факс-автомат) 23.10.15",
    "8 (3522) 23-10-15",
    "8 3522 23-10-15",
    "+7 3522 23.10.15",
    "Приёмная 45-12-10",
)


@pytest.mark.parametrize("line", TELEPHONES)
def test_a_telephone_number_is_no_date(line: str) -> None:
    assert find_date(line) is None
    assert examine_date(line, FETCHED_AT) is None


@pytest.mark.parametrize("line", ["Пресс-центр, тел. (3522) 23-10-15 | 12.03.15", "(3522) 23-10-15 · 12.03.2015"])
def test_a_date_beside_a_telephone_number_is_one(line: str) -> None:
    found = read_date(line, FETCHED_AT)
    assert found is not None
    assert found.date == date(2015, 3, 12)


@pytest.mark.parametrize("line", ["12-03-15", "Комментарии (128) 12.03.15", "Просмотров: 1280, 12-03-15"])
def test_six_digits_that_nothing_makes_a_telephone_number_are_a_date(line: str) -> None:
    assert find_date(line) in {"12-03-15", "12.03.15"}


def test_a_line_of_words_that_are_no_dates_takes_no_longer_than_others() -> None:
    assert find_date("Вчера и сегодня в журнале «Сегодня», 12.03.2015, 10:20") == "12.03.2015, 10:20"
    assert find_date("о, сегодня " * 20_000 + "12.03.2015") is None
