"""Signs in how a name is spelt: codes, legal forms, abbreviations, the parts of which names of firms are made."""

from __future__ import annotations

import re

from armcrawl.items import Kind
from armcrawl.russian.domains import site_of_printed
from armcrawl.russian.kinds.words import kind_words
from armcrawl.russian.names.morphology import forms_of

# Letters: a shorter word in small letters that no dictionary has may be an abbreviation of anything.
MIN_TOPIC_LENGTH = 5
QUOTES = re.compile(r"[«»„“”\"]")
CYRILLIC = re.compile(r"[А-Яа-яЁё]")
CAPITAL = re.compile(r"[A-ZА-ЯЁ«„\"]")
# Standards and sizes, and what valves are called («30с41нж»): a code names what is made by it.
CODE = re.compile(
    r"(?:ГОСТ(?:\s+Р)?(?:\s+(?:ИСО|МЭК|ISO|IEC|EN))?|ОСТ|СТО|ТУ|РД|СНиП|СанПиН|СП|ФНП|ТР\s+ТС|ТР\s+ЕАЭС|API|ISO|ИСО|DIN|ASME|ASTM|ANSI|EN|IEC|МЭК|NACE)"
    r"[\s-]+(?:[A-ZА-Я]{1,4}[\s-]?)?\d[^а-яё]*"
    r"|(?:DN|Ду|ДУ|PN|Ру|РУ)[\s-]?\d[\d,.x×х/–-]*(?:\s(?:мм|МПа|бар))?"
    r"|СТО\s[А-ЯЁ][а-яё]+\s\d[\d.–-]*|[A-ZА-ЯЁ]{1,6}\s?\d+[xх×]\d+[^а-яё]*"
    r"|\d{2}[а-я]{1,3}\d{1,4}[а-я]{0,3}\d*"
)
MODEL = re.compile(r"[A-ZА-ЯЁ][A-ZА-ЯЁа-яё]{0,5}-\d{1,4}[A-ZА-ЯЁа-яё]{0,3}")
COMMITTEE = re.compile(r"(?:М?ТК|ПК)[\s/-]?\d+")
# Abbreviations with the endings of those of works and universities: «ЧТПЗ», «НЛМК», «СПбГТУ».
WORKS = re.compile(
    r"[А-ЯЁ]{1,4}(?:МК|[МТПАЭСХК]З|ГОК|ЦБК|НИИ|НПЗ|ГЭС|ТЭЦ)|[А-ЯЁ]{0,4}б?[ГФ][А-ЯЁ]{0,3}У|(?:В?НИИ|ЦНИИ|Гипро|ВНИПИ|ЦКБ|ОКБ|СКБ)[А-ЯЁа-яё]{2,}"
)
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
ABBREVIATION = re.compile(r"[А-ЯЁ]{2,7}")
ADJECTIVE = re.compile(r"[А-ЯЁа-яё-]+(?:[иы]й|ая|ое|ой)")


def by_sign(name: str) -> Kind | None:
    """Tell codes and hosts by their signs."""
    if site_of_printed(name) or COMMITTEE.fullmatch(name):
        return Kind.ORGANISATION
    return Kind.PRODUCT if CODE.fullmatch(name) else None


def by_model(name: str) -> Kind | None:
    """Tell models by their signs, as far as they are no occasions: «Ту-160»."""
    return Kind.PRODUCT if MODEL.fullmatch(name) else None


def by_form(name: str) -> Kind | None:
    """Tell organisations by their legal form, or by what their work is called: «Омский НПЗ»."""
    tables = kind_words()
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


def by_words(name: str) -> Kind | None:
    """Tell by words that end the names of firms, and of occasions in Latin letters: «Siemens Energy», «Valve World Expo»."""
    known = kind_words().words
    first, *others = [re.sub(r"[^a-zа-яё]", "", word) for word in name.casefold().split()]
    is_latin = not CYRILLIC.search(name)
    if is_latin and (first.endswith("expo") or Kind.EVENT in map(known.get, others)):
        return Kind.EVENT
    is_firm = bool(others) and known.get(others[-1]) is Kind.ORGANISATION
    return Kind.ORGANISATION if is_firm and (is_latin or CAPITAL.match(name)) else None


def by_shape(name: str) -> Kind | None:
    """Tell firms and authorities by how their names are made."""
    first, *_ = name.split()
    if any(pattern.fullmatch(first) for pattern in (WORKS, TWO_CAPITALS, PART_OF_FIRM)):
        return Kind.ORGANISATION
    if FIRM.fullmatch(first):
        is_word = any(form.is_known and "Orgn" not in form.marks for form in forms_of(first.casefold()))
        return None if is_word else Kind.ORGANISATION
    is_subject = not CAPITAL.match(name) and CYRILLIC.search(name) and len(name) >= MIN_TOPIC_LENGTH
    return Kind.TOPIC if is_subject else None
