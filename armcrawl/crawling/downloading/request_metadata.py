"""What a request is for, and what became of its response: it goes with the request through redirects and retries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from scrapy import Request
    from scrapy.http import Response

    from armcrawl.archive.records import Earlier
    from armcrawl.items import Record

META_KEY = "armcrawl"


@dataclass(slots=True)
class RequestMetadata:
    """The site's own address that is asked for, and the archived capture of the same page, if there is one.

    A response that is not `archived` is kept elsewhere, as what it contains. `fetched_at` and `record` are the last
    response's: when it came, and where the archive has it; `truncated` are the digests of those that were not whole.
    """

    address: str | None = None
    earlier: Earlier | None = None
    archived: bool = True
    fetched_at: datetime | None = None
    record: Record | None = None
    truncated: tuple[str, ...] = ()


def metadata_of(message: Request | Response) -> RequestMetadata:
    """Return what a request, or that of a response, is for; Scrapy's own have no more than an empty one."""
    metadata: RequestMetadata = message.meta.setdefault(META_KEY, RequestMetadata())
    return metadata
