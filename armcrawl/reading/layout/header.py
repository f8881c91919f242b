"""The day and the exchange rates in a page's header: not part of the article, but data for analysts."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from armcrawl.items import ExchangeRates
from armcrawl.russian.dates import examine_date
from armcrawl.russian.dates.printed import PLAIN_FORM, find_date
from armcrawl.russian.dates.values import RussianDate

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date, datetime

    from armcrawl.reading.layout.document import Line

EURO = re.compile(r"(?:€|EUR)\s*[—–:=-]?\s*(\d{1,4}[.,]\d{1,4})")
DOLLAR = re.compile(r"(?:\$|USD)\s*[—–:=-]?\s*(\d{1,4}[.,]\d{1,4})")
# Lines at the top of a page that are searched: the rates may follow the site's menu.
MAX_LINES = 60
# Lines between a rate and the other rate or their day.
NEARBY = 4
# Words of a header line with day, weekday and both rates; a sentence that mentions rates is longer.
MAX_WORDS = 12


def find_rates(lines: Sequence[Line], fetched_at: datetime, timezone: str) -> ExchangeRates | None:
    """Return the exchange rates of the page's header, or None without both of them.

    Their day is the one printed beside them, else the day of the fetch in `timezone`. If the printed day is impossible
    or has a wrong weekday, the result is None, as the day of the rates is not known.
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
        # Only one line below the rates: the article begins there, with a date of its own.
        beside = (line, *reversed(top[max(0, line.index - NEARBY) : line.index]), *top[line.index + 1 : line.index + 2])
        day = _day(beside, fetched_at, timezone)
        return ExchangeRates(day, _rate(euro), _rate(dollar)) if day is not None else None
    return None


def _names_currency(text: str) -> bool:
    # Called for many lines of every page: four comparisons take a fifth of the time of a loop.
    return "€" in text or "$" in text or "EUR" in text or "USD" in text


def names_a_rate(text: str) -> bool:
    """Tell whether a text has the rate of the euro or of the dollar."""
    return EURO.search(text) is not None or DOLLAR.search(text) is not None


def names_both_rates(text: str) -> bool:
    """Tell whether a text has the rates of both currencies; the quick test comes first, as most lines have neither."""
    if "€" not in text and "EUR" not in text:
        return False
    return EURO.search(text) is not None and DOLLAR.search(text) is not None


def has_header(paragraphs: Sequence[str]) -> bool:
    """Tell whether the header's exchange rates are among the paragraphs of a text by mistake."""
    short = [text for text in paragraphs if _names_currency(text) and len(text.split()) <= MAX_WORDS]
    return any(map(EURO.search, short)) and any(map(DOLLAR.search, short))


def _day(lines: Sequence[Line], fetched_at: datetime, timezone: str) -> date | None:
    """Return the day printed beside the rates, else that of the fetch; None if the printed one is impossible."""
    is_printed = False
    for text in _printed_dates(lines):
        found = examine_date(text, fetched_at, timezone)
        if isinstance(found, RussianDate):
            return found.date
        is_printed = is_printed or found is not None
    return None if is_printed else fetched_at.astimezone(ZoneInfo(timezone)).date()


def _printed_dates(lines: Sequence[Line]) -> Iterator[str]:
    """Yield the dates that may be the header's: first those in the plainest form, which is quick to find."""
    yield from (found[0] for line in lines if (found := PLAIN_FORM.search(line.loose)))
    yield from (text for line in lines if (text := find_date(line.loose)))


def _rate(match: re.Match[str]) -> Decimal:
    return Decimal(match[1].replace(",", "."))
