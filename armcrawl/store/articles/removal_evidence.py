"""What tells the text of a page, to be found under other ids; and which pages of its site show that text."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select

from armcrawl.items import Outcome
from armcrawl.sites import PageKey
from armcrawl.store.articles.removals import MAX_COPIES, Digest, is_same_site
from armcrawl.store.base.enumerations import BODY, PAYLOAD, TEXT
from armcrawl.store.base.schema import article_versions as versions
from armcrawl.store.base.schema import articles, captures, pages

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

# Words of a body that are enough to tell it: what a site says in place of a page («на техническом обслуживании, просим
# извинить за неудобства») has up to a dozen, a short piece of news two dozen.
MIN_WORDS = 13
SHOWING = (Outcome.STORED, Outcome.QUARANTINED)


@dataclass(frozen=True, slots=True)
class Evidence:
    """The digests that tell a page, those that too many pages share, and the other pages that show the same, by id.

    What was known before stays among the digests; while too many pages share it, it tells none of them.
    """

    digests: frozenset[Digest]
    shared: frozenset[Digest]
    copies: dict[int, PageKey]


def evidence_of(connection: Connection, key: PageKey, page_id: int | None, known: Iterable[Digest] = ()) -> Evidence:
    """Return what tells a page, with what is `known` from before, and which other pages of its site it tells."""
    own = _own(connection, page_id) if page_id is not None else set[Digest]()
    showing = _showing(connection, key, own | set(known))
    shared = {digest for digest, pages in showing.items() if len(pages) > MAX_COPIES}
    copies = {page_id: one for digest in showing.keys() - shared for page_id, one in showing[digest].items()}
    return Evidence(frozenset((own - shared) | set(known)), frozenset(shared), copies)


def _own(connection: Connection, page_id: int) -> set[Digest]:
    """Return the digests of captures that showed an article of some length, and of all its texts.

    What was not understood tells nothing: a site may answer alike for half of its ids.
    """
    columns = (
        captures.c.digest,
        captures.c.payload_digest,
        captures.c.outcome,
        captures.c.words,
        versions.c.word_count,
    )
    query = select(*columns).outerjoin(versions, versions.c.capture_id == captures.c.id)
    found = set[Digest]()
    for row in connection.execute(query.where(captures.c.page_id == page_id)):
        if max(row.words, row.word_count or 0) >= MIN_WORDS:
            found |= {(BODY, row.digest), (PAYLOAD, row.payload_digest)}
    texts = select(versions.c.text_hash).join(articles, articles.c.id == versions.c.article_id)
    of_page = (articles.c.page_id == page_id, versions.c.word_count >= MIN_WORDS)
    found |= {(TEXT, row.text_hash) for row in connection.execute(texts.where(*of_page))}
    return {one for one in found if one[1]}


def _showing(connection: Connection, key: PageKey, digests: set[Digest]) -> defaultdict[Digest, dict[int, PageKey]]:
    """Return by digest the other pages of the site that show the same."""
    found = defaultdict[Digest, dict[int, PageKey]](dict)
    told = (pages.c.id, pages.c.site, pages.c.section, pages.c.external_id)
    bodies, payloads, texts = ([one[1] for one in digests if one[0] == kind] for kind in (BODY, PAYLOAD, TEXT))
    by_capture = (
        select(*told, captures.c.digest, captures.c.payload_digest)
        .join(captures, captures.c.page_id == pages.c.id)
        .where(
            pages.c.site == key.site,
            captures.c.outcome.in_(SHOWING),
            or_(captures.c.digest.in_(bodies), captures.c.payload_digest.in_(payloads)),
        )
    )
    by_text = (
        select(*told, versions.c.text_hash)
        .join(articles, articles.c.page_id == pages.c.id)
        .join(versions, versions.c.article_id == articles.c.id)
        .where(pages.c.site == key.site, versions.c.text_hash.in_(texts))
    )
    shown: list[tuple[Digest, Any]] = [(one, row) for row in connection.execute(by_capture) for one in _of_capture(row)]
    shown += [((TEXT, row.text_hash), row) for row in connection.execute(by_text)]
    for digest, row in shown:
        other = PageKey(row.site, row.section, row.external_id)
        if digest in digests and other != key and is_same_site(key, other):
            found[digest][row.id] = other
    return found


def _of_capture(row: Any) -> tuple[Digest, Digest]:
    return (BODY, row.digest), (PAYLOAD, row.payload_digest)
