"""A database of another armcrawl makes room for one that is made anew from its archive."""

from __future__ import annotations

from pathlib import Path

from armcrawl.errors import DatabaseError, UsageError
from armcrawl.store.base.database import connect, parse_url, reading, shown
from armcrawl.store.base.lock import locking_all
from armcrawl.store.base.shape import HEAD, is_new, revision_of

# What SQLite keeps beside a file that is open, or was not shut.
BESIDE = ("-wal", "-shm")


def set_aside(url: str) -> Path | None:
    """Keep an SQLite file of another armcrawl under another name, and return that; None where there is none.

    Raises UsageError for a PostgreSQL of another armcrawl, and where the other name is taken.
    """
    parsed = parse_url(url)
    path = Path(parsed.database or "")
    is_file = parsed.get_backend_name() == "sqlite"
    if is_file and not path.exists():
        return None
    with locking_all(url, "new-from-archive"):
        if not _is_another(url):
            return None
        if not is_file:
            raise UsageError(
                f"Another armcrawl made {shown(parsed)}: name an empty database with --database, and the archive of "
                "that one with --archive, and it with --old."
            )
        return _renamed(path)


def kept_of(url: str) -> str | None:
    """Return the URL of the SQLite file that was kept when a database was set aside; None where there is none."""
    parsed = parse_url(url)
    kept = _kept(Path(parsed.database or ""))
    return f"sqlite:///{kept}" if parsed.get_backend_name() == "sqlite" and kept.exists() else None


def _kept(path: Path) -> Path:
    return path.with_name(f"{path.name}.old")


def _is_another(url: str) -> bool:
    engine = connect(url, create=False)
    try:
        with reading(engine) as connection:
            return not is_new(connection) and revision_of(connection) != HEAD
    finally:
        engine.dispose()


def _renamed(path: Path) -> Path:
    kept = _kept(path)
    if kept.exists():
        raise UsageError(f"{kept} is there already: move it away, then run this again.")
    try:
        for end in BESIDE:
            beside = path.with_name(path.name + end)
            if beside.exists():
                beside.rename(kept.with_name(kept.name + end))
        path.rename(kept)
    except OSError as error:
        raise DatabaseError(f"{path} cannot be renamed: {error.strerror}.") from error
    return kept
