"""Noun phrases in the nominative: the head and the words that agree with it change, the rest does not.

The first noun is the head, and only adjectives are before it. In «Ассоциацией кластеров и технопарков» the head is
«Ассоциацией»; the words after it are in the genitive whatever the case of the phrase.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from armcrawl.russian.names.firms import as_firm
from armcrawl.russian.names.morphology import (
    ACCUSATIVE,
    GENITIVE,
    NOMINATIVE,
    OBLIQUE_ENDING,
    PLURAL,
    SINGULAR,
    WordForm,
    forms_of,
    printed_like,
)
from armcrawl.russian.names.persons import Person, read_person
from armcrawl.russian.names.phrase_heads import (
    APPOSED_TO,
    BRANDS,
    FAMILY,
    MASS,
    MOSTLY_PLURAL,
    NAMED,
    OFTEN_PLURAL,
    ORGANISATIONS,
    PLACES,
    is_counted,
    is_mass,
)
from armcrawl.russian.names.surnames import FEMININE, MASCULINE, NEUTER, family_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

OPENING, CLOSING = "«„“\"‘'<([", "»“”\"’'>)]"
WORD = re.compile(r"[^\W_]+(?:(?!\.(?:ру|рф|ru|com)\b)[-‐‑.’'][^\W_]+)*", re.IGNORECASE)
# An abbreviation with a case ending: «МИДом», «ОПЕКу».
DECLINED_ABBREVIATION = re.compile(r"([А-ЯЁ]{2,})-?(?:а|у|ом|ем|е|ов|ам|ами|ах|ы)")
# What may be the ending of one case or of another: «Евразом» can only be the instrumental.
LAST_VOWEL = re.compile(r"(?:[аеиуыюя]|[ое]й)$")
# The number of an event: «XV съезда».
ROMAN = re.compile(r"[IVXLC]+")
# Abbreviations that expand to «общество», «объединение», «предприятие», «бюро», «управление», «учреждение» or
# «министерство»; adjectives before others are those of a man if they can be: «комбинат», «завод», «институт».
NEUTER_ABBREVIATION = re.compile(
    r"^(?:[А-Я]*(?:[АОП]О|КБ[А-Я]{0,2}|УП|[БКА]У)|НПП|МВД|МЧС|Г?У(?:ВД|МВД|Ф[А-Я]{2,4})?)$"
)
# Those of «станция», «электроцентраль» and «палата».
FEMININE_ABBREVIATION = re.compile(r"^(?:[АГТС]ЭС|ГРЭС|ТЭЦ|ТПП)(?:-\d+)?$")
# Adjectives before a head; more occur in no name, and each one costs time.
MAX_ADJECTIVES = 5
# Marks of nouns that are printed with a capital.
PROPER = frozenset({"Geox", "Orgn", "Name", "Surn"})
# The share of a reading in the dictionary's corpus below which a nominative is not meant: «банка» is rather the
# genitive of a bank than a jar. All readings of a word that is not in the corpus have equal shares, a quarter or more.
RAREST_NOMINATIVE = 0.07
# The share of a plural among plural and singular below which it is not meant: «образования».
RAREST_PLURAL = 0.1
# The same before other words, of organisations: «партии консерваторов».
RARE_PLURAL = 0.25
# How much likelier a word must be than another of which this is a case too: «прессе» may be «пресса» and «пресс».
RIVAL = 8
# The confidence in a nominative, from 0 to 1: one possible reading, one that is much likelier than others, one that is
# likelier, a guess.
CERTAIN, LIKELY, UNSURE, DOUBTFUL = 1.0, 0.9, 0.8, 0.5


class Token(NamedTuple):
    """A word of a phrase: its place in characters, the text before it (`gap`), and whether it never changes."""

    text: str
    start: int
    end: int
    gap: str
    is_fixed: bool


class Replacement(NamedTuple):
    """A piece of the phrase, by its place in characters, and its text in the nominative."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class NounPhrase:
    """A phrase in the nominative; `head` is the reading of its head, None if it has none or was not needed."""

    text: str
    confidence: float
    head: WordForm | None = None


class HeadReading(NamedTuple):
    """A reading of the head with its adjectives; `weight` is the product of their probabilities."""

    case: str
    number: str
    gender: str | None
    weight: float
    noun: WordForm | None
    adjectives: tuple[WordForm, ...]


