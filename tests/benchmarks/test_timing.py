"""What is compared runs in turns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.timing import Taken, in_turns, timed

if TYPE_CHECKING:
    from collections.abc import Callable


def test_each_round_measures_every_side_once_and_begins_with_another_one() -> None:
    asked: list[str] = []

    def side(name: str) -> Callable[[], Taken]:
        def measure() -> Taken:
            asked.append(name)
            return Taken(len(asked), 0)

        return measure

    taken = in_turns(3, {"a": side("a"), "b": side("b")})
    assert asked == ["a", "b", "b", "a", "a", "b"]
    assert [one.wall for one in taken["a"]] == [1, 4, 5]


def test_what_is_done_before_is_not_repeated() -> None:
    done: list[str] = []
    timed(lambda: done.append("run"), repeats=3, before=lambda: done.append("before"))
    assert done == ["before", "run", "run", "run"]


def test_processor_time_is_the_work_of_this_process() -> None:
    taken = timed(lambda: sum(range(10**6)))
    assert taken.processor > 0
