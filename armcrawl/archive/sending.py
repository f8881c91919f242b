"""Closed files go from this machine to where their archive lies, and those that a dead run left behind as well.

Whoever writes a file or sends it holds its lock (flock), which ends with the process: what nobody holds was left
behind.
"""

from __future__ import annotations

import fcntl
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from armcrawl.archive.folder import files_of
from armcrawl.archive.storage import OPEN
from armcrawl.errors import ArchiveAwayError, ArchiveError, ArchiveWaitsError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Future
    from pathlib import Path
    from typing import IO

    from armcrawl.archive.storage import Storage


@dataclass(slots=True)
class Sender:
    """Sends one file after the other in a thread: who writes pages does not wait for a network."""

    storage: Storage
    thread: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1))
    tasks: list[Future[None]] = field(default_factory=list)
    unsent: list[Path] = field(default_factory=list)

    def send(self, path: Path) -> None:
        """Have a closed file sent, unless it stays where it is."""
        if is_away(self.storage):
            self.tasks.append(self.thread.submit(self._send, path))

    def is_done(self, seconds: float) -> bool:
        """Wait at most so long; tells whether nothing is under way any more."""
        return not wait(self.tasks, seconds).not_done

    def finish(self) -> None:
        """Wait for all; raises ArchiveWaitsError if some could not be sent."""
        tasks, self.tasks = self.tasks, []
        failures = [error for task in tasks if (error := task.exception()) is not None]
        if failures and self.unsent:
            raise ArchiveWaitsError(f"{failures[-1]} {told(len(self.unsent), self.storage)}")

    def _send(self, path: Path) -> None:
        """Send a file, and then those that found no way before it."""
        self.unsent.append(path)
        for one in reversed(list(self.unsent)):
            send(self.storage, one)
            self.unsent.remove(one)


def is_away(storage: Storage) -> bool:
    """Tell whether files are written elsewhere than they stay."""
    return not storage.holds(storage.local / "any")


def told(number: int, storage: Storage) -> str:
    """Return the sentence that so many files wait to be put into their archive."""
    files = "A file of raw pages waits" if number == 1 else f"{number} files of raw pages wait"
    return (
        f"{files} in {storage.local} to be put into {storage}: nothing is lost, and the next run does it, or "
        "`armcrawl archive adopt`."
    )


@dataclass(slots=True)
class Adopted:
    """What became of the files that lay in a folder: those sent, those that a run still writes, and what went wrong."""

    sent: list[str] = field(default_factory=list)
    busy: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def adopt(storage: Storage, folder: Path) -> Adopted:
    """Put the files of a folder in place that no process holds any more, closed or not; ends where that is away.

    What lies in the archive already, and was left open, gets the name of a closed one.
    """
    found = Adopted()
    for path in files_of(folder):
        is_there = storage.holds(path)
        if is_there and not path.name.endswith(OPEN):
            continue
        with suppress(FileNotFoundError), path.open("rb") as file:
            if not claim(file) or not path.stat().st_size:
                found.busy.append(path.name)
                continue
            try:
                if is_there:
                    _close(path)
                else:
                    _put(storage, path)
                found.sent.append(path.name)
            except ArchiveError as error:
                found.problems.append(str(error))
            except ArchiveAwayError as error:
                found.problems.append(str(error))
                break
    return found


def waiting(storage: Storage) -> list[str]:
    """Return the files that lie on this machine and should be in their archive, which no process holds."""
    return list(_unheld(storage.local)) if is_away(storage) else []


def send(storage: Storage, path: Path) -> None:
    """Put a file where the archive lies, and delete it here; raises ArchiveError, and ArchiveAwayError."""
    try:
        with path.open("rb") as file:
            hold(file)
            _put(storage, path)
    except FileNotFoundError:
        return  # another process has sent it
    except OSError as error:
        raise ArchiveError(f"{path} cannot be put into {storage}: {error.strerror}.") from error


def hold(file: IO[bytes]) -> None:
    """Hold an open file against others, who may look at it just now. A network disk may know no locks."""
    with suppress(OSError):
        fcntl.flock(file, fcntl.LOCK_EX)


def claim(file: IO[bytes]) -> bool:
    """Hold an open file against others; tells whether that worked. A network disk may know no locks."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _put(storage: Storage, path: Path) -> None:
    if path.exists():
        storage.put(path, path.name.removesuffix(OPEN))
        path.unlink()


def _close(path: Path) -> None:
    closed = path.with_name(path.name.removesuffix(OPEN))
    if closed.exists():
        raise ArchiveError(f"{path} and {closed} are both there: neither is touched.")
    try:
        path.rename(closed)
    except OSError as error:
        raise ArchiveError(f"{path} cannot be renamed: {error.strerror}.") from error


def _unheld(folder: Path) -> Iterator[str]:
    for path in files_of(folder):
        # What is not there any more was sent by another process.
        with suppress(FileNotFoundError), path.open("rb") as file:
            # An empty one was just made, and is about to be held.
            if claim(file) and path.stat().st_size:
                yield path.name
