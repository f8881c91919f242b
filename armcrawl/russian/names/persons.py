"""Names of persons: first name, patronymic and surname agree in gender and case."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from armcrawl.russian.names.morphology import ACCUSATIVE, NOMINATIVE, PREPOSITIONAL, SINGULAR, WordForm, forms_of, printed_like
from armcrawl.russian.names.surnames import CONSONANT, FEMININE, MASCULINE, SURELY_FIXED, Surname, surname_readings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

INITIALS = re.compile(r"(?:[А-ЯЁA-Z][а-яё]?\.-?)+")
# Particles inside a name, which have small letters and do not decline.
PARTICLES = frozenset("фон де ван дер ди да дю ле ла бин ибн оглы кызы эль аль".split())
CAPITALISED = re.compile(r"[А-ЯЁ][А-Яа-яЁё'’]+(?:-[А-Яа-яЁё'’]+)*")
PATRONYMIC = re.compile(
    r"(?P<stem>.*(?:[оеё]в|ь|[лмк]|ин|и)и)ч(?P<ending>|а|у|ем|е)|(?P<woman>.*(?:[оеё]в|ич)н)(?P<her>а|ы|е|у|ой)"
)
HIS_ENDINGS = {"": "nomn", "а": "gent", "у": "datv", "ем": "ablt", "е": "loct"}
HER_ENDINGS = {"а": ("nomn",), "ы": ("gent",), "е": ("datv", "loct"), "у": ("accs",), "ой": ("ablt",)}
# Words of a name: first name, patronymic, a particle and the surname at most.
MIN_WORDS, MAX_WORDS = 2, 4
# Readings of a word in one gender and case: the likeliest, and the next.
RIVALS = 2
# The doubt about a rare first name: more than that about any pattern of a surname (2 at most).
RARE = 3
# The margin of a name without a rival, the margin from which a name is sure, and the doubt from which none is.
FAR, SURE_MARGIN, MAX_DOUBT = 9, 2, 4


@dataclass(frozen=True, slots=True)
class Person:
    """A person's name in the nominative, and the case in which it was printed.

    `doubt` is 0 if every word follows the commonest pattern; `margin` is how much more doubt there is about the next
    name that may be meant.
    """

    words: tuple[str, ...]
    gender: str
    case: str
    doubt: int
    margin: int = FAR

    @property
    def confidence(self) -> float:
        """How sure the name is, from 0 to 1."""
        if self.margin < SURE_MARGIN:
            return 0.8 if self.margin else 0.7
        return 1.0 if self.doubt == 0 else 0.9 if self.doubt < MAX_DOUBT else 0.8


@lru_cache(maxsize=4096)  # the persons of a few months
def read_person(words: tuple[str, ...], case: str | None = None) -> Person | None:
    """Return the person whom the words name, in that case if one is told, or None if they are no name of a person."""
    if not MIN_WORDS <= len(words) <= MAX_WORDS:
        return None
    if not all(_is_fixed(word) or CAPITALISED.fullmatch(word) for word in words):
        return None
    # «Ли Анна» is no Chinese name, «Пан Ги Мун» is Korean.
    if words[0] in EASTERN and (len(words) == MAX_WORDS - 1 or not _name_readings(words[-1].casefold())):
        return _eastern(words)
    names = [() if _is_fixed(word) else _name_readings(word.casefold()) for word in words]
    is_known_name = any(INITIALS.fullmatch(word) for word in words) or any(names)
    if all(map(_is_fixed, words)) or not (is_known_name or _may_be_foreign(words)):
        return None
    if _is_foreign(words, names):
        return Person(words, MASCULINE, NOMINATIVE, 1, margin=2 if SURELY_FIXED.search(words[-1]) or FOREIGN_ONLY.search(words[-1]) else 1)
    found = sorted(
        (
            person
            for roles in _roles(words, names)
            for person in _agreeing(words, roles)
            if case in (None, person.case)
        ),
        key=lambda person: (person.doubt, *_rank(person.gender, person.case)),
    )
    if not found:
        return None
    best = found[0]
    rival = next((person for person in found if not _is_same(person.words, best.words)), None)
    return replace(best, margin=rival.doubt - best.doubt) if rival else best


def _is_same(one: Sequence[str], other: Sequence[str]) -> bool:
    return all(mine.replace("ё", "е") == theirs.replace("ё", "е") for mine, theirs in zip(one, other, strict=True))


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
    readings = (reading for reading in surname_readings(last.casefold()) if reading.gender == MASCULINE)
    # Those in a vowel do not decline: «Чан Кайши».
    found = min((reading for reading in readings if not reading.nominative.endswith(("а", "я"))), key=lambda reading: (reading.doubt, *_rank(*reading[:2])), default=None)
    return found and Person((*first, printed_like(last, found.nominative)), MASCULINE, found.case, min(found.doubt, 1))


PLACE_OR_FIRM = frozenset({"Geox", "Orgn"})


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


Readings = tuple[Surname, ...]
CASES_OF_NAMES = (NOMINATIVE, *CONSONANT)

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
FOREIGN_VOWEL = re.compile(r"[оиэё]$")
# Women's first names that do not decline, which the dictionary lacks, or has for men or as cases of others: «Нелля».
FIXED_NAMES = frozenset(
    "айнур амели бетти вики гульназ дженни джейн жасмин кейт китти лейсан лили люси ляйсан мари молли натали нелли нэлли полли салли "
    "софи хлои элли эмили энн эшли юли".split()
)
# The same of surnames; those in -ги and -е may also be cases: «Драги», «Вестервелле».
FOREIGN_SURNAME = re.compile(r"(?<![оеё]в)(?<![иы]н)(?:(?<![оеё]г)о|(?<!и)и|[еэё])$")
FOREIGN_ONLY = re.compile(r"[^гкхжшчщ]и$")
# First names that the dictionary lacks, or has as names of places only, by gender.
OTHER_NAMES = {
    "masc": frozenset("акира газинур дастан ерлан зелимхан илон ильфат карел карлос касым насим нарендра никол никола узеир флорид".split()),
    "femn": frozenset("амина асия виргиния доминика камала лиана нора софия урсула хадижа эрика".split()),
}
# Chinese, Korean and Vietnamese surnames, which stand first and do not decline before the rest of the name.
EASTERN = frozenset(
    "Бо Ван Вэй Вэнь Гао Го Ду Дун Дэн Ду Дин Ким Ко Кан Ли Лу Лю Люй Лян Ло Линь Ма Мао Мун Нгуен Пак Пан Пань Пэн Се Си Су Сунь Сун Сюй Сюэ Сяо "
    "Тан Тянь У Фам Фань Фу Фэн Хань Хо Ху Хуан Хэ Цай Цао Цзинь Цзян Цзэн Цзя Цинь Цой Чан Чжан Чжао Чжоу Чжу Чжун Чжэн Чо Чон "
    "Чхве Чэн Чэнь Шень Ши Шэнь Юань Юй Юн Янь".split()
)


def _roles(words: Sequence[str], names: Sequence[Readings]) -> Iterator[list[Readings]]:
    """Yield the possible readings of all words: the surname is first or last, or missing («Анна Сергеевна»)."""
    places = [index for index, word in enumerate(words) if not _is_fixed(word)]
    for place in dict.fromkeys((places[-1], places[0])):
        others = [index for index in places if index != place]
        if not (any(names[index] for index in others) or len(others) < len(words) - 1 or _may_be_foreign(words)):
            continue
        roles: list[Readings] = [()] * len(words)
        roles[place] = _surname_readings(words[place].casefold())
        if place != places[-1] and names[place]:
            # A first name stands rather before the surname: «Анны Данте».
            roles[place] = tuple(reading._replace(doubt=reading.doubt + 1) for reading in roles[place])
        for index in others:
            roles[index] = names[index] or _rare_name(words[index])
        if all(roles[index] for index in places):
            yield roles
    if len(places) == len(words) and PATRONYMIC.fullmatch(words[-1].casefold()) and all(names):
        yield list(names)


def _rare_name(word: str) -> Readings:
    """Return the readings of a first name that no dictionary has: it declines as surnames do."""
    readings = _surname_readings(word.casefold())
    if FOREIGN_VOWEL.search(word):
        # «Софи», «Лесли», «Бруно» do not decline.
        return tuple(reading._replace(doubt=2) for reading in readings if reading.nominative == word.casefold())
    return tuple(reading._replace(doubt=reading.doubt + 1) for reading in readings)


def _agreeing(words: Sequence[str], roles: Sequence[Readings]) -> Iterator[Person]:
    """Yield the readings in which all words agree in gender and case: the least doubtful one, and its rivals."""
    tables = [_by_gender_and_case(readings) if readings else None for readings in roles]
    filled = [table for table in tables if table is not None]
    for key in filled[0] if filled else ():
        if not all(key in table for table in filled):
            continue
        gender, case = key
        best = [table[key][0] if table else None for table in tables]
        # A rival differs in one word; where two are doubtful, one of them is doubt enough.
        others = [
            [*best[:index], table[key][1], *best[index + 1 :]]
            for index, table in enumerate(tables)
            if table and len(table[key]) > 1
        ]
        for chosen in (best, *others):
            named = tuple(
                printed_like(word, reading.nominative) if reading else word
                for word, reading in zip(words, chosen, strict=True)
            )
            doubt = sum(reading.doubt for reading in chosen if reading) + (case == PREPOSITIONAL)
            yield Person(named, gender, case, doubt)


@lru_cache(maxsize=8192)
def _by_gender_and_case(readings: Readings) -> dict[tuple[str, str], list[Surname]]:
    """Return the two least doubtful nominatives for each gender and case."""
    found: dict[tuple[str, str], list[Surname]] = {}
    for reading in sorted(readings, key=_doubt):
        same = found.setdefault((reading.gender, reading.case), [])
        if len(same) < RIVALS and all(reading.nominative != other.nominative for other in same):
            same.append(reading)
    return found


def _rank(gender: str, case: str) -> tuple[int, bool]:
    """Return the rank of equally doubtful readings: nominatives first, the accusative, the rarest case, last."""
    return 0 if case == NOMINATIVE else 2 if case == ACCUSATIVE else 1, gender == FEMININE


def _doubt(reading: Surname) -> int:
    return reading.doubt


@lru_cache(maxsize=8192)
def _name_readings(word: str) -> Readings:
    """Return the readings of a first name or patronymic, none if it is neither."""
    if "-" in word:
        return _double_name(word)
    if word in FIXED_NAMES:
        return tuple(Surname(FEMININE, case, word, 0) for case in CASES_OF_NAMES)
    found = [
        reading._replace(doubt=0)
        for reading in surname_readings(word)
        if reading.nominative in OTHER_NAMES[reading.gender]
    ]
    forms = forms_of(word)
    is_declined = any(
        "Name" in form.marks and "Fixd" not in form.marks and form.number == SINGULAR for form in forms
    )
    for form in forms:
        if not form.is_known or ("Name" not in form.marks and "Patr" not in form.marks):
            continue
        nominative = form.nominative(SINGULAR)
        if form.number != SINGULAR or nominative is None:
            continue
        genders = (form.gender,) if form.gender else (MASCULINE, FEMININE)
        # «Анне» exists as an indeclinable name, but here it is rather «Анна» in the dative.
        doubt = RARE if nominative in HARDLY_MET or ("Fixd" in form.marks and is_declined) else 0
        found += [Surname(gender, form.case, nominative, doubt) for gender in genders]
    return _with_rarity(found) or _patronymic_readings(word)


def _double_name(word: str) -> Readings:
    """Return the readings of a double first name («Жан-Люк»), in which both parts decline."""
    first, _, last = word.partition("-")
    found = []
    for one in _name_readings(first):
        same = (other for other in _name_readings(last) if (other.gender, other.case) == (one.gender, one.case))
        found += [one._replace(nominative=f"{one.nominative}-{other.nominative}") for other in same]
    return tuple(found)


def _with_rarity(readings: Sequence[Surname]) -> tuple[Surname, ...]:
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
        return tuple(Surname(MASCULINE, case, match["stem"] + "ч", 0) for case in cases)
    cases = (*HER_ENDINGS[match["her"]], *(("gent", "datv", "loct") if match["her"] == "ой" else ()))
    return tuple(Surname(FEMININE, case, match["woman"] + "а", 0) for case in cases)


@lru_cache(maxsize=8192)
def _surname_readings(word: str) -> Readings:
    """Return the readings of a surname: the dictionary's surnames, its words, and those by the rules of `surnames.py`."""
    surnames: list[Surname] = []
    words: list[Surname] = []
    stressed: list[Surname] = []
    for form in forms_of(word):
        if not form.is_known or form.number != SINGULAR:
            continue
        if "Surn" in form.marks and (nominative := form.nominative(SINGULAR)):
            genders = (form.gender,) if form.gender else (MASCULINE, FEMININE)
            surnames += [Surname(gender, form.case, nominative, 0) for gender in genders]
        elif not form.is_name:
            (stressed if form.lemma.endswith("ой") else words).extend(_as_word(form))
    parts = word.split("-")
    if len(parts) > 1 and not surnames:
        return _double_surname(parts)
    # Of two adjectives «мостовой» and «мостовый» surnames are like the first.
    unstressed = {reading.nominative.removesuffix("ой") + ending for reading in stressed for ending in ("ый", "ий")}
    words = [reading for reading in words if reading.nominative.replace("ё", "е") not in unstressed]
    patterns = [reading for reading in surname_readings(word) if reading.nominative not in unstressed]
    sure = {reading[:2]: reading.nominative for reading in (*patterns, *surnames) if not reading.doubt}
    rivals = {reading[:2] for reading in (*stressed, *words) if sure.get(reading[:2], reading[2]) != reading[2]}
    if surnames:
        known = {reading[:2] for reading in surnames}
        borne = {reading.nominative for reading in surnames if reading.gender == MASCULINE}
        # «Салимова» is as good a name as «Салимов», and a woman's «Данелия» as the man's, which the dictionary has;
        # «Римского-Корсакова» is no woman's.
        found = [
            *surnames,
            *(
                reading._replace(
                    doubt=0
                    if reading.gender == FEMININE and reading.nominative in borne
                    else reading.doubt + (len(parts) > 1 or reading.doubt > 0)
                )
                for reading in patterns
                if reading[:2] not in known
            ),
            *(reading._replace(doubt=2) for reading in stressed),
        ]
    else:
        found = list(_doubting_unknown([*stressed, *patterns, *words]))
    # «Береговым» is a case of «Берегов» and of «Береговой».
    return tuple(
        reading._replace(doubt=max(2, reading.doubt)) if reading[:2] in rivals else reading for reading in found
    )


