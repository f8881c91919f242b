"""What is noted of the pages that were read last, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from armcrawl.items import Attribution, Evidence, Image, Outcome, Source
from armcrawl.store.articles.writing import write_batch
from armcrawl.store.base.database import open_database, reading
from armcrawl.store.runs import page_observations, run_record
from armcrawl.store.runs.page_observations import observation_of, observe
from tests.conftest import FETCHED_AT
from tests.store.conftest import answered, key, stored

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Engine

    from armcrawl.checks import Observation
    from armcrawl.items import Page

WHOLE: dict[str, Any] = {
    "title": "Муромский завод испытал шаровой кран",
    "lead": "Кран выдержал двойное давление.",
    "author": "Анна Седова",
    "attribution": Attribution(
        "Источник: Вестник арматурщика", (Source("Вестник арматурщика", "Вестник арматурщика"),)
    ),
    "images": (Image("https://armtorg.ru/kran.jpg", "Кран на стенде"),),
    "evidence": {"title": Evidence("h1", "json-ld", agrees=True), "body": Evidence("lines", left_out=40)},
    "notes": ("body/cut",),
}
NOISE = "РњСѓСЂРѕРјСЃРєРёР№ Р·Р°РІРѕРґ"


@pytest.fixture
def run_id(engine: Engine) -> int:
    return run_record.begin_run(engine, "armtorg", "crawl", {})


def told_to_another_process(engine: Engine, run_id: int) -> list[Observation]:
    other = open_database(engine.url.render_as_string(hide_password=False))
    with reading(other) as connection:
        told = observe(connection, "armtorg", 10, run_id)
    other.dispose()
    return told


def noted(engine: Engine, run_id: int, pages: list[Page]) -> list[Observation]:
    with reading(engine) as connection:
        return observe(connection, "armtorg", 10, run_id, at_hand=pages)


@pytest.mark.parametrize("change", [lambda page: page, lambda page: replace(page, fetched_at=FETCHED_AT)])
def test_what_is_noted_of_pages_at_hand_is_what_the_database_tells_of_them(
    engine: Engine, run_id: int, change: Callable[[Page], Page]
) -> None:
    edited = stored(3, title="Иная новость", fetched_at=FETCHED_AT + timedelta(hours=1))
    pages = [change(page) for page in (stored(1, **WHOLE), stored(2), stored(3), edited, answered(Outcome.MISSING, 4))]
    write_batch(engine, pages, run_id, is_judged=True)
    at_hand = noted(engine, run_id, pages)
    assert len(at_hand) > 2
    assert at_hand == told_to_another_process(engine, run_id)


def test_articles_at_hand_are_not_read_from_the_database_again(
    engine: Engine, run_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = [stored(1), stored(2)]
    write_batch(engine, pages, run_id, is_judged=True)
    monkeypatch.delattr(page_observations, "article_of")
    assert [one.kind for one in noted(engine, run_id, pages)] == ["stored", "stored"]


def test_of_a_look_that_showed_nothing_new_the_stored_version_is_noted(engine: Engine, run_id: int) -> None:
    first = stored(1, evidence={"title": Evidence("h1")})
    write_batch(engine, [first], run_id, is_judged=True)
    again = stored(1, evidence={"title": Evidence("og:title")}, fetched_at=FETCHED_AT + timedelta(hours=1))
    write_batch(engine, [again], run_id, is_judged=True)
    assert {one.methods["title"] for one in noted(engine, run_id, [again])} == {"h1"}


@pytest.mark.parametrize(
    ("text", "is_readable"),
    [("Завод освоил выпуск кранов", True), (NOISE, False), ("ЗАВОД ОСВОИЛ КРАНЫ", False), ("鋼製バルブ 鋼製", False)],
)
def test_a_text_is_readable_if_most_of_its_signs_are_small_letters(text: str, *, is_readable: bool) -> None:
    article = stored(1, paragraphs=(text,)).article
    assert article is not None
    assert observation_of(key(1), article, FETCHED_AT.date()).is_readable is is_readable
