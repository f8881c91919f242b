"""Errors that a user can mend: one sentence that says what to do, and an exit code."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

# What each exit code of a command means.
EXIT_CODES = {
    "0": "done, also when a budget ended it",
    "1": "failed: no answer, 500 or 404 to everything, no readable robots.txt, "
    "a database or an archive that cannot be used",
    "2": "the arguments or settings do not fit",
    "3": "the site blocks us, or shows something else than before: what the run stored is withheld",
    "4": "another run works on this database",
    "5": "the checks of the run broke themselves: what it stored is withheld, and the next run checks it",
    "130, 143": "ended by Ctrl-C or SIGTERM, within seconds; everything that was read is stored",
}

# Of several runs the worst tells, the last of these that one had: where another run works, the site is cared for; what
# failed, the next night may bring; settings must be mended; on what is withheld a person must decide. Any other code is
# a signal's, which is worse: not all was done.
FROM_BEST_TO_WORST = (0, 4, 1, 2, 5, 3)


def worst(codes: Iterable[int]) -> int:
    """Return the worst of exit codes; 0 of none."""
    known = {code: place for place, code in enumerate(FROM_BEST_TO_WORST)}
    return max(codes, key=lambda code: known.get(code, len(known)), default=0)


class ArmcrawlError(Exception):
    """Something that a user can mend; the message is one clear sentence."""

    exit_code = 1


class UsageError(ArmcrawlError):
    """The arguments or settings do not fit."""

    exit_code = 2


class DatabaseError(ArmcrawlError):
    """The database cannot be used."""


class DatabaseAwayError(DatabaseError):
    """The database's server does not answer, and may do so later."""


class ClockError(ArmcrawlError):
    """The machine's clock cannot be right."""


class ArchiveError(ArmcrawlError):
    """The archive of raw pages cannot be written or read."""


class ArchiveAwayError(ArmcrawlError):
    """The archive's server does not answer, or does not let us in: of no page it says that its bytes are lost."""


class ArchiveWaitsError(ArchiveError):
    """Files of the archive could not be put where it lies; they wait on this machine, and nothing is lost."""


class LockedError(ArmcrawlError):
    """Another run holds the lock."""

    exit_code = 4


class ChecksBrokenError(ArmcrawlError):
    """A check of a run failed itself, so nobody knows what it would have said."""

    exit_code = 5
