"""A page that cannot be understood waits in quarantine until it is understood."""

from __future__ import annotations

import zlib
from dataclasses import replace
from typing import TYPE_CHECKING

from armcrawl.store.articles.removal import remove
from tests.store.conftest import LATER, key, quarantined, stored, write

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from tests.store.conftest import Ask


def test_a_page_in_quarantine_keeps_stage_reason_and_bytes(engine: Engine, ask: Ask) -> None:
    write(engine, quarantined())
    ((stage, reason, body, content_type, resolved_at),) = ask(
        "SELECT stage, reason, body, content_type, resolved_at FROM quarantine"
    )
    assert (stage, reason, content_type, resolved_at) == (
        "validate",
        "date: wrong weekday",
        "text/html; charset=windows-1251",
        None,
    )
    assert zlib.decompress(body) == b"<html>" * 100


def test_what_is_in_quarantine_is_no_article(engine: Engine, ask: Ask) -> None:
    write(engine, quarantined())
    assert ask("SELECT count(*) FROM articles") == [(0,)]


def test_an_article_whose_new_state_is_in_quarantine_stays_published(engine: Engine, ask: Ask) -> None:
    write(engine, stored(), quarantined())
    assert ask("SELECT published_version FROM articles") == [(1,)]


def test_a_page_that_is_quarantined_again_is_one_row_with_the_new_reason(engine: Engine, ask: Ask) -> None:
    write(engine, quarantined("no title"), quarantined("date: before 1990", LATER))
    assert ask("SELECT reason, created_at FROM quarantine") == [("date: before 1990", "2026-11-24 07:00:00.000000")]


def test_a_page_that_is_understood_leaves_quarantine(engine: Engine, ask: Ask) -> None:
    write(engine, quarantined(), stored(fetched_at=LATER))
    assert ask("SELECT resolved_at FROM quarantine") == [("2026-11-24 07:00:00.000000",)]


def test_another_page_that_is_stored_resolves_nothing(engine: Engine, ask: Ask) -> None:
    write(engine, quarantined(), stored(9912))
    assert ask("SELECT resolved_at FROM quarantine") == [(None,)]


def test_a_page_that_is_not_understood_after_all_is_in_quarantine_again(engine: Engine, ask: Ask) -> None:
    write(engine, quarantined(), stored(), quarantined())
    assert ask("SELECT resolved_at FROM quarantine") == [(None,)]


def test_a_removed_page_leaves_its_body_to_a_page_with_the_same_bytes(engine: Engine, ask: Ask) -> None:
    twins = [replace(quarantined(), key=key(number), digest="same") for number in (1, 2)]
    write(engine, *twins)
    remove(engine, key(1), "по просьбе")
    ((body,),) = ask("SELECT body FROM quarantine")
    assert zlib.decompress(body) == twins[1].body
