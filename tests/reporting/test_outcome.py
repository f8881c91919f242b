"""How a run is judged."""

from __future__ import annotations

import pytest

from armcrawl.checks import Breach
from armcrawl.reporting.outcome import MANY_FAILURES, RunOutcome, judge, refused


def judged(
    reason: str = "finished",
    *,
    failure: RunOutcome | None = None,
    spent: str | None = None,
    last_error: str | None = None,
    **counts: int,
) -> RunOutcome:
    return judge(failure=failure, reason=reason, counts=counts, spent=spent, last_error=last_error)


def test_a_run_that_asked_for_everything_is_done() -> None:
    assert judged(stored=5, missing=2) == RunOutcome("done", 0, "Nothing is left to ask for.")


def test_a_run_that_had_nothing_to_ask_for_says_so() -> None:
    assert judged() == RunOutcome("done", 0, "Nothing new.")


def test_a_run_whose_budget_is_spent_is_done_as_well() -> None:
    outcome = judged(stored=5, spent="1000 requests")
    assert (outcome.name, outcome.exit_code) == ("budget", 0)
    assert outcome.sentence == "The budget of 1000 requests is spent; the next run goes on from here."


def test_a_run_that_is_stopped_is_interrupted() -> None:
    outcome = judged("shutdown", stored=5)
    assert (outcome.name, outcome.exit_code) == ("interrupted", 130)


def test_a_run_that_ends_for_another_reason_has_failed() -> None:
    assert judged("memusage_exceeded", stored=5) == RunOutcome("failed", 1, "The run ended early: memusage_exceeded.")


def test_a_run_whose_every_page_failed_has_failed_and_says_why() -> None:
    assert judged(failed=MANY_FAILURES, last_error="status 500") == RunOutcome(
        "failed", 1, "Every page failed: status 500."
    )


def test_a_few_failures_are_bad_luck() -> None:
    assert judged(failed=MANY_FAILURES - 1).exit_code == 0


@pytest.mark.parametrize("outcome", ["stored", "missing", "not_article", "quarantined"])
def test_one_answer_among_many_failures_is_no_failed_run(outcome: str) -> None:
    assert (
        judge(
            failure=None, reason="finished", counts={"failed": 100, outcome: 1}, spent=None, last_error=None
        ).exit_code
        == 0
    )


def test_a_spent_budget_does_not_excuse_that_every_page_failed() -> None:
    assert judged(failed=MANY_FAILURES, spent="10 requests", last_error="status 500").exit_code == 1


def test_a_site_that_refuses_every_page_blocks_us() -> None:
    outcome = judged(failed=MANY_FAILURES, last_error="blocked: status 403")
    assert (outcome.name, outcome.exit_code) == ("blocked", 3)


@pytest.mark.parametrize(
    ("usual", "is_declared", "said"),
    [
        ((0.02, 0.02), False, "The site has changed, so"),
        (None, False, "The site's pages are not as they should be, so"),
        ((0.0, 0.05), True, "The site's pages are not as they should be, so"),
    ],
)
def test_only_what_was_otherwise_before_is_called_a_change(
    usual: tuple[float, float] | None, is_declared: bool, said: str
) -> None:
    breach = Breach("date", "missing", 20, 20, usual, ("ventil/news/1",), "ventil/news/1", is_declared=is_declared)
    assert refused([breach], 1).sentence.startswith(said)


def test_what_robots_txt_forbade_is_said() -> None:
    outcome = judge(failure=None, reason="finished", counts={"stored": 1}, spent=None, last_error=None, forbidden=7)
    assert outcome.sentence == "Nothing is left to ask for. robots.txt forbade 7 requests."


@pytest.mark.parametrize("reason", ["finished", "shutdown", "memusage_exceeded"])
def test_the_first_reason_to_give_up_counts(reason: str) -> None:
    failure = RunOutcome("blocked", 3, "The site blocks us.")
    assert judged(reason, failure=failure, stored=5, spent="10 requests") is failure
