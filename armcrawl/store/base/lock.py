"""One run at a time for each site and database.

A run takes its site's lock, and shares the database's with the runs of other sites. What works on all sites in pieces
shares that one too, so that it waits for no run and no run for it, and only one such job goes on at a time; what needs
the whole database at rest takes it for itself. A lock ends with the process that holds it, however that dies.
"""

from __future__ import annotations

import fcntl
import os
import socket
import threading
import time
from contextlib import contextmanager, nullcontext, suppress
from errno import EACCES
from glob import escape
from hashlib import blake2b
from multiprocessing.connection import wait
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy import false, func, select, text
from sqlalchemy.exc import SQLAlchemyError

from armcrawl import clock
from armcrawl.errors import DatabaseError, LockedError
from armcrawl.store.base.database import connect, parse_url, reading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import IO

    from sqlalchemy import URL, Connection, Engine

# PostgreSQL cuts the name of an application after 63 bytes.
MAX_NAME_LENGTH = 63
# No site is called so.
JOBS, WAITING = "jobs+pieces", "whole+waiting"
# How often who waits for the whole database looks whether all runs have ended.
LOOK_SECONDS = 2.0
# How often a lock in PostgreSQL is looked after; a server that goes tells so at once.
PING_SECONDS = 5.0
# While the server is away it is asked so often.
RETRY_SECONDS = 1.0
# So long after it was last seen a lock is surely held: PostgreSQL takes a machine that vanished for gone after twice
# that (KEEPALIVES), and only then another run can have it.
SURE_SECONDS = 30.0
# Where a machine was asleep it counts those seconds as well.
CLOCK = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


HOLDER = text(
    "SELECT application_name FROM pg_locks JOIN pg_stat_activity USING (pid) JOIN pg_database ON oid = database "
    "WHERE locktype = 'advisory' AND granted AND pid <> pg_backend_pid() AND pg_database.datname = current_database() "
    "AND (classid::bigint << 32) | objid::bigint = ANY(:keys) LIMIT 1"
)


class Lock(Protocol):
    """A lock that is held."""

    @property
    def is_held(self) -> bool:
        """Whether it is so for sure just now: else nothing may be done that another run may do as well."""

    def release(self) -> None:
        """Let others have it."""


def lock_site(url: str, site: str, kind: str, on_lost: Callable[[str], None], servers: Sequence[str] = ()) -> Lock:
    """Take a site's lock for a run; raises LockedError, with the run that holds it.

    `on_lost` hears, from another thread, that the lock was lost and another run has it now. On PostgreSQL, where runs
    of many machines meet, two sites that ask one of the `servers` exclude each other too.
    """
    return _lock(url, site, f"{kind} of {site}", on_lost, servers)


def holder_of(engine: Engine, site: str, servers: Sequence[str]) -> str | None:
    """Return who holds a site's lock in PostgreSQL, or that of one of its servers; None while nobody does."""
    return _holder(engine, _keys(site, servers))


def waiting_for_all(engine: Engine) -> str | None:
    """Return who waits in PostgreSQL for the whole database, or has it; None while nobody does."""
    return _holder(engine, [key_of(WAITING)])


def _holder(engine: Engine, keys: list[int]) -> str | None:
    with reading(engine) as connection:
        found: str | None = connection.execute(HOLDER, {"keys": keys}).scalar()
    return found


@contextmanager
def locking_jobs(url: str, kind: str) -> Iterator[None]:
    """Hold the lock of what works on a whole database in pieces, beside runs.

    Raises LockedError while another such job goes on, or what needs the database for itself.
    """
    lock = _lock(url, JOBS, kind, lambda _: None)
    try:
        yield
    finally:
        lock.release()


@contextmanager
def locking_all(url: str, kind: str, on_wait: Callable[[str], None] | None = None) -> Iterator[None]:
    """Hold the lock of a whole database; raises LockedError while any run goes on.

    With `on_wait`, which hears for whom, it waits for their ends instead; a fleet begins nothing meanwhile.
    """
    with _wanting_all(url, kind) if on_wait else nullcontext():
        lock = _lock_all(url, kind, on_wait)
        try:
            yield
        finally:
            lock.release()


def _lock_all(url: str, kind: str, on_wait: Callable[[str], None] | None) -> Lock:
    told = set[str]()
    while True:
        try:
            return _lock(url, None, kind, lambda _: None)
        except LockedError as error:
            if on_wait is None:
                raise
            if str(error) not in told:
                told.add(str(error))
                on_wait(str(error))
        time.sleep(LOOK_SECONDS)


@contextmanager
def _wanting_all(url: str, kind: str) -> Iterator[None]:
    """Let a fleet know that somebody waits for the whole database; several may."""
    if parse_url(url).get_backend_name() == "sqlite":
        yield
        return
    engine = connect(url)
    try:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            _name_session(connection, _holder_named(kind))
            connection.execute(select(func.pg_advisory_lock_shared(key_of(WAITING))))
            yield
    finally:
        engine.dispose()


