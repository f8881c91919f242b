"""One run at a time for each site and database.

A run takes its site's lock, and shares the database's with the runs of other sites; what rewrites the whole
database takes that one for itself. A lock ends with the process that holds it, however that dies.
"""

from __future__ import annotations

import fcntl
import os
import socket
import threading
from contextlib import contextmanager, suppress
from errno import EACCES
from glob import escape
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError

from armcrawl import clock
from armcrawl.errors import DatabaseError, LockedError
from armcrawl.store.base.database import connect, parse_url

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import IO

    from sqlalchemy import URL, Connection, Engine

# PostgreSQL cuts the name of an application after 63 bytes.
MAX_NAME_LENGTH = 63
# No site is called so.
FILES = "archive+files"
# How long two runs may at most believe to be alone after PostgreSQL threw one of them out.
PING_SECONDS = 5.0


class Lock(Protocol):
    """A lock that is held."""

    def release(self) -> None:
        """Let others have it."""


def lock_site(url: str, site: str, kind: str, on_lost: Callable[[str], None], servers: Sequence[str] = ()) -> Lock:
    """Take a site's lock for a run; raises LockedError, with the run that holds it.

    `on_lost` hears, from another thread, that the lock was lost and another run has it now. On PostgreSQL, where runs
    of many machines meet, two sites that ask one of the `servers` exclude each other too.
    """
    return _lock(url, site, f"{kind} of {site}", on_lost, servers)


@contextmanager
def locking_all(url: str, kind: str) -> Iterator[None]:
    """Hold the lock of a whole database; raises LockedError while any run goes on."""
    lock = _lock(url, None, kind, lambda _: None)
    try:
        yield
    finally:
        lock.release()


@contextmanager
def replacing_files(engine: Engine) -> Iterator[bool]:
    """Hold the right to replace files of a database's archive; yields whether no other process has it just now."""
    if engine.dialect.name == "sqlite":
        path = Path(engine.url.database or "").resolve()
        with Path(f"{path}.{FILES}.lock").open("a", encoding="utf-8") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
                return
            yield True
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        is_held = bool(connection.execute(select(func.pg_try_advisory_lock(_key(FILES)))).scalar())
        try:
            yield is_held
        finally:
            if is_held:
                connection.execute(select(func.pg_advisory_unlock(_key(FILES))))


def _lock(url: str, site: str | None, what: str, on_lost: Callable[[str], None], servers: Sequence[str] = ()) -> Lock:
    """Take the lock of a site, or of the whole database; `what` tells others who holds it."""
    holder = f"{what}, process {os.getpid()} on {socket.gethostname()}, since {clock.now():%Y-%m-%d %H:%M} UTC"
    parsed = parse_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _FileLock(parsed, site, holder)
    return _AdvisoryLock(url, site, holder, on_lost, servers)


def check_lockable(url: URL) -> None:
    """Raise DatabaseError if a lock beside an SQLite database is another user's: no run of ours could begin."""
    if url.get_backend_name() != "sqlite":
        return
    path = Path(url.database or "").resolve()
    for file in (Path(f"{path}.lock"), *sorted(path.parent.glob(f"{escape(path.name)}.*.lock"))):
        if file.exists() and not os.access(file, os.R_OK | os.W_OK):
            raise _unusable(file, os.strerror(EACCES))


def _unusable(file: Path, why: str) -> DatabaseError:
    """Return what to do about a lock that cannot be opened: most often one command was run by another user, as root."""
    try:
        owner = file.owner()
    except (OSError, KeyError):
        return DatabaseError(f"The lock {file} cannot be made: {why}; name another database with --database.")
    return DatabaseError(
        f"The lock {file} cannot be opened: {why}. It belongs to {owner}: run armcrawl as one user, and give that user "
        f"all that lies in {file.parent}, with `chown`."
    )


def _refused(holder: str) -> LockedError:
    return LockedError(f"Another run works on this database ({holder}): let it end, or stop it.")


