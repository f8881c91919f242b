"""Checks that need no earlier runs: what no site shows by right, and the `[bounds]` of a site's declaration."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from armcrawl.checks.breaches import MIN_PAGES, Breach, spread
from armcrawl.checks.observing import MUCH, NAMES_SITE, STORED, TEXT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from armcrawl.checks.observing import Observation, Seen

# All of ten pages: what is on a third of a site's pages by right is on all of ten once in 59,000 windows.
FEW = MIN_PAGES
# Nine of ten of the last fifty: a fault of a template may spare a rubric, and single pages may be whole.
MANY, OF_MANY = 45, 50
# Half of the last fifty: a journal prints a text twice by mistake, or one bulletin a day under one title, not more.
HALF = 25


@dataclass(frozen=True, slots=True)
class Bound:
    """A value that no site shows on all of its last FEW pages, or on so many of the last OF_MANY."""

    measure: str
    value: str
    many: int = MANY
    few: int = FEW

    def is_on(self, page: Seen) -> bool:
        """Tell whether a page shows the value; `page` of those that show no article has many."""
        shown = page.values.get(self.measure)
        return shown is not None and (shown != STORED if self.measure == "page" else shown == self.value)


# Why none of them is right on all pages: an article has a text, a title of its own, and a day; a label «Метки» has tags
# behind it; prose that is left out is most likely text; and an address of a section leads to an article.
BOUNDS = (
    Bound("page", "no article"),
    Bound("text", "missing"),
    Bound("text in a wrong charset", "yes"),
    Bound("text cut off", "yes"),
    Bound("title", NAMES_SITE),
    Bound("title of other pages", "yes", many=HALF),
    Bound(f"{TEXT} of other pages", "yes", many=HALF),
    Bound("date", "missing"),
    # Each page already tells of the fifty before it.
    Bound("day of most other pages", "yes", many=1, few=OF_MANY),
    Bound("label without tags", "yes"),
    Bound("prose left out", MUCH),
)


def crossed(pages: Sequence[Seen], bound: Bound) -> int:
    """Return of how many last pages a bound does not hold, 0 if it holds."""
    shown = [bound.is_on(page) for page in pages if bound.measure in page.values]
    if len(shown) >= bound.few and all(shown[-bound.few :]):
        return bound.few
    return OF_MANY if len(shown) >= OF_MANY and sum(shown[-OF_MANY:]) >= bound.many else 0


def judge_bounds(observations: Sequence[Observation], least: Mapping[str, float]) -> list[Breach]:
    """Return a breach for each field that fewer articles have than its declared share in `least`, from 0 to 1.

    With fewer than MIN_PAGES articles the list is empty.
    """
    stored = [one for one in observations if one.kind == STORED]
    if len(stored) < MIN_PAGES:
        return []
    breaches = []
    for field, share in least.items():
        lacking = [one.key for one in stored if field not in one.filled]
        # Rounded, as 0.55 * 20 is a little more than 11 in floating point.
        if len(stored) - len(lacking) < round(share * len(stored), 6):
            allowed = (0.0, 1 - share)
            figures = len(lacking), len(stored), allowed, spread(lacking), lacking[0]
            breaches.append(Breach(field, "missing", *figures, is_declared=True))
    return breaches
