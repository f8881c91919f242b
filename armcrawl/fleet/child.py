"""The process of a job: one `armcrawl`, which ends with its worker, however that ends."""

from __future__ import annotations

import asyncio
import os
from contextlib import suppress
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any

from armcrawl.processes.parent import armcrawl_command

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import IO

# What a person reads first when something went wrong; the whole log is the run's own matter.
MAX_LINES = 20
MAX_BYTES = 16_384


class Child:
    """A process that was started; it says into a file that goes with it."""

    def __init__(self, process: asyncio.subprocess.Process, said: IO[bytes]) -> None:
        self.process = process
        self.said = said

    @classmethod
    async def start(cls, arguments: Sequence[str], environment: Mapping[str, str]) -> Child:
        """Start `armcrawl`. Linux kills it when the thread that started it ends: call this from the main thread."""
        said: IO[Any] = TemporaryFile()  # noqa: SIM115 - closed in `last_lines`
        process = await asyncio.create_subprocess_exec(
            *armcrawl_command(arguments),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            # A session of its own: a signal for the worker's group is not one for the crawl.
            start_new_session=True,
            env={**os.environ, **environment},
        )
        return cls(process, said)

    async def wait(self) -> int:
        """Wait for its end and return its exit code, below 0 for a signal."""
        return await self.process.wait()

    async def end(self, grace: float) -> int:
        """End it as any run is ended, and kill it if that takes longer than so many seconds."""
        with suppress(ProcessLookupError):
            self.process.terminate()
        try:
            return await asyncio.wait_for(self.process.wait(), grace)
        except TimeoutError:
            with suppress(ProcessLookupError):
                self.process.kill()
            return await self.process.wait()

    def last_lines(self) -> list[str]:
        """Return the last lines of what it said, when it has ended."""
        with self.said as said:
            size = said.seek(0, os.SEEK_END)
            said.seek(max(0, size - MAX_BYTES))
            lines = said.read().decode(errors="replace").splitlines()
        return [line for line in lines if line.strip()][-MAX_LINES:]
