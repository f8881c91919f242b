"""Where the tests' own files lie: in memory, where there is room.

A file system such as ext4 makes no file where one was deleted in the last seconds, and looks through all of these
first. Tests delete files all the time (a database that is opened and shut has two beside it), and spent half of
their time there.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

MEMORY = Path("/dev/shm")  # noqa: S108 - for `tempfile`, which makes folders of its own there
PREFIX = "armcrawl-tests-"
PROCESSES = Path("/proc")
# Six times what a whole run leaves there. A container may have 64 MB.
ROOM_BYTES = 4 << 30
# The server of PostgreSQL runs as another user, and has its folder in ours.
MODE = 0o711


def use_memory() -> Path | None:
    """Let `tempfile`, here and in all processes that are started, use a new folder in memory, and return it.

    None where TMPDIR says otherwise, as for workers of a run that has its folder, and where there is no room. What
    runs left that were killed, or failed, goes.
    """
    with suppress(OSError):
        for left in MEMORY.glob(f"{PREFIX}*-*"):
            if not (PROCESSES / left.name.removeprefix(PREFIX).partition("-")[0]).exists():
                shutil.rmtree(left, ignore_errors=True)
        if "TMPDIR" not in os.environ and shutil.disk_usage(MEMORY).free > ROOM_BYTES:
            folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=MEMORY))
            folder.chmod(MODE)
            os.environ["TMPDIR"] = str(folder)
            tempfile.tempdir = None
            return folder
    return None