def _lock(url: str, site: str | None, what: str, on_lost: Callable[[str], None], servers: Sequence[str] = ()) -> Lock:
    """Take the lock of a site, or of the whole database; `what` tells others who holds it."""
    holder = _holder_named(what)
    parsed = parse_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _FileLock(parsed, site, holder)
    return _AdvisoryLock(url, site, holder, on_lost, servers)


def _holder_named(what: str) -> str:
    return f"{what}, process {os.getpid()} on {socket.gethostname()}, since {clock.now():%Y-%m-%d %H:%M} UTC"


def _name_session(connection: Connection, holder: str) -> None:
    name = holder.encode()[:MAX_NAME_LENGTH].decode(errors="ignore")
    connection.execute(select(func.set_config("application_name", name, false())))


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

    @property
    def is_held(self) -> bool:
        """Whether it is held for sure: the file system never takes it away."""
        return True

    def release(self) -> None:
        """Let others have the lock; its files stay, as removing them would let two hold it."""
        for file in self.files:
            file.close()
        self.files.clear()


def _holder_of_files(refused: str) -> str:
    """Return who holds a lock file, or, where many share the database's, one of those."""
    path, told = Path(refused), "a run that has just ended"
    for candidate in (path, *path.parent.glob(f"{path.name.removesuffix('.lock')}.*.lock")):
        with candidate.open("r+", encoding="utf-8") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                if holder := file.read():
                    return holder
                told = "a run that has just begun"
    return told


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
        self.seen_at = time.clock_gettime(CLOCK)
        try:
            self._take(holder)
        except LockedError:
            self.connection.close()
            self.engine.dispose()
            raise
        self.holder = holder
        self.waking, self.woken = socket.socketpair()
        self.thread = threading.Thread(target=self._watch, name="lock", daemon=True)
        self.thread.start()

    def _connect(self) -> Connection:
        return self.engine.connect().execution_options(isolation_level="AUTOCOMMIT")

    def _take(self, holder: str) -> None:
        _name_session(self.connection, holder)
        if self.site is None:
            wanted = [(key_of(""), func.pg_try_advisory_lock)]
        else:
            wanted = [(key_of(""), func.pg_try_advisory_lock_shared)]
            wanted += [(key, func.pg_try_advisory_lock) for key in _keys(self.site, self.servers)]
        for key, function in wanted:
            if not self.connection.execute(select(function(key))).scalar():
                raise _refused(self._holder_of(key))

    def _holder_of(self, key: int) -> str:
        return self.connection.execute(HOLDER, {"keys": [key]}).scalar() or "a crawl"

    @property
    def is_held(self) -> bool:
        """Whether it was seen lately, and not lost since."""
        return time.clock_gettime(CLOCK) < self.seen_at + SURE_SECONDS

    def _watch(self) -> None:
        while not self._has_ended():
            began = time.clock_gettime(CLOCK)
            try:
                self.connection.execute(select(1))
            except (DatabaseError, SQLAlchemyError):
                self.seen_at = -SURE_SECONDS
                self._take_again()
            else:
                self.seen_at = began

    def _has_ended(self) -> bool:
        """Wait until the lock is to be looked after; tell whether it is not any more."""
        if self.connection.invalidated or self.connection.closed:
            return self.ended.wait(RETRY_SECONDS)
        try:
            # What comes in unasked is that the server goes.
            driven: Any = self.connection.connection.driver_connection
            wait([driven.fileno(), self.woken], PING_SECONDS)
        except Exception:  # noqa: BLE001 - a connection that is broken has no socket; the next look tells
            return self.ended.wait(RETRY_SECONDS)
        return self.ended.is_set()

    def _take_again(self) -> None:
        """Connect anew; while the server is away the writer waits too, and decides for both."""
        with suppress(DatabaseError, SQLAlchemyError):
            self.connection.close()
        began = time.clock_gettime(CLOCK)
        try:
            self.connection = self._connect()
            self._take(self.holder)
        except LockedError as error:
            self.ended.set()
            self.on_lost(str(error))
        except DatabaseError:
            return
        else:
            self.seen_at = began

    def release(self) -> None:
        """Let others have the lock."""
        self.ended.set()
        self.waking.send(b".")
        self.thread.join()
        self.waking.close()
        self.woken.close()
        with suppress(DatabaseError, SQLAlchemyError):
            self.connection.close()
        self.engine.dispose()


def _keys(site: str, servers: Sequence[str]) -> list[int]:
    """Return the numbers of the locks of a site and its servers; no name of a site has a colon."""
    return [key_of(name) for name in (site, *(f"server:{server}" for server in servers))]


def key_of(name: str) -> int:
    """Return the number of the lock of a site or a server, the empty name's for the whole database; below 2^63."""
    digest = blake2b(f"armcrawl/{name}".encode(), digest_size=8).digest()
    return int.from_bytes(digest) >> 1
