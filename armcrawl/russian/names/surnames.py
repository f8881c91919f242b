"""The declension of surnames that are in no dictionary.

By the rules of the Russian grammar of 1980 (§ 1178 and following): surnames in -ов and -ин have an instrumental in -ым,
those in a consonant decline for men only, those in -о, -их and -ых never.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from armcrawl.russian.names.morphology import ACCUSATIVE, DATIVE, GENITIVE, INSTRUMENTAL, NOMINATIVE, PREPOSITIONAL

MASCULINE, FEMININE = "masc", "femn"
Endings = dict[str, tuple[str, ...]]

POSSESSIVE_STEM = re.compile(r"..(?:[оеё]в|[иы]н)$")
ADJECTIVE_STEM = re.compile(r"..(?:ск|цк|[нтжшчщлвдр])$")
HUSHING = tuple("жшчщц")
BACK = tuple("гкхжшчщ")

POSSESSIVE: dict[str, Endings] = {
    MASCULINE: {
        NOMINATIVE: ("",),
        GENITIVE: ("а",),
        ACCUSATIVE: ("а",),
        DATIVE: ("у",),
        INSTRUMENTAL: ("ым",),
        PREPOSITIONAL: ("е",),
    },
    FEMININE: {
        NOMINATIVE: ("а",),
        GENITIVE: ("ой",),
        ACCUSATIVE: ("у",),
        DATIVE: ("ой",),
        INSTRUMENTAL: ("ой", "ою"),
        PREPOSITIONAL: ("ой",),
    },
}
ADJECTIVAL: dict[str, Endings] = {
    MASCULINE: {
        NOMINATIVE: ("ий", "ый", "ой"),
        GENITIVE: ("ого", "его"),
        ACCUSATIVE: ("ого", "его"),
        DATIVE: ("ому", "ему"),
        INSTRUMENTAL: ("им", "ым"),
        PREPOSITIONAL: ("ом", "ем"),
    },
    FEMININE: {
        NOMINATIVE: ("ая", "яя"),
        GENITIVE: ("ой", "ей"),
        ACCUSATIVE: ("ую", "юю"),
        DATIVE: ("ой", "ей"),
        INSTRUMENTAL: ("ой", "ей"),
        PREPOSITIONAL: ("ой", "ей"),
    },
}
CONSONANT: Endings = {
    GENITIVE: ("а",),
    ACCUSATIVE: ("а",),
    DATIVE: ("у",),
    INSTRUMENTAL: ("ом", "ем"),
    PREPOSITIONAL: ("е",),
}
SOFT: Endings = {
    GENITIVE: ("я",),
    ACCUSATIVE: ("я",),
    DATIVE: ("ю",),
    INSTRUMENTAL: ("ем", "ём"),
    PREPOSITIONAL: ("е", "и"),
}
IN_A: Endings = {
    GENITIVE: ("ы", "и"),
    ACCUSATIVE: ("у",),
    DATIVE: ("е",),
    INSTRUMENTAL: ("ой", "ей"),
    PREPOSITIONAL: ("е",),
}
IN_YA: Endings = {
    GENITIVE: ("и",),
    ACCUSATIVE: ("ю",),
    DATIVE: ("е", "и"),
    INSTRUMENTAL: ("ей", "ёй"),
    PREPOSITIONAL: ("е", "и"),
}
NEVER_DECLINED = re.compile(r"(?:(?<![иыояе])е|[оёиуюыэ]|[иы]х|аго|ово)$")
LAST_CONSONANT = re.compile(r"[бвгджзклмнпрстфхцчшщ]$")


class Surname(NamedTuple):
    """A reading of a surname or first name; `doubt` is 0 for the commonest patterns, and 1 or 2 for rarer ones."""

    gender: str
    case: str
    nominative: str
    doubt: int


def surname_readings(word: str) -> list[Surname]:
    """Return all readings of a lower-case surname, the least doubtful first."""
    found = [
        *_possessive(word),
        *_adjectival(word),
        *_as_noun(word),
    ]
    if NEVER_DECLINED.search(word):
        found += [Surname(gender, case, word, 2) for gender in (MASCULINE, FEMININE) for case in CONSONANT]
        found += [Surname(gender, NOMINATIVE, word, 2) for gender in (MASCULINE, FEMININE)]
    return sorted(found, key=lambda surname: surname.doubt)


def _possessive(word: str) -> list[Surname]:
    return [
        Surname(gender, case, stem + endings[NOMINATIVE][0], 0)
        for gender, endings in POSSESSIVE.items()
        for case, stem in _stems(word, endings)
        if POSSESSIVE_STEM.search(stem)
    ]


def _adjectival(word: str) -> list[Surname]:
    found = []
    for gender, endings in ADJECTIVAL.items():
        for case, stem in _stems(word, endings):
            if not ADJECTIVE_STEM.search(stem):
                continue
            if case == NOMINATIVE:
                nominative = word
            elif gender == MASCULINE:
                nominative = stem + ("ий" if stem.endswith(BACK) else "ый")
            else:
                nominative = stem + "ая"
            found.append(Surname(gender, case, nominative, 0 if stem.endswith(("ск", "цк")) else 2))
    return found


def _as_noun(word: str) -> list[Surname]:
    found = []
    if LAST_CONSONANT.search(word):
        # Few surnames have the ending of an instrumental in the nominative.
        doubt = 2 if word.endswith(("ом", "ем", "ым", "им")) else 1
        found.append(Surname(MASCULINE, NOMINATIVE, word, doubt))
        found += [Surname(FEMININE, case, word, doubt) for case in (NOMINATIVE, *CONSONANT)]
    if word.endswith(("ь", "й")):
        found.append(Surname(MASCULINE, NOMINATIVE, word, 1))
        found += [Surname(FEMININE, case, word, 1) for case in (NOMINATIVE, *CONSONANT)]
    found += [
        Surname(MASCULINE, case, stem, 1)
        for case, stem in _stems(word, CONSONANT)
        if len(stem) > 1
        and LAST_CONSONANT.search(stem)
        and (not POSSESSIVE_STEM.search(stem) or case == INSTRUMENTAL)
        and (not word.endswith("ем") or stem.endswith(HUSHING))
    ]
    for case, stem in _stems(word, SOFT):
        if len(stem) > 1 and LAST_CONSONANT.search(stem):
            found.append(Surname(MASCULINE, case, stem + "ь", 1))
        elif len(stem) > 1:
            found.append(Surname(MASCULINE, case, stem + "й", 1))
    for nominative, endings in (("а", IN_A), ("я", IN_YA)):
        if word.endswith(nominative):
            found += [Surname(gender, NOMINATIVE, word, 1) for gender in (MASCULINE, FEMININE)]
        found += [
            Surname(gender, case, stem + nominative, 2)
            for gender in (MASCULINE, FEMININE)
            for case, stem in _stems(word, endings)
            if len(stem) > 1 and not POSSESSIVE_STEM.search(stem)
        ]
    return found


def _stems(word: str, endings: Endings) -> list[tuple[str, str]]:
    return [
        (case, word.removesuffix(ending) if ending else word)
        for case, possible in endings.items()
        for ending in possible
        if word.endswith(ending)
    ]
