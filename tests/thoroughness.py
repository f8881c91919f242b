"""How many examples property tests try: `make soak` tries more of them."""

from __future__ import annotations

import os

from hypothesis import settings

FACTOR = int(os.environ.get("ARMCRAWL_TEST_EXAMPLES", "1"))
# Hypothesis' own number, for tests that name none.
USUAL = 100


def examples(few: int) -> int:
    """Return how many examples a test tries that finds nearly everything with a few."""
    return few * FACTOR


def be_thorough() -> None:
    """Let tests that name no number try as many as asked for."""
    settings.register_profile("armcrawl", max_examples=examples(USUAL))
    settings.load_profile("armcrawl")
