"""A command line at another time."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

# The moment comes first among the arguments.
AT_TIME = """
import sys
from datetime import datetime
from armcrawl import clock
moment = datetime.fromisoformat(sys.argv.pop(1))
clock.now = lambda: moment
from armcrawl.cli import main
main()
"""

# A clock that goes on: by how many seconds it is ahead comes first.
SHIFTING = """
import sys
from datetime import UTC, datetime, timedelta
from armcrawl import clock
ahead = timedelta(seconds=float(sys.argv.pop(1)))
clock.now = lambda: datetime.now(UTC) + ahead
"""
AHEAD = f"{SHIFTING}from armcrawl.cli import main\nmain()\n"


@dataclass
class Shifted:
    """A clock that shows a moment when it is made, and goes on; AHEAD takes `ahead` and shows the same."""

    began: datetime
    began_here: float = field(default_factory=time.time)

    @property
    def ahead(self) -> str:
        """By how many seconds it is ahead."""
        return repr(self.began.timestamp() - self.began_here)

    def __call__(self) -> datetime:
        """Return what it shows."""
        return self.began.astimezone(UTC) + timedelta(seconds=time.time() - self.began_here)
