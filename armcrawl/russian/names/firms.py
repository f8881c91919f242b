"""Names of firms, authorities and regions that no dictionary has: «Затвормаша», «Совфеда», «Приамурью»."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from armcrawl.russian.names.morphology import (
    ACCUSATIVE,
    GENITIVE,
    NOMINATIVE,
    OBLIQUE_ENDING,
    PLURAL,
    SINGULAR,
    WordForm,
)
from armcrawl.russian.names.surnames import LAST_CONSONANT, MASCULINE, NEUTER

if TYPE_CHECKING:
    from collections.abc import Sequence

# The last parts of firms' names, with a case ending: «Затвормаша» is the genitive of «Затвормаш».
COMPANY = re.compile(
    r"(?:маш|пром|газ|строй|монтаж|сервис|комплект|снаб|торг|транс|хим|арм|мет|трейд|холдинг|инжиниринг|центр|завод|банк|лизинг|ресурс|экспорт|импорт|проект|стандарт|надзор)(?:а|у|е)$"
)
# The same of names made of syllables: «Совфеда».
SYLLABIC_GENITIVE = re.compile(
    r"(?:Рос|Мин|Гос|Мос|Сов|Глав)[бвгджзклмнпрстфхцчшщ]{1,2}[аеёиоуыэюя][бвгджзклмнпрстфхцчшщ]{1,2}[ауе]$"
)
# Regions in -ье, of which the dictionary has but the best known: «Приамурья».
REGION = re.compile(r"((?:При|По|За|Под|Пред|Меж|Верхне|Нижне|Средне)[а-яё]+ь)(?:е|я|ю|ем)$")


def as_firm(word: str, nouns: Sequence[WordForm]) -> list[WordForm]:
    """Return the readings of a word with a capital, in place of what the dictionary makes of it by its ending."""
    if (region := REGION.match(word)) and not any(form.guessed or "Orgn" in form.marks for form in nouns):
        case = NOMINATIVE if word.endswith("е") else GENITIVE
        return [_guess(nouns[0], case, NEUTER, region[1] + "е")]
    is_unknown = not any(form.is_known or form.guessed for form in nouns)
    is_declined = is_unknown and OBLIQUE_ENDING.search(word) is not None
    if (is_unknown or "-" in word) and not is_declined and _is_many(nouns) and LAST_CONSONANT.search(word):
        # «Поморарматур» may be many of something called «поморарматура», but is rather a firm.
        return [replace(nouns[0], case=NOMINATIVE, number=SINGULAR, gender=MASCULINE)]
    if not is_unknown:
        return list(nouns)
    if is_declined:
        nouns = [form for form in nouns if form.case not in (NOMINATIVE, ACCUSATIVE)] or nouns
    elif COMPANY.search(word) or SYLLABIC_GENITIVE.match(word):
        declined = [form for form in nouns if form.case != NOMINATIVE and form.gender == MASCULINE]
        return [_guess(form, form.case, MASCULINE, word[:-1]) for form in declined] or [
            _guess(nouns[0], GENITIVE, MASCULINE, word[:-1])
        ]
    return _as_masculine(word, nouns)


def _guess(form: WordForm, case: str, gender: str, nominative: str) -> WordForm:
    return replace(form, case=case, number=SINGULAR, gender=gender, guessed=nominative.casefold())


def _is_many(nouns: Sequence[WordForm]) -> bool:
    return all((form.case, form.number) in {(GENITIVE, PLURAL), (ACCUSATIVE, PLURAL)} for form in nouns)


def _as_masculine(word: str, nouns: Sequence[WordForm]) -> list[WordForm]:
    """Read «Мечелу» as «Мечел»: a firm's name in -о is rarer than one in a consonant."""
    stem = re.sub(r"(?:[оае]м|[ауе])$", "", word.casefold())
    # Many of something called «мечело» are no firm.
    singular = [form for form in nouns if form.number == SINGULAR] or nouns
    may_stand = any(form.case == NOMINATIVE for form in singular)
    if may_stand or not LAST_CONSONANT.search(stem) or stem.endswith("ств"):
        return list(nouns)
    return [replace(form, gender=MASCULINE, guessed=stem) if form.gender == NEUTER else form for form in singular]
