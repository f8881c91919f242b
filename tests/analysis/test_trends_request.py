"""What an address of trends asks for, and how their lines are drawn."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from starlette.datastructures import QueryParams

from armcrawl.analysis.serving import trends_request
from armcrawl.analysis.serving.charts import HEIGHT, TOP, lines
from armcrawl.analysis.serving.trends_request import MAX_SERIES, TrendsRequest
from armcrawl.analysis.trends import Asked, SeriesKind, Step, days_of, fitting_step
from armcrawl.errors import UsageError
from armcrawl.store.queries.counted_articles import Months

NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)


def read_trends(given: QueryParams) -> TrendsRequest:
    return trends_request.read_trends(given, NOW)


@pytest.mark.parametrize(
    ("written", "months"),
    [
        ("май 2016", ("2016-05", "2016-05")),
        ("2016", ("2016-01", "2016-12")),
        ("05.11.2016", ("2016-11", "2016-11")),
        ("2016-05", ("2016-05", "2016-05")),
        ("вчера", ("2026-11", "2026-11")),
    ],
)
def test_months_are_written_as_days_of_a_search_are(written: str, months: tuple[str, str]) -> None:
    found = read_trends(QueryParams([("from", written), ("to", written)]))
    assert (found.first, found.last) == months


def test_each_line_of_a_field_is_a_series_of_its_own_once() -> None:
    found = read_trends(QueryParams([("q", "кран\r\n\r\n клапан \r\nкран"), ("entity", "Кунгур")]))
    words = [Asked(SeriesKind.WORDS, text) for text in ("кран", "клапан")]
    assert found.asked == (*words, Asked(SeriesKind.ENTITY, "Кунгур"))
    assert found.of("q") == "кран\nклапан"


def test_the_address_of_a_file_asks_for_the_same() -> None:
    asked = read_trends(
        QueryParams([("q", "кран"), ("source", "Вестник"), ("from", "2016-05"), ("to", "2016-06"), ("step", "year")])
    )
    path, _, query = asked.path(".csv").partition("?")
    assert path == "/trends.csv"
    assert read_trends(QueryParams(query)) == asked


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([("q", "\n".join(map(str, range(MAX_SERIES + 1))))], "Рядом видно не больше 6 рядов, а здесь их 7"),
        ([("from", "когда-то")], "«когда-то» — не месяц и не год: напишите май 2016, 2016-05 или 2016."),
        ([("to", "2016-13")], "«2016-13» — не месяц"),
        ([("from", "2016-06"), ("to", "2016-05")], "Начало 2016-06 позже конца 2016-05"),
        ([("entity", "я" * 1001)], "Слишком длинно"),
        ([("step", "день")], "«день» — не шаг: month показывает по месяцам, year — по годам."),
    ],
)
def test_what_makes_no_sense_is_one_sentence(given: list[tuple[str, str]], said: str) -> None:
    with pytest.raises(UsageError) as error:
        read_trends(QueryParams(given))
    assert str(error.value).startswith(said)


def test_a_month_has_its_first_and_last_day() -> None:
    assert days_of("2016-02") == (date(2016, 2, 1), date(2016, 2, 29))
    assert days_of("2016") == (date(2016, 1, 1), date(2016, 12, 31))
    assert days_of("2016-12") == (date(2016, 12, 1), date(2016, 12, 31))


def test_a_line_is_broken_where_there_is_no_figure_and_has_points_above_nothing() -> None:
    [line] = lines(["2015-12", "2016-01", "2016-02", "2016-03"], [[2, None, 0, 4]]).lines
    assert line.path.count("M") == 2
    assert [point.place for point in line.points] == [0, 3]
    assert (line.points[1].y, line.path.endswith(f" {TOP}")) == (TOP, True)
    assert f"M450.0 {HEIGHT} L" in line.path


def test_lines_share_their_scale_and_every_january_is_marked() -> None:
    drawn = lines(["2015-12", "2016-01"], [[1, 2], [4, 0]])
    assert drawn.highest == 4
    assert [line.points[0].y for line in drawn.lines][1] == TOP
    assert len(drawn.years) == 1


@pytest.mark.parametrize(
    ("number", "years", "step"), [(9, 4, Step.YEAR), (10, 4, Step.MONTH), (9, 3, Step.MONTH), (0, 0, Step.MONTH)]
)
def test_few_articles_a_month_over_some_years_are_shown_by_year(number: int, years: int, step: Step) -> None:
    months = [f"{2012 + year}-{month:02}" for year in range(years) for month in range(1, 13)]
    assert fitting_step(Months(dict.fromkeys(months, number), {}, 0)) is step
