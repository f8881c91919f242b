"""Two pages under one key, as two years may have one slug: they are kept apart by their addresses."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Self

from sqlalchemy import select

from armcrawl.sites import PageKey, key_by_address, tells_address
from armcrawl.store.base import schema
from armcrawl.store.base.sql import chunks, is_current, is_one_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection

    from armcrawl.items import Page


@dataclass(frozen=True, slots=True)
class _Shown:
    """Where a key's page is, and what its article is known by; None without one."""

    address: str
    title: str | None
    body: str | None

    @classmethod
    def of(cls, page: Page) -> Self:
        """Return what a page shows."""
        article = page.article
        return cls(page.address, article.title, article.body) if article else cls(page.address, None, None)

    def is_page_of(self, other: _Shown) -> bool:
        """Tell whether this is the other page, moved to another address at most: its title or its text is the same."""
        if self.address == other.address or other.title is None:
            return True
        return self.title is not None and (self.title == other.title or self.body == other.body)


def keep_apart(connection: Connection, pages: Sequence[Page]) -> tuple[list[Page], int]:
    """Return pages with keys that are theirs alone, and how many of them had to be kept apart.

    Only where a key does not tell its address can it be of two pages. Who came first keeps it.
    """
    doubtful = {page.key for page in pages if not tells_address(page.key)}
    if not doubtful:
        return list(pages), 0
    shown = _known(connection, doubtful)
    kept: list[Page] = []
    apart = 0
    for page in pages:
        own = _Shown.of(page)
        if page.key not in doubtful:
            kept.append(page)
        elif own.is_page_of(shown.get(page.key, own)):
            kept.append(page)
            shown[page.key] = own if own.title is not None else shown.get(page.key, own)
        else:
            kept.append(replace(page, key=key_by_address(page.key, page.address)))
            apart += 1
    return kept, apart


def _known(connection: Connection, keys: Iterable[PageKey]) -> dict[PageKey, _Shown]:
    pages, articles, versions = schema.pages, schema.articles, schema.article_versions
    query = select(
        *(pages.c.site, pages.c.section, pages.c.external_id, pages.c.address, versions.c.title, versions.c.body)
    ).select_from(pages.outerjoin(articles, articles.c.page_id == pages.c.id).outerjoin(versions, is_current()))
    return {
        PageKey(*row[:3]): _Shown(*row[3:])
        for some in chunks(sorted(keys))
        for row in connection.execute(query.where(is_one_of(some)))
    }
