"""Names of persons: first name, patronymic and surname agree in gender and case."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from armcrawl.russian.names.dictionary_surnames import dictionary_surname_readings
from armcrawl.russian.names.first_names import (
    FOREIGN_VOWEL,
    PATRONYMIC,
    first_name_readings,
    rare_name_readings,
)
from armcrawl.russian.names.morphology import ACCUSATIVE, NOMINATIVE, PREPOSITIONAL, forms_of, printed_like
from armcrawl.russian.names.phrase_heads import NAMED
from armcrawl.russian.names.surnames import FEMININE, MASCULINE, SURELY_FIXED, NameReading, doubt_of, surname_readings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from armcrawl.russian.names.surnames import Readings

INITIALS = re.compile(r"(?:[А-ЯЁA-Z][а-яё]?\.-?)+")
# Particles inside a name, which have small letters and do not decline.
PARTICLES = frozenset("фон де ван дер ди да дю ле ла бин ибн оглы кызы эль аль".split())
CAPITALISED = re.compile(r"[А-ЯЁ][А-Яа-яЁё'’]+(?:-[А-Яа-яЁё'’]+)*")
# Words of a name: first name, patronymic, a particle and the surname at most.
MIN_WORDS, MAX_WORDS = 2, 4
# Readings of a word in one gender and case: the likeliest, and the next.
RIVALS = 2
# The margin of a name without a rival, the margin from which a name is sure, and the doubt from which none is.
FAR, SURE_MARGIN, MAX_DOUBT = 9, 2, 4
# The confidence, from 0 to 1, in a name of the commonest patterns, in others, in one that has a near rival or is of
# rare patterns, and in one with a rival as good.
CERTAIN, LIKELY, UNSURE, EITHER = 1.0, 0.9, 0.8, 0.7
# The endings of foreign surnames that do not decline; those in -ги and -е may also be cases: «Драги», «Вестервелле».
FOREIGN_SURNAME = re.compile(r"(?<![оеё]в)(?<![иы]н)(?:(?<![оеё]г)о|(?<!и)и|[еэё])$")
FOREIGN_ONLY = re.compile(r"[^гкхжшчщ]и$")
# Marks of words that are no surnames.
PLACE_OR_FIRM = frozenset({"Geox", "Orgn"})
# Chinese, Korean and Vietnamese surnames, which stand first and do not decline before the rest of the name.
EASTERN = frozenset(
    "Бо Ван Дай Жуань Жэнь Кун Лай Лэй Ляо Мэн Пэй Сян Тань Тао Хоу Цуй Шао Яо Вэй Вэнь Гао Го Ду Дун Дэн Ду Дин Ким Ко Кан Ли Лу Лю Люй Лян Ло Линь Ма Мао Мун Нгуен Пак Пан Пань Пэн Се Си Су Сунь Сун Сюй Сюэ Сяо "
    "Тан Тянь У Фам Фань Фу Фэн Хань Хо Ху Хуан Хэ Цай Цао Цзинь Цзян Цзэн Цзя Цинь Цой Чан Чжан Чжао Чжоу Чжу Чжун Чжэн Чо Чон "
    "Чхве Чэн Чэнь Шень Ши Шэнь Юань Юй Юн Янь".split()
)


@dataclass(frozen=True, slots=True)
class Person:
    """A person's name in the nominative, the case in which it was printed, and the confidence in it, from 0 to 1."""

    words: tuple[str, ...]
    case: str
    confidence: float


class Candidate(NamedTuple):
    """What the words of a name may be: a reading of each, None of those that do not decline.

    `doubt` is 0 if every word follows the commonest pattern.
    """

    doubt: int
    gender: str
    case: str
    readings: Sequence[NameReading | None]

    @property
    def rank(self) -> tuple[int, int, bool]:
        """Return the rank among all candidates, the least first."""
        return self.doubt, *_rank(self.gender, self.case)

    @property
    def nominatives(self) -> list[str]:
        """Return the declining words in the nominative, е for ё."""
        return [reading.nominative.replace("ё", "е") for reading in self.readings if reading]


@lru_cache(maxsize=4096)  # the persons of a few months
def read_person(words: tuple[str, ...], case: str | None = None) -> Person | None:
    """Return the person whom the words name, in that case if one is told, or None if they are no name of a person."""
    if not MIN_WORDS <= len(words) <= MAX_WORDS:
        return None
    if not all(_is_fixed(word) or CAPITALISED.fullmatch(word) for word in words):
        return None
    if any(form.is_noun and form.lemma in NAMED for form in forms_of(words[0].casefold())):
        # «Группа Астра» is no Group, son of Astr.
        return None
    # «Ли Анна» is no Chinese name, «Пан Ги Мун» is Korean.
    if words[0] in EASTERN and (len(words) == MAX_WORDS - 1 or not first_name_readings(words[-1].casefold())):
        return _eastern(words)
    names = [() if _is_fixed(word) else first_name_readings(word.casefold()) for word in words]
    is_known_name = any(INITIALS.fullmatch(word) for word in words) or any(names)
    if all(map(_is_fixed, words)) or not (is_known_name or _may_be_foreign(words)):
        return None
    if _is_foreign(words, names):
        is_sure = SURELY_FIXED.search(words[-1]) or FOREIGN_ONLY.search(words[-1])
        return Person(words, NOMINATIVE, LIKELY if is_sure else UNSURE)
    found = [
        candidate for roles in _roles(words, names) for candidate in _agreeing(roles) if case in (None, candidate.case)
    ]
    return _chosen(words, found) if found else None


