"""Checks against the `[bounds]` of a site's declaration, which hold from the first run, without earlier ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from armcrawl.checks.judging import EXAMPLES, MIN_PAGES, Breach
from armcrawl.checks.observing import STORED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from armcrawl.checks.observing import Observation


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
            usual = (0.0, 1 - share)
            breaches.append(
                Breach(field, "missing", len(lacking), len(stored), usual, tuple(lacking[:EXAMPLES]), lacking[0])
            )
    return breaches
