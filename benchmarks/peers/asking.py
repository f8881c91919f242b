"""Our side of a peer: a process in the environment that has it, asked line by line."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from benchmarks.timing import Taken

if TYPE_CHECKING:
    from types import TracebackType

TOP = Path(__file__).parents[2]
OURS, THEIRS = sys.executable, str(TOP / ".venv-peers" / "bin" / "python")


class Peer:
    """A process that answers; it ends with the block that it was made for."""

    def __init__(self, python: str, module: str, *arguments: str) -> None:
        self.command = [python, "-m", f"benchmarks.peers.{module}", *arguments]
        self.process = subprocess.Popen(
            self.command,
            cwd=TOP,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # libraries warn of what they lack
            text=True,
            encoding="utf-8",
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process."""
        self.process.kill()
        self.process.communicate()

    def ask(self, do: str, **arguments: Any) -> Any:
        """Return the answer to a question. Raises ChildProcessError if the process ends instead."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"do": do} | arguments, ensure_ascii=False) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise ChildProcessError(f"{' '.join(self.command)} gave no answer to {do}.")
        return json.loads(line)

    def time(self, do: str, **arguments: Any) -> Taken:
        """Return what something took, by the peer's own clocks."""
        told = self.ask(do, **arguments)
        return Taken(told["wall"], told["processor"])