def read_noun_phrase(phrase: str, case: str | None = None) -> NounPhrase:
    """Return the phrase in the nominative, in the number in which it is printed.

    `case` is the one in which it was printed, where that is known; it decides what is doubtful otherwise.
    """
    tokens = _tokens(phrase)
    is_before = len(tokens) > 1 and (tokens[0].text.casefold() in BRANDS or ROMAN.fullmatch(tokens[0].text))
    first = 1 if is_before and tokens[1].text.islower() else 0
    if not tokens or tokens[first].is_fixed:
        return NounPhrase(_without_abbreviation_ending(phrase, tokens), CERTAIN)
    length, readings = _head(tokens[first:])
    if not readings:
        return NounPhrase(phrase, DOUBTFUL)
    expected = [reading for reading in readings if reading.case == case]
    chosen, confidence = _choose(expected or readings, tokens[first:], length)
    if _is_guess(chosen, tokens[first : first + length], tokens[first + length :]):
        confidence = min(confidence, UNSURE)
    if chosen.case == NOMINATIVE:
        return NounPhrase(phrase, confidence, chosen.noun)
    changes = list(_changes(tokens[first : first + length], chosen))
    changes += _after_head(tokens, first + length, chosen)
    return NounPhrase(_apply(phrase, changes), confidence, chosen.noun)


def _is_guess(chosen: HeadReading, head: Sequence[Token], rest: Sequence[Token]) -> bool:
    """Tell whether nothing but the ending of one word tells its case («Евраза»), or what follows is no known word."""
    if chosen.noun is None:
        return bool(rest) and not head[-1].is_fixed and not rest[0].is_fixed
    word = head[-1].text
    if rest and word[:1].isupper() and rest[0].text[:1].isupper() and not rest[0].is_fixed:
        # What is no person that we know may be one.
        return all(form.is_guess for form in forms_of(rest[0].text.casefold()))
    return chosen.noun.is_guess and len(head) == 1 and word[:1].isupper() and LAST_VOWEL.search(word) is not None


def _tokens(phrase: str) -> list[Token]:
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
    last = word.rpartition("-")[2]
    return not re.fullmatch(r"[А-Яа-яЁё]+", last) or (
        len(word) > 1 and not any(map(str.islower, word)) and len(last) < 6
    )


def _without_abbreviation_ending(phrase: str, tokens: Sequence[Token]) -> str:
    if tokens and (match := DECLINED_ABBREVIATION.fullmatch(tokens[0].text)):
        return phrase[: tokens[0].start] + match[1] + phrase[tokens[0].end :]
    return phrase


def _head(tokens: Sequence[Token]) -> tuple[int, list[HeadReading]]:
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


def _choose(readings: Sequence[HeadReading], tokens: Sequence[Token], length: int) -> tuple[HeadReading, float]:
    """Return the likeliest reading of the phrase as printed, and the confidence in it."""
    shares: dict[tuple[str, str], float] = defaultdict(float)
    total = sum(reading.weight for reading in readings) or 1.0
    for reading in readings:
        shares[reading.case, reading.number] += reading.weight / total
    nominatives = [reading for reading in readings if reading.case == NOMINATIVE]
    # Only the accusative of a feminine singular differs from both nominative and genitive.
    oblique = [
        reading
        for reading in readings
        if reading.case not in (NOMINATIVE, ACCUSATIVE) or (reading.case == ACCUSATIVE and reading.gender == FEMININE)
    ]
    oblique = oblique or [reading for reading in readings if reading.case == ACCUSATIVE]
    if not nominatives:
        chosen = _likeliest(oblique)
        return chosen, UNSURE if _has_rival(chosen, oblique) else LIKELY
    nominative = _likeliest(nominatives)
    singular = [reading for reading in oblique if reading.number == SINGULAR]
    if not singular or length > 1:
        return nominative, CERTAIN
    other = _likeliest(singular)
    if nominative.number == SINGULAR:
        is_other_word = shares[NOMINATIVE, SINGULAR] < RAREST_NOMINATIVE and nominative.noun is not None
        is_fixed = nominative.noun is not None and "Fixd" in nominative.noun.marks
        return (other, LIKELY) if is_other_word and not is_fixed else (nominative, CERTAIN)
    share = shares[NOMINATIVE, PLURAL] / (
        shares[NOMINATIVE, PLURAL] + sum(reading.weight for reading in singular) / total
    )
    return _one_or_many(nominative, other, share, tokens[length - 1].text, tokens[length:])


