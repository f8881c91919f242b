"""What people decided is taken over by a database that is made anew from its archive."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text, update

from armcrawl.items import Outcome, Sighting, Tag
from armcrawl.sites import PageKey
from armcrawl.store.admin.carrying import (
    ENTITIES,
    HEADS,
    ORIGINS,
    READ,
    SHOWN,
    TAKEDOWNS,
    VERDICTS,
    carry_over,
    carry_over_site,
)
from armcrawl.store.articles import removal
from armcrawl.store.articles.imported_captures import known_captures, removed_pages, write_imported
from armcrawl.store.articles.writing import write_batch
from armcrawl.store.base import schema
from armcrawl.store.base.database import open_database
from armcrawl.store.entities import deciding
from armcrawl.store.ledger import setting_heads
from armcrawl.store.ledger.ledger import claim_origin, origins_of
from armcrawl.store.ledger.walks import SourcePage, WalkRecord, write_step
from armcrawl.store.runs.drift_guard import write_guarded
from armcrawl.store.runs.run_record import begin_run
from tests.conftest import FETCHED_AT
from tests.sqlite import make_sqlite
from tests.store.conftest import answered, key, stored

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy import Engine

    from armcrawl.items import Page

LATER = FETCHED_AT + timedelta(1)
TAGGED = [stored(1, tags=(Tag("задвижки"),)), stored(2, tags=(Tag("запорная арматура"),))]
NAMES = "SELECT DISTINCT tag FROM v_article_tags"


@pytest.fixture
def old(engine: Engine) -> Engine:
    """The database in which people decided."""
    return engine


@pytest.fixture
def new(request: pytest.FixtureRequest, old: Engine, tmp_path: Path) -> Iterator[Engine]:
    """An empty one of the same kind."""
    if old.dialect.name == "sqlite":
        url = make_sqlite(tmp_path / "new.db")
    else:
        databases = request.getfixturevalue("postgresql")
        url = databases.make(databases.template)
    opened = open_database(url)
    yield opened
    opened.dispose()


def read_archive(new: Engine, pages: list[Page]) -> None:
    """Write what an import of the archive would write."""
    keys = {page.key for page in pages}
    known, removed = known_captures(new, keys), removed_pages(new, keys)
    wanted = [page for page in pages if page.key not in removed and (page.key, page.fetched_at) not in known]
    write_imported(new, wanted, begin_run(new, "armtorg", "import", {}))


def run(old: Engine, verdict: str, started_at: datetime, kind: str = "crawl") -> int:
    run_id = begin_run(old, "armtorg", kind, {})
    with old.begin() as connection:
        told = {"verdict": verdict, "started_at": started_at}
        connection.execute(update(schema.runs).where(schema.runs.c.id == run_id).values(told))
    return run_id


def rows(engine: Engine, sql: str) -> list[tuple[object, ...]]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(sql))]


def test_a_page_that_was_taken_down_stays_down(old: Engine, new: Engine) -> None:
    write_batch(old, TAGGED, None)
    removal.remove(old, key(1), "по просьбе")
    assert carry_over(old, new).counts[TAKEDOWNS] == 1
    read_archive(new, TAGGED)
    assert rows(new, "SELECT key FROM v_articles") == [("armtorg/news/2",)]
    assert rows(new, "SELECT external_id, reason FROM pages WHERE outcome = 'removed'") == [("1", "по просьбе")]


def test_what_tells_its_text_is_taken_over_as_well(old: Engine, new: Engine) -> None:
    long = ("Вторая плавильная печь Курганского завода остановлена на внеплановый ремонт до конца этого сентября.",)
    write_batch(old, [stored(1, paragraphs=long)], None)
    removal.remove(old, key(1), "по просьбе")
    carry_over(old, new)
    read_archive(new, [stored(3, paragraphs=long)])
    assert rows(new, "SELECT external_id, outcome FROM pages ORDER BY number") == [("1", "removed"), ("3", "removed")]


def test_a_page_that_is_there_already_is_taken_down(old: Engine, new: Engine) -> None:
    write_batch(old, TAGGED, None)
    removal.remove(old, key(1), "по просьбе")
    read_archive(new, TAGGED)
    carry_over(old, new)
    assert rows(new, "SELECT key FROM v_articles") == [("armtorg/news/2",)]


def test_a_merge_of_tags_still_holds(old: Engine, new: Engine) -> None:
    write_batch(old, TAGGED, None)
    deciding.merge(old, "запорная арматура", "задвижки", "редактор")
    assert carry_over(old, new).counts[ENTITIES] == 1
    read_archive(new, TAGGED)
    assert rows(new, NAMES) == rows(old, NAMES) == [("запорная арматура",)]


def test_what_was_decided_since_stands(old: Engine, new: Engine) -> None:
    write_batch(old, TAGGED, None)
    deciding.merge(old, "запорная арматура", "задвижки", "редактор")
    carry_over(old, new)
    read_archive(new, TAGGED)
    deciding.rename(new, "запорная арматура", "арматура", "редактор")
    carry_over(old, new)
    assert len(deciding.all_decisions(new)) == 2


@pytest.mark.parametrize("is_older", [False, True])
@pytest.mark.parametrize(("verdict", "said"), [("rejected", "was rejected"), ("refused", "nobody has decided")])
def test_what_a_run_read_that_was_not_accepted_stays_out(
    old: Engine, new: Engine, verdict: str, said: str, is_older: bool
) -> None:
    bad = [stored(1, title="Чужой заголовок", fetched_at=LATER), stored(3, fetched_at=LATER)]
    write_batch(old, TAGGED, run(old, "passed", FETCHED_AT))
    write_guarded(old, bad, run(old, verdict, LATER))
    if is_older:
        forget_runs(old)
    carried = carry_over(old, new)
    assert (carried.counts[READ], carried.counts[VERDICTS]) == (2, 2)
    (problem,) = carried.problems
    assert said in problem
    assert "its 2 answers stay out" in problem
    read_archive(new, [*TAGGED, *bad])
    assert rows(new, "SELECT DISTINCT title FROM v_articles") == [("Завод «Салют» открыл новый цех",)]
    assert rows(new, "SELECT external_id FROM pages WHERE outcome = 'failed'") == [("3",)]
    assert rows(new, "SELECT verdict FROM runs ORDER BY id LIMIT 2") == [("passed",), ("rejected",)]


def test_that_a_rejected_run_found_nothing_comes_in(old: Engine, new: Engine) -> None:
    missing = answered(Outcome.MISSING, 8, fetched_at=LATER, http_status=404)
    write_guarded(old, [missing, stored(3, fetched_at=LATER)], run(old, "rejected", LATER))
    carry_over(old, new)
    read_archive(new, [missing, stored(3, fetched_at=LATER)])
    assert rows(new, "SELECT external_id, outcome FROM pages ORDER BY 1") == [("3", "failed"), ("8", "missing")]


def forget_runs(old: Engine) -> None:
    """Let a database be an older one, whose captures do not tell the run that got them."""
    with old.begin() as connection:
        connection.execute(text("ALTER TABLE captures RENAME COLUMN run_id TO something_else"))


def test_what_is_taken_over_again_is_there_once(old: Engine, new: Engine) -> None:
    write_guarded(old, TAGGED, run(old, "rejected", FETCHED_AT))
    for _ in range(2):
        carry_over(old, new)
    assert rows(new, "SELECT (SELECT count(*) FROM runs), (SELECT count(*) FROM captures)") == [(1, 2)]


def test_what_an_accepted_run_read_comes_in(old: Engine, new: Engine) -> None:
    write_batch(old, TAGGED, run(old, "accepted", FETCHED_AT))
    assert carry_over(old, new).problems == ()
    read_archive(new, TAGGED)
    assert len(rows(new, "SELECT key FROM v_articles")) == 2


def test_of_a_rejected_import_that_cannot_be_told_it_is_said_that_it_comes_in(old: Engine, new: Engine) -> None:
    run(old, "rejected", FETCHED_AT, kind="wayback")
    forget_runs(old)
    (problem,) = carry_over(old, new).problems
    assert "cannot be told, so they come in and are shown" in problem


def test_ids_that_do_not_count_and_the_origin_are_those_of_before(old: Engine, new: Engine) -> None:
    pages = [*TAGGED, stored(3), stored(4), stored(9), answered(Outcome.MISSING, 8)]
    write_batch(old, pages, None)
    claim_origin(old, "armtorg", "https://mirror.example")
    setting_heads.set_head(old, key(4), is_applied=True)
    carry_over(old, new)
    read_archive(new, pages)
    claim_origin(new, "armtorg", "site")
    carried = carry_over_site(old, new, "armtorg")
    assert carried.counts == {ORIGINS: 1, HEADS: 2, SHOWN: 0}
    number = "SELECT external_id, number, next_check_at IS NULL FROM pages ORDER BY external_id"
    assert rows(new, number) == [tuple(row) for row in rows(old, number)]
    assert origins_of(new, "armtorg") == {"https://mirror.example"}


def test_what_sources_showed_is_known_as_before(old: Engine, new: Engine) -> None:
    run_id = begin_run(old, "armavest", "crawl", {})
    walk = WalkRecord("armavest", "listing /news/", FETCHED_AT, FETCHED_AT, run_id, left_at="/news/?page=2")
    seen = Sighting(PageKey("armavest", "news", "otgruzka"), "https://armavest.ru/news/a/otgruzka", title="Отгрузка")
    write_step(old, walk, SourcePage("https://armavest.ru/news/", FETCHED_AT, '"1"'), "/news/", [seen])
    for _ in range(2):
        assert carry_over_site(old, new, "armavest").counts[SHOWN] == 1
    for told in (
        "SELECT external_id, source, title, first_seen_at FROM sightings",
        "SELECT source, left_at FROM walks",
        "SELECT address, etag FROM source_pages",
    ):
        assert rows(new, told) == rows(old, told) != []
    assert carry_over_site(old, new, "valverus").counts[SHOWN] == 0


def test_a_database_of_before_sources_has_nothing_of_them_to_lose(old: Engine, new: Engine) -> None:
    with old.begin() as connection:
        connection.execute(text("DROP VIEW v_seen"))
        for table in ("sightings", "walks", "source_pages"):
            connection.execute(text(f"DROP TABLE {table}"))
    assert carry_over_site(old, new, "armtorg").problems == ()


def test_what_an_older_database_does_not_tell_is_one_sentence(old: Engine, new: Engine) -> None:
    write_batch(old, TAGGED, None)
    removal.remove(old, key(1), "по просьбе")
    with old.begin() as connection:
        connection.execute(text("ALTER TABLE entity_decisions DROP COLUMN decided_by"))
        connection.execute(text("DROP TABLE origins"))
    carried = carry_over(old, new)
    assert carried.counts[TAKEDOWNS] == 1
    assert carried.problems == ("The tables of the old database do not tell, so this is lost: decisions on entities.",)
    (problem,) = carry_over_site(old, new, "armtorg").problems
    assert problem.endswith("lost: origins.")
