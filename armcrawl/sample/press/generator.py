"""As many further articles as wanted, the same ones for a day whenever it is asked for."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, time, timedelta
from functools import cache
from random import Random
from typing import TYPE_CHECKING, Any

from armcrawl.sample.press.articles import RUBRICS, ZONE, Event, History, PressArticle, PressImage, PressTag
from armcrawl.sample.press.own import cyrillic_slug_of, image_path, slug_of
from armcrawl.sample.press.phrases import MONTHS, Writer, parts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

# How many articles a day has: most working days two, holidays hardly any.
WORKDAY, WEEKEND, HOLIDAY = (5, 25, 35, 25, 10), (70, 25, 5, 0, 0), (92, 8, 0, 0, 0)
HOLIDAYS = frozenset(
    [(1, day) for day in range(1, 9)] + [(2, 23), (3, 8), (5, 1), (5, 2), (5, 9), (6, 12), (11, 4), (12, 31)]
)
# The newsroom works from half past eight to half past six.
OPENS_AT, MINUTES = time(8, 30), 600
FACTS = (2, 4)
PAIRS = (3, 5)
CYRILLIC, EN_DASH = 0.03, 0.06
SIGNED, ATTRIBUTED, ILLUSTRATED, QUOTED, CLOSED, TOLD_OF = 0.25, 0.2, 0.3, 0.6, 0.5, 0.35
EDITED, RETITLED, MOVED, REMOVED, RETURNED = 0.08, 0.03, 0.05, 0.03, 0.35
ATTRIBUTIONS = ("По информации {firm.r}", "По материалам {firm.r}", "Источник: {firm}")
LABELS = ("Вопрос", "Ответ")


@cache
def histories_of(day: date) -> tuple[History, ...]:
    """Return a day's articles, the earliest first, with what happens to each later."""
    random = Random(f"press {day.isoformat()}")  # noqa: S311 - nothing is secret
    weights = HOLIDAY if (day.month, day.day) in HOLIDAYS else WEEKEND if day.weekday() > 4 else WORKDAY
    [number] = random.choices(range(len(weights)), weights)
    opening = datetime.combine(day, OPENS_AT, ZONE)
    minutes = sorted(random.sample(range(MINUTES), number))
    return tuple(_history(Random(f"{day} {minute}"), opening + timedelta(minutes=minute)) for minute in minutes)  # noqa: S311 - nothing is secret


def _history(random: Random, at: datetime) -> History:
    kind = random.choice(parts("kinds")["kind"])
    writer = Writer(random, at.month)
    if sayings := kind.get("sayings"):
        writer.words["saying"] = {"n": random.choice(sayings)}
    titles, openings = kind["titles"], kind["openings"]
    chosen = random.randrange(len(titles))
    title, opening = writer.write(titles[chosen]), writer.write(openings[chosen % len(openings)])
    paragraphs = [opening, *(_interview(kind, writer) if "pairs" in kind else _news(kind, writer))]
    article = PressArticle(
        slug=_slug(random, title),
        rubric=kind["rubric"],
        at=at,
        title=title,
        marked=tuple(paragraphs),
        tags=_tags(random, kind["topic"], writer, " ".join((title, *paragraphs))),
        author=random.choice(parts("words")["staff"]) if random.random() < SIGNED else "",
    )
    if kind["rubric"] == "zavody" and random.random() < ATTRIBUTED:
        line, source = writer.write(random.choice(ATTRIBUTIONS)), writer.write("{firm}")
        article = replace(article, attribution=line, source=source)
    if random.random() < ILLUSTRATED:
        caption = random.choice(parts("words")["photos"])
        article = replace(article, images=(PressImage(image_path(at, f"{at:%d%H%M}.jpg"), caption),))
    return History(article, tuple(_events(random, article, writer)))


def _news(kind: dict[str, Any], writer: Writer) -> list[str]:
    random, shared = writer.random, parts("shared")
    patterns = random.sample(kind["facts"], random.randint(*FACTS))
    if random.random() < TOLD_OF:
        patterns.insert(random.randint(1, len(patterns)), random.choice(shared["backgrounds"]))
    if random.random() < QUOTED:
        patterns.insert(random.randint(1, len(patterns)), random.choice(shared["quotes"]))
    if random.random() < CLOSED:
        patterns.append(random.choice(shared["closings"]))
    return [writer.write(pattern) for pattern in patterns]


def _interview(kind: dict[str, Any], writer: Writer) -> list[str]:
    random = writer.random
    asks, answers = random.choice([("«Поток и затвор»", writer.person), LABELS])
    paragraphs: list[str] = []
    for question, answer in random.sample(kind["pairs"], random.randint(*PAIRS)):
        paragraphs += [f"{asks}: {writer.write(question)}", f"{answers}: {writer.write(answer)}"]
    return paragraphs


def _slug(random: Random, title: str) -> str:
    chance = random.random()
    if chance < CYRILLIC:
        return cyrillic_slug_of(title)
    slug = slug_of(title)
    if chance < CYRILLIC + EN_DASH:
        return slug.replace("-", "–", 2).replace("–", "-", 1)
    return slug


def _tags(random: Random, topic: str, writer: Writer, text: str) -> tuple[PressTag, ...]:
    """Return tags of what the text speaks of."""
    [firm, _], words = writer.firm_names, [topic]
    words += [name for name in (firm, writer.city, writer.person) if name in text]
    words += [writer.product] if writer.words["products"]["n"] in text.lower() else []
    chosen = random.sample(words, random.randint(1, min(4, len(words))))
    return tuple(PressTag(word, word) for word in chosen)


def _events(random: Random, article: PressArticle, writer: Writer) -> Iterator[Event]:
    """Yield what happens to an article: most never change, and nothing happens to what was removed but its return."""
    at = article.at + timedelta(days=random.randint(0, 9), minutes=random.randint(40, 400))
    if random.random() < MOVED:
        yield Event(at, moved=random.choice([rubric for rubric in RUBRICS if rubric != article.rubric]))
        at += timedelta(days=random.randint(1, 6), minutes=7)
    if random.random() < RETITLED:
        yield Event(at, title=f"{article.title} – обновлено")
        at += timedelta(days=random.randint(1, 6), minutes=7)
    if random.random() < EDITED:
        yield _edit(random, article, writer, at)
        at += timedelta(days=random.randint(1, 6), minutes=7)
    if random.random() < REMOVED:
        yield Event(at, removed=random.choice((404, 410)))
        if random.random() < RETURNED:
            yield Event(at + timedelta(days=random.randint(1, 12)), returned=True)


def _edit(random: Random, article: PressArticle, writer: Writer, at: datetime) -> Event:
    index = random.randrange(len(article.marked))
    corrected = re.sub(r"\b\d+\b", lambda number: str(int(number[0]) + 10), article.marked[index], count=1)
    if corrected != article.marked[index] and random.random() < 0.5:
        return Event(at, replaced=(index, corrected))
    day = f"{at.day} {MONTHS['r'][at.month - 1]}"
    return Event(at, added=writer.write(random.choice(parts("shared")["added"]).replace("{day}", day)))
