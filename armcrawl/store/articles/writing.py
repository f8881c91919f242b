"""Writing a batch of pages: articles, their links and the ledger, all in one transaction."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, bindparam, case, select

from armcrawl.items import Outcome, Page
from armcrawl.sites import PageKey, stored_address
from armcrawl.store.articles.folding import WITHOUT_ARTICLE
from armcrawl.store.articles.removal import leave_unwiped
from armcrawl.store.articles.removals import matches, withheld
from armcrawl.store.articles.responses import write_outcomes, write_responses
from armcrawl.store.articles.returning import take_down_again
from armcrawl.store.articles.unreadable import STAGE as DOCUMENT
from armcrawl.store.base import schema
from armcrawl.store.base.database import writing
from armcrawl.store.base.enumerations import FETCH
from armcrawl.store.base.sql import insert_of, is_current, upsert
from armcrawl.store.clusters.clustering import join_after_batch
from armcrawl.store.ledger.identity import keep_apart
from armcrawl.store.ledger.ledger import heads_with
from armcrawl.store.ledger.quarantining import resolve, write_quarantined
from armcrawl.store.ledger.schedule import NEAR_HEAD, checks_after_change, checks_missed, next_attempt, next_check

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy import BindParameter, ColumnElement, Connection, Engine

    from armcrawl.checks import Breach
    from armcrawl.items import Record
    from armcrawl.store.articles.captures import Past
    from armcrawl.store.articles.folding import Capture
    from armcrawl.store.articles.removals import Match
    from armcrawl.store.articles.responses import Standing


# What of a page's ledger row decides what its next response changes.
KNOWN = (
    *("id", "site", "section", "external_id", "number", "outcome", "reason"),
    *("fetched_at", "next_check_at", "checks", "attempts"),
)
_KNOWN = select(
    *(schema.pages.c[name] for name in KNOWN),
    schema.articles.c.id.label("article_id"),
    schema.article_versions.c.content_hash,
).select_from(
    schema.pages.outerjoin(schema.articles, schema.articles.c.page_id == schema.pages.c.id).outerjoin(
        schema.article_versions, is_current()
    )
)

# What of a response its page's row has under the same name.
OWN = ("reason", "http_status", "etag", "last_modified", "digest", "fetched_at")

Known = Row[*tuple[Any, ...]]
"""What the database holds of a page: KNOWN, and `article_id` and `content_hash` of its article if there is one."""


@dataclass(slots=True)
class Written:
    """What a batch did: pages by outcome, and articles new, changed and unchanged.

    `apart` are pages that another page has the key of. `breaches` is what a look back at the last pages showed,
    `broken` why that look failed, if it did.
    """

    pages: Counter[str] = field(default_factory=Counter)
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    apart: int = 0
    breaches: list[Breach] = field(default_factory=list)
    broken: str | None = None

    def add(self, other: Written) -> None:
        """Count what another batch did as well."""
        self.pages += other.pages
        self.new += other.new
        self.changed += other.changed
        self.unchanged += other.unchanged


def write_batch(engine: Engine, pages: Sequence[Page], run_id: int | None, *, is_judged: bool = False) -> Written:
    """Store a batch of pages; either all of it is in the database afterwards, or nothing.

    Of two responses for one page in a batch the later one counts; a failure says less than any response.
    """
    if not pages:
        return Written()
    with writing(engine) as connection:
        kept, apart = keep_apart(connection, pages)
        latest: dict[PageKey, Page] = {}
        for page in kept:
            if page.key not in latest or page.outcome is not Outcome.FAILED:
                latest[page.key] = page
        backdated = [page for page in kept if page is not latest[page.key] and page.outcome is not Outcome.FAILED]
        written = Batch(connection, list(latest.values()), run_id, backdated=backdated, is_judged=is_judged).write()
    written.apart = apart
    join_after_batch(engine)
    return written


class Batch:
    """Responses that are written together, by what the database knew of their pages before.

    `pages` are the last word on each, and change the ledger; `backdated` ones only add to the history of their pages.
    """

    def __init__(
        self,
        connection: Connection,
        pages: Sequence[Page],
        run_id: int | None,
        cause: str = FETCH,
        *,
        backdated: Sequence[Page] = (),
        is_judged: bool = False,
    ) -> None:
        self.connection = connection
        self.run_id = run_id
        self.cause = cause
        self.is_judged = is_judged
        self.known = self._read_known([*pages, *backdated])
        # A page that was taken down stays so, whatever the site says, and under whichever id it says it.
        self.removed: list[tuple[Page, Match | None]] = []
        self.unwiped: list[Record] = []
        self.pages = self._without_removed(pages)
        self.backdated = self._without_removed(backdated)
        self.page_ids: dict[PageKey, int] = {key: known.id for key, known in self.known.items()}

    def write(self) -> Written:
        """Write all of it."""
        self._take_down_again()
        ledger = self._write_ledger()
        counted = [page for page in (*self.backdated, *self.pages) if page.outcome is not Outcome.FAILED]
        pasts, refolded = write_responses(
            self.connection,
            [(self._page_id(page), page) for page in counted],
            self.run_id,
            self.cause,
            is_judged=self.is_judged,
            new=[self._page_id(page) for page in counted if page.key not in self.known],
        )
        known = {one.id: (one.outcome, one.reason) for one in self.known.values()}
        write_outcomes(self.connection, refolded.histories, known | ledger)
        self._write_quarantine(pasts)
        self._write_rates()
        stored = [self._page_id(page) for page in self.pages if page.outcome is Outcome.STORED]
        new, changed = refolded.new, refolded.changed
        unchanged = sum(page_id not in new and page_id not in changed for page_id in stored)
        counts = Counter(page.outcome.value for page in self.pages)
        counts[Outcome.REMOVED.value] = len(self.removed)
        return Written(+counts, new=len(new), changed=len(changed), unchanged=unchanged)

    def _page_id(self, page: Page) -> int:
        return self.page_ids[page.key]

    def _without_removed(self, pages: Sequence[Page]) -> list[Page]:
        """Return the pages that do not show what was taken down; one that redirects there keeps that word alone."""
        kept = []
        for page, match in zip(pages, matches(self.connection, pages), strict=True):
            is_known = page.key in self.known and self.known[page.key].outcome == Outcome.REMOVED
            if not is_known and match is None:
                kept.append(page)
                continue
            if not is_known and match is not None and match.is_shared:
                kept.append(withheld(page, match))
                continue
            self.unwiped += [page.record] if page.record is not None else []
            if not is_known and match is not None and match.is_redirect:
                kept.append(replace(page, record=None, digest=None, body=b""))
            else:
                self.removed.append((page, None if is_known else match))
        return kept

    def _take_down_again(self) -> None:
        take_down_again(self.connection, ((page.key, match) for page, match in self.removed if match is not None))
        leave_unwiped(self.connection, ((record.file, record.offset) for record in self.unwiped))

    def _read_known(self, wanted: list[Page]) -> dict[PageKey, Known]:
        """Return what the database holds of pages: their ledger rows, and of their articles id and hash, if any."""
        return {
            PageKey(row.site, row.section, row.external_id): row
            for condition in _among(wanted)
            for row in self.connection.execute(_KNOWN.where(condition))
        }

    def _write_ledger(self) -> dict[int, Standing]:
        """Write what the responses by themselves tell of their pages; return it by the ids of these."""
        pages = schema.pages
        rows = self._ledger_rows()
        if not rows:
            return {}
        self.connection.execute(_writing_ledger(self.connection.dialect.name, tuple(rows[0])), rows)
        new = [page for page in self.pages if page.key not in self.known]
        query = select(pages.c.site, pages.c.section, pages.c.external_id, pages.c.id)
        for condition in _among(new):
            self.page_ids |= {PageKey(*row[:3]): row.id for row in self.connection.execute(query.where(condition))}
        return {
            self._page_id(page): (row["outcome"], row["reason"]) for page, row in zip(self.pages, rows, strict=True)
        }

    def _ledger_rows(self) -> list[dict[str, Any]]:
        heads = heads_with(self.connection, self.pages)
        rows = []
        for page in self.pages:
            known, head, own = self.known.get(page.key), heads[page.key[:2]], page.key.number
            # Above the head a person's word holds that an id does not count (`armcrawl sites head`).
            counts = known is None or known.number is not None or (own or 0) <= head
            number = own if counts else None
            if page.outcome is Outcome.FAILED:
                rows.append({**_failure_row(page, known), "number": number})
                continue
            outcome = page.outcome
            if outcome in WITHOUT_ARTICLE and known is not None and known.article_id is not None:
                outcome = Outcome.GONE
            checks = self._checks(page, outcome, known)
            is_hole = outcome in WITHOUT_ARTICLE and own is not None and own < head - NEAR_HEAD
            due = None if is_hole else next_check(outcome, checks, page.fetched_at)
            changed = {"number": number, "outcome": outcome.value, "checks": checks, "next_check_at": due}
            rows.append({**_ledger_row(page), **changed})
        return rows

    def _checks(self, page: Page, outcome: Outcome, known: Known | None) -> int:
        """Return how many looks in a row showed nothing new."""
        if known is not None and known.fetched_at == page.fetched_at:
            return int(known.checks)  # a batch is written again when the database's answer to the commit was lost
        if page.article is not None and page.article.is_cut and (known is None or self._differs(page, known)):
            return 0  # the rest may come in the next night
        if known is None or (known.outcome == Outcome.FAILED and known.article_id is None):
            return checks_missed(page.day, page.fetched_at)
        if known.outcome != outcome:
            return 0
        return checks_after_change(page.day, page.fetched_at) if self._differs(page, known) else known.checks + 1

    @staticmethod
    def _differs(page: Page, known: Known) -> bool:
        return page.article is not None and page.article.content_hash != known.content_hash

    def _write_quarantine(self, pasts: Mapping[int, Past]) -> None:
        write_quarantined(self.connection, list(self._quarantined(pasts)))
        understood = [self._page_id(page) for page in self.pages if page.outcome is Outcome.STORED]
        if understood:
            # An unreadable document is not the page's fault: its row is resolved when another document is written.
            is_of_page = schema.quarantine.c.stage != DOCUMENT
            resolve(self.connection, understood, max(page.fetched_at for page in self.pages), is_of_page)

    def _quarantined(self, pasts: Mapping[int, Past]) -> Iterator[tuple[int, int, Page]]:
        """Yield the pages that could not be understood, and were not at a later response, with their captures' ids."""
        for page in (*self.backdated, *self.pages):
            if page.outcome is not Outcome.QUARANTINED:
                continue
            page_id = self._page_id(page)
            last = _last_quarantined(pasts[page_id])
            if last is not None and last.fetched_at == page.fetched_at:
                yield page_id, last.id, page

    def _write_rates(self) -> None:
        rows = {
            (page.key.site, page.rates.day): {"site": page.key.site, **asdict(page.rates)}
            for page in (*self.backdated, *self.pages)
            if page.rates is not None
        }
        upsert(self.connection, schema.exchange_rates, list(rows.values()), ("site", "day"))


