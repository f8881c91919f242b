"""What a name names: a person, an organisation, a place, a product, an event or a topic, as far as the name tells."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from armcrawl.items import Kind
from armcrawl.russian.domains import site_of_printed
from armcrawl.russian.names.morphology import NOMINATIVE, PLURAL, forms_of
from armcrawl.russian.names.persons import read_person
from armcrawl.russian.names.phrase_heads import ENDING_OF_MASS, ORGANISATIONS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from armcrawl.russian.names.morphology import WordForm

FILE = Path(__file__).with_name("kinds.toml")
# Characters: the longest names of institutions have some 150.
MAX_NAME_LENGTH = 200
# Letters: shorter ends of a word are another word by chance, «шина» in «машина».
MIN_PART_LENGTH = 6
# Letters: a shorter word in small letters that no dictionary has may be an abbreviation of anything.
MIN_TOPIC_LENGTH = 5
QUOTED = re.compile(r"(?P<before>[^«„“\"]*)[«„“\"](?P<inside>.+?)[»”“\"]*")
QUOTES = re.compile(r"[«»„“”\"]")
CYRILLIC = re.compile(r"[А-Яа-яЁё]")
CAPITAL = re.compile(r"[A-ZА-ЯЁ«„\"]")
# Standards and sizes, what valves are called («30с41нж»), and models («Ту-160»): a code names what is made by it.
CODE = re.compile(
    r"(?:ГОСТ(?:\s+Р)?(?:\s+(?:ИСО|МЭК|ISO|IEC|EN))?|ОСТ|СТО|ТУ|РД|СНиП|СанПиН|СП|ФНП|ТР\s+ТС|ТР\s+ЕАЭС|API|ISO|ИСО|DIN|ASME|ASTM|ANSI|EN|IEC|МЭК|NACE)"
    r"[\s-]+(?:[A-ZА-Я]{1,4}[\s-]?)?\d[^а-яё]*"
    r"|(?:DN|Ду|ДУ|PN|Ру|РУ)[\s-]?\d[\d,.x×х/–-]*(?:\s(?:мм|МПа|бар))?"
    r"|\d{2}[а-я]{1,3}\d{1,4}[а-я]{0,3}\d*"
)
MODEL = re.compile(r"[A-ZА-ЯЁ][A-ZА-ЯЁа-яё]{0,5}-\d{1,4}[A-ZА-ЯЁа-яё]{0,3}")
COMMITTEE = re.compile(r"(?:М?ТК|ПК)[\s/-]?\d+")
# «Нефтегаз-2023», «PCVExpo 2022»: who or what has a year is an occasion, but for plans and elections.
YEARLY = re.compile(r"(?P<name>.+?)(?P<dash>\s?[-–—]\s?|\s)(?:19|20)\d\d(?:\s?(?:г\.|год))?")
RELEASE = re.compile(r"(.+?) \d[\d.]*")
# Abbreviations with the endings of those of works and universities: «ЧТПЗ», «НЛМК», «СПбГТУ».
WORKS = re.compile(r"[А-ЯЁ]{1,4}(?:МК|[МТПАЭСХК]З|ГОК|ЦБК|НИИ|НПЗ|ГЭС|ТЭЦ)|[А-ЯЁ]{0,4}б?[ГФ][А-ЯЁ]{0,3}У|(?:В?НИИ|ЦНИИ|Гипро|ВНИПИ|ЦКБ|ОКБ|СКБ)[А-ЯЁа-яё]{2,}")
# One word with a capital inside: «РусГидро», «ЛокоТех».
TWO_CAPITALS = re.compile(r"[А-ЯЁ][а-яё]{1,}[А-ЯЁ][А-ЯЁа-яё]+")
# What the names of firms and authorities are made of; whether such a word is another one, the dictionary tells.
FIRM = re.compile(
    r"(?:Рос|Мин|Гос|Мос|Глав|Лен|Тат|Баш|Сиб|Урал|Волго|Дон|Кам|Сев|Перм|Том|Курган|Газпром|Транс|Тяж)[а-яё]{3,}"
    r"|[А-ЯЁ][а-яё-]{2,}(?:маш|пром|газ|нефть|строй|монтаж|сервис|комплект|снаб|торг|транс|хим|трейд|холдинг|инжиниринг|завод|банк|лизинг|ресурс|проект|стандарт|центр|групп|экспорт|импорт"
    r"|надзор|энерго|атом|телеком|фарм|софт|агро|лаб|тех|авиа|арматура|деталь|клапан|кран|привод|металл|сталь|цемент|продукт|молоко|мясо|пресс|медиа|информ)"
)
# «Вектор-Привод», «Шпиндель-Урал»: two nouns of which no dictionary makes one are a firm; «Усть-Луга» is a place.
TWO_NOUNS = re.compile(
    r"(?!(?:Усть|Нью|Сан|Санкт|Верх|Нижне|Верхне|Ново|Старо|Юго|Северо|Порт|Абу|Коста|Эль|Лос|Лас|Рио|Буэнос|Тер|Аль|Бен)-)[А-ЯЁ][а-яё]{2,}-[А-ЯЁ][а-яё]{2,}(?<![иы]й)(?<!ая)(?<!ов|ев|ин|ко)"
)
PART_OF_FIRM = re.compile(r"[\w-]+-(?:Банк|Холдинг|Сервис|Инжиниринг|Групп|Трейд|Центр|Энерго|Медиа)")
# Subjects, beside the nouns that cannot be counted.
ABSTRACT = re.compile(r"(?:[тн]ика|изм|тура|терапия|номия|педия|иатрия)$")
# What is made to do something: «расходомер», «осциллограф»; nouns for persons with these endings are animate.
INSTRUMENT = re.compile(r"(?:..ат|..ит|..ут|.[еп]т|.кт|сс)ор$|(?:мер|метр|граф|скоп|привод|насос|клапан|кран|двигатель|датчик|станок|комплекс|агрегат|арматура|оборудование|прибор)$")
PROPER_WORD = re.compile(r"[А-ЯЁ][а-яё]{2,}")
ABBREVIATION = re.compile(r"[А-ЯЁ]{2,7}")
ADJECTIVE = re.compile(r"[А-ЯЁа-яё-]+(?:[иы]й|ая|ое|ой)")
# «Российские», «Ижорские», «Омская»
OF_A_PLACE = re.compile(r"[сц]к(?:ий|ая|ое|ие)$")
# Words of names of plans, which have the year that they are for.
PLAN = re.compile(r"(?:стратеги|бюджет|программ|план|итог|прогноз|выбор|закон|егэ|нацпроект|повестк)", re.IGNORECASE)
CODES_OF_LAW = re.compile(r"(?:УК|ТК|ГК|СК|НК|УПК|ГПК|АПК|КоАП) РФ")


class Tables(NamedTuple):
    """What `kinds.toml` says: lemmas, names, Latin words, abbreviations, and words of addresses."""

    heads: Mapping[str, Kind]
    groups: Mapping[str, frozenset[str]]
    names: Mapping[str, Kind]
    folded: Mapping[str, Kind]
    words: Mapping[str, Kind]
    works: frozenset[str]
    forms: frozenset[str]
    addresses: Mapping[str, Kind]


@lru_cache(maxsize=1)
def _tables() -> Tables:
    told = tomllib.loads(FILE.read_text(encoding="utf-8"))

    def of(table: str) -> dict[str, Kind]:
        return {
            word.replace("\u00a0", " "): Kind(kind)
            # At white space but the one that keeps the words of a name together.
            for kind, words in told[table].items()
            if kind in set(Kind)
            for word in re.split(r"[ \n]+", words.strip())
        }

    heads, names = told["heads"], of("names")
    return Tables(
        dict.fromkeys(ORGANISATIONS, Kind.ORGANISATION) | of("heads"),
        {group: frozenset(words.split()) for group, words in heads.items() if group not in set(Kind)},
        names,
        {name.casefold(): kind for name, kind in names.items()},
        of("words"),
        frozenset(told["words"]["works"].split()),
        frozenset(told["words"]["forms"].split()),
        of("addresses"),
    )


def kind_of(name: str, *, address: str | None = None, attributed: bool = False) -> Kind | None:
    """Return the kind of what a name in the nominative names, or None where that is not certain.

    Where the name does not tell, `address`, the page that it links to, may; and a name that an attribution names
    (`attributed`) is an organisation's. It raises nothing.
    """
    if (told := _kind_of_name(name)) is not None:
        return told
    if address and (told := _kind_by_address(address)) is not None:
        return told
    return Kind.ORGANISATION if attributed and CAPITAL.match(name) else None


def _kind_by_address(address: str) -> Kind | None:
    try:
        *folders, last = urlsplit(address).path.casefold().strip("/").split("/")
    except ValueError:
        return None
    known = _tables().addresses
    # «/companies/salut/», and «/organization_salut/».
    words = (*folders, last.partition("_")[0] if "_" in last else "")
    return next((known[word] for word in reversed(words) if word in known), None)


@lru_cache(maxsize=16_384)  # as many as names in the nominative
def _kind_of_name(name: str) -> Kind | None:
    if not name or len(name) > MAX_NAME_LENGTH:
        return None
    rules = (_by_list, _by_sign, _by_year, _by_model, _by_form, _by_words, _by_person, _by_quotes, _by_head, _by_shape)
    return next((kind for rule in rules if (kind := rule(name)) is not None), None)


def _by_list(name: str) -> Kind | None:
    plain = QUOTES.sub("", name)
    if CODES_OF_LAW.fullmatch(plain):
        return Kind.TOPIC
    if (kind := _tables().names.get(plain)) is not None:
        return kind
    release = RELEASE.fullmatch(plain)
    if release and _tables().names.get(release[1]) is Kind.PRODUCT:
        return Kind.PRODUCT
    # In another letter case, unless a common word is spelt so: «газпром», but not «лента».
    kind = _tables().folded.get(plain.casefold())
    return None if kind is None or any(map(_is_common, forms_of(plain.casefold()))) else kind


def _by_sign(name: str) -> Kind | None:
    """Tell codes and hosts by their signs."""
    if site_of_printed(name) or COMMITTEE.fullmatch(name):
        return Kind.ORGANISATION
    return Kind.PRODUCT if CODE.fullmatch(name) else None


def _by_year(name: str) -> Kind | None:
    match = YEARLY.fullmatch(QUOTES.sub("", name))
    if match is None or not CAPITAL.match(match["name"]):
        return None
    if PLAN.match(match["name"]):
        return Kind.TOPIC
    is_one = match["dash"].strip() or not CYRILLIC.search(match["name"])
    return Kind.EVENT if is_one or _kind_of_name(match["name"]) is Kind.EVENT else None


def _by_model(name: str) -> Kind | None:
    return Kind.PRODUCT if MODEL.fullmatch(name) else None


def _by_form(name: str) -> Kind | None:
    """Tell organisations by their legal form, or by what their work is called: «Омский НПЗ»."""
    tables = _tables()
    words = QUOTES.sub(" ", name).split()
    if len(words) > 1 and words[0] in tables.forms:
        return Kind.ORGANISATION
    if len(words) > 1 and CAPITAL.match(words[0]) and (words[-1] in tables.works or words[0] in tables.works):
        return Kind.ORGANISATION
    *before, last = words or [""]
    if not before or not all(map(ADJECTIVE.fullmatch, before)) or not ABBREVIATION.fullmatch(last):
        return None
    # «британский МИД», «Казанский ГАСУ», «Белорусский РУП»
    is_capital = CAPITAL.match(name) is not None
    if is_capital and (WORKS.fullmatch(last) or last in tables.forms):
        return Kind.ORGANISATION
    return Kind.ORGANISATION if tables.names.get(last) is Kind.ORGANISATION else None


def _by_words(name: str) -> Kind | None:
    """Tell by words that end the names of firms, and of occasions in Latin letters: «Siemens Energy», «Valve World Expo»."""
    known = _tables().words
    first, *others = [re.sub(r"[^a-zа-яё]", "", word) for word in name.casefold().split()]
    is_latin = not CYRILLIC.search(name)
    if is_latin and (first.endswith("expo") or Kind.EVENT in map(known.get, others)):
        return Kind.EVENT
    is_firm = bool(others) and known.get(others[-1]) is Kind.ORGANISATION
    return Kind.ORGANISATION if is_firm and (is_latin or CAPITAL.match(name)) else None


def _by_person(name: str) -> Kind | None:
    words = tuple(name.split())
    found = read_person(words)
    return Kind.PERSON if found and found.words == words else None


def _by_quotes(name: str) -> Kind | None:
    match = QUOTED.fullmatch(name)
    if match is None:
        return None
    before, inside = match["before"].strip(), match["inside"]
    if not before:
        return Kind.EVENT if _kind_of_name(inside) is Kind.EVENT else Kind.ORGANISATION
    if ABBREVIATION.fullmatch(before.split()[-1]):
        return _tables().names.get(before) or Kind.ORGANISATION
    return None


def _by_head(name: str) -> Kind | None:
    """Tell by the noun at the head; a common one makes a name only beside a proper one: «парк вагонов» is a subject."""
    words = QUOTES.sub(" ", name).split()
    if len(words) == 1 and TWO_NOUNS.fullmatch(words[0]) and not _is_known(words[0]):
        return Kind.ORGANISATION
    head, at = _head(words)
    if head is None:
        return None
    phrase = Phrase(head, words[:at], words[at + 1 :], CAPITAL.match(name) is None, QUOTES.search(name) is not None)
    if "Orgn" in head.marks and phrase.is_alone:
        return Kind.ORGANISATION
    kind = _kind_of_noun(head, is_small=phrase.is_small)
    if kind is not Kind.PRODUCT and (named := _by_proper_head(phrase, words[at])) is not None:
        return named
    kind = _by_common_head(phrase, kind) if kind is not None or _is_common(head) else _by_grammemes(phrase)
    return None if kind is Kind.TOPIC and not head.is_known and len(name) < MIN_TOPIC_LENGTH else kind


class Phrase(NamedTuple):
    """A name, by its head: the adjectives before it, the words after it, and how both are printed."""

    head: WordForm
    before: list[str]
    after: list[str]
    is_small: bool
    is_quoted: bool

    @property
    def is_alone(self) -> bool:
        """Whether the name is one word."""
        return not self.before and not self.after

    @property
    def has_name(self) -> bool:
        """Whether a proper name follows the head."""
        return self.is_quoted or any(map(CAPITAL.match, self.after))

    @property
    def is_proper(self) -> bool:
        """Whether a proper name is beside the head."""
        return self.has_name or bool(self.before and not self.is_small)

    @property
    def is_many(self) -> bool:
        """Whether the head is in the plural."""
        return self.head.number == PLURAL

    def is_of_a_firm(self, kind: Kind) -> bool:
        """Tell whether a product or a subject with a capital rather is the name of a firm: «Невский затвор», «Самолёт»."""
        if self.is_small:
            return False
        if self.before:
            is_of_a_place = OF_A_PLACE.search(self.before[0]) is not None
            return self.has_name or (is_of_a_place and (kind is Kind.PRODUCT or self.is_many))
        is_one = self.is_alone and not self.is_many and "Sgtm" not in self.head.marks
        return kind is Kind.PRODUCT and (is_one or any(map(PROPER_WORD.fullmatch, self.after)))

    def is_in(self, group: str) -> bool:
        """Tell whether the head is one of a group of nouns."""
        return self.head.lemma in _tables().groups[group]


def _by_proper_head(phrase: Phrase, printed: str) -> Kind | None:
    """Tell names that are made of common words: «Ижорские заводы», «Сосновый Бор»."""
    if phrase.is_small or not phrase.before or phrase.after:
        return None
    if phrase.is_in("served") and OF_A_PLACE.search(phrase.before[0]):
        return Kind.ORGANISATION
    return Kind.PLACE if phrase.is_in("settlements") and CAPITAL.match(printed) else None


def _by_common_head(phrase: Phrase, kind: Kind | None) -> Kind | None:
    """Return what a phrase names whose head is a noun of some kind, if that is known."""
    if phrase.is_in("occasions"):
        return Kind.EVENT if phrase.is_proper else Kind.TOPIC
    if kind is Kind.ORGANISATION:
        is_body = phrase.is_in("bodies") if phrase.is_small else not phrase.is_in("loose")
        is_named = phrase.is_proper or (is_body and (phrase.before or phrase.after))
        return kind if is_named and not phrase.is_many else _subject(phrase)
    if kind is Kind.PLACE:
        is_named = phrase.has_name if phrase.is_in("apposed") else phrase.is_proper
        return kind if is_named and not phrase.is_many else _subject(phrase)
    if kind in (Kind.PRODUCT, Kind.TOPIC) and phrase.is_of_a_firm(kind):
        return None
    return kind or _subject(phrase)


def _subject(phrase: Phrase) -> Kind | None:
    """Return the kind of a common noun: a subject in small letters, and in the plural, in which hardly any name is."""
    is_rubric = phrase.is_many and phrase.head.is_known and not phrase.is_proper
    return Kind.TOPIC if phrase.is_small or is_rubric or (phrase.is_in("loose") and not phrase.is_proper) else None


def _head(words: list[str]) -> tuple[WordForm | None, int]:
    """Return the first noun in the nominative, before which only adjectives stand, if any; and where it stands."""
    for at, word in enumerate(words):
        is_capital = CAPITAL.match(word) is not None
        forms = [form for form in forms_of(word.casefold()) if form.case == NOMINATIVE]
        nouns = [form for form in forms if form.is_noun]
        # In small letters a name is one only where no common word is spelt so: «китай».
        nouns = nouns if is_capital else [form for form in nouns if _is_common(form)] or nouns
        is_before = any(form.is_adjective and "Fixd" not in form.marks for form in forms)
        if nouns and not (is_before and at + 1 < len(words) and _may_be_head(words[at + 1])):
            named = [form for form in nouns if not _is_common(form)] if is_capital else []
            return (named or nouns)[0], at
        if not is_before:
            break
    return None, 0


def _may_be_head(word: str) -> bool:
    return any(form.case == NOMINATIVE for form in forms_of(word.casefold()))


def _is_known(word: str) -> bool:
    """Tell whether the dictionary has a word as a whole, and not only its parts."""
    return any(form.is_known and not form.before for form in forms_of(word.casefold()))


def _is_common(form: WordForm) -> bool:
    """Tell whether a word is no proper name by the dictionary."""
    return form.is_known and not form.is_name and not {"Geox", "Orgn"} & form.marks


def _kind_of_noun(head: WordForm, *, is_small: bool) -> Kind | None:
    """Return the kind of what a noun names, by its dictionary's form, or by its last part: «завод», «госагентство»."""
    heads, lemma = _tables().heads, head.lemma
    first, _, last = lemma.rpartition("-")
    if kind := next((heads[part] for part in (lemma, last, first) if part in heads), None):
        return kind
    ends = (lemma[start:] for start in range(1, len(lemma) - MIN_PART_LENGTH + 1))
    kind = next((heads[end] for end in ends if end in heads), None)
    # Of a word with a capital that no dictionary has, as «Пензтяжпромарматура», only what an organisation is called counts.
    if kind is Kind.ORGANISATION or (kind and (is_small or head.is_known)):
        return kind
    if head.is_name or "Geox" in head.marks or not (is_small or head.is_known):
        return None
    if INSTRUMENT.search(lemma) and not head.animate:
        return Kind.PRODUCT
    return Kind.TOPIC if ENDING_OF_MASS.search(lemma) or ABSTRACT.search(lemma) else None


