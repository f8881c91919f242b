"""Work that kills the process that does it; a module that imports little, as each process imports it."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

# The number that kills.
FATAL = 7


def survive(number: int) -> int:
    return -number


def die_once(number: int, mark: Path) -> int:
    if number == FATAL and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return -number


def die_always(number: int) -> int:
    if number == FATAL:
        os.kill(os.getpid(), signal.SIGKILL)
    return -number


class Fatal:
    """Kills the process that hands it back."""

    def __reduce__(self) -> str:
        os.kill(os.getpid(), signal.SIGKILL)
        return ""


def die_with_an_answer(number: int) -> int | Fatal:
    return Fatal() if number == FATAL else -number
