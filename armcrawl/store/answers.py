"""Answers of the site become captures, and these the histories of their pages; the ledger says what follows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select, update

from armcrawl.items import Outcome
from armcrawl.store import schema
from armcrawl.store.captures import write_captures
from armcrawl.store.folding import FETCH
from armcrawl.store.pasts import pasts_of
from armcrawl.store.queries import among
from armcrawl.store.refolding import refold
from armcrawl.store.schedule import next_check

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime
    from typing import Any

    from sqlalchemy import Connection

    from armcrawl.items import Article, Page
    from armcrawl.store.folding import Capture, History
    from armcrawl.store.pasts import Past
    from armcrawl.store.refolding import Source

pages, captures = schema.pages, schema.captures

Said = tuple[str, str | None]
"""An outcome, and its reason."""

# A page of which all that was read was rejected is as if nobody had got an answer.
NOTHING_LEFT = "what was read was rejected"


@dataclass(frozen=True, slots=True)
class Answers:
    """What came of answers: captures by page and moment, histories by page, articles new and changed."""

    capture_ids: dict[tuple[int, datetime], int]
    histories: dict[int, History]
    new: int
    changed: int


def write_answers(
    connection: Connection,
    answered: Sequence[tuple[int, Page]],
    run_id: int | None,
    cause: str = FETCH,
    *,
    is_judged: bool = False,
    new: Collection[int] = (),
) -> Answers:
    """Write answers, each with its page's id, and all that follows of articles.

    `new` are the pages that the database knew nothing of before.
    """
    write_captures(connection, answered, run_id, cause, is_judged=is_judged)
    keys = {page_id: page.key for page_id, page in answered}
    pasts = pasts_of(connection, keys, new=new)
    _confirm(connection, pasts, [(page_id, page) for page_id, page in answered if page.says_unchanged])
    ids = {(page_id, one.fetched_at): one.id for page_id, past in pasts.items() for one in past.captures}
    read: dict[Source, Article] = {
        (ids[page_id, page.fetched_at], None): page.article
        for page_id, page in answered
        if page.outcome is Outcome.STORED and page.article is not None
    }
    result = refold(connection, keys, pasts, read)
    return Answers(ids, result.histories, result.new, result.changed)


def _confirm(connection: Connection, pasts: Mapping[int, Past], unchanged: Sequence[tuple[int, Page]]) -> None:
    """Write until when answers are known to be true: of a page that says so, the one that it means."""
    seen: list[dict[str, Any]] = []
    for page_id, page in unchanged:
        past = pasts[page_id]
        before = [one for one in past.captures if one.fetched_at <= page.fetched_at]
        meant = [one for one in before if one.fetched_at == page.confirms] or before
        if not meant:
            continue
        one = max(meant, key=_moment)
        if page.fetched_at > one.last_seen_at:
            past.captures[past.captures.index(one)] = replace(one, last_seen_at=page.fetched_at)
            seen.append({"capture": one.id, "seen": page.fetched_at})
    if seen:
        statement = update(captures).where(captures.c.id == bindparam("capture"))
        connection.execute(statement.values(last_seen_at=bindparam("seen")), seen)


def _moment(capture: Capture) -> datetime:
    return capture.fetched_at


def said_now(connection: Connection, page_ids: Collection[int]) -> dict[int, Said]:
    """Return what the ledger says of some pages."""
    query = select(pages.c.id, pages.c.outcome, pages.c.reason)
    return {row.id: (row.outcome, row.reason) for row in among(connection, query, pages.c.id, page_ids)}


def settle(connection: Connection, histories: Mapping[int, History], said: Mapping[int, Said]) -> None:
    """Let the ledger say what follows from the histories of pages, where it says something else."""
    other = {
        page_id: history
        for page_id, history in histories.items()
        if page_id in said and said[page_id] != (history.outcome, history.reason)
    }
    for row in among(connection, select(pages.c.id, pages.c.fetched_at), pages.c.id, other):
        history = other[row.id]
        values: dict[str, Any] = {"outcome": history.outcome, "reason": history.reason}
        if history.outcome is None:
            values = {"outcome": Outcome.FAILED, "reason": None, "attempts": 1, "last_error": NOTHING_LEFT}
        if history.outcome == Outcome.GONE != said[row.id][0]:
            values |= {"checks": 0, "next_check_at": next_check(Outcome.GONE, 0, row.fetched_at)}
        connection.execute(update(pages).where(pages.c.id == row.id).values(values))
