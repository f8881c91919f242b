"""What a run stores is not shown before a verdict publishes it, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from msgspec import structs
from sqlalchemy import update

from armcrawl import clock
from armcrawl.checks import Breach
from armcrawl.checks.effort import MIN_ARTICLES
from armcrawl.errors import UsageError
from armcrawl.reporting.outcome import healed
from armcrawl.sites import known_sites
from armcrawl.sites.judged import REQUESTS
from armcrawl.store.articles.reread_pages import write_rereadings
from armcrawl.store.articles.writing import write_batch
from armcrawl.store.base import schema
from armcrawl.store.ledger import ledger
from armcrawl.store.runs import run_record, verdicts
from armcrawl.store.runs.drift_guard import write_guarded
from armcrawl.store.runs.page_observations import observe
from armcrawl.store.runs.publishing import carry_out
from tests.conftest import FETCHED_AT
from tests.store.conftest import ARTICLE, stored, targets

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import Engine

    from armcrawl.checks import Effort
    from armcrawl.items import Page
    from tests.store.conftest import Ask

BREACH = Breach("date", "missing", 20, 50, (0.0, 0.02), ("armtorg/news/1",), "armtorg/news/1")
SHOWN = "SELECT key, title FROM v_articles ORDER BY key"


@pytest.fixture(autouse=True)
def _a_clock_before_the_fetches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: FETCHED_AT - timedelta(minutes=1))


def begin(engine: Engine) -> int:
    return run_record.begin_run(engine, "armtorg", "crawl", {})


def judge_run(engine: Engine, run: int, seen: Sequence[Breach] = (), effort: Effort | None = None) -> list[Breach]:
    """Check a run, and carry out what that decides."""
    breaches = verdicts.judge_run(engine, run, seen, effort)
    carry_out(engine)
    return breaches


def decide(engine: Engine, decision: Callable[[Engine, int], int], run: int) -> int:
    """Decide on a refused run, and carry that out."""
    number = decision(engine, run)
    carry_out(engine)
    return number


def test_a_run_shows_nothing_before_it_passes(engine: Engine, ask: Ask) -> None:
    run = begin(engine)
    write_guarded(engine, [stored(1), stored(2)], run)
    assert ask(SHOWN) == []
    assert verdicts.shares_withheld(engine) == {"armtorg": (2, 1.0)}
    assert judge_run(engine, run) == []
    assert [key for key, _ in ask(SHOWN)] == ["armtorg/news/1", "armtorg/news/2"]
    assert verdicts.shares_withheld(engine) == {}


def test_the_old_version_is_shown_until_the_new_one_is_published(engine: Engine, ask: Ask) -> None:
    first = begin(engine)
    write_guarded(engine, [stored(1)], first)
    judge_run(engine, first)
    second = begin(engine)
    changed = stored(1, title="Завод «Салют» закрыл цех", fetched_at=FETCHED_AT + timedelta(1))
    write_guarded(engine, [changed], second)
    assert ask(SHOWN) == [("armtorg/news/1", ARTICLE.title)]
    judge_run(engine, second)
    assert ask(SHOWN) == [("armtorg/news/1", "Завод «Салют» закрыл цех")]


def test_what_is_accepted_is_shown_with_all_that_hangs_on_it(engine: Engine, ask: Ask) -> None:
    run = begin(engine)
    write_guarded(engine, [stored(1)], run)
    assert judge_run(engine, run, [BREACH]) == [BREACH]
    assert ask(SHOWN) == []
    assert ask("SELECT count(*) FROM article_tags") == [(0,)]
    assert decide(engine, verdicts.accept, run) == 1
    assert len(ask(SHOWN)) == 1
    assert ask("SELECT form FROM v_article_tags ORDER BY position") == [("Салют",), ("приводы",)]
    assert ask("SELECT count(*) FROM search_documents") == [(1,)]


def test_what_is_rejected_leaves_the_earlier_version_and_is_due_again(engine: Engine, ask: Ask) -> None:
    first = begin(engine)
    write_guarded(engine, [stored(1)], first)
    judge_run(engine, first)
    second = begin(engine)
    changed = stored(1, title="Читайте нас", fetched_at=FETCHED_AT + timedelta(1))
    write_guarded(engine, [changed, stored(2)], second)
    judge_run(engine, second, [BREACH])
    assert decide(engine, verdicts.reject, second) == 2
    assert ask(SHOWN) == [("armtorg/news/1", ARTICLE.title)]
    assert ask("SELECT key, current_version, published_version FROM articles") == [("armtorg/news/1", 1, 1)]
    assert ask("SELECT external_id, outcome FROM pages ORDER BY external_id") == [("1", "stored"), ("2", "failed")]
    assert ask("SELECT count(*) FROM article_versions WHERE state = 'withheld'") == [(0,)]


def test_the_pages_of_a_rejected_run_are_asked_for_again(engine: Engine) -> None:
    run = begin(engine)
    write_guarded(engine, [stored(1), stored(2)], run)
    judge_run(engine, run, [BREACH])
    decide(engine, verdicts.reject, run)
    due = ledger.due(engine, "armtorg", ["news"], clock.now(), 10)
    assert sorted(page.key.number or 0 for page in due) == [1, 2]


def test_a_newer_version_waits_on_when_an_older_one_is_shown(engine: Engine, ask: Ask) -> None:
    for day, title in enumerate(("Цех открыт", "Цех расширен", "Цех закрыт")):
        write_guarded(engine, [stored(1, title=title, fetched_at=FETCHED_AT + timedelta(day))], begin(engine))
    judge_run(engine, 2)
    assert ask(SHOWN) == [("armtorg/news/1", "Цех расширен")]
    judge_run(engine, 3)
    assert ask(SHOWN) == [("armtorg/news/1", "Цех закрыт")]


def test_what_a_refused_run_stored_is_no_part_of_the_history_before_it_is_accepted(engine: Engine, ask: Ask) -> None:
    breaches: dict[int, Sequence[Breach]] = {2: [BREACH]}
    for day, title in enumerate(("Цех открыт", "Читайте нас", "Цех закрыт")):
        run = begin(engine)
        write_guarded(engine, [stored(1, title=title, fetched_at=FETCHED_AT + timedelta(day))], run)
        judge_run(engine, run, breaches.get(run, ()))
    history = "SELECT title FROM v_versions ORDER BY version"
    assert ask(history) == [("Цех открыт",), ("Цех закрыт",)]
    assert decide(engine, verdicts.reject, 2) == 1
    assert ask(history) == [("Цех открыт",), ("Цех закрыт",)]
    assert ask("SELECT title FROM article_versions WHERE run_id = 2") == []


@pytest.mark.parametrize(("decision", "authors"), [(verdicts.accept, [("Пётр Зимин",)]), (verdicts.reject, [])])
def test_what_may_not_be_shown_waits_for_its_own_run_also_when_it_is_read_again(
    engine: Engine, ask: Ask, decision: Callable[[Engine, int], int], authors: list[tuple[str]]
) -> None:
    run = begin(engine)
    write_guarded(engine, [stored(1)], run)
    judge_run(engine, run, [BREACH])
    (target,) = targets(engine)
    reparse = run_record.begin_run(engine, "armtorg", "reparse", {})
    write_rereadings(engine, [(target, stored(1, author="Пётр Зимин"))], reparse, FETCHED_AT)
    carry_out(engine)
    assert ask(SHOWN) == []
    decide(engine, decision, run)
    assert ask("SELECT author FROM v_articles") == authors


def test_a_run_is_checked_by_what_its_own_looks_showed(engine: Engine) -> None:
    undated = begin(engine)
    write_guarded(engine, [stored(1, date_text=None)], undated)
    dated = begin(engine)
    write_guarded(engine, [stored(1, fetched_at=FETCHED_AT + timedelta(1))], dated)
    with engine.connect() as connection:
        (first, second) = observe(connection, "armtorg", 10)
    assert "date" not in first.filled
    assert "date" in second.filled


def test_only_a_refused_run_is_decided_on(engine: Engine) -> None:
    run = begin(engine)
    with pytest.raises(UsageError, match="was not refused"):
        verdicts.accept(engine, run)
    with pytest.raises(UsageError, match="was not refused"):
        verdicts.reject(engine, run)


def test_a_decision_that_is_repeated_tells_how_to_go_on(engine: Engine) -> None:
    run = begin(engine)
    write_guarded(engine, [stored(1)], run)
    verdicts.judge_run(engine, run, [BREACH])
    verdicts.accept(engine, run)
    with pytest.raises(UsageError, match="is accepted already: `armcrawl runs publish`"):
        verdicts.accept(engine, run)


def test_a_dead_run_is_undecided_until_the_next_one_judges_it(engine: Engine, ask: Ask) -> None:
    dead = begin(engine)
    write_guarded(engine, [stored(1)], dead)
    run_record.mark_dead(engine, "armtorg")
    later = begin(engine)
    assert verdicts.undecided(engine, "armtorg", later) == [dead]
    judge_run(engine, dead)
    assert verdicts.undecided(engine, "armtorg", later) == []
    assert len(ask(SHOWN)) == 1


def other(number: int) -> Page:
    """Return a page that has nothing in common with others."""
    texts = (f"Цех № {number} отгрузил {number} задвижек.", f"Следующая партия, {number + 1} штук, готова к отправке.")
    day = FETCHED_AT.date() - timedelta(days=number % 29)
    return stored(number, title=f"Цех № {number} отгрузил партию", paragraphs=texts, date_text=f"{day:%d.%m.%Y}")


def undated(number: int) -> Page:
    """Return such a page without a date."""
    page = other(number)
    assert page.article is not None
    return replace(page, article=replace(page.article, date_text=None, published=None))


def night(engine: Engine, first: int, requests: int, kind: str = "crawl") -> list[Breach]:
    """Have a run store fifty articles with so many requests; return what it breaks."""
    run = run_record.begin_run(engine, "armtorg", kind, {})
    write_guarded(engine, [other(first + number) for number in range(MIN_ARTICLES)], run)
    effort = verdicts.effort_of(requests, {"stored": MIN_ARTICLES})
    breaches = judge_run(engine, run, [], effort)
    run_record.end_run(engine, run, "done", requests, {"stored": MIN_ARTICLES}, {})
    return breaches


def test_a_run_that_takes_many_requests_an_article_is_refused_until_a_person_decides(engine: Engine) -> None:
    assert night(engine, 1, 55) == night(engine, 101, 56) == []
    assert [breach.measure for breach in night(engine, 201, 110)] == [REQUESTS]
    # Reading pages anew does not make the site answer otherwise.
    assert verdicts.heal(engine) == {}


def test_a_refused_run_that_holds_now_is_not_said_to_pass_where_nothing_is_known_to_judge_it_by(engine: Engine) -> None:
    run = begin(engine)
    write_guarded(engine, [stored(1)], run)
    verdicts.judge_run(engine, run, [BREACH])
    unjudged = "0 of 100 pages of news of 2016 to compare with"
    assert verdicts.heal(engine) == {run: unjudged}
    assert healed(run, unjudged) == (
        f"Run {run} is refused no more, and not judged ({unjudged}): what it stored is shown all the same."
    )


def test_what_was_seen_in_another_section_is_told_beside_what_the_end_of_a_run_shows(engine: Engine) -> None:
    run = begin(engine)
    write_guarded(engine, [stored(number, date_text=None) for number in range(1, 12)], run)
    in_video = replace(BREACH, section="video")
    everywhere = judge_run(engine, run, [in_video])
    assert [one.section for one in everywhere if one.measure == "date"] == [""]
    dated = begin(engine)
    write_guarded(engine, [other(number) for number in range(21, 24)], dated)
    assert in_video in judge_run(engine, dated, [in_video])


def test_what_a_reader_misses_first_is_told_first_whichever_check_found_it(engine: Engine) -> None:
    run = begin(engine)
    write_guarded(engine, [undated(number) for number in range(1, 12)], run)
    titles = Breach("title", "the site's name", 20, 20, None, BREACH.examples, BREACH.first, "video")
    breaches = judge_run(engine, run, [titles])
    assert [one.measure for one in breaches[:2]] == ["title", "date"]


def test_what_a_declaration_promises_is_told_once_and_holds_until_a_person_accepts(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    declared = structs.replace(known_sites()["armtorg"], bounds={"date": 0.9})
    monkeypatch.setattr(verdicts, "known_sites", lambda: {"armtorg": declared})
    for first, is_refused in ((1, True), (101, False)):
        run = begin(engine)
        write_guarded(engine, [undated(first + number) for number in range(12)], run)
        breaches = judge_run(engine, run)
        assert [one.measure for one in breaches if one.measure == "date"] == ["date"] * is_refused
        if is_refused:
            verdicts.accept(engine, run)


def test_a_site_says_by_what_a_kind_of_run_is_not_judged(engine: Engine) -> None:
    for first in (1, 101):
        assert night(engine, first, 55, "backfill") == []
    assert night(engine, 201, 110, "backfill") == []


def test_a_measure_that_does_not_count_for_a_kind_is_not_compared(engine: Engine) -> None:
    for number, (kind, is_there) in enumerate((("crawl", True), ("wayback", False)), 1):
        run = run_record.begin_run(engine, "armtorg", kind, {})
        write_guarded(engine, [stored(number)], run)
        judge_run(engine, run)
        with engine.begin() as connection:
            picture = verdicts.history_of(connection, "armtorg", run + 1).pictures[-1]
        assert ("date out of the order of ids" in picture.measures) is is_there
        assert "number of words" in picture.measures


def test_the_day_of_the_fetch_is_that_of_the_sites_zone(engine: Engine) -> None:
    """A night at half past two in Moscow is of the day before in UTC, and so would be what it reads."""
    write_batch(engine, [stored(1, fetched_at=datetime(2026, 11, 22, 23, 30, tzinfo=UTC))], None)
    with engine.begin() as connection:
        assert [one.fetched_on for one in observe(connection, "armtorg", 10)] == [date(2026, 11, 23)]


def test_the_header_in_the_text_is_noted(engine: Engine) -> None:
    header = ("Понедельник, 23 Ноября 2026", "EUR 92,10", "USD 84,20")
    write_batch(engine, [stored(1), stored(2, paragraphs=(*header, "Завод пустил цех."))], None)
    with engine.begin() as connection:
        assert [one.has_header for one in observe(connection, "armtorg", 10)] == [False, True]


def test_a_check_that_breaks_publishes_nothing(engine: Engine, ask: Ask) -> None:
    first = begin(engine)
    write_guarded(engine, [stored(1)], first)
    judge_run(engine, first)
    with engine.begin() as connection:
        connection.execute(update(schema.runs).values(picture={"pages": 1}))
    second = begin(engine)
    assert write_guarded(engine, [stored(2)], second).broken == "KeyError: 'strata'"
    with pytest.raises(KeyError):
        judge_run(engine, second)
    assert [key for key, _ in ask(SHOWN)] == ["armtorg/news/1"]
    assert verdicts.undecided(engine, "armtorg", second + 1) == [second]


def test_the_picture_of_a_refused_run_is_not_what_is_usual(engine: Engine) -> None:
    run = begin(engine)
    write_guarded(engine, [stored(1)], run)
    judge_run(engine, run)
    with engine.begin() as connection:
        assert len(verdicts.history_of(connection, "armtorg", run + 1).pictures) == 1
        connection.execute(update(schema.runs).values(verdict="refused"))
        assert verdicts.history_of(connection, "armtorg", run + 1).pictures == []


def test_what_was_before_an_accepted_run_counts_no_more_for_its_measures_and_for_no_others(engine: Engine) -> None:
    for number, breaches in enumerate(([], [BREACH], [])):
        run = begin(engine)
        write_guarded(engine, [stored(number + 1)], run)
        verdicts.judge_run(engine, run, breaches)
    verdicts.accept(engine, run - 1)
    with engine.begin() as connection:
        history = verdicts.history_of(connection, "armtorg", run + 1)
    assert ["date" in picture.measures for picture in history.pictures] == [False, True, True]
    assert all("tags" in picture.measures for picture in history.pictures)
    assert not history.holds("news", "date")
    assert history.holds("news", "title")
