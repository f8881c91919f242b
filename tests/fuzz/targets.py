"""What is fuzzed: how its inputs are made, what must hold, and how long one may take."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from armcrawl.processes.bounds import PATIENCE_SECONDS
from armcrawl.settings import DOWNLOAD_MAXSIZE
from tests.fuzz import archives, arguments, dates, pages

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

# The largest page that a crawl takes in must be read before its reader is taken for one that hangs; any other in
# proportion, after what the first one needs for dictionaries.
SECONDS_A_BYTE = PATIENCE_SECONDS / DOWNLOAD_MAXSIZE
FIRST_SECONDS = 2.0
# A WARC file of a few hundred bytes may unpack to the largest body, and a package holds several of them.
ARCHIVE_SECONDS = 10.0
# A command waits for others (arguments.COMMAND_SECONDS); its own work is done in a child.
COMMAND_SECONDS = 1.0


class TooSlowError(AssertionError):
    """An input took more of the processor's time than its size allows."""


@dataclass(frozen=True, slots=True)
class Target:
    """A reader of what comes from outside."""

    name: str
    generate: Callable[[Random], bytes]
    check: Callable[[bytes], None]
    least_seconds: float = FIRST_SECONDS

    def examine(self, data: bytes) -> None:
        """Check one input; raises whatever is wrong with it. Time is the processor's: other work does not count."""
        before = time.process_time()
        self.check(data)
        taken = time.process_time() - before
        allowed = self.least_seconds + len(data) * SECONDS_A_BYTE
        if taken > allowed:
            raise TooSlowError(f"{len(data)} bytes took {taken:.1f} s, and may take {allowed:.1f} s")


TARGETS = {
    target.name: target
    for target in (
        Target("pages", pages.generate, pages.check),
        Target("dates", dates.generate, dates.check),
        Target("archives", archives.generate, archives.check, ARCHIVE_SECONDS),
        Target("arguments", arguments.generate, arguments.check, COMMAND_SECONDS),
    )
}
