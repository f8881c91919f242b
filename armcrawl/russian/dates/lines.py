"""The words around a date in its line, which show whether it is the date of publication.

They are labels, words for other dates (of an update, a document, an event), and text that only looks like a date.
`before` and `after` are the parts of a line on both sides of a date.
"""

from __future__ import annotations

import re

LABEL = re.compile(
    r"\W{0,3}(?:(?:дата\s+(?:и\s+время\s+)?)?(?:опубликован[оаы]?|публикации|размещен[оа]?|размещ[её]н[оа]?|размещения|добавлен[оа]?|добавления|создан[оа]?|создания|выложено|"
    r"вышл[ао]|выхода|новости|статьи|материала|записи|поста)"
    r"|дата|размещено|публикация|posted|published|created|submitted|date|written)(?!\w)(?:\s+(?:на сайте|новости|статьи|материала|в|от|on))?\s*[:—–-]?\s*",
    re.IGNORECASE,
)
PUBLISHED = re.compile(
    r"опубликован|публикац|размещ|добавлен|создан|выложено|posted|published|created|submitted|written", re.IGNORECASE
)
# A label after other details: «Автор: И. Лапин  На чтение 3 мин  Опубликовано 12.03.2026».
LABEL_INSIDE = re.compile(
    r"(?:^|\s)(?:Опубликовано|Дата публикации|Размещено|Добавлено|Posted on|Published)(?: on)?:?\s*$"
)
# The beginning of a sentence that some themes print: «Запись опубликована 12.03.2026 автором Редакция в рубрике
# Новости.»
ENTRY = re.compile(
    r"(?:эт[аоу]т?\s+)?(?:запись|статья|материал|новость|this entry)\s+(?:был[аи]?\s+|was\s+)?"
    r"(?:опубликован|размещ|добавлен|posted|published)",
    re.IGNORECASE,
)
# Words before other dates of the page: of an update, a version, a visit, exchange rates.
NOT_PUBLICATION = re.compile(
    r"обновл|updated|modified|edited|\blast\b|измен[её]н|изменен|редактир|отредакт|правк|актуал|©|copyright|\(c\)|просмотр\w* с\b"
    r"|версия \d|верси[яи]:?\s*$|\bv\.|\bver|\bip\b|с момента|архив за|последн\w+ (?:вход|визит|посещ|активн)|был[аи]? (?:на сайте|онлайн)"
    r"|\bкурс|\b(?:usd|eur|cny|цб)\b|доллар|евро\b",
    re.IGNORECASE,
)
# Words before the date of a document or a deadline: a line with one is a paragraph of the text.
OF_DOCUMENT = re.compile(
    r"\b(?:приказ|закон|постановлени|распоряжени|указ|договор|контракт|сертификат|лицензи|протокол|свидетельств|патент)\w{0,3}\b"
    r"|\b(?:гост|ост|ту|снип|сп|исо|iso|din|api)\b\W|\b(?:введ[её]н|утвержд[её]н|вступ|подписан|при[её]м заявок)",
    re.IGNORECASE,
)
# Words before dates that the text is about: of an event, a deadline, a law. For text in lower case, as ignoring case
# takes many times as long.
OF_EVENT = re.compile(
    r"проведени|провед[её]н|состоит|пройд[её]т|проход|начал|окончан|заверш|старт|срок|при[её]м заяв|при[её]ма|заявк"
    r"|действ|регистрац|зарегистр|рожд|родил|умер|скончал|юбиле|основан|до\s*$|дедлайн|истека|вступ|утвержд|подпис|принят|выдан"
    r"|договор|контракт|приказ|закон|постановлен|распоряжен|указа?\b|лиценз|сертификат|письм|протокол|гост|снип|огрн|isbn|issn"
    r"|№\s*$|арт\.|артикул|по состоянию|на дату|данные на|цен[аы]|стоимост|руб(?:\.|л)|изд\.|оплат|поставк|отгруз|доставк"
    r"|\b(?:(?:ту|сп|ост|исо|iso|din|en|api|фз|инн)\b|(?:по|с)\s*$)"
)
# A venue anywhere before the date of an event: «Москва, Экспоцентр, 20 октября 2026».
VENUE = re.compile(
    r"экспо(?:центр|форум)?\b|выставочн|павильон|конгресс|(?:бизнес|технопарк|конференц)-?(?:центр|парк|зал)|технопарк|отел[ьея]\b|гостиниц|дворец",
    re.IGNORECASE,
)
# A telephone number that ends in six digits in pairs, which look like a date. It has a town's code in brackets or
# before a dash, the country's «+7» or «8», or a word such as «тел.» before it. A number in brackets before «12.11.26»
# may be a counter.
TELEPHONE = re.compile(
    r"(?:(?:\(\d{3,5}\)|(?<!\d)\d{3,5}-)[\s\d(),;/-]{0,40}?\d\d\s?-\s?\d\d\s?-\s?\d\d"
    r"|(?:\+7|(?<!\d)8(?=\W{1,3}\d{3})|\bтел(?:\.|\b|ефон\w*)[^\d|]{0,40}|факс[^\d|]{0,40})[\s\d(),;/.-]{0,40}?\d\d\s?[-./]\s?\d\d\s?[-./]\s?\d\d)$",
    re.IGNORECASE,
)
# The beginning of a press release: «Пенза, 12 ноября 2026 г. — Завод ...».
DATELINE = re.compile(
    r"\W{0,2}(?:г\.\s?)?[А-ЯЁ][А-ЯЁа-яё-]{2,30}(?:\s[А-ЯЁ][А-ЯЁа-яё-]{2,30})?(?:,\s[А-ЯЁ][А-ЯЁа-яё-]{2,30}){0,2},?\s"
    r"(?P<date>\d{1,2}(?:\s[а-яё]{3,8}\s|\.\d\d\.)\d{4}(?:\s?(?:г\.|года|г))?)(?:\s?/[^/]{2,40}/)?[.,]?\s?[—–-]\s"
)
# Text after a date that is not of publication: «№ 123-ФЗ» after that of a law, a price, a measure.
NOT_PUBLICATION_AFTER = re.compile(
    r"\s*(?:г\.|года?)?[\s:]*(?:№|N\s?\d|руб(?:\.|л)|₽|\$|€|(?:USD|EUR|CNY)\b|мм|кг|шт|бар|атм|МПа|%)", re.IGNORECASE
)
# The beginning of a span of days before its last date: «12–15 мая», «с 3 по 5 июня».
SPAN_BEFORE = re.compile(
    r"(?:(?<![\w:+])\d{1,2}(?:-?го)?|января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря|\d{4}(?:\s*г\.?)?|\d\d?\.\d\d\.?)(?:\s*\((?:пн|вт|ср|чт|пт|сб|вс)\.?\))?\s*(?:[-–—…]|\.\.\.?|по|до|и|,)\s*$",
    re.IGNORECASE,
)
# A time of day before the date, which makes no span: «10:35 – 31.05.2016».
CLOCK_BEFORE = re.compile(r"\d:\d\d\s*[-–—,]?\s*$")
# Opening hours or the time of an event: «10:00–18:00».
SPAN_OF_HOURS = re.compile(r"(?<!\d)\d?\d:\d\d\s?[-–—]\s?(?:0?\d|1\d|2[0-4]):\d\d(?!\d)")
IMPOSSIBLE_CLOCK = re.compile(r"(?<![\d.:])(?:\d{1,2}:\d\d(?::\d\d)?)(?![\d:])")
POSSIBLE_CLOCK = re.compile(r"(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?")
SPAN_AFTER = re.compile(r"\s*(?:[-–—…]|\.\.\.?|по|до)\s*\d{1,2}(?:\s|\.|$)(?!\d?:\d)", re.IGNORECASE)
# Letters around a date of publication: a rubric, an author, a town, a counter. With more, the line is a sentence with
# the date of an event.
MAX_LETTERS_AROUND = 70
# Letters before a month or a year: «Журнал «Арматурщик», ноябрь 2009», «Архив новостей: 2011 год».
MAX_LETTERS_OF_ISSUE = 30
RUBRIC = re.compile(r"(?:\s*[|/·•]\s*[^\d|/·•]{1,60}){1,4}")
# Counters, which are all that may be beside a date without a year.
COUNTER = re.compile(
    r"просмотр\w*|комментари\w*|коммент\b|views?\b|тыс\b|млн\b|[\s,.;|/·•():👁-]+|\d+(?:[.,]\d+)?[КкKkМM]?",
    re.IGNORECASE,
)
# A sign or word by which a number after a date is a counter; without one it may be part of the date.
COUNTED = re.compile(r"[|/·•👁(]|просмотр|комментар|коммент|view", re.IGNORECASE)


