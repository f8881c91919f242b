"""What is noted about each page that was read, and the measures: what a page shows, beside those before it."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import islice, pairwise
from math import log2
from typing import TYPE_CHECKING, NamedTuple

from armcrawl.sites.judged import NUMBERS, OPTIONAL

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

STORED = "stored"
# Buckets from one number to its double, so that numbers that differ by a tenth are in different ones.
BUCKETS_A_DOUBLING = 8
# Pages with the same paragraph: two may quote one law, but a paragraph on four is on every page of the site.
SHARED_BY = 4
# Pages before a page with which it is compared: three or four nights of a busy site.
BESIDE = 49
# No journal prints all of them in one day. What it does print in one day is read within four nights, or at once if it
# is old, so that fewer are enough if they were read on more days.
MANY_BESIDE, MANY_DAYS = 24, 5
TEXT = "text"
# An article is new for a quarter of a year: what came since the last look, after holidays and gaps too. Older ones may
# have been written for another layout, so they are like those of their year.
NEW, NEW_FOR = "new", timedelta(days=92)
# Names for the share of a page's prose that is not in its text, up to each bound: none, one sentence of twenty, one of
# five.
SHARES = ((0.0, "none"), (0.05, "a sentence"), (0.2, "a paragraph"))
MUCH = "more"
NAMES_SITE = "the site's name"
# Values that say that nothing is wrong with a page, however many show them.
SOUND = frozenset({"no", "agrees", STORED, "its own", SHARES[0][1]})
# The notes of reading that tell of a fault of the page, and what a picture calls them.
FAULTS = {"body/cut": "text cut off", "tags/label_without_tags": "label without tags"}
NOTES = frozenset(FAULTS)
# What is older was not read in the night after it appeared, so its date cannot have been taken for that of the fetch.
FRESH = timedelta(days=7)
# Pages of which more than half are dated so by chance, where one of six is, once in 400 times.
EARLIER = 10
# How far dates may fall while ids rise: sites assign an id when an article is begun, days before it is published.
UNORDERED = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Observation:
    """One page that was read.

    `kind` is `stored`, or why the page shows no article; `filled` are the names of the fields that it has; `methods`
    says how fields were found, `agrees` whether their second witness agrees; `hashes` are those of its paragraphs,
    `title` and `body` those of the whole, 0 without a text; `repeats` tells that a paragraph stands in the text twice;
    `notes` are those of NOTES that reading made; `names_site` tells that the title is the site's name, `is_readable`
    that the text is in a language, and not in a wrong charset; `is_archived` that it comes from an archive;
    `has_header` that the site's header is in its text by mistake; `left_out` is the share of its prose, from 0 to 1,
    that is not in the text, None if unknown.
    """

    key: str
    section: str
    number: int | None
    kind: str = STORED
    filled: frozenset[str] = frozenset()
    words: int = 0
    paragraphs: int = 0
    tags: int = 0
    linked_tags: int = 0
    methods: Mapping[str, str] = field(default_factory=dict)
    agrees: Mapping[str, bool] = field(default_factory=dict)
    hashes: frozenset[int] = frozenset()
    title: int = 0
    title_letters: int = 0
    body: int = 0
    repeats: bool = False
    notes: frozenset[str] = frozenset()
    names_site: bool = False
    is_readable: bool = True
    day: date | None = None
    fetched_on: date | None = None
    is_archived: bool = False
    has_header: bool = False
    left_out: float | None = None


Values = dict[str, str]


class Seen(NamedTuple):
    """What a page shows: the value of every measure that applies; `age` is NEW, or the year of an older article."""

    key: str
    section: str
    age: str
    values: Values


def seen_of(observations: Sequence[Observation], beside: int = 0) -> list[Seen]:
    """Return what pages show, in the order in which they were read; the first `beside` are only looked at for that.

    What a page has in common with others, it has with the BESIDE pages before it, so that it does not depend on how
    many are looked at.
    """
    unordered = set(_unordered(observations))
    before = Beside()
    for one in observations[:beside]:
        before.add(one)
    return [
        Seen(one.key, one.section, age, _values(one, before, is_unordered=one.key in unordered))
        for one, age in islice(zip(observations, _ages(observations), strict=True), beside, None)
    ]


class Beside:
    """What the last pages before a page have: paragraphs, titles, texts and days, each with the pages that show it."""

    def __init__(self) -> None:
        """Begin without pages."""
        self._pages: deque[Observation] = deque()
        self._shown: dict[tuple[str, object], list[str]] = {}

    def add(self, one: Observation) -> None:
        """Go on to the next page, and forget the one that is too far away."""
        self._pages.append(one)
        for sign in _signs(one):
            self._shown.setdefault(sign, []).append(one.key)
        if len(self._pages) > BESIDE:
            for sign in _signs(self._pages.popleft()):
                del self._shown[sign][0]

    def others(self, one: Observation, name: str, value: object) -> int:
        """Return on how many pages beside this one a value is; a page that was read in several nights counts once."""
        shown = self._shown.get((name, value))
        return len({*shown, one.key}) - 1 if shown else 0

    def has_one_day(self, one: Observation) -> bool:
        """Tell whether more of the pages beside this one are dated on its day than any site prints in one."""
        number = self.others(one, "day", one.day)
        if number < MANY_BESIDE:
            return False
        read_on = {page.fetched_on for page in self._pages if page.day == one.day}
        is_fresh = one.day is not None and one.fetched_on is not None and one.fetched_on - one.day <= FRESH
        return number >= BESIDE or len(read_on) >= (MANY_DAYS if is_fresh else 2)

    def were_dated_so_before(self, day: date) -> bool | None:
        """Tell whether most of the last pages that were read before a day are dated on their own, None without enough.

        Once, a crawl late in the evening or a busy day explains it.
        """
        earlier = [page for page in self._pages if page.fetched_on is not None and page.fetched_on < day][-EARLIER:]
        return 2 * sum(page.day == page.fetched_on for page in earlier) > EARLIER if len(earlier) == EARLIER else None


def _signs(one: Observation) -> Iterator[tuple[str, object]]:
    yield from (("paragraph", value) for value in one.hashes)
    yield from ((name, value) for name in ("title", "body", "day") if (value := getattr(one, name)))


def _values(one: Observation, beside: Beside, *, is_unordered: bool) -> Values:
    values = {"page": one.kind}
    if one.kind == STORED:
        values |= _of_article(one)
        shared = any(beside.others(one, "paragraph", value) >= SHARED_BY - 1 for value in one.hashes)
        values["a paragraph of other pages"] = _answer(shared)
        for name in ("title", "body"):
            if value := getattr(one, name):
                values[f"{TEXT if name == 'body' else name} of other pages"] = _answer(beside.others(one, name, value))
        if one.day is not None:
            values["date out of the order of ids"] = _answer(is_unordered)
            values["day of most other pages"] = _answer(beside.has_one_day(one))
            if one.fetched_on is not None and one.fetched_on - one.day <= FRESH:
                was_so = beside.were_dated_so_before(one.fetched_on)
                if was_so is not None:
                    values["dated on the day of the fetch"] = _answer(was_so and one.day == one.fetched_on)
    beside.add(one)
    return values


def _of_article(one: Observation) -> Values:
    values = {name: "there" if name in one.filled else "missing" for name in OPTIONAL}
    values |= {f"method of {name}": method for name, method in one.methods.items()}
    values |= {f"second witness of {name}": "agrees" if agrees else "differs" for name, agrees in one.agrees.items()}
    values |= {f"number of {name}": str(bucket(getattr(one, name.replace(" ", "_")))) for name in NUMBERS}
    values |= {name: _answer(note in one.notes) for note, name in FAULTS.items()}
    values[TEXT] = "there" if one.paragraphs else "missing"
    values["title"] = NAMES_SITE if one.names_site else "its own"
    values["a paragraph twice"] = _answer(one.repeats)
    values["text in a wrong charset"] = _answer(not one.is_readable)
    values["header in the text"] = _answer(one.has_header)
    if one.left_out is not None:
        values["prose left out"] = next((name for most, name in SHARES if one.left_out <= most), MUCH)
    if one.tags:
        values["links of tags"] = "there" if one.linked_tags == one.tags else "missing"
    return values


def _ages(observations: Sequence[Observation]) -> Iterator[str]:
    """Yield of which age each page's article was when it was read; without a date, it is that of the page before it."""
    last: dict[str, str] = {}
    for one in observations:
        if one.day is not None and one.fetched_on is not None:
            is_new = not one.is_archived and one.fetched_on - one.day <= NEW_FOR
            last[one.section] = NEW if is_new else str(one.day.year)
        yield last.get(one.section, NEW)


def bucket(number: int) -> int:
    """Return the bucket of a number; there are BUCKETS_A_DOUBLING from any number to its double."""
    return round(BUCKETS_A_DOUBLING * log2(number + 1))


def _unordered(observations: Sequence[Observation]) -> Iterator[str]:
    """Yield the keys of the pages whose date is long before that of the page with the next lower id."""
    sections: dict[str, list[tuple[int, date, str]]] = {}
    for one in observations:
        if one.number is not None and one.day is not None:
            sections.setdefault(one.section, []).append((one.number, one.day, one.key))
    for dated in sections.values():
        for (_, before, _), (_, day, key) in pairwise(sorted(dated)):
            if day < before - UNORDERED:
                yield key


def _answer(is_so: object) -> str:
    return "yes" if is_so else "no"
