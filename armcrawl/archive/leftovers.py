"""Copies of files that were left behind by who was killed while he made them: they may hold what is taken down."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from armcrawl.archive.folder import COPYING
from armcrawl.archive.moving import MOVING
from armcrawl.archive.wiping import WIPING
from armcrawl.errors import ArchiveError

if TYPE_CHECKING:
    from armcrawl.archive.storage import Storage


def delete_leftovers(storage: Storage) -> None:
    """Delete such copies of an archive, while nobody else writes into it; raises ArchiveError."""
    local = storage.local
    try:
        for path in (*local.glob(f"*{COPYING}-*"), *local.glob(f"{WIPING}*")):
            path.unlink(missing_ok=True)
        for folder in local.parent.glob(f"{local.name}{MOVING}*"):
            shutil.rmtree(folder)
    except OSError as error:
        raise ArchiveError(f"{error.filename} was left behind, and cannot be deleted: {error.strerror}.") from error
