"""How many examples property tests try: `make soak` tries more of them."""

from __future__ import annotations

import os

FACTOR = int(os.environ.get("ARMCRAWL_TEST_EXAMPLES", "1"))
# Hypothesis' own number, for tests that name none.
EXAMPLES = 100


def examples(few: int) -> int:
    """Return how many examples a test tries that finds nearly everything with a few."""
    return few * FACTOR
