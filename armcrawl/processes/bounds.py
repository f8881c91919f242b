"""What one page may cost the process that reads it: seconds, and memory."""

from __future__ import annotations

import os
import resource
import signal
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# A page is read in milliseconds; a writer waits half as long for a locked database.
PATIENCE_SECONDS = 60.0
# Where pages are read many at a time, nobody but the clock sees that one hangs. Who reads one at a time sees it first.
GRACE_SECONDS = 5.0
# The largest pages that are made to be slow take 0.5 GB, a batch of the largest articles less.
MAX_MEMORY = 2 << 30


def bound_memory() -> None:
    """Have this process get no more than 2 GB, or half of the machine's memory: then MemoryError, which has a page.

    Without a bound the system would end a process of its own choice.
    """
    half = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    bound = min(MAX_MEMORY, half, *([hard] if hard != resource.RLIM_INFINITY else []))
    with suppress(ValueError, OSError):  # a system that bounds it otherwise
        resource.setrlimit(resource.RLIMIT_DATA, (bound, hard))


@contextmanager
def time_bound(seconds: float) -> Iterator[None]:
    """Have this process killed by the system's clock if it is not done in time, whatever it is at.

    No exception would come through a regular expression, or another language's code.
    """
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
