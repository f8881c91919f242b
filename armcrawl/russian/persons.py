"""Names of persons: first name, patronymic, surname and initials agree in gender and case."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING

from armcrawl.russian.morphology import ACCUSATIVE, NOMINATIVE, SINGULAR, forms_of, printed_like
from armcrawl.russian.surnames import FEMININE, MASCULINE, Surname, surname_readings

if TYPE_CHECKING:
    from collections.abc import Sequence

INITIALS = re.compile(r"(?:[А-ЯЁA-Z][а-яё]?\.-?)+")
CAPITALISED = re.compile(r"[А-ЯЁ][А-Яа-яЁё'’]+(?:-[А-Яа-яЁё'’]+)*")
PATRONYMIC = re.compile(
    r"(?P<stem>.*(?:[оеё]в|ь|[лмк]|ин|и)и)ч(?P<ending>|а|у|ем|е)|(?P<woman>.*(?:[оеё]в|и|ин)ич?н)(?P<her>а|ы|е|у|ой)"
)
HIS_ENDINGS = {"": "nomn", "а": "gent", "у": "datv", "ем": "ablt", "е": "loct"}
HER_ENDINGS = {"а": ("nomn",), "ы": ("gent",), "е": ("datv", "loct"), "у": ("accs",), "ой": ("ablt",)}
FEWEST_WORDS, MOST_WORDS = 2, 4
# More than any pattern of a surname adds.
RARE = 3


@dataclass(frozen=True, slots=True)
class Person:
    """A person's name in the nominative, and how it was printed: `doubt` counts what made it uncertain."""

    words: tuple[str, ...]
    gender: str
    case: str
    doubt: int


@lru_cache(maxsize=4096)  # the persons of a few months
def read_person(words: tuple[str, ...]) -> Person | None:
    """Return the person whom the words name, in the nominative, or None if they are no such name."""
    if not FEWEST_WORDS <= len(words) <= MOST_WORDS:
        return None
    if not all(INITIALS.fullmatch(word) or CAPITALISED.fullmatch(word) for word in words):
        return None
    names = [_name_readings(word.casefold()) if not INITIALS.fullmatch(word) else () for word in words]
    is_told = [bool(INITIALS.fullmatch(word)) or bool(readings) for word, readings in zip(words, names, strict=True)]
    if all(INITIALS.fullmatch(word) for word in words) or not any(is_told):
        return None
    best: tuple[int, int, Person] | None = None
    for roles in _roles(words, names):
        person = _agreeing(words, roles)
        if person is None:
            continue
        # A nominative that fits as well is how the name was printed; the accusative is the rarest of all.
        rank = (person.doubt, 0 if person.case == NOMINATIVE else 2 if person.case == ACCUSATIVE else 1)
        if best is None or rank < best[:2]:
            best = (*rank, person)
    return best[2] if best else None


def is_first_name(word: str) -> bool:
    """Tell whether a word is a first name or a patronymic in some case."""
    return bool(_name_readings(word.casefold()))


Readings = tuple[Surname, ...]

# Women's names beside which the man's of the same stem is hardly met («Марина» and «Марин»).
WOMEN_ONLY = frozenset(
    "раиса олеся марина кира людмила яна серафима юлия антонина карина полина рената камила эмилия мария диана злата лина "
    "дина алина регина нина ирина инна снежана милана ульяна светлана альбина эльвира элина арина василиса ксения анастасия "
    "клавдия эльмира фарида зоя наиля альфия гульнара зульфия лилия розалия виолетта флора вера надежда любовь виктория лидия наталия анна паулина августина кристина сабина эвелина жанна снежана роза клара леонида".split()
)
# Names that men and women bear alike, but for the ending.
MEN_AND_WOMEN = frozenset(
    "александра валентина евгения валерия станислава владислава ярослава мирослава богдана руслана".split()
)


def _roles(words: Sequence[str], names: Sequence[Readings]) -> list[list[Readings]]:
    """Return in which words the surname may be: one of them, or none («Анна Сергеевна»)."""
    surname_may_be = [0, len(words) - 1]
    found = []
    has_initials = any(INITIALS.fullmatch(word) for word in words)
    for place in dict.fromkeys(surname_may_be):
        others = [index for index in range(len(words)) if index != place]
        if INITIALS.fullmatch(words[place]) or not all(
            names[index] or INITIALS.fullmatch(words[index]) for index in others
        ):
            continue
        found.append(
            [
                _surname_readings(words[place].casefold()) if index == place else names[index]
                for index in range(len(words))
            ]
        )
    if not has_initials and PATRONYMIC.fullmatch(words[-1].casefold()) and all(names):
        found.append(list(names))
    return found


