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

import pytest

from armcrawl.worker import Worker, WorkerCrashError, kill_all

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
        call = asyncio.ensure_future(worker.call(time.sleep, 60))
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


def test_a_call_that_hangs_is_killed_and_fails_alone() -> None:
    async def run() -> list[object]:
        worker = Worker(patience=0.3)
        jobs = [worker.call(time.sleep, 60), worker.call(abs, -2)]
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


def test_the_child_ends_when_its_parent_is_killed() -> None:
    code = (
        "import asyncio, os\nfrom armcrawl.worker import Worker\n"
        "async def main():\n    worker = Worker()\n    print(await worker.call(os.getpid), flush=True)\n"
        "    await asyncio.sleep(60)\n"
        "asyncio.run(main())"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        parent.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and Path(f"/proc/{child}/cmdline").exists():
        time.sleep(0.05)
    assert not Path(f"/proc/{child}/cmdline").exists()


def test_closing_does_not_wait_for_a_call_that_hangs() -> None:
    async def run() -> float:
        worker = Worker()
        call = asyncio.create_task(worker.call(time.sleep, 60))
        await asyncio.sleep(1)
        before = time.monotonic()
        call.cancel()
        await worker.close()
        return time.monotonic() - before

    assert asyncio.run(run()) < 5
