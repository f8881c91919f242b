"""The sources that an attribution names, each in the nominative and with its kind."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from armcrawl.items import Kind, Source, SourceKind
from armcrawl.russian.domains import DOMAIN, with_sites
from armcrawl.russian.kinds import kind_of
from armcrawl.russian.names.nominative import nominative
from armcrawl.russian.tags import tag_key

if TYPE_CHECKING:
    from collections.abc import Sequence

# Words before the site's own name.
HOUSE = r"(?:(?:МЦ|МГ|ИА|Медиа-?(?:групп(?:а|ы|ой)|центр(?:а|ом)?|холдинг\w*)|(?:интернет-)?портал\w*)\s+)*"
DESK = r"(?:пресс-служб\w+\s+|редакци\w+\s+|корреспондент\w*\s+|сайт\w*\s+)?"
# Beginnings of names of sources in small letters.
COMMON = (
    r"(?:пресс-|портал|сайт|интернет|веб-|агентств|информагентств|информационн|журнал|газет|издани|еженедельник|вестник|телеканал|телекомпани|радио|канал|telegram|телеграм"
    r"|официальн|отраслев|корпоративн|министерств|ведомств|компани|корпораци|завод|холдинг|администраци|правительств|департамент|управлени|служб|ассоциаци|союз|медиа|групп|концерн|корреспондент|редакци|федеральн)"
)
BEGINS_NAME = rf"(?:[«„\"A-ZА-ЯЁ]|\d+\w|https?://|{COMMON}|(?:[\w-]+\.)+(?:ru|com|рф|info|org|net|su)\b)"
SEPARATOR = re.compile(
    rf"\s*;\s*|\s+/\s+|\s*\|\s*|,?\s+(?:со|с)\s+ссылкой\s+на\s+|(?:,\s*(?:(?:и|а также)\s+)?|\s+(?:и|а также)\s+)(?={BEGINS_NAME})",
    re.IGNORECASE,
)
MONTH = r"(?:январ|феврал|март|апрел|ма[йя]|июн|июл|август|сентябр|октябр|ноябр|декабр)[а-я]*"
DAY = rf"(?:\d{{1,2}}[./]\d{{1,2}}[./]\d{{2,4}}|(?:\d{{1,2}}\s+)?{MONTH}\s+\d{{4}}|\d{{1,2}}\s+{MONTH}|(?:19|20)\d\d)(?:\s*(?:г\.?|года?)(?!\w))?(?:,?\s+(?:в\s+)?\d{{1,2}}[:.]\d\d)?"
# What stands beside the name of a source, and does not belong to it: the day, the issue, the page, an address, the author.
BESIDE = re.compile(
    rf"[,(\s]\s*(?:(?:(?:от|за|на|обновлено|опубликовано)\s+)?{DAY}|\d{{1,2}}:\d\d|(?:№|N|вып\w*\.?)\s*\d+(?:\s*\(\d+\))?|(?:стр|с)\.\s*\d+(?:[-–]\d+)?"
    r"|(?<=\()https?://[^\s)]+|автор\w*:?\s[^,;]{3,60})\)?(?=\s*(?:[,;|/]|$)|\s+и\s)",
    re.IGNORECASE,
)
ADDRESS = re.compile(r"https?://", re.IGNORECASE)
# As BEGINS_NAME, which is used in patterns that ignore case; here only COMMON may be in small letters.
STARTS_NAME = re.compile(rf"(?:[«„\"A-ZА-ЯЁ\d]|https?://|(?i:{COMMON})|(?:[\w-]+\.)+(?:ru|com|рф|info|org|net|su)\b)")
# Words before the name of the source: «корреспондент ИА «Девон»» names the agency.
REPORTER = re.compile(r"(?:наш\w*\s+)?(?:собственн\w+\s+)?(?:корреспондент\w*|спецкор\w*|корр\.)\s+", re.IGNORECASE)
KINDS: tuple[tuple[SourceKind, re.Pattern[str]], ...] = (
    (
        SourceKind.PRESS_SERVICE,
        re.compile(
            r"(?:\w+\s+)?(?:пресс-(?:служб|центр|секретар|офис|релиз|бюро)|PR-|служб\w* по связям|(?:департамент|управлени|отдел)\w* (?:по связям с общественностью|общественных|информаци|корпоративных коммуникаций|коммуникаци))",
            re.IGNORECASE,
        ),
    ),
    (
        SourceKind.MINISTRY,
        re.compile(
            r"(?:Мин(?:истерств|энерго|промторг|строй|транс|эконом|фин|обр|науки|прир|здрав|труд|юст|сельхоз|цифр|восток|спорт|культ|обор|промэнерго|связи|комсвязи)"
            r"|\w*\s?министерств|Рос(?:стандарт|технадзор|недр|природнадзор|аккредитаци|патент|стат|имуществ|морречфлот|комнадзор|труд|транснадзор|автодор|водресурс|лесхоз|потребнадзор|реестр|сельхознадзор|финмониторинг|здравнадзор|обрнадзор|резерв|рыболовств|гидромет|желдор|авиаци)"
            r"|Федеральн\w+ (?:служб|агентств|антимонопольн|налогов|таможенн)|(?:ФАС|ФНС|ФТС|МЧС|МВД|МИД|ФСБ|Правительств\w*|Минпромторг\w*|Госстандарт\w*)(?!\w)|правительств|Евразийск\w+ экономическ\w+ комисси)",
            re.IGNORECASE,
        ),
    ),
    (
        SourceKind.AGENCY,
        re.compile(
            r"(?:ИА|РИА|ТАСС|ИТАР|АГН|АЭИ|РБК|Интерфакс|Reuters|Рейтер|Bloomberg|Блумберг|Regnum|Росбалт|Прайм|Финмаркет|Синьхуа|Associated Press|Argus|Platts|Укринформ|БЕЛТА|Казинформ)(?!\w)"
            r"|[«\"](?:Интерфакс|РИА|ИА|Прайм|Росбалт|Regnum|Татар-информ|Девон)|(?:\w+\s+){0,2}(?:информ)?агентств",
            re.IGNORECASE,
        ),
    ),
    (
        SourceKind.JOURNAL,
        re.compile(
            r"[«\"]?(?:[\w-]+\s+){0,2}(?:журнал|газет|еженедельник|альманах|издани|вестник)"
            r"|[«\"]?(?:Коммерсант|Ведомости|Известия|Российская газета|Независимая газета|Комсомольская правда|Аргументы и факты|Наука и жизнь|Forbes|Эксперт[»\"]|Деловой Петербург|Труд[»\"]|РГ(?!\w)|Вестник|Нефть и газ|Нефтегазовая вертикаль)",
            re.IGNORECASE,
        ),
    ),
    (
        SourceKind.WEB_SITE,
        re.compile(
            r"(?:[\w-]+\s+){0,3}(?:портал|сайт|интернет-\w+|веб-\w+|онлайн-\w+|(?:telegram|телеграм)-?\s?канал|страниц)",
            re.IGNORECASE,
        ),
    ),
)
# Characters: the longest names of institutions have some 150.
MAX_NAME_LENGTH = 160
LETTER = re.compile(r"[^\W\d_]")
# Who names these, names nobody: «по материалам зарубежных СМИ».
NOBODY = re.compile(r"(?:[а-яё-]+\s+)*(?:СМИ|интернета?)", re.IGNORECASE)
# Abbreviations that are never a source, but end the name of one: «Министерство строительства и ЖКХ области».
BRANCH = re.compile(r"(?:ЖКХ|ТЭК|АПК|ЧС)\b")
# Things beside one name: issue, year, day, page, and one to be safe.
MAX_BESIDE = 5
# Two of these, a word each, make one name, as nobody is called so alone: «Нефть и Газ».
ONE_WORD = re.compile(r"\w+")
SUBJECTS = (Kind.TOPIC, Kind.PRODUCT)
# Words for media in small letters, each of which begins another source after «пресс-службы … и».
MEDIUM = re.compile(r"(?:пресс-|газет|журнал|портал|сайт|агентств|информагентств|издани|телеканал|еженедельник)")
# Words that may precede the name of a medium without changing which one is meant.
DESCRIPTION = re.compile(
    r"^(?:(?:(?:официальный|отраслевой|деловой|информационный)\s+)?(?:интернет-)?(?:портал|сайт|журнал|газета|издание|еженедельник)\s+|(?:https?://)?www\.)"
)


def house_pattern(own_names: Sequence[str]) -> str:
    """Return a pattern that matches a site's own names in all forms: «МЦ Вентиль», «портал «Вентиль»», ventil.ru."""
    if not own_names:
        return r"(?!)"
    return rf"{HOUSE}[«\"]?(?:{'|'.join(map(re.escape, own_names))})(?:\.(?:ru|рф|com|news))?[»\"]?"


