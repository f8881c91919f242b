"""What a worker's child does (`armcrawl.processes.worker`): the jobs that its parent sends, one after another.

It imports nothing but what a job needs: asyncio, which the parent's side needs, would take 8 MB of each child.
"""

from __future__ import annotations

import os
import pickle
import signal
import struct
import sys
from contextlib import suppress
from importlib import import_module
from typing import IO, TYPE_CHECKING, Any

from armcrawl.processes.bounds import bound_memory
from armcrawl.processes.collecting import collect_seldom
from armcrawl.processes.parent import die_with

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

LENGTH = struct.Struct("!Q")
# What a child says before it answers anything.
READY = b"ready"


def serve(messages: IO[bytes], answers: IO[bytes]) -> None:
    """Do the jobs that come in until the input ends."""
    with suppress(EOFError):
        while True:
            answer = _answer(*pickle.load(messages))  # noqa: S301 - from our own parent
            answers.write(LENGTH.pack(len(answer)) + answer)
            answers.flush()


def _answer(function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> bytes:
    """Pickle what a call returns, or raises; one that cannot be made anew from its pickle becomes a RuntimeError."""
    try:
        return pickle.dumps((True, function(*args, **kwargs)))
    except Exception as error:  # noqa: BLE001 - the parent raises it
        try:
            message = pickle.dumps((False, error))
            pickle.loads(message)  # noqa: S301 - made in the line above
        except Exception:  # noqa: BLE001 - whatever its pickling does wrong
            return pickle.dumps((False, RuntimeError(f"{type(error).__name__}: {error}")))
        return message


def main(modules: Sequence[str] = ()) -> None:
    """Serve the parent on standard input and output; what a job prints goes to standard error.

    `modules` are imported while the parent has no job yet.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    collect_seldom()
    bound_memory()
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    answers.write(READY)
    answers.flush()
    for name in modules:
        import_module(name)
    collect_seldom()  # what was imported is passed over too
    serve(sys.stdin.buffer, answers)


if __name__ == "__main__":
    die_with(int(sys.argv[1]))
    main(sys.argv[2:])
