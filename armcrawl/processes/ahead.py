"""Children that are started before there is work for them: while their parent imports Scrapy, they import theirs."""

from __future__ import annotations

import atexit
import os
import sys
from subprocess import PIPE, Popen

from armcrawl.processes import child

# Those that nobody has work for yet, by what they import.
_waiting: dict[tuple[str, ...], Popen[bytes]] = {}


def start_ahead(*modules: str) -> None:
    """Start a child that imports these modules, and waits for whoever takes it; none where one waits already."""
    if modules not in _waiting:
        _waiting[modules] = start(*modules)


def take(*modules: str) -> Popen[bytes]:
    """Return a child that imports these modules: one that was started ahead, or else one that starts now."""
    return _waiting.pop(modules, None) or start(*modules)


def start(*modules: str) -> Popen[bytes]:
    """Start a child that imports these modules; its three streams are pipes."""
    # A session of its own: Ctrl-C is the parent's to handle.
    return Popen(  # noqa: S603 - our own interpreter and modules
        [sys.executable, "-m", child.__name__, str(os.getpid()), *modules],
        stdin=PIPE,
        stdout=PIPE,
        stderr=PIPE,
        bufsize=0,
        start_new_session=True,
    )


@atexit.register
def end_waiting() -> None:
    """End the children that nobody has taken."""
    while _waiting:
        _, process = _waiting.popitem()
        with process:
            process.kill()
