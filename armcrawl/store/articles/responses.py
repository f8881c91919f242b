"""Responses of the site become captures, and these the histories of their pages; the ledger says what follows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select, update

from armcrawl.items import Outcome
from armcrawl.store.articles.captures import pasts_of, write_captures
from armcrawl.store.articles.refolding import refold
from armcrawl.store.base.enumerations import FETCH
from armcrawl.store.base.schema import captures, pages
from armcrawl.store.base.sql import among
from armcrawl.store.ledger.schedule import next_check

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from typing import Any

    from sqlalchemy import Connection

    from armcrawl.items import Page
    from armcrawl.store.articles.captures import Past
    from armcrawl.store.articles.folding import FoldedHistory
    from armcrawl.store.articles.refolding import Read, Refolded


Standing = tuple[str, str | None]
"""An outcome, and its reason."""

# A page of which all that was read was rejected is as if nobody had got a response.
NOTHING_LEFT = "what was read was rejected"


def write_responses(
    connection: Connection,
    answered: Sequence[tuple[int, Page]],
    run_id: int | None,
    cause: str = FETCH,
    *,
    is_judged: bool = False,
    new: Collection[int] = (),
) -> tuple[Mapping[int, Past], Refolded]:
    """Write responses, each with its page's id, and all that follows of articles; return pasts and what came of them.

    `new` are the pages that the database knew nothing of before.
    """
    write_captures(connection, answered, run_id, cause, is_judged=is_judged)
    keys = {page_id: page.key for page_id, page in answered}
    pasts = pasts_of(connection, keys, new=new)
    _confirm(connection, pasts, [(page_id, page) for page_id, page in answered if page.says_unchanged])
    return pasts, refold(connection, keys, pasts, at_hand(answered))


def at_hand(answered: Iterable[tuple[int, Page]]) -> Read:
    """Return the articles of pages, which come with their ids, by these and the hashes of their documents."""
    return {
        (page_id, page.article.document_hash): page.article
        for page_id, page in answered
        if page.outcome is Outcome.STORED and page.article is not None
    }


def _confirm(connection: Connection, pasts: Mapping[int, Past], unchanged: Sequence[tuple[int, Page]]) -> None:
    """Write until when responses are known to be true.

    «Not modified» means the response that an archive names, or the newest before it that showed an article.
    """
    seen: list[dict[str, Any]] = []
    for page_id, page in unchanged:
        past = pasts[page_id]
        before = [one for one in past.captures if one.fetched_at <= page.fetched_at and one.parsed.content_hash]
        if page.confirms is not None:
            before = [one for one in before if one.fetched_at == page.confirms]
        meant = max(before, key=lambda one: one.fetched_at, default=None)
        if meant is not None and page.fetched_at > meant.last_seen_at:
            past.captures[past.captures.index(meant)] = replace(meant, last_seen_at=page.fetched_at)
            seen.append({"capture": meant.id, "seen": page.fetched_at})
    if seen:
        statement = update(captures).where(captures.c.id == bindparam("capture"))
        connection.execute(statement.values(last_seen_at=bindparam("seen")), seen)


def standings_of(connection: Connection, page_ids: Collection[int]) -> dict[int, Standing]:
    """Return what the ledger says of some pages."""
    query = select(pages.c.id, pages.c.outcome, pages.c.reason)
    return {row.id: (row.outcome, row.reason) for row in among(connection, query, pages.c.id, page_ids)}


def write_outcomes(connection: Connection, histories: Mapping[int, FoldedHistory], now: Mapping[int, Standing]) -> None:
    """Let the ledger say what follows from the histories of pages, where it says something else."""
    other = {
        page_id: history
        for page_id, history in histories.items()
        if page_id in now and now[page_id] != (history.outcome, history.reason)
    }
    for row in among(connection, select(pages.c.id, pages.c.fetched_at), pages.c.id, other):
        history = other[row.id]
        values: dict[str, Any] = {"outcome": history.outcome, "reason": history.reason}
        if history.outcome is None:
            values = {"outcome": Outcome.FAILED, "reason": None, "attempts": 1, "last_error": NOTHING_LEFT}
        if history.outcome == Outcome.GONE != now[row.id][0]:
            values |= {"checks": 0, "next_check_at": next_check(Outcome.GONE, 0, row.fetched_at)}
        connection.execute(update(pages).where(pages.c.id == row.id).values(values))
