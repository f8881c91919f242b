"""The header's day and exchange rates: boilerplate to the article, data to an analyst."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from armcrawl.items import ExchangeRates
from armcrawl.russian.dates import examine_date
from armcrawl.russian.dates.printed import SITE_FORM, find_date
from armcrawl.russian.dates.values import RussianDate

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date, datetime

    from armcrawl.reading.layout.document import Line

EURO = re.compile(r"(?:€|EUR)\s*[—–:=-]?\s*(\d{1,4}[.,]\d{1,4})")
DOLLAR = re.compile(r"(?:\$|USD)\s*[—–:=-]?\s*(\d{1,4}[.,]\d{1,4})")
# The rates stand at the top of the page, within the first few lines of text.
MAX_LINES = 60
# Both rates and their day stand beside one another, in one line or a few.
NEARBY = 4
# The day with its weekday and both rates; a sentence of an article that names rates is longer.
MAX_WORDS = 12


def find_rates(lines: Sequence[Line], fetched_at: datetime, timezone: str) -> ExchangeRates | None:
    """Return the exchange rates of the page's header, or None without both of them.

    Their day is the one printed beside them, else the day of the fetch in the site's zone. Beside a day with a
    wrong weekday there are none: nobody could tell whose they are.
    """
    top = lines[:MAX_LINES]
    if not _names_currency("\n".join([line.text for line in top])):
        return None
    for line in top:
        if not _names_currency(line.text):
            continue
        around = top[max(0, line.index - NEARBY) : line.index + NEARBY + 1]
        euro, dollar = EURO.search(line.loose), DOLLAR.search(line.loose)
        if euro is None or dollar is None:
            text = " ".join(other.loose for other in around)
            euro, dollar = EURO.search(text), DOLLAR.search(text)
        if euro is None or dollar is None:
            continue
        # Below the rates the article begins, with a date of its own.
        beside = (line, *reversed(top[max(0, line.index - NEARBY) : line.index]), *top[line.index + 1 : line.index + 2])
        day = _day(beside, fetched_at, timezone)
        return ExchangeRates(day, _rate(euro), _rate(dollar)) if day is not None else None
    return None


def _names_currency(text: str) -> bool:
    # Every line of every page's top is asked: written out, it takes a fifth of what a loop does.
    return "€" in text or "$" in text or "EUR" in text or "USD" in text


def names_a_rate(text: str) -> bool:
    """Tell whether a text tells the rate of a currency."""
    return EURO.search(text) is not None or DOLLAR.search(text) is not None


def names_both_rates(text: str) -> bool:
    """Tell whether a text tells the rates of both currencies: first by signs that most lines lack."""
    if "€" not in text and "EUR" not in text:
        return False
    return EURO.search(text) is not None and DOLLAR.search(text) is not None


def has_header(paragraphs: Sequence[str]) -> bool:
    """Tell whether the header's exchange rates stand among the paragraphs of a text."""
    short = [text for text in paragraphs if _names_currency(text) and len(text.split()) <= MAX_WORDS]
    return any(map(EURO.search, short)) and any(map(DOLLAR.search, short))


def _day(lines: Sequence[Line], fetched_at: datetime, timezone: str) -> date | None:
    """Return the day printed beside the rates, else that of the fetch; None where what is printed cannot be."""
    is_printed = False
    for text in _printed_dates(lines):
        found = examine_date(text, fetched_at, timezone)
        if isinstance(found, RussianDate):
            return found.date
        is_printed = is_printed or found is not None
    return None if is_printed else fetched_at.astimezone(ZoneInfo(timezone)).date()


def _printed_dates(lines: Sequence[Line]) -> Iterator[str]:
    """Yield what may be the header's day: first in the site's own form, which is quick to find."""
    yield from (found[0] for line in lines if (found := SITE_FORM.search(line.loose)))
    yield from (text for line in lines if (text := find_date(line.loose)))


def _rate(match: re.Match[str]) -> Decimal:
    return Decimal(match[1].replace(",", "."))
