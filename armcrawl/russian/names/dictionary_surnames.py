"""Surnames that the dictionary has, as surnames or as other words, beside those that follow from `surnames.py`."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from armcrawl.russian.names.morphology import NOMINATIVE, SINGULAR, forms_of, is_word
from armcrawl.russian.names.surnames import FEMININE, MASCULINE, NameReading, doubt_of, surname_readings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from armcrawl.russian.names.morphology import WordForm
    from armcrawl.russian.names.surnames import Readings


@lru_cache(maxsize=8192)
def dictionary_surname_readings(word: str) -> Readings:
    """Return the readings of a surname: the dictionary's surnames, its words, and those by the rules of `surnames.py`."""
    surnames: list[NameReading] = []
    words: list[NameReading] = []
    stressed: list[NameReading] = []
    for form in forms_of(word):
        if not form.is_known or form.number != SINGULAR:
            continue
        if "Surn" in form.marks and (nominative := form.nominative(SINGULAR)):
            genders = (form.gender,) if form.gender else (MASCULINE, FEMININE)
            surnames += [NameReading(gender, form.case, nominative, 0) for gender in genders]
        elif not form.is_name:
            (stressed if form.lemma.endswith("ой") else words).extend(_as_word(form))
    parts = word.split("-")
    if len(parts) > 1 and not surnames:
        return _double_surname(parts)
    # Of two adjectives «мостовой» and «мостовый» surnames are like the first.
    unstressed = {reading.nominative.removesuffix("ой") + ending for reading in stressed for ending in ("ый", "ий")}
    words = [reading for reading in words if reading.nominative.replace("ё", "е") not in unstressed]
    patterns = [reading for reading in surname_readings(word) if reading.nominative not in unstressed]
    sure = {reading[:2]: reading.nominative for reading in (*patterns, *surnames) if not reading.doubt}
    rivals = {reading[:2] for reading in (*stressed, *words) if sure.get(reading[:2], reading[2]) != reading[2]}
    if surnames:
        known = {reading[:2] for reading in surnames}
        borne = {reading.nominative for reading in surnames if reading.gender == MASCULINE}
        # «Салимова» is as good a name as «Салимов», and a woman's «Данелия» as the man's, which the dictionary has;
        # «Римского-Корсакова» is no woman's.
        found = [
            *surnames,
            *(
                reading._replace(
                    doubt=0
                    if reading.gender == FEMININE and reading.nominative in borne
                    else reading.doubt + (len(parts) > 1 or reading.doubt > 0)
                )
                for reading in patterns
                if reading[:2] not in known
            ),
            *(reading._replace(doubt=2) for reading in stressed),
        ]
    else:
        found = list(_doubting_unknown([*stressed, *patterns, *words]))
    # «Береговым» is a case of «Берегов» and of «Береговой».
    return tuple(
        reading._replace(doubt=max(2, reading.doubt)) if reading[:2] in rivals else reading for reading in found
    )


def _as_word(form: WordForm) -> Iterator[NameReading]:
    """Yield the readings of a surname that is a word of the dictionary: «Береговой», «Воробей», «Чайка»."""
    if form.gender not in (MASCULINE, FEMININE) or "Fixd" in form.marks:
        return
    if nominative := form.nominative(SINGULAR, form.gender):
        yield NameReading(form.gender, form.case, nominative, 1)
        if form.is_noun and form.gender == FEMININE:
            yield NameReading(MASCULINE, form.case, nominative, 1)


def _is_word(nominative: str) -> bool:
    return is_word(nominative) and any(form.case == NOMINATIVE for form in forms_of(nominative))


def _doubting_unknown(readings: Sequence[NameReading]) -> Iterator[NameReading]:
    """Yield the readings, with more doubt about those that are no word if another one is: «Дизел» beside «Дизель».

    There is still more if both are of one case, as of «Кремню».
    """
    known = {nominative for nominative in {reading.nominative for reading in readings} if _is_word(nominative)}
    words = {reading[:2] for reading in readings if reading.nominative in known}
    for reading in readings:
        is_rival = bool(words) and reading.nominative not in known
        yield reading._replace(doubt=reading.doubt + is_rival + (is_rival and reading[:2] in words))


def _double_surname(parts: Sequence[str]) -> Readings:
    """Return the readings of a double surname («Салтыков-Щедрин»), in which both parts decline, or the last one."""
    *first, last = parts
    found = []
    for reading in dictionary_surname_readings(last):
        heads, doubt = [], reading.doubt
        for part in first:
            same = [
                other
                for other in dictionary_surname_readings(part)
                if (other.gender, other.case) == (reading.gender, reading.case)
            ]
            head = min(same, key=doubt_of, default=None)
            heads.append(head.nominative if head else part)
            doubt += head is not None and head.doubt > 1
        found.append(reading._replace(nominative="-".join((*heads, reading.nominative)), doubt=doubt))
    return tuple(found)
