"""How often Python looks for cycles of objects in a process that works on pages all the time."""

from __future__ import annotations

import gc

# Objects that are made before the collector looks: Python's own 700 are a tenth of a page.
COLLECT_EVERY = 50_000


def collect_seldom() -> None:
    """Have the collector pass over what is there, and look seldom at what comes: pages leave next to no cycles."""
    gc.freeze()
    gc.set_threshold(COLLECT_EVERY)
