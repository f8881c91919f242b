"""How much a run may ask: requests and time. What is left over, the next run asks for."""

from __future__ import annotations

import time
from dataclasses import dataclass, field


@dataclass(slots=True)
class Budget:
    """Requests and seconds that a run may take; 0 is no limit."""

    max_requests: int
    max_seconds: float
    sent: int = 0
    started: float = field(default_factory=time.monotonic)

    @property
    def spent(self) -> str | None:
        """What is spent, in words, or None while there is some of everything."""
        if self.max_requests and self.sent >= self.max_requests:
            return f"{self.max_requests} requests"
        if self.max_seconds and time.monotonic() - self.started >= self.max_seconds:
            return f"{self.max_seconds:g} seconds"
        return None
