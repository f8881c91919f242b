"""Waiting for a condition, never for a time."""

from __future__ import annotations

import inspect
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

# Longer than anything takes, also on a machine whose cores all work for others.
CEILING_SECONDS = 600.0
STEP_SECONDS = 0.02


def wait_for(condition: Callable[[], object]) -> None:
    """Wait until something is so; raises AssertionError, which says what it was, after the ceiling."""
    end = time.monotonic() + CEILING_SECONDS
    while not condition():
        assert time.monotonic() < end, f"waited {CEILING_SECONDS:.0f} s for: {inspect.getsource(condition).strip()}"
        time.sleep(STEP_SECONDS)
