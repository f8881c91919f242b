"""What others make of the same corpora: dateparser alone, pymorphy3 word by word, kinds by legal form."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import dateparser
from pymorphy3 import MorphAnalyzer

if TYPE_CHECKING:
    from datetime import datetime

MOSCOW = ZoneInfo("Europe/Moscow")
CLOCK = re.compile(r"\d:\d\d")
LEGAL_FORM = re.compile(r"(?:[ПОНЗ]?АО|ООО|ФГУП|ГУП|МУП|ИП|НПО|НПП|ГК|ЗАО)\s")
QUOTED = re.compile(r"«[^»]+»")
WORD = re.compile(r"[А-Яа-яЁё]+")


def dateparser_alone(text: str, fetched_at: datetime) -> str | None:
    """Return the date that dateparser finds with settings that suit Russian news."""
    settings = {
        "DATE_ORDER": "DMY",
        "PREFER_DATES_FROM": "past",
        "RELATIVE_BASE": fetched_at.astimezone(MOSCOW).replace(tzinfo=None),
    }
    found = dateparser.parse(text, languages=["ru"], settings=settings)
    if found is None:
        return None
    local = found.astimezone(MOSCOW).replace(tzinfo=None) if found.tzinfo else found
    return local.isoformat(timespec="seconds") if CLOCK.search(text) else local.date().isoformat()


def word_by_word(printed: str) -> str:
    """Return every word in the nominative of its number, in the letter case of its first letter."""
    return WORD.sub(lambda match: _nominative(match[0]), printed)


def form_or_quotes(printed: str, _: str | None) -> str | None:
    """Return the kind that a legal form or quotes tell."""
    return "organisation" if LEGAL_FORM.match(printed) or QUOTED.search(printed) else None


@cache
def _nominative(word: str) -> str:
    found = _analyzer().parse(word)[0]
    inflected = found.inflect({"nomn"})
    form = str(inflected.word) if inflected else word
    return form.capitalize() if word[:1].isupper() else form


@cache
def _analyzer() -> MorphAnalyzer:
    return MorphAnalyzer(lang="ru")
