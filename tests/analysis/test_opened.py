"""A database in Python: what its answers hold, of which types, and what it says of what makes no sense."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from datetime import UTC, date, datetime
from operator import methodcaller
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

import armcrawl
from armcrawl.errors import ArmcrawlError, DatabaseError, UsageError
from armcrawl.store.base.database import open_database
from armcrawl.store.base.views import VIEWS
from tests.conftest import COMMAND_SECONDS, TOP

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from armcrawl.analysis.frames import Result
    from armcrawl.analysis.opened import Database

    Ask = Callable[[Database], Result]

ARTICLES = 437
QUESTIONS: dict[str, Ask] = {
    "articles": lambda db: db.articles(),
    "some articles": lambda db: db.articles(since="2020-01-01", tag="шаровых кранов", columns=["key", "title"]),
    "search": lambda db: db.search("задвижка -насос", until=date(2020, 12, 31)),
    "entities": lambda db: db.entities(kind="organisation", containing="союз"),
    "trend": lambda db: db.trend(since="2019-03-01"),
    "trend of words": lambda db: db.trend(words="задвижка"),
    "trend of a firm": lambda db: db.trend(entity="Волжского арматурного завода", until="2020-12-31"),
    "narrowed": lambda db: db.articles(section=["news", "reviews"], kind="person", exclude={"tag": "задвижки"}),
    "sql": lambda db: db.sql(
        "SELECT section, count(*) AS number, avg(word_count) AS words, sum(word_count) AS word_count, "
        "max(published_on) AS last_on, count(source) / 1000 AS nought, CAST(NULL AS TEXT) AS no_text "
        "FROM v_articles WHERE published_on >= :first GROUP BY section ORDER BY section",
        first=date(2015, 1, 1),
    ),
    "versions": lambda db: db.sql("SELECT * FROM v_versions ORDER BY key, version"),
    **{view.name: methodcaller("view", view.name) for view in VIEWS},
}


@pytest.fixture
def db(sample_file: Path) -> Iterator[Database]:
    with armcrawl.open(f"sqlite:///{sample_file}") as opened:
        yield opened


@pytest.fixture
def server(sample_server: str) -> Iterator[Database]:
    with armcrawl.open(sample_server) as opened:
        yield opened


def test_articles_are_rows_with_names_and_types(db: Database) -> None:
    found = db.articles(since="2026-11-01", columns=["key", "published_on", "word_count", "source"])
    assert [row.key for row in found] == ["armtorg/news/431", "armtorg/news/432", "armtorg/news/433"]
    assert list(found)[2]._asdict() == {
        "key": "armtorg/news/433",
        "published_on": date(2026, 11, 18),
        "word_count": 98,
        "source": "Нижегородский технический вестник",
    }


def test_the_number_of_rows_is_known_without_reading_them(db: Database) -> None:
    assert len(db.articles()) == ARTICLES
    assert len(db.search("задвижка")) == len(list(db.search("задвижка")))
    assert len(db.entities(kind="person")) == len(list(db.entities(kind="person")))
    with pytest.raises(TypeError):
        len(db.sql("SELECT 1 AS one"))


def test_a_result_is_true_where_it_has_a_row(db: Database) -> None:
    assert db.articles(since="2026-11-01")
    assert not db.articles(since="2027-01-01")
    assert not db.sql("SELECT key FROM v_articles WHERE key = :key", key="none")


def test_columns_have_the_types_that_pandas_users_expect(db: Database) -> None:
    frame = db.articles().to_pandas()
    kinds = frame.dtypes.astype(str).to_dict()
    assert (kinds["published_on"], kinds["word_count"], kinds["title"]) == ("datetime64[us]", "Int64", "str")
    assert {kinds[name] for name in ("site", "section", "date_precision", "outcome")} == {"category"}
    assert (kinds["is_copy"], kinds["first_seen_at"], kinds["tags"]) == ("boolean", "datetime64[us, UTC]", "object")
    assert list(frame["section"].cat.categories) == ["articles", "news", "reviews"]
    assert frame["source"].isna().sum() > 0
    versions = db.view("v_versions").to_pandas()
    assert str(versions["read_at"].dtype) == "datetime64[us, UTC]"
    assert str(versions["cause"].dtype) == "category"
    assert str(db.view("v_relations").to_pandas()["jaccard"].dtype) == "float64"


def test_the_types_are_the_same_without_a_row(db: Database) -> None:
    some, none = (db.articles(since=since).to_pandas() for since in ("2026-01-01", "2027-01-01"))
    assert len(none) == 0
    assert {name: str(kind) for name, kind in none.dtypes.items()} == {
        name: str(kind) for name, kind in some.dtypes.items()
    }


def test_lists_are_lists_in_python_arrow_and_pandas(db: Database) -> None:
    import pyarrow as pa

    found = db.search("испытание задвижек", limit=3)
    assert all(isinstance(row.tags, list) for row in found)
    assert found.to_arrow().schema.field("tags").type == pa.list_(pa.string())
    tags = found.to_pandas()["tags"]
    assert tags.tolist() == [row.tags for row in found]
    assert set(tags.explode()) == {tag for row in found for tag in row.tags}


def test_arrow_has_the_rows_that_python_has(db: Database) -> None:
    table = db.view("v_article_tags").to_arrow()
    assert table.to_pylist() == [row._asdict() for row in db.view("v_article_tags")]


@pytest.mark.parametrize("name", QUESTIONS)
def test_both_databases_give_the_same_frame(db: Database, server: Database, name: str) -> None:
    one, other = (QUESTIONS[name](each).to_pandas() for each in (db, server))
    pd.testing.assert_frame_equal(one, other)


def test_a_search_finds_what_the_command_finds_in_its_order(db: Database) -> None:
    from armcrawl.analysis.search import search

    [found] = [search(db._engine, "шаровые краны", 20)]  # noqa: SLF001 - the same database
    rows = list(db.search("шаровые краны", limit=20))
    assert [row.key for row in rows] == [hit.article.key for hit in found.hits]
    assert [row.excerpt for row in rows] == [hit.excerpt.text for hit in found.hits]
    newest = [row.published_on for row in db.search("шаровые краны", order="newest")]
    assert newest == sorted(newest, reverse=True)
    assert len(newest) == found.total > len(rows)


def test_a_search_takes_each_text_once_where_it_is_told_to(db: Database) -> None:
    all_hits, once = db.search("задвижка"), db.search("задвижка", one_per_cluster=True)
    assert len(list(once)) == len(once) < len(all_hits)


def test_what_says_nothing_in_a_query_is_told(db: Database) -> None:
    with pytest.warns(UserWarning, match="Left out of the query"):
        assert db.search("задвижка ***")


@pytest.mark.parametrize(
    "ask",
    [
        lambda db: db.articles(tag="задвижка большая"),
        lambda db: db.view("v_article_tags", tag="задвижка большая"),
        lambda db: db.search("клапан", tag="задвижка большая"),
        lambda db: db.articles(search='тег:"задвижка большая"'),
    ],
)
def test_a_name_that_no_article_has_is_told_at_the_line_that_asks(db: Database, ask: Ask) -> None:
    with pytest.warns(UserWarning, match="No article has the tag 'задвижка большая'. Near to it: задвижки") as told:
        assert not ask(db)
    assert {warning.filename for warning in told} == {__file__}


def test_names_that_articles_have_are_not_warned_of(db: Database, recwarn: pytest.WarningsRecorder) -> None:
    assert db.articles(tag="шаровых кранов", site="armtorg", exclude={"tag": "нет такого"})
    assert list(recwarn) == []


@pytest.mark.parametrize(
    ("since", "until"),
    [("2016", "2016"), ("январь 2016", "декабрь 2016"), ("01.01.2016", "31.12.2016"), ("2016-01", "2016-12")],
)
def test_days_are_written_as_in_a_search(db: Database, since: str, until: str) -> None:
    days = [row.published_on for row in db.articles(since=date(2016, 1, 1), until=date(2016, 12, 31))]
    assert days
    assert [row.published_on for row in db.articles(since=since, until=until)] == days
    assert [row.month.month for row in db.trend(since=since, until=until) if row.date_precision == "month"] == [
        *range(1, 13)
    ]


def test_entities_come_with_the_most_frequent_first(db: Database) -> None:
    frame = db.entities().to_pandas()
    assert frame["articles"].is_monotonic_decreasing
    assert {row.kind for row in db.entities(kind="person")} == {"person"}
    assert all("союз" in row.name.casefold() for row in db.entities(containing="СОЮЗ"))


def test_signs_alone_are_looked_for_in_names_and_not_found_everywhere(db: Database) -> None:
    assert [row.name for row in db.entities(containing="„")] == []


@pytest.mark.parametrize(("since", "until"), [("0001-01-01", None), (None, "9999-12-31")])
def test_a_trend_reaches_as_far_as_days_do(db: Database, since: str | None, until: str | None) -> None:
    assert sum(row.articles for row in db.trend(since=since, until=until)) == sum(
        row.articles for row in db.trend() if row.date_precision
    )


def test_a_trend_has_every_article_once_and_no_gap(db: Database) -> None:
    frame = db.trend().to_pandas()
    assert frame["articles"].sum() == ARTICLES
    months = frame.loc[frame["date_precision"] == "month", "month"]
    assert (months.diff().dropna().dt.days <= 31).all()
    days = Counter(row.published_on.replace(day=1) for row in db.articles() if row.date_precision == "day")
    november = frame.set_index("month").loc["2026-11-01", "articles"]
    assert november == days[date(2026, 11, 1)]


def test_a_trend_of_words_is_seen_beside_all_articles(db: Database) -> None:
    frame = db.trend(words="задвижка").to_pandas()
    assert frame["articles"].sum() == len(db.search("задвижка"))
    assert frame["all_articles"].sum() == ARTICLES
    assert (frame["articles"] <= frame["all_articles"]).all()
    shares = 1000 * frame["articles"].astype(float) / frame["all_articles"].astype(float)
    pd.testing.assert_series_equal(frame["per_thousand"], shares, check_names=False)


def test_a_trend_of_some_months_has_these_and_no_others(db: Database) -> None:
    months = [row.month for row in db.trend(since="2019-03-15", until="2019-05-01")]
    assert months == [date(2019, 3, 1), date(2019, 4, 1), date(2019, 5, 1)]


def test_articles_are_narrowed_as_on_the_command_line(db: Database) -> None:
    reviews = {row.key for row in db.articles(section="reviews")}
    others = {row.key for row in db.articles(exclude={"section": "reviews"})}
    assert (len(reviews), len(reviews | others), reviews & others) == (47, ARTICLES, set())
    both = {row.key for row in db.articles(tag=["Сергей Ковригин", "задвижки"])}
    assert both == {row.key for row in db.articles(tag="задвижки")} & {
        row.key for row in db.articles(tag="Сергей Ковригин")
    }
    with pytest.raises(TypeError, match="colour"):
        db.articles(colour="red")  # type: ignore[call-arg]  # the mistake


def test_sql_has_the_types_of_the_views_columns(db: Database) -> None:
    statement = "SELECT key, read_at, published_on, cause FROM v_versions WHERE key = :key ORDER BY version"
    found = db.sql(statement, key="armtorg/news/431")
    assert [row.read_at for row in found] == [
        datetime(2026, 11, 23, 7, 0, tzinfo=UTC),
        datetime(2026, 11, 24, 7, 0, tzinfo=UTC),
    ]
    assert {row.published_on for row in found} == {date(2026, 11, 5)}
    assert str(found.to_pandas()["cause"].dtype) == "category"


def test_sql_takes_a_column_for_what_its_values_are_where_its_name_misleads(db: Database) -> None:
    [row] = db.sql("SELECT 'Monday' AS day, 1.5 AS articles, 'x' AS confidence, 7 AS tag, count(*) FROM v_articles")
    assert tuple(row) == ("Monday", 1.5, "x", 7, ARTICLES)
    assert row._fields[-1] == "_4"


@pytest.mark.parametrize(
    ("ask", "kind", "said"),
    [
        (lambda db: db.articles(since="31.02.2016"), UsageError, "'31.02.2016' is no day"),
        (lambda db: db.articles(since=5), UsageError, "5 is no day"),
        (lambda db: db.articles(since="2020-01-02", until="2020-01-01"), UsageError, "is after"),
        (lambda db: db.articles(columns=["titel"]), UsageError, "v_articles has no column 'titel': it has key, "),
        (lambda db: db.view("articles"), UsageError, "There is no view 'articles': there are v_articles, "),
        (lambda db: list(db.view("v_sources", tag="задвижки")), UsageError, "has no articles to choose from"),
        (lambda db: db.search("-кран"), UsageError, "There is no word to look for"),
        (lambda db: db.search("кран", order="random"), UsageError, "there are best, newest, oldest"),
        (lambda db: db.search("кран", limit=0), UsageError, "leaves nothing"),
        (lambda db: db.entities(kind="firm"), UsageError, "There is no kind 'firm'"),
        (lambda db: db.articles(kind="firm"), UsageError, "There is no kind 'firm'"),
        (lambda db: db.articles(tag=["кран", ""]), UsageError, "'' is no tag"),
        (lambda db: db.articles(exclude={"author": "x"}), UsageError, "Nothing is left out by 'author'"),
        (lambda db: db.trend(words="кран", source="x"), UsageError, "give one of them"),
        (lambda db: db.trend(words="-кран"), UsageError, "There is no word to look for"),
        (lambda db: list(db.trend(entity="никто")), UsageError, "никто"),
        (lambda db: list(db.sql("SELEC 1")), DatabaseError, "no answer to this statement"),
        (lambda db: list(db.sql("SELECT none FROM v_articles")), DatabaseError, "none"),
        (lambda db: list(db.sql("SELECT :one AS one")), UsageError, "not given: one"),
        (lambda db: list(db.sql("SELECT 1 AS one", two=2)), UsageError, "two"),
        (lambda db: list(db.sql("SELECT 1 AS one, 2 AS one")), UsageError, "Two columns are called one"),
        (lambda db: list(db.sql("BEGIN")), ArmcrawlError, ""),
        (lambda db: list(db.sql("SELECT '\ud800' AS one")), DatabaseError, "surrogates"),
        (lambda db: list(db.sql("SELECT :one AS one", one=10**30)), DatabaseError, "too large"),
    ],
)
def test_what_makes_no_sense_is_told_in_one_sentence(
    db: Database, ask: Callable[[Database], Any], kind: type[ArmcrawlError], said: str
) -> None:
    with pytest.raises(kind) as error:
        ask(db)
    assert said in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("statement", ["DELETE FROM articles", "DROP VIEW v_articles", "CREATE TABLE mine (a INTEGER)"])
def test_nothing_is_written_on_sqlite(db: Database, statement: str) -> None:
    with pytest.raises(ArmcrawlError):
        list(db.sql(statement))
    assert len(db.articles()) == ARTICLES


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM articles RETURNING id",
        "CREATE TABLE mine (a INTEGER)",
        "COMMIT; DELETE FROM articles RETURNING id",
        "SELECT 1; COMMIT; DROP VIEW v_articles CASCADE",
        "SET TRANSACTION READ WRITE",
    ],
)
def test_nothing_is_written_on_postgresql(server: Database, statement: str) -> None:
    with pytest.raises(DatabaseError):
        list(server.sql(statement))
    assert len(server.articles()) == ARTICLES


def test_a_question_without_an_answer_is_an_empty_frame(db: Database) -> None:
    frame = db.sql("SELECT key, published_on, 1 AS one FROM v_articles WHERE key = 'none'").to_pandas()
    assert (frame.shape, str(frame["published_on"].dtype)) == ((0, 3), "datetime64[us]")


def test_a_number_that_is_too_long_for_a_whole_one_is_what_sqlite_makes_of_it(db: Database, server: Database) -> None:
    one, other = (each.sql("SELECT 12345678901234567890123 AS number").to_pandas() for each in (db, server))
    assert (one["number"][0], str(one["number"].dtype)) == (other["number"][0], str(other["number"].dtype))


def test_a_trend_goes_from_the_first_day_of_all_to_the_last(db: Database) -> None:
    assert list(db.trend(since=date.min, until=date.max))[:5] == list(db.trend())[:5]


@pytest.mark.parametrize("name", ["a\0b", "\ud800"])
def test_a_name_that_no_database_holds_is_nobody_s(server: Database, name: str) -> None:
    with pytest.raises(UsageError):
        list(server.trend(entity=name))


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("sqlite:///{folder}/none.db", "There is no database at"),
        ("sqlite:///{folder}/folder/none.db", "There is no database at"),
        ("none.db", "is not a database URL"),
        ("mysql://x/y", "are not supported"),
        ("sqlite:///:memory:", "in memory"),
    ],
)
def test_no_database_is_ever_made(tmp_path: Path, url: str, said: str) -> None:
    with pytest.raises(ArmcrawlError, match=said):
        armcrawl.open(url.format(folder=tmp_path))
    assert not list(tmp_path.iterdir())


def test_a_file_that_is_empty_or_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "empty.db").touch()
    with pytest.raises(DatabaseError, match="is empty"):
        armcrawl.open(f"sqlite:///{tmp_path}/empty.db")
    (tmp_path / "text.db").write_text("no database " * 1000, encoding="utf-8")
    with pytest.raises(DatabaseError, match="cannot be used"):
        armcrawl.open(f"sqlite:///{tmp_path}/text.db")


def test_the_database_of_the_commands_is_opened_where_none_is_named(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_database(database).dispose()
    monkeypatch.setenv("ARMCRAWL_DATABASE_URL", database)
    with armcrawl.open() as opened:
        assert (len(opened.articles()), repr(opened)) == (0, f"<Database {database}>")


@pytest.mark.parametrize(("package", "extra"), [("pandas", "notebook"), ("pyarrow", "analysis")])
def test_a_missing_package_is_named_with_what_to_install(
    db: Database, monkeypatch: pytest.MonkeyPatch, package: str, extra: str
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(UsageError, match=rf"needs {package}: install armcrawl\[{extra}\]"):
        db.articles().to_pandas()


def test_to_import_armcrawl_and_to_crawl_load_nothing_that_only_analysts_need() -> None:
    code = (
        "import sys, armcrawl; light = set(sys.modules); import armcrawl.cli.collect.crawl, armcrawl.settings, "
        "armcrawl.crawling.crawl_spider; print('sqlalchemy' in light, "
        "*{'pandas', 'pyarrow', 'armcrawl.analysis'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=TOP, timeout=COMMAND_SECONDS, check=True
    )
    assert done.stdout == "False\n"
