"""Work that is spread over processes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from armcrawl.errors import ArmcrawlError
from armcrawl.processes.pool import spread
from tests.processes.dying import FATAL, die_always, die_once, die_with_an_answer, survive

if TYPE_CHECKING:
    from pathlib import Path

# More than two processes are handed out at once.
CALLS = 20


def test_answers_come_in_the_order_of_their_calls() -> None:
    assert list(spread(survive, ((number,) for number in range(CALLS)), 2)) == [-number for number in range(CALLS)]


def test_no_more_is_read_ahead_than_keeps_all_processes_at_work() -> None:
    calls = iter([(number,) for number in range(CALLS)])
    answers = spread(survive, calls, 1)
    assert next(answers) == 0
    assert next(calls) == (3,)


def test_a_process_killed_once_costs_no_answer(tmp_path: Path) -> None:
    calls = [(number, tmp_path / "mark") for number in range(CALLS)]
    assert list(spread(die_once, calls, 2)) == [-number for number in range(CALLS)]
    assert (tmp_path / "mark").exists()


@pytest.mark.parametrize("function", [die_always, die_with_an_answer])
def test_a_call_that_kills_its_process_twice_is_named_after_all_before_it(function: object) -> None:
    assert callable(function)
    answers = spread(function, ((number,) for number in range(CALLS)), 2, "page {}".format)
    assert [next(answers) for _ in range(FATAL)] == [-number for number in range(FATAL)]
    with pytest.raises(ArmcrawlError, match="page 7 was killed twice"):
        next(answers)
