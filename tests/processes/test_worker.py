"""Work in a process of its own."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from unittest.mock import patch

import pytest

from armcrawl.processes.ahead import end_waiting, start_ahead, take
from armcrawl.processes.worker import Worker, WorkerCrashError, kill_all
from tests.conftest import COMMAND_SECONDS
from tests.waiting import wait_for

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

T = TypeVar("T")


def with_worker(use: Callable[[Worker], Awaitable[T]]) -> T:
    async def run() -> T:
        worker = Worker()
        try:
            return await use(worker)
        finally:
            await worker.close()

    return asyncio.run(run())


def test_a_call_returns_what_the_function_returns() -> None:
    assert with_worker(lambda worker: worker.call(divmod, 17, 5)) == (3, 2)


def test_a_call_raises_what_the_function_raises() -> None:
    with pytest.raises(ZeroDivisionError):
        with_worker(lambda worker: worker.call(divmod, 1, 0))


def test_all_children_can_be_killed_whatever_they_do() -> None:
    async def killed(worker: Worker) -> None:
        call = asyncio.ensure_future(worker.call(time.sleep, 3600))
        while not call.done():
            kill_all()
            await asyncio.sleep(0.1)
        await call

    with pytest.raises(WorkerCrashError):
        with_worker(killed)


def test_calls_at_the_same_time_get_their_own_answers() -> None:
    async def many(worker: Worker) -> list[int]:
        return list(await asyncio.gather(*(worker.call(abs, -number) for number in range(200))))

    assert with_worker(many) == list(range(200))


def test_megabytes_pass_both_ways() -> None:
    text = "ё" * 5_000_000
    assert with_worker(lambda worker: worker.call(str.upper, text)) == text.upper()


def test_a_call_that_kills_the_process_fails_alone() -> None:
    async def some(worker: Worker) -> list[object]:
        jobs = [worker.call(abs, -1), worker.call(os._exit, 7), worker.call(abs, -2)]
        return list(await asyncio.gather(*jobs, return_exceptions=True))

    first, killer, last = with_worker(some)
    assert (first, last) == (1, 2)
    assert isinstance(killer, WorkerCrashError)


def test_who_waits_for_a_child_that_cannot_be_started_again_hears_it() -> None:
    async def some(worker: Worker) -> list[object]:
        await worker.call(abs, -1)
        with patch("armcrawl.processes.ahead.Popen", side_effect=BlockingIOError("no more processes")):
            jobs = [worker.call(os._exit, 7), worker.call(abs, -2)]
            answers = list(await asyncio.gather(*jobs, return_exceptions=True))
        return [*answers, await worker.call(abs, -3)]

    killer, other, later = with_worker(some)
    assert isinstance(killer, WorkerCrashError)
    assert str(other) == "its process cannot be started again: no more processes"
    assert later == 3


def test_a_call_that_hangs_is_killed_and_fails_alone() -> None:
    async def run() -> list[object]:
        # Long enough for the next child to start, which has no more time for its first job.
        worker = Worker(patience=3)
        jobs = [worker.call(time.sleep, 3600), worker.call(abs, -2)]
        try:
            return list(await asyncio.gather(*jobs, return_exceptions=True))
        finally:
            await worker.close()

    hanging, other = asyncio.run(run())
    assert isinstance(hanging, WorkerCrashError)
    assert other == 2


def test_what_a_call_prints_does_not_disturb_the_answers() -> None:
    async def some(worker: Worker) -> int:
        await worker.call(print, "noise")
        return await worker.call(abs, -3)

    assert with_worker(some) == 3


# What a child may be at when its parent is killed; each says by a file that it has begun, and takes very long.
JOBS = """
import asyncio, os, re, sqlite3, sys, time
from pathlib import Path
from armcrawl.processes.pool import Task, local_pool, spread
from armcrawl.processes.ahead import end_waiting, start_ahead, take
from armcrawl.processes.worker import Worker

def sleep():
    Path("begun").write_text(str(os.getpid()))
    time.sleep(600)

def statement():
    Path("begun").write_text(str(os.getpid()))
    sql = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
    sqlite3.connect(":memory:").execute(sql).fetchall()

def page():
    Path("begun").write_text(str(os.getpid()))
    re.match("(a*)*b", "a" * 40)

async def call(job):
    await Worker().call(job)
"""
IN_A_WORKER = "import asyncio, jobs, sys\nasyncio.run(jobs.call(getattr(jobs, sys.argv[1])))"
IN_A_POOL = """
import jobs, sys
if __name__ == "__main__":
    task = jobs.Task(getattr(jobs, sys.argv[1]), iter, iter)
    list(jobs.spread(task, [()], jobs.local_pool(1)))
"""


@pytest.mark.parametrize("job", ["sleep", "statement", "page"])
@pytest.mark.parametrize("start", [IN_A_WORKER, IN_A_POOL], ids=["worker", "pool"])
def test_a_child_is_gone_when_its_parent_was_killed_whatever_it_is_at(start: str, job: str, tmp_path: Path) -> None:
    (tmp_path / "jobs.py").write_text(JOBS, encoding="utf-8")
    (tmp_path / "parent.py").write_text(start, encoding="utf-8")
    begun = tmp_path / "begun"
    environment = os.environ | {"PYTHONPATH": str(tmp_path)}
    with subprocess.Popen([sys.executable, "parent.py", job], cwd=tmp_path, env=environment) as parent:
        wait_for(lambda: begun.exists() and begun.read_text(encoding="ascii") != "")
        assert parent.poll() is None
        parent.send_signal(signal.SIGKILL)
    child = Path("/proc") / begun.read_text(encoding="ascii") / "cmdline"
    wait_for(lambda: not child.exists())


def test_closing_does_not_wait_for_a_call_that_hangs() -> None:
    async def run() -> float:
        worker = Worker()
        await worker.call(abs, -1)
        call = asyncio.create_task(worker.call(time.sleep, 3600))
        await asyncio.sleep(0)
        before = time.monotonic()
        call.cancel()
        await worker.close()
        return time.monotonic() - before

    assert asyncio.run(run()) < COMMAND_SECONDS


def test_a_worker_takes_the_child_that_was_started_ahead_and_has_imported() -> None:
    async def is_imported() -> bool:
        worker = Worker(modules=("colorsys",))
        try:
            return await worker.call(eval, "'colorsys' in __import__('sys').modules")
        finally:
            await worker.close()

    start_ahead("colorsys")
    with patch("armcrawl.processes.ahead.Popen", side_effect=BlockingIOError("no other process")):
        assert asyncio.run(is_imported())


def test_a_child_that_nobody_takes_ends_with_the_command() -> None:
    start_ahead("colorsys")
    waiting = take("colorsys")
    with patch.dict("armcrawl.processes.ahead._waiting", {("colorsys",): waiting}):
        end_waiting()
    assert waiting.returncode == -signal.SIGKILL
