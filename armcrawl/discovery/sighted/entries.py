"""A page of a listing becomes what it shows: addresses that a section's pattern names, with their titles and days."""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from statistics import median_low
from typing import TYPE_CHECKING, TypeVar

from armcrawl.discovery.sighted.pagination import Further, further_of
from armcrawl.items import Pickled, Sighting
from armcrawl.reading.charset import decode
from armcrawl.reading.fields.dated_address import filed_under
from armcrawl.reading.layout.layout import parse
from armcrawl.russian.dates import read_date
from armcrawl.russian.dates.printed import find_date
from armcrawl.russian.phrases import is_read_more

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from armcrawl.discovery.protocol import LeadResponse
    from armcrawl.reading.layout.document import Document, Element, Line
    from armcrawl.russian.dates.values import RussianDate
    from armcrawl.sites import Origin, PageKey

# What tells articles apart: a key, or an address.
K = TypeVar("K", bound=Hashable)

# Of an article's announcement: a headline, a lead, a date, an author and some counters.
MAX_CARD_LINES = 20
# A date, a rubric and counters beside each other; what is longer is a lead.
MAX_DATE_LINE_LENGTH = 120
MAX_TITLE_LENGTH = 500
# A listing descends, but not strictly: an entry may be dated some days later than those above it.
UNORDERED = timedelta(days=31)
# An old article that is pinned above all others is one, not three.
NEIGHBOURS = 3
# Where most entries are months apart, each is dated before the one above it, but for a slip of days: of two that are
# nearly a year apart, the second would else be taken for one that stands out of order.
SPARSE_UNORDERED = timedelta(days=3)
DAYS_OF_YEAR = 365
# Without a date of its own in the block, a date stands right above the headline or right below it.
NEAR = 3


@dataclass(frozen=True, slots=True)
class Listed(Pickled):
    """What a page of a listing shows, where it goes on, and how many links and scripts it has."""

    sightings: tuple[Sighting, ...]
    further: Further
    links: int
    scripts: int


def read_listing(
    response: LeadResponse,
    origin: Origin,
    sections: Sequence[str],
    number: int,
    oldest: date | None = None,
    *,
    falls: bool | None = None,
) -> Listed:
    """Read a page of a listing, the first, second and so on of it.

    `oldest` is the oldest day on the page before it, and `falls` whether the pages' numbers fall, if that is known.
    """
    site = origin.site
    decoded = decode(response.body, response.content_type)
    map_address = None if origin.is_site else origin.to_site
    document = parse(decoded, response.address, map_address)
    shown: dict[PageKey, list[tuple[str, Line | None, str]]] = {}
    for line in document.linked:
        for anchor in line.anchors:
            if (key := site.identify(anchor.address)) is not None and key.section in sections:
                shown.setdefault(key, []).append((anchor.address, line, anchor.text))
    for address in document.links:
        if (key := site.identify(address)) is not None and key.section in sections and key not in shown:
            shown[key] = [(address, None, "")]
    days = days_beside(document, shown, response, site.zone, oldest)
    sightings = tuple(
        Sighting(key, places[0][0], days.get(key) or _filed(places[0][0]), _title(places))
        for key, places in shown.items()
    )
    further = further_of(decoded.text, response.address, number, origin, falls=falls)
    scripts = decoded.text.lower().count("<script")
    result = Listed(sightings, further, len(document.links), scripts)
    document.break_cycles()
    return result


def _title(places: Sequence[tuple[str, Line | None, str]]) -> str | None:
    texts = [" ".join(text.split()) for _, _, text in places]
    found = max((text for text in texts if not is_read_more(text)), key=len, default="")
    return found[:MAX_TITLE_LENGTH] or None


def _filed(address: str) -> date | None:
    """Return the whole day that an address tells."""
    filed = filed_under(address)
    try:
        return date.fromisoformat(filed.iso) if filed is not None and filed.iso else None
    except ValueError:
        return None


def days_beside(
    document: Document,
    shown: Mapping[K, Sequence[tuple[str, Line | None, str]]],
    response: LeadResponse,
    zone: str,
    oldest: date | None = None,
) -> dict[K, date]:
    """Return the days that are printed beside headlines; a year that is not printed follows from the neighbours.

    `shown` has the places of each article's links: address, line, text.
    """
    owners: dict[int, set[K]] = {}
    for key, places in shown.items():
        for _, line, _ in places:
            if line is not None:
                owners.setdefault(line.index, set()).add(key)
    found: dict[K, RussianDate] = {}
    for key, places in shown.items():
        own = [line for _, line, _ in places if line is not None]
        for line in own:
            if (day := _day_in(_card(document, line, key, owners), places, response, zone)) is not None:
                found[key] = day
                break
    if not found:
        found = _flat(document, shown, owners, response, zone)
    return _with_years(found, response, oldest)


