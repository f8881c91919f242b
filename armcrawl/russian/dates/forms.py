"""The forms in which Russian pages print dates: the words, and one pattern for all forms with a year or «вчера»."""

from __future__ import annotations

import re

MONTHS = (
    r"янв(?:ар[ьяе])?|jan(?:uary)?",
    r"фев(?:р(?:ал[ьяе])?)?|feb(?:ruary)?",
    r"мар(?:т[ае]?)?|mar(?:ch)?",
    r"апр(?:ел[ьяе])?|apr(?:il)?",
    r"ма[йяе]|may",
    r"июн[ьяе]?|june?",
    r"июл[ьяе]?|july?",
    r"авг(?:уст[ае]?)?|aug(?:ust)?",
    r"сен(?:т(?:ябр[ьяе])?)?|sep(?:t(?:ember)?)?",
    r"окт(?:ябр[ьяе])?|oct(?:ober)?",
    r"ноя(?:б(?:р[ьяе])?)?|nov(?:ember)?",
    r"дек(?:абр[ьяе])?|dec(?:ember)?",
)
MONTH = f"(?:{'|'.join(MONTHS)})"
MONTH_PATTERNS = tuple(re.compile(month, re.IGNORECASE) for month in MONTHS)
ROMAN_MONTHS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
# Roman numerals in Latin letters, or in Cyrillic ones that look alike.
ROMAN = r"(?:[IІ]{1,3}|[IІ]?[VХX]|V[IІ]{1,3}|[XХ][IІ]{0,2})"
GENITIVES = dict(
    zip(
        "января февраля марта апреля мая июня июля августа сентября октября ноября декабря".split(),
        range(1, 13),
        strict=True,
    )
)

# Weekdays by their first two letters, 0 for Monday; most abbreviations begin like the full name.
WEEKDAYS = {"по": 0, "пн": 0, "вт": 1, "ср": 2, "че": 3, "чт": 3, "пя": 4, "пт": 4, "су": 5, "сб": 5, "во": 6, "вс": 6}
WEEKDAYS |= {"mo": 0, "tu": 1, "we": 2, "th": 3, "fr": 4, "sa": 5, "su": 6}
WEEKDAY = (
    r"(?:понедельник|вторник|сред[ау]|четверг|пятниц[ау]|суббот[ау]|воскресенье|(?:пнд?|втр?|срд?|чтв?|пт[нц]?|сбт?|вск?)\b\.?"
    r"|(?:mon(?:day)?|tue(?:sday)?|wed(?:nesday)?|thu(?:rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)\b)"
)
CLOCK = r"(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d)(?:[.,]\d{1,9})?)?(?![\d:])"
ZONE = (
    r"(?:\s*\(?(?P<zone>МСК\s*(?:[+-]\s?\d\d?)?|MSK|по московскому времени|по Москве|мск\.?|время московское|московское время"
    r"|Z|(?:UTC|GMT)\s?[+-]\s?\d\d?(?::?\d\d)?|UTC|GMT|[+-]\d\d(?::?\d\d)?)\)?(?![\w:]))?"
)
# Between a day, its month and its year: spaces, or signs as in «31-мая-2016».
GAP = r"(?:\s*[-./,]\s*|\s+)"
YEAR_WORD = r"(?:\s*(?:году|года|год|г\.|г)(?!\w))?"

