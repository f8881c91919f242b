"""First names and patronymics, and the cases that a word may be of one."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from armcrawl.russian.names.dictionary_surnames import dictionary_surname_readings
from armcrawl.russian.names.morphology import NOMINATIVE, SINGULAR, forms_of
from armcrawl.russian.names.surnames import FEMININE, MASCULINE, OBLIQUE, NameReading, surname_readings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from armcrawl.russian.names.surnames import Readings

PATRONYMIC = re.compile(
    r"(?P<stem>.*(?:[оеё]в|ь|[лмк]|ин|и)и)ч(?P<ending>|а|у|ем|е)|(?P<woman>.*(?:[оеё]в|ич)н)(?P<her>а|ы|е|у|ой)"
)
HIS_ENDINGS = {"": "nomn", "а": "gent", "у": "datv", "ем": "ablt", "е": "loct"}
HER_ENDINGS = {"а": ("nomn",), "ы": ("gent",), "е": ("datv", "loct"), "у": ("accs",), "ой": ("ablt",)}
# The doubt about a rare first name: more than that about any pattern of a surname (2 at most).
RARE = 3
# Of first names of one stem the dictionary has far more for men and for women than anybody bears («Алл», «Марин»,
# «Эдуарда»), without telling how common each is. The man's is taken for the commoner, but for these:
WOMEN_ONLY = frozenset(
    "августина аврора аделия аза азалия алевтина алеся алина алла алия альбина альмира альфия альфира амелия анастасия анжела "
    "анжелина анисия анна антонина анфиса арина асия венера вера виктория виолетта галина галия гелия герда глафира гульнара "
    "дана дарина дария диана диляра дина евдокия евлампия елизавета ефросиния жанна зарина злата зоя зульфия "
    "инара инна ираида ирина камилла карина кира клавдия клара кристина ксения лада лариса лейла леся лидия лилия лина лия луиза "
    "людмила мадина майя малика марина мария марлена мелания мила милана надежда наргиза наталия неля нигара ника нина оксана "
    "октябрина олеся оливера павлина паула полина раиса римма рина роза розалия румия сабина светлана серафима сильвия "
    "снежана софия стефания сюзанна таисия тамара ульяна устина фаина фируза флора флюра франциска фрида эвелина элина "
    "элла эллина эльвира эльза эльмира эмилия эмма юлиана юлия яна ярина любовь".split()
)
# Names that the dictionary has beside far commoner ones: «Игорь», «Галя», «Данила».
HARDLY_MET = frozenset({"акир", "игор", "гала", "галей", "гали", "даниль", "даниля"})
# Women's names for which the man's name of the same stem is as common.
MEN_AND_WOMEN = frozenset(
    "александра валентина валерия илона владислава богдана евгения замира зиновия ильмира фарида саида эльнура камила камиля мирослава наиля рената "
    "руслана станислава ярослава".split()
)
# The endings of foreign first names that do not decline.
FOREIGN_VOWEL = re.compile(r"(?:[оэё]|[^гкхи]и)$")
# Women's first names that do not decline, which the dictionary lacks, or has for men or as cases of others: «Нелля».
FIXED_NAMES = frozenset(
    "айнур амели бетти вики гульназ дженни джейн жасмин кейт китти лейсан лили люси ляйсан мари мишель молли натали нелли нэлли полли салли сауле "
    "софи хлои элли эмили энн эшли юли".split()
)
# First names that the dictionary lacks, or has as names of places only, by gender.
OTHER_NAMES = {
    "masc": frozenset(
        "акира ара бидзина газинур дастан ерлан зелимхан илон ильфат карел карлос касым махатма насим нарендра никол никола узеир флорид юха".split()
    ),
    "femn": frozenset(
        "амина асия виргиния дарига доминика зулейха камала лиана нора софия урсула хадижа эрика".split()
    ),
}
# By which a word that is none of these is told apart soon: each has more letters.
LENGTH_OF_BEGINNING = 2
BEGINNINGS = frozenset(name[:LENGTH_OF_BEGINNING] for names in OTHER_NAMES.values() for name in names)
CASES_OF_NAMES = (NOMINATIVE, *OBLIQUE)


@lru_cache(maxsize=8192)
def first_name_readings(word: str) -> Readings:
    """Return the readings of a first name or patronymic, none if it is neither."""
    if "-" in word:
        return _double_name(word)
    if word in FIXED_NAMES:
        return tuple(NameReading(FEMININE, case, word, 0) for case in CASES_OF_NAMES)
    others = surname_readings(word) if word[:LENGTH_OF_BEGINNING] in BEGINNINGS else ()
    added = tuple(reading._replace(doubt=0) for reading in others if reading.nominative in OTHER_NAMES[reading.gender])
    found = []
    forms = forms_of(word)
    is_declined = any("Name" in form.marks and "Fixd" not in form.marks and form.number == SINGULAR for form in forms)
    for form in forms:
        if not form.is_known or ("Name" not in form.marks and "Patr" not in form.marks):
            continue
        nominative = form.nominative(SINGULAR)
        if form.number != SINGULAR or nominative is None:
            continue
        genders = (form.gender,) if form.gender else (MASCULINE, FEMININE)
        # «Анне» exists as an indeclinable name, but here it is rather «Анна» in the dative.
        doubt = RARE if nominative in HARDLY_MET or ("Fixd" in form.marks and is_declined) else 0
        found += [NameReading(gender, form.case, nominative, doubt) for gender in genders]
    return (*added, *_with_rarity(found)) or _patronymic_readings(word)


def _double_name(word: str) -> Readings:
    """Return the readings of a double first name («Жан-Люк»), in which both parts decline, or the last one."""
    first, _, last = word.partition("-")
    found = []
    for one in first_name_readings(first):
        same = (other for other in first_name_readings(last) if (other.gender, other.case) == (one.gender, one.case))
        found += [one._replace(nominative=f"{one.nominative}-{other.nominative}") for other in same]
    if not found and first_name_readings(first):
        found = [one._replace(nominative=f"{first}-{one.nominative}", doubt=1) for one in first_name_readings(last)]
    return tuple(found)


def _with_rarity(readings: Sequence[NameReading]) -> tuple[NameReading, ...]:
    """Return the readings with more doubt about rare names, such as «Эдуарда» and «Марин», which the dictionary has."""
    men = {reading.nominative.replace("ё", "е") for reading in readings if reading.gender == MASCULINE}
    women = {reading.nominative for reading in readings if reading.gender == FEMININE}
    rare = set()
    for woman in women - MEN_AND_WOMEN:
        man = next((man for man in men if woman in (man + "а", man[:-1] + "я")), None)
        if man is not None:
            rare.add(man if woman in WOMEN_ONLY else woman)
    return tuple(
        reading._replace(doubt=RARE) if reading.nominative.replace("ё", "е") in rare else reading
        for reading in readings
    )


def _patronymic_readings(word: str) -> Readings:
    match = PATRONYMIC.fullmatch(word)
    if match is None:
        return ()
    if match["stem"]:
        cases = ("gent", "accs") if match["ending"] == "а" else (HIS_ENDINGS[match["ending"]],)
        return tuple(NameReading(MASCULINE, case, match["stem"] + "ч", 0) for case in cases)
    cases = (*HER_ENDINGS[match["her"]], *(("gent", "datv", "loct") if match["her"] == "ой" else ()))
    return tuple(NameReading(FEMININE, case, match["woman"] + "а", 0) for case in cases)


def rare_name_readings(word: str) -> Readings:
    """Return the readings of a first name that no dictionary has: it declines as surnames do."""
    readings = dictionary_surname_readings(word.casefold())
    if FOREIGN_VOWEL.search(word):
        # «Софи», «Лесли», «Бруно» do not decline.
        return tuple(reading._replace(doubt=2) for reading in readings if reading.nominative == word.casefold())
    return tuple(reading._replace(doubt=reading.doubt + 1) for reading in readings)