def _card(document: Document, line: Line, key: K, owners: Mapping[int, set[K]]) -> Sequence[Line]:
    """Return the lines of the widest block around a headline that announces nothing else."""
    best: Element | None = None
    for element in line.element.ancestors():
        if element.end - element.first > MAX_CARD_LINES or element.parent is None:
            break
        if any(owners.get(index, {key}) != {key} for index in range(element.first, element.end)):
            break
        best = element
    return document.lines[best.first : best.end] if best is not None else [line]


def _day_in(
    lines: Sequence[Line], places: Sequence[tuple[str, Line | None, str]], response: LeadResponse, zone: str
) -> RussianDate | None:
    """Return the one day that some lines print; two days are none."""
    titles = [text for _, _, text in places]
    days = [day for line in lines for day in _printed(line, titles, response, zone)]
    distinct = {day.date: day for day in days}
    return next(iter(distinct.values())) if len(distinct) == 1 else None


def _printed(line: Line, titles: Sequence[str], response: LeadResponse, zone: str) -> Iterator[RussianDate]:
    """Yield the day that a line prints beside the headline, or declares for machines."""
    for text in (*_beside(line, titles), line.moment or ""):
        if not 0 < len(text) <= MAX_DATE_LINE_LENGTH:
            continue
        found = read_date(text, response.fetched_at, zone)
        if found is None and (part := find_date(text)) is not None:
            found = read_date(part, response.fetched_at, zone)
        if found is not None and found.day is not None:
            yield found
            return


def _beside(line: Line, titles: Sequence[str]) -> Iterator[str]:
    """Yield what may be the day of a line: what stands before its links, what is no link, and all but headlines."""
    unlinked = whole = line.loose
    for anchor in line.anchors:
        unlinked = unlinked.replace(anchor.text, " ", 1)
    for title in titles:
        # A day in a headline is of what it tells, unless the link is nothing but the date.
        if len(title.split()) > NEAR:
            whole = whole.replace(title, " ")
    for text in (line.before_link if line.anchors else "", unlinked, whole):
        yield " ".join(text.split()).strip(" ,;|·•—–-")


def _flat(
    document: Document,
    shown: Mapping[K, Sequence[tuple[str, Line | None, str]]],
    owners: Mapping[int, set[K]],
    response: LeadResponse,
    zone: str,
) -> dict[K, RussianDate]:
    """Return days of a listing without blocks: all stand above their headlines, or all below."""
    sides: list[dict[K, RussianDate]] = [{}, {}]
    for key, places in shown.items():
        line = max((line for _, line, _ in places if line is not None), key=lambda one: len(one.text), default=None)
        if line is None:
            continue
        for side, step in zip(sides, (-1, 1), strict=True):
            for distance in range(1, NEAR + 1):
                index = line.index + step * distance
                if not 0 <= index < len(document.lines) or owners.get(index, {key}) != {key}:
                    break
                if day := next(_printed(document.lines[index], [], response, zone), None):
                    side[key] = day
                    break
    above, below = sides
    return above if len(above) >= len(below) else below


def _with_years(found: Mapping[K, RussianDate], response: LeadResponse, oldest: date | None) -> dict[K, date]:
    """Return days, those without a printed year in the year that their neighbours above tell."""
    neighbours, slack = (1, SPARSE_UNORDERED) if _is_sparse(found.values()) else (NEIGHBOURS, UNORDERED)
    last = deque([oldest or response.fetched_at.date() + timedelta(days=1)], maxlen=neighbours)
    days: dict[K, date] = {}
    for key, day in found.items():
        days[key] = _not_after(day.date, max(last) + slack) if day.form == "day_and_month" else day.date
        last.append(days[key])
    return days


def _is_sparse(days: Collection[RussianDate]) -> bool:
    """Tell whether most entries are more than a month apart, so that some neighbours may make up a year."""
    steps = [(one.date - other.date).days % DAYS_OF_YEAR for one, other in pairwise(days)]
    return bool(steps) and median_low(steps) > UNORDERED.days


def _not_after(day: date, latest: date) -> date:
    """Return the latest such day of a year that is not after another day."""
    for year in range(day.year, day.year - 50, -1):
        try:
            candidate = day.replace(year=year)
        except ValueError:  # a leap day
            continue
        if candidate <= latest:
            return candidate
    return day
