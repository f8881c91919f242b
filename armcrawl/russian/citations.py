"""Citations, which name a source inside a text: «..., сообщает ТАСС», «Как передаёт корреспондент ИА «Девон», ...»."""

from __future__ import annotations

import re

from armcrawl.items import Attribution
from armcrawl.russian.names.morphology import ACCUSATIVE, GENITIVE, NOMINATIVE, PREPOSITIONAL
from armcrawl.russian.names.persons import read_person
from armcrawl.russian.sources import BEGINS_NAME, is_name, read_sources

TELLS = r"(?:сообща(?:ет|ют)|сообщил[аи]?|переда[её]т|передают|передал[аи]?|пиш(?:ет|ут)|информиру(?:ет|ют)|проинформировал[аи]?|уведомил[аи]?|уточня(?:ет|ют)|уточнил[аи]?|отмеча(?:ет|ют))"
TOLD_THERE = r"(?:сообщил[аи]?|сообщили|рассказали|уточнили|отметили|пояснили|проинформировали|заявили|сообщается|говорится|отмечается|подчеркнули|добавили)"
DOCUMENT = (
    r"(?:(?:официальн\w+\s+)?(?:сообщении|пресс-релизе|релизе|информации|материале|материалах|публикации|заявлении))"
)
QUOTE = r"«(?:[^«»]|«[^»]*»)*»|\"[^\"]*\""
NAMES = rf"(?P<name>(?:{QUOTE}|(?<=\w)\.(?=\w)|(?<=\b[А-ЯЁA-Z])\.(?!\w)|[^«»\".,;:()?!—–])+)"
# Letters that each verb of TELLS or TOLD_THERE has, in any case: most paragraphs have none of them, and to look for the
# forms themselves takes many times as long.
TELLING = ("сообщ", "переда", "пиш", "информир", "уведом", "уточн", "отме")
TOLD = ("сообщ", "рассказ", "информир", "уточн", "отме", "поясн", "заяв", "говор", "подчеркн", "добав")
# The case in which each form of citation names its source, letters of which some are in it, and the form.
CITATIONS: tuple[tuple[str, tuple[str, ...], re.Pattern[str]], ...] = (
    (
        PREPOSITIONAL,
        TOLD,
        re.compile(rf"\b{TOLD_THERE}\s+(?:\w+\s+)?в(?:о)?\s+(?!{DOCUMENT}\b)(?={BEGINS_NAME}){NAMES}", re.IGNORECASE),
    ),
    (GENITIVE, TOLD, re.compile(rf"\b{TOLD_THERE}\s+в\s+{DOCUMENT}\s+(?={BEGINS_NAME}){NAMES}", re.IGNORECASE)),
    (
        PREPOSITIONAL,
        TOLD,
        re.compile(rf"\b{TOLD_THERE}\s+на\s+(?=(?:официальном\s+)?(?:сайте|портале|странице)){NAMES}", re.IGNORECASE),
    ),
    # Who «отмечает 29 лет работы» tells nothing.
    (NOMINATIVE, TELLING, re.compile(rf"\b{TELLS}\s+(?!\d+\s+(?:лет|год))(?={BEGINS_NAME}){NAMES}", re.IGNORECASE)),
    (
        GENITIVE,
        ("данным", "информаци", "сообщени", "материалам", "сведениям"),
        re.compile(
            rf"\bпо\s+(?:данным|информации|сообщени(?:ю|ям)|материалам|сведениям)\s+(?={BEGINS_NAME}){NAMES}",
            re.IGNORECASE,
        ),
    ),
    (
        PREPOSITIONAL,
        ("пресс-",),
        re.compile(rf"(?:^|[.!?]\s+)в\s+(?=пресс-служб|пресс-центр){NAMES}?\s+{TOLD_THERE}\b", re.IGNORECASE),
    ),
    (
        NOMINATIVE,
        TELLING,
        re.compile(
            rf"(?:^|[.!?]\s+)(?=пресс-(?:служба|центр)|Министерство|портал|агентство|газета|журнал|ИА\s|РИА\s|«[^»]+»\s+(?:пиш|сообща|переда)){NAMES}?\s+{TELLS}\b",
            re.IGNORECASE,
        ),
    ),
    (ACCUSATIVE, ("ссылкой",), re.compile(rf"\bсо\s+ссылкой\s+на\s+(?={BEGINS_NAME}){NAMES}", re.IGNORECASE)),
)
REFERRING = re.compile(r"\s+со\s+ссылкой\s+на\s+", re.IGNORECASE)
# Text after a name that is not part of it.
REST = re.compile(
    rf"\s+(?:в\s+(?:понедельник|вторник|среду|четверг|пятницу|субботу|воскресенье|ходе|рамках|своём|своем|эфире|интервью|разговоре)|\d{{1,2}}\s|что\b|о\s|об\s|накануне|сегодня|вчера|ранее|{TELLS}|{TOLD_THERE}).*$",
    re.IGNORECASE,
)
# A person who is quoted is not the source of the text.
PERSON_SPEAKS = re.compile(
    r"(?:\w+\s+){0,3}(?:директор|руководител|начальник|президент|министр|губернатор|глава|председател|заместител|инженер|представител|специалист|конструктор|эксперт|аналитик)",
    re.IGNORECASE,
)
# Characters: a longer paragraph is not searched, as the patterns would take long.
MAX_PARAGRAPH_LENGTH = 3000


def find_citation(paragraph: str, own_names: tuple[str, ...] = ()) -> Attribution | None:
    """Return the attribution of a paragraph that cites a source, or None; `own_names` are no source."""
    if len(paragraph) > MAX_PARAGRAPH_LENGTH:
        return None
    folded = paragraph.casefold()
    found = [
        (match.start(), case, match)
        for case, letters, pattern in CITATIONS
        if any(map(folded.__contains__, letters)) and (match := pattern.search(paragraph))
    ]
    for _, case, match in sorted(found, key=lambda one: one[0]):
        first, *others = [REST.sub("", names).strip() for names in REFERRING.split(match["name"])]
        if not is_name(first) or PERSON_SPEAKS.match(first) or read_person(tuple(first.split())):
            continue
        sources = read_sources(first, case, own_names=own_names)
        for other in others:
            sources += read_sources(other, ACCUSATIVE, own_names=own_names)
        if sources:
            return Attribution(match[0].strip(" .!?"), sources)
    return None
