"""How the journal prints dates, links and pages."""

from __future__ import annotations

import re
from datetime import timedelta
from email.utils import format_datetime
from functools import cache
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from armcrawl.sample.portal import linked
from armcrawl.sample.press.articles import RUBRICS
from armcrawl.sample.press.own import press_folder
from armcrawl.sample.press.phrases import MONTHS

if TYPE_CHECKING:
    from datetime import datetime

# «Марина Истомина: …» in an interview.
LABEL = re.compile(r"((?:«[^»]{2,40}»|Вопрос|Ответ|[А-ЯЁ][а-яё]+ [А-ЯЁ][а-яё]+):) ")


@cache
def environment() -> Environment:
    """Return what renders the templates of both markups."""
    made = Environment(
        loader=FileSystemLoader(press_folder() / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "linked": linked,
        "labelled": labelled,
        "day": printed_day,
        "listed": listed_day,
        "rfc822": format_datetime,
        "month": month_name,
    }
    made.globals["rubrics"] = RUBRICS
    return made


def labelled(paragraph: str) -> Markup:
    """Print a paragraph of an interview with its label in bold."""
    label = LABEL.match(paragraph)
    if label is None:
        return linked(paragraph)
    return Markup("<b>{}</b> ").format(label[1]) + escape(paragraph[label.end() :])


def printed_day(moment: datetime) -> str:
    """Print a date in full: `12 мая 2024`."""
    return f"{moment.day} {MONTHS['r'][moment.month - 1]} {moment.year}"


def listed_day(moment: datetime, now: datetime) -> str:
    """Print a date as listings do: `сегодня, 10:15`, `вчера, 9:40`, `12 мая`, and the year of earlier years."""
    if moment.date() == now.date():
        return f"сегодня, {moment:%H:%M}"
    if moment.date() == now.date() - timedelta(days=1):
        return f"вчера, {moment:%H:%M}"
    if moment.year == now.year:
        return printed_day(moment).rsplit(" ", 1)[0]
    return printed_day(moment)


def month_name(month: int) -> str:
    """Return a month's name: `май`."""
    return MONTHS["n"][month - 1]
