"""An article is linked with its tags, sources, pictures and addresses, as its newest version has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from armcrawl.items import Attribution, Image, Link, Tag
from armcrawl.russian.attribution import read_attribution
from armcrawl.store.articles.writing import write_batch
from tests.conftest import attributed
from tests.store.conftest import LATER, NEW_TEXT, stored, write

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from tests.store.conftest import Ask


# What is linked


def test_tags_are_linked_in_the_order_of_the_page(engine: Engine, ask: Ask) -> None:
    write(engine, stored())
    sql = """SELECT position, t.name, t.key, t.slug, f.form, at.address
             FROM article_tags at JOIN entities t ON t.id = at.entity_id JOIN entity_forms f ON f.id = at.form_id
             ORDER BY position"""
    assert ask(sql) == [
        (0, "Салют", "салют", "saliut", "Салют", "https://armtorg.ru/tags/1"),
        (1, "приводы", "приводы", "privody", "приводы", "https://armtorg.ru/tags/2"),
    ]


def test_two_spellings_in_one_batch_are_one_tag_with_two_forms(engine: Engine, ask: Ask) -> None:
    write_batch(engine, [stored(1, tags=(Tag("С-400"),)), stored(2, tags=(Tag("C-400"),))], None)
    assert ask("SELECT count(*) FROM entities") == [(1,)]
    assert ask("SELECT form FROM entity_forms ORDER BY form") == [("C-400",), ("С-400",)]
    assert ask("SELECT form FROM v_article_tags ORDER BY key") == [("С-400",), ("C-400",)]


def test_two_spellings_in_two_batches_are_one_tag(engine: Engine, ask: Ask) -> None:
    write(engine, stored(1, tags=(Tag("Салют"),)), stored(2, tags=(Tag("САЛЮТ"),)))
    assert ask("SELECT name FROM entities") == [("Салют",)]
    assert ask("SELECT count(DISTINCT entity_id), count(*) FROM article_tags") == [(1, 2)]


def test_a_source_is_one_in_all_cases_and_with_what_it_is(engine: Engine, ask: Ask) -> None:
    lines = ("По материалам портала «Энергетика»", "Источник: портал «Энергетика»", "Ссылка на источник «Энергетика»")
    attributions = [read_attribution(line) for line in lines]
    write(engine, *(stored(number, attribution=line) for number, line in enumerate(attributions, 1)))
    assert ask("SELECT count(*) FROM v_sources") == [(1,)]
    assert ask("SELECT kind FROM article_sources ORDER BY article_id") == [("web site",), ("web site",), (None,)]


def test_all_sources_of_a_line_are_kept_in_their_order(engine: Engine, ask: Ask) -> None:
    write(engine, stored(attribution=read_attribution("По материалам Минэнерго России и ПАО «Газпром»")))
    sql = "SELECT position, source, source_kind FROM v_article_sources ORDER BY 1"
    assert ask(sql) == [(0, "Минэнерго России", "ministry"), (1, "ПАО «Газпром»", None)]


def test_a_source_is_linked_with_its_printed_form(engine: Engine, ask: Ask) -> None:
    write(engine, stored(attribution=attributed("Источник: ТАСС", "ТАСС", "https://tass.ru/")))
    sql = "SELECT name, entity_key, position, form, address FROM v_entity_mentions WHERE used_as = 'source'"
    assert ask(sql) == [("ТАСС", "тасс", 0, "ТАСС", "https://tass.ru/")]


def test_two_spellings_of_a_source_are_one_source(engine: Engine, ask: Ask) -> None:
    attributions = [attributed(f"Источник: {name}", name) for name in ("АО «Салют»", 'АО "Салют"')]
    write(engine, *(stored(number, attribution=line) for number, line in enumerate(attributions, 1)))
    assert ask("SELECT count(*) FROM v_sources") == [(1,)]
    assert ask("SELECT form FROM v_article_sources ORDER BY key") == [("АО «Салют»",), ('АО "Салют"',)]


def test_an_attribution_to_the_house_names_no_source(engine: Engine, ask: Ask) -> None:
    write(engine, stored(attribution=Attribution("Пресс-служба МЦ Armtorg")))
    assert ask("SELECT attribution FROM article_versions") == [("Пресс-служба МЦ Armtorg",)]
    assert ask("SELECT count(*) FROM v_sources") == [(0,)]


def test_pictures_and_links_stay_in_their_order(engine: Engine, ask: Ask) -> None:
    page = stored(
        images=(Image("https://armtorg.ru/2.jpg", "Цех"), Image("https://armtorg.ru/1.jpg")),
        links=(Link("https://salut.example/", "сайте"), Link("https://armtorg.ru/news/5", "ранее")),
    )
    write(engine, page)
    assert ask("SELECT position, address, caption FROM images ORDER BY position") == [
        (0, "https://armtorg.ru/2.jpg", "Цех"),
        (1, "https://armtorg.ru/1.jpg", None),
    ]
    assert ask("SELECT position, address, text FROM article_links ORDER BY position") == [
        (0, "https://salut.example/", "сайте"),
        (1, "https://armtorg.ru/news/5", "ранее"),
    ]


# Changes


def test_unchanged_content_keeps_its_links(engine: Engine, ask: Ask) -> None:
    write(engine, stored(), stored(fetched_at=LATER))
    assert ask("SELECT position, form FROM v_article_tags ORDER BY position") == [(0, "Салют"), (1, "приводы")]


def test_changed_content_replaces_every_kind_of_link(engine: Engine, ask: Ask) -> None:
    old = stored(
        tags=(Tag("Салют"), Tag("приводы"), Tag("цех")),
        attribution=attributed("Источник: ТАСС", "ТАСС"),
        images=(Image("https://armtorg.ru/1.jpg", "Цех"), Image("https://armtorg.ru/2.jpg")),
        links=(Link("https://salut.example/", "сайте"), Link("https://tass.ru/", "ТАСС")),
    )
    new = stored(
        paragraphs=NEW_TEXT,
        tags=(Tag("задвижки"),),
        attribution=attributed("Источник: Интерфакс", "Интерфакс"),
        images=(Image("https://armtorg.ru/3.jpg"),),
        links=(Link("https://interfax.ru/", "Интерфакс"),),
    )
    write(engine, old, new)
    assert ask("SELECT position, form FROM v_article_tags") == [(0, "задвижки")]
    assert ask("SELECT position, form FROM v_article_sources") == [(0, "Интерфакс")]
    assert ask("SELECT position, address, caption FROM images") == [(0, "https://armtorg.ru/3.jpg", None)]
    assert ask("SELECT position, address, text FROM article_links") == [(0, "https://interfax.ru/", "Интерфакс")]


def test_links_that_a_new_version_lacks_are_taken_away(engine: Engine, ask: Ask) -> None:
    write(engine, stored(attribution=attributed("Источник: ТАСС", "ТАСС")), stored(tags=()))
    assert ask("SELECT count(*) FROM article_tags") == [(0,)]
    assert ask("SELECT count(*) FROM article_sources") == [(0,)]
