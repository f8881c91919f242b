"""Processes that end with the one that started them, whatever they are at and however that ends."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

# From <linux/prctl.h>: the signal that this process gets when its parent dies.
PR_SET_PDEATHSIG = 1
SECONDS_BETWEEN_LOOKS = 1.0
# An `armcrawl` that ends with whoever started it, by the process id in its first argument.
PROGRAM = (
    "import sys; from armcrawl.processes.parent import die_with; die_with(int(sys.argv.pop(1))); "
    "from armcrawl.cli import main; main(prog_name='armcrawl')"
)


def die_with(parent: int) -> None:
    """Have this process killed when its parent, by its process id, is gone.

    Linux does it, in the midst of a long statement or page too. Elsewhere a thread looks every second, and only sees
    the parent gone while the interpreter's lock is free.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    else:
        threading.Thread(target=_watch, args=(parent,), daemon=True).start()
    if os.getppid() != parent:  # it was faster
        os._exit(1)


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(SECONDS_BETWEEN_LOOKS)
    os._exit(1)


def armcrawl_command(arguments: Sequence[str]) -> list[str]:
    """Return the command line of an `armcrawl` that ends with this process."""
    return [sys.executable, "-c", PROGRAM, str(os.getpid()), *arguments]
