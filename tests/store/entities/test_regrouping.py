"""Which printed forms are one tag, and what people decide of it."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager, suppress
from datetime import timedelta
from itertools import permutations
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from armcrawl.errors import UsageError
from armcrawl.items import Attribution, Source, Tag
from armcrawl.russian.tags import canonical_tag
from armcrawl.store.articles.removal import remove
from armcrawl.store.articles.writing import write_batch
from armcrawl.store.base.database import open_database
from armcrawl.store.entities import deciding, regrouping
from armcrawl.store.entities.evidence import FEW
from armcrawl.store.entities.grouping import Facts, Group, group
from armcrawl.store.entities.listing import list_entities, review
from armcrawl.store.entities.regrouping import regroup_all
from tests.conftest import FETCHED_AT
from tests.rows import engine_rows
from tests.sqlite import make_sqlite
from tests.store.conftest import key, stored
from tests.thoroughness import examples

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sqlalchemy import Connection, Engine

    from armcrawl.store.entities.deciding import Decided
    from tests.store.conftest import Ask

SITE = "https://armtorg.ru/tags/"
TABLES = ("entities", "entity_forms", "entity_addresses", "abbreviations", "article_tags", "article_sources")
ME = "редактор"

Printed = tuple[str, str | None]


def publish(engine: Engine, *articles: Sequence[Printed]) -> None:
    """Write articles with these printed tags and their addresses, each in a batch of its own."""
    for number, printed in enumerate(articles, 1):
        tags = tuple(Tag(form, address and SITE + address) for form, address in printed)
        write_batch(engine, [stored(number, tags=tags)], None)


def revise(
    engine: Engine,
    number: int,
    printed: Sequence[Printed],
    minute: int = 1,
    named: Sequence[Printed] = (),
    paragraphs: Sequence[str] = (),
) -> None:
    """Write a later version of an article: its tags, and the sources that it names."""
    fields: dict[str, Any] = {
        "title": f"Насосы {minute}",
        "tags": tuple(Tag(form, address and SITE + address) for form, address in printed),
        "paragraphs": ("Новый цех открыт.", *paragraphs),
        "attribution": Attribution("Источники", tuple(Source(name, name, None, address) for name, address in named)),
    }
    at = FETCHED_AT + timedelta(minutes=minute)
    write_batch(engine, [stored(number, fetched_at=at, **fields)], None)


def entity_rows(engine: Engine) -> dict[str, Counter[str]]:
    return {name: rows for name, rows in engine_rows(engine).items() if name in TABLES}


LINKED = """SELECT t.name, f.form FROM article_tags l JOIN entities t ON t.id = l.entity_id
  JOIN entity_forms f ON f.id = l.form_id ORDER BY l.article_id, l.position"""


def test_all_cases_of_a_name_are_one_tag(engine: Engine, ask: Ask) -> None:
    publish(engine, [("Олега Радионова", None)], [("Олегу Радионову", None)], [("Олег Радионов", None)])
    assert {name for name, _ in ask(LINKED)} == {"Олег Радионов"}
    assert ask("SELECT count(*) FROM entity_forms") == [(3,)]
    assert ask("SELECT kind FROM entities") == [("person",)]


def test_the_surest_form_names_the_tag(engine: Engine, ask: Ask) -> None:
    publish(engine, [("Прометрику", "p")], [("Прометрика", "p")])
    assert ask("SELECT name FROM entities") == [("Прометрика",)]


def test_what_links_to_one_address_is_one_tag(engine: Engine, ask: Ask) -> None:
    publish(engine, [("ТПП РФ", "tpp")], [("Торгово-промышленной палатой", "tpp")], [("ТПП РФ", None)])
    assert len({name for name, _ in ask(LINKED)}) == 1


def test_an_address_that_two_tags_of_an_article_share_tells_nothing(engine: Engine, ask: Ask) -> None:
    publish(engine, [("Салют", "all"), ("приводы", "all")], [("Салют", "all")], [("приводы", "all")])
    assert {name for name, _ in ask(LINKED)} == {"Салют", "приводы"}


def test_an_address_that_turns_out_to_be_shared_tells_nothing_any_more(engine: Engine, ask: Ask) -> None:
    publish(engine, [("Салют", "all")], [("завод Салют", "all")])
    assert len({name for name, _ in ask(LINKED)}) == 1
    publish(engine, [("Салют", "all")], [("завод Салют", "all")], [("приводы", "all")])
    assert {name for name, _ in ask(LINKED)} == {"Салют", "завод Салют", "приводы"}


ARTICLES: tuple[Sequence[Printed], ...] = (
    [("Тюмени", "tyumen"), ("насосов", None)],
    [("Тюмень", None), ("насосы", "pumps")],
    [("Тюменью", "tyumen"), ("помпы", "pumps")],
    [("насосами", "all"), ("Тюмень", "all")],
)


@pytest.mark.parametrize("order", list(permutations(range(len(ARTICLES))))[::5])
def test_the_tags_are_the_same_in_whatever_order_articles_come(
    engine: Engine, tmp_path: Path, order: tuple[int, ...]
) -> None:
    other = open_database(f"sqlite:///{tmp_path}/other.db")
    for database, numbers in ((engine, order), (other, range(len(ARTICLES)))):
        for number in numbers:
            tags = tuple(Tag(form, address and SITE + address) for form, address in ARTICLES[number])
            write_batch(database, [stored(number + 1, tags=tags)], None)
    assert entity_rows(engine) == entity_rows(other)
    other.dispose()


FORMS = (
    *("Тюмень", "Тюмени", "труд", "помпы", "Салют", "завод Салют", "«Салют»", "АО «Салют»", "ООО «Салют»"),
    *("ТПП", "Торгово-промышленная палата", "Минпромторг РФ", "Министерство промышленности и торговли России"),
)
SOURCES = ("Труд", "«Салют»", "Минпромторг России", "Торгово-промышленная палата", "salut.example")
EXPLAINED = ("Торгово-промышленная палата (ТПП) собралась.", "Тюменская передовая площадка (ТПП) открыта.")
printed_tags = st.lists(st.tuples(st.sampled_from(FORMS), st.sampled_from([None, "a", "b", "c"])), max_size=4)
sources = st.lists(
    st.tuples(st.sampled_from(SOURCES), st.sampled_from([None, "https://salut.example/", "https://else.example/"])),
    max_size=2,
)
texts = st.lists(st.sampled_from(EXPLAINED), max_size=1)


@given(st.lists(printed_tags, max_size=5))
@settings(max_examples=examples(10), deadline=None)
def test_grouping_as_articles_come_is_grouping_all_at_once(articles: list[list[Printed]]) -> None:
    with TemporaryDirectory() as folder:
        engine = open_database(make_sqlite(Path(folder) / "test.db"))
        publish(engine, *articles)
        before = entity_rows(engine)
        regroup_all(engine)
        assert entity_rows(engine) == before
        engine.dispose()


# Decisions


def test_merged_tags_have_the_first_ones_name(engine: Engine, ask: Ask) -> None:
    publish(engine, [("ТПП РФ", None)], [("Торгово-промышленная палата", None)])
    deciding.merge(engine, "Торгово-промышленная палата", "ТПП РФ", ME)
    assert {name for name, _ in ask(LINKED)} == {"Торгово-промышленная палата"}


def test_a_merge_holds_for_what_comes_later(engine: Engine, ask: Ask) -> None:
    publish(engine, [("насосы", None)], [("помпы", None)])
    deciding.merge(engine, "насосы", "помпы", ME)
    publish(engine, [("помпам", None)], [("насосов", None)])
    assert {name for name, _ in ask(LINKED)} == {"насосы"}


def test_a_form_may_be_a_tag_of_its_own(engine: Engine, ask: Ask) -> None:
    publish(engine, [("Салют", "s")], [("завод Салют", "s")])
    deciding.split(engine, "завод Салют", ME, name="Завод «Салют»")
    assert ask(LINKED) == [("Салют", "Салют"), ("Завод «Салют»", "завод Салют")]


def test_two_persons_of_one_name_are_split_by_article(engine: Engine, ask: Ask) -> None:
    publish(engine, [("Иван Петров", None)], [("Ивана Петрова", None)], [("Иван Петров", None)])
    deciding.split(engine, "Иван Петров", ME, article=str(key(3)))
    assert [name for name, _ in ask(LINKED)] == ["Иван Петров", "Иван Петров", "Иван Петров (2)"]


def test_two_things_of_one_name_are_split_by_address(engine: Engine, ask: Ask) -> None:
    publish(engine, [("Салют", "firm")], [("Салют", "cinema")])
    deciding.split(engine, "Салют", ME, name="Кинотеатр «Салют»", address=f"{SITE}cinema")
    publish(engine, [("Салют", "firm")], [("Салют", "cinema")], [("Салют", "cinema")])
    assert [name for name, _ in ask(LINKED)] == ["Салют", "Кинотеатр «Салют»", "Кинотеатр «Салют»"]


def test_a_split_may_give_a_form_to_another_tag(engine: Engine, ask: Ask) -> None:
    publish(engine, [("Ростове", None)], [("Ростов-на-Дону", None)])
    deciding.split(engine, "Ростове", ME, name="Ростов-на-Дону")
    assert {name for name, _ in ask(LINKED)} == {"Ростов-на-Дону"}


def test_a_renamed_tag_keeps_its_forms(engine: Engine, ask: Ask) -> None:
    publish(engine, [("Прометрику", None)])
    deciding.rename(engine, "Прометрику", "Прометрика", ME)
    assert ask(LINKED) == [("Прометрика", "Прометрику")]
    assert ask("SELECT slug FROM entities") == [("prometrika",)]


@pytest.mark.parametrize("action", ["merge", "split", "rename"])
def test_a_decision_is_taken_back_without_a_trace(engine: Engine, action: str) -> None:
    publish(engine, [("Салют", "s"), ("насосы", None)], [("Салюту", "s")], [("помпы", None)])
    before = entity_rows(engine)
    decide: Callable[[], Decided] = {
        "merge": lambda: deciding.merge(engine, "насосы", "помпы", ME),
        "split": lambda: deciding.split(engine, "Салюту", ME),
        "rename": lambda: deciding.rename(engine, "помпы", "Помпы и насосы", ME),
    }[action]
    number = decide().number
    assert entity_rows(engine) != before
    deciding.undo(engine, number)
    assert entity_rows(engine) == before


def test_a_decision_tells_who_and_what(engine: Engine) -> None:
    publish(engine, [("насосы", None)], [("помпы", None)])
    number = deciding.merge(engine, "насосы", "помпы", ME).number
    [row] = deciding.all_decisions(engine)
    assert (row.number, row.action, row.form, row.other, row.decided_by) == (number, "merge", "насосы", "помпы", ME)


def test_what_nobody_prints_cannot_be_decided(engine: Engine) -> None:
    publish(engine, [("насосы", None)])
    wrong: list[Callable[[], Decided]] = [
        lambda: deciding.merge(engine, "насосы", "фильтры", ME),
        lambda: deciding.merge(engine, "насосы", "насос", ME),
        lambda: deciding.split(engine, "фильтры", ME),
        lambda: deciding.split(engine, "насосы", ME, article=str(key(7))),
        lambda: deciding.rename(engine, "фильтры", "Фильтры", ME),
        lambda: deciding.rename(engine, "насосы", "«»", ME),
        lambda: deciding.undo(engine, 17),
    ]
    for decide in wrong:
        with pytest.raises(UsageError):
            decide()
    assert deciding.all_decisions(engine) == []


def test_doubtful_forms_are_listed_until_somebody_decides(engine: Engine) -> None:
    publish(engine, [("муфты", None)], [("Олег Радионов", None), ("муфты", None)])
    [row] = review(engine, 0).forms
    assert (row.form, row.articles, row.examples) == ("муфты", 2, (str(key(2)), str(key(1))))
    deciding.rename(engine, "муфты", "задвижки", ME)
    assert review(engine, 0).forms == []


def test_a_takedown_leaves_no_form_that_only_that_page_printed(engine: Engine, ask: Ask) -> None:
    publish(engine, [("Ивана Петрова", "p"), ("насосы", None)], [("насосов", None)])
    remove(engine, key(1), "по просьбе")
    assert ask("SELECT form FROM entity_forms") == [("насосов",)]
    assert ask("SELECT name FROM entities") == [("насосы",)]
    assert ask("SELECT count(*) FROM entity_addresses") == [(0,)]


def test_regrouping_changes_nothing_that_is_right(engine: Engine) -> None:
    publish(engine, *ARTICLES)
    before = entity_rows(engine)
    regroup_all(engine)
    assert entity_rows(engine) == before


def test_an_address_that_an_article_takes_back_tells_nothing_any_more(engine: Engine, ask: Ask) -> None:
    publish(engine, [("Салют", "x")], [("завод Салют", "x")])
    assert len({name for name, _ in ask(LINKED)}) == 1
    revise(engine, 1, [("Салют", "y")])
    assert {name for name, _ in ask(LINKED)} == {"Салют", "завод Салют"}


def test_an_address_counts_once_unrelated_names_link_there_no_more(engine: Engine, ask: Ask) -> None:
    publish(engine, [("Салют", "x"), ("помпы", "x")], [("завод Салют", "x")])
    assert len({name for name, _ in ask(LINKED)}) == 3
    revise(engine, 1, [("Салют", "x"), ("помпы", "p")])
    assert len({name for name, _ in ask(LINKED)}) == 2


def test_an_address_of_many_forms_counts_once_the_unrelated_one_links_there_no_more(engine: Engine, ask: Ask) -> None:
    forms = [(f"Салют{'+' * number}", "x") for number in range(FEW + 2)]
    publish(engine, forms, [("помпы", "x")])
    assert len({name for name, _ in ask(LINKED)}) == FEW + 3
    revise(engine, 2, [("помпы", "p")])
    assert {name for name, _ in ask(LINKED)} == {"Салют", "помпы"}


def test_what_leaves_an_address_of_many_unrelated_forms_leaves_it_no_evidence(engine: Engine, ask: Ask) -> None:
    names = [f"{noun} {number}" for number in range(FEW) for noun in ("Насос", "Клапан")]
    publish(engine, [(name, "x") for name in names], [("Салют", "x")], [("завод Салют", "x")])
    revise(engine, 1, [(name, "x") for name in names[2:]])
    assert {"Салют", "завод Салют"} < {name for name, _ in ask(LINKED)}


def test_a_name_that_a_person_types_is_one_line(engine: Engine) -> None:
    publish(engine, [("Салют", None)])
    assert deciding.rename(engine, "Салют", "  Кинотеатр \n «Салют» ", ME).after[0].name == "Кинотеатр «Салют»"


def test_a_form_that_was_split_off_leaves_what_was_decided_of_its_tag(engine: Engine, ask: Ask) -> None:
    publish(engine, [("Салют", "s")], [("завод Салют", "s")], [("Привод", None)])
    deciding.rename(engine, "завод Салют", "НПО «Салют»", ME)
    deciding.merge(engine, "завод Салют", "Привод", ME)
    deciding.split(engine, "Салют", ME, name="Кинотеатр «Салют»")
    assert [name for name, _ in ask(LINKED)] == ["Кинотеатр «Салют»", "НПО «Салют»", "НПО «Салют»"]


def test_what_is_decided_of_a_form_after_it_was_split_off_is_about_the_new_tag(engine: Engine, ask: Ask) -> None:
    publish(engine, [("Салют", "s")], [("завод Салют", "s")])
    deciding.split(engine, "Салют", ME, name="Кинотеатр")
    deciding.rename(engine, "Салют", "Кинотеатр «Салют»", ME)
    assert [name for name, _ in ask(LINKED)] == ["Кинотеатр «Салют»", "завод Салют"]


def test_a_decision_about_the_printed_form_that_a_person_typed_ends_its_review(engine: Engine) -> None:
    publish(engine, [("муфты", "m")], [("Муфта", "m")])
    deciding.rename(engine, "муфты", "муфты", ME)
    assert "муфты" not in {row.form for row in review(engine, 0).forms}


def test_a_decision_ends_the_review_of_no_other_form(engine: Engine) -> None:
    publish(engine, [("муфты", None), ("двери", None)])
    deciding.rename(engine, "муфты", "муфты", ME)
    assert [row.form for row in review(engine, 0).forms] == ["двери"]


def test_a_tag_is_found_by_the_name_that_a_person_gave_it(engine: Engine) -> None:
    publish(engine, [("Прометрику", None)])
    deciding.rename(engine, "Прометрику", "Акме", ME)
    assert [row.name for row in list_entities(engine, "Акм", None, 0)] == ["Акме"]


def test_a_takedown_takes_the_decisions_about_that_article(engine: Engine) -> None:
    publish(engine, [("Иван Петров", None)], [("Иван Петров", None)])
    deciding.split(engine, "Иван Петров", ME, article=str(key(2)))
    remove(engine, key(2), "по просьбе")
    assert deciding.all_decisions(engine) == []


@contextmanager
def written(engine: Engine) -> Iterator[list[int]]:
    """Yield how many rows of `article_tags` each statement changes that is no insertion."""
    rows = list[int]()

    def count(connection: Connection, cursor: Any, sql: str, *told: object) -> None:
        del connection, told
        if sql.startswith("UPDATE article_tags"):
            rows.append(cursor.rowcount)

    event.listen(engine, "after_cursor_execute", count)
    yield rows
    event.remove(engine, "after_cursor_execute", count)


@contextmanager
def grouped() -> Iterator[list[int]]:
    """Yield how many forms are grouped at a time."""
    numbers = list[int]()

    def counting(facts: Facts) -> list[Group]:
        numbers.append(len(facts.forms))
        return group(facts)

    with patch.object(regrouping, "group", counting):
        yield numbers


@pytest.mark.parametrize("address", [None, f"{SITE}cinema"])
def test_an_article_with_a_form_that_was_split_off_writes_no_row_of_another_article(
    engine: Engine, ask: Ask, address: str | None
) -> None:
    publish(engine, *[[("Салют", "cinema")]] * 20)
    deciding.split(engine, "Салют", ME, name="Кинотеатр", address=address)
    with written(engine) as rows:
        write_batch(engine, [stored(21, tags=(Tag("Салют", f"{SITE}cinema"),))], None)
    assert sum(rows) <= 1
    assert ask(LINKED) == [("Кинотеатр", "Салют")] * 21


def test_where_the_tag_that_a_use_was_given_to_becomes_one_with_another_that_use_goes_with_it(
    engine: Engine, ask: Ask
) -> None:
    publish(engine, [("Салют", "s")], [("Салют", "s")])
    deciding.split(engine, "Салют", ME, name="Кинотеатр", article=str(key(1)))
    for number, form in ((3, "Кинотеатр"), (4, "«Кинотеатр»")):
        write_batch(engine, [stored(number, tags=(Tag(form, f"{SITE}k"),))], None)
    deciding.merge(engine, "Кинотеатр", "Салют", ME)
    deciding.undo(engine, 2)
    given, kept, *joined = [name for name, _ in ask(LINKED)]
    assert (kept, joined) == ("Салют", [given, given])


def test_a_split_of_one_use_writes_that_use_only(engine: Engine) -> None:
    publish(engine, *[[("Иван Петров", None)]] * 20)
    with written(engine) as rows:
        number = deciding.split(engine, "Иван Петров", ME, article=str(key(3))).number
        deciding.undo(engine, number)
    assert rows == [1, 1]


@pytest.mark.parametrize("action", ["merge", "split", "rename", "undo", "remove"])
def test_what_is_decided_of_some_tags_groups_no_form_of_others(engine: Engine, action: str) -> None:
    publish(engine, [("насосы", None)], [("помпы", None)], *[[(f"Завод {number}", None)] for number in range(20)])
    decide: dict[str, Callable[[], object]] = {
        "merge": lambda: deciding.merge(engine, "насосы", "помпы", ME),
        "split": lambda: deciding.split(engine, "помпы", ME, name="Помпы"),
        "rename": lambda: deciding.rename(engine, "помпы", "Помпы", ME),
        "undo": lambda: deciding.undo(engine, 1),
        "remove": lambda: remove(engine, key(1), "по просьбе"),
    }
    if action == "undo":
        deciding.merge(engine, "насосы", "помпы", ME)
    with grouped() as numbers:
        decide[action]()
    assert max(numbers, default=0) <= 3


def test_a_takedown_leaves_no_tag_that_only_that_page_had(engine: Engine, ask: Ask) -> None:
    publish(engine, [("Иван Петров", None)], [("насосы", None)])
    deciding.split(engine, "Иван Петров", ME, article=str(key(1)))
    remove(engine, key(1), "по просьбе")
    assert ask("SELECT name FROM entities") == [("насосы",)]


def test_what_comes_of_a_form_does_not_rename_a_tag_that_another_form_was_given_to(engine: Engine, ask: Ask) -> None:
    publish(engine, [("Салют", "a")], [("Заря", None)])
    deciding.split(engine, "Заря", ME, name="Кинотеатр")
    deciding.rename(engine, "Заря", "Кинотеатр «Заря»", ME)
    deciding.split(engine, "Салют", ME, name="Кинотеатр", address=f"{SITE}a")
    write_batch(engine, [stored(3, tags=(Tag("Салют", f"{SITE}a"),))], None)
    assert {name for name, _ in ask(LINKED)} == {"Кинотеатр «Заря»"}


forms = st.sampled_from((*FORMS, *SOURCES))
steps = st.lists(
    st.one_of(
        st.tuples(st.just("publish"), st.integers(1, 4), printed_tags, sources, texts),
        st.tuples(st.just("merge"), forms, forms),
        st.tuples(st.just("rename"), forms, st.sampled_from(["Труд", "Иное"])),
        st.tuples(st.just("kind"), forms, st.sampled_from([None, "place"])),
        st.tuples(
            st.just("split"),
            forms,
            st.sampled_from([None, "Тюмень", "Иное"]),
            st.sampled_from([None, 1, 2]),
            st.sampled_from(["tag", "source"]),
        ),
        st.tuples(st.just("undo"), st.integers(1, 4)),
        st.tuples(st.just("remove"), st.integers(1, 4)),
    ),
    max_size=9,
)


def take(engine: Engine, step: tuple[object, ...], number: int) -> None:
    match step:
        case ("publish", int() as article, list() as printed, list() as named, list() as paragraphs):
            revise(engine, article, printed, number, named, paragraphs)
        case ("merge", str() as one, str() as other):
            deciding.merge(engine, one, other, ME)
        case ("rename", str() as one, str() as name):
            deciding.rename(engine, one, name, ME)
        case ("kind", str() as one, str() | None as kind):
            deciding.set_kind(engine, one, kind, ME)
        case ("split", str() as form, str() | None as name, article, str() as used_as):
            where = str(key(article)) if isinstance(article, int) else None
            deciding.split(engine, form, ME, name, article=where, used_as=used_as)
        case ("undo", int() as decision):
            deciding.undo(engine, decision)
        case ("remove", int() as article):
            remove(engine, key(article), "по просьбе")


@given(steps)
@settings(max_examples=examples(15), deadline=None)
def test_whatever_is_published_revised_and_decided_is_as_if_all_were_grouped_at_once(
    taken: list[tuple[object, ...]],
) -> None:
    with TemporaryDirectory() as folder:
        engine = open_database(make_sqlite(Path(folder) / "test.db"))
        printed: dict[int, int] = {}
        removed = set[int]()
        for number, step in enumerate(taken):
            with suppress(UsageError):
                take(engine, step, number)
            match step:
                case ("remove", int() as article) if article in printed:
                    printed[article] = 0
                    removed.add(article)
                case ("publish", int() as article, list() as tags, _, _) if article not in removed:
                    printed[article] = len({canonical_tag(form).key for form, _ in tags})
        before = entity_rows(engine)
        assert sum(before.get("article_tags", Counter()).values()) == sum(printed.values())
        regroup_all(engine)
        assert entity_rows(engine) == before
        engine.dispose()
