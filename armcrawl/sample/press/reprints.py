"""Texts of the first portal that the journal prints again: the same, edited, or a part of them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import accumulate
from typing import TYPE_CHECKING

from armcrawl.sample.articles import load_sample
from armcrawl.sample.press.articles import ZONE, History, PressArticle, PressTag
from armcrawl.sample.press.own import slug_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from armcrawl.sample.articles import SampleArticle

# The journal began to print them in its first year.
SINCE = date(2024, 1, 1)
# Every third text that is long enough.
STEP, MIN_PARAGRAPHS = 3, 4
MAX_EXCERPT = 0.45
GRADES = ("same", "near", "excerpt")
RUBRICS = ("zavody", "rynok", "tehnologii")
ATTRIBUTIONS = ("По материалам Armtorg", "Источник: Armtorg", "По информации Armtorg")
# An editor's words before a text that was shortened.
OPENINGS = (
    "Коллеги рассказали историю, мимо которой трудно пройти.",
    "Об этом на днях написали наши коллеги, и мы приводим главное.",
    "Новость заметили не все, поэтому повторим её коротко.",
    "Эту заметку нам прислали сразу несколько читателей.",
)
# What an editor writes otherwise.
EDITS = (
    ("рассказал", "сообщил"),
    ("В прошлом году", "Годом раньше"),
    ("Сейчас", "Теперь"),
    ("примерно", "около"),
    ("предприятие", "завод"),
    ("специалисты", "инженеры"),
    ("также", "кроме того"),
    ("рублей", "руб."),
)


@cache
def reprint_histories() -> tuple[History, ...]:
    """Return what the journal printed again, the earliest first."""
    return tuple(_reprints())


def _reprints() -> Iterator[History]:
    articles = sorted(load_sample().articles.values(), key=lambda article: (article.day, article.key))
    fitting = [article for article in articles if _fits(article)]
    for number, article in enumerate(fitting[::STEP]):
        at = datetime.combine(article.day + timedelta(days=1 + number % 4), time(14, 5), ZONE)
        yield History(_reprint(number, article, at))


def _fits(article: SampleArticle) -> bool:
    return article.day >= SINCE and len(article.marked) >= MIN_PARAGRAPHS and not article.copy_of


def _reprint(number: int, article: SampleArticle, at: datetime) -> PressArticle:
    grade = GRADES[number % len(GRADES)]
    title, marked = article.title, article.marked
    if grade == "near":
        title, marked = f"{title}: подробности", (OPENINGS[number % len(OPENINGS)], *map(_edited, marked[:-1]))
    elif grade == "excerpt":
        title, marked = f"Коротко: {title}", _beginning(marked)
    return PressArticle(
        slug=slug_of(title),
        rubric=RUBRICS[number // len(GRADES) % len(RUBRICS)],
        at=at,
        title=title,
        marked=marked,
        tags=tuple(PressTag(tag.printed, tag.name) for tag in article.tags),
        attribution=ATTRIBUTIONS[number % len(ATTRIBUTIONS)],
        source="Armtorg",
        copy_of=(str(article.key),),
        grade=grade,
    )


def _beginning(marked: tuple[str, ...]) -> tuple[str, ...]:
    """Return as many of the first paragraphs as make a part and no shortened copy, and at least one."""
    limit = MAX_EXCERPT * sum(map(len, marked))
    lengths = accumulate(map(len, marked))
    return marked[: max(1, sum(length <= limit for length in lengths))]


def _edited(paragraph: str) -> str:
    for before, after in EDITS:
        paragraph = paragraph.replace(f" {before} ", f" {after} ")
    return paragraph
