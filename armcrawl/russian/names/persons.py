"""Names of persons: first name, patronymic, surname and initials agree in gender and case."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING

from armcrawl.russian.names.morphology import ACCUSATIVE, NOMINATIVE, SINGULAR, forms_of, printed_like
from armcrawl.russian.names.surnames import FEMININE, MASCULINE, Surname, surname_readings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

INITIALS = re.compile(r"(?:[А-ЯЁA-Z][а-яё]?\.-?)+")
# «фон», «де»: they stand small inside a name, and do not decline.
PARTICLES = frozenset("фон де ван дер ди да дю ле ла бин ибн оглы кызы эль аль".split())
CAPITALISED = re.compile(r"[А-ЯЁ][А-Яа-яЁё'’]+(?:-[А-Яа-яЁё'’]+)*")
PATRONYMIC = re.compile(
    r"(?P<stem>.*(?:[оеё]в|ь|[лмк]|ин|и)и)ч(?P<ending>|а|у|ем|е)|(?P<woman>.*(?:[оеё]в|и|ин)ич?н)(?P<her>а|ы|е|у|ой)"
)
HIS_ENDINGS = {"": "nomn", "а": "gent", "у": "datv", "ем": "ablt", "е": "loct"}
HER_ENDINGS = {"а": ("nomn",), "ы": ("gent",), "е": ("datv", "loct"), "у": ("accs",), "ой": ("ablt",)}
MIN_WORDS, MAX_WORDS = 2, 4
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
    if not MIN_WORDS <= len(words) <= MAX_WORDS:
        return None
    if not all(_is_fixed(word) or CAPITALISED.fullmatch(word) for word in words):
        return None
    names = [() if _is_fixed(word) else _name_readings(word.casefold()) for word in words]
    is_known_name = any(INITIALS.fullmatch(word) for word in words) or any(names)
    if all(map(_is_fixed, words)) or not (is_known_name or _may_be_foreign(words)):
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


def _is_fixed(word: str) -> bool:
    return word in PARTICLES or INITIALS.fullmatch(word) is not None


PLACE_OR_FIRM = frozenset({"Geox", "Orgn"})


def _may_be_foreign(words: Sequence[str]) -> bool:
    """Tell whether a name may be one that no dictionary has: it begins so, and nothing in it is another word's nominative."""
    first, *others = [
        [form for form in forms_of(word.casefold()) if form.is_known and not form.is_name and "Fixd" not in form.marks]
        for word in words
        if not _is_fixed(word)
    ]
    if any(len(word) > 1 and word.isupper() for word in words):
        return False
    return not first and not any(
        form.is_adjective or form.case == NOMINATIVE or PLACE_OR_FIRM & form.marks for forms in others for form in forms
    )


Readings = tuple[Surname, ...]

# Women's names beside which the man's of the same stem is hardly met («Марина» and «Марин»).
WOMEN_ONLY = frozenset(
    "раиса олеся марина кира людмила яна серафима юлия антонина карина полина рената камила эмилия мария диана злата лина "
    "дина алина регина нина ирина инна снежана милана ульяна светлана альбина эльвира элина арина василиса ксения анастасия "
    "клавдия эльмира фарида зоя наиля альфия гульнара зульфия лилия розалия виолетта флора вера надежда любовь виктория лидия наталия анна паулина августина кристина сабина эвелина жанна снежана роза клара леонида".split()
)
HARDLY_MET = frozenset({"игор"})
# Names that men and women bear alike, but for the ending.
MEN_AND_WOMEN = frozenset(
    "александра валентина евгения валерия станислава владислава ярослава мирослава богдана руслана".split()
)


def _roles(words: Sequence[str], names: Sequence[Readings]) -> Iterator[list[Readings]]:
    """Yield how each word may be read: the surname stands first or last, or there is none («Анна Сергеевна»)."""
    places = [index for index, word in enumerate(words) if not _is_fixed(word)]
    for place in dict.fromkeys((places[0], places[-1])):
        others = [index for index in places if index != place]
        if any(names[index] for index in others) or len(others) < len(words) - 1 or _may_be_foreign(words):
            yield [
                _surname_readings(words[index].casefold())
                if index == place
                else names[index] or _rare_name(words[index])
                if index in others
                else ()
                for index in range(len(words))
            ]
    if len(places) == len(words) and PATRONYMIC.fullmatch(words[-1].casefold()) and all(names):
        yield list(names)


def _rare_name(word: str) -> Readings:
    """Return how a first name that no dictionary has may be declined: as surnames are."""
    readings = _surname_readings(word.casefold())
    return tuple(reading._replace(doubt=reading.doubt + 1) for reading in readings)


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
        known = [reading for reading in chosen if reading is not None]
        forms = iter(known)
        named = tuple(
            printed_like(word, next(forms).nominative) if readings else word
            for word, readings in zip(words, roles, strict=True)
        )
        person = Person(named, gender, case, sum(map(_doubt, known)))
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
    if "-" in word:
        return _double_name(word)
    forms = forms_of(word)
    is_declined = any("Name" in form.marks and "Fixd" not in form.marks for form in forms)
    for form in forms:
        if not form.is_known or ("Name" not in form.marks and "Patr" not in form.marks):
            continue
        nominative = form.nominative(SINGULAR)
        if form.number != SINGULAR or nominative is None:
            continue
        genders = (form.gender,) if form.gender else (MASCULINE, FEMININE)
        # «Анне» is a name of its own somewhere, but here it is «Анна» in the dative.
        doubt = RARE if nominative in HARDLY_MET or ("Fixd" in form.marks and is_declined) else 0
        found += [Surname(gender, form.case, nominative, doubt) for gender in genders]
    return _with_rarity(found) or _patronymic_readings(word)


def _double_name(word: str) -> Readings:
    """Return how «Жан-Люк» declines: each part as a name."""
    first, _, last = word.partition("-")
    found = []
    for one in _name_readings(first):
        same = (other for other in _name_readings(last) if (other.gender, other.case) == (one.gender, one.case))
        found += [one._replace(nominative=f"{one.nominative}-{other.nominative}") for other in same]
    return tuple(found)


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
        if (
            "Surn" in form.marks
            and form.is_known
            and form.number == SINGULAR
            and (nominative := form.nominative(SINGULAR))
        ):
            genders = (form.gender,) if form.gender else (MASCULINE, FEMININE)
            found += [Surname(gender, form.case, nominative, 0) for gender in genders]
    parts = word.split("-")
    if len(parts) > 1 and not found:
        return _double_surname(parts)
    if not found:
        return tuple(_sounder(surname_readings(word)))
    known = {(reading.gender, reading.case) for reading in found}
    found += [
        reading._replace(doubt=reading.doubt + bool(known))
        for reading in surname_readings(word)
        if (reading.gender, reading.case) not in known
    ]
    return tuple(found)


def _sounder(readings: Sequence[Surname]) -> Iterator[Surname]:
    """Doubt «Дизел» where «Дизель» is a word."""
    words = {reading.nominative for reading in readings if any(form.is_known for form in forms_of(reading.nominative))}
    for reading in readings:
        yield reading._replace(doubt=reading.doubt + (bool(words) and reading.nominative not in words))


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
