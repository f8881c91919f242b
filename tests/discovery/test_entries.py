"""What a page of a listing shows: articles with their titles and days, in whatever markup."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from armcrawl.discovery.protocol import LeadResponse
from armcrawl.discovery.sighted.entries import read_listing
from armcrawl.sites import Origin, Section, Site
from tests.discovery.gazette import MONTHS

SITE = Site(
    name="gazette",
    hosts=("gazette.example",),
    sections=(Section(name="news", addresses=("/news/{slug}",)),),
)
ORIGIN = Origin.of(SITE, None)
NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
HEADLINES = ("Завод пустил линию клапанов", "В Пензе испытали новый затвор", "Литейщики подвели итоги года")


def listed(body: str, oldest: date | None = None) -> list[tuple[str, str | None, str | None]]:
    page = f"<html><head><title>Новости</title></head><body>{body}</body></html>"
    response = LeadResponse("https://gazette.example/news/", NOW, page.encode(), "text/html; charset=utf-8")
    found = read_listing(response, ORIGIN, ["news"], 1, oldest).sightings
    return [(one.key.external_id, one.title, one.day.isoformat() if one.day else None) for one in found]


@pytest.mark.parametrize(
    "entry",
    [
        '<div><span>{day}</span><h3><a href="/news/{slug}">{title}</a></h3><p>Партия отправлена.</p></div>',
        '<li><a href="/news/{slug}">{title}</a> <time>{day}</time></li>',
        '<tr><td>{day}</td><td><a href="/news/{slug}">{title}</a></td></tr>',
        '<div><a href="/news/{slug}"><img src="/1.jpg"></a><p>{day} | 12</p><a href="/news/{slug}">{title}</a></div>',
        '<div><p>{day}</p><h3>{title}</h3><p>{title}</p><a href="/news/{slug}">{title}</a></div>',
        '<li><span>{day}</span><a href="/news/{slug}">{title}</a><span>Завод отправил партию.</span></li>',
        '<div><h2><a href="/news/{slug}">{title}</a></h2><div>{day} <a href="/r/">Рынок</a></div><p>Текст.</p></div>',
        '<p>{day}</p><h3><a href="/news/{slug}">{title}</a></h3><p>Партия отправлена.</p>',
        '<h3><a href="/news/{slug}">{title}</a></h3><p>{day}</p>',
    ],
)
def test_titles_and_days_are_read_in_whatever_markup(entry: str) -> None:
    days = ("21 ноября 2026", "20 ноября 2026", "03 ноября, 2026")
    rows = [
        entry.format(day=day, slug=f"a{number}", title=title)
        for number, (day, title) in enumerate(zip(days, HEADLINES, strict=True))
    ]
    body = "".join(rows) if not entry.startswith("<tr") else f"<table>{''.join(rows)}</table>"
    assert listed(body) == [
        ("a0", HEADLINES[0], "2026-11-21"),
        ("a1", HEADLINES[1], "2026-11-20"),
        ("a2", HEADLINES[2], "2026-11-03"),
    ]


def test_a_day_in_a_headline_is_what_it_tells_of() -> None:
    assert listed('<div><a href="/news/a">К 9 мая 2026 года завод откроет музей</a></div>') == [
        ("a", "К 9 мая 2026 года завод откроет музей", None)
    ]


def test_a_machines_date_counts_where_none_is_printed() -> None:
    entry = '<div><h3><a href="/news/a">Завод пустил линию клапанов</a></h3><time datetime="2026-11-20">пт</time></div>'
    assert listed(entry)[0][2] == "2026-11-20"


def test_years_follow_from_the_page_before() -> None:
    entry = '<div><span>{}</span><h3><a href="/news/{}">Завод пустил линию № {}</a></h3></div>'
    body = "".join(entry.format(day, slug, slug) for day, slug in (("3 января", "a"), ("29 декабря", "b")))
    assert [day for *_, day in listed(body, date(2019, 1, 5))] == ["2019-01-03", "2018-12-29"]


def test_an_old_article_on_top_does_not_date_the_others() -> None:
    entry = '<div><span>{}</span><h3><a href="/news/{}">Завод пустил линию № {}</a></h3></div>'
    pinned = (("5 марта", "a"), ("20 ноября", "b"), ("19 ноября", "c"))
    body = "".join(entry.format(day, slug, slug) for day, slug in pinned)
    assert [day for *_, day in listed(body)] == ["2026-03-05", "2026-11-20", "2026-11-19"]


@pytest.mark.parametrize("every", [5, 45, 120, 340])
def test_years_are_right_however_rarely_a_site_writes(every: int) -> None:
    days = [date(2026, 11, 20) - timedelta(days=every * place) for place in range(12)]
    entry = '<div><span>{}</span><h3><a href="/news/a{}">Завод пустил линию № {}</a></h3></div>'
    printed = [f"{day.day} {MONTHS[day.month - 1]}" for day in days]
    body = "".join(entry.format(text, number, number) for number, text in enumerate(printed))
    assert [day for *_, day in listed(body)] == [day.isoformat() for day in days]
