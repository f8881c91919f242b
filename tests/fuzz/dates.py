"""Hostile date texts for `read_date`, at any time of fetch."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from armcrawl.russian.dates import examine_date, read_date
from armcrawl.russian.dates.printed import find_date
from armcrawl.russian.dates.values import CLOCK_DIFFERENCE, Fault, RussianDate
from tests.fuzz.fields import MOSCOW
from tests.fuzz.mutations import mutate

if TYPE_CHECKING:
    from random import Random

PIECES = (
    "31", "29", "0", "00", "1", "12", "2016", "1999", "9999", "0000", "16", "’16", "²", "٣", "мая", "февраля", "МАЯ",
    "maя", "сентября", "сен.", "май", "May", "XII", "ІІ", "I", "г.", "года", "г", "-го", ".", "/", "-", "–", ",", ":",
    " ", "  ", "\u00a0", "в", "с", "по", "до", "10:20", "24:00", "23:59:60", "9:5", "T10:20:30.123456789Z", "+03:00",
    "-12:00", "+99:99", "МСК+9", "UTC-12", "GMT", "PM", "a.m.", "среда", "Вт,", "(пт)", "Сегодня", "вчера",
    "Позавчера", "только что", "999 дней назад", "две", "недели", "час назад", "полчаса назад", "Опубликовано:",
    "Дата:", "Обновлено:", "|", "•", "»", "«", "№", "руб.", "2016-02-30", "20160531T101500", "01.01.0001",
    "31.12.9999", "&nbsp;", "&amp;", "\u0301", "\u200b", "Просмотров: 12", "ТАСС",
)  # fmt: skip
SEEDS = (
    "31 Мая 2016",
    "Вчера, 10:20",
    "2016-05-31T10:00:00+03:00",
    "28 Января 2026г, Среда",
    "5 июня",
    "в среду",
    "III.2016",
)
MOMENTS = (
    "2026-11-23T07:00:00",
    "2024-02-29T20:59:59",
    "1990-01-01T00:00:00",
    "9998-12-31T23:59:59",
    "2000-12-31T21:00:00",
)


def generate(random: Random) -> bytes:
    """Return a text behind one line of JSON that tells the time of fetch."""
    text = "".join(random.choices(PIECES, k=random.randint(1, 12)))
    if random.random() < 0.5:
        text = " ".join(random.choices((*PIECES, *SEEDS), k=random.randint(1, 8)))
    data = text.encode()
    if random.random() < 0.3:
        data = mutate(random, data, [piece.encode() for piece in random.choices(PIECES, k=4)])
    return json.dumps({"fetched_at": random.choice(MOMENTS)}).encode() + b"\n" + data


def check(data: bytes) -> None:
    """Read the date, and check that it is none that is to come."""
    head, _, body = data.partition(b"\n")
    fetched_at = datetime.fromisoformat(json.loads(head)["fetched_at"]).replace(tzinfo=UTC)
    text = body.decode("utf-8", "replace")
    found = examine_date(text, fetched_at)
    assert found is None or isinstance(found, (Fault, RussianDate))
    assert read_date(text, fetched_at) == (found if isinstance(found, RussianDate) else None)
    if isinstance(found, RussianDate):
        latest = fetched_at + CLOCK_DIFFERENCE
        assert found.date <= latest.astimezone(MOSCOW).date(), found
        assert found.moment is None or found.moment <= latest, found
    shown = find_date(text)
    assert shown is None or shown in text
