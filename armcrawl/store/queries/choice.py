"""What articles are narrowed to: values of facets that are wanted or not, days, and copies once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from armcrawl.store.base.article_order import places_between

# The value of the year for articles without a date.
NO_YEAR = "0"


class Facet(StrEnum):
    """By what articles are told apart."""

    YEAR = "year"
    SITE = "site"
    SECTION = "section"
    KIND = "kind"
    TAG = "tag"
    SOURCE = "source"


# An article has one value of each of these: several that are wanted are one of them, else nothing would be found. Of
# the others it has many: it must have all that are wanted.
ONE_OF = (Facet.YEAR, Facet.SITE, Facet.SECTION)

Value = tuple[Facet, str]


@dataclass(frozen=True, slots=True)
class Choice:
    """What articles must have and must not have; tags and sources by a name in any printed form, kinds of tags.

    `first` and `last` are days, both included. Of the articles with one text that fit, `once` leaves the one that had
    it first, or else the oldest.
    """

    wanted: frozenset[Value] = frozenset()
    unwanted: frozenset[Value] = frozenset()
    first: date | None = None
    last: date | None = None
    once: bool = False

    def of(self, facet: Facet) -> list[str]:
        """Return the wanted values of a facet."""
        return sorted(value for each, value in self.wanted if each is facet)

    def without(self, facet: Facet) -> list[str]:
        """Return the unwanted values of a facet."""
        return sorted(value for each, value in self.unwanted if each is facet)

    def fits(self, facet: Facet, value: str) -> bool:
        """Tell whether an article with one value of a facet of ONE_OF fits, as far as that facet goes."""
        wanted = self.of(facet)
        return (not wanted or value in wanted) and (facet, value) not in self.unwanted

    def free_of(self, facets: tuple[Facet, ...]) -> Choice:
        """Return the same choice without anything chosen of some facets."""
        wanted, unwanted = (
            frozenset(value for value in values if value[0] not in facets) for values in (self.wanted, self.unwanted)
        )
        return replace(self, wanted=wanted, unwanted=unwanted)

    @property
    def places(self) -> tuple[int, int]:
        """The lowest and the highest place of the articles of its days."""
        return places_between(self.first, self.last)


EVERYTHING = Choice()


def places_of_year(year: str) -> tuple[int, int]:
    """Return the lowest and the highest place of a year's articles, or of those without a date."""
    if year == NO_YEAR:
        return 0, places_between(date.min, None)[0] - 1
    return places_between(date(int(year), 1, 1), date(int(year), 12, 31))