@cache
def _writing_ledger(dialect: str, names: tuple[str, ...]) -> Any:
    """Return the statement that writes rows with these columns into the ledger."""
    insert, pages = insert_of(dialect, schema.pages), schema.pages
    key = ("site", "section", "external_id")
    columns: dict[str, ColumnElement[Any]] = {
        name: insert.excluded[name] for name in names if name not in {*key, "first_seen_at"}
    }
    # A response without a body, as «not modified» or a failure, says nothing of these three.
    for name in ("etag", "last_modified", "digest"):
        has_body = insert.excluded.digest.is_not(None)
        columns[name] = case((has_body, insert.excluded[name]), else_=pages.c[name])
    return insert.on_conflict_do_update(index_elements=key, set_=columns)


def _last_quarantined(past: Past) -> Capture | None:
    """Return the last capture that could not be understood, unless one that came after it was."""
    told = sorted(past.captures, key=lambda one: one.fetched_at, reverse=True)
    last = next((one for one in told if one.parsed.outcome in (Outcome.QUARANTINED, Outcome.STORED)), None)
    return last if last is not None and last.parsed.outcome == Outcome.QUARANTINED else None


def _among(pages: Sequence[Page]) -> Iterator[ColumnElement[bool]]:
    """Yield for each site and section of some pages the condition for their ledger rows."""
    table = schema.pages
    sections: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for page in pages:
        sections[page.key.site, page.key.section].append(page.key.external_id)
    for (site, section), external_ids in sections.items():
        # Written into the statement: with parameters PostgreSQL comes to a plan that reads the whole section.
        ids: BindParameter[str] = bindparam("external_ids", external_ids, expanding=True, literal_execute=True)
        yield (table.c.site == site) & (table.c.section == section) & table.c.external_id.in_(ids)


def _failure_row(page: Page, known: Known | None) -> dict[str, Any]:
    """Return the ledger row after a failure, which says nothing of the page: what we knew of it stays."""
    row = {**_ledger_row(page), "attempts": 1, "last_error": page.reason}
    if known is None:
        return row
    attempts = known.attempts + (known.fetched_at != page.fetched_at)
    if known.outcome != Outcome.FAILED:
        row |= {"outcome": known.outcome, "reason": known.reason}
    due = known.next_check_at
    if due is None and known.outcome != Outcome.FAILED:
        due = page.fetched_at  # the audit looked at it: it does not wait for another year
    due = next_attempt(attempts, due, page.fetched_at)
    return row | {"attempts": attempts, "checks": known.checks, "next_check_at": due}


def _ledger_row(page: Page) -> dict[str, Any]:
    """Return the ledger row that follows from a response by itself, but for its number."""
    own = {name: getattr(page, name) for name in OWN}
    later = {"next_check_at": None, "checks": 0, "attempts": 0, "last_error": None}
    address = stored_address(page.key, page.address)
    shown = {"number": None, "address": address, "outcome": page.outcome.value}
    return page.key._asdict() | shown | own | {"first_seen_at": page.fetched_at} | later
