"""What becomes of a job when its process has ended: pure."""

from __future__ import annotations

import signal
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

# A site that is down for an hour is asked again after 5, 10, 20 and 40 minutes; after these somebody is told.
FAILURE_SECONDS = 300.0
MAX_FAILURES = 5
# What kills a process again and again, as a lack of memory does, would do so for ever if it began at once.
MAX_KILLS = 5
# Another run of the server takes minutes to hours; its worker may die as well, and then this one is to begin within a
# minute.
LOCKED_SECONDS = 30.0
# As a process ends by a signal, as a shell tells of it, and as our own runs end by it.
ENDED = {
    code
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL, signal.SIGHUP)
    for code in (-number, 128 + number)
}


class Fate(Enum):
    """What becomes of a job."""

    DONE = "done"
    AGAIN = "again"
    GIVEN_UP = "given up"
    HELD = "held"
    CANCELLED = "cancelled"


class SliceEnd(Enum):
    """How a slice of a backfill has ended that its time, or another budget, ended."""

    GOES_ON = "goes on"
    GOT_NOWHERE = "got nowhere"


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of a job; `seconds` are how long it waits, if it is done again. Somebody is told of an alarm.

    One that goes back lets all others of its server go first.
    """

    fate: Fate
    seconds: float = 0.0
    goes_back: bool = False

    @property
    def is_alarm(self) -> bool:
        """Whether a person must look at it."""
        return self.fate in {Fate.GIVEN_UP, Fate.HELD}


def decide(codes: Sequence[int | None], *, slice_end: SliceEnd | None = None, scale: float = 1.0) -> Decision:
    """Return what becomes of a job by the exit codes of its attempts, the last one last.

    None is an attempt whose machine or worker died. With a `slice_end` only its slice of time has ended. `scale`
    shortens all waiting, for tests.
    """
    code = codes[-1]
    if code == 0 and slice_end is not None:
        # One that asks for no page in its slice would go round as fast as processes start.
        waits = FAILURE_SECONDS * scale if slice_end is SliceEnd.GOT_NOWHERE else 0.0
        return Decision(Fate.AGAIN, waits, goes_back=True)
    if code == 0:
        return Decision(Fate.DONE)
    if code == 3:
        return Decision(Fate.HELD)
    if code in {2, 5}:
        return Decision(Fate.GIVEN_UP)
    if code == 4:
        return Decision(Fate.AGAIN, LOCKED_SECONDS * scale)
    if was_ended(code):
        failures = _in_a_row(codes, was_ended) - MAX_KILLS
    else:
        # Neither another run nor a signal says anything of the site.
        failures = _in_a_row([one for one in codes if one != 4 and not was_ended(one)], _has_failed)
    if failures <= 0:
        return Decision(Fate.AGAIN)
    if failures >= MAX_FAILURES:
        return Decision(Fate.GIVEN_UP)
    return Decision(Fate.AGAIN, FAILURE_SECONDS * 2 ** (failures - 1) * scale)


def rescue(codes: Sequence[int | None], *, was_started: bool, scale: float = 1.0) -> Decision:
    """Return what becomes of a job whose worker is gone, by the exit codes of its attempts that have ended.

    Whatever came of the last one before, nobody has heard that the job is done. With `was_started` a lost one is among
    them.
    """
    return decide(codes if was_started else [*codes, None], scale=scale)


def was_ended(code: int | None) -> bool:
    """Tell whether somebody ended an attempt from outside: by a signal, or with its machine."""
    return code is None or code in ENDED


def _has_failed(code: int | None) -> bool:
    return code != 0


def _in_a_row(codes: Sequence[int | None], is_one: Callable[[int | None], bool]) -> int:
    """Return how many attempts at the end are so."""
    number = 0
    for code in reversed(codes):
        if not is_one(code):
            break
        number += 1
    return number
