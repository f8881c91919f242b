"""The likeliest reading of a phrase's head, and the confidence in it."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from armcrawl.russian.names.morphology import ACCUSATIVE, NOMINATIVE, PLURAL, SINGULAR, forms_of
from armcrawl.russian.names.persons import Person, read_person
from armcrawl.russian.names.phrase_heads import (
    APPOSED_TO,
    MOSTLY_PLURAL,
    NAMED,
    OFTEN_PLURAL,
    ORGANISATIONS,
    PLACES,
    is_counted,
    is_mass,
)
from armcrawl.russian.names.surnames import FEMININE, MASCULINE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from armcrawl.russian.names.phrase_readings import HeadReading, Token

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


def choose(readings: Sequence[HeadReading], tokens: Sequence[Token], length: int) -> tuple[HeadReading, float]:
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

    def with_its_word(reading: HeadReading) -> tuple[float, bool, float]:
        return weights[reading.noun.lemma if reading.noun else "", reading.number], *likelihood(reading)

    return max(readings, key=with_its_word)


def _has_rival(chosen: HeadReading, readings: Sequence[HeadReading]) -> bool:
    """Tell whether another word is nearly as likely: «буре» may be «буря», «бура» and «бур»."""
    if chosen.noun is None or not chosen.noun.is_known:
        return False
    others = [reading for reading in readings if reading.noun and reading.noun.lemma != chosen.noun.lemma]
    return any(reading.weight * RIVAL > chosen.weight for reading in others)


def likelihood(reading: HeadReading) -> tuple[bool, float]:
    """Return by what readings of one case are compared."""
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
    if is_mass(lemma) or (rest and _is_of_one(one, lemma, rest)):
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
    return person_beside(one, rest) is not None


def _names_one(rest: Sequence[Token]) -> bool:
    """Tell whether one quoted, Latin or abbreviated name follows: «компании «Тяжмаш»», «группы ЧТПЗ»."""
    names = [token for token in rest if token.is_fixed]
    if not rest[0].is_fixed:
        return False
    quotes = sum(token.gap.count(sign) for token in names for sign in "«„")
    return quotes <= 1 or not any(token.text == "и" and not token.is_fixed for token in rest)


def _is_declined_place(token: Token) -> bool:
    return any("Geox" in form.marks and form.case != NOMINATIVE for form in forms_of(token.text.casefold()))


def person_beside(head: HeadReading, tokens: Sequence[Token]) -> tuple[Sequence[Token], Person] | None:
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
