"""What makes two names one entity, and what does not."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import permutations
from typing import TYPE_CHECKING

import pytest

from armcrawl.errors import UsageError
from armcrawl.items import Attribution, Source, Tag
from armcrawl.store.articles.removal import remove
from armcrawl.store.articles.writing import write_batch
from armcrawl.store.base.database import open_database
from armcrawl.store.entities import deciding
from armcrawl.store.entities.listing import review, show_entity
from armcrawl.store.entities.regrouping import regroup_all
from tests.store.conftest import key, stored

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Engine

SITE = "https://armtorg.ru/tags/"
ME = "редактор"


def tagged(engine: Engine, *printed: str, paragraphs: Sequence[str] = ()) -> None:
    """Write an article for each tag, with the same text."""
    pages = [stored(n, tags=(Tag(tag),), paragraphs=("Цех открыт.", *paragraphs)) for n, tag in enumerate(printed, 1)]
    write_batch(engine, pages, None)


def sourced(engine: Engine, *named: tuple[str, str | None], start: int = 100) -> None:
    """Write an article for each source, with the address that its attribution links to."""
    for number, (name, address) in enumerate(named, start):
        attribution = Attribution(f"Источник: {name}", (Source(name, name, None, address),))
        write_batch(engine, [stored(number, tags=(), attribution=attribution)], None)


def are_one(engine: Engine, *names: str) -> bool:
    """Tell whether all names are forms of one entity."""
    found = {show_entity(engine, name)[0].key for name in names}
    return len(found) == 1


ONE = [
    ("«Криоклапан»", "АО «Криоклапан»"),
    ("АО «Криоклапан»", "Акционерное общество «Криоклапан»"),
    ("НПО «Криоклапан»", "«Криоклапан»"),
    ("Криоклапаном", "НПО «Криоклапан»"),
    ("Затвормаш", "холдинг «Затвормаш»"),
    ("Минпромторг РФ", "Минпромторг России"),
    ("Минпромторг России", "Министерство промышленности и торговли РФ"),
    ("Росстандарт", "Федеральное агентство по техническому регулированию и метрологии"),
    ("ТК 259", "Технический комитет 259"),
]
SEVERAL = [
    ("АО «Криоклапан»", "ООО «Криоклапан»"),
    ("НПО «Криоклапан»", "АО «Криоклапан»"),
    ("Криоклапан", "Криоклапаны-сервис"),
    ("Минэнерго России", "Минэнерго Казахстана"),
    ("Министерство энергетики", "Министерство энергетики РФ"),
    ("арматура", "ООО «Арматура»"),
    ("Арматура", "ООО «Арматура»"),
    ("Затвормаш", "клуб «Затвормаш»"),
    ("Тюмень", "ООО «Тюмень»"),
    ("Росстандарт", "ООО «Росстандарт»"),
    ("Кинотеатр «Салют»", "«Салют»"),
    ("Электросила", "Электросталь"),
    ("ТК 259", "ТК 23"),
]


@pytest.mark.parametrize("names", ONE, ids=" = ".join)
def test_names_are_one_by_evidence(engine: Engine, names: tuple[str, str]) -> None:
    tagged(engine, *names)
    assert are_one(engine, *names)


@pytest.mark.parametrize("names", SEVERAL, ids=" ≠ ".join)
def test_names_without_evidence_stay_apart(engine: Engine, names: tuple[str, str]) -> None:
    tagged(engine, *names)
    assert not are_one(engine, *names)


def test_a_name_that_two_firms_have_stays_alone_and_is_listed(engine: Engine) -> None:
    tagged(engine, "«Салют»", "АО «Салют»")
    assert are_one(engine, "«Салют»", "АО «Салют»")
    tagged(engine, "«Салют»", "АО «Салют»", "ООО «Салют»")
    keys = {show_entity(engine, name)[0].key for name in ("«Салют»", "АО «Салют»", "ООО «Салют»")}
    assert len(keys) == 3
    [found] = review(engine, 0).names
    assert (found.name, found.meanings) == ("«Салют»", ("АО «Салют»", "ООО «Салют»"))


@pytest.mark.parametrize("order", list(permutations(("Затвормаш", "АО «Затвормаш»", "ООО «Затвормаш»"))))
def test_a_firm_s_name_without_quotes_is_none_of_two_in_whatever_order_they_come(
    engine: Engine, order: Sequence[str]
) -> None:
    for number, name in enumerate(order, 1):
        write_batch(engine, [stored(number, tags=(Tag(name),))], None)
    assert len({show_entity(engine, name)[0].key for name in order}) == 3
    [found] = review(engine, 0).names
    assert (found.name, found.meanings) == ("Затвормаш", ("АО «Затвормаш»", "ООО «Затвормаш»"))
    remove(engine, key(1 + order.index("ООО «Затвормаш»")), "по просьбе")
    assert are_one(engine, "Затвормаш", "АО «Затвормаш»")
    assert review(engine, 0).names == []


def test_a_firm_and_its_source_with_a_legal_form_are_one_until_a_person_says_otherwise(engine: Engine) -> None:
    tagged(engine, "Затвормаш")
    sourced(engine, ("АО «Затвормаш»", None))
    row = show_entity(engine, "Затвормаш")[0]
    assert (row.articles, row.as_tag, row.as_source) == (2, 1, 1)
    number = deciding.split(engine, "Затвормаш", ME, "Затвормаш (выставка)").number
    assert not are_one(engine, "Затвормаш (выставка)", "АО «Затвормаш»")
    regroup_all(engine)
    assert not are_one(engine, "Затвормаш (выставка)", "АО «Затвормаш»")
    deciding.undo(engine, number)
    assert are_one(engine, "Затвормаш", "АО «Затвормаш»")


@pytest.mark.parametrize("other", ["завод «Прометрика»", "АО «Прометрика»"])
def test_a_name_that_may_be_a_firm_s_in_short_is_listed_until_it_is_decided(engine: Engine, other: str) -> None:
    tagged(engine, "Прометрика", "Прометрику", other)
    assert [(found.name, found.meanings) for found in review(engine, 0).names] == [("Прометрика", (other,))]
    number = deciding.merge(engine, "Прометрика", other, ME).number
    assert review(engine, 0).names == []
    deciding.undo(engine, number)
    deciding.rename(engine, "Прометрика", "Прометрика", ME)
    assert review(engine, 0).names == []


EXPLAINED = "Об этом сообщили в Торгово-промышленной палате (ТПП) на форуме."


def test_an_abbreviation_is_what_a_text_says(engine: Engine) -> None:
    tagged(engine, "ТПП", "Торгово-промышленная палата")
    assert not are_one(engine, "ТПП", "Торгово-промышленная палата")
    tagged(engine, "ТПП", "Торгово-промышленная палата", "насосы", paragraphs=[EXPLAINED])
    assert are_one(engine, "ТПП", "Торгово-промышленная палата")
    assert "A text that explains the abbreviation" in str(show_entity(engine, "ТПП")[2])


def test_an_abbreviation_of_two_names_is_none_of_them_and_is_listed(engine: Engine) -> None:
    other = "На форуме открыли Тюменскую промышленную площадку (ТПП)."
    tagged(engine, "ТПП", "Торгово-промышленная палата", paragraphs=[EXPLAINED, other])
    assert not are_one(engine, "ТПП", "Торгово-промышленная палата")
    assert [found.name for found in review(engine, 0).abbreviations] == ["тпп"]


def test_a_text_makes_nothing_else_of_an_abbreviation_of_the_table_of_bodies(engine: Engine) -> None:
    explained = "Так решил Федеральный арбитражный суд (ФАС)."
    tagged(engine, "ФАС России", "ФАС", "Федеральный арбитражный суд", paragraphs=[explained])
    assert are_one(engine, "ФАС", "ФАС России")
    assert not are_one(engine, "ФАС", "Федеральный арбитражный суд")


def test_a_source_and_a_tag_of_one_name_are_one(engine: Engine) -> None:
    tagged(engine, "Минпромторг России")
    sourced(engine, ("Минпромторг РФ", None))
    row, forms, _ = show_entity(engine, "Минпромторг РФ")
    assert (row.articles, row.as_tag, row.as_source) == (2, 1, 1)
    assert [form.used_as for form in forms] == ["source", "tag"]


def test_a_newspaper_is_not_the_thing_that_it_is_called_by(engine: Engine) -> None:
    sourced(engine, ("Труд", None))
    assert show_entity(engine, "труд")[0].as_source == 1
    tagged(engine, "труд")
    assert show_entity(engine, "труд")[0].as_source == 0
    assert show_entity(engine, '"труд"')[0].as_source == 1


def test_a_site_is_who_links_to_its_home_page(engine: Engine) -> None:
    sourced(engine, ("Вестник отрасли", "https://vestnik.example/"), ("vestnik.example", "https://vestnik.example/"))
    assert are_one(engine, "Вестник отрасли", "vestnik.example")


def test_who_is_named_beside_an_article_of_a_site_is_not_that_site(engine: Engine) -> None:
    sourced(engine, ("Вестник отрасли", "https://vestnik.example/a"), ("vestnik.example", "https://vestnik.example/a"))
    assert not are_one(engine, "Вестник отрасли", "vestnik.example")


def test_tags_by_position_merge_nothing_and_are_listed(engine: Engine) -> None:
    names = [f"{noun} {number}" for number in range(8) for noun in ("Насос", "Клапан", "Завод")]
    for number in range(0, 24, 3):
        tags = tuple(
            Tag(name, f"https://armtorg.ru/news/tags/{at}/") for at, name in enumerate(names[number : number + 3])
        )
        write_batch(engine, [stored(number + 1, tags=tags)], None)
    assert len({show_entity(engine, name)[0].key for name in names}) == 24
    listed = [(found.address, found.forms) for found in review(engine, 0).addresses]
    assert listed == [(f"https://armtorg.ru/news/tags/{at}/", 8) for at in range(3)]


def test_an_address_of_more_names_than_anything_has_is_no_evidence(engine: Engine) -> None:
    names = [f"Салют{'+' * number}" for number in range(300)]
    write_batch(engine, [stored(1, tags=tuple(Tag(name, f"{SITE}15") for name in names))], None)
    assert not are_one(engine, *names[:2])
    assert [(found.address, found.forms) for found in review(engine, 0).addresses] == [(f"{SITE}15", 300)]


def test_one_address_of_two_homonyms_is_no_evidence(engine: Engine) -> None:
    for number, name in enumerate(("АО «Салют»", "ООО «Салют»", "Кинотеатр «Салют»"), 1):
        write_batch(engine, [stored(number, tags=(Tag(name, f"{SITE}15"),))], None)
    assert len({show_entity(engine, name)[0].key for name in ("АО «Салют»", "ООО «Салют»", "Кинотеатр «Салют»")}) == 3
    assert [found.address for found in review(engine, 0).addresses] == [f"{SITE}15"]


def test_the_kind_is_what_all_forms_agree_on_and_what_a_person_says(engine: Engine) -> None:
    tagged(engine, "Минпромторг РФ", "Тюмень")
    assert show_entity(engine, "Минпромторг РФ")[0].kind == "organisation"
    number = deciding.set_kind(engine, "Тюмень", "organisation", ME).number
    assert show_entity(engine, "Тюмень")[0].kind == "organisation"
    deciding.set_kind(engine, "Тюмени", None, ME)
    assert show_entity(engine, "Тюмень")[0].kind is None
    deciding.undo(engine, number + 1)
    deciding.undo(engine, number)
    assert show_entity(engine, "Тюмень")[0].kind == "place"


def test_a_preview_tells_what_comes_of_it_and_writes_nothing(engine: Engine) -> None:
    tagged(engine, "насосы", "помпы")
    decided = deciding.merge(engine, "насосы", "помпы", ME, is_applied=False)
    assert [row.name for row in decided.before] == ["насосы", "помпы"]
    assert [(row.name, row.articles) for row in decided.after] == [("насосы", 2)]
    assert deciding.all_decisions(engine) == []
    assert not are_one(engine, "насосы", "помпы")


def test_a_decision_about_a_source_holds_for_what_comes_later(engine: Engine) -> None:
    sourced(engine, ("Вестник", None), ("Вестник отрасли", None))
    deciding.merge(engine, "Вестник отрасли", "Вестник", ME)
    sourced(engine, ("Вестник", None), start=200)
    row, _, reasons = show_entity(engine, "Вестник")
    assert (row.name, row.articles) == ("Вестник отрасли", 3)
    assert reasons == ["Decision 1 of редактор: merge"]


def test_what_a_decision_names_outlives_the_article_that_printed_it(engine: Engine) -> None:
    tagged(engine, "насосы", "помпы")
    deciding.merge(engine, "насосы", "помпы", ME)
    tagged(engine, "насосы", "фильтры")
    assert are_one(engine, "насосы", "помпам")


def test_two_people_decide_at_once(database: str, engine: Engine) -> None:
    tagged(engine, "насосы", "помпы", "нагнетатели", "компрессоры")
    other = open_database(database)
    pairs = [("насосы", "помпы"), ("помпы", "нагнетатели"), ("нагнетатели", "компрессоры"), ("насосы", "компрессоры")]

    def decide(number: int) -> str | None:
        try:
            deciding.merge((engine, other)[number % 2], *pairs[number], ME)
        except UsageError as error:
            return str(error)
        return None

    with ThreadPoolExecutor(2) as people:
        refused = [said for said in people.map(decide, range(4)) if said]
    other.dispose()
    # Whoever comes last is told that the four are one already.
    assert ["are one entity already" in said for said in refused] == [True]
    assert are_one(engine, "насосы", "помпы", "нагнетатели", "компрессоры")
    assert len(deciding.all_decisions(engine)) == 3
