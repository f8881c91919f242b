"""Work that is spread over processes."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

import pytest

from armcrawl.processes.pool import Task, local_pool, spread
from tests.processes.dying import (
    FATAL,
    die_always,
    die_once,
    die_with_an_answer,
    each,
    hang,
    name,
    survive,
    take_all_memory,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

# More than two processes are handed out at once.
NUMBERS, AT_ONCE = 40, 2
CALLS = [(list(range(start, start + AT_ONCE)),) for start in range(0, NUMBERS, AT_ONCE)]
ALL = [-number for number in range(NUMBERS)]


def done(function: Callable[..., Any], calls: Any, workers: int = 2, patience: float = 60) -> list[Any]:
    return list(chain.from_iterable(spread(Task(function, each, name, patience), calls, local_pool(workers))))


def test_answers_come_in_the_order_of_their_calls() -> None:
    assert done(survive, CALLS) == ALL


def test_no_more_is_read_ahead_than_keeps_all_processes_at_work() -> None:
    calls = iter(CALLS)
    answers = spread(Task(survive, each, name), calls, local_pool(1))
    assert next(answers) == [0, -1]
    assert next(calls) == CALLS[3]


def test_a_process_killed_once_costs_no_answer(tmp_path: Path) -> None:
    assert done(die_once, [(*call, tmp_path / "mark") for call in CALLS]) == ALL
    assert (tmp_path / "mark").exists()


@pytest.mark.parametrize("function", [die_always, die_with_an_answer])
def test_a_page_that_kills_every_process_is_named_and_all_others_are_read(function: Callable[..., Any]) -> None:
    named: list[Any] = list(ALL)
    named[FATAL] = f"without {FATAL}: WorkerCrashError"
    assert done(function, CALLS) == named


def test_a_page_that_takes_all_memory_is_named_and_all_others_are_read() -> None:
    named: list[Any] = list(ALL)
    named[FATAL] = f"without {FATAL}: MemoryError"
    assert done(take_all_memory, CALLS) == named


def test_a_page_that_never_ends_is_named_and_all_others_are_read() -> None:
    named: list[Any] = list(ALL)
    named[FATAL] = f"without {FATAL}: WorkerCrashError"
    assert done(hang, CALLS, patience=3) == named
