"""The words of a phrase, and what its head may be: the first noun, before which only adjectives that agree stand."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from armcrawl.russian.names.firms import as_firm
from armcrawl.russian.names.morphology import (
    ACCUSATIVE,
    INSTRUMENTAL,
    MIN_WORD,
    NOMINATIVE,
    NOUN,
    OBLIQUE_ENDING,
    PLURAL,
    SINGULAR,
    WordForm,
    forms_of,
)
from armcrawl.russian.names.surnames import FEMININE, MASCULINE, NEUTER

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

OPENING, CLOSING = "«„“\"‘'<([", "»“”\"’'>)]"
WORD = re.compile(r"[^\W_]+(?:(?!\.(?:ру|рф|ru|com)\b)[-‐‑.’'][^\W_]+)*", re.IGNORECASE)
# Abbreviations that expand to «общество», «объединение», «предприятие», «бюро», «управление», «учреждение» or
# «министерство»; adjectives before others are those of a man if they can be: «комбинат», «завод», «институт».
NEUTER_ABBREVIATION = re.compile(
    r"^(?:[А-Я]*(?:[АОП]О|КБ[А-Я]{0,2}|УП|[БКА]У)|НПП|МВД|МЧС|Г?У(?:ВД|МВД|Ф[А-Я]{2,4})?)$"
)
# Those of «станция», «электроцентраль» and «палата».
FEMININE_ABBREVIATION = re.compile(r"^(?:[АГТС]ЭС|ГРЭС|ТЭЦ|ТПП)(?:-\d+)?$")
# Adjectives before a head; more occur in no name, and each one costs time.
MAX_ADJECTIVES = 5
# Towns of which the dictionary has but the adjective: «Усть-Каменогорском».
TOWN = re.compile(r"[А-ЯЁ][а-яё]+-[А-ЯЁ][а-яё]+ском")
# Marks of nouns that are printed with a capital.
PROPER = frozenset({"Geox", "Orgn", "Name", "Surn"})


class Token(NamedTuple):
    """A word of a phrase: its place in characters, the text before it (`gap`), and whether it never changes."""

    text: str
    start: int
    end: int
    gap: str
    is_fixed: bool


class HeadReading(NamedTuple):
    """A reading of the head with its adjectives; `weight` is the product of their probabilities."""

    case: str
    number: str
    gender: str | None
    weight: float
    noun: WordForm | None
    adjectives: tuple[WordForm, ...]


def tokens_of(phrase: str) -> list[Token]:
    """Return the words of a phrase; those in quotes or brackets never change."""
    found, last, depth = [], 0, 0
    for match in WORD.finditer(phrase):
        gap = phrase[last : match.start()]
        for sign in gap:
            # A straight quotation mark both opens and closes.
            if sign == '"':
                depth = 0 if depth else 1
            elif sign in OPENING:
                depth += 1
            elif sign in CLOSING:
                depth = max(0, depth - 1)
        # The end of a site's name stays: «Ленты.ру».
        is_fixed = depth > 0 or gap.endswith(".") or _is_fixed(match[0])
        found.append(Token(match[0], match.start(), match.end(), gap, is_fixed))
        last = match.end()
    return found


def _is_fixed(word: str) -> bool:
    """Tell whether a word never changes: an abbreviation, a code, or a word in Latin letters."""
    head, _, last = word.rpartition("-")
    if last.isdecimal():
        # «Сахалином-2», but «Су-57».
        return len(head) < MIN_WORD or _is_fixed(head)
    return not re.fullmatch(r"[А-Яа-яЁё]+", last) or (
        len(word) > 1 and not any(map(str.islower, word)) and len(last) < 6
    )


def head_readings(tokens: Sequence[Token]) -> tuple[int, list[HeadReading]]:
    """Return the number of tokens of the longest head with adjectives that agree, and its readings."""
    best: tuple[int, list[HeadReading]] = (1, [])
    adjectives: list[tuple[WordForm, ...]] = []
    for index, token in enumerate(tokens[: MAX_ADJECTIVES + 2]):
        if index and not _continues(tokens, index):
            break
        if token.text.casefold() == "и" and adjectives:
            continue
        if token.is_fixed:
            if adjectives:
                best = (index + 1, _before_abbreviation(token.text, adjectives))
            break
        forms = forms_of(token.text.casefold())
        nouns = _nouns(token.text, forms)
        if agreeing := [reading for noun in nouns for reading in _agreeing(noun, adjectives)]:
            best = (index + 1, agreeing)
        own = tuple(form for form in forms if form.is_adjective)
        if not own:
            break
        adjectives.append(own)
        if not best[1] or _are_alone(tokens, index):
            alone = _without_noun(adjectives)
            best = (index + 1, alone) if alone and not agreeing else best
    return best


def _nouns(word: str, forms: Sequence[WordForm]) -> list[WordForm]:
    """Return the readings of a word as the head of a phrase that is no person's name."""
    if forms and TOWN.fullmatch(word) and not any(form.is_noun for form in forms):
        town = word.removesuffix("ом").casefold()
        return [replace(forms[0], part=NOUN, case=INSTRUMENTAL, gender=MASCULINE, guessed=town)]
    is_capital = word[:1].isupper()
    every = [form for form in forms if form.is_noun]
    nouns = [form for form in every if not form.is_name or (is_capital and form.is_known)]
    if is_capital and not nouns:
        nouns = every
    if not is_capital:
        # «газе» is no form of «Газа», nor «вале» of «Вале».
        nouns = [form for form in nouns if PROPER.isdisjoint(form.marks)] or nouns
    elif not any(form.case == NOMINATIVE for form in nouns):
        # «Муроме» is the town.
        nouns = [form for form in nouns if "Geox" in form.marks and form.is_known] or nouns
    if is_capital and nouns:
        return as_firm(word, nouns)
    is_declined = OBLIQUE_ENDING.search(word) and not any(form.is_known for form in nouns)
    return [form for form in nouns if form.case != NOMINATIVE or not is_declined] or nouns


