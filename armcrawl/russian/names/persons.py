"""Names of persons: first name, patronymic and surname agree in gender and case."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from armcrawl.russian.names.morphology import ACCUSATIVE, NOMINATIVE, SINGULAR, WordForm, forms_of, printed_like
from armcrawl.russian.names.surnames import FEMININE, MASCULINE, Surname, surname_readings

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
# The doubt about a rare first name: more than that about any pattern of a surname (2 at most).
RARE = 3
# The doubt whether a man or a woman is named.
EITHER = 2


@dataclass(frozen=True, slots=True)
class Person:
    """A person's name in the nominative, the case in which it was printed, and `doubt`, 0 for a certain reading."""

    words: tuple[str, ...]
    gender: str
    case: str
    doubt: int


@lru_cache(maxsize=4096)  # the persons of a few months
def read_person(words: tuple[str, ...]) -> Person | None:
    """Return the person whom the words name, or None if they are no name of a person."""
    if not MIN_WORDS <= len(words) <= MAX_WORDS:
        return None
    if not all(_is_fixed(word) or CAPITALISED.fullmatch(word) for word in words):
        return None
    if words[0] in EASTERN and len(words) < MAX_WORDS and not _name_readings(words[-1].casefold()):
        return _eastern(words)
    names = [() if _is_fixed(word) else _name_readings(word.casefold()) for word in words]
    is_known_name = any(INITIALS.fullmatch(word) for word in words) or any(names)
    if all(map(_is_fixed, words)) or not (is_known_name or _may_be_foreign(words)):
        return None
    if _is_foreign(words, names):
        return Person(words, MASCULINE, NOMINATIVE, 1)
    best: tuple[tuple[int, int], Person] | None = None
    for roles in _roles(words, names):
        person = _agreeing(words, roles)
        if person is None:
            continue
        rank = (person.doubt, _rank(person.gender, person.case)[0])
        if best is None or rank < best[0]:
            best = (rank, person)
    return best[1] if best else None


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
    readings = [reading for reading in surname_readings(last.casefold()) if reading.gender == MASCULINE]
    found = min(readings, key=lambda reading: (reading.doubt, *_rank(*reading[:2])), default=None)
    return found and Person((*first, printed_like(last, found.nominative)), MASCULINE, found.case, found.doubt)


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

# Of first names of one stem the dictionary has far more for men and for women than anybody bears («Алл», «Марин»,
# «Эдуарда»), without telling how common each is. The man's is taken for the commoner, but for these:
WOMEN_ONLY = frozenset(
    "августина аврора аделия аза азалия алевтина алеся алина алла алия альбина альмира альфия альфира амелия анастасия анжела "
    "анжелина анисия анна антонина анфиса арина асия венера вера виктория виолетта галина галия гелия герда глафира гульнара "
    "дана дарина дария диана диляра дина евдокия евлампия елизавета ефросиния жанна зарина злата зоя зульфия илона "
    "инара инна ираида ирина камилла карина кира клавдия клара кристина ксения лада лариса лейла леся лидия лилия лина лия луиза "
    "людмила мадина майя малика марина мария марлена мелания мила милана надежда наргиза наталия неля нигара ника нина оксана "
    "октябрина олеся оливера павлина паула полина раиса римма рина роза розалия румия сабина светлана серафима сильвия "
    "снежана софия стефания сюзанна таисия тамара ульяна устина фаина фируза флора флюра франциска фрида эвелина элина "
    "элла эллина эльвира эльза эльмира эмилия эмма юлиана юлия яна ярина любовь".split()
)
# Men's names that the dictionary has by mistake, beside «Игорь» and «Лев».
HARDLY_MET = frozenset({"игор"})
# Women's names for which the man's name of the same stem is as common.
MEN_AND_WOMEN = frozenset(
    "александра валентина валерия владислава богдана евгения замира зиновия ильмира фарида саида эльнура камила камиля мирослава наиля рената "
    "руслана станислава ярослава".split()
)
# The endings of foreign first names and surnames that do not decline.
FOREIGN_VOWEL = re.compile(r"[оиыюэё]$")
FOREIGN_SURNAME = re.compile(r"(?<![оеё]в)(?<!ин)[оиеэё]$")
# First names that do not decline, where the dictionary also has a name of which this may be a case: «Нелля».
FIXED_NAMES = frozenset("амели лили люси натали нелли нэлли элли юли".split())
# Chinese, Korean and Vietnamese surnames, which stand first and do not decline before the rest of the name.
EASTERN = frozenset(
    "Бо Ван Вэй Вэнь Гао Го Ду Дун Дэн Ду Дин Ким Ко Кан Ли Лу Лю Люй Лян Ло Линь Ма Мао Мун Нгуен Пак Пань Пэн Се Си Су Сунь Сун Сюй Сюэ Сяо "
    "Тан Тянь У Фам Фань Фу Фэн Хань Хо Ху Хуан Хэ Цай Цао Цзинь Цзян Цзэн Цзя Цинь Цой Чан Чжан Чжао Чжоу Чжу Чжун Чжэн Чо Чон "
    "Чхве Чэн Чэнь Шень Ши Шэнь Юань Юй Юн Янь".split()
)


