"""The search page as programs ask for it: narrowed, counted, and as files and a feed."""

from __future__ import annotations

import csv
import io
import json
import re
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import quote
from urllib.request import Request, urlopen

import feedparser
import pytest
from pyarrow import parquet

from armcrawl.analysis.serving.atom import MAX_ENTRIES
from tests.cli.test_serve import ask

if TYPE_CHECKING:
    from email.message import Message


# A text of the press file has more characters than Python's reader takes at first.
csv.field_size_limit(2_000_000)


def got(site: str, path: str, method: str = "GET") -> tuple[bytes, Message]:
    request = Request(site + quote(path, safe="/?&=-+%"), method=method)
    with urlopen(request) as answer:
        return answer.read(), answer.headers


def total(page: str) -> int:
    found = re.search(r'role="status">Найдено: (\d+)', page)
    return int(found[1]) if found else 0


def links(page: str, label: str) -> dict[str, str]:
    """Return the addresses of links that are called so and something, by the rest."""
    pairs = re.findall(rf'<a[^>]*href="([^"]*)"[^>]*aria-label="{label}: ([^"]*)"', page)
    return {unescape(name): unescape(address) for address, name in pairs}


def test_a_value_is_left_out_and_that_is_taken_off_again(press_site: str) -> None:
    whole = ask(press_site, "/search?q=задвижки")[1]
    _, without, _ = ask(press_site, "/search?q=задвижки&-tag=Кунгур")
    assert (total(whole), total(without)) == (48, 24)
    assert "/search?q=" + quote("задвижки") + "&-tag=" + quote("Кунгур") in links(whole, "Кроме").values()
    assert links(without, "Снять")["кроме, тег Кунгур"] == "/search?q=" + quote("задвижки")


def test_several_years_are_found_together_and_other_years_stay_counted(press_site: str) -> None:
    page = ask(press_site, "/search?q=задвижки&year=2014&year=2015")[1]
    assert total(page) == 48
    assert set(links(page, "Снять")) >= {"год 2014", "год 2015"}
    one = ask(press_site, "/search?q=задвижки&year=2014")[1]
    assert re.search(r'year=2014&amp;year=2015"><bdi>2015</bdi></a>\s*<span class="number">\+24</span>', one)


def test_each_bar_leads_to_what_it_counts_and_months_without_articles_are_bars_too(press_site: str) -> None:
    page = ask(press_site, "/search")[1]
    bars = re.findall(r'<a href="([^"]*)" tabindex="-1" aria-label="(\d{4}-\d\d): (\d+)">', page)
    assert len(bars) == 28
    assert len(re.findall(r"<title>\d{4}-\d\d: \d+</title>", page)) == 31
    address, month, number = bars[-1]
    assert (month, total(ask(press_site, unescape(address))[1])) == ("2016-07", int(number))


def test_a_chosen_month_stays_marked_among_the_others(press_site: str) -> None:
    page = ask(press_site, "/search?q=задвижки&since=2015-06-01&until=2015-06-30")[1]
    bars = re.findall(r'tabindex="-1" aria-label="(\d{4}-\d\d): \d+"( class="chosen" aria-current="true")?>', page)
    assert len(bars) == 24
    assert [month for month, chosen in bars if chosen] == ["2015-06"]
    assert "отмечен выбранный" in page


def test_trends_take_the_months_of_a_search_and_the_link_says_what_they_leave_out(press_site: str) -> None:
    days = ask(press_site, "/search?q=задвижки&since=май 2015&until=2016")[1]
    address = f"/trends?q={quote('задвижки')}&amp;from=2015-05&amp;to=2016-12"
    assert f'<a href="{address}">Эти слова по месяцам, рядом с другими</a></p>' in days
    tagged = ask(press_site, "/search?q=задвижки&tag=Кунгур")[1]
    assert "рядом с другими</a> (только слова, без остального выбранного)" in tagged


def test_the_keyboard_comes_to_the_facets_at_once(press_site: str) -> None:
    page = ask(press_site, "/search?q=задвижки")[1]
    assert page.index('<a class="skip" href="#narrow">') < page.index("<header")
    assert '<aside id="narrow" tabindex="-1"' in page


def test_days_are_written_as_russians_write_them(press_site: str) -> None:
    assert total(ask(press_site, "/search?since=1 июня 2016&until=июнь 2016")[1]) == 2
    status, page, _ = ask(press_site, "/search?since=2016&until=2015")
    assert (status, "поменяйте их местами" in page) == (400, True)


def test_copies_are_found_once(press_site: str) -> None:
    assert total(ask(press_site, "/search?q=стенд")[1]) == 2
    once = ask(press_site, "/search?q=стенд&once=1")[1]
    assert total(once) == 1
    assert "/article/armtorg/news/103" in once


