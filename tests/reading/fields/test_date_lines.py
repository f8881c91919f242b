"""The line with the date, as it stands in a page: it is judged as a whole."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from armcrawl.items import Article, Published
from armcrawl.reading.page import read_page
from armcrawl.refining.chain import refine
from tests.reading.test_other_markups import PARAGRAPHS, TITLE, URL

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def published(line: str) -> Published | None:
    """Return the date of an article with this line below its title."""
    body = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    page = f"<html><body><div><h1>{TITLE}</h1><div>{line}</div>{body}</div></body></html>"
    article = read_page(page.encode(), URL, NOON).result
    assert isinstance(article, Article)
    return refine(article, NOON).article.published


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("31 мaя 2016", date(2016, 5, 31)),
        ("«05» августа 2016", date(2016, 8, 5)),
        ("30 апреля, 12:20", date(2026, 4, 30)),
        ("2 часа назад", date(2026, 11, 20)),
        ("Май 2016", date(2016, 5, 1)),
        ("Опубликовано 31.05.2016, обновлено 02.06.2016", date(2016, 5, 31)),
        ("Сегодня, 20 ноября 2026", date(2026, 11, 20)),
    ],
)
def test_a_date_is_read_in_whatever_form_it_stands_below_the_title(line: str, day: date) -> None:
    found = published(line)
    assert found is not None
    assert found.date == day


@pytest.mark.parametrize(
    "line",
    [
        "12-14 мая 2016",
        "12.05.2016 - 14.05.2016",
        "Прием заявок до 31.05.2016",
        "Приказ от 31.05.2016",
        "31.05.2016 / 01.06.2016",
        "31 мая 2016 в 25:10",
        "5 июня 2016 10:20, понедельник",
        "Сегодня 31.05",
    ],
)
def test_a_line_that_is_no_date_of_publication_gives_none(line: str) -> None:
    assert published(line) is None


def test_the_time_behind_the_date_is_kept() -> None:
    found = published("31 мая 2016, 10.20")
    assert found is not None
    assert found.time == datetime(2016, 5, 31, 7, 20, tzinfo=UTC)
