"""Where the archive is: a folder beside its database, or the one that is named."""

from __future__ import annotations

from pathlib import Path

# A file that is being written, or that a crawl left behind which died.
OPEN = ".open"
DEFAULT_FOLDER = Path("data")


def folder_beside(database: str, *, is_file: bool) -> Path:
    """Return the folder of a database's archive: beside a file, else under `data`; named after the database."""
    path = Path(database) if is_file else DEFAULT_FOLDER / database
    return path.parent / f"{path.stem}-archive"


def file_in(folder: Path, name: str) -> Path:
    """Return the path of an archive's file, whether it is closed or not; FileNotFoundError without one."""
    closed = folder / name
    if Path(name).name != name:
        raise FileNotFoundError(f"{name!r} is no name of a file in the archive")
    if closed.exists():
        return closed
    left_open = folder / f"{name}{OPEN}"
    if left_open.exists():
        return left_open
    raise FileNotFoundError(f"{closed} is missing")


def files_of(folder: Path) -> list[Path]:
    """Return the WARC files of an archive, oldest first, none of a folder that is not there.

    Raises OSError for a path that is no folder.
    """
    try:
        paths = sorted(folder.iterdir())
    except FileNotFoundError:
        return []
    return [path for path in paths if path.name.removesuffix(OPEN).endswith(".warc.gz")]
