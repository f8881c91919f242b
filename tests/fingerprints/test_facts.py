"""Which facts one text has in the places of another's."""

from __future__ import annotations

import pytest

from armcrawl.fingerprints import Grade, similarity
from armcrawl.fingerprints.comparing import Rule
from armcrawl.fingerprints.facts import facts_of
from armcrawl.fingerprints.shingles import shingled

CERTIFICATE = (
    "Завод {firm} подтвердил сертификат\n\nЗавод {firm} из города Энгельс прошёл надзорный аудит системы качества. "
    "Проверку вёл орган по сертификации «Волжский стандарт», который работает при ассоциации «Поволжье» с 1998 года. "
    "Аудиторы осмотрели три участка и испытательную станцию, изучили 42 протокола и побеседовали с технологами. "
    "Об этом рассказал руководитель органа Пётр Вересов. Следующая проверка назначена на {month} месяц."
)
BRIDGE = (
    "Мост через Вятку закроют на ремонт\n\nДвижение по мосту через Вятку у Мамадыша закроют на {days} суток. Подрядчик "
    "заменит {metres} полотна и две опорные части, а работы обойдутся в {cost}. Объезд устроят через Набережные Челны, "
    "он длиннее на 84 километра. Об этом сообщает {source}."
)
TOLD = {"days": "18", "metres": "640 метров", "cost": "1,4 миллиарда рублей", "source": "агентство «Татарские вести»"}


@pytest.mark.parametrize(
    "other",
    [{"firm": "«Сокол-Пресс»"}, {"firm": "«Ленские насосы»"}, {"firm": "«ADL»"}, {"month": "август"}],
    ids=lambda other: next(iter(other.values())),
)
def test_one_other_name_or_month_makes_another_certificate_however_much_stays(other: dict[str, str]) -> None:
    told = {"firm": "«Гранит»", "month": "май"}
    found = similarity(CERTIFICATE.format(**told), CERTIFICATE.format(**told | other))
    assert (found.grade, found.rule) == (Grade.DIFFERENT, Rule.RECURRING)
    assert len(found.replaced) == 1


@pytest.mark.parametrize(
    "other",
    [
        {"cost": "1400 миллионов рублей"},
        {"metres": "шестьсот сорок метров"},
        {"days": "19"},
        {"days": "19", "metres": "650 метров"},
        {"source": "портал «Вести Камы»"},
        {"metres": "0,64 километра", "cost": "1400 млн рублей"},
    ],
    ids=lambda other: " ".join(other.values()),
)
def test_other_units_one_corrected_figure_and_another_source_are_of_a_copy(other: dict[str, str]) -> None:
    assert similarity(BRIDGE.format(**TOLD), BRIDGE.format(**TOLD | other)).grade is Grade.NEAR


def test_most_figures_replaced_make_another_note() -> None:
    other = {"days": "25", "metres": "310 метров", "cost": "2,3 миллиарда рублей"}
    found = similarity(BRIDGE.format(**TOLD), BRIDGE.format(**TOLD | other))
    assert (found.grade, found.replaced) == (Grade.DIFFERENT, (("18", "25"), ("640", "310"), ("1 4", "2 3")))


def test_a_name_is_replaced_where_the_word_beside_it_is_another_too() -> None:
    text = "Лучшим в районе признан {}. Награду ему вручили на сходе, рассказали в администрации Аркадака."
    one, other = text.format("фермер Сергей Лосев"), text.format("чабан Марат Идрисов")
    assert facts_of(shingled(one), shingled(other)).replaced == {("серг лос", "марат идрис"): 1}


def test_facts_that_are_replaced_are_told_of_the_first_text_first() -> None:
    longer = BRIDGE.format(**TOLD | {"days": "25", "metres": "310 метров"}) + " Мост открыли в 1974 году."
    there, back = similarity(BRIDGE.format(**TOLD), longer), similarity(longer, BRIDGE.format(**TOLD))
    assert there.replaced == (("18", "25"), ("640", "310"))
    assert back.replaced == (("25", "18"), ("310", "640"))


@pytest.mark.parametrize(("one", "other"), [("РФ", "Россия"), ("Мамадыш", "Мамадыж")])
def test_a_name_that_is_abbreviated_or_mistyped_is_not_replaced(one: str, other: str) -> None:
    text = "Как пишут на заводе, эту задвижку теперь покупает {} целиком."
    assert not facts_of(shingled(text.format(one)), shingled(text.format(other))).replaced


def test_of_a_price_list_in_another_order_only_the_price_that_is_another_is_replaced() -> None:
    def prices(*numbers: int) -> str:
        return "Цены: " + "; ".join(f"кран {number} рублей" for number in numbers)

    found = facts_of(shingled(prices(*range(101, 130))), shingled(prices(*reversed(range(101, 129)), 555)))
    assert found.replaced == {("129", "555"): 1}
    assert ("115",) in found.kept


def test_a_fact_that_stands_elsewhere_in_the_other_text_is_not_replaced() -> None:
    one = shingled("Насос купила Самара вчера утром. Клапан купила Пермь сегодня вечером.")
    other = shingled("Насос купила Пермь вчера утром. Клапан купила Самара сегодня вечером.")
    assert not facts_of(one, other).replaced
