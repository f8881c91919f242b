"""What an address asks for: words, a choice, an order, a page of hits or all of them as a file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from armcrawl.analysis.serving.rendering import KIND_NAMES
from armcrawl.analysis.trends import days_of
from armcrawl.errors import UsageError
from armcrawl.items import Kind
from armcrawl.russian.dates import read_span
from armcrawl.russian.search_query import MAX_ITEMS, TooManyWordsError, parse_query
from armcrawl.store.queries.choice import Choice, Facet
from armcrawl.store.queries.full_text_search import Order

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from armcrawl.russian.search_query import SearchQuery
    from armcrawl.store.queries.choice import Value

    Pairs = list[tuple[str, str]]

# To find the excerpts is half of the work of a search.
HITS_A_PAGE = 10
# As deep as `armcrawl search` goes.
MAX_PAGES = 100
# No name of a tag is longer, and no search is.
MAX_LENGTH = 1_000
# Each chosen value costs a question to the database.
MAX_CHOSEN = 50
FORMATS = ("csv", "excel", "json", "parquet", "atom")
# Before the name of a facet whose value is not wanted, as before a word.
MINUS = "-"
DAYS = {"since": "начало", "until": "конец"}
ONCE = "1"


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """A search as its address has it; `since` and `until` as they are written, `page` counts from 1."""

    words: str
    query: SearchQuery | None
    choice: Choice
    since: str = ""
    until: str = ""
    order: Order = Order.BEST
    page: int = 1
    format: str = ""

    @property
    def first(self) -> int:
        """How many hits are on the pages before this one."""
        return (self.page - 1) * HITS_A_PAGE

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but words is asked for."""
        return self.choice != Choice()

    @property
    def chosen(self) -> Pairs:
        """All but the words and the page, which other words leave as it is."""
        return [*self.values, *self.days, *_given(order=self.order if self.order is not Order.BEST else ""), *self.once]

    @property
    def values(self) -> Pairs:
        """The values of facets that are wanted or not."""
        wanted = sorted((facet.value, value) for facet, value in self.choice.wanted)
        return [*wanted, *sorted((MINUS + facet, value) for facet, value in self.choice.unwanted)]

    @property
    def days(self) -> Pairs:
        """The days, as they are written."""
        return _given(since=self.since, until=self.until)

    @property
    def once(self) -> Pairs:
        """Whether copies are wanted once."""
        return _given(once=ONCE if self.choice.once else "")

    @property
    def address(self) -> str:
        """The address of the first page of its hits."""
        return path([*_given(q=self.words), *self.chosen])

    def with_words(self, words: str) -> str:
        """Return the address of other words with the same choice."""
        return replace(self, words=words).address

    def with_page(self, page: int) -> str:
        """Return the address of another page of the same hits."""
        return path([*_given(q=self.words), *self.chosen, *_given(page=str(page) if page > 1 else "")])

    def as_file(self, form: str) -> str:
        """Return the address of all hits in a format; a feed has the newest first."""
        other = replace(self, order=Order.NEWEST) if form == "atom" else self
        return path([*_given(q=other.words), *other.chosen, ("format", form)])

    def with_value(self, facet: Facet, value: str) -> str:
        """Return the address of what is found if a value is wanted."""
        return self._chosen(self.choice.wanted | {(facet, value)}, self.choice.unwanted - {(facet, value)})

    def without_value(self, facet: Facet, value: str) -> str:
        """Return the address of what is found if a value is not wanted."""
        return self._chosen(self.choice.wanted - {(facet, value)}, self.choice.unwanted | {(facet, value)})

    def whatever_value(self, facet: Facet, value: str) -> str:
        """Return the address of what is found whether or not an article has a value."""
        return self._chosen(self.choice.wanted - {(facet, value)}, self.choice.unwanted - {(facet, value)})

    def in_month(self, month: str) -> str:
        """Return the address of what is found in a month, as `2016-05`."""
        first, last = days_of(month)
        return replace(self, since=first.isoformat(), until=last.isoformat()).address

    def whenever(self) -> str:
        """Return the address of what is found of all days."""
        return replace(self, since="", until="").address

    def by_month(self) -> str:
        """Return the address of the words by month beside others: trends take the days, and nothing else chosen."""
        days = {"from": self.choice.first, "to": self.choice.last}
        months = [(name, day.isoformat()[:7]) for name, day in days.items() if day]
        return f"/trends?{urlencode([('q', self.words), *months], errors='replace')}"

    def with_copies(self) -> str:
        """Return the address of what is found with all copies."""
        return replace(self, choice=replace(self.choice, once=False)).address

    def narrowed_by_nothing(self) -> str:
        """Return the address of the words alone."""
        return path(_given(q=self.words))

    def _chosen(self, wanted: frozenset[Value], unwanted: frozenset[Value]) -> str:
        return replace(self, choice=replace(self.choice, wanted=wanted, unwanted=unwanted)).address