class _FileLock:
    """`flock` on files beside an SQLite database; without a site, on the whole of it."""

    def __init__(self, url: URL, site: str | None, holder: str) -> None:
        path = Path(url.database or "").resolve()  # one file under two names has one lock
        wanted = [(f"{path}.lock", fcntl.LOCK_SH if site else fcntl.LOCK_EX)]
        if site:
            wanted.append((f"{path}.{site}.lock", fcntl.LOCK_EX))
        self.files: list[IO[str]] = []
        for name, kind in wanted:
            self._take(name, kind, holder)

    def _take(self, name: str, kind: int, holder: str) -> None:
        try:
            Path(name).parent.mkdir(parents=True, exist_ok=True)
            file = Path(name).open("a+", encoding="utf-8")  # noqa: SIM115 - held until release()
        except OSError as error:
            self.release()
            raise _unusable(Path(name), error.strerror or "") from error
        try:
            fcntl.flock(file, kind | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.close()
            self.release()
            raise _refused(_holder_of_files(name)) from error
        self.files.append(file)
        if kind == fcntl.LOCK_EX:
            file.truncate(0)
            file.write(holder)
            file.flush()

    def release(self) -> None:
        """Let others have the lock; its files stay, as removing them would let two hold it."""
        for file in self.files:
            file.close()
        self.files.clear()


def _holder_of_files(refused: str) -> str:
    """Return who holds a lock file, or, where many share the database's, one of those."""
    path = Path(refused)
    for candidate in (path, *path.parent.glob(f"{path.name.removesuffix('.lock')}.*.lock")):
        with candidate.open("r+", encoding="utf-8") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return file.read() or "a run that has just begun"
    return "a run that has just ended"


class _AdvisoryLock:
    """A session's advisory lock on a PostgreSQL connection of its own, taken again when that is lost."""

    def __init__(
        self, url: str, site: str | None, holder: str, on_lost: Callable[[str], None], servers: Sequence[str]
    ) -> None:
        self.site = site
        self.servers = servers
        self.on_lost = on_lost
        self.engine = connect(url)
        self.connection = self._connect()
        self.ended = threading.Event()
        try:
            self._take(holder)
        except LockedError:
            self.connection.close()
            self.engine.dispose()
            raise
        self.holder = holder
        self.thread = threading.Thread(target=self._watch, name="lock", daemon=True)
        self.thread.start()

    def _connect(self) -> Connection:
        return self.engine.connect().execution_options(isolation_level="AUTOCOMMIT")

    def _take(self, holder: str) -> None:
        name = holder.encode()[:MAX_NAME_LENGTH].decode(errors="ignore")
        self.connection.execute(select(func.set_config("application_name", name, False)))  # noqa: FBT003 - SQL's own
        if self.site is None:
            wanted = [(_key(""), func.pg_try_advisory_lock)]
        else:
            # No name of a site has a colon.
            names = [self.site, *(f"server:{server}" for server in self.servers)]
            wanted = [(_key(""), func.pg_try_advisory_lock_shared)]
            wanted += [(_key(name), func.pg_try_advisory_lock) for name in names]
        for key, function in wanted:
            if not self.connection.execute(select(function(key))).scalar():
                raise _refused(self._holder_of(key))

    def _holder_of(self, key: int) -> str:
        query = text(
            "SELECT application_name FROM pg_locks JOIN pg_stat_activity USING (pid) "
            "WHERE locktype = 'advisory' AND granted AND pid <> pg_backend_pid() "
            "AND (classid::bigint << 32) | objid::bigint = :key"
        )
        return self.connection.execute(query, {"key": key}).scalar() or "a crawl"

    def _watch(self) -> None:
        while not self.ended.wait(PING_SECONDS):
            try:
                self.connection.execute(select(1))
            except (DatabaseError, SQLAlchemyError):
                self._take_again()

    def _take_again(self) -> None:
        """Connect anew; while the server is away the writer waits too, and decides for both."""
        with suppress(DatabaseError, SQLAlchemyError):
            self.connection.close()
        try:
            self.connection = self._connect()
            self._take(self.holder)
        except LockedError as error:
            self.ended.set()
            self.on_lost(str(error))
        except DatabaseError:
            return

    def release(self) -> None:
        """Let others have the lock."""
        self.ended.set()
        self.thread.join()
        with suppress(DatabaseError, SQLAlchemyError):
            self.connection.close()
        self.engine.dispose()


def _key(name: str) -> int:
    """Return the number of the lock of a site or a server, the empty name's for the whole database; below 2^63."""
    digest = blake2b(f"armcrawl/{name}".encode(), digest_size=8).digest()
    return int.from_bytes(digest) >> 1