def _likeliest(readings: Sequence[HeadReading]) -> HeadReading:
    """Return the likeliest reading, of the word that has more of them: «опоре» is «опора» in two cases, «опор» in one."""
    weights: dict[tuple[str, str], float] = defaultdict(float)
    for reading in readings:
        weights[reading.noun.lemma if reading.noun else "", reading.number] += reading.weight

    def likelihood(reading: HeadReading) -> tuple[float, bool, float]:
        weight = weights[reading.noun.lemma if reading.noun else "", reading.number]
        return weight, *_likelihood(reading)

    return max(readings, key=likelihood)


def _has_rival(chosen: HeadReading, readings: Sequence[HeadReading]) -> bool:
    """Tell whether another word is nearly as likely: «буре» may be «буря», «бура» and «бур»."""
    if chosen.noun is None or not chosen.noun.is_known:
        return False
    others = [reading for reading in readings if reading.noun and reading.noun.lemma != chosen.noun.lemma]
    return any(reading.weight * RIVAL > chosen.weight for reading in others)


def _likelihood(reading: HeadReading) -> tuple[bool, float]:
    # The gender of an adjective before an abbreviation is not known: masculine is likeliest, as of plants and centres.
    return reading.noun is None and reading.gender == MASCULINE, reading.weight


def _one_or_many(
    many: HeadReading, one: HeadReading, share: float, word: str, rest: Sequence[Token]
) -> tuple[HeadReading, float]:
    """Choose between the nominative plural and an oblique singular, which look alike: «Ассоциации».

    `share` is that of the plural in the dictionary's corpus.
    """
    lemma = one.noun.lemma.rpartition("-")[2] if one.noun is not None else ""
    if many.noun is not None and many.noun.lemma in MOSTLY_PLURAL and word[:1].isupper():
        return many, CERTAIN
    is_firm = one.noun is not None and (not one.noun.is_known or one.noun.before)
    if is_firm and word[:1].isupper() and word.rpartition("-")[2][:1].isupper():
        return one, LIKELY
    if lemma in MASS or is_mass(lemma) or (rest and _is_of_one(one, lemma, rest)):
        return one, LIKELY
    if lemma in OFTEN_PLURAL:
        return many, LIKELY
    if share < RAREST_PLURAL or (rest and lemma in ORGANISATIONS and share < RARE_PLURAL):
        return one, LIKELY
    if is_counted(lemma) and not rest:
        return many, UNSURE if share < RARE_PLURAL else LIKELY
    if word[:1].isupper() and rest:
        return (one, LIKELY) if one.weight > many.weight else (many, DOUBTFUL)
    return many, DOUBTFUL


def _is_of_one(one: HeadReading, lemma: str, rest: Sequence[Token]) -> bool:
    """Tell whether what follows is the name of one: «компании «Тяжмаш»», «директора Ивана Петрова», «острова Сахалин»."""
    if rest[0].gap == "." or (lemma in NAMED and _names_one(rest)):
        return True
    if lemma in APPOSED_TO and _is_declined_place(rest[0]):
        return True
    if lemma in PLACES | NAMED and len(rest) == 1 and rest[0].text[:1].isupper() and not rest[0].is_fixed:
        return any(
            form.is_known and (form.is_name or (form.case, form.number) == (NOMINATIVE, SINGULAR))
            for form in forms_of(rest[0].text.casefold())
        )
    return _person_beside(one, rest) is not None


def _names_one(rest: Sequence[Token]) -> bool:
    """Tell whether one quoted, Latin or abbreviated name follows: «компании «Тяжмаш»», «группы ЧТПЗ»."""
    names = [token for token in rest if token.is_fixed]
    if not rest[0].is_fixed:
        return False
    quotes = sum(token.gap.count(sign) for token in names for sign in "«„")
    return quotes <= 1 or not any(token.text == "и" and not token.is_fixed for token in rest)


def _is_declined_place(token: Token) -> bool:
    return any("Geox" in form.marks and form.case != NOMINATIVE for form in forms_of(token.text.casefold()))


def _changes(tokens: Sequence[Token], reading: HeadReading) -> Iterator[Replacement]:
    """Yield the head and its adjectives in the nominative."""
    forms = iter((*reading.adjectives, *((reading.noun,) if reading.noun is not None else ())))
    for token in tokens:
        if token.text.casefold() == "и" or token.is_fixed:
            continue
        form = next(forms, None)
        if form is None:
            return
        yield from _changed(token, form, reading.number, reading.gender)


def _changed(token: Token, form: WordForm, number: str, gender: str | None) -> Iterator[Replacement]:
    nominative = form.nominative(number, gender)
    if nominative is not None:
        yield Replacement(token.start, token.end, printed_like(token.text, nominative))


