"""To which articles a question in Python narrows: days, and what articles must have or must not have."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, TypedDict

from armcrawl import clock
from armcrawl.errors import UsageError
from armcrawl.items import Kind
from armcrawl.russian.dates import read_span
from armcrawl.store.queries.choice import Choice, Facet

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

Day = date | str | None


class Narrowing(TypedDict, total=False):
    """What narrows articles; each may be left out.

    `since` and `until` are days, both included: a date, or text such as 2016-05-31, 31.05.2016, май 2016 or 2016, of
    which `since` means the first day and `until` the last. `tag`, `source`, `kind` (of a
    tag), `site` and `section` are one name or several: of tags, sources and kinds an article has all, of sites and
    sections one. Tags and sources are meant in any printed form. `exclude` leaves out: {"tag": "насосы"}. Of articles
    with one text, `one_per_cluster` leaves the one that had it first, or else the oldest.
    """

    since: Day
    until: Day
    tag: str | Sequence[str]
    source: str | Sequence[str]
    kind: str | Sequence[str]
    site: str | Sequence[str]
    section: str | Sequence[str]
    exclude: Mapping[str, str | Sequence[str]]
    one_per_cluster: bool


FACETS = (Facet.TAG, Facet.SOURCE, Facet.KIND, Facet.SITE, Facet.SECTION)


def choice_of(
    *,
    since: Day = None,
    until: Day = None,
    exclude: Mapping[str, str | Sequence[str]] | None = None,
    one_per_cluster: bool = False,
    **wanted: str | Sequence[str],
) -> Choice:
    """Return the choice of articles; raises UsageError for what makes none, TypeError for another name."""
    if unknown := wanted.keys() - set(FACETS):
        raise TypeError(f"unexpected keyword argument {min(unknown)!r}")
    if unknown := (exclude or {}).keys() - set(FACETS):
        raise UsageError(f"Nothing is left out by {min(unknown)!r}: there are {', '.join(FACETS)}.")
    first, last = days(since, until)
    return Choice(frozenset(_values(wanted)), frozenset(_values(exclude or {})), first, last, one_per_cluster)


def days(since: Day, until: Day) -> tuple[date | None, date | None]:
    """Return both days; raises UsageError for what is none, and for an end before the beginning."""
    first, last = _day(since, is_last=False), _day(until, is_last=True)
    if first and last and first > last:
        raise UsageError(f"since {first} is after until {last}.")
    return first, last


def _values(given: Mapping[str, str | Sequence[str]]) -> Iterator[tuple[Facet, str]]:
    for name, names in given.items():
        for value in [names] if isinstance(names, str) else names:
            if not (isinstance(value, str) and value.strip() and value.isprintable()):
                raise UsageError(f"{value!r} is no {name}: give a name, as a page prints it.")
            if name == Facet.KIND and value not in tuple(Kind):
                raise UsageError(f"There is no kind {value!r}: there are {', '.join(Kind)}.")
            yield Facet(name), value


def _day(written: Day, *, is_last: bool) -> date | None:
    if isinstance(written, datetime):
        return written.date()
    if written is None or isinstance(written, date):
        return written
    span = read_span(written, clock.now()) if isinstance(written, str) else None
    if span is None:
        raise UsageError(f"{written!r} is no day: give a date, or write 2016-05-31.")
    return span[is_last]
