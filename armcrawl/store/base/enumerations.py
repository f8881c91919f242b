"""The words of which a column takes one; each stands here once."""

from __future__ import annotations

from enum import StrEnum

from armcrawl.items import Grade, Outcome
from armcrawl.sites.judged import KINDS


class Verdict(StrEnum):
    """What became of a run's checks."""

    PASSED = "passed"
    NOT_JUDGED = "not judged"
    REFUSED = "refused"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


class Cause(StrEnum):
    """How a state of an article came in: from the site, from an archive, or by reading a page again."""

    FETCH = "fetch"
    IMPORT = "import"
    RE_EXTRACTION = "re-extraction"


class State(StrEnum):
    """Whether a state of an article may be shown: not while its run has not ended, or did not pass."""

    SHOWN = "shown"
    WITHHELD = "withheld"


class Use(StrEnum):
    """How a printed form is used; a name is what a person calls an entity that was split off."""

    TAG = "tag"
    SOURCE = "source"
    NAME = "name"


class Action(StrEnum):
    """What a person decides of an entity."""

    MERGE = "merge"
    SPLIT = "split"
    RENAME = "rename"
    KIND = "kind"


class DigestKind(StrEnum):
    """What a digest of a page that was taken down is of."""

    BODY = "body"
    PAYLOAD = "payload"
    TEXT = "text"


class RunEnd(StrEnum):
    """How a run ended."""

    DONE = "done"
    BUDGET = "budget"
    FAILED = "failed"
    BLOCKED = "blocked"
    REFUSED = "refused"
    UNCHECKED = "unchecked"
    INTERRUPTED = "interrupted"
    DIED = "died"


PASSED, NOT_JUDGED, REFUSED, ACCEPTED, REJECTED = Verdict
FETCH, IMPORT, RE_EXTRACTION = Cause
SHOWN, WITHHELD = State
TAG, SOURCE, NAME = Use
MERGE, SPLIT, RENAME, KIND = Action
BODY, PAYLOAD, TEXT = DigestKind
# What such a run stored is shown, and counts as how the site looks.
GOOD = (PASSED, NOT_JUDGED, ACCEPTED)
# Kinds of runs that read stored pages again, beside those that fetch pages or import them.
REPARSE, REPLAY = JOBS = "reparse", "replay"
RUN_KINDS = (*KINDS, *JOBS)
# What an answer can be by itself: that a page is gone follows from earlier ones, that it was removed from a person.
OF_ANSWER = tuple(outcome for outcome in Outcome if outcome not in (Outcome.GONE, Outcome.REMOVED))
# Texts that have nothing in common have no relation.
RELATED = tuple(grade for grade in Grade if grade is not Grade.DIFFERENT)
