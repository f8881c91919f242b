"""What `--archive` says becomes the place of an archive."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from armcrawl.archive.folder import Folder

if TYPE_CHECKING:
    from armcrawl.archive.storage import Storage


def storage_at(named: str, beside: Path) -> Storage:
    """Return the archive at a path; `beside` is the folder of this machine that is the database's own."""
    del beside  # a bucket will need it: its files are written there before they are closed
    return Folder(Path(named))


def source_at(named: str, beside: Path) -> Path | Storage:
    """Return what is named to be imported: a file or a folder of this machine, or an archive elsewhere."""
    del beside
    return Path(named)
