"""Work that kills the process that does it; a module that imports little, as each process imports it."""

from __future__ import annotations

import os
import signal
import time
from typing import TYPE_CHECKING

from armcrawl.processes.bounds import time_bound

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

# The number that kills.
FATAL = 7
# More than a process may take.
TOO_MUCH = 1 << 40


def survive(numbers: Sequence[int]) -> list[int]:
    return [-number for number in numbers]


def die_once(numbers: Sequence[int], mark: Path) -> list[int]:
    if FATAL in numbers and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return survive(numbers)


def die_always(numbers: Sequence[int]) -> list[int]:
    if FATAL in numbers:
        os.kill(os.getpid(), signal.SIGKILL)
    return survive(numbers)


class Fatal(list[int]):
    """Kills the process that hands it back."""

    def __reduce__(self) -> str:
        os.kill(os.getpid(), signal.SIGKILL)
        return ""


def die_with_an_answer(numbers: Sequence[int]) -> list[int]:
    return Fatal() if FATAL in numbers else survive(numbers)


def take_all_memory(numbers: Sequence[int]) -> list[int]:
    return survive(numbers if FATAL not in numbers else bytearray(TOO_MUCH))


def hang(numbers: Sequence[int]) -> list[int]:
    """Never end, among others within a bound."""
    with time_bound(1 if len(numbers) > 1 else 0):
        if FATAL in numbers:
            time.sleep(60)
    return survive(numbers)


def each(numbers: Sequence[int], *others: object) -> Iterator[tuple[object, ...]]:
    yield from (([number], *others) for number in numbers)


def name(error: Exception, numbers: Sequence[int], *_: object) -> list[str]:
    return [f"without {number}: {type(error).__name__}" for number in numbers]
