"""What a worker's child does (`armcrawl.worker`): the jobs that its parent sends, one after another.

It imports nothing but what a job needs: asyncio, which the parent's side needs, would take 8 MB of each child.
"""

from __future__ import annotations

import os
import pickle
import signal
import struct
import sys
from typing import IO

from armcrawl.collecting import collect_seldom
from armcrawl.parent import die_with

LENGTH = struct.Struct("!Q")
# What a child says before it answers anything.
READY = b"ready"


def serve(messages: IO[bytes], answers: IO[bytes]) -> None:
    """Do the jobs that come in until the input ends."""
    while len(head := messages.read(LENGTH.size)) == LENGTH.size:
        function, args, kwargs = pickle.loads(messages.read(*LENGTH.unpack(head)))  # noqa: S301 - from our own parent
        try:
            answer = pickle.dumps((True, function(*args, **kwargs)))
        except Exception as error:  # noqa: BLE001 - the parent raises it
            answer = _pickled_error(error)
        answers.write(LENGTH.pack(len(answer)) + answer)
        answers.flush()


def _pickled_error(error: Exception) -> bytes:
    """Pickle an exception; one that cannot be made anew from its pickle becomes a RuntimeError."""
    try:
        message = pickle.dumps((False, error))
        pickle.loads(message)  # noqa: S301 - made in the line above
    except Exception:  # noqa: BLE001 - whatever its pickling does wrong
        return pickle.dumps((False, RuntimeError(f"{type(error).__name__}: {error}")))
    return message


def main() -> None:
    """Serve the parent on standard input and output; what a job prints goes to standard error."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    collect_seldom()
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    answers.write(READY)
    answers.flush()
    serve(sys.stdin.buffer, answers)


if __name__ == "__main__":
    die_with(int(sys.argv[1]))
    main()
