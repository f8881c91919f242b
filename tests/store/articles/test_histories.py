"""Whatever happens to a page, and in whatever order it becomes known: the database tells one history of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import permutations
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update

from armcrawl.items import CUT, Outcome, Page, Record
from armcrawl.store.articles.captures import pasts_of
from armcrawl.store.articles.imported_captures import write_imported
from armcrawl.store.articles.removal import remove
from armcrawl.store.articles.reread_pages import Target, outcome_after, write_rereadings
from armcrawl.store.articles.writing import Batch
from armcrawl.store.base import schema
from armcrawl.store.base.database import reading, writing
from armcrawl.store.base.enumerations import ACCEPTED, PASSED, REFUSED, REJECTED
from armcrawl.store.runs.publishing import backlog, carry_out
from tests.conftest import FETCHED_AT
from tests.store.conftest import answered, key, stored, targets
from tests.thoroughness import examples

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, Engine

    from tests.store.conftest import Ask

WHOLE = "Завод запустил линию задвижек. Мощность линии выросла вдвое."
TEXTS = (WHOLE, "Завод остановил линию на ремонт.", "Завод объявил о наборе рабочих.")
# Judged ones, and those that read again, by when they do.
RUNS = (*range(1, 4), *range(100, 120))


def on(day: int) -> datetime:
    return FETCHED_AT + timedelta(days=day)


def article(text: str, day: int, *, author: str | None = None, is_cut: bool = False) -> Page:
    page = stored(1, paragraphs=(text,), author=author, fetched_at=on(day))
    if is_cut and page.article is not None:
        page.article = page.article.noting(CUT)
    return page


@dataclass(frozen=True)
class Answer:
    """The site answers, in a run that is judged, or in an archive that somebody kept."""

    page: Page
    run: int | None


@dataclass(frozen=True)
class Reread:
    """A later parser makes something else of the answer of a day."""

    day: int
    page: Page
    moment: int


@dataclass(frozen=True)
class Unchanged:
    """The site says that the answer of a day is still true."""

    of: int
    day: int


@dataclass(frozen=True)
class Verdict:
    run: int
    said: str


@dataclass(frozen=True)
class Removed:
    """The page is taken down."""


@dataclass(frozen=True)
class Lost:
    """The bytes of the answer of a day are gone: wiped, or with their file."""

    day: int


Event = Answer | Reread | Unchanged | Verdict | Removed | Lost


def happen(engine: Engine, event: Event) -> None:
    """Let something become known as it does at any time."""
    match event:
        case Answer():
            _answer(engine, event.page, event.run)
        case Unchanged():
            page = answered(Outcome.STORED, 1, fetched_at=on(event.day), reason=None, confirms=on(event.of))
            _answer(engine, page, None)
        case Reread():
            _reread(engine, event)
        case Verdict():
            with writing(engine) as connection:
                connection.execute(update(schema.runs).where(schema.runs.c.id == event.run).values(verdict=event.said))
        case Removed():
            remove(engine, key(1), "по просьбе")
        case Lost():
            with writing(engine) as connection:
                lost = dict.fromkeys(("archive_file", "archive_offset", "payload_digest"))
                table = schema.captures
                connection.execute(update(table).where(table.c.fetched_at == on(event.day)).values(lost))
    carry_out(engine)


def _answer(engine: Engine, page: Page, run: int | None) -> None:
    if run is None:
        write_imported(engine, [page], None)
        return
    with writing(engine) as connection:
        last = connection.execute(select(schema.pages.c.fetched_at)).scalar()
        is_newest = last is None or page.fetched_at > last
        batch = ([page], []) if is_newest else ([], [page])
        Batch(connection, batch[0], run, backdated=batch[1], is_judged=True).write()


def _reread(engine: Engine, event: Reread) -> None:
    pages, articles, captures = schema.pages, schema.articles, schema.captures
    query = select(pages.c.id, pages.c.outcome, pages.c.reason, articles.c.id, captures.c.id).select_from(
        pages.join(captures, captures.c.page_id == pages.c.id).outerjoin(articles, articles.c.page_id == pages.c.id)
    )
    with reading(engine) as connection:
        row = connection.execute(query.where(captures.c.fetched_at == on(event.day))).one_or_none()
        if row is None:  # it was taken down
            return
        past = pasts_of(connection, [row[0]])[row[0]]
    page_id, outcome, reason, article_id, capture_id = row
    target = Target(page_id, key(1), "", outcome, reason, article_id, capture_id, on(event.day), None, None, past=past)
    write_rereadings(engine, [(target, event.page)], 100 + event.moment, on(event.moment))


def told(engine: Engine) -> dict[str, Any]:
    """Return what the database tells of the page."""
    pages, articles, versions, captures = schema.pages, schema.articles, schema.article_versions, schema.captures
    columns = (
        versions.c.number,
        versions.c.state,
        versions.c.cause,
        versions.c.created_at,
        versions.c.body,
        versions.c.author,
    )
    with reading(engine) as connection:
        ordered = select(*columns).order_by(versions.c.number.is_(None), versions.c.number, versions.c.created_at)
        seen = select(captures.c.fetched_at, captures.c.last_seen_at, captures.c.outcome, captures.c.content_hash)
        return {
            "page": _rows(connection, select(pages.c.outcome, pages.c.reason)),
            "article": _rows(connection, select(articles.c.current_version, articles.c.published_version)),
            "versions": _rows(connection, ordered),
            "captures": _rows(connection, seen.order_by(captures.c.fetched_at)),
            "shown": [tuple(row) for row in connection.exec_driver_sql("SELECT title, body, author FROM v_articles")],
            "tags": [tuple(row) for row in connection.exec_driver_sql("SELECT tag FROM v_article_tags ORDER BY 1")],
        }


def _rows(connection: Connection, query: Any) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in connection.execute(query)]


def history(engine: Engine, events: Sequence[Event]) -> dict[str, Any]:
    """Return what an empty database tells after some events."""
    with writing(engine) as connection:
        for table in reversed(schema.metadata.sorted_tables):
            if table.name != "shape":
                connection.execute(delete(table))
        for number in RUNS:
            row = {"id": number, "site": "armtorg", "kind": "crawl", "arguments": {}, "version": "1"}
            connection.execute(schema.runs.insert().values(started_at=on(0), **row))
    for event in events:
        happen(engine, event)
    return told(engine)


def can_be(events: Sequence[Event]) -> bool:
    """Tell whether an order can be: nothing is said of an answer before it is there."""
    known = set[int]()
    for event in events:
        match event:
            case Answer():
                known.add((event.page.fetched_at - FETCHED_AT).days)
            case Reread() | Lost():
                if event.day not in known:
                    return False
            case Unchanged():
                if event.of not in known:
                    return False
            case Removed():
                if not known:
                    return False
            case Verdict():
                pass
    return True


def whole(day: int, run: int | None = None) -> Answer:
    return Answer(article(WHOLE, day), run)


HISTORIES: dict[str, tuple[Event, ...]] = {
    "a text, another one, the first again, and the one between is rejected": (
        whole(1, 1),
        Answer(article(TEXTS[1], 2), 2),
        whole(3, 3),
        Verdict(1, PASSED),
        Verdict(2, REJECTED),
    ),
    "a text is read anew, seen again, another one comes between": (
        whole(1),
        Reread(1, article(TEXTS[2], 1), 9),
        Unchanged(1, 5),
        Answer(article(TEXTS[1], 3), None),
        Lost(1),
    ),
    "a page comes in cut after the whole one, which is rejected": (
        whole(1, 1),
        Answer(article("Завод запустил линию", 2, is_cut=True), 2),
        Verdict(1, REJECTED),
        Verdict(2, ACCEPTED),
        Answer(answered(Outcome.MISSING, 1, fetched_at=on(3), http_status=404), 3),
    ),
    "a page that was quarantined is understood after it was taken away": (
        Answer(answered(Outcome.QUARANTINED, 1, fetched_at=on(1), body=b"<p>", stage="reading"), None),
        Reread(1, article(WHOLE, 1), 9),
        Answer(answered(Outcome.MISSING, 1, fetched_at=on(4), http_status=404), None),
        whole(2, 1),
        Verdict(1, REFUSED),
    ),
    "a page is taken down": (
        whole(1),
        Answer(article(TEXTS[1], 2), None),
        Reread(1, article(TEXTS[2], 1), 9),
        Unchanged(2, 5),
        Removed(),
    ),
}


@pytest.mark.parametrize("name", HISTORIES)
def test_all_orders_of_five_events_give_one_history(engine: Engine, name: str) -> None:
    events = HISTORIES[name]
    orders = [order for order in permutations(events) if can_be(order)]
    expected = history(engine, orders[0])
    # A tenth of them in every run, with the first and the last; all of them in the soak.
    for order in orders[1 :: max(1, 10 // examples(1))] + orders[-1:]:
        assert history(engine, order) == expected, order


ANSWERS = st.one_of(
    st.builds(article, st.sampled_from(TEXTS), st.integers(1, 4), author=st.sampled_from([None, "Иван Петров"])),
    st.builds(
        lambda words, day: article(" ".join(WHOLE.split()[:words]), day, is_cut=True),
        st.integers(2, 6),
        st.integers(1, 4),
    ),
    st.builds(
        lambda outcome, day: answered(outcome, 1, fetched_at=on(day), http_status=404),
        st.sampled_from([Outcome.MISSING, Outcome.NOT_ARTICLE, Outcome.QUARANTINED]),
        st.integers(1, 4),
    ),
)


@st.composite
def lives(draw: st.DrawFn) -> list[Event]:
    """Return what happens to a page: two or three answers, and what is made of them."""
    pages = draw(st.lists(ANSWERS, min_size=2, max_size=3, unique_by=lambda page: page.fetched_at))
    days = [(page.fetched_at - FETCHED_AT).days for page in pages]
    events: list[Event] = [Answer(page, draw(st.sampled_from([None, 1, 2]))) for page in pages]
    further = st.one_of(
        st.builds(Verdict, st.integers(1, 2), st.sampled_from([PASSED, REFUSED, ACCEPTED, REJECTED])),
        st.builds(
            lambda day, text, author: Reread(day, article(text, day, author=author), 9),
            st.sampled_from(days),
            st.sampled_from(TEXTS),
            st.sampled_from([None, "Иван Петров"]),
        ),
        st.builds(lambda day, after: Unchanged(day, day + after), st.sampled_from(days), st.integers(1, 3)),
        st.builds(Lost, st.sampled_from(days)),
        st.just(Removed()),
    )
    # A run has one verdict, and reads an answer again once.
    return events + draw(st.lists(further, min_size=2, max_size=3, unique_by=_subject))


def _subject(event: Event) -> tuple[type, int]:
    return type(event), event.run if isinstance(event, Verdict) else getattr(event, "day", 0)


@given(life=lives(), data=st.data())
@settings(max_examples=examples(40), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_life_in_any_order_is_one_history(engine: Engine, life: list[Event], data: st.DataObject) -> None:
    orders = [order for order in permutations(life) if can_be(order)]
    assert history(engine, data.draw(st.sampled_from(orders))) == history(engine, orders[0])


def test_a_page_that_a_rejected_run_quarantined_and_a_replay_understood_waits_again_and_is_not_asked_for_for_ever(
    engine: Engine, ask: Ask
) -> None:
    waiting = answered(Outcome.QUARANTINED, 1, fetched_at=on(1), body=b"<p>", stage="reading")
    history(engine, [Answer(waiting, 1), Verdict(1, REFUSED), Reread(1, article(WHOLE, 1), 9)])
    assert ask("SELECT count(*) FROM article_versions WHERE state = 'withheld'") == [(1,)]
    happen(engine, Verdict(1, REJECTED))
    assert not backlog(engine)
    assert ask("SELECT outcome FROM pages") == [("quarantined",)]
    assert ask("SELECT count(*) FROM quarantine WHERE resolved_at IS NULL") == [(1,)]
    assert ask("SELECT count(*) FROM articles") == [(0,)]


def test_a_page_that_is_in_quarantine_by_its_first_answer_is_read_again_from_that(engine: Engine) -> None:
    listing = answered(Outcome.NOT_ARTICLE, 1, fetched_at=on(1), reason="listing")
    kept = replace(article(WHOLE, 1), record=Record("a.warc.gz", 7))
    gone = answered(Outcome.MISSING, 1, fetched_at=on(3), http_status=404, record=Record("a.warc.gz", 9))
    history(engine, [Answer(kept, None), Answer(gone, None), Reread(1, listing, 9)])
    (target,) = targets(engine)
    assert (target.outcome, target.archive_offset) == ("quarantined", 7)
    assert outcome_after(target, article(WHOLE, 1)) == ("gone", "так вышло")
