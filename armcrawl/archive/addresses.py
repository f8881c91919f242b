"""What `--archive` says becomes the place of an archive."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from armcrawl.archive.folder import Folder
from armcrawl.archive.s3.bucket import Bucket
from armcrawl.archive.s3.client import module

if TYPE_CHECKING:
    from armcrawl.archive.storage import Storage


# What begins so is no path.
ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")


def storage_at(named: str, beside: Path) -> Storage:
    """Return the archive at a path or in S3; `beside` is the folder that a database's archive has without a name.

    Raises UsageError for what is neither.
    """
    if not ADDRESS.match(named):
        return Folder(Path(named))
    bucket = Bucket.at(named, beside)
    module()
    return bucket


def source_at(named: str, beside: Path) -> Path | Storage:
    """Return what is named to be imported: a file or a folder of this machine, or an archive elsewhere."""
    return storage_at(named, beside) if ADDRESS.match(named) else Path(named)
