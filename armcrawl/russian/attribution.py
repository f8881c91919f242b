"""Attributions, which name the source of a text: «Пресс-служба портала по материалам ...», «..., сообщает ТАСС»."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from armcrawl.items import Attribution
from armcrawl.russian.citations import find_citation
from armcrawl.russian.names.morphology import GENITIVE, INSTRUMENTAL, NOMINATIVE
from armcrawl.russian.sources import house_pattern, is_name, read_sources, without_beside

# Characters: the longest attribution seen has 90; a longer line that begins alike is a paragraph.
MAX_LINE_LENGTH = 220
BY = r"по\s+(?:материалам|информации|сообщени(?:ю|ям)|данным|сведениям)"
PRESS = r"Пресс-(?:служба|центр|секретарь)|Департамент\s+(?:по\s+связям|общественных|корпоративных)\s\S+|Управление\s+(?:по\s+связям|общественных)\s\S+|Служба\s+по\s+связям\s\S+"
# Characters at the beginning of a line that are compared with OPENINGS and the site's own names: all openings are
# shorter.
MAX_OPENING_LENGTH = 40
# The beginnings of all lines that the patterns match, in lower case, so that most lines are ruled out quickly.
OPENINGS = (
    *("пресс-", "по", "материал", "текст", "новость", "статья", "информация", "публикуется", "подготовлен", "редакция"),
    *("ссылка", "служба", "источник", "первоисточник", "департамент", "управление", "собственная", "соб.", "наш"),
    *("мц", "мг", "иа", "медиа", "портал", "интернет-портал", "«", '"'),
)
# «По материалам дела суд установил, что ...» is a sentence, as a second sentence or a clause in it shows.
SENTENCE = re.compile(r"[а-яё]{3,}[.!?]\s+[А-ЯЁ]|,\s+(?:что|который|которая|которые|где|при этом)\b")
# A name has a capital, a quote or a domain: «По материалам проверки возбуждено дело.» names nobody.
NAME = re.compile(r"[A-ZА-ЯЁ«\"]|\w\.\w")
# An adjective after a comma continues the name: «службы по экологическому, технологическому и атомному надзору».
ADJECTIVE = re.compile(r"[а-яё-]+(?:ого|его|ому|ему|ой|ей|ым|им|ых|их|ыми|ими)\s")
# Words after a comma in a name: six in «Министерства образования, науки и молодёжной политики Нижегородской области»,
# and two more to be safe.
MAX_TAIL_LENGTH = 8
# The author of the pictures after the source of the text: «Источник: Курганский вестник, фото автора».
PICTURES_TOO = re.compile(r"[,;.(/|]\s*(?:фото|иллюстраци|видео)[^,;]{0,60}$", re.IGNORECASE)
QUOTED = re.compile(r"«[^»]*»|\"[^\"]*\"")
VERB = re.compile(
    r"\b(?!\w*(?:портал|журнал|материал|канал|филиал|терминал|металл|арсенал))(?:[а-яё]+(?:ает|яет|ует|ила|или|ило|ал|ала|али|ало|ены|ена|ено|ают|яют|уют|ился|илась|ились)|есть|будет|стал\w*)\b"
)


class Patterns(NamedTuple):
    """The patterns of attributions on a site with certain own names: with a source, without, and their openings."""

    line: re.Pattern[str]
    own_desk: re.Pattern[str]
    openings: tuple[str, ...]


@lru_cache(maxsize=64)  # as many sites as one machine crawls
def _patterns(own_names: tuple[str, ...]) -> Patterns:
    house = house_pattern(own_names)
    line = rf"""(?:\((?=.*\)$))?(?:
        Пресс-служба\s+{house}(?:[\s,]+(?:(?:подготовлено\s+)?{BY}|со\s+ссылкой\s+на)\s*:?\s+(?P<press>\S.*))?
      | {house}[\s,]+{BY}\s+(?P<house>\S.*)
      | (?:(?:Подготовлено|Материал\s+подготовлен|Текст\s+подготовлен|Новость\s+подготовлена|Статья\s+подготовлена|Публикуется)\s+)?по\s+материалам\s*:?\s+(?P<materials>\S.*)
      | (?:(?:перво)?источник\s*[:—–-]\s*)?{BY}\s*:?\s+(?P<information>\S.*)
      | (?:Ссылка\s+на\s+)?(?:перво)?источник(?:и)?(?:\s+(?:информации|новости|материала|публикации|текста))?\s*[:—–-]\s*(?P<origin>\S.*)
      | Ссылка\s+на\s+(?:перво)?источник\s+(?P<reference>\S.*)
      | (?:Материал|Информация|Текст|Новость|Статья|Пресс-релиз)\s+(?:был[аи]?\s+)?(?:и\s+фото\s+)?(?:предоставлен|подготовлен|опубликован)\w*\s+(?P<given>\S.*)
      | (?P<own>{PRESS})(?P<own_name>\s+\S.*)
    )\)?"""
    own_desk = rf"(?:Пресс-служба\s+|Редакция\s+(?:портала\s+)?|Источник:\s*|(?:Материал\s+)?подготовлен[оа]?\s+(?:(?:редакцией|пресс-службой)\s+)?)?{house}|Собственная\s+информация|Соб\.\s*инф\.?|Наш\s+корр\.?"
    return Patterns(
        re.compile(line, re.IGNORECASE | re.VERBOSE),
        re.compile(own_desk, re.IGNORECASE),
        OPENINGS + tuple(name.lower()[:MAX_OPENING_LENGTH] for name in own_names),
    )


def read_attribution(text: str, address: str | None = None, own_names: tuple[str, ...] = ()) -> Attribution | None:
    """Return the attribution that a line is, or that a clause of a paragraph has; None if there is none.

    `address` is the address that the line links to, `own_names` are the site's own names, which are no source.
    """
    return read_attribution_line(text, address, own_names) or find_citation(text, own_names)


def _is_sentence(names: str) -> bool:
    """Tell whether a text has a clause («oblast45.ru, цех открыт»), and is no list of names."""
    clauses = (clause.strip() for clause in names.split(",")[1:])
    return VERB.search(names) is not None or any(map(_is_clause, clauses))


def _is_clause(text: str) -> bool:
    """Tell whether the words after a comma are a clause, and not part of a name."""
    if not text[:1].islower() or ADJECTIVE.match(text):
        return False
    is_long = len(text.split()) > MAX_TAIL_LENGTH and not is_name(text)
    return is_long or not NAME.search(text)


def read_attribution_line(line: str, address: str | None = None, own_names: tuple[str, ...] = ()) -> Attribution | None:
    """Return the attribution that a line consists of, or None if it is something else; arguments as above."""
    text = line.strip()
    if not text.removeprefix("(")[:MAX_OPENING_LENGTH].lower().startswith(_patterns(own_names).openings):
        return None
    return _read_line(text, address, own_names)


@lru_cache(maxsize=4096)  # the role of a line and its attribution are asked for apart
def _read_line(text: str, address: str | None, own_names: tuple[str, ...]) -> Attribution | None:
    patterns = _patterns(own_names)
    if pictures := PICTURES_TOO.search(text):
        text = text[: pictures.start()].rstrip()
    if not 0 < len(text) <= MAX_LINE_LENGTH:
        return None
    plain = text.rstrip(" .;")
    if patterns.own_desk.fullmatch(plain):
        return Attribution(text)
    match = patterns.line.fullmatch(plain)
    if match is None or SENTENCE.search(QUOTED.sub("«»", text)):
        return None
    if match["own"]:
        if VERB.search(plain) or text.endswith(".") or not NAME.search(match["own_name"]):
            return None
        return Attribution(text, read_sources(plain, NOMINATIVE, address, own_names))
    group, named = next(((name, value) for name, value in match.groupdict().items() if value), (None, None))
    if group is None or named is None:
        return None
    named = without_beside(named.removesuffix(")") if text.startswith("(") else named)
    is_named = group in {"press", "house"} or NAME.search(named) or is_name(named)
    if not is_named or _is_sentence(QUOTED.sub("", named)):
        return None
    case = INSTRUMENTAL if group == "given" else NOMINATIVE if group in {"origin", "reference"} else GENITIVE
    sources = read_sources(named, case, address, own_names)
    return Attribution(text, sources)
