"""A backup becomes a database and an archive again, but for what was taken down since."""

from __future__ import annotations

import re
import shutil
from contextlib import contextmanager
from glob import escape
from pathlib import Path
from typing import TYPE_CHECKING

from armcrawl.archive.folder import Folder
from armcrawl.errors import DatabaseError, UsageError
from armcrawl.jobs.backup_contents import ARCHIVE, check_whole, contents_of, problem_of
from armcrawl.jobs.forgetting import forget_in, lacking_in, told_to
from armcrawl.store.admin.backup import in_one_file
from armcrawl.store.admin.copying import copy_database
from armcrawl.store.articles.removal_lists import beside, keep_beside
from armcrawl.store.articles.removals import listed
from armcrawl.store.base.database import open_database, open_read_only, parse_url

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from armcrawl.archive.storage import Storage, StoredFile
    from armcrawl.jobs.backup_contents import Contents, Kept
    from armcrawl.store.articles.removals import Removal

# What the name of a file ends with that took the place of one in S3.
WIPED = re.compile(r"-w\d+(?=\.warc\.gz$)")


def restore(
    folder: Path, url: str, storage: Storage, removals: Iterable[Removal] = (), *, resume: bool = False
) -> tuple[Contents, int]:
    """Make a database and an archive as they were when a backup was taken; return what that holds.

    Both must be new, or hold what an interrupted restore has brought. The backup is only read, and all of it is checked
    before anything is written. What was taken down since does not come back, as far as the backup was told, the list
    beside the archive has it, or `removals` do; how much that was is returned as well. Raises UsageError, ArchiveError
    or DatabaseError.
    """
    contents = contents_of(folder)
    target = parse_url(url)
    is_file = target.get_backend_name() == "sqlite"
    if is_file:
        _check_is_new(Path(target.database or ""))
    check_whole(folder, contents)
    if contents.archive:
        _restore_archive(folder / ARCHIVE, contents, storage)
    source = folder / contents.database.name
    missing = lacking_in(folder, [*told_to(folder), *beside(storage), *removals])
    if is_file:
        with _without(source, Path(target.database or ""), storage if contents.archive else None, missing) as part:
            part.replace(target.database or "")
    elif missing:
        with _without(source, storage.local / "armcrawl.db", storage if contents.archive else None, missing) as part:
            _fill_server(part, url, resume=resume)
    else:
        _fill_server(source, url, resume=resume)
    return contents, len(missing)


def _check_is_new(path: Path) -> None:
    """Raise UsageError where a database is, or what another one has left: SQLite would take it for the new one's."""
    for one in (path, *(Path(f"{path}{end}") for end in ("-wal", "-shm", "-journal"))):
        if one.exists():
            raise UsageError(f"{one} is there already: move it away, or name another database with --database.")


def _restore_archive(source: Path, contents: Contents, storage: Storage) -> None:
    """Bring the files that an archive lacks; what is there must be the same."""
    storage.check()
    held = {one.name: one for one in storage.files()} if storage.exists() else {}
    wanted = {one.name: one for one in contents.archive}
    # What an interrupted restore has wiped in S3 has a name of its own, and is put anew.
    if foreign := sorted(name for name in held.keys() - wanted.keys() if WIPED.sub("", name) not in wanted):
        raise UsageError(f"{storage} holds {foreign[0]}, which is not the backup's: name a new archive by --archive.")
    for name, kept in wanted.items():
        if name not in held:
            storage.put(source / name)
        elif not _is_same(held[name], kept):
            raise UsageError(f"{storage} holds another {name} than the backup: name a new archive by --archive.")


def _is_same(held: StoredFile, kept: Kept) -> bool:
    """Tell whether a file of an archive is the backup's; what was taken down may be wiped in it already.

    An object in S3 came there whole, and of one size it is.
    """
    if not isinstance(held.storage, Folder):
        return held.size == kept.size
    return problem_of(held, held.storage.path / held.name, kept) is None


@contextmanager
def _without(source: Path, target: Path, storage: Storage | None, removals: Sequence[Removal]) -> Iterator[Path]:
    """Hand over a copy of a database, beside its target, in which nothing is any more that was taken down.

    A restore that died leaves it behind, and the next one begins it anew.
    """
    part = target.parent / f".{target.name}.restoring"
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _delete_all_of(part)
        shutil.copyfile(source, part)
        engine = open_database(f"sqlite:///{part}", create=False)
        try:
            if removals:
                forget_in(engine, storage, removals)
            # All that ever was taken down lies beside the new archive, as it did beside the old one.
            if storage is not None and (known := listed(engine)):
                keep_beside(storage, known)
        finally:
            engine.dispose()
        in_one_file(part)
        yield part
    except OSError as error:
        raise DatabaseError(f"{part} cannot be written: {error.strerror}.") from error
    finally:
        _delete_all_of(part)


def _delete_all_of(part: Path) -> None:
    """Delete a database with all that SQLite and our locks have made beside it."""
    for path in part.parent.glob(f"{escape(part.name)}*"):
        path.unlink(missing_ok=True)


def _fill_server(source: Path, url: str, *, resume: bool) -> None:
    saved = open_read_only(f"sqlite:///{source}")
    try:
        target = open_database(url)
        try:
            copy_database(saved, target, resume=resume)
        finally:
            target.dispose()
    finally:
        saved.dispose()