def _after_head(tokens: Sequence[Token], index: int, head: HeadReading) -> list[Replacement]:
    """Return the changes after the head: of words joined by «и», adjectives that agree, or an apposition."""
    if index >= len(tokens):
        return []
    token = tokens[index]
    if head.noun is not None and head.noun.lemma in FAMILY and head.number == PLURAL:
        name = family_name(token.text.casefold())
        return [Replacement(token.start, token.end, printed_like(token.text, name))] if name else []
    joined = _joined(tokens, index, head)
    if joined is not None:
        return joined
    changes: list[Replacement] = []
    for place in range(index, len(tokens)):
        if not _is_postposed(tokens, place, head):
            break
        token = tokens[place]
        form = next(form for form in forms_of(token.text.casefold()) if form.is_adjective and _fits(form, head))
        changes += _changed(token, form, head.number, head.gender)
    return changes or _apposed(tokens, index, head)


def _joined(tokens: Sequence[Token], index: int, head: HeadReading) -> list[Replacement] | None:
    """Return the changes of a second head after «и» or a comma («трубами и фитингами»), or None if there is none."""
    is_and = tokens[index].text.casefold() == "и" and not tokens[index].is_fixed
    is_comma = tokens[index].gap.strip() == ","
    start = index + 1 if is_and else index
    if not (is_and or is_comma) or start >= len(tokens) or tokens[start].is_fixed:
        return None
    length, readings = _head(tokens[start:])
    same = [reading for reading in readings if reading.case == head.case]
    if not same:
        return None
    best = max(same, key=_likelihood)
    changes = list(_changes(tokens[start : start + length], best))
    more = _joined(tokens, start + length, best) if start + length < len(tokens) else None
    return changes + (more or [])


def _is_postposed(tokens: Sequence[Token], index: int, head: HeadReading) -> bool:
    """Tell whether an adjective after the head belongs to it («клапанами обратными»), and not to a later noun."""
    token = tokens[index]
    if (
        token.is_fixed
        or token.gap.strip()
        or not any(form.is_adjective and _fits(form, head) for form in forms_of(token.text.casefold()))
    ):
        return False
    length, readings = _head(tokens[index:])
    return not any(reading.noun is not None for reading in readings) or (length == 1 and index + 1 == len(tokens))


def _fits(form: WordForm, head: HeadReading) -> bool:
    return (form.case, form.number) == (head.case, head.number) and (
        head.number == PLURAL or form.gender == head.gender
    )


def _apposed(tokens: Sequence[Token], index: int, head: HeadReading) -> list[Replacement]:
    """Return the changes of a name in apposition to the head: «города Москвы», «министром Иваном Петровым»."""
    if found := _person_beside(head, tokens[index:]):
        named, person = found
        return [Replacement(token.start, token.end, name) for token, name in zip(named, person.words, strict=True)]
    for start in range(index, len(tokens)):
        token = tokens[start]
        if head.case == GENITIVE and start > index and not _is_dash(token):
            break
        if token.is_fixed or not token.text[:1].isupper():
            continue
        beside = head.noun is not None and head.noun.lemma in APPOSED_TO and start == index
        if beside or _is_dash(token):
            length, readings = _head(tokens[start:])
            same = [reading for reading in readings if reading.case == head.case]
            # «Волги» is no name of several rivers.
            if same and not any((reading.case, reading.number) == (NOMINATIVE, SINGULAR) for reading in readings):
                return list(_changes(tokens[start : start + length], max(same, key=_likelihood)))
    return []


def _person_beside(head: HeadReading, tokens: Sequence[Token]) -> tuple[Sequence[Token], Person] | None:
    """Return whom the last tokens after an office name in the head's case: «директора завода Ивана Петрова»."""
    if head.noun is None or not head.noun.animate:
        return None
    found = []
    for start, token in enumerate(tokens):
        named = [other for other in tokens[start:] if not other.is_fixed]
        if token.is_fixed or not token.text[:1].isupper():
            continue
        person = read_person(tuple(other.text for other in named), head.case)
        if person is not None and person.case == head.case:
            found.append((named, person))
    return max(found, key=lambda one: one[1].confidence, default=None)


def _is_dash(token: Token) -> bool:
    return token.gap.strip() in {"–", "—"}


def _apply(phrase: str, changes: Sequence[Replacement]) -> str:
    for change in sorted(changes, reverse=True):
        phrase = phrase[: change.start] + change.text + phrase[change.end :]
    return phrase
