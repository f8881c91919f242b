"""What a search finds when it is narrowed, and what facets count, is what one who reads all rows finds and counts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from armcrawl.items import Tag
from armcrawl.russian.search_query import parse_query
from armcrawl.sites import PageKey
from armcrawl.store.articles.writing import write_batch
from armcrawl.store.base import article_order
from armcrawl.store.base.article_order import place_of
from armcrawl.store.base.database import reading
from armcrawl.store.queries import faceted_search, stored_sections
from armcrawl.store.queries.article_rows import article_rows_of
from armcrawl.store.queries.choice import EVERYTHING, ONE_OF, Choice, Facet
from armcrawl.store.queries.faceted_search import facets
from armcrawl.store.queries.full_text_search import Finder, Order
from armcrawl.store.runs.publishing import join_waiting
from tests.conftest import attributed
from tests.store.conftest import chosen, stored

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from armcrawl.items import Page

ARTICLES = 90
QUERIES = ("", "задвижка", "насосы", "кран клапан", "кран -насос", "затвор")
WORDS = ("задвижка", "насос", "кран", "клапан")
TAGS = ("Кунгур", "импортозамещение", "ООО «Салют»", "Иван Петров", "насосы")
SOURCES = ("Вестник арматурщика", "ТАСС")
SITES = ("armtorg", "armavest", "valverus")
MEMBERS = """SELECT a.key, c.key AS cluster, c.first_id = a.id AS is_first FROM cluster_members m
  JOIN clusters c ON c.id = m.cluster_id JOIN articles a ON a.id = m.article_id"""
MONTHS = ("Января", "Марта", "Декабря")
# A text of its own for each number, of which one in five is printed twice more.
TEXT = (
    "Стенд номер {0} принял {1} затворов, журнал вела бригада {2}, а записи за {3} часов сверят с показаниями приборов "
    "{4} и {5}, когда датчики серии {6} пройдут поверку; {7} и ещё {8} рабочих смен ушло на то, чтобы собрать {9}."
)


def text_of(number: int) -> str:
    random = Random(number)  # noqa: S311 - the same articles each time
    words = ["".join(random.choices("абвгдежзиклмнопрстуфхц", k=7)) for _ in range(10)]
    return TEXT.format(*words)


def article(number: int) -> Page:
    """Return an article, the same one each time; the same text is printed by several sites."""
    random = Random(number)  # noqa: S311 - the same articles each time
    site = SITES[number % 3]
    section = {"armtorg": ("news", "articles")[number % 2], "armavest": "news", "valverus": "news"}[site]
    text = text_of(number // 3 if number % 5 < 2 else 1_000 + number)
    words = " ".join(random.sample(WORDS, 2))
    day = f"{random.randrange(1, 28)} {random.choice(MONTHS)} {2014 + number % 3 * 2}" if number % 11 else ""
    page = stored(
        number,
        title=f"{random.choice(WORDS)} {'и затвор' if number % 4 else ''}",
        paragraphs=(text, f"{words} {number}."),
        date_text=day,
        tags=tuple(Tag(tag) for tag in random.sample(TAGS, random.randrange(4))),
        attribution=attributed(f"Источник: {SOURCES[number % 2]}", SOURCES[number % 2]) if number % 3 else None,
    )
    page_key = PageKey(site, section, str(number))
    return replace(page, key=page_key, address=f"https://example.org/{page_key}")


@dataclass(frozen=True)
class Row:
    """An article as one who reads all rows sees it."""

    key: str
    place: int
    title: str
    names: str
    body: str
    day: date | None
    values: dict[Facet, frozenset[str]]
    cluster: str | None
    is_first: bool | None

    def rank(self, words: str) -> int | None:
        """Return where all words are: 0 in the title, 1 in the names, 2 in the text; None for an article without."""
        wanted = [word for word in words.split() if not word.startswith("-")]
        unwanted = [word[1:] for word in words.split() if word.startswith("-")]
        title, names = self.title.lower(), f"{self.title} {self.names}".lower()
        whole = f"{names} {self.body}".lower()
        if any(stem(word) in whole for word in unwanted):
            return None
        ranks = [rank for rank, text in enumerate((title, names, whole)) if all(stem(word) in text for word in wanted)]
        return min(ranks, default=None)

    def fits(self, choice: Choice) -> bool:
        days = (self.day or date.min, choice.first or date.min, choice.last or date.max)
        is_in_time = not (choice.first or choice.last) or (self.day is not None and days[1] <= days[0] <= days[2])
        for facet, values in self.values.items():
            wanted = set(choice.of(facet))
            fitting = bool(wanted & values) if facet in ONE_OF else wanted <= values
            if (wanted and not fitting) or values & set(choice.without(facet)):
                return False
        return is_in_time


def stem(word: str) -> str:
    return word.rstrip("ыа")


def rows_in(engine: Engine) -> list[Row]:
    """Read all articles by the views."""
    names: dict[str, dict[str, list[tuple[str, str | None]]]] = {"tag": {}, "source": {}}
    with reading(engine) as connection:
        for used, kind in (("tag", "kind"), ("source", "NULL")):
            for row in connection.execute(text(f"SELECT key, {used} AS name, {kind} AS kind FROM v_article_{used}s")):
                names[used].setdefault(row.key, []).append((row.name, row.kind))
        clusters = {row.key: (row.cluster, row.is_first) for row in connection.execute(text(MEMBERS))}
        found = connection.execute(text("SELECT key, site, section, title, body, published_on FROM v_articles")).all()
    return [row_of(row, names, *clusters.get(row.key, (None, None))) for row in found]


def row_of(
    row: Any, names: dict[str, dict[str, list[tuple[str, str | None]]]], cluster: str | None, is_first: bool | None
) -> Row:
    tags, sources = names["tag"].get(row.key, []), names["source"].get(row.key, [])
    day = date.fromisoformat(str(row.published_on)) if row.published_on else None
    values = {
        Facet.YEAR: frozenset({str(day.year) if day else "0"}),
        Facet.SITE: frozenset({row.site}),
        Facet.SECTION: frozenset({row.section}),
        Facet.TAG: frozenset(name for name, _ in tags),
        Facet.KIND: frozenset(kind for _, kind in tags if kind),
        Facet.SOURCE: frozenset(name for name, _ in sources),
    }
    place = place_of(day, PageKey(row.site, row.section, row.key.rpartition("/")[2]))
    return Row(
        row.key,
        place,
        row.title,
        " ".join(name for name, _ in (*tags, *sources)),
        row.body,
        day,
        values,
        cluster,
        is_first,
    )


def expected(rows: list[Row], words: str, choice: Choice) -> list[Row]:
    """Return what is found, the best first."""
    ranked = [(rank, row) for row in rows if row.fits(choice) and (rank := row.rank(words)) is not None]
    ranked = [(rank if words else 0, row) for rank, row in ranked]
    if choice.once:
        kept: dict[str, Row] = {}
        for _, row in sorted(ranked, key=lambda one: (not one[1].is_first, one[1].place)):
            kept.setdefault(row.cluster or row.key, row)
        ranked = [(rank, row) for rank, row in ranked if kept[row.cluster or row.key] is row]
    return [row for _, row in sorted(ranked, key=lambda one: (one[0], -one[1].place))]


def choices(rows: list[Row], number: int) -> Iterator[Choice]:
    """Yield choices of values that there are, and of some that there are not."""
    random = Random(7)  # noqa: S311 - the same choices each time
    known = {facet: sorted({value for row in rows for value in row.values[facet]}) for facet in Facet}
    for _ in range(number):
        picked = [
            (facet, random.choice([*known[facet], "2031"])) for facet in random.sample([*Facet], random.randrange(4))
        ]
        more = [(facet, random.choice(known[facet])) for facet, _ in picked[:1]]
        wanted = frozenset((*picked, *more)) if random.random() < 0.5 else frozenset(picked[:2])
        unwanted = frozenset(
            (facet, random.choice(known[facet])) for facet in random.sample([*Facet], random.randrange(3))
        )
        first = date(2014, random.randrange(1, 13), 5) if random.random() < 0.3 else None
        last = date(2018, random.randrange(1, 13), 5) if random.random() < 0.3 else None
        yield Choice(wanted, unwanted - wanted, first, last, once=random.random() < 0.4)


@pytest.fixture(params=[False, True], ids=["bits of their own", "shared bits"])
def press(request: pytest.FixtureRequest, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """Articles of three sites, whose sections may share the bits by which places tell them apart."""
    if request.param:
        for module in (article_order, stored_sections):
            monkeypatch.setattr(module, "section_bits", lambda _, section: len(section))
    write_batch(engine, [article(number) for number in range(1, ARTICLES + 1)], None)
    join_waiting(engine)
    return engine


def test_what_a_choice_finds_and_counts_is_what_all_rows_hold(press: Engine) -> None:
    rows = rows_in(press)
    assert len({row.cluster for row in rows}) > 5
    cases = [(words, choice) for choice in (EVERYTHING, *choices(rows, 16)) for words in QUERIES]
    numbers = Counter[int]()
    with reading(press) as connection:
        for words, choice in cases:
            query = parse_query(words) if words else None
            wanted = expected(rows, words, choice)
            finder = Finder(connection, query, choice)
            best, newest = (finder.find(ARTICLES, order) for order in (Order.BEST, Order.NEWEST))
            by_place = [row.key for row in sorted(wanted, key=lambda row: -row.place)]
            case = f"{words!r} {choice}"
            assert [one.key for one in article_rows_of(connection, best)] == [row.key for row in wanted], case
            assert [one.key for one in article_rows_of(connection, newest)] == by_place, case
            assert finder.find(ARTICLES, Order.OLDEST) == newest[::-1], case
            whole = [
                list(row)
                for query in finder.whole(Order.BEST)
                for row in connection.execute(query).scalars().partitions(7)
            ]
            assert [one for piece in whole for one in piece] == best, case
            found = facets(finder)
            assert found.total == len(wanted), case
            assert found.undated == sum(row.day is None for row in wanted), case
            months = Counter(f"{row.day:%Y-%m}" for row in wanted if row.day)
            assert {month: number for month, number in found.months.items() if number} == months, case
            for facet in Facet:
                those = expected(rows, words, choice.free_of((facet,))) if facet in ONE_OF else wanted
                counted = Counter(value for row in those for value in row.values[facet])
                assert found.counts[facet].values == counted, f"{facet} {case}"
            numbers[min(len(wanted), 1)] += 1
    assert numbers[1] > len(cases) / 4


def test_a_month_without_articles_is_between_others(press: Engine) -> None:
    with reading(press) as connection:
        months = facets(Finder(connection, None, chosen(year="2014"))).months
    assert list(months) == [f"2014-{month:02}" for month in range(1, 13)]
    assert [month for month, number in months.items() if number] == ["2014-01", "2014-03", "2014-12"]


def test_tags_are_counted_among_the_newest_and_that_is_told(press: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faceted_search, "MAX_FACETED", 7)
    newest = sorted(rows_in(press), key=lambda row: -row.place)[:7]
    with reading(press) as connection:
        found = facets(Finder(connection, None))
    assert (found.total, found.counted) == (ARTICLES, 7)
    assert found.counts[Facet.TAG].values == Counter(tag for row in newest for tag in row.values[Facet.TAG])


def test_no_more_values_are_named_than_one_reads_and_the_others_are_counted(
    press: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(faceted_search, "MAX_VALUES", 2)
    with reading(press) as connection:
        whole = facets(Finder(connection, None)).counts[Facet.TAG]
    assert (len(whole.values), whole.others) == (2, 3)


def test_articles_of_sections_that_share_their_bits_have_places_of_their_own(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (article_order, stored_sections):
        monkeypatch.setattr(module, "section_bits", lambda *_: 0)
    pages = [replace(stored(number), key=PageKey(site, "news", str(number))) for site in SITES for number in (5, 6)]
    for page in pages:
        write_batch(engine, [page], None)
    with reading(engine) as connection:
        counts = facets(Finder(connection, None)).counts
    assert counts[Facet.SITE].values == dict.fromkeys(sorted(SITES), 2)
    assert counts[Facet.SECTION].values == {"news": 6}