def test_a_page_behind_the_last_one_says_so(press_site: str) -> None:
    status, page, _ = ask(press_site, "/search?q=задвижки&page=40")
    assert (status, "Страницы 40 нет: их 5." in page, "К последней" in page) == (404, True, True)


def test_what_is_not_there_is_named_with_what_is_near(press_site: str) -> None:
    page = ask(press_site, "/search?q=задвижки&tag=Кунгура два&source=Вестник арматурщиков")[1]
    assert "Ни у одной статьи нет тега <bdi>Кунгура два</bdi>. Похоже:" in page
    assert f'<a href="/search?source={quote("Вестник арматурщика").replace("%20", "+")}">' in page
    assert "Если ничем не сужать" in page


def test_what_is_a_tag_is_named_as_a_source_that_nobody_has(press_site: str) -> None:
    page = ask(press_site, "/search?source=Кунгур")[1]
    assert "Ни одна статья не называет источника <bdi>Кунгур</bdi>." in page


@pytest.mark.parametrize("query", ["q=задвижки&year=2015", "", "q=нетслова", "q=стенд&once=1", "-tag=задвижки"])
def test_all_that_is_found_comes_in_each_format_in_its_order(press_site: str, query: str) -> None:
    address = f"/search?{query}&order=newest&format="
    number = total(ask(press_site, f"/search?{query}")[1])
    table = list(csv.DictReader(io.StringIO(got(press_site, f"{address}csv")[0].decode("utf-8-sig"))))
    objects = json.loads(got(press_site, f"{address}json")[0])
    columns = parquet.read_table(io.BytesIO(got(press_site, f"{address}parquet")[0]))
    feed = feedparser.parse(got(press_site, f"{address}atom")[0])
    keys = [row["key"] for row in objects]
    assert len(keys) == number
    assert [row["key"] for row in table] == columns["key"].to_pylist() == keys
    assert [entry.id for entry in feed.entries] == [f"tag:armcrawl,2026:article/{key}" for key in keys][:MAX_ENTRIES]
    assert [row["title"] for row in objects] == columns["title"].to_pylist()
    days = [row["published_on"] for row in objects]
    assert days == sorted(days, reverse=True)


def test_a_feed_is_what_the_standard_asks_for(press_site: str) -> None:
    body, headers = got(press_site, "/search?q=стенд&format=atom")
    feed = feedparser.parse(body)
    assert (feed.bozo, headers["content-type"]) == (False, "application/atom+xml")
    assert feed.feed.title == "стенд — armcrawl"
    assert feed.feed.id == f"tag:armcrawl,2026:search?q={quote('стенд')}&order=newest&format=atom"
    assert feed.feed.links[0].rel == "self"
    assert feed.feed.updated == max(entry.updated for entry in feed.entries)
    assert all(entry.updated.endswith("+00:00") and entry.title and entry.summary for entry in feed.entries)
    assert [entry.published for entry in feed.entries] == ["2016-06-09T00:00:00+03:00", "2016-06-01T00:00:00+03:00"]
    assert got(press_site, "/search?q=стенд&format=atom")[0] == body


def test_hostile_texts_leave_a_feed_whole(press_site: str) -> None:
    feed = feedparser.parse(got(press_site, "/search?tag=тег&format=atom")[0])
    assert feed.bozo is False
    feed = feedparser.parse(got(press_site, "/search?year=2016&format=atom")[0])
    assert (feed.bozo, len(feed.entries)) == (False, 6)


def test_a_spreadsheet_executes_nothing_of_a_file(press_site: str) -> None:
    body, headers = got(press_site, "/search?format=csv")
    assert headers["content-disposition"] == 'attachment; filename="armcrawl-search.csv"'
    assert not re.search(r'(?:^|,|\n)"?[=+@]', body.decode("utf-8-sig"))


def test_russian_excel_reads_a_file_as_exports_write_it_for_it(press_site: str) -> None:
    body, headers = got(press_site, "/search?q=стенд&order=oldest&format=excel")
    assert headers["content-disposition"] == 'attachment; filename="armcrawl-search.excel.csv"'
    rows = list(csv.DictReader(io.StringIO(body.decode("utf-8-sig")), delimiter=";"))
    assert [row["published_on"] for row in rows] == ["01.06.2016", "09.06.2016"]
    assert 'format=excel" rel="nofollow">Excel</a>' in ask(press_site, "/search?q=стенд")[1]


def test_whoever_asks_only_for_headers_gets_no_file(press_site: str) -> None:
    body, headers = got(press_site, "/search?format=json", "HEAD")
    assert (body, headers["content-type"]) == (b"", "application/json")


def test_a_format_that_is_none_is_said(press_site: str) -> None:
    status, page, _ = ask(press_site, "/search?format=xyz")
    assert (status, "здесь бывает только csv, excel, json, parquet, atom" in page) == (400, True)