# Signs between the details of a line.
BETWEEN_PARTS = re.compile(r"[|·•;,]")


def without_label(text: str) -> str:
    """Return a line without a label such as «Опубликовано:» at its beginning."""
    label = LABEL.match(text)
    return text[label.end() :] if label else text


# Words anywhere before a date that is not that of the first publication.
EDITED = re.compile(
    r"редактир|последн\w+ (?:редакц|правк|измен|обновл)|был[аи]?\s+в\s+сети|дата\s+(?!и\s+время\s+публ|публик|размещ|добавл|создан|выход|новост|стат|материал|запис|пост)[а-яё]",
    re.IGNORECASE,
)


def is_telephone(text: str, end: int) -> bool:
    """Tell whether the six digits before the index `end` of a text are part of a telephone number: «(3522) 23-10-15»."""
    return TELEPHONE.search(text, 0, end) is not None


def is_another_date(before: str, after: str) -> bool:
    """Tell whether a date is not that of publication: «Обновлено: ...», «Приказ от ... № 5», «ГОСТ ...»."""
    if EDITED.search(before):
        return True
    nearest = _nearest(before)
    if PUBLISHED.search(nearest) and not re.search(r"обновл|измен|updated|modified", nearest, re.IGNORECASE):
        return False
    return (
        NOT_PUBLICATION.search(nearest) is not None
        or is_of_event(before, after)
        or _letters(before) + _letters(after) > MAX_LETTERS_AROUND
    )