@lru_cache(maxsize=64)  # as many sites as one machine crawls
def _is_house(own_names: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(DESK + house_pattern(own_names), re.IGNORECASE)


def read_sources(
    names: str, case: str | None = None, address: str | None = None, own_names: tuple[str, ...] = ()
) -> tuple[Source, ...]:
    """Return the sources in a list of names; `case` is the one in which it was printed, if known.

    The site itself, by its `own_names`, is no source, nor is what only stands beside another: an author, a town, an
    address. `address`, to which the list links, is given to the first source.
    """
    is_house = _is_house(own_names).fullmatch
    parts = (REPORTER.sub("", part.strip(" .,;:—–"), count=1) for part in _parts(without_beside(names)))
    found = [_source(part, case) for part in parts if part in names and not is_house(with_sites(part))]
    sources = tuple(source for source in found if source is not None)
    # One source needs no telling apart.
    named = tuple(source for source in sources if len(sources) == 1 or not _stands_beside(source)) or sources
    return (replace(named[0], address=address), *named[1:]) if named and address else named


def _stands_beside(source: Source) -> bool:
    """Tell whether a source is none if there is another."""
    return ADDRESS.match(source.printed) is not None or kind_of(source.name) in (Kind.PERSON, Kind.PLACE)


def without_beside(names: str) -> str:
    """Return a list of names without what stands beside each: «Ведомости» of «Ведомости от 12.05.2016»."""
    names = f" {names}"
    for _ in range(MAX_BESIDE):
        names, before = BESIDE.sub(_outside_quotes, names), names
        if names == before:
            break
    return names.strip()


def _outside_quotes(match: re.Match[str]) -> str:
    return match[0] if _is_inside_quotes(match.string[: match.start()]) else ""


def is_name(text: str) -> bool:
    """Tell whether a text begins as the name of a source does."""
    return STARTS_NAME.match(text) is not None


def _parts(names: str) -> list[str]:
    """Split a list of names, but not inside quotes, nor inside one name («промышленности и торговли»)."""
    parts, last = [], 0
    for match in SEPARATOR.finditer(names):
        before, after = names[last : match.start()], names[match.end() :]
        if _is_inside_quotes(names[: match.start()]) or not is_name(after) or _is_tail(before, after, match[0]):
            continue
        parts.append(before)
        last = match.end()
    return [*parts, names[last:]]


def _is_tail(before: str, after: str, between: str) -> bool:
    """Tell whether `after` continues the name, as in «пресс-службы губернатора и правительства», and is no new source."""
    if BRANCH.match(after):
        return True
    if between.strip() == "и" and all(
        ONE_WORD.fullmatch(name) and kind_of(name) in SUBJECTS for name in (before, after)
    ):
        return True
    return before.lower().startswith("пресс-") and after[:1].islower() and not MEDIUM.match(after)


def _is_inside_quotes(text: str) -> bool:
    return text.count("«") > text.count("»") or text.count("„") > text.count("“") or text.count('"') % 2 == 1


@lru_cache(maxsize=4096)  # a newsroom has some hundred sources
def _source(name: str, case: str | None) -> Source | None:
    if len(name) > MAX_NAME_LENGTH or not LETTER.search(name) or NOBODY.fullmatch(name):
        return None
    site = with_sites(name)
    if DOMAIN.fullmatch(name):
        return Source(name, site, SourceKind.WEB_SITE)
    nominative_name = nominative(site, case).name
    return Source(name, nominative_name, kind_of_source(nominative_name))


def kind_of_source(name: str) -> SourceKind | None:
    """Return the kind of a source by its name in the nominative, or None if the name does not show it."""
    if DOMAIN.search(name) and " " not in name:
        return SourceKind.WEB_SITE
    return next((kind for kind, pattern in KINDS if pattern.match(name)), None)


def source_key(name: str) -> str:
    """Return the key that all spellings of a source share: «портал «Энергетика»» has that of «Энергетика»."""
    key = tag_key(name)
    return DESCRIPTION.sub("", key) or key
