"""Noun phrases in the nominative: the head and the words that agree with it change, the rest does not.

The first noun is the head, and only adjectives are before it. In «Ассоциацией кластеров и технопарков» the head is
«Ассоциацией»; the words after it are in the genitive whatever the case of the phrase.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from armcrawl.russian.names.morphology import GENITIVE, NOMINATIVE, PLURAL, SINGULAR, WordForm, forms_of, printed_like
from armcrawl.russian.names.phrase_choice import CERTAIN, DOUBTFUL, UNSURE, choose, likelihood, person_beside
from armcrawl.russian.names.phrase_heads import APPOSED_TO, BRANDS, FAMILY
from armcrawl.russian.names.phrase_readings import HeadReading, Token, head_readings, tokens_of
from armcrawl.russian.names.surnames import family_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# An abbreviation with a case ending: «МИДом», «ОПЕКу».
DECLINED_ABBREVIATION = re.compile(r"([А-ЯЁ]{2,})-?(?:а|у|ом|ем|е|ов|ам|ами|ах|ы)")
# What may be the ending of one case or of another: «Евразом» can only be the instrumental.
LAST_VOWEL = re.compile(r"(?:[аеиуыюя]|[ое]й)$")
# The number of an event: «XV съезда».
ROMAN = re.compile(r"[IVXLC]+")


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


def read_noun_phrase(phrase: str, case: str | None = None) -> NounPhrase:
    """Return the phrase in the nominative, in the number in which it is printed.

    `case` is the one in which it was printed, where that is known; it decides what is doubtful otherwise.
    """
    tokens = tokens_of(phrase)
    is_before = len(tokens) > 1 and (tokens[0].text.casefold() in BRANDS or ROMAN.fullmatch(tokens[0].text))
    first = 1 if is_before and tokens[1].text.islower() else 0
    if not tokens or tokens[first].is_fixed:
        return NounPhrase(_without_abbreviation_ending(phrase, tokens), CERTAIN)
    length, readings = head_readings(tokens[first:])
    if not readings:
        return NounPhrase(phrase, DOUBTFUL)
    expected = [reading for reading in readings if reading.case == case]
    chosen, confidence = choose(expected or readings, tokens[first:], length)
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


def _without_abbreviation_ending(phrase: str, tokens: Sequence[Token]) -> str:
    if tokens and (match := DECLINED_ABBREVIATION.fullmatch(tokens[0].text)):
        return phrase[: tokens[0].start] + match[1] + phrase[tokens[0].end :]
    return phrase


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
    joined = _joined(tokens, index, head)
    if head.noun is not None and head.noun.lemma in FAMILY and (head.number == PLURAL or joined):
        token = tokens[-1]
        name = family_name(token.text.casefold()) if token.text[:1].isupper() else None
        return [
            *(joined or []),
            *([Replacement(token.start, token.end, printed_like(token.text, name))] if name else []),
        ]
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
    length, readings = head_readings(tokens[start:])
    same = [reading for reading in readings if reading.case == head.case]
    if not same:
        return None
    best = max(same, key=likelihood)
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
    length, readings = head_readings(tokens[index:])
    return not any(reading.noun is not None for reading in readings) or (length == 1 and index + 1 == len(tokens))


def _fits(form: WordForm, head: HeadReading) -> bool:
    return (form.case, form.number) == (head.case, head.number) and (
        head.number == PLURAL or form.gender == head.gender
    )


def _apposed(tokens: Sequence[Token], index: int, head: HeadReading) -> list[Replacement]:
    """Return the changes of a name in apposition to the head: «города Москвы», «министром Иваном Петровым»."""
    if found := person_beside(head, tokens[index:]):
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
            length, readings = head_readings(tokens[start:])
            same = [reading for reading in readings if reading.case == head.case]
            # «Волги» is no name of several rivers.
            if same and not any((reading.case, reading.number) == (NOMINATIVE, SINGULAR) for reading in readings):
                return list(_changes(tokens[start : start + length], max(same, key=likelihood)))
    return []


def _is_dash(token: Token) -> bool:
    return token.gap.strip() in {"–", "—"}


def _apply(phrase: str, changes: Sequence[Replacement]) -> str:
    for change in sorted(changes, reverse=True):
        phrase = phrase[: change.start] + change.text + phrase[change.end :]
    return phrase
