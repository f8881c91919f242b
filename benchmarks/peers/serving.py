"""The side of a peer: a process that answers questions, one line of JSON for each.

It runs in the peers' environment, so it imports nothing of ours.
"""

from __future__ import annotations

import json
import os
import resource
import socket
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# What is asked where nothing is named: so a judge that pipes pages in, and knows of no questions, gets readings.
USUAL = "read"


def serve(answers: Mapping[str, Callable[..., Any]]) -> None:
    """Answer questions until there are none: `{"do": name, …}` with the arguments of the function so named."""
    lines = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    # Whatever a library prints must not look like an answer.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    socket.socket.connect = _refused  # type: ignore[method-assign]
    for line in sys.stdin:
        question = json.loads(line)
        answer = answers[question.pop("do", USUAL)](**question)
        print(json.dumps(answer), file=lines, flush=True)


def timed(run: Callable[[], object]) -> dict[str, float]:
    """Return the seconds that something takes: by the clock on the wall, and of processors."""
    wall, processor = time.perf_counter(), time.process_time()
    run()
    return {"wall": time.perf_counter() - wall, "processor": time.process_time() - processor}


def memory() -> int:
    """Return how many bytes of memory this process has now."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * resource.getpagesize()


def _refused(*_: object) -> NoReturn:
    """Refuse: an extractor that asks the network would be slower than it is, and tell others what is measured."""
    raise OSError("Peers are measured without a network.")
