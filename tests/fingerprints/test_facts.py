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
        {"source": "портал «Вести Камы»"},
        {"metres": "0,64 километра", "cost": "1400 млн рублей"},
    ],
    ids=lambda other: " ".join(other.values()),
)
def test_other_units_one_corrected_figure_and_another_source_are_of_a_copy(other: dict[str, str]) -> None:
    assert similarity(BRIDGE.format(**TOLD), BRIDGE.format(**TOLD | other)).grade is Grade.NEAR


def test_two_other_figures_make_another_note() -> None:
    other = {"days": "25", "metres": "310 метров"}
    found = similarity(BRIDGE.format(**TOLD), BRIDGE.format(**TOLD | other))
    assert (found.grade, found.replaced) == (Grade.DIFFERENT, (("18", "25"), ("640", "310")))


@pytest.mark.parametrize(("one", "other"), [("РФ", "Россия"), ("Мамадыш", "Мамадыж")])
def test_a_name_that_is_abbreviated_or_mistyped_is_not_replaced(one: str, other: str) -> None:
    text = "Как пишут на заводе, эту задвижку теперь покупает {} целиком."
    assert not facts_of(shingled(text.format(one)), shingled(text.format(other))).replaced


def test_a_fact_that_stands_elsewhere_in_the_other_text_is_not_replaced() -> None:
    one = shingled("Насос купила Самара вчера утром. Клапан купила Пермь сегодня вечером.")
    other = shingled("Насос купила Пермь вчера утром. Клапан купила Самара сегодня вечером.")
    assert not facts_of(one, other).replaced
