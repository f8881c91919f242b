"""What is in quarantine: the pages that could not be understood, why, and the bytes that are kept of them."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, case, false, func, or_, select

from armcrawl.items import Outcome
from armcrawl.sites import PageKey
from armcrawl.store.articles.captures import pasts_of
from armcrawl.store.articles.reread_pages import Target
from armcrawl.store.base import schema
from armcrawl.store.base.database import reading
from armcrawl.store.ledger.quarantining import NOTHING, with_body

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import Connection, Engine, Select

EXAMPLES = 3
# Statuses that say of themselves that a page was taken away.
TAKEN_AWAY = (404, 410)

# What the query gives as it stands.
OF_CASE = ("row_id", "stage", "created_at", "resolved_at", "http_status", "content_type", "content_encoding")
OF_TARGET = (
    *("page_id", "address", "outcome", "reason", "article_id"),
    *("capture_id", "fetched_at", "archive_file", "archive_offset"),
)

pages, articles, captures, quarantine = schema.pages, schema.articles, schema.captures, schema.quarantine


@dataclass(frozen=True, slots=True)
class Case:
    """A page in quarantine; `target` says what the ledger knows of it, and where its bytes are.

    `has_body` tells whether the database itself keeps these.
    """

    row_id: int
    target: Target
    stage: str
    reason: str
    created_at: datetime
    resolved_at: datetime | None
    http_status: int | None
    content_type: str | None
    content_encoding: str | None
    has_body: bool

    @property
    def key(self) -> PageKey:
        """The page."""
        return self.target.key


@dataclass(frozen=True, slots=True)
class QuarantineGroup:
    """The pages that one stage quarantined for one reason; `examples` are the newest of them."""

    stage: str
    reason: str
    pages: int
    newest: datetime
    examples: tuple[str, ...]


def cases(engine: Engine, reason: str | None = None) -> list[Case]:
    """Return the pages that wait in quarantine, those whose reason begins so if that is given, the newest first.

    A page is there once, with the last reason: what it showed before, the site shows no more.
    """
    later = quarantine.alias()
    is_later = or_(
        later.c.created_at > quarantine.c.created_at,
        and_(later.c.created_at == quarantine.c.created_at, later.c.id > quarantine.c.id),
    )
    superseded = select(later.c.id).where(
        later.c.page_id == quarantine.c.page_id, later.c.resolved_at.is_(None), is_later
    )
    query = _query().where(quarantine.c.resolved_at.is_(None), ~superseded.correlate(quarantine).exists())
    if reason is not None:
        # LIKE minds the case of letters on one database only.
        query = query.where(func.substr(quarantine.c.reason, 1, len(reason)) == reason)
    with reading(engine) as connection:
        return _cases(connection, query.order_by(quarantine.c.created_at.desc(), quarantine.c.id.desc()))


def case_of(engine: Engine, key: PageKey) -> Case | None:
    """Return why a page was quarantined last, also if it was understood since; None if it never did."""
    is_page = (pages.c.site == key.site) & (pages.c.section == key.section) & (pages.c.external_id == key.external_id)
    is_over = case((quarantine.c.resolved_at.is_(None), 0), else_=1)
    order = (is_over, quarantine.c.created_at.desc(), quarantine.c.id.desc())
    with reading(engine) as connection:
        found = _cases(connection, _query().where(is_page).order_by(*order).limit(1))
    return found[0] if found else None


def groups(waiting: Iterable[Case]) -> list[QuarantineGroup]:
    """Return pages by stage and reason, the largest group first; they come as `cases` returns them."""
    found: dict[tuple[str, str], list[Case]] = {}
    for one in waiting:
        found.setdefault((one.stage, one.reason), []).append(one)
    return [
        QuarantineGroup(
            stage, reason, len(of_group), of_group[0].created_at, tuple(str(one.key) for one in of_group[:EXAMPLES])
        )
        for (stage, reason), of_group in sorted(found.items(), key=lambda item: (-len(item[1]), item[0]))
    ]


def body_of(engine: Engine, row_id: int) -> bytes:
    """Return the bytes that the database itself keeps of a page in quarantine; none if it keeps none.

    Of equal bodies one row keeps them for all.
    """
    of_row = select(captures.c.digest).join(quarantine, quarantine.c.capture_id == captures.c.id)
    with reading(engine) as connection:
        packed = _packed(connection, row_id)
        if len(packed) <= len(NOTHING):
            digest = connection.execute(of_row.where(quarantine.c.id == row_id)).scalar()
            keeper = connection.execute(with_body([digest])).first() if digest else None
            packed = _packed(connection, keeper.id) if keeper is not None else packed
    return zlib.decompress(packed) if packed else b""


def _packed(connection: Connection, row_id: int) -> bytes:
    return connection.execute(select(quarantine.c.body).where(quarantine.c.id == row_id)).scalar() or b""


def _query() -> Select[Any]:
    moment = func.coalesce(captures.c.fetched_at, quarantine.c.created_at)
    return select(
        *(quarantine.c.id.label("row_id"), quarantine.c.reason.label("stuck_because"), quarantine.c.capture_id),
        *(quarantine.c[name] for name in ("stage", "created_at", "resolved_at", "content_type", "content_encoding")),
        *(captures.c[name] for name in ("http_status", "archive_file", "archive_offset")),
        *(pages.c.id.label("page_id"), pages.c.site, pages.c.section, pages.c.external_id),
        *(pages.c.address, pages.c.outcome, pages.c.reason),
        *(articles.c.id.label("article_id"), moment.label("fetched_at")),
        *(_has_body().label("has_body"), _is_past().label("is_past")),
    ).select_from(
        quarantine.join(pages, pages.c.id == quarantine.c.page_id)
        .outerjoin(captures, captures.c.id == quarantine.c.capture_id)
        .outerjoin(articles, articles.c.page_id == pages.c.id)
    )


def _has_body() -> ColumnElement[bool]:
    """Return the condition that the row, or another one for it, keeps the bytes."""
    keeper, its_capture = quarantine.alias(), captures.alias()
    for_others = (
        select(keeper.c.id)
        .join(its_capture, its_capture.c.id == keeper.c.capture_id)
        .where(its_capture.c.digest == captures.c.digest, func.length(keeper.c.body) > len(NOTHING))
        .correlate(captures)
        .exists()
    )
    own = func.coalesce(func.length(quarantine.c.body), 0) > len(NOTHING)
    return or_(own, for_others)


def _is_past() -> ColumnElement[bool]:
    """Return the condition for bytes after which the site answered that there is no such article."""
    newer = captures.alias()
    answered_since = (
        select(newer.c.id)
        .where(newer.c.page_id == quarantine.c.page_id, newer.c.fetched_at > captures.c.fetched_at)
        .correlate(quarantine, captures)
        .exists()
    )
    lost = (Outcome.MISSING, Outcome.NOT_ARTICLE, Outcome.GONE)
    is_lost = pages.c.outcome.in_(lost) | pages.c.http_status.in_(TAKEN_AWAY)
    return func.coalesce(answered_since & is_lost, false())


def _cases(connection: Connection, query: Select[Any]) -> list[Case]:
    rows = connection.execute(query).all()
    pasts = pasts_of(connection, {row.page_id for row in rows})
    return [
        Case(
            **{name: getattr(row, name) for name in OF_CASE},
            target=Target(
                **{name: getattr(row, name) for name in OF_TARGET},
                key=PageKey(row.site, row.section, row.external_id),
                is_past=bool(row.is_past),
                past=pasts[row.page_id],
            ),
            reason=row.stuck_because,
            has_body=bool(row.has_body),
        )
        for row in rows
    ]
