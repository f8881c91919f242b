"""An id far above all others is no head before others near it show that the site counts so far."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from armcrawl.errors import UsageError
from armcrawl.items import Outcome
from armcrawl.store.articles.writing import write_batch
from armcrawl.store.base.heads import ESTABLISHED, far_above, head_among
from armcrawl.store.ledger import ledger, setting_heads
from armcrawl.store.queries.status import section_status
from tests.store.conftest import Ask, answered, key, stored

if TYPE_CHECKING:
    from sqlalchemy import Engine

FIRST = date(2026, 11, 1)
SLIP = 20_160_531


def days(*numbers: int, first: date = FIRST) -> dict[int, date | None]:
    """Return ids with dates that rise."""
    return {number: first + timedelta(days=index) for index, number in enumerate(numbers)}


@pytest.mark.parametrize(
    ("seen", "head"),
    [
        ((), 0),
        ((1,), 1),
        ((3, 1, 2), 3),
        ((30_000,), 30_000),
        ((*range(1, 26), SLIP), 25),
        ((1, 2, SLIP), 2),
        ((*range(1, 26), SLIP, SLIP + 1), 25),
        # Nothing tells which of two is the slip: too low a head is raised by the next run.
        ((25, SLIP), 25),
        ((12, 29_999, 30_000), 30_000),
        ((100, 5000, *range(29_000, 30_001)), 30_000),
        ((1, 1001, 2001), 2001),
    ],
)
def test_the_head_is_where_the_largest_group_of_close_ids_ends(seen: tuple[int, ...], head: int) -> None:
    assert head_among(dict.fromkeys(seen)) == head


def test_three_articles_whose_dates_rise_show_that_a_site_has_leapt() -> None:
    below, above = days(*range(1, 26)), days(100_000, 100_002, 100_005, first=FIRST + timedelta(days=25))
    assert head_among(below | above) == 100_005
    assert far_above(below | above) == (25, [100_000, 100_002, 100_005])


@pytest.mark.parametrize(
    "above",
    [
        days(SLIP, SLIP + 1, SLIP + 2, first=date(2016, 5, 31)),
        dict.fromkeys((SLIP, SLIP + 1, SLIP + 2)),
        {SLIP: date(2026, 12, 3), SLIP + 1: date(2026, 12, 2), SLIP + 2: date(2026, 12, 1)},
    ],
)
def test_three_articles_that_are_older_undated_or_in_no_order_show_nothing(above: dict[int, date | None]) -> None:
    assert head_among(days(*range(1, 26)) | above) == 25


def test_what_a_site_gives_out_in_a_day_or_two_needs_no_dates() -> None:
    leapt = range(100_000, 100_000 + ESTABLISHED)
    assert head_among(dict.fromkeys((*range(1, 26), *leapt))) == leapt[-1]


def fill(engine: Engine, *numbers: int) -> None:
    write_batch(engine, [stored(number) for number in numbers], None)


def test_a_slip_in_the_ledger_is_an_article_and_no_head(engine: Engine, ask: Ask) -> None:
    fill(engine, *range(1, 26), SLIP)
    assert ledger.head(engine, "armtorg", "news") == 25
    (status,) = section_status(engine)
    assert (status.head, status.never_asked, status.complete) == (25, 0, 1.0)
    assert ask("SELECT newest_id, asked, never_asked FROM v_completeness") == [(25, 26, 0)]
    assert ask("SELECT count(*) FROM articles") == [(26,)]
    assert ledger.dates(engine, "armtorg", "news", 25).keys() == set(range(1, 26))


@pytest.mark.parametrize(
    "numbers", [(1,), (1, 2, SLIP), (25, SLIP), (12, 29_999, 30_000), (*range(5, 60, 2), 900, SLIP)]
)
def test_the_view_of_completeness_has_the_same_head(engine: Engine, ask: Ask, numbers: tuple[int, ...]) -> None:
    fill(engine, *numbers)
    write_batch(engine, [answered(Outcome.MISSING, 7, section="reviews")], None)
    heads = {status.section: (status.head, status.never_asked) for status in section_status(engine)}
    found = ask("SELECT section, newest_id, never_asked FROM v_completeness")
    assert {section: (head, never_asked) for section, head, never_asked in found} == heads


def test_the_head_is_found_below_many_slips(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "ROWS_AT_ONCE", 7)
    fill(engine, *range(1, 26), *range(10_000, 100_000, 2000))
    assert ledger.head(engine, "armtorg", "news") == 25


def test_a_missing_page_near_the_head_is_looked_at_again_whatever_slips_there_are(engine: Engine, ask: Ask) -> None:
    fill(engine, *range(1, 26), SLIP)
    write_batch(engine, [answered(Outcome.MISSING, 24)], None)
    write_batch(engine, [answered(Outcome.MISSING, 26)], None)
    assert ask("SELECT count(*) FROM pages WHERE number = 26 AND next_check_at IS NOT NULL") == [(1,)]


def test_a_person_lets_a_section_end(engine: Engine, ask: Ask) -> None:
    fill(engine, *range(1, 26), 900)
    write_batch(engine, [answered(Outcome.MISSING, number) for number in (26, 27)], None)
    write_batch(engine, [answered(Outcome.FAILED, 28)], None)
    assert ledger.head(engine, "armtorg", "news") == 900
    shown = setting_heads.set_head(engine, key(25), is_applied=False)
    assert (shown.before, shown.out) == (900, [900])
    assert ledger.head(engine, "armtorg", "news") == 900
    assert setting_heads.set_head(engine, key(25), is_applied=True) == shown
    assert ledger.head(engine, "armtorg", "news") == 25
    assert ask("SELECT count(*) FROM articles") == [(26,)]
    (status,) = section_status(engine)
    assert (status.head, status.never_asked) == (25, 0)
    # Nobody should have asked for what is above: it may be tomorrow's article.
    assert ledger.wanted_numbers(engine, "armtorg", "news", 26, 28) == [28, 27, 26]
    assert ask("SELECT count(*) FROM pages WHERE number IS NULL AND next_check_at IS NOT NULL") == [(0,)]
    # Once it is one, it counts.
    fill(engine, 26)
    assert ledger.head(engine, "armtorg", "news") == 26


def test_what_does_not_count_stays_so_when_it_is_read_again_until_the_site_comes_there(
    engine: Engine, ask: Ask
) -> None:
    fill(engine, *range(1, 26), 900)
    setting_heads.set_head(engine, key(25), is_applied=True)
    fill(engine, 900)
    with engine.connect() as connection:
        assert ledger.head_of(connection, "armtorg", "news", {900: FIRST}) == 25
    write_batch(engine, [answered(Outcome.FAILED, 900)], None)
    assert ledger.head(engine, "armtorg", "news") == 25
    fill(engine, 26, *range(901, 903))
    fill(engine, 900)
    assert ask("SELECT number FROM pages WHERE external_id = '900'") == [(900,)]


def test_a_head_that_was_set_too_low_is_raised_by_the_same_command(engine: Engine) -> None:
    fill(engine, *range(1, 26))
    setting_heads.set_head(engine, key(20), is_applied=True)
    assert ledger.head(engine, "armtorg", "news") == 20
    setting_heads.set_head(engine, key(25), is_applied=True)
    assert ledger.head(engine, "armtorg", "news") == 25


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (26, "knows no article armtorg/news/26: the newest below it is 25"),
        (SLIP, "stands alone, so the head would be 25"),
    ],
)
def test_what_cannot_be_a_head_is_refused_and_changes_nothing(engine: Engine, ask: Ask, number: int, said: str) -> None:
    fill(engine, *range(1, 26), SLIP, SLIP + 5000)
    with pytest.raises(UsageError, match=said):
        setting_heads.set_head(engine, key(number), is_applied=True)
    assert ask("SELECT count(*) FROM pages WHERE number IS NULL") == [(0,)]
