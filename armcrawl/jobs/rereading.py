"""Reading the archive again with today's parser, in all processor cores, and comparing with what is stored."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from threading import Lock
from typing import TYPE_CHECKING, Any, BinaryIO
from urllib.parse import urlsplit

from armcrawl.archive.reading import captured_at, read_at, with_body
from armcrawl.errors import ArchiveError
from armcrawl.items import Outcome, Pickled
from armcrawl.processes.bounds import GRACE_SECONDS, PATIENCE_SECONDS, time_bound
from armcrawl.processes.pool import Task, local_pool, spread
from armcrawl.reading.response import SiteResponse, unread_page
from armcrawl.refining.pages import page_from
from armcrawl.sites import Origin, known_sites, site_named
from armcrawl.store.articles.documents import DocumentError, fields_of, shows_same
from armcrawl.store.articles.reread_pages import Target, Wanted, original_of, outcome_after, page_ids, stored_pages
from armcrawl.store.articles.unreadable import UnreadableVersion
from armcrawl.store.base.database import open_database
from armcrawl.store.ledger.ledger import origins_of
from armcrawl.store.ledger.sightings import announced
from armcrawl.store.queries.quarantine import body_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from sqlalchemy import Engine

    from armcrawl.archive.reading import Captured
    from armcrawl.archive.storage import Storage
    from armcrawl.items import Announced, Article, Page
    from armcrawl.processes.pool import Pool
    from armcrawl.sites import PageKey, Site
    from armcrawl.store.articles.reread_pages import StoredPage
    from armcrawl.store.queries.quarantine import Case

SUCCESS = 200
# A process works on it for a fifth of a second: long against handing it over, short against the whole.
PAGES_AT_ONCE = 200
# All of these are taken out of the archive, then all are read, then all are compared: a sixth less time than page by
# page, as a processor's caches hold the code of one of the three. More pages gain no more.
PAGES_IN_HAND, BYTES_IN_HAND = 25, 4 << 20
# Open files and the clock are a process's own: one that others run may have several threads.
ONE_AT_A_TIME = Lock()


@dataclass(frozen=True, slots=True)
class FieldChange(Pickled):
    """One field that came out otherwise."""

    field: str
    before: Any
    after: Any

    @property
    def kind(self) -> str:
        """Whether there was nothing before, or is nothing now."""
        if not self.before:
            return "gained"
        return "changed" if self.after else "lost"


@dataclass(frozen=True, slots=True)
class Reread(Pickled):
    """A page that came out otherwise, with what changed."""

    target: Target
    page: Page
    changes: tuple[FieldChange, ...]


@dataclass(slots=True)
class Chunk:
    """What came of some pages: counts, those that came out otherwise, and why some could not be read.

    `unreadable` are those whose stored document cannot be: compared with nothing, all of it is new.
    """

    counts: Counter[str] = field(default_factory=Counter)
    rereads: list[Reread] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    unreadable: list[UnreadableVersion] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Opened:
    """A stored page with its response, and the server that this came from; without them where no archive has it."""

    stored: StoredPage
    response: SiteResponse | None = None
    origin: Origin | None = None

    @property
    def target(self) -> Target:
        return self.stored.target


def reread_all(
    engine: Engine,
    database: str,
    storage: Storage,
    wanted: Wanted,
    pool: Pool | None = None,
    *,
    read: Callable[..., Page] = page_from,
    patience: float = PATIENCE_SECONDS,
) -> Iterator[Chunk]:
    """Read all wanted pages again, in a process for each core without a pool.

    A page that kills its process, or takes longer than `patience` seconds, is read as one that nobody can read.
    """
    calls = ((database, storage, ids) for ids in page_ids(engine, wanted, PAGES_AT_ONCE))
    reading = partial(reread_chunk, read=read, patience=patience + GRACE_SECONDS)
    return spread(Task(reading, each_page, without_page, patience), calls, pool or local_pool())


def each_page(*arguments: Any) -> Iterator[tuple[Any, ...]]:
    """Part a call for some pages, which are its last argument, into calls for one."""
    *others, chunk = arguments
    yield from ((*others, [one]) for one in chunk)


def reread_chunk(
    database: str, storage: Storage, ids: list[int], read: Callable[..., Page] = page_from, patience: float = 0
) -> Chunk:
    """Read some pages again, by their ids in the ledger, and compare them with what is stored.

    A page that takes longer than `patience` seconds, if there is such a bound, kills this process.
    """
    with ONE_AT_A_TIME:
        return _reread(_engine(database), lambda name, at: captured_at(_file(storage, name), at), ids, read, patience)


def without_page(error: Exception, database: str, storage: Storage, ids: list[int]) -> Chunk:
    """Return what comes of a page that no process can read: its bytes go to quarantine."""
    # It knows Scrapy, which no process that reads needs.
    from armcrawl.crawling.downloading.failures import unreadable_because

    reason = unreadable_because(error)
    engine = open_database(database, create=False)
    try:
        result = _reread(engine, partial(read_at, storage), ids, partial(_unread, reason), patience=0)
        result.problems += [f"{one.target.key}: {reason}" for one in stored_pages(engine, ids)]
    finally:
        engine.dispose()
    result.counts["crashing"] += result.counts.pop("read", 0)
    return result


def _unread(reason: str, key: PageKey, response: SiteResponse, *_: object) -> Page:
    return unread_page(key, response, reason)


def _reread(
    engine: Engine, at: Callable[[str, int], Captured], ids: list[int], read: Callable[..., Page], patience: float
) -> Chunk:
    stored = stored_pages(engine, ids)
    said = announced(engine, [one.target.key for one in stored])
    result = Chunk()
    for some in _in_hand(_opened(engine, at, one, result, patience) for one in stored):
        pages = [_read(one, said.get(one.target.key), read, patience) for one in some]
        for one, page in zip(some, pages, strict=True):
            changes = tuple(_changes(one.stored, page, result))
            if page is None:
                continue
            result.counts["read"] += 1
            if changes:
                result.rereads.append(Reread(one.target, page, changes))
    return result


def _opened(
    engine: Engine, at: Callable[[str, int], Captured], stored: StoredPage, result: Chunk, patience: float
) -> _Opened:
    """Return a page with what the archive has of it; that it has nothing is counted."""
    target = stored.target
    if target.archive_file is None:
        result.counts["not archived"] += 1
        return _Opened(stored)
    try:
        with time_bound(patience):
            captured = captured_of(engine, target, at)
            origin = recorded_origin(target.key, captured.url)
            return _Opened(stored, _response(target, captured, origin), origin)
    except ArchiveError as error:
        result.counts["unreadable"] += 1
        result.problems.append(f"{target.key}: {error}")
        return _Opened(stored)


def _in_hand(opened: Iterable[_Opened]) -> Iterator[list[_Opened]]:
    """Yield some pages at a time, of few bytes together."""
    some, size = list[_Opened](), 0
    for one in opened:
        some.append(one)
        size += len(one.response.body) if one.response is not None else 0
        if len(some) == PAGES_IN_HAND or size > BYTES_IN_HAND:
            yield some
            some, size = [], 0
    if some:
        yield some


def _read(one: _Opened, said: Announced | None, read: Callable[..., Page], patience: float) -> Page | None:
    if one.response is None:
        return None
    with time_bound(patience):
        return read(one.target.key, one.response, one.origin, said)


def _changes(one: StoredPage, page: Page | None, result: Chunk) -> Iterator[FieldChange]:
    """Yield what is otherwise than it was stored; a stored document that cannot be read is told also without a page."""
    shown = page.article if page is not None and page.outcome is Outcome.STORED else None
    if page is not None:
        was, now = (one.target.outcome, one.target.reason), outcome_after(one.target, page)
        if was != now:
            yield FieldChange("outcome", _said(*was), _said(*now))
    if shown is not None and one.shows(shown):
        return
    try:
        before = one.article()
    except DocumentError as error:
        before = None
        result.unreadable.append(UnreadableVersion(one.version.article_id, one.version.number, str(error)))
        result.problems.append(f"{one.target.key}: {error}")
    if shown is not None:
        yield from compare(before, shown)


def compare(before: Article | None, article: Article) -> Iterator[FieldChange]:
    """Yield the fields of an article that are otherwise than they were stored; `before` is None if nothing was."""
    if before is not None and shows_same(before, article):
        return
    fields = fields_of(before) if before is not None else {}
    for name, value in fields_of(article).items():
        old = fields.get(name)
        if (old or value) and old != value:
            yield FieldChange(name, old, value)


def _said(outcome: str, reason: str | None) -> str:
    return f"{outcome} ({reason})" if reason else str(outcome)


def _response(target: Target, captured: Captured, origin: Origin) -> SiteResponse:
    """Return the response of a record; when it came in tells the ledger, whose moments may have been repaired."""
    response = captured.response(origin.to_site(captured.url))
    if target.fetched_at in {None, response.fetched_at}:
        return response
    return replace(response, fetched_at=target.fetched_at)


def captured_of(engine: Engine, target: Target, at: Callable[[str, int], Captured]) -> Captured:
    """Return a page's record with its body, which is an earlier record's for a revisit; `at` reads one at its place.

    Raises ArchiveError if the archive does not hold it.
    """
    captured = at(target.archive_file or "", target.archive_offset or 0)
    if captured.original is None:
        return captured
    place = original_of(engine, target.page_id, captured.refers_to, captured.original.digest)
    if place is None:
        raise ArchiveError(f"it is unchanged since {captured.refers_to}, which the archive does not hold")
    return with_body(at(*place), captured)


def recorded_origin(key: PageKey, url: str) -> Origin:
    """Return the server that an archived page came from: the site, or one that stood in for it.

    Raises ArchiveError where the record names an address that is none.
    """
    site = known_sites().get(key.site)
    if site is None:
        raise ArchiveError(f"The site of {key} is not declared here.")
    if site.is_any:
        return Origin.of(site, None)
    path = urlsplit(site.address(key) or url).path
    try:
        parts = urlsplit(url)
        base = parts.path.rstrip("/").removesuffix(path) if parts.path.rstrip("/").endswith(path) else ""
        return _origin(site, f"{parts.scheme}://{parts.netloc}{base}")
    except ValueError as error:
        raise ArchiveError(f"The record of {key} names no address that it could come from: {error}.") from error


@lru_cache(maxsize=64)  # as many servers as one archive has pages from
def _origin(site: Site, base_url: str) -> Origin:
    return Origin.of(site, base_url)


def raw_response(engine: Engine, storage: Storage, case: Case) -> tuple[SiteResponse, Origin]:
    """Return what the site answered, and the server that it was asked through; raises ArchiveError if it is lost.

    The archive comes first: it knows the headers and the address in the end, the database only the body.
    """
    problem = "neither the archive nor the database holds its bytes"
    if case.target.archive_file is not None:
        try:
            captured = captured_of(engine, case.target, partial(read_at, storage))
        except ArchiveError as error:
            problem = str(error)
        else:
            origin = recorded_origin(case.key, captured.url)
            return _response(case.target, captured, origin), origin
    body = body_of(engine, case.row_id)
    if not body:
        raise ArchiveError(problem)
    response = SiteResponse(
        address=case.target.address,
        status=case.http_status or SUCCESS,
        fetched_at=case.target.fetched_at or case.created_at,
        body=body,
        content_type=case.content_type,
        content_encoding=case.content_encoding,
    )
    return response, _usual_origin(engine, case.key)


def _usual_origin(engine: Engine, key: PageKey) -> Origin:
    """Return the server that a database was filled from; the site where there were several, or none is known."""
    site = site_named(key.site)
    known = origins_of(engine, key.site)
    servers = [name for name in known if "://" in name]
    return Origin.of(site, servers[0] if len(known) == len(servers) == 1 else None)


@lru_cache(maxsize=1)
def _engine(database: str) -> Engine:
    """Return the process's own engine."""
    return open_database(database, create=False)


# A run that was stopped often leaves many files; pages of one time are in few of them.
@lru_cache(maxsize=16)
def _file(storage: Storage, name: str) -> BinaryIO:
    try:
        return storage.open(name)
    except FileNotFoundError as error:
        raise ArchiveError(f"{error}.") from error
