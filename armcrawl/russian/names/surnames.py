"""The declension of surnames that are in no dictionary.

By the rules of the Russian grammar of 1980 (§ 1178 and following): surnames in -ов and -ин have an instrumental in -ым,
those in a consonant decline for men only, those in -о, -их and -ых never.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from armcrawl.russian.names.morphology import ACCUSATIVE, DATIVE, GENITIVE, INSTRUMENTAL, NOMINATIVE, PREPOSITIONAL

MASCULINE, FEMININE, NEUTER = "masc", "femn", "neut"
# The cases that each ending is of.
Endings = dict[str, tuple[str, ...]]
MAX_ENDING_LENGTH = 3

POSSESSIVE_STEM = re.compile(r"..(?:[оеё]в|[иы]н)$")
ADJECTIVE_STEM = re.compile(r"..(?:ск|цк|[нтжшчщлвдр])$")
# Characters from which a word in -ой is an adjective, which women do not bear undeclined, as «Цой» is not, and one in
# -ом a case, as «Лом» is not.
MIN_ADJECTIVE = 5
# What nothing but an adjective ends in; a man's dative looks like that of a surname in -ом, which hardly any is.
ADJECTIVE = re.compile(r"(?:[ое]го|[ое]му|ая|яя|ую|юю|[нжшчщ]ой|[жшчщ](?:ей|им))$")
HUSHING = tuple("жшчщц")
BACK = tuple("гкхжшчщ ")
LABIAL = tuple("бвмпф")
# The endings of adjectives such as «Летний»; «Летным» would be of «Летный».
SOFT_ADJECTIVE = re.compile(r"(?:его|ему|им|ем|ей|юю)$")
# Stems of the few surnames in -ской that are no words: others have -ский.
IN_SKOY = ("крамск", "шаховск", "трубецк")
# Stems of surnames in -овой and -евой that are no words: of others «Ивановым» is the instrumental of «Иванов».
IN_OVOY = ("ланов", "гулев")
# Few surnames have the ending of an instrumental or of an adjective in the nominative: «Лом».
LIKE_AN_ENDING = ("ом", "ем", "ым", "им")
# The ends of Japanese surnames, of which hardly one is a case: «Кисида».
JAPANESE = re.compile(r"..(?:сида|[дг]зава|[гсд]ава|сима|мура|яма|нака|суда|руда|кура|вара|сиба|рита|суга|дзука|саки)$")
# What hardly a word ends in: «Тесла» is no case of «Тесл».
UNSPOKEN = re.compile(r"[бгджзкпстфхцчшщ][лмнр]$")
# Stems of surnames in -ец, whose vowel is there in the nominative only: «Коломийца», «Стрельца». Others that lose one
# («Воробья», «Сверчка») are words of the dictionary.
FLEETING = re.compile(r"(?<=[аеёиоуыэюя])йц$|(?<=[бвгджзклмнпрстфхчшщ])ь?ц$")
# Surnames of one syllable in -ц are German and keep it: «Шульца», «Франца».
GERMAN = re.compile(r"[^аеёиоуыэюя]*[аеёиоуыэюя](?:[рнт]|ль)?ц$")

OBLIQUE = (GENITIVE, ACCUSATIVE, DATIVE, INSTRUMENTAL, PREPOSITIONAL)
POSSESSIVE_NOMINATIVE = {MASCULINE: "", FEMININE: "а"}
POSSESSIVE: dict[str, Endings] = {
    MASCULINE: {
        "": (NOMINATIVE,),
        "а": (GENITIVE, ACCUSATIVE),
        "у": (DATIVE,),
        "ым": (INSTRUMENTAL,),
        "е": (PREPOSITIONAL,),
    },
    FEMININE: {
        "а": (NOMINATIVE,),
        "ой": (GENITIVE, DATIVE, INSTRUMENTAL, PREPOSITIONAL),
        "у": (ACCUSATIVE,),
        "ою": (INSTRUMENTAL,),
    },
}
ADJECTIVAL: dict[str, Endings] = {
    MASCULINE: {
        "ий": (NOMINATIVE,),
        "ый": (NOMINATIVE,),
        "ой": (NOMINATIVE,),
        "ого": (GENITIVE, ACCUSATIVE),
        "его": (GENITIVE, ACCUSATIVE),
        "ому": (DATIVE,),
        "ему": (DATIVE,),
        "им": (INSTRUMENTAL,),
        "ым": (INSTRUMENTAL,),
        "ом": (PREPOSITIONAL,),
        "ем": (PREPOSITIONAL,),
    },
    FEMININE: {
        "ая": (NOMINATIVE,),
        "яя": (NOMINATIVE,),
        "ой": (GENITIVE, DATIVE, INSTRUMENTAL, PREPOSITIONAL),
        "ей": (GENITIVE, DATIVE, INSTRUMENTAL, PREPOSITIONAL),
        "ую": (ACCUSATIVE,),
        "юю": (ACCUSATIVE,),
    },
}
CONSONANT: Endings = {
    "а": (GENITIVE, ACCUSATIVE),
    "у": (DATIVE,),
    "ом": (INSTRUMENTAL,),
    "ем": (INSTRUMENTAL,),
    "е": (PREPOSITIONAL,),
}
SOFT: Endings = {
    "я": (GENITIVE, ACCUSATIVE),
    "ю": (DATIVE,),
    "ем": (INSTRUMENTAL,),
    "ём": (INSTRUMENTAL,),
    "е": (PREPOSITIONAL,),
    "и": (PREPOSITIONAL,),
}
IN_A: Endings = {
    "ы": (GENITIVE,),
    "и": (GENITIVE,),
    "у": (ACCUSATIVE,),
    "е": (DATIVE, PREPOSITIONAL),
    "ой": (INSTRUMENTAL,),
    "ей": (INSTRUMENTAL,),
}
IN_YA: Endings = {
    "и": (GENITIVE, DATIVE, PREPOSITIONAL),
    "ю": (ACCUSATIVE,),
    "е": (DATIVE, PREPOSITIONAL),
    "ей": (INSTRUMENTAL,),
    "ёй": (INSTRUMENTAL,),
}
# The plural of a family in any case but the nominative; «Черных» may be a surname that does not decline.
FAMILY = re.compile(r"(..+(?:[оеё]в|[иы]н))ы(?:х|м|ми)|(..+[сц]к)и(?:х|м|ми)|(..+[нткдлжшчщ])[ыи]ми?")
# The same of surnames that are nouns: «Ротенбергов», «Ковальчуками».
FAMILY_OF_NOUN = re.compile(r"(..+[бвгджзклмнпрстфхчшщ])(?:ов|ей|ам|ами|ах)")
NEVER_DECLINED = re.compile(
    r"(?:(?<![иыояе])е|(?<![ое]г)о|(?<!и)и|(?<![ое]м)у|(?<![иь])ю|[ёэ]|[гк]у?лы|глу|кызы|^[бвгджзклмнпрстфхцчшщ]{1,2}[ая]|[иы]х|аго|ово)$"
)
# Of these hardly one is a case of another surname, and of those most are: «Хрущёву», «Шульги».
SURELY_FIXED = re.compile(r"(?:о|э|ё|[иы]х|швили|дзе|иани|ели|глу|^..?[ая]|[гк]у?лы|кызы|[аеёиоуыэюя]у)$")
MORE_OFTEN_DECLINED = re.compile(r"(?:[бвгджзклмнпрстфхцчшщ]у|[гкхжчшщ]и)$")
LAST_CONSONANT = re.compile(r"[бвгджзклмнпрстфхцчшщ]$")


class NameReading(NamedTuple):
    """A reading of a surname or first name; `doubt` is 0 for the commonest patterns, and 1 or 2 for rarer ones."""

    gender: str
    case: str
    nominative: str
    doubt: int


Readings = tuple[NameReading, ...]


def doubt_of(reading: NameReading) -> int:
    """Return the doubt about a reading, by which they are sorted."""
    return reading.doubt


def surname_readings(word: str) -> list[NameReading]:
    """Return all readings of a lower-case surname, the least doubtful first."""
    found = [
        *_possessive(word),
        *_adjectival(word),
        *_as_noun(word),
    ]
    if NEVER_DECLINED.search(word):
        doubt = 1 if SURELY_FIXED.search(word) else 4 if MORE_OFTEN_DECLINED.search(word) else 2
        # «Гурбангулы», «Мамед-оглы» are men's.
        genders = (MASCULINE,) if word.endswith("лы") else (MASCULINE, FEMININE)
        found += [NameReading(gender, case, word, doubt) for gender in genders for case in (NOMINATIVE, *OBLIQUE)]
    return sorted(found, key=doubt_of)


def family_name(word: str) -> str | None:
    """Return the nominative of a lower-case surname in the plural («Стругацких»), or None if it is none."""
    if match := FAMILY.fullmatch(word):
        stem = match[1] or match[2] or match[3]
        return stem + ("ы" if match[1] else "ие" if stem.endswith(BACK) else "ые")
    if match := FAMILY_OF_NOUN.fullmatch(word):
        return match[1] + ("и" if match[1].endswith(BACK) else "ы")
    return None


def _possessive(word: str) -> list[NameReading]:
    return [
        NameReading(gender, case, stem + POSSESSIVE_NOMINATIVE[gender], 2 if stem in IN_OVOY else 0)
        for gender, endings in POSSESSIVE.items()
        for case, stem in _stems(word, endings)
        if POSSESSIVE_STEM.search(stem)
    ]


def _adjectival(word: str) -> list[NameReading]:
    found = []
    doubt = 1 if ADJECTIVE.search(word) else 2
    for gender, endings in ADJECTIVAL.items():
        for case, stem in _stems(word, endings):
            if not ADJECTIVE_STEM.search(stem) or stem.endswith(("ин", "ын")):
                continue
            nominative = word if case == NOMINATIVE else stem + _adjectival_ending(gender, stem, word)
            found.append(
                NameReading(gender, case, nominative, 0 if stem.endswith(("ск", "цк")) or stem in IN_OVOY else doubt)
            )
    return found


def _adjectival_ending(gender: str, stem: str, word: str) -> str:
    """Return the ending of the nominative of an adjective: «Летнего» is «Летний», «Грозного» is «Грозный»."""
    is_soft = SOFT_ADJECTIVE.search(word) is not None and not stem.endswith(BACK)
    if gender == FEMININE:
        return "яя" if is_soft else "ая"
    # Of unknown ones those in -овой («Лановой») are commoner than those in -овый.
    if stem.endswith(("ов", "ев", *IN_SKOY)):
        return "ой"
    return "ий" if is_soft or stem.endswith(BACK) else "ый"


def _as_noun(word: str) -> list[NameReading]:
    found = []
    if LAST_CONSONANT.search(word) or word.endswith(("ь", "й")):
        doubt = 1 if not word.endswith(LIKE_AN_ENDING) else 2 if len(word) < MIN_ADJECTIVE else 3
        found.append(NameReading(MASCULINE, NOMINATIVE, word, doubt))
        if not word.endswith("ой") or len(word) < MIN_ADJECTIVE:
            found += [NameReading(FEMININE, case, word, doubt) for case in (NOMINATIVE, *OBLIQUE)]
    found += [
        NameReading(MASCULINE, case, _with_vowel(stem), _doubt_of_consonant(stem, word))
        for case, stem in _stems(word, CONSONANT)
        if len(stem) > 1
        and LAST_CONSONANT.search(stem)
        and (not POSSESSIVE_STEM.search(stem) or case == INSTRUMENTAL)
        and (not word.endswith("ем") or stem.endswith(HUSHING))
    ]
    for case, stem in _stems(word, SOFT):
        # Only those in -ий have a prepositional in -и: «Юрии».
        if len(stem) > 1 and not stem.endswith((*BACK, "ц", "ь")) and (not word.endswith("и") or stem.endswith("и")):
            last = "ь" if LAST_CONSONANT.search(stem) else "й"
            # A prepositional in -е is rather of a hard consonant: «Джоне».
            found.append(NameReading(MASCULINE, case, stem + last, 2 if last == "ь" and case == PREPOSITIONAL else 1))
    return found + _in_a(word)


def _doubt_of_consonant(stem: str, word: str) -> int:
    return 3 if stem.endswith(LIKE_AN_ENDING) or UNSPOKEN.search(stem) or JAPANESE.search(word) else 1


def _in_a(word: str) -> list[NameReading]:
    """Return the readings of surnames in -а and -я, which men and women share."""
    found = []
    for nominative, endings in (("а", IN_A), ("я", IN_YA)):
        if word.endswith(nominative):
            # «Байдена» is rather the genitive of a man.
            found += [NameReading(gender, NOMINATIVE, word, 2) for gender in (MASCULINE, FEMININE)]
        for case, stem in _stems(word, endings):
            if len(stem) > 1 and _is_spelt(stem, word, nominative):
                doubt = _doubt_in_a(stem, word, nominative)
                found += [NameReading(gender, case, stem + nominative, doubt) for gender in (MASCULINE, FEMININE)]
    return found


def _doubt_in_a(stem: str, word: str, nominative: str) -> int:
    # «Скорины» is rarer than a case of «Скорин», «Гали» rather a name that does not decline than a case of «Галя».
    is_rare = POSSESSIVE_STEM.search(stem) or (nominative == "я" and word.endswith("и") and not stem.endswith("и"))
    return 3 if is_rare else 2


def _is_spelt(stem: str, word: str, nominative: str) -> bool:
    """Tell whether such a stem and ending are written so: «Лозы», «Шульги», «Гущей», «Берией»; no «Шульгя», «Берия»."""
    if nominative == "я":
        return not stem.endswith((*BACK, *LABIAL))
    if stem.endswith("и") or word.endswith(("ому", "ему")):
        return False
    if word.endswith("ей"):
        return stem.endswith(HUSHING)
    return word[-1] not in "ыи" or stem.endswith(BACK) == word.endswith("и")


def _with_vowel(stem: str) -> str:
    """Return a stem with the vowel that it has in the nominative only, or as it is."""
    return stem if GERMAN.fullmatch(stem) else FLEETING.sub("ец", stem)


def _stems(word: str, endings: Endings) -> list[tuple[str, str]]:
    """Return each case with a stem that the word may have in it."""
    found = []
    for place in range(len(word), max(-1, len(word) - MAX_ENDING_LENGTH - 1), -1):
        if cases := endings.get(word[place:]):
            found += [(case, word[:place]) for case in cases]
    return found