def is_of_event(before: str, after: str) -> bool:
    """Tell whether a date is that of an event or a document in the text: «Приказ от ... № 5», «Экспоцентр, ...»."""
    if before:
        nearest = _nearest(before)
        if PUBLISHED.search(nearest):
            return False
        if OF_EVENT.search(nearest.lower()) or VENUE.search(before):
            return True
    return NOT_PUBLICATION_AFTER.match(after) is not None


def _nearest(before: str) -> str:
    """Return the last detail of the text before a date; details are separated by signs."""
    parts = [part for part in BETWEEN_PARTS.split(before) if part.strip()]
    return parts[-1] if parts else before


def is_span(before: str, after: str) -> bool:
    """Tell whether a date is the beginning or the end of a span of days."""
    return bool((SPAN_BEFORE.search(before) and not CLOCK_BEFORE.search(before)) or SPAN_AFTER.match(after))


def is_nearly_alone(before: str, after: str) -> bool:
    """Tell whether only counters follow a date, and at most a name precedes it: «Журнал «Арматура», май 2016»."""
    is_alone = not before.strip(" ,в") or (
        before.rstrip().endswith((",", ":")) and _letters(before) <= MAX_LETTERS_OF_ISSUE
    )
    return (
        is_alone and not COUNTER.sub("", after) and (COUNTED.search(after) is not None or not re.search(r"\d", after))
    )


def is_rubric(after: str) -> bool:
    """Tell whether the text after a date consists of rubrics: «| Экономика и бизнес», «/ Общество / Фото»."""
    return RUBRIC.fullmatch(after) is not None and _letters(after) <= MAX_LETTERS_AROUND


def _letters(text: str) -> int:
    return sum(map(str.isalpha, text))