PRINTED = re.compile(
    rf"""(?<![\w.])(?:(?P<weekday_before>{WEEKDAY}),?\s+)?
    (?:
        (?P<iso>(?P<iso_year>\d{{4}})(?P<iso_mark>[-./])(?P<iso_month>\d\d?)(?P=iso_mark)(?P<iso_day>\d\d?))(?!\d)
      | (?P<words>(?P<day>\d{{1,2}})(?:\s?-?(?:го|ого|е|ое)|st|nd|rd|th(?:\s+of)?)?(?:{GAP}|(?=[А-Яа-я]))(?P<month>{MONTH})(?:\.?{GAP}|\.|(?=\d))
            (?:\(?(?P<weekday_inside>{WEEKDAY})\)?,?\s+)?(?P<year>\d{{4}}|['’]\d\d|(?<=[а-я]\.\s)\d\d(?=\s*(?:г(?!\w)|$))|(?<=\s[а-я]{{3}}\s)\d\d(?=\s*$)|(?:(?<=[влнр]ь\s)|(?<=[рс]т\s))\d\d(?=\s*$)|\d\d(?=\s?г(?!\w))))(?!\d)
      | (?P<month_first>(?P<first_month>{MONTH})\.?\s+(?P<second_day>\d{{1,2}})(?:-?го|-?е|st|nd|rd|th)?,?\s+(?P<last_year>\d{{4}}))(?!\d)
      | (?P<year_first>(?P<first_year>\d{{4}}){YEAR_WORD},?\s+(?P<middle_day>\d{{1,2}})\s+(?P<last_month>{MONTH}))(?!\w|\.?,?\s*\d{{4}})
      | (?P<numbers>(?P<number_day>\d{{1,2}})(?P<mark>\s?[-./]\s?)(?P<number_month>\d{{1,2}})(?P=mark)(?P<number_year>\d{{4}}|\d\d))(?![\d.]\d|\d)
      | (?P<roman>(?P<roman_day>\d{{1,2}})[-./\s]\s?(?P<roman_month>(?-i:{ROMAN}))[-./\s]\s?(?P<roman_year>\d{{4}}))(?!\d)
      | (?P<relative>сегодня|вчера|позавчера)\b
      | (?P<only_month>(?<!\d[\ ./-])(?P<named_month>{MONTH})(?:\.?,?\s+|\.?[-./])(?P<named_year>\d{{4}}))(?!\d)
      | (?P<only_year>\d{{4}})(?=\s*(?:году|года|год|г)(?!\w))(?<!\d[./]\d{{4}})
    )
    {YEAR_WORD}
    (?:,?\s*\(?(?P<weekday_after>{WEEKDAY})\)?)?
    (?:(?:[\s,;|/T·•]|в\s|—|–|-|(?<=\s)at\s)*[(\[]?{CLOCK}{ZONE})?""",
    re.IGNORECASE | re.VERBOSE,
)
# Forms without a year or a day: they are dates only if little else is in the line.
DAY_AND_MONTH = re.compile(
    rf"""(?:(?P<weekday_before>{WEEKDAY}),?\s+)?(?P<day>\d{{1,2}})(?:-?го|-?е)?\s+(?P<month>{MONTH})\.?(?!\w)
    (?:,?\s*\(?(?P<weekday_after>{WEEKDAY})\)?)?(?:[\s,|—–-]*(?:в\s+)?{CLOCK}{ZONE})?""",
    re.IGNORECASE | re.VERBOSE,
)
# «30.04 / Новости», «30.04, 12:20»: two numbers alone may be a price.
DAY_AND_NUMBER = re.compile(
    rf"(?P<day>\d\d)\.(?P<month>0[1-9]|1[0-2])(?:\s*[|/,]?\s+{CLOCK}{ZONE}\W*$|\s*[/|]\s+[А-ЯЁ][а-яё])", re.IGNORECASE
)
LAST_WEEKDAY = re.compile(rf"во?\s+(?P<weekday>{WEEKDAY})(?:[\s,]*(?:в\s+)?{CLOCK}{ZONE})?", re.IGNORECASE)
NUMBERS = (
    {"полтора": 1, "полторы": 1, "двое": 2, "трое": 3, "четверо": 4, "пятеро": 5, "a": 1, "an": 1, "one": 1}
    | dict.fromkeys(("один", "одну", "одна", "одни"), 1)
    | dict.fromkeys(("два", "две"), 2)
    | {name: number for number, name in enumerate("три четыре пять шесть семь восемь девять десять".split(), 3)}
    | {name: number for number, name in enumerate("одиннадцать двенадцать тринадцать четырнадцать".split(), 11)}
    | {"пятнадцать": 15, "двадцать": 20, "тридцать": 30, "сорок": 40, "пятьдесят": 50}
)
# The units of an age by the beginning of their names, in seconds or months; an age in weeks gives no day.
SECONDS = {"с": 1, "м": 60, "ч": 3600, "д": 86400, "сут": 86400, "нед": 604800, "полчаса": 1800}
SECONDS |= {"sec": 1, "min": 60, "hour": 3600, "day": 86400, "week": 604800}
MONTHS_OF = {"мес": 1, "г": 12, "л": 12, "полгода": 6, "month": 1, "year": 12}
UNIT = (
    r"(?:секунд[уы]?|сек\.?|минут[уы]?|мин\.?|час(?:а|ов)?|ч\.?|день|дня|дней|дн\.?|сутки|суток|полчаса"
    r"|недел[юьи]|нед\.?|месяц(?:а|ев)?|мес\.?|полгода|года?|лет|г\."
    r"|sec(?:ond)?s?|min(?:ute)?s?|hours?|days?|weeks?|months?|years?)(?!\w)"
)
ONE_AGE = rf"(?:(?P<number>\d{{1,3}}|{'|'.join(NUMBERS)})\s*)?(?P<unit>{UNIT})"
PART_OF_AGE = re.compile(ONE_AGE, re.IGNORECASE)
# «2 ч. 21 мин. назад», «1 год, 1 месяц назад»
AGE = re.compile(
    rf"(?:примерно |около )?(?P<parts>{re.sub(r'[?]P<[a-z]+>', '?:', ONE_AGE)}"
    rf"(?:(?:,|\s|\bи\b)*{re.sub(r'[?]P<[a-z]+>', '?:', ONE_AGE)}){{0,3}}) (?:назад|ago)(?!\w)"
    r"|(?P<now>только что|(?:прямо )?сейчас|just now)(?!\w)",
    re.IGNORECASE,
)