def _agreeing(words: Sequence[str], roles: Sequence[Readings]) -> Person | None:
    """Return the likeliest reading in which all words share gender and case."""
    best: tuple[tuple[int, int], Person] | None = None
    cases = dict.fromkeys(reading.case for readings in roles for reading in readings)
    for gender, case in product((MASCULINE, FEMININE), cases):
        chosen = [
            min(
                (reading for reading in readings if (reading.gender, reading.case) == (gender, case)),
                key=_doubt,
                default=None,
            )
            for readings in roles
            if readings
        ]
        if not chosen or None in chosen:
            continue
        told = [reading for reading in chosen if reading is not None]
        forms = iter(told)
        named = tuple(
            printed_like(word, next(forms).nominative) if readings else word
            for word, readings in zip(words, roles, strict=True)
        )
        person = Person(named, gender, case, sum(map(_doubt, told)))
        rank = (person.doubt, 0 if case == NOMINATIVE else 2 if case == ACCUSATIVE else 1)
        if best is None or rank < best[0]:
            best = (rank, person)
    return best[1] if best else None


def _doubt(reading: Surname) -> int:
    return reading.doubt


@lru_cache(maxsize=8192)
def _name_readings(word: str) -> Readings:
    """Return how a first name or patronymic may be declined."""
    found = []
    for form in forms_of(word):
        if "Name" not in form.marks and "Patr" not in form.marks:
            continue
        nominative = form.nominative(SINGULAR)
        if form.number != SINGULAR or nominative is None:
            continue
        genders = (form.gender,) if form.gender else (MASCULINE, FEMININE)
        found += [Surname(gender, form.case, nominative, 0) for gender in genders]
    return _with_rarity(found) or _patronymic_readings(word)


def _with_rarity(readings: Sequence[Surname]) -> tuple[Surname, ...]:
    """Doubt what hardly anybody is called: the dictionary knows «Эдуарда» and «Марин» as names, too."""
    men = {reading.nominative for reading in readings if reading.gender == MASCULINE}
    women = {reading.nominative for reading in readings if reading.gender == FEMININE}
    rare = set()
    for woman in women - MEN_AND_WOMEN:
        man = next((man for man in men if woman in (man + "а", man[:-1] + "я")), None)
        if man is not None:
            rare.add(man if woman in WOMEN_ONLY else woman)
    return tuple(reading._replace(doubt=RARE) if reading.nominative in rare else reading for reading in readings)


def _patronymic_readings(word: str) -> Readings:
    match = PATRONYMIC.fullmatch(word)
    if match is None:
        return ()
    if match["stem"]:
        cases = ("gent", "accs") if match["ending"] == "а" else (HIS_ENDINGS[match["ending"]],)
        return tuple(Surname(MASCULINE, case, match["stem"] + "ч", 0) for case in cases)
    cases = (*HER_ENDINGS[match["her"]], *(("gent", "datv", "loct") if match["her"] == "ой" else ()))
    return tuple(Surname(FEMININE, case, match["woman"] + "а", 0) for case in cases)


@lru_cache(maxsize=8192)
def _surname_readings(word: str) -> Readings:
    """Return how a surname may be declined: as the dictionary says, else by the rules."""
    found = []
    for form in forms_of(word):
        if "Surn" in form.marks and form.number == SINGULAR and (nominative := form.nominative(SINGULAR)):
            genders = (form.gender,) if form.gender else (MASCULINE, FEMININE)
            found += [Surname(gender, form.case, nominative, 0) for gender in genders]
    parts = word.split("-")
    if len(parts) > 1 and not found:
        return _double_surname(parts)
    known = {(reading.gender, reading.case) for reading in found}
    found += [
        reading._replace(doubt=reading.doubt + bool(known))
        for reading in surname_readings(word)
        if (reading.gender, reading.case) not in known
    ]
    return tuple(found)


def _double_surname(parts: Sequence[str]) -> Readings:
    """Return how «Салтыков-Щедрин» declines: both parts, or the last one only."""
    *first, last = parts
    found = []
    for reading in _surname_readings(last):
        heads = []
        for part in first:
            same = [
                other
                for other in _surname_readings(part)
                if (other.gender, other.case) == (reading.gender, reading.case)
            ]
            heads.append(min(same, key=_doubt).nominative if same else part)
        found.append(reading._replace(nominative="-".join((*heads, reading.nominative))))
    return tuple(found)