def _continues(tokens: Sequence[Token], index: int) -> bool:
    gap = tokens[index].gap.strip()
    return gap == "" or gap in ",-–—/"


def _are_alone(tokens: Sequence[Token], index: int) -> bool:
    return index + 1 == len(tokens)


def _agreeing(noun: WordForm, adjectives: Sequence[tuple[WordForm, ...]]) -> Iterator[HeadReading]:
    """Yield the reading of a noun with an agreeing form of each adjective, if there is one."""
    chosen = []
    weight = noun.probability
    for forms in adjectives:
        form = next((form for form in forms if _agree(form, noun)), None)
        if form is None:
            return
        chosen.append(form)
        weight *= form.probability
    yield HeadReading(noun.case, noun.number, noun.gender, weight, noun, tuple(chosen))


def _agree(adjective: WordForm, noun: WordForm) -> bool:
    if (adjective.case, adjective.number) != (noun.case, noun.number):
        return False
    tells_animacy = noun.case == ACCUSATIVE and adjective.animate is not None and noun.animate is not None
    if tells_animacy and adjective.animate != noun.animate:
        return False
    return noun.number == PLURAL or noun.gender is None or adjective.gender in (None, noun.gender)


def _without_noun(adjectives: Sequence[tuple[WordForm, ...]]) -> list[HeadReading]:
    """Return the readings of adjectives without a noun: before an abbreviation («Свердловской ТПП»), or «Набережной»."""
    *others, last = adjectives
    readings = []
    for form in last:
        chosen = [next((other for other in forms if _agree(other, form)), None) for forms in others]
        if None not in chosen:
            agreeing = (*(other for other in chosen if other is not None), form)
            readings.append(HeadReading(form.case, form.number, form.gender, form.probability, None, agreeing))
    return readings


def _before_abbreviation(abbreviation: str, adjectives: Sequence[tuple[WordForm, ...]]) -> list[HeadReading]:
    """Return the readings of adjectives that agree with an abbreviation: «общество», «станция», or neither."""
    readings = _without_noun(adjectives)
    readings = [reading for reading in readings if reading.number == SINGULAR] or readings
    if NEUTER_ABBREVIATION.search(abbreviation):
        fitting = [reading for reading in readings if reading.gender != MASCULINE]
    elif FEMININE_ABBREVIATION.search(abbreviation):
        fitting = [reading for reading in readings if reading.gender == FEMININE]
    else:
        fitting = [reading for reading in readings if reading.gender != NEUTER]
    return fitting or readings