def _as_word(form: WordForm) -> Iterator[Surname]:
    """Yield the readings of a surname that is a word of the dictionary: «Береговой», «Воробей», «Чайка»."""
    if form.gender not in (MASCULINE, FEMININE) or "Fixd" in form.marks:
        return
    if nominative := form.nominative(SINGULAR, form.gender):
        yield Surname(form.gender, form.case, nominative, 1)
        if form.is_noun and form.gender == FEMININE:
            yield Surname(MASCULINE, form.case, nominative, 1)


def _is_word(nominative: str) -> bool:
    return any(form.is_known and form.case == NOMINATIVE for form in forms_of(nominative))


def _doubting_unknown(readings: Sequence[Surname]) -> Iterator[Surname]:
    """Yield the readings, with more doubt about those that are no word if another one is: «Дизел» beside «Дизель».

    There is still more if both are of one case, as of «Кремню».
    """
    words = {reading[:2] for reading in readings if _is_word(reading.nominative)}
    for reading in readings:
        is_rival = bool(words) and not _is_word(reading.nominative)
        yield reading._replace(doubt=reading.doubt + is_rival + (is_rival and reading[:2] in words))


def _double_surname(parts: Sequence[str]) -> Readings:
    """Return the readings of a double surname («Салтыков-Щедрин»), in which both parts decline, or the last one."""
    *first, last = parts
    found = []
    for reading in _surname_readings(last):
        heads, doubt = [], reading.doubt
        for part in first:
            same = [
                other
                for other in _surname_readings(part)
                if (other.gender, other.case) == (reading.gender, reading.case)
            ]
            head = min(same, key=_doubt, default=None)
            heads.append(head.nominative if head else part)
            doubt += head is not None and head.doubt > 1
        found.append(reading._replace(nominative="-".join((*heads, reading.nominative)), doubt=doubt))
    return tuple(found)