def month_number(name: str) -> int:
    """Return the number of a month by its printed name, 1 to 12."""
    if name.isdecimal():
        return int(name)
    return next(number for number, pattern in enumerate(MONTH_PATTERNS, 1) if pattern.fullmatch(name))


def roman_number(name: str) -> int:
    """Return the number of a month printed in Roman numerals, or 0."""
    latin = name.upper().replace("І", "I").replace("Х", "X")
    return ROMAN_MONTHS.index(latin) + 1 if latin in ROMAN_MONTHS else 0


# Spellings that are replaced before a line is read: a sign that all of them contain (a quick test, "" for none), the
# pattern, and the usual spelling.
SPELLINGS = (
    # «“05” августа»
    ("", re.compile(r"[«\"“”„](\d{1,2})[»\"“”]"), r"\1"),
    # 20170413T101500+0300, ISO 8601's basic form
    ("T", re.compile(r"(?<!\d)((?:19|20)\d\d)(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)?"), r"\1-\2-\3T\4:\5"),
    # «14 ч. 30 мин.»
    (
        "",
        re.compile(
            r"(?<!\d)(\d{1,2})\s*ч(?:\.|ас(?:ов|а)?)?\s*(\d\d)\s*мин(?:\.|ут[аы]?)?(?!\w|\.?\s+назад)", re.IGNORECASE
        ),
        r"\1:\2",
    ),
    # «13 июля 2021 г. 9.45», «в 9-45»
    ("", re.compile(r"(\d{4}\s*(?:г\.|года?|,)|\sв)\s+([01]?\d|2[0-3])[.-]([0-5]\d)(?![\d.])"), r"\1 \2:\3"),
    # uCoz: «2015 » Март » 24»; and «2014, сентябрь»
    ("»", re.compile(rf"(\d{{4}})\s*»\s*({MONTH})\s*»\s*(\d{{1,2}})(?=\s*»|\s*$)", re.IGNORECASE), r" \3 \2 \1 "),
    ("", re.compile(rf"^(\d{{4}}),?\s+({MONTH})$", re.IGNORECASE), r"\2 \1"),
    # «ЭкономикаВчера, 17:48»
    (
        "",
        re.compile(r"(?<=[а-яё])(?=(?:Сегодня|Вчера|Позавчера)(?!\w)|\d{1,2}\s[А-Яа-яё]{3,}\s\d{4}|\d\d\.\d\d\.\d{4})"),
        " ",
    ),
)

# «6:05:33 PM», as Joomla and phpBB print it in any language.
TWELVE_HOURS = re.compile(
    r"(?<!\d)(?P<hour>0?[1-9]|1[0-2]):(?P<rest>[0-5]\d(?::[0-5]\d)?)\s*(?P<half>[ap])\.?m\.?(?!\w)", re.IGNORECASE
)


def normalise_spellings(text: str) -> str:
    """Return a line in which unusual spellings of dates and times are replaced by usual ones."""
    for sign, pattern, form in SPELLINGS:
        if sign in text:
            text = pattern.sub(form, text)
    return TWELVE_HOURS.sub(_in_24_hours, text) if ":" in text else text


def _in_24_hours(match: re.Match[str]) -> str:
    hour = int(match["hour"]) % 12 + (12 if match["half"].lower() == "p" else 0)
    return f"{hour:02}:{match['rest']}"
