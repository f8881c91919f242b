"""How a run ended, in a word, an exit code and a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from armcrawl.checks import plainest
from armcrawl.errors import ChecksBrokenError
from armcrawl.items import Outcome, Reason
from armcrawl.redaction import tellable
from armcrawl.store.base.enumerations import RunEnd

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from armcrawl.checks import Breach

# Of a change a person is told the plainest signs.
TOLD = 3
# Fewer failures than this may be bad luck with a few pages; all of more are the site's.
MANY_FAILURES = 10


@dataclass(frozen=True, slots=True)
class RunOutcome:
    """The end of a run; its sentence may quote what a server said."""

    name: str
    exit_code: int
    sentence: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "sentence", tellable(self.sentence))


def judge(
    *,
    failure: RunOutcome | None,
    reason: str,
    counts: Mapping[str, int],
    spent: str | None,
    last_error: str | None,
    forbidden: int = 0,
) -> RunOutcome:
    """Judge a run by what stopped it and what became of its pages.

    `reason` is Scrapy's reason for the end, `spent` what of the budget is spent, `forbidden` the number
    of requests that robots.txt did not allow.
    """
    if failure is not None:
        return failure
    if reason == "shutdown":
        return RunOutcome(RunEnd.INTERRUPTED, 130, "Stopped; the next run goes on from here.")
    failed, asked = counts.get(Outcome.FAILED, 0), sum(counts.values())
    if failed == asked >= MANY_FAILURES:
        return failed_by(f"Every page failed: {last_error}.", last_error)
    if reason != "finished":
        return RunOutcome(RunEnd.FAILED, 1, f"The run ended early: {reason}.")
    rest = f" robots.txt forbade {forbidden} requests." if forbidden else ""
    rest += f" {failed} pages failed: the next run tries them again." if failed else ""
    if spent is not None:
        return RunOutcome(RunEnd.BUDGET, 0, f"The budget of {spent} is spent; the next run goes on from here.{rest}")
    if failed:
        return RunOutcome(RunEnd.DONE, 0, rest.strip())
    return RunOutcome(RunEnd.DONE, 0, ("Nothing is left to ask for." if asked else "Nothing new.") + rest)


def refused(breaches: Sequence[Breach], run_id: int) -> RunOutcome:
    """Return the outcome of a run whose checks do not hold: what it stored is not shown, and a person must look."""
    found = plainest(breaches)
    told = [str(found[0]), *(f"{one.pages} of {one.of} {one.words}" for one in found[1:TOLD])]
    told += [f"{len(found) - TOLD} more"] if len(found) > TOLD else []
    # What no site shows, and what a declaration does not allow, tells nothing of how the site was before.
    has_changed = any(one.usual is not None and not one.is_declared for one in found)
    why = "The site has changed" if has_changed else "The site's pages are not as they should be"
    return RunOutcome(
        RunEnd.REFUSED,
        3,
        f"{why}, so what this run stored is withheld. {'; '.join(told)}. "
        f"`armcrawl runs {run_id}` shows pages before and after; {', or '.join(decisions(run_id))}.",
    )


def decisions(run_id: int | None) -> tuple[str, ...]:
    """Return what a person may do about a refused run, and what that means."""
    return (
        f"`armcrawl runs accept {run_id}` if the site looks so from now on: all that the run stored is shown",
        f"`armcrawl runs reject {run_id}` if it is the site's fault: all pages of the run are asked for again",
        "`armcrawl reparse --apply` after a mend, if it is ours: the run is checked again",
    )


def healed(run_id: int, unjudged: str | None) -> str:
    """Return what is said of a refused run that may be shown now."""
    if unjudged is None:
        return f"Run {run_id} passes its checks now: what it stored is shown."
    return f"Run {run_id} is refused no more, and not judged ({unjudged}): what it stored is shown all the same."


def broken(error: str) -> RunOutcome:
    """Return the outcome of a run whose checks failed themselves: nobody knows what they would have said."""
    return RunOutcome(
        RunEnd.UNCHECKED,
        ChecksBrokenError.exit_code,
        f"The checks of the run broke, so nothing that it stored is shown: {error}",
    )


def failed_by(sentence: str, error: str | None) -> RunOutcome:
    """Return the outcome of a run that an error ended: where the site refuses us, a person must look."""
    if error is not None and error.startswith(Reason.BLOCKED):
        return RunOutcome(RunEnd.BLOCKED, 3, sentence)
    return RunOutcome(RunEnd.FAILED, 1, sentence)