def _by_grammemes(phrase: Phrase) -> Kind | None:
    """Tell proper names by what the dictionary says of their head."""
    head = phrase.head
    if "Orgn" in head.marks:
        return Kind.ORGANISATION
    if "Geox" in head.marks and head.is_known and (not phrase.after or phrase.after[0].startswith("(")):
        return None if phrase.is_alone and phrase.is_in("shared") else Kind.PLACE
    if not phrase.is_alone or not head.is_known:
        return None
    forms = [form for form in forms_of(head.parse.word) if form.case == NOMINATIVE]
    return Kind.PERSON if all("Surn" in form.marks for form in forms) else None


def _by_shape(name: str) -> Kind | None:
    """Tell firms and authorities by how their names are made."""
    first, *_ = name.split()
    if any(pattern.fullmatch(first) for pattern in (WORKS, TWO_CAPITALS, PART_OF_FIRM)):
        return Kind.ORGANISATION
    if FIRM.fullmatch(first):
        is_word = any(form.is_known and "Orgn" not in form.marks for form in forms_of(first.casefold()))
        return None if is_word else Kind.ORGANISATION
    is_subject = not CAPITAL.match(name) and CYRILLIC.search(name) and len(name) >= MIN_TOPIC_LENGTH
    return Kind.TOPIC if is_subject else None
