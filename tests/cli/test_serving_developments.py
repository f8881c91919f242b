"""Trends, entities, clusters and compared articles as `armcrawl serve` answers them to programs."""

from __future__ import annotations

import csv
import json
from io import StringIO
from urllib.parse import quote

import pytest

from tests.cli.test_serve import ask
from tests.press import FIRST, REGULATOR, REPRINT, fill, serving


def test_trends_are_a_file_with_each_month_of_each_series(press_site: str) -> None:
    status, text, headers = ask(press_site, "/trends.csv?q=задвижка&source=Вестник арматурщика&from=2015-11&to=2016-03")
    assert (status, headers["Content-Type"]) == (200, "text/csv; charset=utf-8")
    rows = list(csv.DictReader(StringIO(text.removeprefix("\ufeff"))))
    assert [(row["month"], row["kind"], row["series"], row["articles"], row["all_articles"]) for row in rows] == [
        (month, kind, series, number, whole)
        for kind, series in (("words", "задвижка"), ("source", "Вестник арматурщика"))
        for month, number, whole in (
            ("2015-11", "2", "2"), ("2015-12", "2", "2"), ("2016-01", "0", "0"), ("2016-02", "0", "0"),
            ("2016-03", "0", "1"),
        )
    ]  # fmt: skip
    assert [row["per_thousand"] for row in rows][:5] == ["1000.0", "1000.0", "", "", "0.0"]


def test_trends_by_year_are_whole_years_and_lead_to_their_articles(press_site: str) -> None:
    asked = "q=задвижка&from=2015-11&to=2015-12&step=year"
    [row] = json.loads(ask(press_site, f"/trends.json?{asked}")[1])["rows"]
    assert (row["year"], row["articles"], row["all_articles"]) == ("2015", 24, 24)
    page = ask(press_site, f"/trends?{asked}")[1]
    assert "Статей за год" in page
    assert "since=2015-01-01&amp;until=2015-12-31" in page


def test_trends_are_a_file_for_russian_excel(press_site: str) -> None:
    text = ask(press_site, "/trends.excel?entity=Кунгур&from=2014-02&to=2014-02")[1]
    assert text.removeprefix("\ufeff").splitlines()[1] == "2014-02;entity;Кунгур;1;2;500,0"


def test_trends_as_json_tell_what_is_in_no_month(press_site: str) -> None:
    found = json.loads(ask(press_site, "/trends.json?entity=Кунгур&from=2015-12&to=2015-12")[1])
    assert found["rows"] == [
        {"month": "2015-12", "kind": "entity", "series": "Кунгур", "articles": 1, "all_articles": 2,
         "per_thousand": 500.0}
    ]  # fmt: skip
    assert found["in_no_month"] == [{"kind": "entity", "series": "Кунгур", "years": {}, "undated": 0}]


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/trends?q=-кран", 400, "Поиск не понимает «-кран»: нужно хотя бы одно слово"),
        ("/trends?entity=Нигде", 400, "Имени «Нигде» в базе нет"),
        ("/trends?from=2016-13", 400, "«2016-13» — не месяц"),
        ("/trends?" + "&".join(f"q={n}" for n in range(7)), 400, "Рядом видно не больше 6 рядов, а здесь их 7"),
        ("/trends.json?q=-кран", 400, "Поиск не понимает «-кран»"),
        ("/entity/Нигде", 404, "Имени «Нигде» в базе нет"),
        (f"/cluster/armtorg/news/{REGULATOR}", 404, "Другой статьи с тем же текстом нет."),
        ("/compare?one=armtorg/news/1", 400, "Назовите две статьи их ключами"),
        ("/compare?one=armtorg/news/1&other=armtorg/news/9999", 404, "Одной из этих статей здесь нет."),
    ],
)
def test_a_fault_is_one_russian_sentence(press_site: str, path: str, status: int, said: str) -> None:
    answer, text, _ = ask(press_site, path)
    assert (answer, said in text) == (status, True)
    assert "Traceback" not in text


@pytest.mark.parametrize("site", ["press_site", "press_reader_site"])
def test_articles_are_named_as_on_the_command_line(request: pytest.FixtureRequest, site: str) -> None:
    address = request.getfixturevalue(site)
    whole = ask(address, f"/article/armtorg/news/{FIRST}")[1]
    assert ask(address, f"/article/{FIRST}")[1] == ask(address, f"/article/news/{FIRST}")[1] == whole
    compared = ask(address, f"/compare?one=armtorg/news/{FIRST}&other=armtorg/news/{REPRINT}")[1]
    assert ask(address, f"/compare?one={FIRST}&other=news/{REPRINT}")[1] == compared
    assert ask(address, "/article/9999")[0] == 404


def test_an_entity_is_found_by_any_form_at_one_address(press_site: str) -> None:
    by_form, by_key = (ask(press_site, f"/entity/{quote(name)}")[1] for name in ("Кунгура", "кунгур"))
    assert by_form == by_key


def test_a_cluster_is_found_by_any_of_its_articles_at_one_address(press_site: str) -> None:
    one, other = (ask(press_site, f"/cluster/armtorg/news/{number}")[1] for number in (FIRST, REPRINT))
    assert one == other


def test_both_databases_show_the_same(press_site: str, postgresql_database: str) -> None:
    fill(postgresql_database)
    paths = (
        "/trends?q=задвижка&entity=Кунгур&source=Вестник арматурщика",
        "/entity/кунгур",
        f"/cluster/armtorg/news/{FIRST}",
        f"/compare?one=armtorg/news/{FIRST}&other=armtorg/news/{REPRINT}",
        "/trends.json?q=цех&q=завод -давление",
    )
    with serving(postgresql_database) as site:
        for path in paths:
            assert ask(site, path)[:2] == ask(press_site, path)[:2], path