def _chosen(words: Sequence[str], candidates: Sequence[Candidate]) -> Person:
    """Return the person of the least doubtful candidate; how much more doubt there is about the next name tells how sure."""
    best = min(candidates, key=lambda candidate: candidate.rank)
    nominatives = best.nominatives
    rivals = (candidate.doubt for candidate in candidates if candidate.nominatives != nominatives)
    margin = min(rivals, default=FAR) - best.doubt
    if margin < max(SURE_MARGIN, best.doubt):
        confidence = UNSURE if margin else EITHER
    else:
        confidence = CERTAIN if best.doubt == 0 else LIKELY if best.doubt < MAX_DOUBT else UNSURE
    named = (
        printed_like(word, reading.nominative) if reading else word
        for word, reading in zip(words, best.readings, strict=True)
    )
    return Person(tuple(named), best.case, confidence)


def _is_fixed(word: str) -> bool:
    return word in PARTICLES or INITIALS.fullmatch(word) is not None


def _is_foreign(words: Sequence[str], names: Sequence[Readings]) -> bool:
    """Tell whether two names end in vowels of foreign names, and so do not decline: «Марио Драги», «Гвидо Вестервелле»."""
    first, last = words[0].casefold(), words[-1].casefold()
    return (
        len(words) == MIN_WORDS
        and not any(map(_is_fixed, words))
        and FOREIGN_VOWEL.search(first) is not None
        and all(reading.nominative == first for reading in names[0])
        and FOREIGN_SURNAME.search(last) is not None
        and not names[-1]
    )


def _eastern(words: tuple[str, ...]) -> Person | None:
    """Return a person whose surname stands first: «Си Цзиньпина», «Ким Чен Ына»; only the last word declines."""
    *first, last = words
    # Those in a vowel do not decline: «Чан Кайши».
    found = min(
        (
            reading
            for reading in surname_readings(last.casefold())
            if reading.gender == MASCULINE and not reading.nominative.endswith(("а", "я"))
        ),
        key=lambda reading: (reading.doubt, *_rank(reading.gender, reading.case)),
        default=None,
    )
    return found and Person((*first, printed_like(last, found.nominative)), found.case, LIKELY)


def _may_be_foreign(words: Sequence[str]) -> bool:
    """Tell whether no dictionary knows the first word, and no later word is an adjective, a place or a nominative."""
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


def _roles(words: Sequence[str], names: Sequence[Readings]) -> Iterator[list[Readings]]:
    """Yield the possible readings of all words: the surname is first or last, or missing («Анна Сергеевна»)."""
    places = [index for index, word in enumerate(words) if not _is_fixed(word)]
    for place in dict.fromkeys((places[-1], places[0])):
        others = [index for index in places if index != place]
        if not (any(names[index] for index in others) or len(others) < len(words) - 1 or _may_be_foreign(words)):
            continue
        roles: list[Readings] = [()] * len(words)
        roles[place] = dictionary_surname_readings(words[place].casefold())
        if place != places[-1] and names[place]:
            # A first name stands rather before the surname: «Анны Данте».
            roles[place] = tuple(reading._replace(doubt=reading.doubt + 1) for reading in roles[place])
        for index in others:
            roles[index] = names[index] or rare_name_readings(words[index])
        if all(roles[index] for index in places):
            yield roles
    if len(places) == len(words) and PATRONYMIC.fullmatch(words[-1].casefold()) and all(names):
        yield list(names)


def _agreeing(roles: Sequence[Readings]) -> Iterator[Candidate]:
    """Yield the readings in which all words agree in gender and case: the least doubtful one, and its rivals."""
    tables = [_by_gender_and_case(readings) if readings else None for readings in roles]
    filled = [table for table in tables if table is not None]
    for key in filled[0] if filled else ():
        if not all(key in table for table in filled):
            continue
        gender, case = key
        choices = [table[key] if table else [] for table in tables]
        best = [choice[0] if choice else None for choice in choices]
        doubt = sum(reading.doubt for reading in best if reading) + (case == PREPOSITIONAL)
        yield Candidate(doubt, gender, case, best)
        # A rival differs in one word; where two are doubtful, one of them is doubt enough.
        for index, choice in enumerate(choices):
            for other in choice[1:]:
                rival = [*best[:index], other, *best[index + 1 :]]
                yield Candidate(doubt + other.doubt - choice[0].doubt, gender, case, rival)


@lru_cache(maxsize=8192)
def _by_gender_and_case(readings: Readings) -> dict[tuple[str, str], list[NameReading]]:
    """Return the two least doubtful nominatives for each gender and case."""
    found: dict[tuple[str, str], list[NameReading]] = {}
    for reading in sorted(readings, key=doubt_of):
        same = found.setdefault((reading.gender, reading.case), [])
        if len(same) < RIVALS and all(reading.nominative != other.nominative for other in same):
            same.append(reading)
    return found


def _rank(gender: str, case: str) -> tuple[int, bool]:
    """Return the rank of equally doubtful readings: nominatives first, the accusative, the rarest case, last."""
    return 0 if case == NOMINATIVE else 2 if case == ACCUSATIVE else 1, gender == FEMININE
