"""Errors that a user can mend: one sentence that says what to do, and an exit code."""


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


class LockedError(ArmcrawlError):
    """Another run holds the lock."""

    exit_code = 4


class ChecksBrokenError(ArmcrawlError):
    """A check of a run failed itself, so nobody knows what it would have said."""

    exit_code = 5