def _roles(words: Sequence[str], names: Sequence[Readings]) -> Iterator[list[Readings]]:
    """Yield the possible readings of all words: the surname is first or last, or missing («Анна Сергеевна»)."""
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
    """Return the readings of a first name that no dictionary has: it declines as surnames do."""
    readings = _surname_readings(word.casefold())
    if FOREIGN_VOWEL.search(word):
        # «Софи», «Лесли», «Бруно» do not decline.
        return tuple(reading._replace(doubt=2) for reading in readings if reading.nominative == word.casefold())
    return tuple(reading._replace(doubt=reading.doubt + 1) for reading in readings)


def _agreeing(words: Sequence[str], roles: Sequence[Readings]) -> Person | None:
    """Return the least doubtful reading in which all words agree in gender and case, or None."""
    tables = [_least_doubtful(readings) for readings in roles if readings]
    shared = [key for key in tables[0] if all(key in table for table in tables)] if tables else []
    if not shared:
        return None
    gender, case = min(shared, key=lambda key: (sum(table[key].doubt for table in tables), *_rank(*key)))
    chosen = [table[gender, case] for table in tables]
    forms = iter(chosen)
    named = tuple(
        printed_like(word, next(forms).nominative) if readings else word
        for word, readings in zip(words, roles, strict=True)
    )
    doubt = sum(map(_doubt, chosen))
    rivals = (
        [table[key].nominative for table in tables]
        for key in shared
        if key[0] != gender and sum(table[key].doubt for table in tables) == doubt
    )
    # «Александра Иванова» is a woman, or a man in the genitive.
    is_either = any(rival != [reading.nominative for reading in chosen] for rival in rivals)
    return Person(named, gender, case, doubt + EITHER * is_either)


@lru_cache(maxsize=8192)
def _least_doubtful(readings: Readings) -> dict[tuple[str, str], Surname]:
    """Return the least doubtful of the readings for each gender and case."""
    found: dict[tuple[str, str], Surname] = {}
    for reading in readings:
        key = (reading.gender, reading.case)
        if key not in found or reading.doubt < found[key].doubt:
            found[key] = reading
    return found


def _rank(gender: str, case: str) -> tuple[int, bool]:
    """Return the rank of equally doubtful readings: nominatives first, the accusative, the rarest case, last."""
    return 0 if case == NOMINATIVE else 2 if case == ACCUSATIVE else 1, gender == FEMININE


def _doubt(reading: Surname) -> int:
    return reading.doubt


@lru_cache(maxsize=8192)
def _name_readings(word: str) -> Readings:
    """Return the readings of a first name or patronymic, none if it is neither."""
    found = []
    if "-" in word:
        return _double_name(word)
    forms = forms_of(word)
    is_declined = word not in FIXED_NAMES and any(
        "Name" in form.marks and "Fixd" not in form.marks and form.number == SINGULAR for form in forms
    )
    for form in forms:
        if not form.is_known or ("Name" not in form.marks and "Patr" not in form.marks):
            continue
        if word in FIXED_NAMES and "Fixd" not in form.marks:
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
            # Of two adjectives «мостовой» and «мостовый» surnames are like the first.
            (stressed if form.lemma.endswith("ой") else words).extend(_as_word(form))
    parts = word.split("-")
    if len(parts) > 1 and not surnames:
        return _double_surname(parts)
    patterns = surname_readings(word)
    sure = {reading[:2]: reading.nominative for reading in (*patterns, *surnames) if not reading.doubt}
    rivals = {reading[:2] for reading in (*stressed, *words) if sure.get(reading[:2], reading[2]) != reading[2]}
    if surnames:
        known = {reading[:2] for reading in surnames}
        others = [reading for reading in patterns if reading[:2] not in known]
        # «Салимова» is as good a name as «Салимов», which the dictionary has; «Римского-Корсакова» is no woman's.
        doubting = [reading._replace(doubt=reading.doubt + (len(parts) > 1 or reading.doubt > 0)) for reading in others]
        found = [*surnames, *doubting]
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
    """Yield the readings, with more doubt about those that are no word if another one is: «Дизел» beside «Дизель»."""
    words = {reading.nominative for reading in readings if _is_word(reading.nominative)}
    for reading in readings:
        yield reading._replace(doubt=reading.doubt + (bool(words) and reading.nominative not in words))


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