def path(pairs: Sequence[tuple[str, str]]) -> str:
    """Return the address of a search by its parameters."""
    return "/search" + ("?" + urlencode(pairs, errors="replace") if pairs else "")


def _given(**values: str) -> Pairs:
    return [(name, value) for name, value in values.items() if value]


def read_request(pairs: Iterable[tuple[str, str]], now: datetime) -> SearchRequest:
    """Read an address by its parameters; raises UsageError for what makes no sense, with a sentence in Russian."""
    given: dict[str, list[str]] = {}
    for name, value in pairs:
        stripped = value.strip()
        if len(stripped) > MAX_LENGTH:
            raise UsageError(f"Слишком длинно: поиск берёт не больше {MAX_LENGTH} знаков.")
        if stripped and stripped not in given.setdefault(name, []):
            given[name].append(stripped)
    wanted, unwanted = _values(given, ""), _values(given, MINUS)
    if len(wanted) + len(unwanted) > MAX_CHOSEN:
        raise UsageError(f"Слишком много выбрано: поиск берёт не больше {MAX_CHOSEN} значений.")
    since, until = _one(given, "since"), _one(given, "until")
    first, last = _days(since, until, now)
    once = _one_of(given, "once", (ONCE,)) == ONCE
    words = _one(given, "q")
    return SearchRequest(
        words,
        _query(words),
        Choice(wanted, unwanted - wanted, first, last, once),
        since,
        until,
        Order(_one_of(given, "order", [*Order]) or Order.BEST),
        _number(_one(given, "page") or "1", "page", 1, MAX_PAGES),
        _one_of(given, "format", FORMATS),
    )


def _query(words: str) -> SearchQuery | None:
    """Read the words; raises UsageError in Russian."""
    try:
        return parse_query(words) if words else None
    except TooManyWordsError as error:
        raise UsageError(f"Слишком много слов и знаков: поиск берёт не больше {MAX_ITEMS} слов и фраз.") from error
    except UsageError as error:
        raise UsageError("Искать здесь нечего: нужно хотя бы одно слово или «фраза» без минуса.") from error


def _one(given: dict[str, list[str]], name: str) -> str:
    values = given.get(name, [""])
    if len(values) > 1:
        raise UsageError(f"{name} задано дважды: оставьте одно.")
    return values[0]


def _one_of(given: dict[str, list[str]], name: str, known: Sequence[str]) -> str:
    value = _one(given, name)
    if value and value not in known:
        raise UsageError(f"{name}: здесь бывает только {', '.join(known)}.")
    return value


def _values(given: dict[str, list[str]], sign: str) -> frozenset[Value]:
    found: set[Value] = set()
    for facet in Facet:
        for value in given.get(sign + facet, ()):
            if not value.isprintable():
                raise UsageError(f"{sign}{facet}: в названии есть знаки, которых никто не печатает.")
            if facet is Facet.KIND and value not in [*Kind]:
                known = ", ".join(f"{kind} ({KIND_NAMES[kind]})" for kind in Kind)
                raise UsageError(f"{sign}{facet}: здесь бывает только {known}.")
            found.add((facet, str(_number(value, sign + facet, 0, 9999)) if facet is Facet.YEAR else value))
    return frozenset(found)


def _number(value: str, name: str, least: int, most: int) -> int:
    if not (value.isascii() and value.isdecimal() and len(value) < 9 and least <= int(value) <= most):
        raise UsageError(f"{name}: нужно число от {least} до {most}.")
    return int(value)


def _days(since: str, until: str, now: datetime) -> tuple[date | None, date | None]:
    spans = {}
    for name, written in (("since", since), ("until", until)):
        spans[name] = read_span(written, now) if written else None
        if written and spans[name] is None:
            raise UsageError(f"Не понять {DAYS[name]} «{written}»: напишите 05.11.2026, ноябрь 2026 или 2026.")
    first, last = (span[end] if span else None for end, span in enumerate(spans.values()))
    if first and last and last < first:
        raise UsageError(f"Конец {last:%d.%m.%Y} раньше начала {first:%d.%m.%Y}: поменяйте их местами.")
    return first, last
